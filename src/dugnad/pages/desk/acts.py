"""What is done on the page of a case: assign, note, ask, try a draft, propose, approve, send back, forward."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from dugnad.access import queries as access
from dugnad.access.types import RIGHTS, Right, Staff
from dugnad.cases import commands as cases
from dugnad.cases import queries as case_reads
from dugnad.cases.types import FourEyesError, NotAllowedNowError
from dugnad.design.texts import t
from dugnad.flows import desk
from dugnad.flows.correcting import read_correction
from dugnad.pages.desk import showing
from dugnad.pages.desk.acting import acting, uuid_of
from dugnad.pages.desk.case import Typed, case_answer
from dugnad.pages.notices import notify
from dugnad.pages.sessions import Request, see_other, staff
from dugnad.pages.staffed import entered
from dugnad.shared.actor import Actor

MOST_CHARACTERS = 10_000


@require_POST
@staff(Right.HANDLE_CASES)
@entered
def assign(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
    """Take the case, give it to a colleague with a role for it, or give it back."""
    case = case_reads.case(case_id)
    member.must(Right.HANDLE_CASES, case.service)
    chosen = request.POST.get("assign", "")
    names = {
        str(one.person_id): one.person_name
        for one in access.assignments(member.organisation_id, at=request.now)
        if Right.HANDLE_CASES in RIGHTS[one.role] and one.service in {"", case.service}
    }
    if chosen not in {"", *names}:
        return case_answer(request, member, case_id, Typed(errors={"assign": t("desk.error.colleague")}))
    person = uuid_of(chosen) if chosen else None
    by = Actor.staff(member.person_id, member.organisation_id)
    with acting():
        cases.assign(case_id=case_id, person_id=person, name=names.get(chosen, ""), by=by, at=request.now)
    return notify(see_other(reverse("desk-case", args=[case_id])), "desk.done.assign")


@require_POST
@staff(Right.APPROVE_DECISIONS)
@entered
def approve(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
    """Approve what was proposed, if it is still what this page showed."""
    if _changed(request, case_id):
        return case_answer(request, member, case_id, Typed(stale=True))
    try:
        with acting():
            desk.approve(case_id=case_id, staff=member, at=request.now)
    except FourEyesError:
        return case_answer(request, member, case_id, Typed(errors={"approve": t("desk.error.four_eyes")}))
    except desk.NoOutcomeError:
        return case_answer(request, member, case_id, Typed(errors={"approve": t("desk.error.no_outcome")}))
    except NotAllowedNowError:
        return case_answer(request, member, case_id, Typed(stale=True))
    return notify(see_other(reverse("desk-case", args=[case_id])), "desk.done.approve")


@require_POST
@staff(Right.HANDLE_CASES)
@entered
def draft(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
    """Try corrections and show the draft they give; nothing is stored."""
    return case_answer(request, member, case_id, read_form(request, member, case_id))


@require_POST
@staff(Right.HANDLE_CASES)
@entered
def propose(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
    """Propose the decision the rules give with the corrections, for another to approve."""
    typed = read_form(request, member, case_id)
    reasons = typed.texts["reasons"].strip()
    errors = dict(typed.errors)
    if not reasons:
        errors["reasons"] = t("desk.error.reasons")
    if errors:
        return case_answer(request, member, case_id, _with(typed, errors))
    if _changed(request, case_id):
        return case_answer(request, member, case_id, _with(typed, {}, stale=True))
    try:
        with acting():
            desk.propose(
                case_id=case_id, corrected=typed.corrected, reasons=reasons, staff=member, at=request.now
            )
    except desk.NoOutcomeError:
        return case_answer(request, member, case_id, _with(typed, {"propose": t("desk.error.no_outcome")}))
    except NotAllowedNowError:
        return case_answer(request, member, case_id, _with(typed, {}, stale=True))
    return notify(see_other(reverse("desk-case", args=[case_id])), "desk.done.propose")


def read_form(request: Request, member: Staff, case_id: UUID) -> Typed:
    """Read the correction form: what could be read, and beside each field what could not."""
    dossier = desk.draft(case_id=case_id, corrected={}, at=request.now)
    member.must(Right.SEE_CASES, dossier.case.service)
    corrections: dict[str, str] = {}
    corrected: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in dossier.correctable:
        text = request.POST.get(showing.field_name(one.path), "").strip()
        if not text:
            continue
        corrections[one.path] = text
        value, code = read_correction(one, text)
        if code:
            errors[one.path] = t(f"desk.error.{code}", label=showing.label(one))
        else:
            corrected[one.path] = value
    reasons = request.POST.get("reasons", "")
    if len(reasons) > MOST_CHARACTERS:
        errors["reasons"] = t("desk.error.too_long", count=MOST_CHARACTERS)
    return Typed({"reasons": reasons}, corrections, corrected, errors, tried=True)


def _with_text(
    request: Request, member: Staff, case_id: UUID, name: str, write: Callable[[str], object]
) -> HttpResponse:
    """Do an act that is one text; an empty one is an error beside its field, a case that moved on a calm message."""
    text = request.POST.get(name, "")
    if not text.strip() or len(text) > MOST_CHARACTERS:
        sentence = (
            t("desk.error.too_long", count=MOST_CHARACTERS) if text.strip() else t(f"desk.error.{name}")
        )
        return case_answer(request, member, case_id, Typed(texts={name: text}, errors={name: sentence}))
    try:
        with acting():
            write(text.strip())
    except NotAllowedNowError:
        return case_answer(request, member, case_id, Typed(texts={name: text}, stale=True))
    return notify(see_other(reverse("desk-case", args=[case_id])), f"desk.done.{name}")


Written: TypeAlias = Callable[[Request, Staff, UUID, str], object]


def _act(right: Right, name: str, write: Written) -> Callable[..., HttpResponse]:
    """Make the view of an act that is one text, in the field `name`."""

    @require_POST
    @staff(right)
    @entered
    def view(request: Request, member: Staff, case_id: UUID) -> HttpResponse:
        return _with_text(request, member, case_id, name, partial(write, request, member, case_id))

    return view


def _note(request: Request, member: Staff, case_id: UUID, text: str) -> None:
    by = Actor.staff(member.person_id, member.organisation_id)
    cases.note(case_id=case_id, text=text, author_name=member.person_name, by=by, at=request.now)


def _ask(request: Request, member: Staff, case_id: UUID, text: str) -> None:
    desk.ask(case_id=case_id, text=text, staff=member, at=request.now)


def _forward(request: Request, member: Staff, case_id: UUID, text: str) -> None:
    desk.forward(case_id=case_id, statement=text, staff=member, at=request.now)


def _send_back(request: Request, member: Staff, case_id: UUID, text: str) -> None:
    desk.send_back(case_id=case_id, reason=text, staff=member, at=request.now)


note = _act(Right.SEE_CASES, "note", _note)  # internal
ask = _act(Right.HANDLE_CASES, "text", _ask)  # the resident, by letter
forward = _act(Right.HANDLE_CASES, "statement", _forward)  # an appeal, to the appeal body
send_back = _act(Right.APPROVE_DECISIONS, "reason", _send_back)  # a proposal, to the case worker


def _changed(request: Request, case_id: UUID) -> bool:
    """Lock the case, and say whether it has changed since the page was shown."""
    seen = request.POST.get("seen", "")
    return seen != cases.hold(case_id=case_id).changed_at.isoformat()


def _with(typed: Typed, errors: Mapping[str, str], *, stale: bool = False) -> Typed:
    return Typed(typed.texts, typed.corrections, typed.corrected, errors, stale=stale, tried=True)
