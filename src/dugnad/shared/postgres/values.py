"""Values on their way to PostgreSQL, in its text format; their types are what the statement says they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg

TEXT, BINARY = 0, 1


@dataclass(frozen=True, slots=True)
class Json:
    """A value to be stored as JSON. A mapping is JSON anyway; a list without this is an array."""

    value: object


def dump(values: Sequence[object]) -> tuple[list[bytes | None], list[int] | None]:
    """Return the values as PostgreSQL reads them, and their formats where one is not text.

    Raises TypeError for a type that no column here has, DataError for text that PostgreSQL cannot hold.
    """
    written: list[bytes | None] = []
    formats: list[int] | None = None
    for number, value in enumerate(values):
        if value is None:
            written.append(None)
        elif type(value) is bytes:
            formats = formats or [TEXT] * len(values)
            formats[number] = BINARY
            written.append(value)
        else:
            written.append(_text(value).encode())
    return written, formats


def _text(value: object) -> str:
    """Write one value. A NUL would end the text on its way, so it is refused here."""
    writer = _WRITERS.get(type(value)) or _writer(value)
    text = writer(value)
    if "\0" in text:
        raise psycopg.DataError("PostgreSQL text cannot hold a NUL")
    return text


def _writer(value: object) -> Callable[[Any], str]:
    """Find the writer of a subclass: an enum that is text, a dictionary of another kind."""
    for kind, writer in _WRITERS.items():
        if isinstance(value, kind):
            return writer
    if isinstance(value, Mapping):
        return _json
    raise TypeError(f"no way to write a {type(value).__name__} for PostgreSQL")


def _json(value: Mapping[str, object]) -> str:
    return orjson.dumps(value if type(value) is dict else dict(value)).decode()


def _array(values: Sequence[object]) -> str:
    return "{" + ",".join([_element(one) for one in values]) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    text = _text(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _truth(value: bool) -> str:  # noqa: FBT001 - a value among others
    return "t" if value else "f"


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    str: str.__str__,
    UUID: str,
    datetime: datetime.isoformat,
    bool: _truth,
    int: str,
    dict: _json,
    Json: lambda value: orjson.dumps(value.value).decode(),
    list: _array,
    tuple: _array,
    date: date.isoformat,
    Decimal: str,
}
