"""Asking the resident, appeals, notes, protected addresses, and that every look is logged."""

import struct
import zlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from work import Desk

from dugnad.applications import commands as applications
from dugnad.applications import queries as application_reads
from dugnad.audit import queries as audit
from dugnad.cases import commands as case_commands
from dugnad.cases import queries as cases
from dugnad.decisions import queries as decisions
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.facts import queries as facts
from dugnad.flows import appeal
from dugnad.shared.actor import Actor

WORKER, APPROVER, KEY = "saksbehandler i Stord", "godkjenner i Stord", "nabo i Stord"
INCOME = "rett.husholdningens inntekt"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# A white picture of 40 × 40 points: all a pay slip needs to be here.
PNG = b"".join(
    (
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress((b"\x00" + b"\xff" * 40) * 40)),
        chunk(b"IEND", b""),
    )
)


def text_of(desk: Desk, case_id: UUID, key: str = WORKER, query: str = "") -> str:
    return desk.browser(key).get(f"/saker/{case_id}{query}").content.decode().replace("\xa0", " ")


def decide(desk: Desk, case_id: UUID, income: str = "200 000") -> None:
    worker, approver = desk.browser(WORKER), desk.browser(APPROVER)
    seen = desk.changed_at(case_id)
    fields = {INCOME: income, "reasons": "Etter lønnsslipp.", "seen": seen}
    assert worker.post(f"/saker/{case_id}/forslag", fields).status_code == 303
    seen = desk.changed_at(case_id)
    assert approver.post(f"/saker/{case_id}/godkjenn", {"seen": seen}).status_code == 303


def file_appeal(desk: Desk, case_id: UUID) -> UUID:
    me = desk.resident()
    with desk.scope_of():
        opened = appeal.file(
            case_id=case_id,
            grounds="Dere glemte at jeg er permittert.",
            by=Actor.resident(me.person_id),
            at=datetime.now(UTC),
        )
    return opened.id


def test_a_ready_text_comes_in_the_language_of_the_resident(desk: Desk) -> None:
    case_id = desk.apply()
    assert "Vi treng lønsslipp" in text_of(desk, case_id, query="?mal=payslip")
    assert "Vi treng lønsslipp" not in text_of(desk, case_id, query="?mal=../etc")


def test_the_resident_is_asked_and_the_answer_is_seen_with_its_attachment(desk: Desk) -> None:
    case_id = desk.apply()
    worker, me = desk.browser(WORKER), desk.resident()
    assert (
        "Skriv hva du trenger." in worker.post(f"/saker/{case_id}/sporsmal", {"text": " "}).content.decode()
    )
    assert worker.post(f"/saker/{case_id}/sporsmal", {"text": "Send lønnsslipp."}).status_code == 303
    by, now = Actor.resident(me.person_id), datetime.now(UTC)
    examined = applications.examine(name="lonn.png", data=PNG, language="nn", at=now)
    with desk.scope_of():
        (asked,) = cases.requests(case_id)
        case = cases.case(case_id)
        assert case.status == "waiting_applicant"
        assert case.application_id is not None
        owner = application_reads.application(case.application_id)
        attachment = applications.attach(
            file=examined, question="", owner=owner, case_id=case_id, by=by, at=now
        )
        case_commands.answer(request_id=asked.id, text="Her er den.", by=by, at=now)
    text = text_of(desk, case_id)
    assert "Her er den." in text
    assert "lonn" in text
    pdf = worker.get(f"/saker/{case_id}/vedlegg/{attachment}")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    with desk.scope_of():
        seen = [row.action for row in audit.looks_at(me.person_id) if row.is_look]
    assert "attachment.viewed" in seen


def test_a_question_to_a_case_that_moved_on_loses_nothing(desk: Desk) -> None:
    case_id = desk.apply()
    worker = desk.browser(WORKER)
    worker.post(f"/saker/{case_id}/sporsmal", {"text": "Send lønnsslipp."})
    answer = worker.post(f"/saker/{case_id}/sporsmal", {"text": "Og skattemeldingen."})
    assert answer.status_code == 409
    assert "Og skattemeldingen." in answer.content.decode()
    with desk.scope_of():
        assert len(cases.requests(case_id)) == 1


def test_a_look_at_a_case_is_logged_with_name_for_the_resident(desk: Desk) -> None:
    case_id = desk.apply()
    text_of(desk, case_id)
    me = desk.resident()
    with desk.scope_of():
        (look,) = [row for row in audit.looks_at(me.person_id) if row.action == "case.viewed"]
    assert (look.is_look, look.actor_name) == (True, desk.portal.people[WORKER].name)


