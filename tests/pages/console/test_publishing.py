"""`dugnad publish` against a real database: a version, its number, and who uses it."""

import argparse
import shutil
from pathlib import Path

import pytest
from django.db import connections

from dugnad.catalogue import queries as catalogue
from dugnad.cli import publish
from dugnad.tenancy import queries as tenancy
from portal import Portal

PROJECT = Path(__file__).resolve().parents[3]
SLUG = "redusert-foreldrebetaling"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    publish.add_arguments(parser)
    with pytest.MonkeyPatch.context() as patch:
        connections["default"].close()
        patch.setitem(connections["default"].settings_dict, "USER", "dugnad_owner")
        try:
            return publish.run(parser.parse_args(list(words)))
        finally:
            connections["default"].close()


def test_a_changed_folder_is_a_new_version_that_one_municipality_takes_into_use(
    portal: Portal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "services" / SLUG
    shutil.copytree(PROJECT / "services" / SLUG, folder)
    shutil.copytree(PROJECT / "tailoring", tmp_path / "tailoring")
    assert run(str(folder)) == 0
    first = capsys.readouterr().out.splitlines()
    assert first[0] == f"{SLUG} version 1"
    (folder / "CHANGELOG.md").write_text("# En endring\n", encoding="utf-8")
    assert run(str(folder), "--adopt", "4614") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{SLUG} version 2"
    assert said[1] != first[1]
    stord, bergen = (tenancy.organisation_by_code(code).id for code in ("4614", "4601"))
    version = {one.organisation_id: one.version for one in catalogue.adoptions(SLUG)}
    assert (version[stord], version[bergen]) == (2, 1)


def test_an_unknown_municipality_publishes_nothing(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(PROJECT / "services" / SLUG), "--adopt", "9999") == 1
    assert "There is no organisation 9999" in capsys.readouterr().err
