"""Fixtures of the resident's pages."""

from collections.abc import Callable, Iterator

import pytest
from at_home import Resident

from dugnad.flows import household
from portal import Portal


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Nobody's household is remembered from one test to the next."""
    household.forget()
    yield
    household.forget()


@pytest.fixture
def resident(portal: Portal) -> Callable[..., Resident]:
    """Log a test person in: `resident("mor i Stord")`."""
    return lambda key, language="nn": Resident(portal, key, language=language)


@pytest.fixture
def mother(portal: Portal) -> Resident:
    """Ingrid in Stord: married, two children in kindergarten, a low income, writes Nynorsk."""
    return Resident(portal, "mor i Stord")


@pytest.fixture
def neighbour(portal: Portal) -> Resident:
    """Hilde in Stord, whose income has fallen lastingly."""
    return Resident(portal, "nabo i Stord")
