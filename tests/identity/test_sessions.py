"""How long one stays logged in, and where one is sent afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.identity import sessions
from dugnad.identity.sessions import RESIDENT, STAFF, Moment, SessionRules, SessionTimes, Verdict

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def seen(minutes: float) -> SessionTimes:
    return SessionTimes(began=MORNING, seen=MORNING + timedelta(minutes=minutes))


def test_half_an_hour_of_silence_ends_a_session() -> None:
    assert RESIDENT.verdict(seen(10), MORNING + timedelta(minutes=39, seconds=59)) is Verdict.LIVE
    assert RESIDENT.verdict(seen(10), MORNING + timedelta(minutes=40)) is Verdict.IDLE_EXPIRED


def test_a_working_day_ends_a_session_however_busy() -> None:
    assert RESIDENT.verdict(seen(479), MORNING + timedelta(hours=8)) is Verdict.ABSOLUTE_EXPIRED
    assert STAFF.verdict(seen(479), MORNING + timedelta(hours=8)) is Verdict.LIVE


def test_logging_out_everywhere_ends_a_session_at_once() -> None:
    ended = SessionTimes(began=MORNING, seen=MORNING, ended=MORNING + timedelta(seconds=5))
    assert RESIDENT.verdict(ended, MORNING + timedelta(seconds=5)) is Verdict.ENDED


def test_a_session_is_written_at_most_once_a_minute() -> None:
    assert not RESIDENT.must_touch(seen(0), MORNING + timedelta(seconds=59))
    assert RESIDENT.must_touch(seen(0), MORNING + timedelta(seconds=60))


@given(
    last=st.timedeltas(timedelta(0), timedelta(hours=12)),
    later=st.timedeltas(timedelta(0), timedelta(hours=12)),
    idle=st.timedeltas(timedelta(minutes=1), timedelta(hours=2)),
)
def test_a_session_is_live_exactly_until_its_end(last: timedelta, later: timedelta, idle: timedelta) -> None:
    rules = SessionRules(idle=idle)
    times = SessionTimes(began=MORNING, seen=MORNING + last)
    at = MORNING + last + later
    assert (rules.verdict(times, at) is Verdict.LIVE) == (at < rules.ends_at(times))


def test_the_token_is_renewed_whenever_what_it_opens_changes() -> None:
    assert {moment for moment in Moment if sessions.must_rotate(moment)} == set(Moment) - {Moment.PAGE}


def test_only_a_digest_of_the_token_is_kept() -> None:
    cookie, stored = sessions.new_token()
    assert len(stored) == 32
    assert cookie.encode() not in stored
    assert sessions.digest(cookie) == stored
    assert sessions.new_token()[0] != cookie
    assert sessions.token_from(cookie) == cookie


@pytest.mark.parametrize("junk", [None, "", "x", "a" * 44, "' OR 1=1 --" + "a" * 32, "æ" * 43])
def test_junk_in_the_cookie_is_no_session(junk: str | None) -> None:
    assert sessions.token_from(junk) is None


def test_cookies_cannot_be_read_by_script_or_planted_by_a_neighbour_site() -> None:
    cookie = sessions.session_cookie(https=True)
    assert cookie == {
        "key": "__Host-dugnad-session",
        "max_age": None,
        "path": "/",
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
    }
    assert sessions.session_cookie(https=False)["key"] == "dugnad-session"
    assert sessions.transaction_cookie(https=True)["max_age"] == 600


@pytest.mark.parametrize("url", ["/", "/min-side", "/min-side/sak/1?side=2#nederst", "/søk?q=barnehage"])
def test_one_returns_to_the_page_one_wanted(url: str) -> None:
    assert sessions.safe_next(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://ond.example",
        "//ond.example",
        "///ond.example",
        "/\\ond.example",
        "\\\\ond.example",
        "/\t/ond.example",
        "/\n/ond.example",
        "\t//ond.example",
        "javascript:alert(1)",
        "min-side",
        "/\u2028/ond.example",
        "//[",
    ],
)
def test_one_is_never_sent_to_a_strangers_site(url: str | None) -> None:
    assert sessions.safe_next(url, "/min-side") == "/min-side"
