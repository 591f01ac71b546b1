"""Somebody who does what a document says: writes its files, runs its commands, and compares what they print."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from walkthrough import Step, change, pattern

from dugnad.config import preparation
from portal import Portal

ROLES = {"check": "web", "test": "web", "publish": "owner", "replay": "worker", "audit": "worker"}


class Reader:
    """Somebody who does what the tutorial says, in a folder of their own."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal = portal
        self.folder = folder
        self.done: list[str] = []

    def follow(self, step: Step) -> None:
        if step.kind == "yaml":
            (self.folder / step.path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / step.path).write_text(step.body, encoding="utf-8")
            self.done.append(f"wrote {Path(step.path).name}")
        elif step.kind == "diff":
            change(self.folder / step.path, step.body)
            self.done.append(f"mended {Path(step.path).name}")
        elif step.kind == "console":
            for command, expected in step.commands:
                self.run(command, expected)
        elif step.kind == "text" and step.caption.endswith(":"):
            self.read(step)
            self.done.append(f"read {step.caption.partition(' ')[0]}")

    def read(self, step: Step) -> None:
        """Find what a page says. Only a reader with a browser can."""
        raise NotImplementedError(step.caption)

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
