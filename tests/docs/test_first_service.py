"""The tutorial, executed as written: its files, its commands and what they print, its persons and what they read."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from reading import Reader
from walkthrough import Step, said, steps

from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.pages import sessions
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope
from portal import Portal

DOCS = Path(__file__).parents[2] / "docs"
TUTORIAL = DOCS / "tutorials" / "first-service.md"
AFTERWARDS = [DOCS / "how-to" / "change-a-rate.md", DOCS / "how-to" / "verify-the-log.md"]
SERVICE = "fritidstilskudd"
ANSWERS = re.compile(r"(?P<who>.+) answers (?P<answer>Ja|Nei), sends the application, and sees:")


class Clock(datetime):
    """The clock of the pages, stopped in the year the tutorial was written."""

    @classmethod
    def now(cls, tz: Any = None) -> "Clock":  # noqa: ARG003 - datetime's own signature
        return cls(2026, 11, 21, 12, tzinfo=UTC)  # the persons' ages are those of 2026


NOW = Clock.now()


class Newcomer(Reader):
    """A reader who also opens the pages, and is the residents there."""

    last: Scope | None = None
    case = ""

    def read(self, step: Step) -> None:
        applies = ANSWERS.fullmatch(step.caption)
        if applies:
            found = self.apply(applies["who"], applies["answer"].lower())
        elif step.caption == "The letter says:":
            found = self.letter()
        else:
            assert step.caption == "On the page:", f"line {step.line}: nobody knows what {step.caption!r} is"
            found = page(Client(SERVER_NAME="127.0.0.1").get(f"/tjenester/{SERVICE}"))
        for line in step.body.splitlines():
            assert said(line) in found, f"line {step.line}: {line}\nis not in\n{found}"

    def apply(self, name: str, answer: str) -> str:
        """Fill in the form and send it; returns what the page of the case says."""
        key = next(key for key, person in self.portal.people.items() if person.name == name)
        client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
        person = self.portal.log_in(client, key, language="nn", at=NOW)
        form = client.post(f"/soknad/{SERVICE}/start")["Location"].rpartition("/")[0]
        fields = {
            "revision": revision(client.get(f"{form}/1")),
            "answer.inntekten har falt": answer,
            "do": "next",
        }
        summary = client.post(f"{form}/1", fields)["Location"]
        case = client.post(f"{form}/send", {"revision": revision(client.get(summary))})["Location"]
        self.last, self.case = Scope(person=person.person_id), case.split("/")[2].partition("?")[0]
        return page(client.get(case))

    def letter(self) -> str:
        """Let the worker deliver, and open the letter of the last case."""
        assert self.last is not None
        with as_role("dugnad_worker"):
            dispatch.deliver(at=NOW + timedelta(seconds=1))
        with scope(self.last):
            letter = next(one for one in letters.letters_of_case(UUID(self.case)))
            assert letter.delivered_at is not None
            assert letters.document(letter.id).startswith(b"%PDF")
            return said(" ".join(texts(letters.content(letter.id))))


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "datetime", Clock)
    reader = Newcomer(portal, tmp_path)

    for step in steps(TUTORIAL):
        reader.follow(step)

    # That nothing was passed over: a changed caption or fence must not silently turn a step off.
    assert [one for one in reader.done if one.startswith(("ran", "read"))] == [
        "ran make run",
        "ran mkdir -p",
        "ran dugnad check",
        "ran dugnad check",
        "ran dugnad test",
        "ran dugnad check",
        "ran dugnad publish",
        "read On",
        "read Ingrid",
        "read The",
        "read Hilde",
        "ran dugnad replay",
    ]
    assert sum(one.startswith("wrote") for one in reader.done) == 9
    assert [one for one in reader.done if one.startswith("mended")] == [
        "mended rules.yaml",
        "mended rates.yaml",
        "mended examples.yaml",
    ]

    for page_after in AFTERWARDS:
        before = len(reader.done)
        for step in steps(page_after):
            reader.follow(step)
        assert len(reader.done) >= before + 3


def page(answer: Any) -> str:
    """What the main part of a page says."""
    assert answer.status_code == 200, answer.status_code
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return said(html.unescape(re.sub(r"<[^>]+>", " ", main[0])))


def revision(answer: Any) -> str:
    found = re.search(r'name="revision" value="(\d+)"', answer.content.decode())
    assert found, answer.status_code
    return found[1]


def texts(content: Any) -> Iterator[str]:
    """Every text in a letter's stored content, in order."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for child in content.values() if isinstance(content, dict) else content:
            yield from texts(child)


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Speak to the database as another role for a while."""
    connection = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "USER", role)
        try:
            yield
        finally:
            connection.close()
