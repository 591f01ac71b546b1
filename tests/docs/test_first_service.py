"""The tutorial, executed as written: its files, its commands and what they print, its persons and what they read."""

import html
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from portal import Portal
from walkthrough import Step, change, pattern, said, steps

from dugnad.config import preparation
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch import queries as letters
from dugnad.pages import sessions
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "first-service.md"
SERVICE = "fritidstilskudd"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # the persons' ages are those of 2026
ROLES = {"check": "web", "test": "web", "publish": "owner", "replay": "worker"}
ANSWERS = re.compile(r"(?P<who>.+) answers (?P<answer>Ja|Nei), sends the application, and sees:")


class Clock(datetime):
    """The clock of the pages, stopped in the year the tutorial was written."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # noqa: ARG003 - datetime's own signature
        return NOW


class Reader:
    """Somebody who does what the tutorial says, in a folder of their own."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal = portal
        self.folder = folder
        self.done: list[str] = []
        self.last: Scope | None = None
        self.case = ""

    def follow(self, step: Step) -> None:
        if step.kind == "yaml":
            (self.folder / step.path).write_text(step.body, encoding="utf-8")
            self.done.append(f"wrote {Path(step.path).name}")
        elif step.kind == "diff":
            change(self.folder / step.path, step.body)
            self.done.append(f"mended {Path(step.path).name}")
        elif step.kind == "console":
            for command, expected in step.commands:
                self.run(command, expected)
        else:
            self.read(step)

    def run(self, command: str, expected: str) -> None:
        program, *rest = shlex.split(command)
        if command == "make run":
            printed = f"\nDugnad is ready after 9.9 s:  http://127.0.0.1:8000\n\n{preparation.welcome()}"
        elif program == ".venv/bin/dugnad":
            printed = self.dugnad(rest)
        else:
            assert program == "mkdir", f"the test does not know how to run: {command}"
            printed = subprocess.check_output([program, *rest], cwd=self.folder, text=True)
        assert pattern(expected).fullmatch(printed), (
            f"$ {command}\n{printed}\nbut the tutorial says\n{expected}"
        )
        self.done.append(f"ran {program.rpartition('/')[2]} {rest[0]}")

    def dugnad(self, words: list[str]) -> str:
        address = getattr(self.portal.database, ROLES[words[0]])
        environment = {**os.environ, "DUGNAD_DATABASE_URL": address, "DUGNAD_HOME": str(self.folder / "home")}
        command = [sys.executable, "-m", "dugnad.config.command", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

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
        self.done.append(f"read {step.caption.partition(' ')[0]}")

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
    reader = Reader(portal, tmp_path)

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
