"""The furnished house, made once for the module; a test that changes it puts it back."""

from collections.abc import Iterator
from typing import Any

import pytest
from house import House, furnish

from portal import Portal, Restoring, at_home_in, make_portal, using


@pytest.fixture(scope="module")
def furnished(
    database_server: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Portal, House, Restoring]]:
    """Everything in place, and how it is then."""
    with at_home_in(tmp_path_factory.mktemp("home")), django_db_blocker.unblock():
        portal = make_portal(database_server, f"dugnad_access_{worker_id}")
        with using(portal.database):
            house = furnish(portal)
        yield portal, house, Restoring(portal.database)


@pytest.fixture
def house(furnished: tuple[Portal, House, Restoring], django_db_blocker: Any) -> Iterator[House]:
    """The house, reached as dugnad_web."""
    portal, found, _ = furnished
    with django_db_blocker.unblock(), using(portal.database):
        yield found
