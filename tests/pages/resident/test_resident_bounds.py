"""What is another's, what has run out, what is away."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from at_home import FALLEN, Resident, away, decide_waiting, deliver, links, revision, words
from django.test import Client

from dugnad.jobs.ports import TryAgainError
from portal import Portal


def test_another_person_s_things_do_not_exist(mother: Resident, neighbour: Resident, portal: Portal) -> None:
    form = mother.begin()
    case = mother.apply()
    deliver(portal)
    letter = links(mother.get("/min-side/postkasse"), "/min-side/postkasse/")[0]
    gets = [
        f"{form}", f"{form}/1", f"{form}/oppsummering", f"{form}/kast",
        case, f"{case}/brev", f"{case}/trekk", f"{case}/klage", f"{case}/svar/{uuid4()}",
        letter, f"{letter}/brev.pdf",
    ]  # fmt: skip
    assert [neighbour.get(address).status_code for address in gets] == [404] * len(gets)
    posts = [f"{form}/1", f"{form}/send", f"{form}/kast", f"{case}/trekk", f"{case}/klage", f"{letter}/arkiv"]
    assert [neighbour.post(address, {"text": "x"}).status_code for address in posts] == [404] * len(posts)
    mine = neighbour.begin()
    other = form.rpartition("/")[2]
    assert neighbour.post("/soknad/redusert-foreldrebetaling/start", {"replaces": other}).status_code == 404
    assert neighbour.get(mine).status_code == 303


def test_every_page_asks_for_a_login_first(portal: Portal) -> None:
    stranger = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    for address in (
        "/min-side",
        "/min-side/postkasse",
        f"/sak/{uuid4()}",
        f"/soknad/{uuid4()}/1",
        f"/vedlegg/{uuid4()}",
    ):
        answer = stranger.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/logg-inn")
    behind = stranger.post(f"/soknad/{uuid4()}/1", HTTP_HX_REQUEST="true")
    assert behind["HX-Redirect"].startswith("/logg-inn")


def test_a_form_sent_after_the_login_ran_out_comes_back_with_what_was_typed(
    mother: Resident, portal: Portal
) -> None:
    form = mother.begin()
    portal.sql("UPDATE identity_session SET seen_at = seen_at - interval '2 hours'")
    late = mother.post(f"{form}/2", {"revision": "0", **FALLEN, "do": "next"})
    assert late["Location"].startswith("/logg-inn")
    portal.log_in(mother.client, "mor i Stord")
    page = mother.get(f"{form}/2")
    assert "Innlogginga gjekk ut medan du skreiv" in words(page)
    assert 'value="ja" checked' in page.content.decode()
    assert revision(page) == "0", "nothing was saved behind her back"
    assert "Innlogginga gjekk ut" not in mother.read(f"{form}/2")


def test_a_register_that_is_away_on_min_side_is_a_calm_note(mother: Resident) -> None:
    with away("barnehageregisteret"):
        page = mother.read("/min-side")
    assert "Vi får ikkje svar frå barnehageregisteret akkurat no" in page
    assert "Nora" in page
    assert "Vi får ikkje svar" not in mother.read("/min-side")
    with away("kontaktregisteret"):
        assert "svarer ikkje akkurat no" in mother.read("/min-side/kontaktinformasjon")


def test_a_register_away_when_the_form_opens_and_back_when_it_is_sent(mother: Resident) -> None:
    with away("skattegrunnlaget"):
        form = mother.begin()
        page = mother.read(f"{form}/2")
        assert "Vi får ikkje svar frå Skatteetaten" in page
        assert "Registeret svarer ikkje akkurat no" in page
        at = mother.fill(form)
    assert "Avgjord" in mother.read(mother.send(form, at))


def test_a_register_away_when_it_is_sent_keeps_the_application_and_decides_later(
    mother: Resident, portal: Portal
) -> None:
    with away("skattegrunnlaget"):
        form = mother.begin()
        case = mother.send(form, mother.fill(form))
        page = mother.read(case)
        assert "Ventar på eit register" in page
        assert "Vi held fram av oss sjølve" in page
        with pytest.raises(TryAgainError):
            decide_waiting(portal, case)
    queued = "SELECT args->>'name' FROM procrastinate_jobs ORDER BY 1"
    assert portal.sql(queued) == [("decide",), ("provisional-reply",)]
    decide_waiting(portal, case)
    page = mother.read(case)
    assert "Avgjord" in page
    assert "Et register var borte" in page or "Eit register var borte" in page
    assert deliver(portal) == 2, "the receipt and the decision"


def test_the_population_register_away_at_first_login_says_what_to_do(
    portal: Portal, mother: Resident
) -> None:
    portal.sql("UPDATE identity_person SET municipality = '' WHERE id = %s", mother.person_id)
    answer = mother.post("/soknad/redusert-foreldrebetaling/start")
    assert answer.status_code == 503
    assert "Vi veit ikkje kva kommune du bur i" in words(answer)


def test_a_municipality_that_has_not_adopted_the_service_says_so(portal: Portal, mother: Resident) -> None:
    portal.sql("UPDATE identity_person SET municipality = '46' WHERE id = %s", mother.person_id)
    answer = mother.post("/soknad/redusert-foreldrebetaling/start")
    assert answer.status_code == 404
    assert "Kommunen din tilbyr ikkje dette her" in words(answer)


def test_letters_are_archived_found_and_taken_back(mother: Resident, portal: Portal) -> None:
    mother.apply()
    deliver(portal)
    letter = links(mother.get("/min-side/postkasse"), "/min-side/postkasse/")[0]
    assert letter in mother.get("/min-side/postkasse?vis=ulest").content.decode()
    assert letter in mother.get("/min-side/postkasse?q=stord").content.decode()
    assert "Ingen brev passar til søket" in mother.read("/min-side/postkasse?q=bergen")
    mother.post(f"{letter}/arkiv", {"archived": "yes"})
    assert letter not in mother.get("/min-side/postkasse").content.decode()
    assert letter in mother.get("/min-side/postkasse?vis=arkiv").content.decode()
    mother.post(f"{letter}/arkiv", {"archived": "no"})
    assert letter in mother.get("/min-side/postkasse").content.decode()


def test_opening_a_letter_is_noted_once(mother: Resident, portal: Portal) -> None:
    mother.apply()
    deliver(portal)
    letter = links(mother.get("/min-side/postkasse"), "/min-side/postkasse/")[0]
    mother.get(letter)
    mother.get(letter)
    mother.get(f"{letter}/brev.pdf")
    assert portal.sql("SELECT count(*) FROM audit_entry WHERE action = 'letter.opened'") == [(1,)]


def test_who_has_seen_names_the_registers_and_hides_the_other_parent(
    mother: Resident, portal: Portal
) -> None:
    father = Resident(portal, "far i Stord")
    mother.apply()
    page = father.read("/min-side/hvem-har-sett")
    assert "Ein annan som søkte for hushaldet eller eit barn" in page
    assert "Henta opplysningar frå Folkeregisteret, Skatteetaten" in page
    assert "Ingrid" not in page
    assert "Du, Stord kommune" in mother.read("/min-side/hvem-har-sett")


def test_the_log_is_read_page_by_page(mother: Resident, portal: Portal) -> None:
    portal.sql(
        """INSERT INTO audit_entry (at, action, is_look, actor, actor_name, service, person_id, purpose, detail)
           SELECT now(), 'case.viewed', true, 'staff:x@y', 'Saksbehandler ' || n, '', %s, 'Saksbehandling', '{}'
           FROM generate_series(1, 45) n""",
        mother.person_id,
    )
    address, seen = "/min-side/hvem-har-sett", 0
    for _ in range(3):
        page = mother.get(address)
        seen += page.content.decode().count("Saksbehandler ")
        older = [one for one in links(page, r"\?") if "for=" in one]
        address = f"/min-side/hvem-har-sett{older[0]}" if older else ""
    assert address == ""
    assert seen == 45


@pytest.mark.parametrize("junk", ["for=x", "for=1e9", "vis=../", "q=%00", "for=99999999999999999999999"])
def test_junk_in_an_address_is_no_fault(mother: Resident, junk: str) -> None:
    for page in ("/min-side/postkasse", "/min-side/saker", "/min-side/hvem-har-sett"):
        assert mother.get(f"{page}?{junk}").status_code == 200


def test_contact_data_are_shown_with_where_to_change_them(resident: Callable[..., Resident]) -> None:
    page = resident("mor i Stord").read("/min-side/kontaktinformasjon")
    assert "ingrid" in page
    assert "norge.no" in page
    assert "Du har reservert deg mot digital post" in resident("reservert i KRR").read(
        "/min-side/kontaktinformasjon"
    )


def test_min_side_costs_the_same_with_a_thousand_cases(mother: Resident, portal: Portal) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    mother.apply()
    mother.read("/min-side")

    def queries() -> int:
        with CaptureQueriesContext(connection) as run:
            mother.read("/min-side")
        return len(run)

    few = queries()
    names = portal.sql("SELECT column_name FROM information_schema.columns WHERE table_name = 'cases_case'")
    columns = ", ".join(name for (name,) in names if name not in {"id", "number"})
    portal.sql(
        f"INSERT INTO cases_case (id, number, {columns}) "
        f"SELECT gen_random_uuid(), 'x/' || n, {columns} FROM cases_case, generate_series(1, 1000) n"
    )
    assert queries() <= few + 2, "what the process keeps of the catalogue is looked up every few seconds"
    assert "Alle sakene dine" in mother.read("/min-side")


def test_even_the_population_register_may_be_away(mother: Resident, portal: Portal) -> None:
    with away("folkeregisteret", "barnehageregisteret", "skattegrunnlaget"):
        form = mother.begin()
        assert "Vi får ikkje svar frå" in mother.read(f"{form}/1")
        case = mother.send(form, mother.fill(form))
    decide_waiting(portal, case)
    assert "Avgjord" in mother.read(case)
    again = mother.begin()
    answer = mother.post(f"{again}/send", {"revision": mother.fill(again)})
    assert answer.status_code == 409, "the children were claimed when they became known"


def test_two_parents_while_the_register_was_away_are_sorted_out_by_a_person(
    mother: Resident, portal: Portal
) -> None:
    with away("folkeregisteret", "barnehageregisteret", "skattegrunnlaget"):
        form = mother.begin()
        case = mother.send(form, mother.fill(form))
    father = Resident(portal, "far i Stord")
    assert "Avgjord" in father.read(father.apply())
    decide_waiting(portal, case)
    page = mother.read(case)
    assert "Hos saksbehandlar" in page
    assert "vart det søkt for same barn i ein annan søknad" in page
