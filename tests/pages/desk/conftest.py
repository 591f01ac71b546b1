"""Fixtures of the desk's tests."""

import pytest
from work import Desk

from portal import Portal


@pytest.fixture
def desk(portal: Portal) -> Desk:
    """A desk to work at."""
    return Desk(portal)
