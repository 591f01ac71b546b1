"""Write decisions down, once."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.decisions.models import Decision
from dugnad.decisions.types import NewDecision
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.postgres import insert

ENGINE = "dugnad-rulebook 1"


def canonical(value: object) -> bytes:
    """Return JSON with sorted keys and no spaces: the same value gives the same bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(*, edition: str, engine: str, on: date, facts: bytes, outcome: bytes) -> str:
    """Return the sha256 that names what was decided, by what, from what."""
    sha = hashlib.sha256()
    for part in (edition.encode(), engine.encode(), on.isoformat().encode(), facts, outcome):
        sha.update(len(part).to_bytes(8, "big"))
        sha.update(part)
    return sha.hexdigest()


def record(*, decision: NewDecision, by: Actor, at: datetime) -> tuple[UUID, str]:
    """Write a decision; returns its id and digest. The caller holds the case's row, so numbers do not collide."""
    facts, outcome = canonical(decision.facts), canonical(decision.outcome)
    named = digest(edition=decision.edition, engine=ENGINE, on=decision.date, facts=facts, outcome=outcome)
    number = decision.number or Decision.objects.filter(case_id=decision.case_id).count() + 1
    row = Decision(
        id=ids.new(at),
        case_id=decision.case_id,
        number=number,
        person_id=decision.person_id,
        organisation_id=decision.organisation_id,
        service=decision.service,
        edition=decision.edition,
        engine=ENGINE,
        date=decision.date,
        facts=facts,
        outcome=outcome,
        digest=named,
        summary=_plain(decision.summary),
        automatic=decision.automatic,
        decided_by=decision.decided_by,
        approved_by=decision.approved_by,
        reasons=decision.reasons,
        decided_at=at,
    )
    insert(row)
    audit.record(
        Record(
            action="decision.made",
            purpose="Vedtak",
            person_id=decision.person_id,
            organisation_id=decision.organisation_id,
            service=decision.service,
            case_id=decision.case_id,
            detail={"decision": str(row.id), "digest": named},
        ),
        by=by,
        at=at,
    )
    return row.id, named


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    return dict(orjson.loads(canonical(value)))
