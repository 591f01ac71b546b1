"""What `facts.yaml` says: each fact's name, type, unit and source; and facts as JSON and back.

A name with a list before the dot (`barn.avtalt tid`) is an attribute of that list's persons. Facts travel as
`{name: value}`; a list of persons is a list of `{attribute: value}` without the list's name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from decimal import Decimal
from functools import cached_property

from dugnad.rulebook.feel.values import Unknown, Value, to_value, unknown
from dugnad.rulebook.located import Node, Place, Scalar, texts_by_language

_CANONICAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(?:\s+(.+))?")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `kind` is text, number, boolean, date, list (of texts) or persons.

    `of_list` is the list it is an attribute of, `attribute` its name there (elsewhere the name itself).
    `in_entry`: it stands in the list the register gives, and is not looked up by person. `includes` names the
    fact whose person comes first in the list, `included_as` what stands in that person's entry. `one_of` are all
    the values it can have, where they are listed.
    """

    name: str
    kind: str
    place: Place
    source: str
    field: str
    of_list: str | None = None
    attribute: str = ""
    unit: str = ""
    law: str = ""
    kept: str = ""
    dispute: bool = False
    shown: bool = True
    of: str | None = None
    includes: str | None = None
    included_as: Mapping[str, Value] = made_by(default_factory=dict)
    only_when: str | None = None
    only_when_place: Place | None = None
    if_not_found: Scalar = None
    in_entry: bool = False
    label: Mapping[str, str] | None = None
    one_of: tuple[Scalar, ...] = ()

    @property
    def absent(self) -> Value:
        """What stands where nobody gave a value: `if not found`, or unknown."""
        return unknown(self.name) if self.if_not_found is None else self.if_not_found


