"""The pages as a person meets them: in Chromium, large and small, light and dark, under the real policy."""

import mimetypes
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route

from conftest import STAFF, Render
from dugnad.design import environment
from dugnad.design.errors import render_error
from dugnad.design.frame import ColorScheme, Frame
from dugnad.design.headers import content_security_policy

pytestmark = pytest.mark.browser

STATIC = Path(environment.__file__).parent / "static"
AXE = Path(__file__).parents[1] / "vendor/axe-core-4.14.1/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The one browser of the whole test run."""
    return chromium


class Opened:
    """A page of ours in the browser, with what the console complained about."""

    def __init__(
        self, browser: Browser, markup: str, width: int, *, bypass_policy: bool = False, script: bool = True
    ) -> None:
        self.markup = markup
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, bypass_csp=bypass_policy, java_script_enabled=script
        )
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", self._answer)
        self.page.goto("http://dugnad.test/min-side")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://dugnad.test/").partition("?")[0]
        if path.startswith("static/"):
            file = STATIC / path.removeprefix("static/")
            route.fulfill(
                body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "font/woff2"
            )
        else:
            headers = {"Content-Security-Policy": content_security_policy()}
            route.fulfill(body=self.markup, content_type="text/html; charset=utf-8", headers=headers)

    def violations(self) -> list[str]:
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")["violations"]
        return [f"{v['id']}: {node['html']}: {node['failureSummary']}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize(
    ("width", "scheme", "frame"),
    [
        (1280, "light", STAFF),
        (1280, "dark", STAFF),
        (390, "light", Frame()),
        (390, "dark", STAFF),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, render: Render, width: int, scheme: ColorScheme, frame: Frame
) -> None:
    markup = render("styleguide.html", frame=replace(frame, color_scheme=scheme))
    with Opened(browser, markup, width, bypass_policy=True) as opened:
        assert opened.violations() == []
        assert opened.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("status", [404, 500])
def test_axe_finds_nothing_on_an_error_page(browser: Browser, status: int) -> None:
    markup = render_error(RequestFactory().get("/"), status).content.decode()
    with Opened(browser, markup, 390, bypass_policy=True) as opened:
        assert opened.violations() == []


def test_the_policy_and_the_pages_agree(browser: Browser, render: Render) -> None:
    with Opened(browser, render("styleguide.html", frame=STAFF), 1280) as opened:
        assert opened.page.evaluate("typeof htmx") == "object"
        opened.page.evaluate("document.fonts.ready")
        assert opened.page.evaluate("document.fonts.check('16px Inter')")
        assert opened.complaints == []


def test_the_error_summary_takes_focus_and_its_links_reach_the_fields(
    browser: Browser, render: Render
) -> None:
    with Opened(browser, render("styleguide.html"), 1280, script=False) as opened:
        page = opened.page
        assert page.locator("#errors:focus").count() == 1
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator("#field-hours:focus, #field-since:focus").count() == 1


def test_by_keyboard_the_first_stop_leads_past_the_menu(browser: Browser, render: Render) -> None:
    with Opened(browser, render("base.html", frame=STAFF), 390) as opened:
        page = opened.page
        page.keyboard.press("Tab")
        assert page.locator(".ds-skip-link:focus").is_visible()
        page.keyboard.press("Enter")
        assert page.locator("#main:focus").count() == 1


def test_a_finger_can_hit_everything(browser: Browser, render: Render) -> None:
    """24 px is the least at WCAG 2.2 AA (2.5.8); what stands alone gets 44."""
    with Opened(browser, render("styleguide.html", frame=STAFF), 390) as opened:
        page = opened.page
        small = page.evaluate(
            """[...document.querySelectorAll('button, .ds-button, nav a, summary')]
               .filter(e => e.checkVisibility())
                   .map(e => [e.getBoundingClientRect().height, e.textContent.trim()])
               .filter(([height]) => height < 43.5)"""
        )
        assert small == []


def test_on_paper_there_is_content_and_nothing_to_click(browser: Browser, render: Render) -> None:
    with Opened(browser, render("styleguide.html", frame=STAFF), 1280) as opened:
        page = opened.page
        page.emulate_media(media="print")
        assert page.locator(".dn-fact").first.is_visible()
        for gone in (".dn-nav", ".dn-footer", ".dn-actions", ".ds-breadcrumbs", ".dn-fact__act"):
            assert not page.locator(gone).first.is_visible()
