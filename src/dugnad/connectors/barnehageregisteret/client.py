"""Asks who has a place in kindergarten.

Fields: `har plass` (bool), `barnehage`, `kommune` (kommunenummer of the kindergarten), `avtalt tid`
(Decimal, hours a week), `pris` (Decimal, kr a month, food not included), `plass fra` (date; may lie after
`on`), `skolestart` (date, 1 August of the year the child turns six). The name of the kindergarten is
dropped for a child with a protected address, and the municipality too where the address is strictly
confidential, even if the register sends them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dugnad.connectors.calling import (
    NonsenseError,
    RegisterClient,
    askable,
    day,
    identity_number,
    one_of,
    record,
    records,
    text,
    whole,
)
from dugnad.facts.ports import RegisterAnswer

PATH = "/barnehageregisteret/v1/plasser"
MOST_PERSONS = 1000
HOURS_IN_A_WEEK = 168
FIELDS = frozenset({"har plass", "barnehage", "kommune", "avtalt tid", "pris", "plass fra", "skolestart"})
LEVELS = frozenset({"ugradert", "klientadresse", "fortrolig", "strengtFortrolig"})
HIDES = {"fortrolig": frozenset({"barnehage"}), "strengtFortrolig": frozenset({"barnehage", "kommune"})}


class Barnehageregisteret(RegisterClient):
    """Kindergarten places as a source of facts (implements facts.ports.Register)."""

    name = "barnehageregisteret"

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        """Answer for each child the register knows. Raises RegisterUnavailableError."""
        del on  # a place that has been given but not begun is told with its date
        wanted = FIELDS.intersection(fields)
        asked = askable(identity_numbers)
        answers: dict[str, RegisterAnswer] = {}
        with self._caller.lookup() as deadline:
            for start in range(0, len(asked), MOST_PERSONS):
                portion = asked[start : start + MOST_PERSONS]
                _, content = self._caller.call(
                    "POST", PATH, deadline, content={"personidentifikatorer": portion}
                )
                for child in records(record(content, "answer"), "barn", required=True):
                    number = identity_number(child, "personidentifikator")
                    if number not in portion:
                        raise NonsenseError("a child nobody asked for")
                    answers[number] = _answer(child, wanted)
        return answers


def _answer(child: Mapping[str, Any], wanted: frozenset[str]) -> RegisterAnswer:
    hidden = HIDES.get(one_of(child, "adressebeskyttelse", LEVELS), frozenset())
    values: dict[str, object] = {
        "skolestart": day(child, "skolestart"),
        "har plass": child.get("plass") is not None,
    }
    since = None
    if child.get("plass") is not None:
        place = record(child["plass"], "plass")
        since = day(place, "fraDato")
        values |= {"avtalt tid": _hours(place), "pris": _price(place), "plass fra": since}
        if "barnehage" not in hidden:
            values["barnehage"] = text(place, "barnehage")
        if "kommune" not in hidden:
            values["kommune"] = text(place, "kommunenummer")
    told = {field: value for field, value in values.items() if field in wanted}
    dated = {field: since for field in told if since is not None and field != "skolestart"}
    return RegisterAnswer(told, dated)


def _hours(place: Mapping[str, Any]) -> Decimal:
    hours = whole(place, "timerPerUke")
    if not 0 < hours <= HOURS_IN_A_WEEK:
        raise NonsenseError("timerPerUke is no number of hours in a week")
    return Decimal(hours)


def _price(place: Mapping[str, Any]) -> Decimal:
    price = whole(place, "prisPerMaaned")
    if price < 0:
        raise NonsenseError("prisPerMaaned is negative")
    return Decimal(price)
