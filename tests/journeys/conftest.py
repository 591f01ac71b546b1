"""A whole Dugnad as `make run` starts it, for people in a real browser."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # `bench` has the running stack

from bench.families import make_norway
from bench.stack import running
from town import Town
from walking import Walker

MORE_MOTHERS = 12


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Started once for all journeys of this process; stopped cleanly."""
    home = tmp_path_factory.mktemp("town")
    mothers = make_norway(home / "norway.sqlite", families=MORE_MOTHERS)
    with running(home, DJANGO_SETTINGS_MODULE="dugnad.config.settings") as stack:
        yield Town(stack, iter(mothers))


@pytest.fixture
def walk(town: Town, chromium: Any) -> Iterator[Callable[..., Walker]]:
    """`walk(...)` opens a browser of its own; each looks at every page it comes to with axe, at two widths."""
    opened: list[Walker] = []

    def begin(**options: Any) -> Walker:
        opened.append(Walker(town.origin, chromium, **options))
        return opened[-1]

    yield begin
    for walker in opened:
        walker.close()
