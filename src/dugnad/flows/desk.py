"""What a case worker does with a case that needs a person: ask, draft, propose, approve. Runs in the staff's own scope."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dugnad.access.types import Right, Staff
from dugnad.applications import queries as application_reads
from dugnad.applications.types import ApplicationView
from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.cases import commands as cases
from dugnad.cases import queries as case_reads
from dugnad.cases.types import Act, CaseView, NotAllowedNowError, after
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, Outcome
from dugnad.decisions import commands as decisions
from dugnad.decisions import queries as decision_reads
from dugnad.decisions.types import NewDecision
from dugnad.dispatch import queries as letter_reads
from dugnad.dispatch.types import LetterContent
from dugnad.facts import queries as fact_reads
from dugnad.facts.types import CollectionView
from dugnad.flows import letters
from dugnad.flows.answering import APPEAL_WEEKS, summary
from dugnad.flows.correcting import Correctable, correctables, corrected_facts
from dugnad.flows.reckoning import Material, material, reckon
from dugnad.rulebook.rules.words import format_date
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import add_weeks, next_working_day, oslo
from dugnad.tenancy import queries as organisations

REQUEST_DAYS = 14


class NoOutcomeError(Exception):
    """The rules give no outcome with what is known; `missing` names the facts that are needed."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__("no outcome")
        self.missing = missing


