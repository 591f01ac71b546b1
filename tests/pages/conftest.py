"""Fixtures of all page tests: `portal` is the whole house, ready to use; `client` a browser without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from portal import Portal, at_home_in, make_portal, using


@pytest.fixture(scope="session")
def whole_portal(
    database_server: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Portal]:
    """Made once for all page tests of this process."""
    with at_home_in(tmp_path_factory.mktemp("home")), django_db_blocker.unblock():
        yield make_portal(database_server, f"dugnad_pages_{worker_id}")


@pytest.fixture
def portal(whole_portal: Portal, django_db_blocker: Any) -> Iterator[Portal]:
    """The portal as it was when made ready; what a test writes is gone after it."""
    with django_db_blocker.unblock():
        try:
            with using(whole_portal.database):
                yield whole_portal
        finally:
            whole_portal.snapshot.restore()


@pytest.fixture
def client(portal: Portal) -> Client:
    """A browser nobody has logged in with, seen from 127.0.0.1:8000. CSRF tokens are not asked for."""
    return Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000", HTTP_ACCEPT_LANGUAGE="nb")
