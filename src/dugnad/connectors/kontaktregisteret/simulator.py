"""Answers as Digdir's contact register, `POST /rest/v2/personer`.

The request is `{"personidentifikatorer": [at most 1000]}`. Rules as Digdir's own test persons show them:
contact data that nobody has confirmed for 18 months are withheld and the person cannot be notified; a
deleted person has no `reservasjon`; everyone asked for gets an answer.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any

from dugnad.connectors.norway import Store
from dugnad.connectors.serving import answer, has_token, identity_numbers, kept_up, read
from dugnad.connectors.transport import Handler, Request, Response

PATH = "/rest/v2/personer"
MOST_PERSONS = 1000
MONTHS_VALID = 18

CONTACTS = """
SELECT p.number, c.status, c.reserved, c.email, c.email_updated, c.email_verified, c.mobile, c.mobile_updated,
       c.mobile_verified, c.language, c.language_updated
FROM person p JOIN contact c ON c.person = p.id WHERE p.number IN (?)"""


def simulator(store: Store, today: Callable[[], date] | None = None) -> Handler:
    """Return the handler of one simulated contact register; its day is the population's own unless given."""

    def handle(request: Request) -> Response:
        if not has_token(request):
            return answer({"error": "unauthorized"}, 401)
        if request.method != "POST" or not request.url.endswith(PATH):
            return answer({"error": "not_found"}, 404)
        numbers = identity_numbers(read(request), "personidentifikatorer", MOST_PERSONS)
        if numbers is None:
            return answer({"error": "bad_request"}, 400)
        oldest = _months_before(today() if today is not None else store.as_of, MONTHS_VALID).isoformat()
        known = {row[0]: row for row in store.rows_in(CONTACTS, numbers)}
        return answer(
            {"personer": [_person(number, known.get(number), oldest) for number in dict.fromkeys(numbers)]}
        )

    return kept_up(handle)


def _months_before(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _person(number: int, row: Any, oldest: str) -> dict[str, Any]:
    person: dict[str, Any] = {"personidentifikator": f"{number:011d}"}
    if row is None:
        return person | {"status": "IKKE_REGISTRERT", "varslingsstatus": "KAN_IKKE_VARSLES"}
    status, reserved = row[1], bool(row[2])
    if status == "SLETTET":
        return person | {"status": status, "varslingsstatus": "KAN_IKKE_VARSLES"}
    contact = _channel("epostadresse", row[3:6], oldest) | _channel("mobiltelefonnummer", row[6:9], oldest)
    can_be_notified = bool(contact) and not reserved
    person |= {
        "reservasjon": "JA" if reserved else "NEI",
        "status": status,
        "varslingsstatus": "KAN_VARSLES" if can_be_notified else "KAN_IKKE_VARSLES",
        "kontaktinformasjon": contact,
    }
    if row[9] is not None:
        person |= {"spraak": row[9], "spraak_oppdatert": row[10]}
    return person


def _channel(name: str, columns: tuple[str | None, ...], oldest: str) -> dict[str, str]:
    value, updated, verified = columns
    confirmed = max(updated or "", verified or "")[:10]
    if value is None or confirmed < oldest:
        return {}
    channel = {name: value}
    if updated is not None:
        channel[f"{name}_oppdatert"] = updated
    if verified is not None:
        channel[f"{name}_sist_verifisert"] = verified
    return channel
