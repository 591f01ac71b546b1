"""What a case worker may set right: a fact the rules ask about, one that may be disputed, or a calculated step.

A correction is named by its path: the fact or step (`husholdningens inntekt`), or list, index and attribute of one person
(`husholdning.1.personinntekt`). The register's own value is never overwritten: a correction lies beside it.

What an applicant says is wrong is named the same way where it is stored with a decision. In the application itself, whose facts
may be fetched anew, our id of the person stands in place of the index (`barn.018f….avtalt tid`): never the identity number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from dugnad.catalogue.types import LANGUAGES, Adopted, Fact, FactBook, Outcome
from dugnad.facts.types import CollectionView
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.rules.deciding import DISPUTED
from dugnad.rulebook.rules.facts import canonical, from_data
from dugnad.rulebook.rules.words import built_in

KINDS = frozenset({"number", "date", "boolean", "text"})
MOST = Decimal(10) ** 12
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Correctable:
    """Something that may be corrected. `value` is what registers or rules say; None where nobody knows.

    `owner` is the person's name for an attribute of a list, else empty; `label` by language, or None.
    """

    path: str
    name: str
    kind: str
    unit: str
    law: str
    label: Mapping[str, str] | None
    owner: str
    is_step: bool
    is_concerned: bool
    value: Value


def dispute_key(fact: Fact, person_id: UUID | None) -> str:
    """Return what a dispute of a fact is called in the application; `person_id`: whose it is, in a list."""
    return f"{fact.of_list}.{person_id}.{fact.attribute}" if fact.of_list and person_id else fact.name


def disputed_paths(disputes: Iterable[str], found: CollectionView) -> tuple[str, ...]:
    """Return disputes of an application as paths into its facts; of one who is no longer there, the fact's name."""
    return tuple(sorted({_path(key, found) for key in disputes}))


