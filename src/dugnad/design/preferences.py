"""The two switches in the frame: language and colours. Plain forms: no script and no login needed."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dugnad.design.frame import COLOR_SCHEME_COOKIE, COLOR_SCHEMES, Routes
from dugnad.design.languages import LANGUAGE_COOKIE, LANGUAGES

_YEAR_SECONDS = 365 * 24 * 3600


def _own_form_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a POST another site made. Public pages carry no token this way, so that caches can keep them."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        origin = request.headers.get("Origin")
        foreign = bool(origin) and urlsplit(str(origin)).netloc != request.get_host()
        if foreign or request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
            return HttpResponse(status=403)
        return view(request)

    return guarded


def _remember(request: HttpRequest, cookie: str, value: str | None) -> HttpResponse:
    """Back to where the switch stood, with the choice in a cookie; None forgets it."""
    target = request.POST.get("next", "/")
    secure = request.is_secure()
    if (
        not url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=secure)
        or "\\" in target
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    response.status_code = 303
    if value is None:
        response.delete_cookie(cookie, samesite="Lax")
    else:
        response.set_cookie(cookie, value, _YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response


@_own_form_only
def set_language(request: HttpRequest) -> HttpResponse:
    """POST `language` (nb, nn, en) and `next`: a local path."""
    language = request.POST.get("language")
    return _remember(request, LANGUAGE_COOKIE, language if language in LANGUAGES else None)


@_own_form_only
def set_color_scheme(request: HttpRequest) -> HttpResponse:
    """POST `color_scheme` (auto, light, dark) and `next`: a local path."""
    scheme = request.POST.get("color_scheme")
    return _remember(
        request, COLOR_SCHEME_COOKIE, scheme if scheme in COLOR_SCHEMES and scheme != "auto" else None
    )


def preference_urls() -> list[URLPattern]:
    """Give the two addresses of the switches, for the project's `urlpatterns`."""
    routes = Routes(**getattr(settings, "DUGNAD_ROUTES", {}))
    return [
        path(routes.language.removeprefix("/"), set_language, name="set-language"),
        path(routes.color_scheme.removeprefix("/"), set_color_scheme, name="set-color-scheme"),
    ]
