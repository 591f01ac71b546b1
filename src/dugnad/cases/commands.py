"""Changes of cases. Each locks the case's row, follows the state machine, and tells events and audit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.cases.models import Case, InformationRequest, Note
from dugnad.cases.queries import view
from dugnad.cases.states import CLOSED, ON_DESK, Act, Status, after
from dugnad.cases.types import AlreadyAppealedError, CaseGoneError, CaseView, FourEyesError, NewCase
from dugnad.events import commands as events
from dugnad.events.types import Happening
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo
from dugnad.shared.collation import sort_key
from dugnad.shared.postgres import held, insert, rows


def open_case(*, new: NewCase, act: Act, by: Actor, at: datetime) -> CaseView:
    """Open a case that goes straight on by `act` (decided, stopped or postponed in the same moment)."""
    if new.parent_id is not None:
        _refuse_second_appeal(new)
    status = after(Status.RECEIVED, act)
    row = Case(
        id=new.id,
        number=_number(at),
        kind=new.kind,
        parent_id=new.parent_id,
        application_id=new.application_id,
        decision_id=new.decision_id,
        person_id=new.person_id,
        person_name=new.person_name,
        name_key=sort_key(new.person_name),
        organisation_id=new.organisation_id,
        service=new.service,
        edition=new.edition,
        status=status,
        on_desk=status in ON_DESK,
        stops=[dict(stop) for stop in new.stops],
        grounds=new.grounds,
        is_late=new.is_late,
        opened_at=at,
        changed_at=at,
        due=new.due,
        closed_at=at if status in CLOSED else None,
    )
    insert(row)
    _tell(row, Happening("case.opened", {"kind": new.kind}), Happening(f"case.{_past(act)}"), at=at)
    _log(row, "case.opened", "Saksbehandling", by, at)
    return view(row)


def decide(*, case_id: UUID, decision_id: UUID, by: Actor, at: datetime) -> CaseView:
    """Close a waiting case with an automatic decision."""
    return _advance(case_id, Act.DECIDE, by=by, at=at, decision_id=decision_id, stops=[])


def stop(*, case_id: UUID, stops: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> CaseView:
    """Hand a waiting case to a person, with the control points that stopped it."""
    return _advance(case_id, Act.STOP, by=by, at=at, stops=[dict(one) for one in stops])


def ask(*, case_id: UUID, text: str, due: date, asked_name: str, by: Actor, at: datetime) -> UUID:
    """Ask the resident for something; returns the request's id."""
    row = _advance(case_id, Act.ASK, by=by, at=at)
    request = InformationRequest(
        id=ids.new(at),
        case_id=case_id,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        service=row.service,
        text=text,
        asked_name=asked_name,
        asked_at=at,
        due=due,
    )
    request.save(force_insert=True)
    return request.id


def answer(*, request_id: UUID, text: str, by: Actor, at: datetime) -> CaseView:
    """Write the resident's answer; the case goes back to the desk. An answer already given stays as it is.

    A proposal that was made without it is taken back: what came must be looked at first.
    """
    request = InformationRequest.objects.select_for_update().filter(id=request_id).first()
    if request is None:
        raise CaseGoneError(str(request_id))
    if request.answered_at is not None:
        return view(_locked(request.case_id))
    request.answer, request.answered_at = text, at
    request.save(update_fields=["answer", "answered_at"])
    return _advance(request.case_id, Act.ANSWER, by=by, at=at, proposal=None)


def propose(*, case_id: UUID, proposal: Mapping[str, Any], by: Actor, at: datetime) -> CaseView:
    """Propose a decision for a second pair of eyes. proposal: JSON values, see `flows/desk.py`."""
    return _advance(case_id, Act.PROPOSE, by=by, at=at, proposal={**proposal, "by": str(by.person_id)})


def approve(*, case_id: UUID, decision_id: UUID, by: Actor, at: datetime) -> CaseView:
    """Close a case with the proposed decision. Raises FourEyesError for the one who proposed it."""
    check_four_eyes(_locked(case_id).proposal, by)
    return _advance(case_id, Act.APPROVE, by=by, at=at, decision_id=decision_id)


def hold(*, case_id: UUID) -> CaseView:
    """Lock a case for the rest of the transaction and return it as it is now. Raises CaseGoneError."""
    return view(_locked(case_id))


def check_four_eyes(proposal: Mapping[str, Any] | None, by: Actor) -> None:
    """Raise FourEyesError unless `by` is a person other than the one who proposed."""
    if by.person_id is None or (proposal or {}).get("by") == str(by.person_id):
        raise FourEyesError


