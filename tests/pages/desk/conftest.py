"""Fixtures of the desk's tests."""

import pytest
from portal import Portal
from work import Desk


@pytest.fixture
def desk(portal: Portal) -> Desk:
    """A desk to work at."""
    return Desk(portal)