class WrongCorrectionError(Exception):
    """A corrected value does not fit its fact; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Dossier:
    """All a case worker needs on one page."""

    case: CaseView
    application: ApplicationView
    adopted: Adopted
    facts: CollectionView
    made_of: Material
    outcome: Outcome
    before: Outcome  # what the rules say without the corrections tried now
    correctable: tuple[Correctable, ...]


def look(*, case_id: UUID, staff: Staff, at: datetime) -> Dossier:
    """Open a case at the desk; the look is logged for the resident to see."""
    dossier = _dossier(case_id, {}, at)
    staff.must(Right.SEE_CASES, dossier.case.service)
    audit.record(
        Record(
            action="case.viewed",
            purpose="Saksbehandling",
            person_id=dossier.case.person_id,
            organisation_id=dossier.case.organisation_id,
            service=dossier.case.service,
            case_id=case_id,
            is_look=True,
            actor_name=staff.person_name,
        ),
        by=_actor(staff),
        at=at,
    )
    return dossier


def draft(*, case_id: UUID, corrected: Mapping[str, Any], at: datetime) -> Dossier:
    """Apply the rules with corrected facts, without storing anything. Raises WrongCorrectionError."""
    return _dossier(case_id, corrected, at)


def letter(
    *, case_id: UUID, corrected: Mapping[str, Any], reasons: str, staff: Staff, at: datetime
) -> LetterContent:
    """Return what the letter would say. Raises NoOutcomeError and WrongCorrectionError."""
    return _letter(_dossier(case_id, corrected, at), reasons, (staff.person_name,), at)


def preview(
    *, case_id: UUID, corrected: Mapping[str, Any], reasons: str, staff: Staff, at: datetime
) -> bytes:
    """Return the letter as PDF, marked as a draft. Raises NoOutcomeError and WrongCorrectionError."""
    content = letter(case_id=case_id, corrected=corrected, reasons=reasons, staff=staff, at=at)
    return letter_reads.preview(content, at=at)


def preview_pages(
    *, case_id: UUID, corrected: Mapping[str, Any], reasons: str, staff: Staff, at: datetime
) -> tuple[LetterContent, list[bytes]]:
    """Return what the letter would say, and each of its pages as a PNG marked as a draft. Raises as `preview`."""
    content = letter(case_id=case_id, corrected=corrected, reasons=reasons, staff=staff, at=at)
    return content, letter_reads.preview_images(content, at=at)


def propose(
    *, case_id: UUID, corrected: Mapping[str, Any], reasons: str, staff: Staff, at: datetime
) -> CaseView:
    """Propose the decision the rules give with the corrected facts, for another to approve.

    Raises NoOutcomeError, WrongCorrectionError and NotAllowedNowError.
    """
    dossier = _dossier(case_id, corrected, at)
    staff.must(Right.HANDLE_CASES, dossier.case.service)
    _outcome(dossier)
    proposal = {"corrected": dict(corrected), "reasons": reasons, "name": staff.person_name}
    return cases.propose(case_id=case_id, proposal=proposal, by=_actor(staff), at=at)


def approve(*, case_id: UUID, staff: Staff, at: datetime) -> UUID:
    """Approve the proposal: decision and letter in the caller's transaction; returns the decision's id.

    Raises FourEyesError for the one who proposed, NotAllowedNowError where nothing is proposed.
    """
    case = cases.hold(case_id=case_id)
    staff.must(Right.APPROVE_DECISIONS, case.service)
    by = _actor(staff)
    after(case.status, Act.APPROVE)
    cases.check_four_eyes(case.proposal, by)
    proposal = case.proposal or {}
    dossier = _dossier(case_id, proposal.get("corrected", {}), at)
    outcome = _outcome(dossier)
    handlers = (str(proposal.get("name", "")), staff.person_name)
    decision = NewDecision(
        case_id=case_id,
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        service=case.service,
        edition=case.edition,
        date=dossier.made_of.on,
        facts=dossier.made_of.to_data(),
        outcome=outcome.as_data(),
        summary=summary(dossier.adopted, outcome, dossier.application.language, at),
        automatic=False,
        decided_by=str(proposal.get("by", "")),
        approved_by=str(staff.person_id),
        reasons=str(proposal.get("reasons", "")),
    )
    decision_id, _ = decisions.record(decision=decision, by=by, at=at)
    content = _letter(dossier, decision.reasons, handlers, at)
    letters.send("decision", content, case, by=by, at=at, decision_id=decision_id)
    cases.approve(case_id=case_id, decision_id=decision_id, by=by, at=at)
    return decision_id


def send_back(*, case_id: UUID, reason: str, staff: Staff, at: datetime) -> None:
    """Return a proposal to the case worker with a reason."""
    case = case_reads.case(case_id)
    staff.must(Right.APPROVE_DECISIONS, case.service)
    cases.send_back(case_id=case_id, reason=reason, author_name=staff.person_name, by=_actor(staff), at=at)


def ask(*, case_id: UUID, text: str, staff: Staff, at: datetime) -> UUID:
    """Ask the resident for something, by letter, with a time limit of two weeks."""
    case = case_reads.case(case_id)
    staff.must(Right.HANDLE_CASES, case.service)
    by = _actor(staff)
    due = next_working_day(oslo(at) + timedelta(days=REQUEST_DAYS))
    request = cases.ask(case_id=case_id, text=text, due=due, asked_name=staff.person_name, by=by, at=at)
    language = _application(case).language
    how = letters.words("request.how", language, due=format_date(due, language))
    content = letters.plain_letter(
        title=letters.words("request.title", language),
        texts=[*letters.paragraphs(text), how],
        organisation=organisations.organisation(case.organisation_id),
        recipient=case.person_name,
        number=case.number,
        language=language,
        at=at,
        handlers=(staff.person_name,),
    )
    letters.send("request", content, case, by=by, at=at)
    return request


def forward(*, case_id: UUID, statement: str, staff: Staff, at: datetime) -> None:
    """Send an appeal on to the appeal body, and tell the appellant why the decision stands.

    Raises NotAllowedNowError for what is no appeal, or is not being considered.
    """
    case = case_reads.case(case_id)
    staff.must(Right.HANDLE_CASES, case.service)
    if case.kind != "appeal":
        raise NotAllowedNowError(case.status, Act.FORWARD)
    by = _actor(staff)
    cases.note(case_id=case_id, text=statement, author_name=staff.person_name, by=by, at=at)
    cases.forward(case_id=case_id, by=by, at=at)
    organisation = organisations.organisation(case.organisation_id)
    language = _application(case).language
    body = letters.appeal_body(catalogue.by_edition(case.edition), organisation, language)
    content = letters.plain_letter(
        title=letters.words("forwarded.title", language),
        texts=[letters.words("forwarded.body", language, body=body), *letters.paragraphs(statement)],
        organisation=organisation,
        recipient=case.person_name,
        number=case.number,
        language=language,
        at=at,
        handlers=(staff.person_name,),
    )
    letters.send("appeal", content, case, by=by, at=at)


def _dossier(case_id: UUID, corrected: Mapping[str, Any], at: datetime) -> Dossier:
    del at
    case = case_reads.case(case_id)
    application = _application(case)
    adopted = catalogue.by_edition(case.edition)
    found = fact_reads.collection(application.collection_id)
    made_of = _material(case, application, adopted, found, {})
    before = reckon(adopted, made_of)
    offered = correctables(adopted, made_of.facts, before)
    if not corrected:
        return Dossier(case, application, adopted, found, made_of, before, before, offered)
    made_of = replace(made_of, corrected={**made_of.corrected, **corrected})
    _check(adopted, made_of, corrected, {one.path for one in offered})
    return Dossier(case, application, adopted, found, made_of, reckon(adopted, made_of), before, offered)


def _material(
    case: CaseView,
    application: ApplicationView,
    adopted: Adopted,
    found: CollectionView,
    corrected: Mapping[str, Any],
) -> Material:
    """Return what the rules read: an appeal begins from what the decision appealed against was made of."""
    before = decision_reads.decision(case.decision_id) if case.kind == "appeal" and case.decision_id else None
    if before is not None:
        earlier = Material.from_data(before.facts)
        return Material(
            on=earlier.on,
            facts=earlier.facts,
            disputed=earlier.disputed,
            corrected={**earlier.corrected, **corrected},
            sources=earlier.sources,
        )
    sent: date = oslo(application.submitted_at or case.opened_at)
    return material(
        adopted,
        application,
        found,
        applicant=next((number for number, one in found.persons.items() if one == case.person_id), ""),
        municipality=organisations.organisation(case.organisation_id).code,
        on=sent,
        corrected=corrected,
    )


def _check(adopted: Adopted, made_of: Material, corrected: Mapping[str, Any], offered: set[str]) -> None:
    for path, value in corrected.items():
        try:
            corrected_facts(adopted, made_of.facts, {path: value})
        except (ValueError, LookupError):
            raise WrongCorrectionError(path) from None
        if path not in offered:
            raise WrongCorrectionError(path)


def _application(case: CaseView) -> ApplicationView:
    owner = case_reads.case(case.parent_id) if case.parent_id else case
    if owner.application_id is None:
        raise LookupError(str(case.id))
    return application_reads.application(owner.application_id)


def _outcome(dossier: Dossier) -> Outcome:
    if dossier.outcome.outcome is None:
        raise NoOutcomeError(dossier.outcome.unknown)
    return dossier.outcome


def _letter(dossier: Dossier, reasons: str, handlers: tuple[str, ...], at: datetime) -> LetterContent:
    return letters.decision_letter(
        dossier.adopted,
        _outcome(dossier),
        organisation=organisations.organisation(dossier.case.organisation_id),
        recipient=dossier.case.person_name,
        number=dossier.case.number,
        language=dossier.application.language,
        at=at,
        appeal_by=add_weeks(oslo(at), APPEAL_WEEKS),
        reasons=reasons,
        handlers=handlers,
    )


def _actor(staff: Staff) -> Actor:
    return Actor.staff(staff.person_id, staff.organisation_id)
