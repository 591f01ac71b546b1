"""What every simulator shares: it answers JSON, and only to someone with a bearer token."""

import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

import orjson

from dugnad.connectors.norway import NotGeneratedError
from dugnad.connectors.transport import Handler, Request, Response

LOG = logging.getLogger(__name__)
NUMBER_LENGTH = 11
JSON = {"content-type": "application/json"}


def kept_up(handler: Handler) -> Handler:
    """Answer 503 where the synthetic Norway is missing or locked, as a real system with a broken store would."""

    def handle(request: Request) -> Response:
        try:
            return handler(request)
        except (sqlite3.Error, NotGeneratedError) as error:
            LOG.error("a simulated register cannot answer: %s", error)  # noqa: TRY400 - the sentence says it all
            return answer({"melding": "Tjenesten er utilgjengelig"}, 503)

    return handle


def has_token(request: Request) -> bool:
    """Say whether there is a bearer token. Which one does not matter to a simulator."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(token.strip())


def answer(content: object, status: int = 200, headers: Mapping[str, str] = JSON) -> Response:
    """Answer with JSON."""
    return Response(status, headers, orjson.dumps(content))


def read(request: Request) -> Any:
    """Parse the body; None where it is no JSON."""
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None


def identity_numbers(content: object, key: str, most: int) -> list[int] | None:
    """Return the numbers asked for, or None where the request is malformed or asks for too many."""
    asked = content.get(key) if isinstance(content, dict) else None
    if not isinstance(asked, list) or not 1 <= len(asked) <= most:
        return None
    if not all(isinstance(n, str) and len(n) == NUMBER_LENGTH and n.isdecimal() for n in asked):
        return None
    return [int(number) for number in asked]
