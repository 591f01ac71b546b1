"""A resident appeals a decision, or answers what a case worker asked for. Runs in the resident's own scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dugnad.applications import commands as applications
from dugnad.applications import queries as application_reads
from dugnad.applications.commands import ExaminedFile
from dugnad.applications.types import ApplicationView
from dugnad.cases import commands as cases
from dugnad.cases import queries as case_reads
from dugnad.cases.types import Act, CaseGoneError, CaseView, NewCase
from dugnad.catalogue import queries as catalogue
from dugnad.decisions import queries as decision_reads
from dugnad.decisions.types import DecisionView
from dugnad.dispatch import queries as letter_reads
from dugnad.dispatch.queries import LetterLine
from dugnad.flows import letters
from dugnad.flows.answering import ANSWER_MONTHS, APPEAL_WEEKS
from dugnad.flows.provisional_reply import watch
from dugnad.rulebook.rules.words import format_date
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import add_months, add_weeks, oslo
from dugnad.tenancy import queries as organisations


class NothingToAppealError(Exception):
    """The case has no decision."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when a decision may be appealed, and whether that has passed."""

    until: date
    is_late: bool


def limit(case: CaseView, *, at: datetime) -> Limit:
    """Return the time limit: three weeks from the letter's arrival (forvaltningsloven § 29). Raises NothingToAppealError."""
    if case.decision_id is None:
        raise NothingToAppealError
    return limit_of(decision_reads.decision(case.decision_id), letter_reads.letters_of_case(case.id), at=at)


def limit_of(decision: DecisionView, letters_of_case: Sequence[LetterLine], *, at: datetime) -> Limit:
    """Return the time limit where the decision and the letters of the case have been read already."""
    arrived = [one.delivered_at for one in letters_of_case if one.kind == "decision" and one.delivered_at]
    until = add_weeks(oslo(max(arrived, default=decision.decided_at)), APPEAL_WEEKS)
    return Limit(until, oslo(at) > until)


def file(
    *, case_id: UUID, grounds: str, files: Sequence[ExaminedFile] = (), by: Actor, at: datetime
) -> CaseView:
    """Open an appeal, a case of its own with its own deadline; a late one is flagged, not refused.

    Raises NothingToAppealError, AlreadyAppealedError and TooManyAttachmentsError.
    """
    case = case_reads.case(case_id)
    found = limit(case, at=at)
    new = NewCase(
        id=ids.new(at),
        kind="appeal",
        person_id=case.person_id,
        person_name=case.person_name,
        organisation_id=case.organisation_id,
        service=case.service,
        edition=case.edition,
        due=add_months(oslo(at), ANSWER_MONTHS),
        parent_id=case.id,
        decision_id=case.decision_id,
        stops=(_STOP,),
        grounds=grounds,
        is_late=found.is_late,
    )
    appeal = cases.open_case(new=new, act=Act.STOP, by=by, at=at)
    watch(appeal, at=at)
    if case.application_id is not None:
        owner = application_reads.application(case.application_id)
        _attach(files, "klage", owner, appeal.id, by, at)
    _acknowledge(case, appeal, found, by, at)
    return appeal


def answer(
    *,
    case_id: UUID,
    request_id: UUID,
    text: str,
    files: Sequence[ExaminedFile] = (),
    by: Actor,
    at: datetime,
) -> CaseView:
    """Answer what was asked for, with files; the case goes back to the desk. An answer already given stays as it is.

    Raises CaseGoneError, NotAllowedNowError and TooManyAttachmentsError.
    """
    case = cases.answer(request_id=request_id, text=text, by=by, at=at)
    if case.id != case_id:
        raise CaseGoneError(str(request_id))
    mine = next(one for one in case_reads.requests(case_id) if one.id == request_id).answered_at == at
    owner = case_reads.case(case.parent_id) if case.parent_id else case
    if mine and owner.application_id is not None:
        application = application_reads.application(owner.application_id)
        _attach(files, str(request_id), application, case_id, by, at)
    return case


def _attach(
    files: Sequence[ExaminedFile],
    question: str,
    owner: ApplicationView,
    case_id: UUID,
    by: Actor,
    at: datetime,
) -> None:
    for file in files:
        applications.attach(file=file, question=question, owner=owner, case_id=case_id, by=by, at=at)


def _acknowledge(case: CaseView, appeal: CaseView, found: Limit, by: Actor, at: datetime) -> None:
    """Write the letter that says the appeal has come and what happens next."""
    organisation = organisations.organisation(case.organisation_id)
    language = application_reads.application(case.application_id).language if case.application_id else "nb"
    body = letters.appeal_body(catalogue.by_edition(case.edition), organisation, language)
    due = format_date(appeal.due, language)
    texts = [letters.words("appeal.next", language, body=body, due=due)]
    if found.is_late:
        texts.append(letters.words("appeal.late", language, limit=format_date(found.until, language)))
    content = letters.plain_letter(
        title=letters.words("appeal.title", language),
        texts=texts,
        organisation=organisation,
        recipient=case.person_name,
        number=appeal.number,
        language=language,
        at=at,
    )
    letters.send("appeal", content, appeal, by=by, at=at)


_STOP = {
    "name": "klage",
    "law": "forvaltningsloven § 33",
    "why": {
        "nb": "Klagen skal vurderes av en saksbehandler før den eventuelt sendes videre.",
        "nn": "Klaga skal vurderast av ein saksbehandlar før ho eventuelt blir send vidare.",
        "en": "A case worker considers the appeal before it is sent on, if it is.",
    },
    "todo": "Vurder klagen. Endre vedtaket, eller send saken til klageinstansen med en uttalelse.",
    "concerns": [],
}
