"""Asks the contact register how a person may be reached.

Fields: `kan varsles` (bool), `reservert` (bool; absent for a person who is deleted or not registered),
`språk` (nb, nn, en, se; absent where never chosen), `e-post`, `mobil`. Contact data that were not confirmed
in the 18 months before `on` are dropped whatever the register says: they must not be used
(eForvaltningsforskriften § 32).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
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
)
from dugnad.facts.ports import RegisterAnswer

PATH = "/rest/v2/personer"
MOST_PERSONS = 1000
MONTHS_VALID = 18
FIELDS = frozenset({"kan varsles", "reservert", "språk", "e-post", "mobil"})
STATUSES = frozenset({"AKTIV", "SLETTET", "IKKE_REGISTRERT"})
NOTIFIABLE = frozenset({"KAN_VARSLES", "KAN_IKKE_VARSLES"})
YES_OR_NO = frozenset({"JA", "NEI"})
LANGUAGES = frozenset({"nb", "nn", "en", "se"})


class Kontaktregisteret(RegisterClient):
    """Contact data as a source of facts (implements facts.ports.Register)."""

    name = "kontaktregisteret"

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        """Answer for everyone asked about, registered or not. Raises RegisterUnavailableError."""
        wanted = FIELDS.intersection(fields)
        asked = askable(identity_numbers)
        answers: dict[str, RegisterAnswer] = {}
        with self._caller.lookup() as deadline:
            for start in range(0, len(asked), MOST_PERSONS):
                portion = asked[start : start + MOST_PERSONS]
                _, content = self._caller.call(
                    "POST", PATH, deadline, content={"personidentifikatorer": portion}
                )
                for person in records(record(content, "answer"), "personer", required=True):
                    number = identity_number(person, "personidentifikator")
                    if number not in portion:
                        raise NonsenseError("a person nobody asked for")
                    values = _values(person, on)
                    told = {field: value for field, value in values.items() if field in wanted}
                    answers[number] = RegisterAnswer(told)
        return answers


def _values(person: Mapping[str, Any], on: date) -> dict[str, object]:
    active = one_of(person, "status", STATUSES) == "AKTIV"
    notifiable = one_of(person, "varslingsstatus", NOTIFIABLE) == "KAN_VARSLES"
    values: dict[str, object] = {}
    reserved = False
    if person.get("reservasjon") is not None:
        reserved = one_of(person, "reservasjon", YES_OR_NO) == "JA"
        values["reservert"] = reserved
    if person.get("spraak") is not None:
        values["språk"] = one_of(person, "spraak", LANGUAGES)
    contact = record(person.get("kontaktinformasjon") or {}, "kontaktinformasjon")
    channels = {
        field: text(contact, key)
        for field, key in (("e-post", "epostadresse"), ("mobil", "mobiltelefonnummer"))
        if contact.get(key) is not None and _confirmed_lately(contact, key, on)
    }
    values["kan varsles"] = active and notifiable and not reserved and bool(channels)
    return values | channels


def _confirmed_lately(contact: Mapping[str, Any], key: str, on: date) -> bool:
    keys = (f"{key}_oppdatert", f"{key}_sist_verifisert")
    last = max((day(contact, name) for name in keys if contact.get(name) is not None), default=None)
    return last is not None and _months_between(last, on) <= MONTHS_VALID


def _months_between(first: date, last: date) -> int:
    """Return the months begun from `first` to `last`: 18 months to the day are 18, one day more 19."""
    return (last.year - first.year) * 12 + last.month - first.month + (last.day > first.day)
