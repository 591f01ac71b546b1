"""Browser tests drive a real browser; where there is none, that is said loudly and fails in CI."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

THIS = Path(__file__)


@pytest.mark.browser
def test_the_browser_shows_a_page(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content("<h1>Dugnad</h1>")
    assert page.get_by_role("heading").inner_text() == "Dugnad"
    page.close()


@pytest.mark.parametrize(
    ("ci", "spread", "code"), [("true", ("-n", "1"), 1), ("", (), 0)], ids=["ci", "at home"]
)
def test_without_a_browser_that_is_said_and_fails_in_ci(ci: str, spread: tuple[str, ...], code: int) -> None:
    environment = {**os.environ, "DUGNAD_BROWSER": "/nowhere", "CI": ci}
    for name in [name for name in environment if name.startswith("PYTEST")]:
        del environment[name]
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        *spread,
        f"{THIS}::test_the_browser_shows_a_page",
    ]
    done = subprocess.run(
        words, cwd=THIS.parents[2], env=environment, capture_output=True, text=True, check=False
    )
    assert "BROWSER TESTS DID NOT RUN" in done.stdout
    assert done.returncode == code, done.stdout