def test_notes_are_internal(desk: Desk) -> None:
    case_id = desk.apply()
    desk.browser(WORKER).post(f"/saker/{case_id}/notat", {"note": "Ringte i dag."})
    assert "Ringte i dag." in text_of(desk, case_id, APPROVER)
    with desk.scope_of():
        assert cases.notes(case_id) == []


def test_a_protected_address_is_announced_and_never_shown(desk: Desk) -> None:
    case_id = desk.apply("fortrolig adresse", varig_inntektsnedgang=False)
    text = text_of(desk, case_id)
    assert "Noen i saken har skjermet adresse" in text
    assert "adressebeskyttelse" not in text.lower()
    assert "skjult, skjermet adresse" in text
    with desk.scope_of("fortrolig adresse"):
        case = cases.case(case_id)
        assert case.application_id is not None
        collection = application_reads.application(case.application_id).collection_id
        (child,) = facts.collection(collection).values["barn"]
    assert child.get("barnehage", "(ingen barnehage)") not in text


def test_an_unprotected_case_has_no_such_banner(desk: Desk) -> None:
    assert "Noen i saken har skjermet adresse" not in text_of(desk, desk.apply())


def test_the_letters_of_a_case_open_at_the_desk_and_no_others(desk: Desk) -> None:
    case_id, other = desk.apply(), desk.apply("mor med delt bosted")
    with desk.as_worker():
        dispatch.deliver(at=datetime.now(UTC))
    with desk.scope_of():
        (receipt,) = letters.letters_of_case(case_id)
    worker = desk.browser(WORKER)
    assert worker.get(f"/saker/{case_id}/brev/{receipt.id}").content.startswith(b"%PDF-")
    assert worker.get(f"/saker/{other}/brev/{receipt.id}").status_code == 404


def test_an_appeal_shows_its_grounds_and_what_it_is_about(desk: Desk) -> None:
    case_id = desk.apply()
    decide(desk, case_id)
    text = text_of(desk, file_appeal(desk, case_id))
    assert "Dere glemte at jeg er permittert." in text
    assert f"/saker/{case_id}" in text
    assert "606 kr" in text
    assert "Statsforvalteren" in text


def test_an_appeal_is_upheld_with_new_facts_by_two(desk: Desk) -> None:
    case_id = desk.apply()
    decide(desk, case_id, income="700 000")
    appealed = file_appeal(desk, case_id)
    decide(desk, appealed, income="200 000")
    with desk.scope_of():
        assert cases.case(appealed).status == "decided"
        (made,) = decisions.of_case(appealed)
        assert made.summary["items"][0]["amount"].replace("\xa0", " ") == "606 kr"
        (first,) = decisions.of_case(case_id)
        assert first.summary["items"][0]["amount"].replace("\xa0", " ") == "1 150 kr"


def test_an_appeal_is_sent_on_with_a_statement(desk: Desk) -> None:
    case_id = desk.apply()
    decide(desk, case_id)
    appealed = file_appeal(desk, case_id)
    worker = desk.browser(WORKER)
    refused = worker.post(f"/saker/{appealed}/klageinstans", {"statement": ""})
    assert "Skriv hvorfor vedtaket står seg." in refused.content.decode()
    sent = worker.post(f"/saker/{appealed}/klageinstans", {"statement": "Vedtaket bygger på lønnsslippene."})
    assert sent.status_code == 303
    with desk.scope_of():
        assert cases.case(appealed).status == "forwarded"


def test_an_application_cannot_be_sent_to_the_appeal_body(desk: Desk) -> None:
    case_id = desk.apply()
    answer = desk.browser(WORKER).post(f"/saker/{case_id}/klageinstans", {"statement": "Ta den."})
    assert answer.status_code in {404, 409}
    with desk.scope_of():
        assert cases.case(case_id).status == "review"


@pytest.mark.parametrize("path", ["forslag", "sporsmal", "fordel", "utkast", "klageinstans"])
def test_an_approver_alone_handles_no_cases(desk: Desk, path: str) -> None:
    fields = {"reasons": "x", "text": "x", "assign": "", "statement": "x", "seen": ""}
    assert desk.browser(APPROVER).post(f"/saker/{desk.apply()}/{path}", fields).status_code == 403


@pytest.mark.parametrize("path", ["godkjenn", "send-tilbake"])
def test_a_case_worker_alone_approves_nothing(desk: Desk, path: str) -> None:
    answer = desk.browser(WORKER).post(f"/saker/{desk.apply()}/{path}", {"reason": "x", "seen": ""})
    assert answer.status_code == 403
