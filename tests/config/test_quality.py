"""`make check` never calls unchecked what it could not check."""

import json
import subprocess

import pytest

from dugnad.config.embedded.commands import quality

AWAY = {
    "name": "django",
    "skip_reason": "Dependency not found on PyPI and could not be audited: django (5.2)",
}
SOUND = {"name": "django", "version": "5.2.19", "vulns": []}
WEAK = {"name": "pillow", "version": "9.0.0", "vulns": [{"id": "CVE-2022-22815"}, {"id": "CVE-2022-22816"}]}


@pytest.mark.parametrize(
    ("answer", "well", "said"),
    [
        (json.dumps({"dependencies": [SOUND, SOUND, AWAY]}), True, "none in 2 of 3 packages"),
        (json.dumps({"dependencies": [SOUND, WEAK]}), False, "pillow 9.0.0: CVE-2022-22815, CVE-2022-22816"),
        (json.dumps({"dependencies": [AWAY, AWAY]}), True, "SKIPPED, the advisory service cannot be reached"),
        ("", True, "SKIPPED, the advisory service cannot be reached"),
    ],
    ids=["sound", "weak", "unknown to the index", "no answer"],
)
def test_known_vulnerabilities(
    *, answer: str, well: bool, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        quality, "_run", lambda command: subprocess.CompletedProcess(command, 1, answer, "trouble")
    )
    assert quality.audit() is well
    assert said in capsys.readouterr().out


def test_a_check_that_fails_says_all_and_keeps_the_tests_from_running(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quality, "_steps", lambda: {"style": ["sh", "-c", "echo line too long; exit 1"]})
    monkeypatch.setattr(quality, "audit", lambda: True)
    monkeypatch.setattr(quality, "run_tests", lambda _: pytest.fail("the tests ran"))
    assert quality.main(["check"]) == 1
    assert "line too long" in (said := capsys.readouterr().out)
    assert said.endswith("Not well: style. The tests were not run.\n")


def test_a_sound_check_goes_on_to_the_tests_and_has_their_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "_steps", lambda: {"style": ["true"]})
    monkeypatch.setattr(quality, "audit", lambda: True)
    monkeypatch.setattr(quality, "run_tests", lambda _: 5)
    assert quality.main(["check"]) == 5
