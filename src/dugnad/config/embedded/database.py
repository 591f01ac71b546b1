"""The database a command works on: the one it is told of, the running one, or one started for it."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from dugnad.config.embedded.places import socket_folder
from dugnad.config.embedded.postgres.roles import ROLES, Addresses, addresses_of_one_login, ensure_roles
from dugnad.config.embedded.postgres.server import Server
from dugnad.config.embedded.running import find_running, only_one

DATABASE = "dugnad"


def own_server(
    home: Path, *, tell: Callable[[str], None], abandoned: Callable[[], bool] = lambda: False
) -> Server:
    """Give the server of `home`, not started yet. The caller holds `only_one(home)`."""
    return Server(
        home / "postgres", socket_folder(home), home / "logs" / "postgres.log", tell=tell, abandoned=abandoned
    )


def addresses_of(server: Server) -> Addresses:
    """Make the roles and the database in a server of our own; how each part connects."""
    ensure_roles(server.url(), DATABASE)
    return Addresses(*(server.url(role, DATABASE) for role in ROLES))


@contextlib.contextmanager
def database(home: Path, *, tell: Callable[[str], None]) -> Iterator[Addresses]:
    """Give the addresses for one command; what had to be started is stopped afterwards.

    DATABASE_URL first, then the server of a running `dugnad run`, else the one in `home`, started for this.

    Raises:
        SayError: there is none to be had; the text says why.

    """
    given = os.environ.get("DATABASE_URL")
    running = None if given else find_running(home)
    if given:
        yield addresses_of_one_login(given)
    elif running:
        yield running.database
    else:
        with only_one(home):
            server = own_server(home, tell=tell)
            server.start()
            try:
                yield addresses_of(server)
            finally:
                server.stop()
