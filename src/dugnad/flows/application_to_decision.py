"""From an opened form to a decision letter.

Sending is one transaction: application, case, decision, letter, events and log commit together or not at all. Registers are
asked before it, never inside it; where one is away the same transaction defers the job that decides later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dugnad.applications import commands as applications
from dugnad.applications import queries as application_reads
from dugnad.applications.types import ApplicationView, NewClaim, StaleDraftError
from dugnad.cases import commands as cases
from dugnad.cases import queries as case_reads
from dugnad.cases.types import Act, CaseView, NewCase, Status
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, Outcome
from dugnad.decisions import commands as decisions
from dugnad.decisions.types import NewDecision
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch.commands import NewLetter
from dugnad.dispatch.types import LetterContent
from dugnad.facts import commands as facts
from dugnad.facts import queries as fact_reads
from dugnad.facts.types import CollectionView, Gathered
from dugnad.flows import letters
from dugnad.flows.problems import IncompleteError, problems
from dugnad.flows.reckoning import Material, material, reckon
from dugnad.identity import queries as identities
from dugnad.identity.types import PersonView
from dugnad.jobs import commands as jobs
from dugnad.jobs.ports import TryAgainError
from dugnad.rulebook.rules.words import format_date
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import add_months, add_weeks, oslo
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import OrganisationView, Scope

FRESH = timedelta(hours=24)
APPEAL_WEEKS = 3
ANSWER_MONTHS = 1
DECIDE_JOB = "decide"


class NoMunicipalityError(Exception):
    """The population register has not said where the person lives, and no earlier login did either."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: the case, and whether it was decided at once."""

    case_id: UUID
    status: str


def begin(
    *, service: str, person_id: UUID, language: str, replaces: UUID | None = None, by: Actor, at: datetime
) -> UUID:
    """Open the form: resume the draft there is, or fetch facts and start one. Returns the application's id.

    replaces: an earlier application of the person's own that this one asks to change.
    Raises NoMunicipalityError and NotAdoptedError.
    """
    try:
        return _begin(service, person_id, language, replaces, by, at)
    except DraftExistsError:  # a double click: the other one was first
        return _begin(service, person_id, language, replaces, by, at)


def _begin(
    service: str, person_id: UUID, language: str, replaces: UUID | None, by: Actor, at: datetime
) -> UUID:
    with scope(Scope(person=person_id)):
        person = identities.person(person_id)
        organisation = _home(person)
        adopted = catalogue.adopted(organisation.id, service)
        found = application_reads.draft(person_id, organisation.id, service)
        if found is not None and replaces is not None:
            applications.change_instead(application_id=found.id, replaces_id=replaces, by=by, at=at)
    if found is not None:
        if found.edition == adopted.edition and at - found.changed_at < FRESH:
            return found.id
        return _refresh(found, adopted, person, organisation, by=by, at=at)
    gathered = _gather(adopted, person, organisation, {}, at)
    with scope(Scope(person=person_id)):
        collection_id = _keep(gathered, adopted, person_id, organisation.id, by, at)
        return applications.start(
            person_id=person_id,
            organisation_id=organisation.id,
            service=service,
            edition=adopted.edition,
            collection_id=collection_id,
            language=language,
            replaces_id=replaces,
            by=by,
            at=at,
        )


