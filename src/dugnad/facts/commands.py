"""Gather facts and keep them, with a line in the log for everyone looked up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.catalogue.types import FactBook, Ruleset
from dugnad.facts import gathering
from dugnad.facts.models import Collection
from dugnad.facts.types import Gathered
from dugnad.identity import commands as identity
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo
from dugnad.shared.postgres import insert


def gather(*, rules: Ruleset, applicant: str, known: Mapping[str, Any], at: datetime) -> Gathered:
    """Ask the registers, outside any transaction: it may take as long as their time-outs."""
    return gathering.gather(rules, applicant=applicant, known=known, on=oslo(at))


def keep(
    *,
    gathered: Gathered,
    book: FactBook,
    person_id: UUID,
    organisation_id: UUID,
    service: str,
    by: Actor,
    at: datetime,
) -> UUID:
    """Keep what was gathered, in the caller's transaction; returns the collection's id."""
    numbers = {number: gathered.names.get(number, "") for number in gathered.looked_up}
    persons = identity.know_persons(numbers, at=at) if numbers else {}
    row = Collection(
        id=ids.new(at),
        person_id=person_id,
        organisation_id=organisation_id,
        service=service,
        fetched_at=at,
        facts={
            "values": gathered.values,
            "valid_from": gathered.valid_from,
            "persons": {number: str(persons[number]) for number in persons},
        },
        unavailable=dict(gathered.unavailable),
    )
    insert(row)
    looks = [
        Record(
            action="facts.fetched",
            purpose=book.law,
            person_id=persons[number],
            organisation_id=organisation_id,
            service=service,
            is_look=True,
            detail={"registers": ", ".join(registers)},
        )
        for number, registers in gathered.looked_up.items()
    ]
    audit.record(*looks, by=by, at=at)
    return row.id
