"""The import contracts bite: each planted violation is reported by name, and an empty house passes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
FOLDERS = [
    folder.name for folder in sorted((PROJECT / "src/dugnad").iterdir()) if (folder / "__init__.py").exists()
]

PLANTED = {
    "tenancy/commands.py": "from dugnad.pages import frame",  # upward
    "pages/frame.py": "from dugnad.api import reply",  # sideways between strangers
    "api/reply.py": "",
    "facts/queries.py": "from dugnad.tenancy.models import Organisation",  # another's models
    "flows/appeal.py": "from dugnad.cases import states",  # another's private file, by its package
    "cases/states.py": "",
    "cases/commands.py": "import typing\nif typing.TYPE_CHECKING:\n    from dugnad.access.apps import Access",
    "access/apps.py": "",
    "tenancy/models.py": "",
    "rulebook/feel.py": "from django.conf import settings",
    "rulebook/tables.py": "import socket",
    "decisions/engine.py": "def go():\n    from dugnad.decisions import trace",  # a hidden cycle
    "decisions/trace.py": "from dugnad.decisions import engine",
    "dispatch/print.py": "from urllib import request",
    "dispatch/post.py": "import http.client",
    "applications/queries.py": "import urllib3.util",
    "connectors/krr.py": "import urllib3",  # the only place where it is allowed
    "identity/commands.py": "from datetime import datetime, UTC\nnow = datetime.now(UTC)",
    "events/commands.py": "from django.utils.timezone import now",
    "jobs/tasks.py": "from datetime import date\nday = date.today()",  # jobs may
    "utils/__init__.py": "",  # a new top folder
}
EXPECTED = [
    "dugnad.tenancy is not allowed to import dugnad.pages",
    "dugnad.pages is not allowed to import dugnad.api",
    "dugnad.facts.queries reaches into dugnad.tenancy.models",
    "dugnad.flows.appeal reaches into dugnad.cases.states",
    "dugnad.cases.commands reaches into dugnad.access.apps",
    "dugnad.rulebook is not allowed to import django",
    "dugnad.rulebook is not allowed to import socket",
    "dugnad.dispatch.print:1 imports urllib.request",
    "dugnad.dispatch.post:1 imports http.client",
    "dugnad.applications.queries:1 imports urllib3",
    "dugnad.identity.commands:2 reads the clock: datetime.now",
    "dugnad.events.commands:1 takes the clock: now",
    "- dugnad.utils",
]
NOT_EXPECTED = ["dugnad.connectors.krr", "dugnad.jobs.tasks"]


def lint(folder: Path, planted: dict[str, str]) -> tuple[int, str]:
    """What import-linter says of an empty house with `planted` in it: exit code, words in one line."""
    house = folder / "dugnad"
    for name in FOLDERS:
        (house / name).mkdir(parents=True)
        (house / name / "__init__.py").touch()
    (house / "__init__.py").touch()
    for place, text in planted.items():
        (house / place).parent.mkdir(exist_ok=True)
        (house / place).write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{folder}:{PROJECT / 'tests'}", "COLUMNS": "200"}
    linter = Path(sys.executable).parent / "lint-imports"
    command = [str(linter), "--config", str(PROJECT / ".importlinter"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    code, said = lint(tmp_path, {})
    assert code == 0, said


@pytest.fixture(scope="module")
def said_of_the_planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    code, said = lint(tmp_path_factory.mktemp("planted"), PLANTED)
    assert code == 1
    return said


@pytest.mark.parametrize("line", EXPECTED)
def test_a_planted_violation_is_named(line: str, said_of_the_planted: str) -> None:
    assert line in said_of_the_planted, said_of_the_planted


def test_a_hidden_cycle_is_named(said_of_the_planted: str) -> None:
    assert "No cycles are allowed in dugnad.decisions" in said_of_the_planted


@pytest.mark.parametrize("module", NOT_EXPECTED)
def test_what_is_allowed_is_left_alone(module: str, said_of_the_planted: str) -> None:
    assert module not in said_of_the_planted
