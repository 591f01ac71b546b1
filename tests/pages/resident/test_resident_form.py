"""The form: resumed, two tabs, disputes, attachments, double clicks, a second application."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from at_home import CHILDREN, FALLEN, HOUSEHOLD, Resident, at_desk, id_of, pdf, photo, revision, words
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dugnad.cases import queries as cases
from dugnad.flows import desk
from dugnad.pages.desk.showing import fact_tables
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope
from portal import Portal

MEGABYTE = 1024 * 1024


def as_extra(environment: dict[str, Any]) -> dict[str, Any]:
    """What the test client puts into the request's environment."""
    return environment


def test_asking_for_the_form_changes_nothing_until_it_is_opened(mother: Resident) -> None:
    assert "Ingenting blir sendt" in mother.read("/soknad/redusert-foreldrebetaling/start")
    assert "Søknader du har byrja på" not in mother.read("/min-side")
    assert mother.get("/soknad/finnes-ikke/start").status_code == 404


def test_a_missing_answer_is_told_beside_the_field_and_at_the_top(mother: Resident) -> None:
    form = mother.begin()
    answer = mother.post(f"{form}/1", {"revision": "0", "do": "next"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#field-answer-barna-stemmer"' in page
    assert 'id="field-answer-barna-stemmer-error"' in page


def test_an_answer_that_needs_words_asks_for_them_and_keeps_the_answer(mother: Resident) -> None:
    form = mother.begin()
    answer = mother.post(f"{form}/1", {"revision": "0", "answer.barna stemmer": "nei", "do": "next"})
    assert answer.status_code == 422
    assert 'name="note.barna stemmer"' in answer.content.decode()
    fields = {
        "revision": "1",
        "answer.barna stemmer": "nei",
        "note.barna stemmer": "Eit fosterbarn manglar",
        "do": "next",
    }
    assert mother.post(f"{form}/1", fields)["Location"] == f"{form}/2"


def test_nobody_else_s_answers_are_taken_in(mother: Resident) -> None:
    form = mother.begin()
    mother.post(
        f"{form}/1",
        {"revision": "0", "answer.husholdning.personinntekt": "1", "answer.søker": "x", "do": "later"},
    )
    assert revision(mother.get(f"{form}/1")) == "0"


def test_a_draft_is_resumed_on_another_device_where_one_left_it(mother: Resident, portal: Portal) -> None:
    form = mother.begin()
    mother.post(f"{form}/1", {"revision": "0", **CHILDREN, "do": "later"})
    phone = Resident(portal, "mor i Stord")
    assert "Søknader du har byrja på" in phone.read("/min-side")
    assert phone.get(form)["Location"] == f"{form}/2"
    assert phone.begin() == form


def test_a_discarded_draft_is_gone(mother: Resident) -> None:
    form = mother.begin()
    assert "Vil du kaste søknaden?" in mother.read(f"{form}/kast")
    assert mother.post(f"{form}/kast").status_code == 303
    assert "Søknader du har byrja på" not in mother.read("/min-side")
    assert mother.get(f"{form}/1")["Location"] == "/min-side"
    assert mother.begin() != form


def test_two_tabs_show_both_versions_and_lose_nothing(mother: Resident) -> None:
    form = mother.begin()
    mother.post(f"{form}/2", {"revision": "0", **HOUSEHOLD, "do": "later"})
    answer = mother.post(f"{form}/2", {"revision": "0", **FALLEN, "do": "next"})
    page = words(answer)
    assert answer.status_code == 409
    assert "Har inntekta i hushaldet gått varig ned i år? Det du skreiv her Ja Det som er lagra Nei" in page
    mine = mother.post(f"{form}/2", {"revision": revision(answer), **FALLEN, "do": "stay"})
    assert mine["Location"] == f"{form}/2"
    assert "Har inntekta i hushaldet gått varig ned i år? Ja" in mother.read(f"{form}/oppsummering")


def test_saving_in_the_background_tells_when_and_shows_what_follows(mother: Resident) -> None:
    form = mother.begin()
    behind = {"HTTP_HX_REQUEST": "true"}
    part = mother.post(f"{form}/1", {"revision": "0", "answer.barna stemmer": "nei"}, **behind)
    page = part.content.decode()
    assert "<html" not in page
    assert "Lagra" in page
    assert revision(part) == "1"
    assert 'name="note.barna stemmer"' in page
    stale = mother.post(f"{form}/1", {"revision": "0", "answer.barna stemmer": "ja"}, **behind)
    assert "endra i ei anna fane" in words(stale)
    assert revision(stale) == "0"


def of_child(portal: Portal, given: str) -> str:
    """The field where a child's hours are said to be wrong: our id of the child in it, never the identity number."""
    rows = portal.store.rows("SELECT number FROM person WHERE given = ? AND family = 'Sunde'", (given,))
    ((child,),) = portal.sql(
        "SELECT id FROM identity_person WHERE identity_number = %s", f"{rows[0][0]:011d}"
    )
    return f"dispute.barn.{child}.avtalt tid"


def test_a_disputed_fact_keeps_the_register_s_value_and_stops_for_a_person(
    mother: Resident, portal: Portal
) -> None:
    form = mother.begin()
    field = of_child(portal, "Odin")
    assert f'name="{field}"' in mother.get(f"{form}/1").content.decode()
    case = mother.send(form, mother.fill(form, None, **{field: "30 timar i veka."}))
    with scope(Scope(person=mother.person_id)):
        found = cases.case(id_of(case))
    assert found.status == "review"
    (stop,) = found.stops
    assert stop["name"] == "opplysning bestridt"
    assert stop["why"]["nn"] == "Søkjaren meiner at dette ikkje stemmer: Avtalt tid (Odin)."
    assert list(stop["concerns"]) == ["barn.1.avtalt tid"], "the second child's, and no other's"
    with at_desk(portal, "saksbehandler i Stord") as member:
        dossier = desk.look(case_id=found.id, staff=member, at=datetime.now(UTC))
        asked = [one.path for one in dossier.correctable if one.is_concerned]
        said = {
            (table.owners[place], row.label): cell.disputed
            for table in fact_tables(dossier)
            for row in table.rows
            for place, cell in enumerate(row.cells)
            if cell.disputed
        }
    assert asked == ["barn.1.avtalt tid"]
    assert list(said.items()) == [(("Odin", "Avtalt tid"), "30 timar i veka.")]


def test_each_child_has_its_own_field_and_the_list_one(mother: Resident) -> None:
    page = mother.read(f"{mother.begin()}/1")
    assert [label for label in ("Barna: kva", "Avtalt tid: Nora: kva", "Avtalt tid: Odin: kva") if label in page] == [
        "Barna: kva", "Avtalt tid: Nora: kva", "Avtalt tid: Odin: kva",
    ]  # fmt: skip


def test_the_summary_shows_the_dispute_beside_the_register_s_value(mother: Resident, portal: Portal) -> None:
    form = mother.begin()
    field = of_child(portal, "Odin")
    mother.fill(form, None, **{field: "30 timar i veka."})
    page = mother.read(f"{form}/oppsummering")
    assert "45 timar" in page
    assert page.count("Du oppgir: 30 timar i veka.") == 1, "beside Odin's, not beside Nora's"
    assert "Avtalt tid: Odin" in page
    fields = {"revision": revision(mother.get(f"{form}/1")), field: "", "do": "later"}
    mother.post(f"{form}/1", fields)
    assert "Du har meldt feil" not in mother.read(f"{form}/oppsummering")


def test_a_dispute_of_a_child_that_is_not_yours_is_no_field(mother: Resident, portal: Portal) -> None:
    form = mother.begin()
    stranger = "dispute.barn.01900000-0000-7000-8000-000000000000.avtalt tid"
    mother.fill(form, None, **{stranger: "Feil."})
    assert "Du har meldt feil" not in mother.read(f"{form}/oppsummering")


def test_an_incomplete_application_is_not_sent_and_says_what_is_missing(mother: Resident) -> None:
    form = mother.begin()
    answer = mother.post(f"{form}/send", {"revision": "0"})
    assert answer.status_code == 422
    assert f'href="{form}/1#field-answer-barna-stemmer"' in answer.content.decode()
    assert "3 ting manglar før du kan sende" in words(answer)


def test_what_another_tab_changed_is_looked_over_before_it_is_sent(mother: Resident) -> None:
    form = mother.begin()
    before = mother.fill(form)
    mother.post(f"{form}/2", {"revision": before, **FALLEN, "do": "later"})
    answer = mother.post(f"{form}/send", {"revision": before})
    assert (answer.status_code, "endra i ei anna fane" in words(answer)) == (409, True)


def test_a_double_click_gives_one_case(mother: Resident) -> None:
    form = mother.begin()
    at = mother.fill(form)
    assert mother.send(form, at) == mother.send(form, at)
    assert mother.get(f"{form}/1")["Location"].startswith("/sak/")


def test_two_sends_at_the_same_moment_give_one_case(mother: Resident, portal: Portal) -> None:
    form = mother.begin()
    at = mother.fill(form)
    cookies = mother.client.cookies
    found: list[str] = []
    together = threading.Barrier(2)

    def press() -> None:
        from django.db import connection

        client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
        client.cookies = cookies
        together.wait()
        try:
            found.append(client.post(f"{form}/send", {"revision": at})["Location"].partition("?")[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]
    assert portal.sql("SELECT count(*) FROM cases_case") == [(1,)]
    assert portal.sql("SELECT count(*) FROM dispatch_dispatch") == [(1,)]


def test_a_second_application_says_so_and_offers_to_change_the_first(mother: Resident) -> None:
    first = mother.apply()
    form = mother.begin()
    at = mother.fill(form)
    answer = mother.post(f"{form}/send", {"revision": at})
    assert answer.status_code == 409
    assert "Du har alt ein søknad for same barn" in words(answer)
    assert first in answer.content.decode()
    replaced = answer.content.decode().partition('name="replaces" value="')[2].partition('"')[0]
    assert mother.begin(replaces=replaced) == form
    assert "endrar ein du har sendt før" in mother.read(f"{form}/1")
    second = mother.send(form, revision(mother.get(f"{form}/oppsummering")))
    assert second != first
    assert "Avgjord" in mother.read(second)


def test_another_parent_s_application_is_said_to_be_another_s(mother: Resident, portal: Portal) -> None:
    mother.apply()
    father = Resident(portal, "far i Stord")
    form = father.begin()
    answer = father.post(f"{form}/send", {"revision": father.fill(form)})
    assert answer.status_code == 409
    assert "til dømes den andre forelderen, har alt søkt" in words(answer)
    assert "/sak/" not in words(answer)


def test_an_application_is_withdrawn_and_may_be_sent_again(neighbour: Resident) -> None:
    case = neighbour.apply(FALLEN)
    assert "Saka blir avslutta" in neighbour.read(f"{case}/trekk")
    neighbour.post(f"{case}/trekk")
    assert "Trekt" in neighbour.read(case)
    assert neighbour.post(f"{case}/trekk")["Location"] == case
    assert neighbour.apply(FALLEN) != case


def test_a_decided_case_cannot_be_withdrawn(mother: Resident) -> None:
    case = mother.apply()
    assert mother.get(f"{case}/trekk")["Location"] == case
    assert mother.post(f"{case}/trekk").status_code == 303
    assert "Avgjord" in mother.read(case)


def test_one_without_children_of_one_s_own_goes_to_a_person(resident: Callable[..., Resident]) -> None:
    guardian = resident("verge")
    assert "Barna: Registeret har ingen." in guardian.read(f"{guardian.begin()}/1")
    case = guardian.apply()
    assert "Vi finn ingen av barna til søkjaren med plass i barnehage" in guardian.read(case)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tom.pdf", b"", "Fila er tom."),
        ("lonn.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "Namnet seier at fila er PDF"),
        ("lonn.pdf", pdf(locked=True), "PDF-en er låst"),
        ("lonn.docx", b"PK\x03\x04" + b"0" * 40, "Word, Excel, ZIP"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(
    neighbour: Resident, name: str, content: bytes, says: str
) -> None:
    form = neighbour.begin()
    file = SimpleUploadedFile(name, content)
    fields = {
        "revision": "0",
        **FALLEN,
        "file.varig inntektsnedgang": file,
        "upload": "varig inntektsnedgang",
    }
    answer = neighbour.post(f"{form}/2", fields)
    if not content:
        assert answer.status_code == 422
    assert says in words(answer)
    assert "Ja" in neighbour.read(f"{form}/oppsummering"), "what was answered is saved all the same"


def test_a_file_is_kept_as_pdf_shown_and_removed(
    neighbour: Resident, portal: Portal, mother: Resident
) -> None:
    form = neighbour.begin()
    fields = {
        "revision": "0",
        **FALLEN,
        "file.varig inntektsnedgang": SimpleUploadedFile("lønn.png", photo()),
    }
    assert "høgst 10 MB" in neighbour.read(f"{form}/2")
    assert neighbour.post(f"{form}/2", fields).status_code == 303
    page = neighbour.get(f"{form}/2").content.decode()
    address = "/vedlegg/" + page.partition('href="/vedlegg/')[2].partition('"')[0]
    shown = neighbour.get(address)
    assert shown.content.startswith(b"%PDF")
    assert shown["Content-Type"] == "application/pdf"
    assert mother.get(address).status_code == 404
    neighbour.post(
        f"{form}/2", {"revision": revision(neighbour.get(f"{form}/2")), "remove": address.split("/")[2]}
    )
    assert neighbour.get(address).status_code == 404


def test_an_upload_of_300_megabytes_is_refused_before_it_is_read(neighbour: Resident) -> None:
    form = neighbour.begin()

    class Endless(io.RawIOBase):
        """Gives what was promised, and holds nothing."""

        def read(self, size: int = -1) -> bytes:
            return b"x" * (size if 0 <= size < MEGABYTE else MEGABYTE)

    answer = neighbour.client.generic(
        "POST",
        f"{form}/2",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(300 * MEGABYTE),
        **as_extra({"wsgi.input": Endless()}),
    )
    assert answer.status_code == 413
    assert "Fila er for stor" in words(answer) or "Filen er for stor" in words(answer)


def test_an_upload_that_does_not_say_its_length_is_not_read(neighbour: Resident) -> None:
    form = neighbour.begin()

    class Unread(io.RawIOBase):
        """Fails the test if anybody reads it."""

        def read(self, size: int = -1) -> bytes:
            raise AssertionError(size)

    answer = neighbour.client.generic(
        "POST",
        f"{form}/2",
        b"",
        content_type="multipart/form-data; boundary=x",
        **as_extra({"wsgi.input": Unread(), "HTTP_TRANSFER_ENCODING": "chunked"}),
    )
    assert answer.status_code < 500
    assert revision(neighbour.get(f"{form}/2")) == "0"


def test_what_no_keyboard_writes_is_left_out(neighbour: Resident) -> None:
    form = neighbour.begin()
    fields = {"revision": "0", **CHILDREN, "dispute.barn": "30\0 timar", "do": "next"}
    assert neighbour.post(f"{form}/1", fields).status_code == 303
    assert "30 timar" in neighbour.read(f"{form}/1")
