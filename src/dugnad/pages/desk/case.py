"""The page of one case: why it stopped, what is known, the draft, and what may be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dugnad.access import queries as access
from dugnad.access.types import RIGHTS, Right, Staff
from dugnad.cases import queries as cases
from dugnad.cases.types import Act, CaseView, NotAllowedNowError, Status, after
from dugnad.catalogue import queries as catalogue
from dugnad.decisions import queries as decisions
from dugnad.design.languages import as_language, current_language
from dugnad.design.texts import t, texts
from dugnad.dispatch import queries as letters
from dugnad.events import queries as events
from dugnad.flows import desk, papers
from dugnad.flows.letters import appeal_body
from dugnad.pages.desk import showing
from dugnad.pages.desk.listing import deadline
from dugnad.pages.sessions import Request, staff
from dugnad.pages.staffed import entered
from dugnad.shared.calendar import oslo
from dugnad.tenancy import queries as organisations

REQUESTS = ("payslip", "tax_return", "separation", "cohabitant")
OWN_FIELDS = ("reasons", "text", "note", "reason", "statement", "assign", "approve", "propose")
_PROPOSED_FROM = frozenset({Status.REVIEW, Status.WAITING_APPLICANT})
_CLOSED = frozenset({Status.DECIDED, Status.FORWARDED, Status.WITHDRAWN})


@dataclass(frozen=True)
class Typed:
    """What was typed on the page and is shown again: texts by field, corrections by path, what is wrong by field."""

    texts: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False
    tried: bool = False


@require_GET
@staff(Right.SEE_CASES)
@entered
def case_page(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
    """Show the case; the look is logged."""
    wanted = request.GET.get("mal", "")
    return case_answer(request, member, case_id, Typed(), template=wanted if wanted in REQUESTS else "")


def case_answer(
    request: Request, member: Staff, case_id: UUID, typed: Typed, *, template: str = ""
) -> HttpResponse:
    """Render the case with what was typed; the draft is reckoned with the corrections that were readable."""
    looked = desk.look(case_id=case_id, staff=member, at=request.now)
    proposal = (looked.case.proposal or {}) if looked.case.status == Status.APPROVAL else {}
    corrected = dict(proposal.get("corrected", {})) or typed.corrected
    dossier = desk.draft(case_id=case_id, corrected=corrected, at=request.now) if corrected else looked
    shown = showing.typed_from(dossier, corrected) if proposal else typed.corrections
    context = {
        **_head(request, member, dossier),
        **_draft(dossier, corrected),
        **_around(request, member, dossier.case),
        "fields": showing.fields(dossier, shown, typed.errors),
        "typed": {**dict.fromkeys(OWN_FIELDS, ""), **_asked(dossier, template), **typed.texts},
        "as_day": date.fromisoformat,
        "sections": _sections(looked.case, member),
        "errors": _listed(typed.errors),
        "error": {**dict.fromkeys(OWN_FIELDS, ""), **typed.errors},
        "stale": typed.stale,
        "written": _written(dossier, typed) if typed.stale else [],
        "template": template,
    }
    return render(
        request, "desk/case.html", context, status=409 if typed.stale else 200 if not typed.errors else 422
    )


def _head(request: Request, member: Staff, dossier: desk.Dossier) -> dict[str, object]:
    case, today, language = dossier.case, oslo(request.now), current_language()
    proposal = case.proposal or {}
    allowed = {act.value: _fits(case.status, act) for act in Act}
    mine = proposal.get("by") == str(member.person_id)
    handles = member.may(Right.HANDLE_CASES, case.service)
    approves = member.may(Right.APPROVE_DECISIONS, case.service)
    return {
        "case": case,
        "seen": case.changed_at.isoformat(),
        "title": dossier.adopted.service.info.title[language],
        "deadline": deadline(case.due, today),
        "is_closed": case.status in _CLOSED,
        "answer_law": dossier.adopted.service.info.answer_law,
        "spoken": language,
        "resident_language": t(f"desk.language.{dossier.application.language}"),
        "protected": showing.is_protected(dossier),
        "handles": handles,
        "may_propose": handles and allowed["propose"],
        "may_ask": handles and allowed["ask"],
        "may_forward": handles and case.kind == "appeal" and allowed["forward"],
        "may_approve": approves and allowed["approve"] and not mine,
        "own_proposal": mine and allowed["approve"],
        "is_mine": case.assigned_to == member.person_id,
        "in_approval": case.status == Status.APPROVAL,
    }


def _draft(dossier: desk.Dossier, corrected: Mapping[str, Any]) -> dict[str, object]:
    return {
        "stops": dossier.case.stops,
        "facts": showing.fact_tables(dossier),
        "answers": showing.answers(dossier),
        "fetched_at": dossier.facts.fetched_at,
        "unavailable": [showing.source_label(one) for one in dossier.facts.unavailable],
        "outcome": showing.outcome_title(dossier),
        "results": showing.results(dossier),
        "results_before": _before(dossier) if corrected else [],
        "steps": showing.steps(dossier),
        "missing": dossier.outcome.unknown,
        "diagnostics": dossier.outcome.diagnostics,
        "because": dossier.outcome.because,
        "differences": showing.differences(dossier, corrected),
        "edition": dossier.adopted.edition[:12],
        "on": dossier.made_of.on,
    }


def _before(dossier: desk.Dossier) -> list[dict[str, str]]:
    return showing.results(replace(dossier, outcome=dossier.before))


def _around(request: Request, member: Staff, case: CaseView) -> dict[str, object]:
    parent = cases.case(case.parent_id) if case.parent_id else None
    made = decisions.of_case(case.id) or (decisions.of_case(parent.id) if parent else [])
    organisation = organisations.organisation(case.organisation_id)
    appeals_to = appeal_body(catalogue.by_edition(case.edition), organisation, current_language())
    return {
        "notes": cases.notes(case.id),
        "requests": cases.requests(case.id),
        "attachments": papers.attachments(case),
        "letters": letters.letters_of_case(case.id),
        "history": events.history(case.id),
        "known_events": texts(),
        "parent": parent,
        "appeals": cases.appeals_of(case.id),
        "decisions": made,
        "appeals_to": appeals_to,
        "colleagues": _colleagues(member, case, request),
        "templates": REQUESTS,
    }


def _colleagues(member: Staff, case: CaseView, request: Request) -> list[tuple[str, str]]:
    """Return those who may be given the case, by name."""
    found = {
        str(one.person_id): one.person_name
        for one in access.assignments(member.organisation_id, at=request.now)
        if Right.HANDLE_CASES in RIGHTS[one.role] and one.service in {"", case.service}
    }
    return sorted(found.items(), key=lambda one: one[1])


def _asked(dossier: desk.Dossier, template: str) -> dict[str, str]:
    """Return the request's text from a template, in the language the resident reads."""
    if not template:
        return {"text": ""}
    language = as_language(dossier.application.language) or "nb"
    return {"text": texts().get(f"desk.request.{template}.text", language, {})}


