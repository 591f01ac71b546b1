"""`dugnad rules show x#1`: a version as it was published, read from the database."""

import argparse

import pytest

from dugnad.cli.rules import command
from portal import Portal

SLUG = "redusert-foreldrebetaling"


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(list(words)))


def test_a_published_version_is_compared_with_the_folder(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert portal is not None
    assert call("diff", f"{SLUG}#1", SLUG) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_a_version_never_published_is_refused_with_those_that_are(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert portal is not None
    assert call("show", f"{SLUG}#99") == 2
    assert "no published version 99; there are: 1." in capsys.readouterr().err
