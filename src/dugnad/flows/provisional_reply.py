"""The reply that goes by itself where a case cannot be answered within a month (forvaltningsloven § 11 a, third paragraph).

The receipt says at once that a person must look at the case, why, and by when. `watch` is committed with whatever hands the
case to a person: five days before the month is out `reply` looks again, and where there is still no answer, it tells why it
takes time and when an answer can be expected, and watches on.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from dugnad.applications import queries as application_reads
from dugnad.cases import commands as cases
from dugnad.cases import queries as case_reads
from dugnad.cases.types import CaseGoneError, CaseView, Status
from dugnad.catalogue import queries as catalogue
from dugnad.flows import letters
from dugnad.jobs import commands as jobs
from dugnad.rulebook.rules.words import format_date
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import add_months, oslo
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

REPLY_JOB: Final = "provisional-reply"
DAYS_BEFORE: Final = 5
_MORNING = time(7, tzinfo=ZoneInfo("Europe/Oslo"))
_BY = Actor.system("provisional-reply")


def watch(case: CaseView, *, at: datetime) -> None:
    """Look at the case again five days before an answer is due; in the caller's transaction."""
    args = {"case": str(case.id), "organisation": str(case.organisation_id), "service": case.service}
    wait = max(_moment(case.expected or case.due) - at, timedelta())
    jobs.defer(REPLY_JOB, key=str(case.id), args=args, at=at, after=wait)


def reply(args: Mapping[str, str], at: datetime) -> None:
    """Job: where the case has no answer yet, send the reply, note the new date, and watch on. Else do nothing."""
    organisation_id, service = UUID(args["organisation"]), args["service"]
    with scope(Scope(organisation=organisation_id, services=(service,))):
        try:
            case = cases.hold(case_id=UUID(args["case"]))
        except CaseGoneError:
            return
        if case.closed_at is not None or oslo(at) < oslo(_moment(case.expected or case.due)):
            return
        expected = add_months(max(case.expected or case.due, oslo(at)), 1)
        _write(case, expected, at)
        watch(cases.delay(case_id=case.id, expected=expected, by=_BY, at=at), at=at)


def _moment(due: date) -> datetime:
    return datetime.combine(due - timedelta(days=DAYS_BEFORE), _MORNING)


def _write(case: CaseView, expected: date, at: datetime) -> None:
    owner = case_reads.case(case.parent_id) if case.parent_id else case
    application = application_reads.application(owner.application_id) if owner.application_id else None
    language = application.language if application else "nb"
    adopted = catalogue.by_edition(case.edition)
    kind = "appeal" if case.kind == "appeal" else "application"
    came, due = (format_date(day, language) for day in (oslo(case.opened_at), case.due))
    texts = [
        letters.words(f"delay.{kind}", language, came=came, due=due),
        *_reasons(case, language),
        letters.words("delay.expected", language, expected=format_date(expected, language)),
        letters.words("delay.ask" if case.status == Status.WAITING_APPLICANT else "delay.nothing", language),
    ]
    content = letters.plain_letter(
        title=letters.words("delay.title", language, service=adopted.service.info.title[language]),
        texts=texts,
        organisation=organisations.organisation(case.organisation_id),
        contact=adopted.tailoring.contact if adopted.tailoring else None,
        recipient=case.person_name,
        number=case.number,
        language=language,
        at=at,
    )
    letters.send("provisional", content, case, by=_BY, at=at)


def _reasons(case: CaseView, language: str) -> list[str]:
    """Return why it takes time, from where the case stands: a register, the resident, a colleague, or a person's judgement."""
    if case.status != Status.REVIEW:
        return [letters.words(f"delay.why.{case.status}", language)]
    whys = [str(stop["why"].get(language, "")) for stop in case.stops]
    told = [letters.words("receipt.why", language, why=why) for why in whys if why]
    return [letters.words("delay.why.review", language), *told]
