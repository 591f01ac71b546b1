"""A municipality's administrator takes a position on what nobody had verified; the next application goes by it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connections
from django.test import Client

from dugnad.catalogue import commands
from dugnad.catalogue import queries as catalogue
from dugnad.config import preparation
from dugnad.config.embedded.progress import ConsoleReporter
from dugnad.flows import application_to_decision as flow
from dugnad.shared.actor import Actor
from portal import Portal

SLUG = "redusert-foreldrebetaling"
PAGE = f"/konsoll/tjenester/{SLUG}/lokalt"
ANSWERS = {"barna stemmer": True, "samboer uten felles barn": False, "varig inntektsnedgang": False}
RATES = (("makspris", "2025-08-01"), ("grense gratis kjernetid", "2025-08-01"))


@pytest.fixture
def me(portal: Portal) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    client.cookies["dugnad_language"] = "nb"
    portal.log_in(client, "administrator i Bergen", at_work=True)
    return client


@contextmanager
def as_owner() -> Iterator[None]:
    """Speak to the database as set-up does."""
    connection = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "USER", "dugnad_owner")
        try:
            yield
        finally:
            connection.close()


def based_on(client: Client) -> str:
    address = f"{PAGE}/bestem?sted=andel+20+timer"
    found = re.search(r'name="etter" value="(\d+)"', client.get(address).content.decode())
    assert found
    return found[1]


def confirm(client: Client, rate: str, start: str, source: str = "Prop. 1 S, lest i dag") -> int:
    fields = {"sats": rate, "fra": start, "kilde": source, "etter": based_on(client)}
    return client.post(f"{PAGE}/bekreft", fields).status_code


def decide(client: Client, place: str, value: str, **more: str) -> tuple[int, str]:
    fields = {"sted": place, "verdi": value, "fra": "2025-08-01", "organ": "bystyret", "saksnummer": "2026/1"}
    answer = client.post(f"{PAGE}/bestem", {**fields, "etter": based_on(client), **more})
    return answer.status_code, answer.content.decode()


def apply_in_bergen(portal: Portal) -> str:
    person = portal.log_in(Client(), "mor i Bergen").person_id
    by, now = Actor.resident(person), datetime.now(UTC)
    draft = flow.begin(service=SLUG, person_id=person, language="nb", by=by, at=now)
    saved = flow.save(application_id=draft, person_id=person, revision=0, answers=ANSWERS, by=by, at=now)
    sent = flow.send(application_id=draft, person_id=person, revision=saved.revision, by=by, at=now)
    return sent.status


def test_what_stops_automation_is_listed_with_who_says_what(me: Client) -> None:
    shown = me.get(PAGE).content.decode()
    assert "Søknader avgjøres ikke automatisk nå" in shown
    stopping = re.findall(r"<li>([^<]+)</li>", shown.partition("ds-alert")[2].partition("</ul>")[0])
    assert stopping == ["makspris", "grense gratis kjernetid", "andel 20 timer", "andel ved deltid"]
    assert "1\xa0200\xa0kr" in shown
    assert "uten å ha sett kilden" in shown
    assert "Kommunen har ikke bestemt noe ennå." in shown
    assert "avgjør søknaden alene" in me.get(f"{PAGE}/bekreft?sats=makspris&fra=2025-08-01").content.decode()


def test_before_it_a_person_decides_and_after_it_the_rules(portal: Portal, me: Client) -> None:
    for rate, start in RATES:
        assert confirm(me, rate, start) == 303
    assert decide(me, "andel 20 timer", "20 / 45")[0] == 303
    assert decide(me, "andel ved deltid", "avtalt tid / 45 timer/uke")[0] == 303
    shown = me.get(PAGE).content.decode()
    assert "Søknader avgjøres automatisk" in shown
    assert "Bekreftet makspris fra 1. august 2025. Kilde: Prop. 1 S, lest i dag" in shown.replace("\xa0", " ")
    assert apply_in_bergen(portal) == "decided"


def test_as_long_as_nobody_has_taken_a_position_a_person_decides(portal: Portal) -> None:
    assert apply_in_bergen(portal) == "review"


def test_every_step_is_a_version_that_stays_and_can_be_gone_back_to(portal: Portal, me: Client) -> None:
    bergen = portal.organisation("4601")
    confirm(me, *RATES[0])
    decide(me, "kommunens pris", "1 100", fra="2026-08-01")
    assert "1100 kr/måned" in catalogue.tailoring(bergen, SLUG, 2).text
    before = catalogue.adopted(bergen, SLUG).edition
    assert "Gå tilbake til versjon 1?" in me.get(f"{PAGE}/tilbake?nummer=1").content.decode()
    assert me.post(f"{PAGE}/tilbake", {"nummer": "1", "etter": "2"}).status_code == 303
    steps = catalogue.tailorings(bergen, SLUG)
    assert [(one.number, one.change["kind"], one.decided_name) for one in steps] == [
        (3, "restore", "Bjarte Nesse"), (2, "set", "Bjarte Nesse"), (1, "confirm", "Bjarte Nesse"),
    ]  # fmt: skip
    assert steps[0].text == steps[2].text
    assert catalogue.adopted(bergen, SLUG).edition == steps[2].edition != before
    assert catalogue.by_edition(before).edition == before, "cases that run keep what they began with"
    logged = portal.sql(
        "SELECT actor_name FROM audit_entry WHERE action = 'catalogue.tailored' AND organisation_id = %s",
        bergen,
    )
    assert logged == [("Bjarte Nesse",)] * 3
    with (
        psycopg.connect(portal.database.superuser) as connection,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        connection.execute("UPDATE catalogue_tailoringversion SET text = ''")


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("kommunens pris", "1300", "Verdien er utenfor rammen."),  # the maximum is 1,200 kr
        ("rabatt barn nr 2", "20 %", "Verdien er utenfor rammen."),  # § 3a: at least 30 %
        ("andel 20 timer", "20 / / 45", "Verdien kan ikke leses."),
        ("avrunding", "oppover", "Velg en av verdiene."),
        ("andel 20 timer", "", "Skriv en verdi."),
    ],
)
def test_what_the_law_forbids_is_not_taken_in(
    portal: Portal, me: Client, place: str, value: str, said: str
) -> None:
    status, page = decide(me, place, value)
    assert status == 422
    assert said in page
    assert catalogue.tailorings(portal.organisation("4601"), SLUG) == []


def test_even_the_first_step_can_be_undone(portal: Portal, me: Client) -> None:
    bergen = portal.organisation("4601")
    plain = catalogue.adopted(bergen, SLUG).edition
    confirm(me, *RATES[0])
    assert "nummer=0" in me.get(PAGE).content.decode()
    assert me.post(f"{PAGE}/tilbake", {"nummer": "0", "etter": "1"}).status_code == 303
    assert catalogue.adopted(bergen, SLUG).edition == plain
    assert me.get(f"{PAGE}/tilbake?nummer=7").status_code == 404


def test_two_administrators_do_not_overwrite_each_other(me: Client) -> None:
    confirm(me, *RATES[0])
    fields = {"sats": RATES[1][0], "fra": RATES[1][1], "kilde": "sett", "etter": "0"}
    answer = me.post(f"{PAGE}/bekreft", fields)
    assert answer.status_code == 422
    assert "Noen andre har endret noe i mellomtiden" in answer.content.decode()


def test_a_confirmation_needs_its_source(me: Client) -> None:
    assert confirm(me, *RATES[0], source=" ") == 422
    assert confirm(me, "makspris", "2024-08-01") == 404, "its source has been seen: nothing to confirm"
    assert me.get(f"{PAGE}/bestem?sted=makspris").status_code == 404


def test_the_files_are_where_one_begins_and_never_overwrite_what_was_decided(
    portal: Portal, me: Client
) -> None:
    stord, bergen = portal.organisation("4614"), portal.organisation("4601")
    assert [one.change["kind"] for one in catalogue.tailorings(stord, SLUG)] == ["files"]
    confirm(me, *RATES[0])
    mine = catalogue.adopted(bergen, SLUG).edition
    with as_owner():
        preparation.prepare(ConsoleReporter())
    catalogue.forget()
    assert catalogue.adopted(bergen, SLUG).edition == mine
    assert len(catalogue.tailorings(stord, SLUG)) == 1


def test_what_no_longer_fits_a_new_version_stays_with_the_old_one(portal: Portal, me: Client) -> None:
    """The law may tighten a bound: residents see no change before the administrator has taken a position."""
    stricter, bergen, bodo = (
        dict(catalogue.newest(SLUG).files),
        portal.organisation("4601"),
        portal.organisation("1804"),
    )
    decide(me, "rabatt barn nr 2", "50 %")
    mine, theirs = (catalogue.adopted(one, SLUG).edition for one in (bergen, bodo))
    stricter["rules.yaml"] = stricter["rules.yaml"].replace(
        "at least: 30 %, at most: 100 %", "at least: 30 %, at most: 40 %"
    )
    with as_owner():
        version, _ = commands.publish(files=stricter, by=Actor.system("test"), at=datetime.now(UTC))
        wanted = [(bergen, ""), (bodo, "")]
        assert (
            commands.adopt(
                version=version, organisations=wanted, by=Actor.system("test"), at=datetime.now(UTC)
            )
            == 1
        )
    catalogue.forget()
    assert catalogue.adopted(bergen, SLUG).edition == mine
    assert catalogue.adopted(bodo, SLUG).edition == version != theirs


def test_an_auditor_reads_and_changes_nothing(portal: Portal) -> None:
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    portal.log_in(client, "revisor i Stord", at_work=True)
    shown = client.get(PAGE)
    assert shown.status_code == 200
    assert "/bekreft" not in shown.content.decode()
    assert client.post(f"{PAGE}/bekreft", {"sats": "makspris"}).status_code == 403
