"""What the tests of endurance share: a running Dugnad that may be hurt."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # `bench` has the running stack and its visitors

from bench.families import make_norway
from bench.stack import Stack, running
from stubborn import Begin


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """`begin(people, NAME=value …)` starts a Dugnad of its own; returns it, and people who have not applied."""
    with ExitStack() as running_ones:

        def start(people: int, **environment: str) -> tuple[Stack, list[str]]:
            home = tmp_path / "home"
            numbers = make_norway(home / "norway.sqlite", families=people)
            return running_ones.enter_context(running(home, **environment)), numbers

        yield start