def send_back(*, case_id: UUID, reason: str, author_name: str, by: Actor, at: datetime) -> CaseView:
    """Return a proposal to the case worker, with the reason as an internal note."""
    row = _advance(case_id, Act.RETURN, by=by, at=at, proposal=None)
    note(case_id=case_id, text=reason, author_name=author_name, by=by, at=at)
    return row


def forward(*, case_id: UUID, by: Actor, at: datetime) -> CaseView:
    """Send an appeal on to the appeal body."""
    return _advance(case_id, Act.FORWARD, by=by, at=at)


def withdraw(*, case_id: UUID, by: Actor, at: datetime) -> CaseView:
    """Close a case that the resident takes back."""
    return _advance(case_id, Act.WITHDRAW, by=by, at=at)


def delay(*, case_id: UUID, expected: date, by: Actor, at: datetime) -> CaseView:
    """Note that the resident was told of a delay, and when an answer can be expected; the time limit itself stays."""
    row = _locked(case_id)
    row.expected, row.changed_at = expected, at
    row.save(update_fields=["expected", "changed_at"])
    _tell(row, Happening("case.delayed", {"expected": expected.isoformat()}), at=at)
    _log(row, "case.delayed", "Saksbehandling", by, at)
    return view(row)


def assign(*, case_id: UUID, person_id: UUID | None, name: str, by: Actor, at: datetime) -> CaseView:
    """Give the case to a case worker, or (None) to nobody."""
    row = _locked(case_id)
    row.assigned_to, row.assigned_name, row.changed_at = person_id, name if person_id else "", at
    row.save(update_fields=["assigned_to", "assigned_name", "changed_at"])
    _tell(row, Happening("case.assigned"), at=at)
    _log(row, "case.assigned", "Fordeling", by, at)
    return view(row)


def note(*, case_id: UUID, text: str, author_name: str, by: Actor, at: datetime) -> None:
    """Write an internal note."""
    row = _locked(case_id)
    Note(
        id=ids.new(at),
        case_id=case_id,
        organisation_id=row.organisation_id,
        service=row.service,
        text=text,
        author_id=by.person_id or row.id,
        author_name=author_name,
        at=at,
    ).save(force_insert=True)
    _log(row, "case.noted", "Saksbehandling", by, at)


def _advance(case_id: UUID, act: Act, *, by: Actor, at: datetime, **changes: Any) -> CaseView:
    row = _locked(case_id)
    row.status = after(row.status, act)
    row.on_desk, row.changed_at = row.status in ON_DESK, at
    row.closed_at = at if row.status in CLOSED else None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["status", "on_desk", "changed_at", "closed_at", *changes])
    _tell(row, Happening(f"case.{_past(act)}"), at=at)
    _log(row, f"case.{_past(act)}", "Saksbehandling", by, at)
    return view(row)


_PAST = {
    Act.DECIDE: "decided",
    Act.POSTPONE: "postponed",
    Act.STOP: "stopped",
    Act.ASK: "asked",
    Act.ANSWER: "answered",
    Act.PROPOSE: "proposed",
    Act.APPROVE: "approved",
    Act.RETURN: "returned",
    Act.FORWARD: "forwarded",
    Act.WITHDRAW: "withdrawn",
}


def _past(act: Act) -> str:
    return _PAST[act]


def _locked(case_id: UUID) -> Case:
    row = held(Case, case_id)
    if row is None:
        raise CaseGoneError(str(case_id))
    return row


def _refuse_second_appeal(new: NewCase) -> None:
    _locked(new.parent_id) if new.parent_id else None
    row = (
        Case.objects.filter(parent_id=new.parent_id, decision_id=new.decision_id)
        .exclude(status=Status.WITHDRAWN)
        .first()
    )
    if row is not None:
        raise AlreadyAppealedError(row.id)


def _number(at: datetime) -> str:
    ((number,),) = rows("SELECT nextval('cases_number')")
    return f"{oslo(at).year}/{number}"


def _tell(row: Case, *happenings: Happening, at: datetime) -> None:
    events.append(
        *happenings,
        subject=row.id,
        organisation_id=row.organisation_id,
        service=row.service,
        person_id=row.person_id,
        at=at,
    )


def _log(row: Case, action: str, purpose: str, by: Actor, at: datetime) -> None:
    audit.record(
        Record(
            action=action,
            purpose=purpose,
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            service=row.service,
            case_id=row.id,
        ),
        by=by,
        at=at,
    )
