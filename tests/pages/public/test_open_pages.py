"""The pages open to all: what they say, in three languages, and what caches and machines get."""

import json

import pytest
from django.conf import settings
from django.test import Client

from portal import Portal

SERVICE = "/tjenester/redusert-foreldrebetaling"
OPEN = [
    "/",
    "/tjenester",
    SERVICE,
    "/logg-inn",
    "/logget-ut",
    "/personvern",
    "/tilgjengelighet",
    "/kontakt",
    "/utboks",
]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("path", OPEN)
def test_every_open_page_speaks_every_language(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_the_front_page_leads_to_services_life_events_and_login(client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'action="/tjenester"' in page
    assert f'href="{SERVICE}"' in page
    assert 'href="/tjenester?hendelse=fa-barn"' in page
    assert 'href="/logg-inn"' in page


@pytest.mark.parametrize(
    "asked",
    [
        "barnehage", "Barnehagen", "barnehageplass", "søskenmoderasjon", "soskenmoderasjon", "soeskenmoderasjon",
        "SØSKEN", "barnhage", "barenhage", "barnehagee", "betaling", "kindergarten fee", "hva koster barnehage",
        "redusert foreldrebetaling",
    ],
)  # fmt: skip
def test_a_service_is_found_however_it_is_typed(client: Client, asked: str) -> None:
    assert SERVICE in client.get("/tjenester", {"q": asked}).content.decode()


@pytest.mark.parametrize(
    "asked", ["parkering", "bilskilt", "xyzzy", "<script>", "'; DROP TABLE", "æøå" * 400]
)
def test_what_is_not_here_is_said_not_to_be(client: Client, asked: str) -> None:
    answer = client.get("/tjenester", {"q": asked})
    assert answer.status_code == 200
    assert SERVICE not in answer.content.decode()
    assert "Vi fant ingen tjeneste" in answer.content.decode()
    assert "<script>'" not in answer.content.decode()


def test_the_services_of_a_life_event(client: Client) -> None:
    page = client.get("/tjenester?hendelse=fa-barn").content.decode()
    assert "Å få barn" in page
    assert SERVICE in page
    assert SERVICE not in client.get("/tjenester?hendelse=dodsfall-og-arv").content.decode()
    assert SERVICE in client.get("/tjenester?hendelse=finnes-ikke").content.decode()


def test_the_service_page_tells_what_the_law_wants_told(client: Client) -> None:
    page = client.get(SERVICE).content.decode()
    for said in (
        "Alle de 357 kommunene",  # the municipalities of 2025
        "Skatteetaten (skattegrunnlaget)",
        "Skattepliktig kapitalinntekt",
        "FOR-2005-12-16-1478",
        "normalt fattet automatisk",
        "Innen én måned",
        "Innen tre uker".replace("tre", "3"),  # forvaltningsloven § 29
        "statsforvalteren",
        "varig nedgang i inntekten",  # when a case worker decides
    ):
        assert said in page


def test_what_is_fetched_but_never_shown_is_told_too(client: Client) -> None:
    assert "Adressebeskyttelse" in client.get(SERVICE).content.decode()


def test_one_who_is_logged_in_can_start_at_once(client: Client, portal: Portal) -> None:
    assert 'action="/soknad/' not in client.get(SERVICE).content.decode()
    portal.log_in(client, "mor i Stord")
    assert 'action="/soknad/redusert-foreldrebetaling/start"' in client.get(SERVICE).content.decode()


def test_staff_at_work_cannot_start_an_application(client: Client, portal: Portal) -> None:
    portal.log_in(client, "saksbehandler i Stord", at_work=True)
    assert 'action="/soknad/' not in client.get(SERVICE).content.decode()


@pytest.mark.parametrize("path", ["/", "/tjenester", SERVICE])
def test_caches_may_keep_what_is_the_same_for_all_and_nothing_else(
    client: Client, portal: Portal, path: str
) -> None:
    answer = client.get(path)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in answer["Vary"]
    assert "csrftoken" not in answer.cookies
    portal.log_in(client, "mor i Stord")
    assert client.get(path)["Cache-Control"] == "no-store"


def test_the_persons_own_language_is_spoken(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord", language="nn")
    assert "Kva kan vi hjelpe deg med?" in client.get("/").content.decode()
    client.cookies["dugnad_language"] = "en"  # the switch is stronger
    assert "What can we help you with?" in client.get("/").content.decode()


def test_the_frame_says_who_and_where(client: Client, portal: Portal) -> None:
    portal.log_in(client, "saksbehandler i Stord", at_work=True, language="nb")
    page = client.get("/kontakt").content.decode()
    assert "Elin Haugen" in page
    assert "Stord kommune" in page
    assert 'href="/saker"' in page
    assert 'href="/konsoll"' not in page


def test_a_monitor_hears_what_is_away(client: Client, portal: Portal) -> None:
    answer = client.get("/helse")
    told = json.loads(answer.content)
    assert told == {"ok": False, "database": "ok", "worker": "away", "log": "ok"}  # no worker runs in tests
    assert answer.status_code == 503
    portal.sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    answer = client.get("/helse")
    assert (answer.status_code, json.loads(answer.content)["ok"]) == (200, True)


def test_a_broken_chain_is_an_alarm(client: Client, portal: Portal) -> None:
    portal.sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    portal.sql(
        "INSERT INTO audit_block (number, first_transaction, end_transaction, entries, previous, digest, sealed_at)"
        " VALUES (1, 0, 5, 1, %s, %s, now()), (2, 5, 9, 1, %s, %s, now())",
        "0" * 64, "a" * 64, "b" * 64, "c" * 64,
    )  # fmt: skip
    answer = client.get("/helse")
    assert (answer.status_code, json.loads(answer.content)["log"]) == (503, "away")


def test_robots_are_kept_to_the_open_pages(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /min-side" in lines
    assert "Disallow: /tjenester" not in lines


def test_the_old_address_of_the_icon(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].startswith("/static/dugnad.svg?v=")


def test_the_outbox_shows_mail_and_exists_in_the_demonstration_only(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.HOME / "outbox"
    folder.mkdir(exist_ok=True)
    mail = "To: kari@epost.example\nSubject: Nytt brev\nContent-Type: text/plain; charset=utf-8\n\nHei <b>Kari</b>.\n"
    (folder / "1.eml").write_text(mail, encoding="utf-8")
    page = client.get("/utboks").content.decode()
    assert "Nytt brev" in page
    assert "Hei &lt;b&gt;Kari&lt;/b&gt;." in page
    monkeypatch.setattr(settings, "SMTP_HOST", "smtp.stord.example")
    assert client.get("/utboks").status_code == 404
