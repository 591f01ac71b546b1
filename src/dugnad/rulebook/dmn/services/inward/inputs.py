"""Input data as facts from the applicant, and the questions that ask for them: a type taken apart into simple ones."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from dugnad.rulebook.dmn.model import Definitions, InputData, ItemDefinition, Part

KINDS: Mapping[str, str] = {"string": "text", "number": "number", "boolean": "boolean", "date": "date"}
_CHOICES = re.compile(r'\s*"[^"]*"\s*(,\s*"[^"]*"\s*)*')
_RANGE = re.compile(r"\[\s*(-?[0-9.]+?)\s*\.\.\s*(-?[0-9.]+?)\s*\]")
_LIMIT = re.compile(r"(>=|<=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_DEEPEST = 8


def texts(text: str) -> dict[str, str]:
    """Return one text for all three languages: a person must translate it."""
    return dict.fromkeys(("nb", "nn", "en"), text)


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple part of a type: its name with dots, kind and constraint; `entries` for a list of structures."""

    name: str
    kind: str
    constraint: str = ""
    entries: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Inputs:
    """Gathers the facts and questions of a model; `note` says what could not be carried."""

    model: Definitions
    law: str
    note: Callable[[Part, str, str], None]
    facts: dict[str, dict[str, object]] = field(default_factory=dict)
    asks: list[dict[str, object]] = field(default_factory=list)

    def take(self, one: InputData) -> None:
        """Take one input data."""
        for simple in self._flat(one, one.name, one.variable.type_ref if one.variable else None, 0):
            kind = {"list of": "person"} if simple.entries else {"type": simple.kind}
            entries = {"entries": dict(simple.entries)} if simple.entries else {}
            self.facts[simple.name] = {
                **kind,
                "from": "applicant",
                **entries,
                "law": self.law,
                "kept": "5 years",
            }
            if simple.kind != "list":
                self.asks.append(self._question(one, simple))

    def _question(self, one: InputData, simple: Simple) -> dict[str, object]:
        ask: dict[str, object] = {"fact": simple.name, "label": texts(simple.name)}
        bounds = _bounds(simple.constraint) if simple.kind == "number" else {}
        if _CHOICES.fullmatch(simple.constraint):
            choices = [part.strip().strip('"') for part in simple.constraint.split(",")]
            if len(choices) > 1:
                ask["choices"] = [{"value": choice, "label": texts(choice)} for choice in choices]
                self.facts[simple.name]["one of"] = choices
        elif bounds:
            ask |= {**bounds, "message": texts(simple.constraint)}
        elif simple.constraint:
            what = f"the constraint {simple.constraint} of '{simple.name}' is not carried"
            self.note(one, what, "Write it as at least and at most.")
        return ask

    def _type(self, name: str | None) -> ItemDefinition | None:
        return next((one for one in self.model.item_definitions if one.name == name), None)

    def _flat(self, part: Part, name: str, type_ref: str | None, depth: int) -> Iterator[Simple]:
        plain = (type_ref or "").removeprefix("feel:")
        found = self._type(type_ref)
        if found is None and plain in KINDS:
            yield Simple(name, KINDS[plain])
        elif found is None or depth > _DEEPEST:
            said = f"the type {type_ref}" if type_ref else "a value without a type"
            what = f"'{name}' is {said}, which no fact can be; it stands as text"
            self.note(part, what, "Write it as text, number, boolean, date or a list.")
            yield Simple(name, "text")
        else:
            yield from self._of_type(found, name, depth)

    def _of_type(self, found: ItemDefinition, name: str, depth: int) -> Iterator[Simple]:
        if found.is_collection:
            yield self._list(found, name)
        elif found.components:
            for part in found.components:
                whole = part.is_collection or part.components or part.allowed_values
                below = f"{name}.{part.name}"
                if whole:
                    yield from self._of_type(part, below, depth + 1)
                else:
                    yield from self._flat(part, below, part.type_ref, depth + 1)
        else:
            limits = found.allowed_values or found.type_constraint
            for simple in self._flat(found, name, found.type_ref, depth + 1):
                own = " ".join(limits.text.split()) if limits else simple.constraint
                yield Simple(simple.name, simple.kind, own, simple.entries)

    def _list(self, found: ItemDefinition, name: str) -> Simple:
        """Return a list of texts, or of structures as a list of persons with entries."""
        inner = self._type(found.type_ref)
        parts = found.components or (inner.components if inner else ())
        entries: dict[str, str] = {}
        plain = (found.type_ref or "").removeprefix("feel:")
        if not parts and plain != "string":
            what = f"'{name}' is a list of {plain or 'values without a type'}; it stands as a list of texts"
            self.note(found, what, "Make it a list of persons or things, with the value as an entry.")
        for part in parts:
            plain = (part.type_ref or "").removeprefix("feel:")
            if plain not in KINDS or part.is_collection or part.components:
                what = f"'{name}.{part.name}' is more than one value; it stands as text"
                self.note(part, what, "Make it a list or a fact of its own.")
            entries[part.name] = KINDS.get(plain, "text")
        return Simple(name, "list", entries=entries)


def _bounds(constraint: str) -> dict[str, object]:
    found = _RANGE.fullmatch(constraint)
    if found is not None:
        return {"at least": _number(found.group(1)), "at most": _number(found.group(2))}
    limit = _LIMIT.fullmatch(constraint)
    if limit is None:
        return {}
    return {"at least" if limit.group(1) == ">=" else "at most": _number(limit.group(2))}


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
