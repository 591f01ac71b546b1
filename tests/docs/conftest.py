"""The whole portal for tests of the documents, in a database of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal import Portal, at_home_in, make_portal, using


@pytest.fixture(scope="module")
def portal(
    database_server: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Portal]:
    """Made for this module and thrown away: what a document publishes stays there."""
    with at_home_in(tmp_path_factory.mktemp("home")), django_db_blocker.unblock():
        made = make_portal(database_server, f"dugnad_docs_{worker_id}")
        with using(made.database):
            yield made
