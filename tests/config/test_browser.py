"""A Chromium is found where there is one, and said to be missing where there is none."""

import os
from pathlib import Path

import pytest

from dugnad.config.embedded import browser
from dugnad.config.embedded.browser import find_browser, provide_browser


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a browser; gives the folder its PATH is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DUGNAD_BROWSER", raising=False)
    monkeypatch.setattr(browser, "_PLAYWRIGHT_CACHE", tmp_path / "cache")
    return tmp_path


def plant(place: Path, code: int = 0) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\nexit {code}\n", encoding="ascii")
    place.chmod(0o755)
    return place


def test_the_systems_browser_comes_first(bare: Path) -> None:
    plant(bare / "cache/chromium-1200/chrome-linux/chrome")
    google = plant(bare / "google-chrome")
    assert find_browser() == google
    chromium = plant(bare / "chromium")
    assert find_browser() == chromium


def test_playwrights_own_download_is_found(bare: Path) -> None:
    fetched = plant(bare / "cache/chromium-1200/chrome-linux64/chrome")
    assert find_browser() == fetched


def test_a_browser_that_does_not_answer_is_none(bare: Path) -> None:
    plant(bare / "chromium", code=127)
    assert find_browser() is None


def test_a_named_browser_is_the_only_one_asked(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(bare / "chromium")
    monkeypatch.setenv("DUGNAD_BROWSER", str(bare / "missing"))
    assert find_browser() is None


@pytest.mark.parametrize(
    ("uid", "expected"), [(0, ["apt-get", "apt-get", "playwright"]), (1000, ["playwright"])]
)
def test_it_is_fetched_from_debian_by_root_and_from_playwright_by_all(
    uid: int, expected: list[str], bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(bare / "apt-get")
    asked: list[list[str]] = []

    def done(command: list[str]) -> bool:
        asked.append(command)
        return True

    monkeypatch.setattr(os, "getuid", lambda: uid)
    monkeypatch.setattr(browser, "_done", done)
    said: list[str] = []
    assert provide_browser(said.append) is None
    assert [word for command in asked for word in command if word in {"apt-get", "playwright"}] == expected
    assert said[-1] == "No Chromium here; fetching Playwright's …"


def test_root_gives_up_the_sandbox_and_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert "--no-sandbox" in browser.flags()
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert "--no-sandbox" not in browser.flags()
