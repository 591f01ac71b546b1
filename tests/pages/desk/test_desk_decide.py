"""From a stop to a decision: corrections, four eyes, and what nobody may do alone."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from work import Desk

from dugnad.cases import queries as cases
from dugnad.decisions import queries as decisions

INCOME = "rett.husholdningens inntekt"


def page(client: Client, case_id: UUID) -> str:
    answer = client.get(f"/saker/{case_id}")
    assert answer.status_code == 200
    return answer.content.decode()


def seen(client: Client, case_id: UUID) -> str:
    return page(client, case_id).split('name="seen" value="')[1].split('"')[0]


def propose(
    client: Client, case_id: UUID, income: str = "200 000", reasons: str = "Permittert siden mai."
) -> HttpResponse:
    fields = {INCOME: income, "reasons": reasons, "seen": seen(client, case_id)}
    return client.post(f"/saker/{case_id}/forslag", fields)


def status(desk: Desk, case_id: UUID) -> str:
    with desk.scope_of():
        return cases.case(case_id).status


def test_the_page_says_why_automation_stopped_and_what_to_do(desk: Desk) -> None:
    text = page(desk.browser("saksbehandler i Stord"), desk.apply())
    assert "varig nedgang i inntekten" in text
    assert "§ 3b nr. 2" in text
    assert "Be om dokumentasjon" in text
    assert "Hilde Eide" in text


def test_a_corrected_income_gives_the_amount_the_regulation_says(desk: Desk) -> None:
    # § 3b: 6 % of 200 000 over 11 months is 1090,91. § 3c: the 20 free of 45 hours leave 25/45: 606,06, rounded down.
    text = desk.browser("saksbehandler i Stord").post(
        f"/saker/{desk.apply()}/utkast", {INCOME: "200 000", "reasons": "Lønnsslipp mai–juli"}
    )
    assert text.status_code == 200
    shown = text.content.decode().replace("\xa0", " ")
    assert "606 kr" in shown
    assert "Lønnsslipp mai–juli" in shown


@pytest.mark.parametrize("wrong", ["tusen", "-5", "1e99", "NaN", "200 000 000 000 000"])
def test_a_wrong_correction_is_refused_beside_its_field(desk: Desk, wrong: str) -> None:
    case_id = desk.apply()
    answer = propose(desk.browser("saksbehandler i Stord"), case_id, income=wrong)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'aria-invalid="true"' in text
    assert f'value="{wrong}"' in text
    assert "Permittert siden mai." in text
    assert status(desk, case_id) == "review"


def test_a_proposal_needs_reasons(desk: Desk) -> None:
    case_id = desk.apply()
    answer = propose(desk.browser("saksbehandler i Stord"), case_id, reasons=" ")
    assert answer.status_code == 422
    assert "Skriv en begrunnelse." in answer.content.decode()
    assert status(desk, case_id) == "review"


def test_two_pairs_of_eyes_decide_and_the_letter_is_written(desk: Desk) -> None:
    case_id = desk.apply()
    assert propose(desk.browser("saksbehandler i Stord"), case_id).status_code == 303
    approver = desk.browser("godkjenner i Stord")
    text = page(approver, case_id).replace("\xa0", " ")
    assert "Permittert siden mai." in text
    assert "1 105 000 kr" in text
    assert "200 000 kr" in text
    answer = approver.post(f"/saker/{case_id}/godkjenn", {"seen": seen(approver, case_id)})
    assert answer.status_code == 303
    assert urlsplit(answer["Location"]).path == f"/saker/{case_id}"
    with desk.scope_of():
        assert cases.case(case_id).status == "decided"
        (made,) = decisions.of_case(case_id)
        assert made.summary["items"][0]["amount"].replace("\xa0", " ") == "606 kr"
        assert (made.automatic, made.reasons) == (False, "Permittert siden mai.")
    assert "I postkassen" in page(approver, case_id) or "På vei til postkassen" in page(approver, case_id)


def test_the_one_who_proposed_cannot_approve(desk: Desk) -> None:
    case_id = desk.apply()
    desk.give("saksbehandler i Stord", "approver")
    worker = desk.browser("saksbehandler i Stord")
    propose(worker, case_id)
    text = page(worker, case_id)
    assert "En annen må godkjenne" in text
    assert f"/saker/{case_id}/godkjenn" not in text
    answer = worker.post(f"/saker/{case_id}/godkjenn", {"seen": desk.changed_at(case_id)})
    assert "Du har foreslått vedtaket selv" in answer.content.decode()
    assert status(desk, case_id) == "approval"
    with desk.scope_of():
        assert decisions.of_case(case_id) == []


def test_approving_what_has_changed_since_one_looked_is_a_calm_message(desk: Desk) -> None:
    case_id = desk.apply()
    worker, approver = desk.browser("saksbehandler i Stord"), desk.browser("godkjenner i Stord")
    propose(worker, case_id)
    old = seen(approver, case_id)
    approver.post(f"/saker/{case_id}/send-tilbake", {"reason": "Hva med kapitalinntekten?"})
    propose(worker, case_id, income="300 000")
    answer = approver.post(f"/saker/{case_id}/godkjenn", {"seen": old})
    assert answer.status_code == 409
    assert "Saken er endret av en kollega" in answer.content.decode()
    assert status(desk, case_id) == "approval"


def test_a_proposal_sent_back_comes_with_its_reason(desk: Desk) -> None:
    case_id = desk.apply()
    worker, approver = desk.browser("saksbehandler i Stord"), desk.browser("godkjenner i Stord")
    propose(worker, case_id)
    refused = approver.post(f"/saker/{case_id}/send-tilbake", {"reason": ""})
    assert "Skriv hva som må endres." in refused.content.decode()
    approver.post(f"/saker/{case_id}/send-tilbake", {"reason": "Hva med kapitalinntekten?"})
    assert status(desk, case_id) == "review"
    assert "Hva med kapitalinntekten?" in page(worker, case_id)


def test_a_late_proposal_loses_nothing_of_what_was_typed(desk: Desk) -> None:
    case_id = desk.apply()
    worker = desk.browser("saksbehandler i Stord")
    old = seen(worker, case_id)
    propose(worker, case_id)
    answer = worker.post(
        f"/saker/{case_id}/forslag", {INCOME: "250 000", "reasons": "Ny lønnsslipp.", "seen": old}
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Ny lønnsslipp." in text
    assert "250 000" in text


def test_the_letter_is_shown_before_it_is_proposed(desk: Desk) -> None:
    case_id = desk.apply()
    worker = desk.browser("saksbehandler i Stord")
    fields = {INCOME: "200 000", "reasons": "Permittert."}
    shown = worker.post(f"/saker/{case_id}/forhandsvis", fields)
    assert "data:image/png;base64," in shown.content.decode()
    pdf = worker.post(f"/saker/{case_id}/forhandsvis", {**fields, "form": "pdf"})
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert status(desk, case_id) == "review"


def test_the_letter_says_that_a_person_set_the_income_not_that_the_registers_did(desk: Desk) -> None:
    fields = {INCOME: "200 000", "reasons": "Permittert."}
    shown = desk.browser("saksbehandler i Stord").post(f"/saker/{desk.apply()}/forhandsvis", fields)
    text = shown.content.decode().replace("\xa0", " ")
    assert "Ein saksbehandlar har vurdert saka og sett dette til 200 000 kr." in text
    assert "til saman 200 000 kr" not in text
