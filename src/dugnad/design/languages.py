"""Which language a page speaks, and the language being spoken right now.

The three written standards of every page are Bokmål (nb), Nynorsk (nn) and English (en).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, get_args

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Language = Literal["nb", "nn", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
LANGUAGE_NAMES: Final[dict[Language, str]] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LANGUAGE_COOKIE: Final = "dugnad_language"
DEFAULT_LANGUAGE: Final[Language] = "nb"

# What others write for the same thing: ISO 639 macro codes and SSB's language forms of municipalities.
_ALIASES: Final[dict[str, Language]] = {
    "nb": "nb",
    "no": "nb",
    "bokmål": "nb",
    "nn": "nn",
    "nynorsk": "nn",
    "en": "en",
}
_spoken: ContextVar[Language] = ContextVar("dugnad_language", default=DEFAULT_LANGUAGE)


def as_language(code: str | None) -> Language | None:
    """Our name of a language code such as `nn`, `nn-NO` or `no`; None for what the pages do not speak."""
    return _ALIASES.get(code.strip().replace("_", "-").partition("-")[0].lower()) if code else None


def resolve_language(
    cookie: str | None = None,
    person_language: str | None = None,
    organisation_language: str | None = None,
    accept_language: str | None = None,
) -> Language:
    """Find the language of a page: what was chosen with the switch, else what the person has registered
    (KRR), else what the organisation writes, else what the browser asks for, else Bokmål.

    A language the pages do not speak (`se`, a neutral municipality) is passed over, never an error.
    """
    for code in (cookie, person_language, organisation_language):
        if language := as_language(code):
            return language
    return _best_accepted(accept_language or "") or DEFAULT_LANGUAGE


def _best_accepted(header: str) -> Language | None:
    """Find the supported language with the highest quality value (RFC 9110, 12.5.4); the first of equals."""
    best: tuple[float, Language] | None = None
    for item in header[:200].split(","):
        code, _, parameters = item.partition(";")
        language = as_language(code)
        try:
            quality = float(parameters.partition("q=")[2] or 1)
        except ValueError:
            continue
        if language and quality > (best[0] if best else 0):
            best = (quality, language)
    return best[1] if best else None


def current_language() -> Language:
    """Tell the language being spoken in this thread of work; Bokmål outside a request."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak `language` inside the block: for notices, e-mails and previews in another person's language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def choose_language(
    request: HttpRequest, *, person_language: str | None = None, organisation_language: str | None = None
) -> Language:
    """Choose anew once the person or the organisation is known; lasts for the rest of the request."""
    language = resolve_language(
        request.COOKIES.get(LANGUAGE_COOKIE),
        person_language,
        organisation_language,
        request.headers.get("Accept-Language"),
    )
    _spoken.set(language)
    return language


class LanguageMiddleware:
    """Speaks the reader's language for the length of a request and says so in `Content-Language`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve, answer, and put the previous language back."""
        language = resolve_language(
            request.COOKIES.get(LANGUAGE_COOKIE), accept_language=request.headers.get("Accept-Language")
        )
        with speaking(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", current_language())
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response
