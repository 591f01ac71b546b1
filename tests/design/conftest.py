"""The engine the settings describe, and the style guide rendered with it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory

from dugnad.design.frame import Frame, Link, Notice, frame_context, set_frame
from dugnad.design.languages import Language, speaking

Render = Callable[..., str]

CASE = {
    "at": datetime(2026, 11, 21, 13, 5, tzinfo=UTC),
    "on": date(2026, 11, 1),
    "amount": Decimal("1123.50"),
    "share": Decimal("0.06"),
}
STAFF = Frame(
    path="/min-side/postkasse?side=2",
    person="Kari Nordmann",
    acting_for="Ola Nordmann",
    unread=lambda: 3,
    organisation="Stord kommune",
    staff_links=(Link("Saker", "/sak", current=True, count=12), Link("Søk", "/sok")),
    notices=(Notice("Endringen er lagret.", "success"),),
)


@pytest.fixture(scope="session")
def jinja() -> Jinja2:
    return next(engine for engine in engines.all() if isinstance(engine, Jinja2))


@pytest.fixture(scope="session")
def render(jinja: Jinja2) -> Render:
    """`render(template, language, frame, **context)` as a page of the given frame."""

    def render_page(
        template: str, language: Language = "nb", frame: Frame | None = None, **context: object
    ) -> str:
        request = RequestFactory().get("/min-side")
        if frame:
            set_frame(request, frame)
        with speaking(language):
            page = jinja.get_template(template) if template.endswith(".html") else jinja.from_string(template)
            return str(page.render({**CASE, **frame_context(request), **context}, request))

    return render_page