def disputed_facts(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the facts that paths lead to."""
    return tuple(sorted({_parts(path)[0] for path in paths}))


def dispute_owner(path: str, facts: Mapping[str, Any]) -> str:
    """Return the name of the person a path is about, empty where it is about no single one."""
    name, index = _parts(path)
    people = facts.get(name.partition(".")[0]) if index is not None else None
    person = (
        people[index] if isinstance(people, Sequence) and index is not None and index < len(people) else {}
    )
    return str(person.get("fornavn") or person.get("navn") or "")


def told_apart(adopted: Adopted, outcome: Outcome, paths: Sequence[str], facts: Mapping[str, Any]) -> Outcome:
    """Let the control point for disputes say whose fact is disputed, where one person's is."""
    if all(_parts(path)[1] is None for path in paths):
        return outcome
    names = {
        language: ", ".join(_called(adopted, path, facts, language) for path in paths)
        for language in LANGUAGES
    }
    stops = tuple(
        replace(stop, why=built_in(DISPUTED, names), concerns=tuple(paths)) if stop.name == DISPUTED else stop
        for stop in outcome.stops
    )
    return replace(outcome, stops=stops)


def _called(adopted: Adopted, path: str, facts: Mapping[str, Any], language: str) -> str:
    name, owner = _parts(path)[0], dispute_owner(path, facts)
    fact = adopted.service.book.facts.get(name)
    label = (fact.label or {}).get(language, name) if fact else name
    return f"{label} ({owner})" if owner else label


def _path(key: str, found: CollectionView) -> str:
    owner, _, rest = key.partition(".")
    person, _, attribute = rest.partition(".")
    if not attribute:
        return key
    people = found.values.get(owner)
    for index, one in enumerate(people if isinstance(people, Sequence) else ()):
        if str(found.persons.get(one.get("person"), "")) == person:
            return f"{owner}.{index}.{attribute}"
    return f"{owner}.{attribute}"


def _parts(path: str) -> tuple[str, int | None]:
    """Return the name of the fact a path leads to, and the person's place in its list."""
    owner, _, rest = path.partition(".")
    index, _, attribute = rest.partition(".")
    return (f"{owner}.{attribute}", int(index)) if attribute and index.isdecimal() else (path, None)


def correctables(adopted: Adopted, facts: Mapping[str, Any], outcome: Outcome) -> tuple[Correctable, ...]:
    """Return what may be corrected, what the control points ask about first. `outcome` is that without corrections."""
    asked = {name for stop in outcome.stops for name in stop.concerns} | set(outcome.unknown)
    asked |= {
        name
        for name in (*adopted.ruleset.source.steps, *adopted.service.book.facts)
        if any(f"«{name}»" in stop.todo for stop in outcome.stops)
    }
    known = from_data(adopted.service.book, facts)
    found = [*_steps(adopted, outcome, asked), *_facts(adopted.service.book, known, asked)]
    return tuple(sorted(found, key=lambda one: (not one.is_concerned, not one.is_step)))


def read_correction(one: Correctable, typed: str) -> tuple[Any, str]:
    """Return the JSON value of what was typed and "", or None and the code of what is wrong.

    Codes: number, range, date, choose, long.
    """
    text = typed.strip()
    if one.kind == "number":
        return _number(text)
    if one.kind == "boolean":
        return {"ja": (True, ""), "nei": (False, "")}.get(text, (None, "choose"))
    if one.kind == "date":
        try:
            return date.fromisoformat(text).isoformat(), ""
        except ValueError:
            return None, "date"
    return (text, "") if len(text) <= _LONGEST else (None, "long")


def corrected_facts(
    adopted: Adopted, facts: Mapping[str, Any], corrected: Mapping[str, Any]
) -> dict[str, Value]:
    """Return what the rules read: the facts with the corrections laid over them.

    Raises ValueError where a value does not fit, LookupError where a path leads nowhere.
    """
    book, steps = adopted.service.book, adopted.ruleset.source.steps
    merged: dict[str, Any] = dict(facts)
    for path, value in corrected.items():
        owner, _, rest = path.partition(".")
        index, _, attribute = rest.partition(".")
        if index.isdigit() and owner in book.facts:
            people = [dict(person) for person in merged.get(owner) or ()]
            people[int(index)][attribute] = value
            merged[owner] = people
        else:
            merged[path] = value
    read = from_data(book, merged)
    for name in corrected:
        if name in steps and isinstance(read.get(name), str):
            read[name] = _amount(str(read[name]))
    return read


def _steps(adopted: Adopted, outcome: Outcome, asked: set[str]) -> Iterator[Correctable]:
    for op in adopted.ruleset.operations("common"):
        step = op.step
        if not step.unit or not step.title:
            continue
        read_unknown = isinstance(outcome.values.get(step.name), Unknown)
        yield Correctable(
            path=step.name,
            name=step.name,
            kind="number",
            unit=step.unit,
            law=step.law,
            label=step.title,
            owner="",
            is_step=True,
            is_concerned=step.name in asked or read_unknown,
            value=_plain(outcome.values.get(step.name)),
        )


def _facts(book: FactBook, known: Mapping[str, Value], asked: set[str]) -> Iterator[Correctable]:
    for fact in book.facts.values():
        wanted = fact.dispute or fact.name in asked or fact.source == "case worker"
        if not wanted or fact.kind not in KINDS or not fact.shown:
            continue
        if fact.of_list is None:
            yield _of_fact(fact, fact.name, "", known.get(fact.name), asked)
            continue
        people = known.get(fact.of_list)
        for index, person in enumerate(people if isinstance(people, list) else ()):
            owner = str(person.get("fornavn") or person.get("navn") or "")
            value = person.get(fact.attribute)
            given = fact.if_not_found if value is None else value
            yield _of_fact(fact, f"{fact.of_list}.{index}.{fact.attribute}", owner, given, asked)


def _of_fact(fact: Fact, path: str, owner: str, value: Value, asked: set[str]) -> Correctable:
    return Correctable(
        path=path,
        name=fact.name,
        kind=fact.kind,
        unit=fact.unit,
        law=fact.law,
        label=fact.label,
        owner=owner,
        is_step=False,
        is_concerned=fact.name in asked or path in asked,
        value=_plain(value),
    )


def _plain(value: Value) -> Value:
    return None if isinstance(value, Unknown) else value


def _number(text: str) -> tuple[Any, str]:
    for separator in ("\xa0", "\u202f", " "):
        text = text.replace(separator, "")
    try:
        value = _amount(text.removesuffix("kr").replace(",", "."))
    except ValueError:
        return None, "number"
    return (canonical(value), "") if 0 <= value < MOST else (None, "range")


def _amount(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("no number") from None
    if not value.is_finite():
        raise ValueError("no number")
    return value
