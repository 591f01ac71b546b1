"""Logging in with the eID: who gets in, where to, and what is refused."""

from django.test import Client

from dugnad.pages.sessions import COOKIE
from portal import Portal


def test_a_resident_logs_in_and_comes_to_min_side(client: Client, portal: Portal) -> None:
    answer = portal.log_in_by_eid(client, "mor i Stord")
    assert (answer.status_code, answer["Location"]) == (303, "/min-side")
    assert COOKIE["key"] in client.cookies
    assert client.cookies["dugnad-login"].value == ""
