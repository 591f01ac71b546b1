"""Notices by SMTP: one connection for what comes close together, a new one when the server has been away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from aiosmtpd.controller import Controller
from bench.stack import free_port

from dugnad.connectors.epost import client
from dugnad.connectors.epost.client import SmtpNotices
from dugnad.dispatch.ports import NoticeMessage, NoticeNotSentError


class Counted:
    """A mail server that counts who connects and keeps what is sent."""

    def __init__(self) -> None:
        self.helloes, self.sent = 0, []  # type: int, list[bytes]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # type: ignore[no-untyped-def]  # noqa: N802, ARG002 - aiosmtpd's
        self.helloes += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802, ARG002 - aiosmtpd's
        self.sent.append(envelope.content)
        return "250 kept"


def letter(number: int) -> NoticeMessage:
    return NoticeMessage(f"<{number}@dugnad>", "kari@example.no", "Du har fått brev", f"Brev {number}")


@pytest.fixture
def start() -> Iterator[Callable[[int, Counted], Controller]]:
    with ExitStack() as started:

        def begin(port: int, counted: Counted) -> Controller:
            controller = Controller(counted, hostname="127.0.0.1", port=port)
            controller.start()
            started.callback(lambda: controller.stop() if controller.server else None)
            return controller

        yield begin


def test_what_comes_close_together_goes_by_one_connection(
    start: Callable[[int, Counted], Controller],
) -> None:
    port, counted, time = free_port(), Counted(), [0.0]
    start(port, counted)
    notices = SmtpNotices(
        "127.0.0.1", port, sender="fra@example.no", starttls=False, monotonic=lambda: time[0]
    )
    for number in range(3):
        assert notices.send([letter(number)]) == {f"<{number}@dugnad>": ""}
    assert (counted.helloes, len(counted.sent)) == (1, 3)
    time[0] += client.KEPT_SECONDS + 1
    assert notices.send([letter(3)]) == {"<3@dugnad>": ""}
    assert counted.helloes == 2
    notices.close()


def test_a_server_that_was_away_is_told_of_and_found_again(
    start: Callable[[int, Counted], Controller],
) -> None:
    port, counted = free_port(), Counted()
    first = start(port, counted)
    notices = SmtpNotices("127.0.0.1", port, sender="fra@example.no", starttls=False)
    notices.send([letter(1)])
    first.stop()
    with pytest.raises(NoticeNotSentError, match="did not answer"):
        notices.send([letter(2)])
    start(port, counted)
    assert notices.send([letter(2)]) == {"<2@dugnad>": ""}
    assert len(counted.sent) == 2
    notices.close()
