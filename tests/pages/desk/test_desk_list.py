"""The desk's list and who sees what: own organisation, own services, nothing else."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from work import SERVICE, Desk

from dugnad.cases import commands as cases
from dugnad.cases import queries
from dugnad.cases.states import Act
from dugnad.cases.types import NewCase
from dugnad.catalogue import queries as catalogue
from dugnad.pages.desk.listing import deadline
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.tenancy import queries as tenancy
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

WORKER = "saksbehandler i Stord"


def fill(many: int, code: str = "4614") -> None:
    """Open many cases that need a person, with deadlines a day apart."""
    organisation = tenancy.organisation_by_code(code).id
    edition, now = catalogue.adopted(organisation, SERVICE).edition, datetime.now(UTC)
    with scope(Scope(organisation=organisation, services=(SERVICE,))):
        for number in range(many):
            new = NewCase(
                id=ids.new(now),
                kind="application",
                person_id=ids.new(now),
                person_name=f"Prøve {number:03}",
                organisation_id=organisation,
                service=SERVICE,
                edition=edition,
                due=date(2027, 1, 1) + timedelta(days=number),
            )
            cases.open_case(new=new, act=Act.STOP, by=Actor.system("test"), at=now)


def names(text: str) -> list[str]:
    return re.findall(r"Prøve \d{3}", text)


def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk) -> None:
    fill(60)
    client, address, found = desk.browser(WORKER), "/saker", []
    while address:
        text = client.get(address).content.decode()
        found += names(text)
        following = re.search(r'href="(/saker\?[^"]*etter=[^"]*)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert found == [f"Prøve {number:03}" for number in range(60)]


def test_a_damaged_cursor_begins_at_the_beginning(desk: Desk) -> None:
    fill(2)
    assert names(desk.browser(WORKER).get("/saker?etter=tull").content.decode()) == ["Prøve 000", "Prøve 001"]


def test_a_name_is_searched_without_standing_in_an_address(desk: Desk) -> None:
    case_id = desk.apply()
    client = desk.browser(WORKER)
    found = client.post("/saker/sok", {"sok": "hilde e"})
    assert found.status_code == 200
    text = found.content.decode()
    assert f"/saker/{case_id}" in text
    assert not re.search(r'(href|action)="[^"]*hilde', text, re.IGNORECASE)
    assert "Ingen treff" in client.post("/saker/sok", {"sok": "eide"}).content.decode()


def test_a_case_is_found_by_its_number(desk: Desk) -> None:
    case_id = desk.apply()
    with desk.scope_of():
        number = queries.case(case_id).number
    assert f"/saker/{case_id}" in desk.browser(WORKER).post("/saker/sok", {"sok": number}).content.decode()


def test_filters_stand_in_the_address(desk: Desk) -> None:
    case_id = desk.apply()
    client = desk.browser(WORKER)
    for query, there in {
        "status=review": True,
        "status=approval": False,
        "type=appeal": False,
        "hvem=none": True,
        "hvem=me": False,
        "stopp=varig inntektsnedgang": True,
        "stopp=skjermet adresse": False,
        "tjeneste=redusert-foreldrebetaling": True,
        "tjeneste=finnes-ikke": False,
    }.items():
        assert (f"/saker/{case_id}" in client.get(f"/saker?{query}").content.decode()) is there, query


def test_a_case_is_taken_given_away_and_given_back(desk: Desk) -> None:
    case_id = desk.apply()
    desk.give("godkjenner i Stord", "case_worker")
    client, colleague = desk.browser(WORKER), desk.portal.people["godkjenner i Stord"].name
    assert client.post("/saker/ta", {"ta": str(case_id)}).status_code == 303
    assert f"/saker/{case_id}" in client.get("/saker?hvem=me").content.decode()
    page = client.get(f"/saker/{case_id}").content.decode()
    chosen = re.search(rf'<option value="([0-9a-f-]+)"[^>]*>{re.escape(colleague)}<', page)
    assert chosen is not None
    client.post(f"/saker/{case_id}/fordel", {"assign": chosen[1]})
    assert f"{colleague} har saken." in client.get(f"/saker/{case_id}").content.decode()
    client.post(f"/saker/{case_id}/fordel", {"assign": ""})
    assert "Ingen har tatt saken." in client.get(f"/saker/{case_id}").content.decode()


def test_a_case_a_colleague_took_meanwhile_is_not_taken_from_the_list(desk: Desk) -> None:
    case_id = desk.apply()
    desk.give("godkjenner i Stord", "case_worker")
    desk.browser("godkjenner i Stord").post("/saker/ta", {"ta": str(case_id)})
    client, colleague = desk.browser(WORKER), desk.portal.people["godkjenner i Stord"].name
    client.post("/saker/ta", {"ta": str(case_id)})
    page = client.get(f"/saker/{case_id}").content.decode()
    assert "En kollega har tatt saken i mellomtiden." in page
    assert f"{colleague} har saken." in page
    client.post("/saker/ta", {"ta": str(case_id), "over": "1"})
    assert "Du har saken." in client.get(f"/saker/{case_id}").content.decode()


def test_a_case_is_given_only_to_one_who_handles_cases(desk: Desk) -> None:
    case_id = desk.apply()
    stranger = str(desk.resident("mor i Stord").person_id)
    answer = desk.browser(WORKER).post(f"/saker/{case_id}/fordel", {"assign": stranger})
    assert answer.status_code == 422
    assert "Velg en kollega" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("", None),
        ("/fordel", {"assign": ""}),
        ("/notat", {"note": "hei"}),
        ("/sporsmal", {"text": "hei"}),
        ("/utkast", {}),
        ("/forslag", {"reasons": "hei"}),
        ("/forhandsvis", {}),
        ("/vedlegg/018f0000-0000-7000-8000-000000000000", None),
        ("/brev/018f0000-0000-7000-8000-000000000000", None),
    ],
)
def test_another_organisations_case_is_not_there(
    desk: Desk, path: str, fields: dict[str, str] | None
) -> None:
    client, address = desk.browser("saksbehandler i Bergen"), f"/saker/{desk.apply()}{path}"
    answer = client.get(address) if fields is None else client.post(address, fields)
    assert answer.status_code == 404


def test_another_organisations_proposal_cannot_be_approved(desk: Desk) -> None:
    case_id: UUID = desk.apply()
    client = desk.browser("godkjenner i Bergen")
    for path, fields in (("godkjenn", {"seen": ""}), ("send-tilbake", {"reason": "nei"})):
        assert client.post(f"/saker/{case_id}/{path}", fields).status_code == 404


def test_a_role_for_another_service_shows_no_cases_of_this_one(desk: Desk) -> None:
    case_id = desk.apply()
    desk.limit(WORKER, "en-annen-tjeneste")
    client = desk.browser(WORKER)
    assert f"/saker/{case_id}" not in client.get("/saker").content.decode()
    assert client.get(f"/saker/{case_id}").status_code == 404
    assert client.post("/saker/ta", {"ta": str(case_id)}).status_code == 404


def test_deadlines_are_said_in_words() -> None:
    today = date(2026, 11, 21)
    said = [deadline(today + timedelta(days=days), today) for days in (-2, -1, 0, 1, 5, 6)]
    assert [one.words for one in said] == [
        "2 dager over fristen",
        "1 dag over fristen",
        "Frist i dag",
        "1 dag igjen",
        "5 dager igjen",
        "6 dager igjen",
    ]
    assert [one.kind for one in said] == ["danger", "danger", "warning", "warning", "warning", "neutral"]
