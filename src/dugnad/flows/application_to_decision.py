"""From an opened form to a decision letter.

Sending is one transaction: application, case, decision, letter, events and log commit together or not at all. Registers are
asked before it, never inside it; where one is away the same transaction defers the job that decides later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dugnad.applications import commands as applications
from dugnad.applications import queries as application_reads
from dugnad.applications.types import (
    AlreadyAppliedError,
    ApplicationView,
    DraftExistsError,
    NewClaim,
    StaleDraftError,
)
from dugnad.cases import commands as cases
from dugnad.cases import queries as case_reads
from dugnad.cases.types import Status
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, Outcome
from dugnad.facts import commands as facts
from dugnad.facts import queries as fact_reads
from dugnad.facts.types import CollectionView, Gathered
from dugnad.flows.answering import Answer, Sent, stops_of
from dugnad.flows.problems import IncompleteError, problems
from dugnad.flows.reckoning import Material, material, reckon
from dugnad.identity import queries as identities
from dugnad.identity.types import PersonView
from dugnad.jobs.ports import TryAgainError
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import OrganisationView, Scope

FRESH = timedelta(hours=24)


class NoMunicipalityError(Exception):
    """The population register has not said where the person lives, and no earlier login did either."""


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
        _refresh(found, adopted, person, organisation, by=by, at=at)
        return found.id
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
    tab: str = "",
    by: Actor,
    at: datetime,
) -> ApplicationView:
    """Write answers into the draft and return it; where an answer changes whom the facts are about, ask the registers again."""
    with scope(Scope(person=person_id)):
        saved = applications.save(
            application_id=application_id,
            revision=revision,
            answers=answers,
            disputes=disputes,
            tab=tab,
            by=by,
            at=at,
        )
        now = saved.now
        adopted = catalogue.by_edition(now.edition)
        stale = fact_reads.would_change(adopted.service.book, before=saved.before, after=now.answers)
        person = identities.person(person_id) if stale else None
    if person is None:
        return now
    organisation = organisations.organisation(now.organisation_id)
    collection_id = _refresh(now, adopted, person, organisation, by=by, at=at)
    return replace(now, collection_id=collection_id, edition=adopted.edition)


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
        work = Answer(adopted, application, person, organisation, by, at)
        late = _claimed_late(application, _claims(adopted, outcome, found), by, at)
        if outcome.automatic and not late:
            decision_id = work.record(case.id, made_of, outcome)
            work.letter(case.id, case.number, decision_id, outcome)
            cases.decide(case_id=case.id, decision_id=decision_id, by=by, at=at)
        else:
            cases.stop(case_id=case.id, stops=[*stops_of(outcome), *late], by=by, at=at)
            why = outcome.stops[0].why if outcome.stops else _APPLIED_MEANWHILE
            work.receipt(case, why=why.get(application.language, ""))


def withdraw(*, case_id: UUID, person_id: UUID, by: Actor, at: datetime) -> None:
    """Take an open application back. Raises NotAllowedNowError when it is decided."""
    with scope(Scope(person=person_id)):
        case = cases.withdraw(case_id=case_id, by=by, at=at)
        if case.application_id and case.kind == "application":
            applications.withdraw(application_id=case.application_id, by=by, at=at)


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
    work = Answer(read.adopted, sent, read.person, read.organisation, by, at)
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
    """Fetch the facts anew; returns the id of the new collection."""
    gathered = _gather(adopted, person, organisation, draft.answers, at)
    with scope(Scope(person=draft.person_id)):
        collection_id = _keep(gathered, adopted, draft.person_id, organisation.id, by, at)
        applications.renew_facts(
            application_id=draft.id, collection_id=collection_id, edition=adopted.edition, by=by, at=at
        )
    return collection_id


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


def _claimed_late(
    application: ApplicationView, claims: Sequence[NewClaim], by: Actor, at: datetime
) -> list[dict[str, object]]:
    """Hold the children that were not known when it was sent; where another has applied meanwhile a person must look."""
    try:
        applications.claim(application_id=application.id, claims=claims, by=by, at=at)
    except AlreadyAppliedError:
        todo = "Avklar hvilken søknad som skal gjelde."
        stop = {"name": "søkt i en annen søknad", "law": "", "why": dict(_APPLIED_MEANWHILE)}
        return [{**stop, "todo": todo, "concerns": []}]
    return []


_APPLIED_MEANWHILE: Mapping[str, str] = {
    "nb": "Mens vi ventet på et register, ble det søkt for samme barn i en annen søknad.",
    "nn": "Medan vi venta på eit register, vart det søkt for same barn i ein annan søknad.",
    "en": "While we waited for a register, the same child was applied for in another application.",
}


def _claims(adopted: Adopted, outcome: Outcome, found: CollectionView) -> list[NewClaim]:
    """Return one claim for each item and the period it ends with: one application per child and kindergarten year (§ 3d)."""
    end = adopted.ruleset.source.result.end
    return [
        NewClaim(found.persons[item.key], str(item.known.get(end, "")))
        for item in outcome.items
        if item.key in found.persons
    ]


def _replace(application_id: UUID, *, by: Actor, at: datetime) -> None:
    """Close the case of the application that a new one changes, if it is still open."""
    case = case_reads.case_of_application(application_id)
    if case is not None and case.closed_at is None:
        cases.withdraw(case_id=case.id, by=by, at=at)
