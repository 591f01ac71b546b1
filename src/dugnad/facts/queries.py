"""Reads of facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dugnad.catalogue.types import Fact, FactBook
from dugnad.facts import gathering
from dugnad.facts.types import CollectionView, ShownFact
from dugnad.shared.postgres import select


@dataclass(frozen=True, slots=True)
class _Row:
    """A collection as it is stored."""

    id: UUID
    person_id: UUID
    fetched_at: datetime
    facts: Mapping[str, Any]
    unavailable: Mapping[str, str]


def collection(collection_id: UUID) -> CollectionView:
    """Return what was gathered for one application. Raises LookupError."""
    for row in select(_Row, "facts_collection WHERE id = %s", [collection_id]):
        return CollectionView(
            id=row.id,
            person_id=row.person_id,
            fetched_at=row.fetched_at,
            values=row.facts["values"],
            valid_from=row.facts["valid_from"],
            unavailable=row.unavailable,
            persons={number: UUID(one) for number, one in row.facts["persons"].items()},
        )
    raise LookupError(str(collection_id))


def would_change(book: FactBook, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether new answers may change whom the facts are about, so that the registers must be asked again."""
    return gathering.would_change(book, before=before, after=after)


def shown(found: CollectionView, names: Sequence[Fact]) -> list[ShownFact]:
    """Return the facts a page shows, each with its source; of a list, one line for each person."""
    lines: list[ShownFact] = []
    for fact in names:
        if not fact.shown:
            continue
        if fact.of_list is None:
            lines.append(_line(fact, found, found.values.get(fact.name), "", fact.name))
            continue
        people: Any = found.values.get(fact.of_list) or []
        lines.extend(
            _line(
                fact,
                found,
                one.get(fact.attribute),
                _name(one),
                f"{fact.of_list}.{index}.{fact.attribute}",
                found.persons.get(one.get("person")),
            )
            for index, one in enumerate(people)
        )
    return lines


def _name(person: Mapping[str, Any]) -> str:
    return str(person.get("fornavn") or person.get("navn") or "")


def _line(
    fact: Fact, found: CollectionView, value: object, owner: str, path: str, person_id: UUID | None = None
) -> ShownFact:
    state = "known" if value is not None else "unavailable" if fact.source in found.unavailable else "unknown"
    return ShownFact(
        name=fact.name,
        attribute=fact.attribute or fact.name,
        owner=owner,
        value=value,
        unit=fact.unit,
        source=fact.source,
        law=fact.law,
        fetched_at=found.fetched_at,
        valid_from=found.valid_from.get(path, ""),
        disputable=fact.dispute,
        state=state,
        label=fact.label,
        path=path,
        person_id=person_id,
    )
