"""The pages on `dugnad rules` do what they say: their commands are run, and print what stands there (… is anything)."""

import argparse
import re
import shlex
import shutil
from pathlib import Path

import pytest

from dugnad.cli.rules import command

PROJECT = Path(__file__).resolve().parents[2]
PAGES = ("work-with-rules", "explain-a-decision", "compare-two-versions")
SLUG = "redusert-foreldrebetaling"


def text_of(page: str) -> str:
    return (PROJECT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")


def mend(folder: Path, page: str) -> None:
    """Make the changes the page shows."""
    for file, change in re.findall(
        r"^\*\*`(.+?)`\*\*\n\n```diff\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL
    ):
        old, new = (
            "".join(f"{line[1:]}\n" for line in change.splitlines() if line[:1] == sign) for sign in "-+"
        )
        path = folder / file
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")


def squeezed(text: str) -> str:
    """Text with single spaces, without the lines a table is drawn with."""
    return re.sub(r"[\s\u00a0]+", " ", re.sub("[━─]+", "", text)).strip()


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_print_what_it_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("services", "tailoring"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.copytree(tmp_path / "services" / SLUG, tmp_path / "ny" / SLUG)
    mend(tmp_path, page)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```console\n\$ (.+?)\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)
    assert blocks
    for line, expected in blocks:
        words = shlex.split(line)
        assert words[:2] == [".venv/bin/dugnad", "rules"]
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        assert command.run(parser.parse_args(words[2:])) in {0, 1}
        printed = squeezed(capsys.readouterr().out)
        parts = [re.escape(squeezed(part)) for part in expected.split("…\n")]
        assert re.fullmatch(".*?".join(f"{part}\\s*" for part in parts), printed, re.DOTALL), printed
