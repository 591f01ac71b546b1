"""Log in: choose at home or at work, go to the eID provider, come back with a session."""

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from dugnad.design.headers import content_security_policy
from dugnad.design.languages import current_language
from dugnad.facts.ports import REGISTERS, RegisterUnavailableError
from dugnad.identity import commands as identity
from dugnad.identity.commands import LoggedIn, LoginReplayedError
from dugnad.identity.ports import EidLevel, EidLogin, EidRefusedError, EidUnavailableError, Ports
from dugnad.identity.sessions import safe_next, transaction_cookie
from dugnad.pages.frame import enter
from dugnad.pages.limits import Limit, limited
from dugnad.pages.public import workplaces
from dugnad.pages.request import Request
from dugnad.pages.sessions import see_other, set_cookie
from dugnad.shared.calendar import oslo

CALLBACK: Final = "/logg-inn/tilbake"
HOME: Final = "/min-side"
# Income, decisions and letters stand behind the login: the highest level, for residents as for staff.
LEVEL: Final = EidLevel.HIGH
TRANSACTION = transaction_cookie(https=settings.SECURE)
_AT_HOME, _AT_WORK = "home", "work"
_MOST_CARRIED = 480
_NEVER_AFTER = ("/logg-inn", "/logg-ut", "/logget-ut", "/arbeidssted")
_FOR_STAFF = ("/saker", "/konsoll")


class Known(TypedDict):
    """What the registers say of the person who logs in; empty where one is away."""

    name: str
    municipality: str
    language: str


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: Request) -> HttpResponse:
    """Show the choice between home and work (GET), or send the browser to the eID provider (POST)."""
    return _begin(request) if request.method == "POST" else _choose(request)


def _choose(request: Request, status: int = 200, problem: str = "") -> HttpResponse:
    enter(request)
    after = _after(request.GET.get("videre") or request.POST.get("videre"))
    values = {
        "after": after,
        "expired": request.GET.get("utlopt") == "1",
        "problem": problem,
        "work_first": after.startswith(_FOR_STAFF),
    }
    response = render(request, "public/login.html", values, status=status)
    # Browsers hold the redirect after the form to `form-action` too.
    response.headers["Content-Security-Policy"] = content_security_policy(_form_targets())
    return response


@limited(Limit.LOGIN)
def _begin(request: Request) -> HttpResponse:
    mode = _AT_WORK if request.POST.get("som") == "jobb" else _AT_HOME
    try:
        begun = Ports.eid.begin(
            acr=LEVEL,
            ui_locales=current_language(),
            redirect_uri=origin_of(request) + CALLBACK,
            at=request.now,
            carry=f"{mode} {_after(request.POST.get('videre'))}",
        )
    except EidUnavailableError:
        return _choose(request, 503, "away")
    except EidRefusedError as error:
        return _refused(request, error.code.value)
    response = see_other(begun.url)
    _set_transaction(response, begun.transaction)
    return response


@require_GET
@limited(Limit.LOGIN)
def callback(request: Request) -> HttpResponse:
    """Take the browser back from the eID provider: open the session and go on to where the person was going."""
    try:
        login = Ports.eid.finish(
            transaction=request.COOKIES.get(TRANSACTION["key"], ""), query=request.GET.dict(), at=request.now
        )
        mode, _, after = login.carried.partition(" ")
        response = _open(request, login, after=_after(after), at_work=mode == _AT_WORK)
    except EidRefusedError as error:
        response = _refused(request, error.code.value)
    except LoginReplayedError:
        response = _refused(request, "code_refused")
    except EidUnavailableError:
        response = _choose(request, 503, "away")
    response.delete_cookie(TRANSACTION["key"], path="/", samesite="Lax")
    return response


def _open(request: Request, login: EidLogin, *, after: str, at_work: bool) -> HttpResponse:
    known = _registered(request, login.identity_number)
    if not at_work:
        opened = identity.log_in(login, **known, at=request.now)
        return _welcome(opened, after or HOME)
    person_id, places = workplaces.of_number(login.identity_number, known["name"], at=request.now)
    if not places:
        enter(request)
        return render(request, "public/no_workplace.html", {"after": after}, status=403)
    if len(places) > 1:
        opened = identity.log_in(login, **known, at=request.now)
        return _with_session(workplaces.to_choice(after), opened)
    opened = identity.log_in(login, **known, organisation_id=places[0], at=request.now)
    return _welcome(opened, after or workplaces.first_page(person_id, places[0], at=request.now))


def _welcome(opened: LoggedIn, after: str) -> HttpResponse:
    """Go on; a form that was being filled in when an earlier session ran out comes first."""
    form = opened.interrupted
    if form is not None:
        after = form.path if form.acting_for is None else f"/min-side/representasjon?videre={form.path}"
    return _with_session(see_other(after), opened)


def _with_session(response: HttpResponse, opened: LoggedIn) -> HttpResponse:
    set_cookie(response, opened.cookie)
    return response


def _refused(request: Request, code: str) -> HttpResponse:
    enter(request)
    status = 400 if code != "cancelled" else 200
    return render(request, "public/refused.html", {"code": code}, status=status)


def _registered(request: Request, number: str) -> Known:
    """Return name, municipality and language as the registers have them now; empty where a register is away."""
    person = _look_up(request, "folkeregisteret", number, ("navn", "kommune"))
    contact = _look_up(request, "kontaktregisteret", number, ("språk",))
    return Known(
        name=str(person.get("navn") or ""),
        municipality=str(person.get("kommune") or ""),
        language=str(contact.get("språk") or ""),
    )


def _look_up(request: Request, register: str, number: str, fields: tuple[str, ...]) -> Mapping[str, object]:
    try:
        answer = REGISTERS[register].lookup([number], fields=fields, on=oslo(request.now)).get(number)
    except RegisterUnavailableError:
        return {}
    return answer.values if answer else {}


def _after(wanted: str | None) -> str:
    """Return the page to go to after the login: a path on this site, never the login itself; empty for the usual one."""
    path = safe_next(wanted, "")
    return "" if len(path) > _MOST_CARRIED or path.startswith(_NEVER_AFTER) else path


def origin_of(request: HttpRequest) -> str:
    """Return which of our registered origins the browser is at."""
    here = f"{request.scheme}://{request.get_host()}"
    return here if here in settings.OTHER_ORIGINS else settings.ORIGIN


def _form_targets() -> list[str]:
    return [settings.ORIGIN, *settings.OTHER_ORIGINS, *getattr(settings, "DUGNAD_FORM_TARGETS", ())]


def _set_transaction(response: HttpResponse, sealed: str) -> None:
    attributes: dict[str, Any] = {name: value for name, value in TRANSACTION.items() if name != "key"}
    response.set_cookie(TRANSACTION["key"], sealed, **attributes)
