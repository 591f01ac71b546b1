"""Django's PostgreSQL backend with the short way beside its cursors (`wire`).

Django asks a connection for its health at the first statement of every request; here that costs no round trip. Connections
are kept, one for each thread: what a pool adds to that is a lock and a hand-over for every request.
"""

import re
from typing import Any, Final

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction

from dugnad.shared.postgres.wire import Wire

# After these psycopg deallocates all prepared statements of the connection, ours with its own.
_CLEARS: Final = re.compile(r"(?:DROP|ALTER|ROLLBACK|DISCARD ALL|DEALLOCATE ALL)\b")


class _Cursor(psycopg.Cursor[Any]):
    """A cursor that binds on the server, before which everything goes that was put off."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """See psycopg."""
        wire = _wire_of(self.connection)
        wire.flush()
        done = super().execute(*args, **kwargs)
        if _CLEARS.match(self.statusmessage or ""):
            wire.unprepare()
        return done

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        """See psycopg."""
        _wire_of(self.connection).flush()
        return super().executemany(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """See psycopg."""
        _wire_of(self.connection).flush()
        return super().copy(*args, **kwargs)


def _wire_of(connection: Any) -> Wire:
    wire: Wire = connection.dugnad_wire
    return wire


class DatabaseWrapper(base.DatabaseWrapper):
    """See the module. psycopg stays in autocommit mode; BEGIN and COMMIT go by the wire."""

    health_check_done: bool

    @property
    def wire(self) -> Wire:
        """The short way of this connection, which is opened where it is not, and again where the server has gone."""
        if not self.health_check_done:
            self.close_if_health_check_failed()
        if self.connection is None:
            self.ensure_connection()
        return _wire_of(self.connection)

    def get_connection_params(self) -> dict[str, Any]:
        """See Django."""
        return {**super().get_connection_params(), "cursor_factory": _Cursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """See Django."""
        connection = super().get_new_connection(conn_params)
        connection.autocommit = True
        connection.dugnad_wire = Wire(connection)
        return connection

    def is_usable(self) -> bool:
        """Ask the socket; after an error ask the server."""
        if self.connection is None or not _wire_of(self.connection).is_alive():
            return False
        return bool(super().is_usable()) if self.errors_occurred else True

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 - Django's signature
        if not autocommit:
            _wire_of(self.connection).begin()

    def _commit(self) -> None:
        if self.connection is not None:
            with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
                _wire_of(self.connection).commit()

    def _rollback(self) -> None:
        if self.connection is not None:
            with debug_transaction(self, "ROLLBACK"), self.wrap_database_errors:
                _wire_of(self.connection).rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        _wire_of(self.connection).forget()
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # Django has it, its stubs do not
