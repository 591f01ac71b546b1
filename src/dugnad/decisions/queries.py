"""Reads of decisions."""

from dataclasses import replace
from typing import cast
from uuid import UUID

import orjson

from dugnad.decisions.types import DecisionView
from dugnad.shared.postgres import Soon, columns, select


def decision(decision_id: UUID) -> DecisionView:
    """Return one decision in sight. Raises LookupError."""
    for row in select(DecisionView, "decisions_decision WHERE id = %s", [decision_id]):
        return _read(row)
    raise LookupError(str(decision_id))


def of_case(case_id: UUID) -> list[DecisionView]:
    """Return a case's decisions, newest first."""
    return of_case_soon(case_id).now()


def of_case_soon(case_id: UUID) -> Soon[list[DecisionView]]:
    """Ask for a case's decisions with the next question."""
    sql = f"SELECT {columns(DecisionView)} FROM decisions_decision WHERE case_id = %s ORDER BY number DESC"  # noqa: S608 - constants
    return Soon(sql, [case_id], lambda found: [_read(DecisionView(*row)) for row in found])


def _read(row: DecisionView) -> DecisionView:
    """Read the canonical JSON, which is stored as the bytes the digest is of."""
    facts, outcome = (orjson.loads(cast("bytes", part)) for part in (row.facts, row.outcome))
    return replace(row, facts=facts, outcome=outcome)