@dataclass(frozen=True)
class FactBook:
    """All facts of a service by name, in the order of the file."""

    facts: Mapping[str, Fact]
    law: str

    def attributes(self, list_name: str) -> tuple[Fact, ...]:
        """Return the attributes of a list of persons, `person` first."""
        return tuple(fact for fact in self.facts.values() if fact.of_list == list_name)

    def complete(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Return every fact: as given, or `if not found`, or unknown; None counts as not given."""
        whole = dict(self.absent)
        for name, value in given.items():
            if value is not None and name in whole:
                absent = self.absent_attributes.get(name)
                whole[name] = value if absent is None else self._persons(name, value, absent, given)
        return whole

    def _persons(
        self, name: str, items: list[Value], absent: Mapping[str, Value], given: Mapping[str, Value]
    ) -> list[Value]:
        fact = self.facts[name]
        own = given.get(fact.includes) if fact.includes is not None else None
        theirs = {**absent, **fact.included_as}
        return [_person(item, theirs if own and item.get("person") == own else absent) for item in items]

    @cached_property
    def absent(self) -> Mapping[str, Value]:
        """What every fact is while nobody has given it."""
        return {name: fact.absent for name, fact in self.facts.items() if fact.of_list is None}

    @cached_property
    def absent_attributes(self) -> Mapping[str, Mapping[str, Value]]:
        """What every attribute of a list's persons is while nobody has given it, by list."""
        lists = [name for name, fact in self.facts.items() if fact.kind == "persons"]
        return {name: {fact.attribute: fact.absent for fact in self.attributes(name)} for name in lists}


def _person(item: Mapping[str, Value], absent: Mapping[str, Value]) -> dict[str, Value]:
    whole = {**absent, **item}
    for name, value in item.items():
        if value is None:
            whole[name] = absent.get(name)
    return whole


def read_facts(node: Node) -> FactBook:
    """Read `facts.yaml`. Its form is checked by the schema."""
    section = node.get("facts")
    facts: dict[str, Fact] = {}
    for name, child in section.items() if section else ():
        place = section.keys[name] if section else child.place
        owner = _owner(name, facts)
        facts[name] = _fact(name, child, place, owner)
        if facts[name].kind == "persons":
            entries = child.get("entries")
            person = Fact(f"{name}.person", "text", place, facts[name].source, "person", name, "person")
            facts[person.name] = _entry(person, facts[name])
            for attribute, kind in _entries(entries):
                entry = Fact(
                    f"{name}.{attribute}", str(kind.value), kind.place, "", attribute, name, attribute
                )
                facts[entry.name] = _entry(entry, facts[name])
    return FactBook(facts, node.text("law") or "")


def _owner(name: str, facts: Mapping[str, Fact]) -> str | None:
    head, dot, _ = name.partition(".")
    return head if dot and head in facts and facts[head].kind == "persons" else None


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    return node.items() if node is not None else iter(())


def _entry(fact: Fact, owner: Fact) -> Fact:
    return Fact(
        fact.name,
        fact.kind,
        fact.place,
        owner.source,
        fact.field,
        fact.of_list,
        fact.attribute,
        law=owner.law,
        kept=owner.kept,
        in_entry=True,
    )


def _fact(name: str, node: Node, place: Place, owner: str | None) -> Fact:
    attribute = name if owner is None else name[len(owner) + 1 :]
    only_when, missing = node.get("only when"), node.get("if not found")
    label = node.get("label")
    return Fact(
        name=name,
        kind="persons" if node.get("list of") else node.text("type") or "text",
        place=place,
        source=node.text("from") or "",
        field=node.text("field") or attribute,
        of_list=owner,
        attribute=attribute,
        unit=node.text("unit") or "",
        law=node.text("law") or "",
        kept=node.text("kept") or "",
        dispute=node.text("dispute") == "allowed",
        shown=node.text("show") != "never",
        of=node.text("of"),
        includes=node.text("includes"),
        included_as={key: child.plain() for key, child in _entries(node.get("included as"))},
        only_when=node.text("only when"),
        only_when_place=only_when.place if only_when else None,
        if_not_found=missing.value if missing and not isinstance(missing.value, list | dict) else None,
        label=texts_by_language(label) if label else None,
        one_of=tuple(_listed(node.get("one of"))),
    )


def _listed(node: Node | None) -> Iterator[Scalar]:
    for child in node.elements() if node is not None else ():
        if not isinstance(child.value, list | dict):
            yield child.value


def to_data(value: Value) -> object:  # noqa: PLR0911 - one line for each kind of value
    """Return a value as JSON can hold it, the same for equal values: decimals and dates as canonical text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Unknown):
        return {"unknown": sorted(value.names)}
    if isinstance(value, Mapping):
        return {str(key): to_data(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [to_data(child) for child in value]
    return str(value)


def canonical(number: Decimal) -> str:
    """Return the shortest plain notation: 1480, 0.06, never 1.48E+3 or 2000.00."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def from_data(book: FactBook, data: Mapping[str, object]) -> dict[str, Value]:
    """Read facts back from JSON (or from an example): text becomes number or date as the fact's type says.

    Unknown facts are left out. A number may carry the unit of its fact (`45 timer/uke`). Raises ValueError,
    naming the fact but not its value, where a value does not fit its type.
    """
    return {name: value for name, raw in data.items() if (value := _read(book, name, raw)) is not None}


def _read(book: FactBook, name: str, raw: object) -> Value:
    if raw is None or (isinstance(raw, Mapping) and set(raw) == {"unknown"}):
        return None
    fact = book.facts.get(name)
    if fact is not None and fact.kind == "persons" and isinstance(raw, list | tuple):
        return [
            {
                key: value
                for key, child in item.items()
                if (value := _read(book, f"{name}.{key}", child)) is not None
            }
            for item in raw
        ]
    if fact is None:
        return _guessed(raw)
    if fact.kind not in ("number", "date"):
        return to_value(raw)
    return _number(fact, raw) if fact.kind == "number" else _day(fact, raw)


def _guessed(raw: object) -> Value:
    """Read a value no fact declares, such as a step a person has set: as `to_data` writes it."""
    if isinstance(raw, str):
        if _CANONICAL.fullmatch(raw):
            return Decimal(raw)
        if _DAY.fullmatch(raw):
            return date.fromisoformat(raw)
    return to_value(raw)


def _number(fact: Fact, raw: object) -> Decimal:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        return Decimal(raw)
    match = _PLAIN.fullmatch(str(raw).strip())
    if match is None or match.group(2) not in (None, fact.unit):
        message = f"'{fact.name}' must be a number" + (f" in {fact.unit}" if fact.unit else "")
        raise ValueError(message)
    return Decimal(match.group(1))


def _day(fact: Fact, raw: object) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        message = f"'{fact.name}' must be a date like 2026-08-01"
        raise ValueError(message) from None
