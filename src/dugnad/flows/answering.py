"""What an application is answered with: a decision and its letter, a person's desk, or a wait for a register.

Every function runs inside the caller's transaction, which is what makes the answer whole or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dugnad.applications.types import ApplicationView
from dugnad.cases import commands as cases
from dugnad.cases.types import Act, CaseView, NewCase
from dugnad.catalogue.types import Adopted, Outcome
from dugnad.decisions import commands as decisions
from dugnad.decisions.types import NewDecision
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch.commands import NewLetter
from dugnad.dispatch.types import LetterContent
from dugnad.facts.types import CollectionView
from dugnad.flows import letters
from dugnad.flows.provisional_reply import watch
from dugnad.flows.reckoning import Material
from dugnad.identity.types import PersonView
from dugnad.jobs import commands as jobs
from dugnad.rulebook.rules.words import format_date
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import add_months, add_weeks, oslo
from dugnad.tenancy.types import OrganisationView

APPEAL_WEEKS = 3
ANSWER_MONTHS = 1
DECIDE_JOB = "decide"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: the case, and whether it was decided at once."""

    case_id: UUID
    status: str


def stops_of(outcome: Outcome) -> list[dict[str, object]]:
    """Return the control points as the case stores them."""
    return [
        {
            "name": stop.name,
            "law": stop.law,
            "why": dict(stop.why),
            "todo": stop.todo,
            "concerns": list(stop.concerns),
        }
        for stop in outcome.stops
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """One application on its way to an answer; every method runs inside the caller's transaction."""

    adopted: Adopted
    application: ApplicationView
    person: PersonView
    organisation: OrganisationView
    by: Actor
    at: datetime

    def decide(self, made_of: Material, outcome: Outcome) -> Sent:
        """Record the decision, open the case with it, write the letter."""
        case_id = ids.new(self.at)
        decision_id = self.record(case_id, made_of, outcome)
        case = self.open(case_id, Act.DECIDE, decision_id=decision_id)
        self.letter(case_id, case.number, decision_id, outcome)
        return Sent(case_id, case.status)

    def stop(self, outcome: Outcome) -> Sent:
        """Open the case at the desk, with what stopped automation, and confirm receipt."""
        case = self.open(ids.new(self.at), Act.STOP, stops=stops_of(outcome))
        watch(case, at=self.at)
        self.receipt(
            case, why=outcome.stops[0].why.get(self.application.language, "") if outcome.stops else ""
        )
        return Sent(case.id, case.status)

    def postpone(self, found: CollectionView) -> Sent:
        """Open the case, defer the job that asks the register again, and confirm receipt."""
        case = self.open(ids.new(self.at), Act.POSTPONE)
        args = {"case": str(case.id), "organisation": str(case.organisation_id), "service": case.service}
        watch(case, at=self.at)
        jobs.defer(DECIDE_JOB, key=str(case.id), args=args, at=self.at, after=timedelta(seconds=2))
        self.receipt(case, register=bool(found.unavailable))
        return Sent(case.id, case.status)

    def open(
        self,
        case_id: UUID,
        act: Act,
        *,
        decision_id: UUID | None = None,
        stops: Sequence[Mapping[str, object]] = (),
    ) -> CaseView:
        """Open the case by `act`."""
        new = NewCase(
            id=case_id,
            kind="application",
            person_id=self.person.id,
            person_name=self.person.name,
            organisation_id=self.organisation.id,
            service=self.application.service,
            edition=self.application.edition,
            due=add_months(oslo(self.at), ANSWER_MONTHS),
            application_id=self.application.id,
            decision_id=decision_id,
            stops=tuple(stops),
        )
        return cases.open_case(new=new, act=act, by=self.by, at=self.at)

    def record(self, case_id: UUID, made_of: Material, outcome: Outcome) -> UUID:
        """Write the decision down; returns its id."""
        decision = NewDecision(
            case_id=case_id,
            person_id=self.person.id,
            organisation_id=self.organisation.id,
            service=self.application.service,
            edition=self.application.edition,
            date=made_of.on,
            facts=made_of.to_data(),
            outcome=outcome.as_data(),
            summary=summary(self.adopted, outcome, self.application.language, self.at),
            automatic=True,
            number=1,
            decided_by=Actor.system("rules").label(),
        )
        return decisions.record(decision=decision, by=self.by, at=self.at)[0]

    def letter(self, case_id: UUID, number: str, decision_id: UUID, outcome: Outcome) -> None:
        """Write the decision letter."""
        content = letters.decision_letter(
            self.adopted,
            outcome,
            organisation=self.organisation,
            recipient=self.person.name,
            number=number,
            language=self.application.language,
            at=self.at,
            appeal_by=add_weeks(oslo(self.at), APPEAL_WEEKS),
        )
        self._send("decision", content, case_id, decision_id)

    def receipt(self, case: CaseView, *, why: str = "", register: bool = False) -> None:
        """Confirm that the application has come (eForvaltningsforskriften § 6), and say what happens next."""
        language = self.application.language
        title = self.adopted.service.info.title[language]
        sent = format_date(oslo(self.application.submitted_at or self.at), language)
        texts = [letters.words("receipt.sent", language, sent=sent)]
        if register:
            texts.append(letters.words("receipt.register", language))
        else:
            texts.append(letters.words("receipt.person", language, due=format_date(case.due, language)))
            texts += [letters.words("receipt.why", language, why=why)] if why else []
        content = letters.plain_letter(
            title=letters.words("receipt.title", language, service=title),
            texts=texts,
            organisation=self.organisation,
            recipient=self.person.name,
            number=case.number,
            language=language,
            at=self.at,
        )
        self._send("receipt", content, case.id, None)

    def _send(self, kind: str, content: LetterContent, case_id: UUID, decision_id: UUID | None) -> None:
        letter = NewLetter(
            person_id=self.person.id,
            organisation_id=self.organisation.id,
            service=self.application.service,
            kind=kind,
            content=content,
            case_id=case_id,
            decision_id=decision_id,
        )
        dispatch.create(letter=letter, by=self.by, at=self.at)


def summary(adopted: Adopted, outcome: Outcome, language: str, at: datetime) -> dict[str, object]:
    """Return what lists and pages show of a decision without applying the rules again."""
    return {
        "outcome": outcome.outcome,
        "items": letters.amounts(adopted, outcome, language),
        "law": list(outcome.because),
        "appeal_by": add_weeks(oslo(at), APPEAL_WEEKS).isoformat(),
    }
