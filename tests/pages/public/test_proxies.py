"""Behind a proxy each client is counted by itself; nobody becomes another by writing a header."""

from ipaddress import ip_address, ip_network

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from dugnad.config.settings import _networks
from dugnad.pages.proxies import client_address
from portal import Portal

OURS = (ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48"))
PROXY, STRANGER = "10.1.2.3", "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (PROXY, "198.51.100.7", "198.51.100.7"),
        (PROXY, "198.51.100.7, 10.9.9.9", "198.51.100.7"),  # through two of ours
        (PROXY, "1.1.1.1, 198.51.100.7", "198.51.100.7"),  # the client had written 1.1.1.1 itself
        (PROXY, "10.5.5.5, 198.51.100.7", "198.51.100.7"),  # … or an address of ours
        (PROXY, "198.51.100.7:4711", "198.51.100.7"),
        (PROXY, "[2001:db8:2::7]:4711", "2001:db8:2::7"),
        ("2001:db8:1::1", "198.51.100.7", "198.51.100.7"),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (
            PROXY,
            "198.51.100.7, nonsense",
            PROXY,
        ),  # what our own proxy wrote cannot be read: no guess further left
        (PROXY, "10.7.7.7", "10.7.7.7"),  # a client inside
        (STRANGER, "198.51.100.7", STRANGER),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_proxy_of_ours(
    peer: str, forwarded: str, client: str
) -> None:
    assert str(client_address(ip_address(peer), forwarded, OURS)) == client


def logins(portal: Portal, address: str, forwarded: str = "") -> int:
    """How many logins from there until it is too often, of at most five."""
    headers = {"REMOTE_ADDR": address, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})}
    for tries in range(5):
        answer = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", **headers).post(
            "/logg-inn", {"som": "hjemme"}
        )  # type: ignore[arg-type]
        if answer.status_code == 429:
            return tries
    return 5


@pytest.fixture(autouse=True)
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIMIT_FACTOR", 2 / 120)


def test_without_trusted_proxies_the_header_is_only_words(portal: Portal) -> None:
    assert logins(portal, STRANGER) == 2
    assert logins(portal, STRANGER, "198.51.100.7") == 0, "another name, the same peer"


def test_behind_a_trusted_proxy_each_client_is_counted_by_itself(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", OURS)
    assert logins(portal, PROXY, "198.51.100.7") == 2
    assert logins(portal, PROXY, "198.51.100.8") == 2
    assert logins(portal, PROXY, "1.2.3.4, 198.51.100.7") == 0, "a forged beginning is no other client"
    assert logins(portal, STRANGER, "198.51.100.99") == 2
    assert logins(portal, STRANGER, "198.51.100.98") == 0, "a stranger is no proxy"


def test_a_household_has_one_network_of_ipv6(portal: Portal) -> None:
    assert logins(portal, "2001:db8:5:6::1") == 2
    assert logins(portal, "2001:db8:5:6:ffff::2") == 0
    assert logins(portal, "2001:db8:5:7::1") == 2


def test_https_is_believed_from_a_trusted_proxy_alone(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", OURS)
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", True)
    for peer, status in ((PROXY, 200), (STRANGER, 301)):
        client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", REMOTE_ADDR=peer)
        assert client.get("/", HTTP_X_FORWARDED_PROTO="https").status_code == status


def test_what_is_no_network_stops_the_start_with_a_sentence() -> None:
    assert _networks("") == ()
    assert _networks("10.0.0.0/8, 2001:db8:1::/48") == OURS
    with pytest.raises(ImproperlyConfigured, match=r"DUGNAD_TRUSTED_PROXIES: .*Write networks such as"):
        _networks("10.0.0.1/8")
