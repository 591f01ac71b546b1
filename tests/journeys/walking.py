"""A person in a real browser. Wherever they come, the page is examined: by axe at two widths, and what the console says."""

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as NoAnswerError

AXE = (Path(__file__).parents[1] / "vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WIDTHS = (1280, 390)
MOST_TABS = 120
PATIENCE_MS = 15_000
Scheme: TypeAlias = Literal["light", "dark"]


class Walker:
    """One browser with its cookies. `examine=False`: only walk. `schemes`: the colours each page is examined in."""

    def __init__(
        self,
        origin: str,
        browser: Browser,
        *,
        script: bool = True,
        examine: bool = True,
        schemes: Sequence[Scheme] = ("light",),
    ) -> None:
        self.origin = origin
        self._schemes = schemes
        self._script = script
        self._examines = examine and script
        self._seen: set[str] = set()
        self.complaints: list[str] = []
        # The pages' own policy would keep axe out.
        self._context = browser.new_context(
            viewport={"width": WIDTHS[0], "height": 900},
            java_script_enabled=script,
            bypass_csp=True,
            locale="nb-NO",
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._context.add_init_script(_REMEMBER)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._note)
        self._asked: list[str] = []
        self.page.on("request", lambda request: self._asked.append(f"{request.method} {request.url}"))

    def close(self) -> None:
        """Close the browser; nothing may have gone wrong on the way."""
        self._context.close()
        assert self.complaints == []

    def go(self, address: str) -> Response | None:
        """Open an address."""
        answer = self.page.goto(address if "://" in address else self.origin + address)
        self.examine()
        return answer

    def press(self, target: Locator | str) -> None:
        """Press a button or a link that leads to another page."""
        button = self.page.get_by_role("button", name=target).first if isinstance(target, str) else target
        self._asked.clear()
        try:
            with self.page.expect_navigation():
                button.click()
        except NoAnswerError as error:
            done = self.page.evaluate("window.dnDone") if self._script else "not known"
            raise AssertionError(f"Nothing came of the press. Asked: {self._asked}. Done: {done}") from error
        self.examine()

    def by_name(self, name: str, *, at_work: bool = False) -> None:
        """Log in as a named person, by picking the name on the simulated ID-porten."""
        self._to_the_eid(at_work=at_work)
        self.press(self.page.locator(f'button[name=person]:has-text("{name}")'))

    def by_number(self, number: str) -> None:
        """Log in by typing an identity number."""
        self._to_the_eid(at_work=False)
        self.page.fill("#number", number)
        self.press(self.page.locator("button[name=login]"))

    def _to_the_eid(self, *, at_work: bool) -> None:
        if urlsplit(self.page.url).path != "/logg-inn":
            self.go("/logg-inn")
        choice = "jobb" if at_work else "hjemme"
        self.press(self.page.locator(f"form:has(input[name=som][value={choice}]) button"))

    def text(self) -> str:
        """What the page says, with ordinary spaces."""
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    def reads(self, *words: str) -> None:
        """The page says all of this."""
        said = self.text()
        missing = [one for one in words if one not in said]
        assert not missing, f"{missing} not on {self.page.url}: {said[:3000]}"

    def choose(self, fact: str, answer: str) -> None:
        """Choose an answer to a question of the form."""
        self.page.check(f'input[name="answer.{fact}"][value={answer}]')

    def answer_no_fall(self) -> None:
        """Answer the form as the mother of the story does; from its first page to its summary."""
        self.choose("barna stemmer", "ja")
        self.next()
        self.choose("samboer uten felles barn", "nei")
        self.choose("varig inntektsnedgang", "nei")
        self.next()

    def write(self, field: Locator | str, words: str) -> None:
        """Write in a field, unfolding what it stands in."""
        target = self.page.locator(field) if isinstance(field, str) else field
        folded = self.page.locator("details:not([open])", has=target)
        while not target.is_visible() and folded.count():
            folded.first.locator("summary").first.click()
        target.fill(words)

    def next(self) -> None:
        """On to the next page of the form."""
        self.press(self.page.locator("button[name=do][value=next]:visible").last)

    def send(self) -> str:
        """Send from the summary; the address of the case."""
        self.press(self.page.locator("form[action$='/send'] button"))
        return urlsplit(self.page.url).path

    def wait_for_letter(self) -> None:
        """Wait, as the page of the case does, until its letter has come."""
        link = self.page.locator("#case-letters a[href*='/min-side/postkasse/']")
        expect(link.first).to_be_visible(timeout=PATIENCE_MS)

    def tab_to(self, target: Locator) -> None:
        """Go to something by the Tab key alone; it must be visible there and show that it has focus."""
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("e => e === document.activeElement", wanted):
                outline = self.page.evaluate(_FOCUS_SHOWS, wanted)
                assert outline, f"focus is not seen on {target}"
                return
        raise AssertionError(f"the Tab key never reaches {target} on {self.page.url}")

    def enter_on(self, target: Locator) -> None:
        """Go to something by Tab and press Enter, which leads to another page."""
        self.tab_to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.examine()

    def examine(self, *, again: bool = False) -> None:
        """Let axe look at the page, once for each kind of page at each width; `again`: it shows something else now."""
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", urlsplit(self.page.url).path)
        if not self._examines or (kind in self._seen and not again) or self.page.locator("main").count() == 0:
            return
        self._seen.add(kind)
        found = violations(self.page, self._schemes)
        assert not found, f"{self.page.url}\n" + "\n".join(found)

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {urlsplit(response.url).path}")


# What was done on the page last, for when a press leads nowhere.
_REMEMBER = """window.dnDone = [];
for (const kind of ['mousedown', 'mouseup', 'click', 'submit', 'invalid', 'resize', 'scrollend', 'toggle'])
    window.addEventListener(kind, event => { window.dnDone = [...window.dnDone.slice(-19), [
        kind, Math.round(performance.now()), event.target.outerHTML?.slice(0, 90), event.clientY, event.defaultPrevented,
    ]]; }, true);"""
_FOCUS_SHOWS = """e => [e, e.closest('.ds-field, .dn-item, .ds-card'), e.nextElementSibling].filter(Boolean).some(one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
})"""


def violations(page: Page, schemes: Sequence[Scheme] = ("light",)) -> list[str]:
    """What axe finds at WCAG 2.0 to 2.2, A and AA, at both widths; and whether anything sticks out sideways."""
    found: list[str] = []
    for scheme, width in product(schemes, WIDTHS):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(AXE)
        result: dict[str, Any] = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        found += [
            f"{scheme}, {width} px: {one['id']}: {node['html'][:200]}: {node['failureSummary']}"
            for one in result["violations"]
            for node in one["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            found.append(f"{scheme}, {width} px: the page is wider than the window")
    page.emulate_media(color_scheme=schemes[0])
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found