def save(
    *,
    application_id: UUID,
    person_id: UUID,
    revision: int,
    answers: Mapping[str, object],
    disputes: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Write answers into the draft; asks the registers again where an answer changes whom the facts are about."""
    with scope(Scope(person=person_id)):
        saved = applications.save(
            application_id=application_id, revision=revision, answers=answers, disputes=disputes, by=by, at=at
        )
        now = saved.now
        adopted = catalogue.by_edition(now.edition)
        stale = fact_reads.would_change(adopted.service.book, before=saved.before, after=now.answers)
        person = identities.person(person_id) if stale else None
    if person is not None:
        _refresh(now, adopted, person, organisations.organisation(now.organisation_id), by=by, at=at)
    return now.revision


def send(*, application_id: UUID, person_id: UUID, revision: int, by: Actor, at: datetime) -> Sent:
    """Send the application and, where the rules allow, decide it, in one transaction.

    Raises IncompleteError (with the problems, by field), StaleDraftError, NotADraftError and AlreadyAppliedError.
    """
    with scope(Scope(person=person_id)):
        read = _read(application_id, person_id)
        if not read.is_stale(at):
            return _send(read, revision, by=by, at=at)
    _refresh(read.draft, read.adopted, read.person, read.organisation, by=by, at=at)
    with scope(Scope(person=person_id)):
        return _send(_read(application_id, person_id), revision, by=by, at=at)


def decide_waiting(args: Mapping[str, str], at: datetime) -> None:
    """Job: ask the registers again and decide a case that waits for one. Raises TryAgainError while it is away."""
    by = Actor.system("decide")
    case_id, organisation_id, service = UUID(args["case"]), UUID(args["organisation"]), args["service"]
    staff = Scope(organisation=organisation_id, services=(service,))
    with scope(staff):
        case = case_reads.case(case_id)
        if case.status != Status.WAITING_REGISTER or case.application_id is None:
            return
        application = application_reads.application(case.application_id)
        adopted = catalogue.by_edition(case.edition)
        person = identities.person(case.person_id)
    organisation = organisations.organisation(organisation_id)
    gathered = _gather(adopted, person, organisation, application.answers, at)
    if gathered.unavailable:
        raise TryAgainError(
            "away: " + ", ".join(f"{name} ({why})" for name, why in sorted(gathered.unavailable.items()))
        )
    with scope(staff):
        collection_id = _keep(gathered, adopted, person.id, organisation.id, by, at)
        applications.renew_facts(
            application_id=application.id, collection_id=collection_id, edition=adopted.edition, by=by, at=at
        )
        found = fact_reads.collection(collection_id)
        made_of = _material(adopted, application, found, person, organisation, application.submitted_at or at)
        outcome = reckon(adopted, made_of)
        work = _Work(adopted, application, person, organisation, by, at)
        if outcome.automatic:
            decision_id = work.record(case.id, made_of, outcome)
            work.letter(case.id, case.number, decision_id, outcome)
            cases.decide(case_id=case.id, decision_id=decision_id, by=by, at=at)
        else:
            cases.stop(case_id=case.id, stops=stops_of(outcome), by=by, at=at)
            work.receipt(case, why=outcome.stops[0].why.get(application.language, ""))


def withdraw(*, case_id: UUID, person_id: UUID, by: Actor, at: datetime) -> None:
    """Take an open application back. Raises NotAllowedNowError when it is decided."""
    with scope(Scope(person=person_id)):
        case = cases.withdraw(case_id=case_id, by=by, at=at)
        if case.application_id and case.kind == "application":
            applications.withdraw(application_id=case.application_id, by=by, at=at)


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
class _Work:
    """One application on its way to an answer; every method runs inside the caller's transaction."""

    adopted: Adopted
    application: ApplicationView
    person: PersonView
    organisation: OrganisationView
    by: Actor
    at: datetime

    def decide(self, made_of: Material, outcome: Outcome) -> Sent:
        case_id = ids.new(self.at)
        decision_id = self.record(case_id, made_of, outcome)
        case = self.open(case_id, Act.DECIDE, decision_id=decision_id)
        self.letter(case_id, case.number, decision_id, outcome)
        return Sent(case_id, case.status)

    def stop(self, outcome: Outcome) -> Sent:
        case = self.open(ids.new(self.at), Act.STOP, stops=stops_of(outcome))
        self.receipt(
            case, why=outcome.stops[0].why.get(self.application.language, "") if outcome.stops else ""
        )
        return Sent(case.id, case.status)

    def postpone(self, found: CollectionView) -> Sent:
        case = self.open(ids.new(self.at), Act.POSTPONE)
        args = {"case": str(case.id), "organisation": str(case.organisation_id), "service": case.service}
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


@dataclass(frozen=True, slots=True)
class _Read:
    """A draft with all that deciding it needs."""

    draft: ApplicationView
    adopted: Adopted
    person: PersonView
    organisation: OrganisationView
    found: CollectionView

    def is_stale(self, at: datetime) -> bool:
        """Whether the registers should be asked before it is sent: one was away, or it is a day ago."""
        return self.draft.is_draft and bool(self.found.unavailable or at - self.found.fetched_at > FRESH)


def _read(application_id: UUID, person_id: UUID) -> _Read:
    draft = application_reads.application(application_id)
    wrong = problems(catalogue.by_edition(draft.edition), draft, pages=None) if draft.is_draft else ()
    if wrong:
        raise IncompleteError(wrong)
    return _Read(
        draft,
        catalogue.by_edition(draft.edition),
        identities.person(person_id),
        organisations.organisation(draft.organisation_id),
        fact_reads.collection(draft.collection_id),
    )


def _send(read: _Read, revision: int, *, by: Actor, at: datetime) -> Sent:
    """Send and, where the rules allow, decide. `submit` refuses a draft that has changed since it was read."""
    made_of = _material(read.adopted, read.draft, read.found, read.person, read.organisation, at)
    outcome = reckon(read.adopted, made_of)
    sent = applications.submit(
        application_id=read.draft.id,
        revision=revision,
        claims=_claims(read.adopted, outcome, read.found),
        by=by,
        at=at,
    )
    if sent.revision != read.draft.revision or sent.collection_id != read.draft.collection_id:
        raise StaleDraftError(sent)
    if sent.replaces_id:
        _replace(sent.replaces_id, by=by, at=at)
    work = _Work(read.adopted, sent, read.person, read.organisation, by, at)
    if read.found.unavailable:
        return work.postpone(read.found)
    return work.decide(made_of, outcome) if outcome.automatic else work.stop(outcome)


def _home(person: PersonView) -> OrganisationView:
    if not person.municipality:
        raise NoMunicipalityError
    return organisations.organisation_by_code(person.municipality)


def _known(
    person: PersonView, organisation: OrganisationView, answers: Mapping[str, object], at: datetime
) -> dict[str, object]:
    return {
        **answers,
        "søker": person.identity_number,
        "vår kommune": organisation.code,
        "søknadsdato": oslo(at),
    }


def _gather(
    adopted: Adopted,
    person: PersonView,
    organisation: OrganisationView,
    answers: Mapping[str, object],
    at: datetime,
) -> Gathered:
    known = _known(person, organisation, answers, at)
    return facts.gather(rules=adopted.ruleset, applicant=person.identity_number, known=known, at=at)


def _keep(
    gathered: Gathered, adopted: Adopted, person_id: UUID, organisation_id: UUID, by: Actor, at: datetime
) -> UUID:
    return facts.keep(
        gathered=gathered,
        book=adopted.service.book,
        person_id=person_id,
        organisation_id=organisation_id,
        service=adopted.service.slug,
        by=by,
        at=at,
    )


def _refresh(
    draft: ApplicationView,
    adopted: Adopted,
    person: PersonView,
    organisation: OrganisationView,
    *,
    by: Actor,
    at: datetime,
) -> UUID:
    gathered = _gather(adopted, person, organisation, draft.answers, at)
    with scope(Scope(person=draft.person_id)):
        collection_id = _keep(gathered, adopted, draft.person_id, organisation.id, by, at)
        applications.renew_facts(
            application_id=draft.id, collection_id=collection_id, edition=adopted.edition, by=by, at=at
        )
    return draft.id


def _material(
    adopted: Adopted,
    application: ApplicationView,
    found: CollectionView,
    person: PersonView,
    organisation: OrganisationView,
    sent: datetime,
) -> Material:
    return material(
        adopted,
        application,
        found,
        applicant=person.identity_number,
        municipality=organisation.code,
        on=oslo(sent),
    )


def _claims(adopted: Adopted, outcome: Outcome, found: CollectionView) -> list[NewClaim]:
    """Return one claim for each item and the period it ends with (§ 3d: one application per child and kindergarten year)."""
    end = adopted.ruleset.source.result.end
    return [
        NewClaim(found.persons[item.key], str(item.values.get(end, "")))
        for item in outcome.items
        if item.key in found.persons
    ]


def _replace(application_id: UUID, *, by: Actor, at: datetime) -> None:
    """Close the case of the application that a new one changes, if it is still open."""
    case = case_reads.case_of_application(application_id)
    if case is not None and case.closed_at is None:
        cases.withdraw(case_id=case.id, by=by, at=at)
