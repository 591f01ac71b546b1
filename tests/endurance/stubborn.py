"""A person who does not give up: tries again when a page does not come, logs in again, presses the button twice."""

import http.client
import random
import re
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from bench.stack import Stack
from bench.visitor import PAGES, Answer, UnexpectedPageError, Visitor

Begin = Callable[..., tuple[Stack, list[str]]]  # the fixture `begin`
TRIES_SECONDS = 180
FAILURES = (OSError, http.client.HTTPException, UnexpectedPageError)


class Stubborn(Visitor):
    """One who gets an answer, whatever it takes."""

    def apply_whatever_happens(self, chance: random.Random) -> str:
        """Until there is a case: begin, go on with a draft, send (often twice). Returns the case's address."""
        ends = time.monotonic() + TRIES_SECONDS
        while True:
            try:
                return self._go_on(twice=chance.random() < 0.5)
            except FAILURES:
                if time.monotonic() > ends:
                    raise
                self.close()
                time.sleep(chance.uniform(0.1, 0.6))

    def _go_on(self, *, twice: bool) -> str:
        home = self.get("/min-side")
        if not home.address.startswith("/min-side"):
            home = self.log_in()
        self.expect(home, "^/min-side$")
        case = re.search(r'href="(/sak/[0-9a-f-]+)"', home.text)
        if case:
            return case[1]
        draft = re.search(r'href="(/soknad/[0-9a-f-]+)"', home.text)
        page = self.get(draft[1]) if draft else self.open_form()
        for _ in range(len(PAGES) + 1):
            where = urlsplit(page.address).path
            if where.startswith("/sak/"):
                return where
            if where.endswith("/oppsummering"):
                return self._send(page, twice=twice)
            page = self._fill(self.expect(page, r"^/soknad/[0-9a-f-]+/\d+$"))
        raise UnexpectedPageError(page.address)

    def _fill(self, page: Answer) -> Answer:
        answers = PAGES[int(page.address.rpartition("/")[2]) - 1]
        return self.post(page.address, page.hidden("revision") | answers | {"do": "next"}, multipart=True)

    def _send(self, summary: Answer, *, twice: bool) -> str:
        fields, address = summary.hidden("revision"), summary.address.replace("/oppsummering", "/send")
        if twice:
            second = Visitor(self.origin, self.number, dict(self.cookies))
            click = threading.Thread(target=_quietly, args=(second, address, fields))
            click.start()
            try:
                answer = self.post(address, fields)
            finally:
                click.join()
        else:
            answer = self.post(address, fields)
        return urlsplit(self.expect(answer, "^/sak/").address).path


def _quietly(visitor: Visitor, address: str, fields: dict[str, str]) -> None:
    try:
        visitor.post(address, fields)
    except FAILURES:
        pass
    finally:
        visitor.close()


def chance_of(seed: object) -> random.Random:
    """Chance that can be had again."""
    return random.Random(str(seed))  # noqa: S311 - no secret
