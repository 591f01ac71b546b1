"""The neighbour: a lasting fall in income is discretion, so people decide, and an appeal.

What the law says: the case worker finds 330,000 kr to be the household's income now (§ 3b no. 2). Six per cent over eleven
months is 1,800 kr, above Stord's price of 1,150 kr, so the price stays; 330,000 kr is below the limit of the 20 free hours
(692,400 kr) and Tobias is born in 2023: 25/45 of 1,150 is 638.89 → 638 kr (§ 3c).
"""

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import pikepdf
import pytest
from playwright.sync_api import FilePayload, expect
from town import Town
from walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START = "/soknad/redusert-foreldrebetaling/start"
REASONS = "Lønnsslippen viser at inntekten har falt varig siden mai."
PAY_SLIP = "lønnsslipp oktober.pdf"


def pdf() -> bytes:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


def file(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf()}


def to_the_case(staff: Walker) -> None:
    staff.go("/saker")
    staff.press(staff.page.locator("main a[href^='/saker/']", has_text="Hilde Eide").first)


def form(page_of: Walker, action: str) -> str:
    return f"{urlsplit(page_of.page.url).path}/{action}"


def test_from_a_fall_in_income_to_an_appeal(walk: Callable[..., Walker], town: Town) -> None:
    me, worker, approver = walk(), walk(), walk()
    case = she_applies(me)
    worker.by_name("Elin Haugen", at_work=True)
    asked_for_a_pay_slip(worker)
    she_answers(me, case)
    proposed(worker)
    approved(approver)
    she_reads_the_decision(me, case)
    she_sees_who_has_looked(me)
    appeal = she_appeals(me, case)
    due = town.sql("SELECT due, opened_at::date FROM cases_case WHERE id = %s", appeal)[0]
    assert (due[0] - due[1]).days in range(27, 33), "its own deadline: a month (forvaltningsloven § 11 a)"
    worker.go("/saker?type=appeal")
    worker.press(worker.page.locator("main a[href^='/saker/']", has_text="Hilde Eide").first)
    worker.reads("Jeg har fått sparken igjen")
    assert urlsplit(worker.page.url).path.endswith(appeal)


def she_applies(me: Walker) -> str:
    me.by_name("Hilde Eide")
    me.go(START)
    me.press(me.page.locator(f"form[action='{START}'] button"))
    me.choose("barna stemmer", "ja")
    me.next()
    me.choose("samboer uten felles barn", "nei")
    with me.page.expect_response(lambda answer: answer.request.method == "POST"):
        me.choose("varig inntektsnedgang", "ja")
    expect(me.page.locator("[name='file.varig inntektsnedgang']")).to_be_visible()
    me.next()
    case = me.send()
    me.reads("Ein saksbehandlar ser på søknaden")
    assert "kr" not in me.page.locator(".dn-key-figure").all_inner_texts()
    return case


def asked_for_a_pay_slip(worker: Walker) -> None:
    assert urlsplit(worker.page.url).path == "/saker"
    to_the_case(worker)
    worker.reads("Varig inntektsnedgang", "§ 3b nr. 2", "612 000", "488 000", "Skatteetaten")
    action = form(worker, "sporsmal")
    worker.write(f"form[action='{action}'] [name=text]", "Send den siste lønnsslippen din.")
    worker.press(worker.page.locator(f"form[action='{action}'] button[type=submit]").last)


def she_answers(me: Walker, case: str) -> None:
    me.go(case)
    me.reads("Send den siste lønnsslippen din.")
    me.press(me.page.locator("main a[href*='/svar/']"))
    me.press(me.page.locator("main form button[type=submit]"))
    expect(me.page.locator("#errors")).to_be_visible()  # neither words nor a file
    me.page.set_input_files("[name=files]", [file(PAY_SLIP)])
    me.press(me.page.locator("main form button[type=submit]"))
    assert urlsplit(me.page.url).path == case
    me.reads(PAY_SLIP.removesuffix(".pdf"))


def proposed(worker: Walker) -> None:
    to_the_case(worker)
    worker.reads("lønnsslipp")
    action = form(worker, "forslag")
    fields = worker.page.locator(f"form[action='{action}']")
    income = fields.locator("[name='rett.husholdningens inntekt']")
    worker.write(income, "330 000")
    worker.write(fields.locator("[name=reasons]"), REASONS)
    worker.press(fields.locator(f"button[formaction='{form(worker, 'forhandsvis')}']"))
    expect(worker.page.locator("main details", has_text="Brevet som tekst")).to_contain_text("638")
    worker.page.go_back()
    worker.write(income, "330 000")
    worker.write(fields.locator("[name=reasons]"), REASONS)
    worker.press(fields.locator("button[type=submit]:not([formaction])").last)
    worker.reads("638 kr")


def approved(approver: Walker) -> None:
    approver.by_name("Trond Solberg", at_work=True)
    to_the_case(approver)
    approver.reads("Elin Haugen", "330 000", "638 kr")
    approver.press(approver.page.locator(f"form[action='{form(approver, 'godkjenn')}'] button"))
    approver.reads("638 kr")


def she_reads_the_decision(me: Walker, case: str) -> None:
    me.go(case)
    me.reads("638 kr", "Elin Haugen", "Trond Solberg", "Lønnsslippen viser")
    me.wait_for_letter()
    letters = me.page.locator("#case-letters a")
    assert letters.count() == 3, "the receipt, the request, the decision"
    me.go("/min-side/postkasse")
    me.press(me.page.locator("main a[href^='/min-side/postkasse/']").first)
    me.reads("638", "Lønnsslippen viser", "klage", "330 000")


def she_sees_who_has_looked(me: Walker) -> None:
    me.go("/min-side/hvem-har-sett")
    me.reads("Elin Haugen", "Trond Solberg", "Opna saka")


def she_appeals(me: Walker, case: str) -> str:
    me.go(case)
    me.press(me.page.locator("main a[href$='/klage']"))
    me.write("[name=text]", "Jeg har fått sparken igjen.")
    me.press(me.page.locator("main form button[type=submit]"))
    found = re.fullmatch(r"/sak/([0-9a-f-]+)", urlsplit(me.page.url).path)
    assert found
    assert not case.endswith(found[1]), "a case of its own"
    me.reads("Ein saksbehandlar vurderer klaga")
    return found[1]
