"""What every test may use: a database of its own process, and a browser."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations

from database import Database, Snapshot, clone, server_with_template

_SERVER = "dugnad_server"


def pytest_configure_node(node: Any) -> None:
    """Under xdist the controller runs the one server; each worker is told where it is."""
    config = node.config
    if not hasattr(config, _SERVER):
        running = contextlib.ExitStack()
        setattr(config, _SERVER, running.enter_context(server_with_template()))
        config.add_cleanup(running.close)
    node.workerinput[_SERVER] = getattr(config, _SERVER)


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The superuser's address of the server of this test run."""
    given = getattr(request.config, "workerinput", {}).get(_SERVER)
    if given:
        yield given
    else:
        with server_with_template() as server:
            yield server


@pytest.fixture(scope="session")
def database(database_server: str, worker_id: str) -> Database:
    """This process's own database; `database.owner`, `.worker` and `.superuser` are addresses for other roles."""
    return clone(database_server, f"dugnad_{worker_id}")


@pytest.fixture(scope="session")
def django_db_setup(database: Database, django_db_blocker: Any) -> Iterator[None]:
    """Let Django use the clone as dugnad_web, and put it back after tests that commit."""
    from django.conf import settings

    snapshot = Snapshot(database)
    server_folder = database.web.partition("host=")[2].replace("%2F", "/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUGNAD_DATABASE_URL", database.web)
        here = {
            "NAME": database.name,
            "USER": "dugnad_web",
            "PASSWORD": "",
            "HOST": server_folder,
            "PORT": "",
        }
        for place in (settings.DATABASES["default"], connections["default"].settings_dict):
            for name, value in here.items():
                patch.setitem(place, name, value)
            patch.setitem(place, "OPTIONS", {k: v for k, v in place["OPTIONS"].items() if k != "pool"})
        patch.setattr(DatabaseOperations, "execute_sql_flush", lambda *_: snapshot.restore())
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="session")
def worker_id() -> str:
    """The xdist worker's name, `main` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
