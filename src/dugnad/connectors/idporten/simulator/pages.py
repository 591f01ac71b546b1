"""The simulator's pages: plain HTML that works without scripts, in three languages."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode, urlsplit

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from dugnad.connectors.idporten.simulator.issuer import LEVELS, METHODS, Asked, RefusedError
from dugnad.connectors.idporten.simulator.ports import Group, TestPerson
from dugnad.connectors.transport import Response

_PACKAGE = "dugnad.connectors.idporten.simulator"
_LANGUAGES = ("nb", "nn", "en")


class Pages:
    """Renders pages below `prefix` (the path of the issuer's URL)."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._css = files(_PACKAGE).joinpath("simulator.css").read_bytes()

    def choose(
        self,
        asked: Asked,
        given: Mapping[str, str],
        persons: Sequence[TestPerson],
        *,
        language: str,
        mistake: str = "",
        status: int = 200,
    ) -> Response:
        """Show whom one can be. given: what was typed or asked so far; mistake: a key below `mistake.`."""
        wanted = given.get("filter", "").strip()[:100]
        shown = [person for person in persons if _matches(person, wanted)]
        values = {
            "client": asked.client.name,
            "client_id": asked.client.client_id,
            "request_uri": given.get("request_uri", ""),
            "wanted_level": asked.level,
            "level": given.get("level", asked.level),
            "levels": [(level, METHODS[level]) for level in reversed(LEVELS)],
            "filter": wanted,
            "number": given.get("number", ""),
            "groups": [(group.value, [p for p in shown if p.group is group]) for group in Group],
            "mistake": mistake,
        }
        spoken = _language(language, asked.locales)
        same = {"client_id": asked.client.client_id, "request_uri": given.get("request_uri", "")}
        target = urlsplit(asked.redirect_uri)
        origin = f" {target.scheme}://{target.netloc}"
        return self._page("choose.html", spoken, values, same=same, status=status, form_target=origin)

    def refused(self, error: RefusedError, *, language: str) -> Response:
        """Say why a request cannot be shown; the browser is not sent anywhere."""
        values = {"error": error.error, "reason": error.reason}
        return self._page("refused.html", _language(language, ()), values, same=None, status=error.status)

    def logged_out(self, *, language: str) -> Response:
        """Say that the session is over."""
        return self._page("logged_out.html", _language(language, ()), {}, same=None, status=200)

    def stylesheet(self) -> Response:
        """Return the style sheet; its address carries its content hash."""
        headers = {
            "content-type": "text/css; charset=utf-8",
            "cache-control": "public, max-age=31536000, immutable",
        }
        return Response(status=200, headers=headers, body=self._css)

    def _page(
        self,
        template: str,
        language: str,
        values: Mapping[str, Any],
        *,
        same: Mapping[str, str] | None,
        status: int,
        form_target: str = "",
    ) -> Response:
        version = sha256(self._css).hexdigest()[:12]
        html = (
            _templates()
            .get_template(template)
            .render(
                t=lambda key: _texts()[key][language],
                language=language,
                languages=_links(same) if same else [],
                action=f"{self._prefix}/authorize",
                style_url=f"{self._prefix}/simulator.css?v={version}",
                **values,
            )
        )
        policy = (
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self'{form_target}"
        )
        headers = {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "no-store",
            "content-security-policy": policy,
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "content-language": language,
        }
        return Response(status=status, headers=headers, body=html.encode())


def _links(same: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (language, its name in itself, query) for the language links."""
    return [(code, _texts()["language"][code], urlencode({**same, "lang": code})) for code in _LANGUAGES]


def _language(chosen: str, locales: Sequence[str]) -> str:
    """Return the first language the pages have; Northern Sámi has no texts here and gets bokmål."""
    return next((code for code in (chosen, *locales) if code in _LANGUAGES), "nb")


def _matches(person: TestPerson, wanted: str) -> bool:
    text = " ".join([person.name, person.municipality, *person.description.values()]).casefold()
    return all(word in text for word in wanted.casefold().split())


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = files(_PACKAGE).joinpath("templates", "texts.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