def _sections(case: CaseView, member: Staff) -> list[tuple[str, str]]:
    """Return the page's parts, for the jumps at its top."""
    in_approval = case.status == Status.APPROVAL
    open_to_me = case.status in _PROPOSED_FROM and member.may(Right.HANDLE_CASES, case.service)
    names = [
        ("approval", in_approval),
        ("appeal", case.parent_id is not None),
        ("known", True),
        ("draft", True),
        ("decide", open_to_me),
        ("assigned", True),
        ("notes", True),
        ("letters", True),
        ("history", True),
    ]
    return [(name, t(f"desk.jump.{name}")) for name, shown in names if shown]


def _written(dossier: desk.Dossier, typed: Typed) -> list[tuple[str, str]]:
    """Return everything that was typed, since its fields may be gone with the step the case has left."""
    labels = {one.path: showing.label(one) for one in dossier.correctable}
    given = [(labels[path], text) for path, text in typed.corrections.items() if path in labels]
    return given + [(t(f"desk.field.{name}"), text) for name, text in typed.texts.items() if text]


def _fits(status: str, act: Act) -> bool:
    try:
        after(status, act)
    except NotAllowedNowError:
        return False
    return True


def _listed(errors: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    own = {"reasons", "text", "note", "reason", "statement", "assign"}
    return [
        (name if name in own else showing.field_name(name), sentence) for name, sentence in errors.items()
    ]
