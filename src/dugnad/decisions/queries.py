"""Reads of decisions."""

from uuid import UUID

import orjson

from dugnad.decisions.models import Decision
from dugnad.decisions.types import DecisionView


def decision(decision_id: UUID) -> DecisionView:
    """Return one decision in sight. Raises LookupError."""
    row = Decision.objects.filter(id=decision_id).first()
    if row is None:
        raise LookupError(str(decision_id))
    return _view(row)


def of_case(case_id: UUID) -> list[DecisionView]:
    """Return a case's decisions, newest first."""
    return [_view(row) for row in Decision.objects.filter(case_id=case_id).order_by("-number")]


def _view(row: Decision) -> DecisionView:
    return DecisionView(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        service=row.service,
        edition=row.edition,
        engine=row.engine,
        date=row.date,
        facts=orjson.loads(bytes(row.facts)),
        outcome=orjson.loads(bytes(row.outcome)),
        digest=row.digest,
        summary=row.summary,
        automatic=row.automatic,
        decided_by=row.decided_by,
        approved_by=row.approved_by,
        reasons=row.reasons,
        decided_at=row.decided_at,
    )
