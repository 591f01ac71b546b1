"""The mother in Stord: from the eID to a decision with her letter in the mailbox, in several ways of using a browser.

What the law says of her: 148,500 + 1,100 + 52,000 + 400 = 202,000 kr a year in the household. Six per cent of it over eleven
months is 1,101.82 kr (§ 3b), below Stord's price of 1,150 kr. Nora (born 2022) is the first child: 20 of 45 hours are free
(§ 3c), so 25/45 of 1,101.82 is 612.12 → 612 kr. Odin (born 2025) is the second: 30 % off (§ 3a), 771.27 → 771 kr, and too
young for free hours. It holds from the first whole month after the application to 31 July (§ 3d).
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import urlsplit

import pikepdf
import pytest
from playwright.sync_api import expect
from town import Town
from walking import Walker

from dugnad.shared.calendar import oslo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Walk = Callable[..., Walker]

MONTHS = [
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
]  # fmt: skip
SERVICE = "/tjenester/redusert-foreldrebetaling"
START = "/soknad/redusert-foreldrebetaling/start"


def period(today: date) -> tuple[str, str]:
    """From and to when a decision made today holds, in words (§ 3d)."""
    next_month = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    first = date(today.year, 8, 1) if today.month in {6, 7} else next_month
    last = first.year + (first.month >= 8)
    return f"1. {MONTHS[first.month - 1]} {first.year}", f"31. juli {last}"


def open_form(me: Walker) -> None:
    me.go(START)
    me.press(me.page.locator(f"form[action='{START}'] button"))


def test_from_the_eid_to_the_letter(walk: Walk, town: Town) -> None:
    me = walk()
    me.go("/")
    me.go(SERVICE)
    me.by_name("Ingrid Sunde")
    me.reads("Hei, Ingrid", "Du kan", "Nora", "Odin", "Stord")
    assert me.page.locator("html").get_attribute("lang") == "nn"
    open_form(me)
    me.reads("Nora Sunde", "Odin Sunde", "Folkeregisteret", "Barnehage")
    me.choose("barna stemmer", "ja")
    me.next()
    me.reads("148 500", "52 000", "Skatteetaten")
    assert me.page.locator("fieldset").count() == 2, "only what no register knows is asked"
    me.choose("samboer uten felles barn", "nei")
    me.choose("varig inntektsnedgang", "nei")
    me.next()
    began = time.monotonic()
    case = me.send()
    assert time.monotonic() - began < 10
    start, end = period(oslo(datetime.now(UTC)))
    me.reads("612 kr", "771 kr", start, end, "202 000 kr", "§ 3b", "§ 3a", "§ 3c")
    me.reads("klage")
    me.wait_for_letter()
    me.go("/min-side/postkasse")
    letter = me.page.locator("main a[href^='/min-side/postkasse/']").first
    me.press(letter)
    me.reads("612", "771", "Stord kommune")
    address = urlsplit(me.page.url).path
    document = me.page.request.get(f"{town.origin}{address}/brev.pdf")
    assert document.headers["content-type"] == "application/pdf"
    with pikepdf.open(BytesIO(document.body())) as pdf, pdf.open_metadata() as about:
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("2", "A", "1")
    told(me)
    me.go("/min-side/hvem-har-sett")
    me.reads("Skatteetaten")
    me.go(case)
    me.reads("612 kr")


def told(me: Walker) -> None:
    """A notice has gone to her e-mail, and says nothing of the matter itself."""
    ends = time.monotonic() + 20
    while "ingrid1@epost.example" not in me.text() and time.monotonic() < ends:
        me.page.goto(f"{me.origin}/utboks")
    me.examine()
    me.reads("ingrid1@epost.example")
    mail = me.page.locator(".ds-card", has_text="ingrid1@epost.example").first.inner_text()
    assert not re.search(r"\b(612|771|barnehage|foreldrebet)", mail, re.IGNORECASE)


def test_by_keyboard_alone(walk: Walk, town: Town) -> None:
    me = walk(examine=False)
    page = me.page
    me.go(START)
    me.enter_on(page.locator("form:has(input[name=som][value=hjemme]) button"))
    me.tab_to(page.locator("#number"))
    page.keyboard.type(town.a_mother())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    me.enter_on(page.locator(f"form[action='{START}'] button"))
    me.tab_to(page.locator("input[name='answer.barna stemmer']").first)
    page.keyboard.press("Space")
    me.enter_on(page.locator("button[name=do][value=next]:visible").last)
    for fact in ("samboer uten felles barn", "varig inntektsnedgang"):
        me.tab_to(page.locator(f"input[name='answer.{fact}']").first)
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"input[name='answer.{fact}'][value=nei]")).to_be_checked()
    me.enter_on(page.locator("button[name=do][value=next]:visible").last)
    me.enter_on(page.locator("form[action$='/send'] button"))
    me.reads("612 kr", "771 kr")
    me.wait_for_letter()
    me.enter_on(page.locator("#case-letters a").first)
    me.reads("612", "771")


def test_without_javascript(walk: Walk, town: Town) -> None:
    me = walk(script=False)
    me.go(START)
    me.by_number(town.a_mother())
    me.press(me.page.locator(f"form[action='{START}'] button"))
    me.next()
    expect(me.page.locator("#errors")).to_be_visible()
    me.answer_no_fall()
    me.send()
    me.reads("612 kr", "771 kr")
    ends = time.monotonic() + 20
    while me.page.locator("#case-letters a").count() == 0 and time.monotonic() < ends:
        me.page.reload()
    me.press(me.page.locator("#case-letters a").first)
    me.reads("612", "771")


def test_acting_for_a_child_is_shown_on_every_page(walk: Walk, town: Town) -> None:
    me = walk()
    me.by_number(town.a_mother())
    me.go("/min-side/representasjon")
    me.press(me.page.locator("form:has(input[name=person]) button").first)
    shown = me.page.locator(".dn-acting")
    pages = {str(link.get_attribute("href")) for link in me.page.locator("header a, nav a, main a").all()}
    ours = sorted(
        address for address in pages if address.startswith("/") and not address.startswith("/static")
    )
    assert len(ours) > 5
    for address in [
        *ours,
        START,
        SERVICE,
        "/min-side/hvem-har-sett",
        "/min-side/innlogginger",
        "/personvern",
    ]:
        me.go(address)
        expect(shown).to_contain_text("Nora Sunde")
    me.press(shown.locator("button"))
    expect(shown).to_have_count(0)


def test_a_draft_goes_on_in_another_browser(walk: Walk, town: Town) -> None:
    number = town.a_mother()
    here, there = walk(examine=False), walk()
    here.by_number(number)
    open_form(here)
    with here.page.expect_response(lambda answer: answer.request.method == "POST"):
        here.choose("barna stemmer", "ja")  # saved as one goes, no button is pressed
    there.by_number(number)
    there.press(there.page.locator("main a[href^='/soknad/']").first)
    assert there.page.url.endswith("/2"), "the first page with something missing"
    there.press(there.page.locator("button[name=do][value=back]"))
    expect(there.page.locator("input[name='answer.barna stemmer'][value=ja]")).to_be_checked()
    there.answer_no_fall()
    there.send()
    there.reads("612 kr", "771 kr")
    here.next()
    assert "/sak/" in here.page.url, "the old tab leads to the case"


def test_a_session_that_runs_out_in_the_middle_of_a_form(walk: Walk, town: Town) -> None:
    number = town.a_mother()
    me = walk(script=False)
    me.go(START)
    me.by_number(number)
    me.press(me.page.locator(f"form[action='{START}'] button"))
    me.choose("barna stemmer", "nei")
    me.write("[name='note.barna stemmer']", "Fosterbarnet mangler")
    town.sql("UPDATE identity_session SET seen_at = seen_at - interval '1 hour'")
    me.next()
    assert urlsplit(me.page.url).path == "/logg-inn"
    me.reads("Du er logget ut fordi det har gått en stund")
    me.by_number(number)
    assert re.fullmatch(r"/soknad/[0-9a-f-]+/1", urlsplit(me.page.url).path)
    expect(me.page.locator("input[name='answer.barna stemmer'][value=nei]")).to_be_checked()
    expect(me.page.locator("[name='note.barna stemmer']")).to_have_value("Fosterbarnet mangler")
    me.next()
    assert me.page.url.endswith("/2")
