"""How long a login lasts, what ends it, and what becomes of a form that comes too late."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from django.test import Client, RequestFactory

from dugnad.identity import queries as identities
from dugnad.identity.ports import EidLogout, Ports
from dugnad.pages import interrupted
from dugnad.pages.request import Request
from dugnad.pages.sessions import COOKIE
from portal import Portal

KEY = COOKIE["key"]
PAGE = "/min-side/innlogginger"


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def alive(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def test_half_an_hour_unused_ends_a_login(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord", at=ago(minutes=29))
    assert alive(client)
    portal.log_in(client, "mor i Stord", at=ago(minutes=31))
    answer = client.get(PAGE)
    assert answer["Location"] == f"/logg-inn?videre={PAGE}&utlopt=1"


def test_use_keeps_a_login_alive(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord", at=ago(minutes=29))
    assert alive(client)
    (seen,) = portal.sql("SELECT seen_at FROM identity_session")[0]
    assert seen > ago(seconds=30)


@pytest.mark.parametrize(
    ("key", "hours"),
    [("mor i Stord", 8), ("saksbehandler i Stord", 10)],
)
def test_a_working_day_ends_a_login_however_busy(
    client: Client, portal: Portal, key: str, hours: int
) -> None:
    for minutes, live in ((-1, True), (1, False)):
        at_work = key.startswith("saksbehandler")
        portal.log_in(client, key, at_work=at_work, at=ago(hours=hours, minutes=minutes))
        portal.sql("UPDATE identity_session SET seen_at = now() - interval '1 minute'")
        named = "Logg ut" in client.get("/kontakt").content.decode()
        assert named is live


def test_logging_out_ends_it_here_and_asks_the_eid_to_end_too(client: Client, portal: Portal) -> None:
    portal.log_in_by_eid(client, "mor i Stord")
    cookie = client.cookies[KEY].value
    answer = client.post("/logg-ut")
    assert answer.status_code == 303
    assert answer["Location"].startswith("http://127.0.0.1:8000/simulator/idporten/endsession?")
    goodbye = client.get(answer["Location"].removeprefix("http://127.0.0.1:8000"))
    assert goodbye["Location"] == "http://127.0.0.1:8000/logget-ut"
    assert client.cookies[KEY].value == ""
    client.cookies[KEY] = cookie  # one who kept it
    assert not alive(client)
    assert "Du er logget ut" in client.get("/logget-ut").content.decode()


def test_logging_out_everywhere_ends_the_other_devices(client: Client, portal: Portal) -> None:
    telephone, neighbour = Client(), Client()
    portal.log_in(client, "mor i Stord")
    portal.log_in(telephone, "mor i Stord")
    portal.log_in(neighbour, "nabo i Stord")
    assert client.get(PAGE).content.decode().count('class="dn-item"') == 2
    client.post("/logg-ut", {"alle": "1"})
    assert not alive(client)
    assert not alive(telephone)
    assert alive(neighbour)


def test_a_plain_logout_leaves_the_other_device_alone(client: Client, portal: Portal) -> None:
    telephone = Client()
    portal.log_in(client, "mor i Stord")
    portal.log_in(telephone, "mor i Stord")
    client.post("/logg-ut")
    assert alive(telephone)


def test_logging_out_is_never_a_link(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord")
    assert client.get("/logg-ut").status_code == 405
    assert alive(client)


def test_the_eid_providers_frame_ends_our_session(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord", sid="theirs")
    portal.log_in(other := Client(), "nabo i Stord", sid="another")
    issuer = "http://127.0.0.1:8000/simulator/idporten"
    assert Client().get("/logg-ut/front", {"iss": "https://ond.example", "sid": "theirs"}).status_code == 400
    assert alive(client)
    for _ in range(2):
        assert Client().get("/logg-ut/front", {"iss": issuer, "sid": "theirs"}).status_code == 200
    assert not alive(client)
    assert alive(other)


def test_the_eid_providers_signed_notice_is_good_once(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.log_in(client, "mor i Stord", sid="theirs")
    assert Client().post("/logg-ut/bak", {"logout_token": "junk"}).status_code == 400
    assert alive(client)
    monkeypatch.setattr(Ports.eid, "backchannel_logout", lambda **_: EidLogout("theirs", "notice 1"))
    assert Client(enforce_csrf_checks=True).post("/logg-ut/bak", {"logout_token": "t"}).status_code == 200
    assert not alive(client)
    assert Client().post("/logg-ut/bak", {"logout_token": "t"}).status_code == 400


def _take(client: Client, path: str) -> object:
    """What a form page at `path` finds for this browser."""
    request = cast("Request", RequestFactory().get(path))
    request.session_view = identities.session(client.cookies[KEY].value)
    return interrupted.take(request)


def _send_too_late(client: Client, portal: Portal, key: str, path: str, **fields: str) -> None:
    portal.log_in(client, key, at=ago(minutes=31))
    answer = client.post(path, fields, headers={"referer": f"http://127.0.0.1:8000{path}"})
    assert answer["Location"].endswith("&utlopt=1")


def test_what_was_typed_waits_for_the_same_person(client: Client, portal: Portal) -> None:
    path = "/arbeidssted"
    _send_too_late(client, portal, "mor i Stord", path, hours="45", csrfmiddlewaretoken="secret")
    portal.log_in(stranger := Client(), "nabo i Stord")
    assert _take(stranger, path) is None
    answer = portal.log_in_by_eid(client, "mor i Stord")
    assert answer["Location"] == path
    assert _take(client, "/min-side/annet") is None
    assert _take(client, path) == {"hours": ["45"]}
    assert _take(client, path) is None  # once


def test_a_form_waits_a_day_at_most(client: Client, portal: Portal) -> None:
    _send_too_late(client, portal, "mor i Stord", "/arbeidssted", hours="45")
    portal.sql("UPDATE identity_session SET seen_at = now() - interval '25 hours'")
    assert portal.log_in_by_eid(client, "mor i Stord")["Location"] == "/min-side"


def test_a_form_from_home_is_not_handed_over_at_work(client: Client, portal: Portal) -> None:
    _send_too_late(client, portal, "saksbehandler i Stord", "/arbeidssted", hours="45")
    assert portal.log_in_by_eid(client, "saksbehandler i Stord", at_work=True)["Location"] == "/saker"
    assert portal.log_in_by_eid(client, "saksbehandler i Stord")["Location"] == "/arbeidssted"


def test_a_form_for_a_child_leads_by_way_of_the_child(client: Client, portal: Portal) -> None:
    portal.log_in(client, "mor i Stord")
    child = portal.represented(client)["Nora Sunde"]
    client.post("/min-side/representasjon", {"person": child})
    portal.sql("UPDATE identity_session SET seen_at = now() - interval '31 minutes'")
    client.post("/arbeidssted", {"hours": "45"})
    after = portal.log_in_by_eid(client, "mor i Stord")["Location"]
    assert after == "/min-side/representasjon?videre=/arbeidssted"
    assert "Du heldt på med eit skjema for ein annan" in client.get(after).content.decode()
    assert _take(client, "/arbeidssted") is None
    portal.sql(
        "UPDATE identity_session SET interrupted = %s WHERE ended_at IS NULL AND acting_for IS NULL", None
    )


def test_a_form_after_logging_out_is_not_kept(client: Client, portal: Portal) -> None:
    """Who logged out meant it: on a shared machine the next one must not find the form."""
    portal.log_in(client, "mor i Stord")
    cookie = client.cookies[KEY].value
    client.post("/logg-ut")
    client.cookies[KEY] = cookie
    client.post("/arbeidssted", {"hours": "45"})
    assert portal.sql("SELECT count(*) FROM identity_session WHERE interrupted IS NOT NULL") == [(0,)]
