"""What jobs needs from outside: the handlers that do the work, registered by `config/wiring.py`."""

from collections.abc import Callable, Mapping
from datetime import datetime

type_of_handler = Callable[[Mapping[str, str], datetime], None]

HANDLERS: dict[str, type_of_handler] = {}


class TryAgainError(Exception):
    """The work could not be done now and costs nothing to try again; `reason` holds no personal data."""

    def __init__(self, reason: str, *, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after_seconds = after_seconds
