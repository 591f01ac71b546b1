"""Who a resident lives with and where the children have places: for Min side, straight from the registers.

It is kept in this process for the rest of the day and written nowhere; a register that is away is named, and asked
again the next time (its client's fuse makes that cheap).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from dugnad.facts.ports import REGISTERS, RegisterAnswer, RegisterUnavailableError
from dugnad.shared.calendar import oslo

PEOPLE, PLACES, CONTACT = "folkeregisteret", "barnehageregisteret", "kontaktregisteret"
_COUNTED = frozenset({"ektefelle", "registrert partner", "samboer"})


@dataclass(frozen=True, slots=True)
class Child:
    """A child with its place in kindergarten: `has_place` None where the register was away; hours a week."""

    name: str
    born: date | None
    has_place: bool | None
    kindergarten: str
    municipality: str
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Household:
    """What the registers say. first_name: as the population register has it; adults: those the person lives with."""

    first_name: str
    adults: tuple[str, ...]
    children: tuple[Child, ...]
    away: tuple[str, ...]

    @property
    def has_places(self) -> bool:
        """Whether a child has a place in kindergarten."""
        return any(child.has_place for child in self.children)


@dataclass(frozen=True, slots=True)
class ContactData:
    """What the contact and reservation register says; None: not known there."""

    email: str
    mobile: str
    reserved: bool | None
    language: str
    may_be_told: bool


class _AwayError(Exception):
    """Some register was away: the answer is used, and not kept."""

    def __init__(self, found: Household) -> None:
        super().__init__("a register is away")
        self.found = found


def household(identity_number: str, *, at: datetime) -> Household:
    """Return the person's household. Never raises for a register that is away: it is named in `away`."""
    try:
        return _kept(identity_number, oslo(at))
    except _AwayError as partly:
        return partly.found


def forget() -> None:
    """Forget what this process has kept."""
    _kept.cache_clear()


def contact_data(identity_number: str, *, at: datetime) -> ContactData:
    """Return how the person may be reached. Raises RegisterUnavailableError."""
    fields = ("e-post", "mobil", "reservert", "språk", "kan varsles")
    answer = REGISTERS[CONTACT].lookup([identity_number], fields=fields, on=oslo(at)).get(identity_number)
    values = answer.values if answer else {}
    reserved = values.get("reservert")
    return ContactData(
        email=str(values.get("e-post") or ""),
        mobile=str(values.get("mobil") or ""),
        reserved=reserved if isinstance(reserved, bool) else None,
        language=str(values.get("språk") or ""),
        may_be_told=values.get("kan varsles") is True,
    )


@lru_cache(maxsize=4096)
def _kept(identity_number: str, on: date) -> Household:
    away: list[str] = []
    me = _ask(PEOPLE, [identity_number], ("fornavn", "barn", "voksne på adressen"), on, away).get(
        identity_number
    )
    values = me.values if me else {}
    adults = [
        one["person"] for one in _entries(values.get("voksne på adressen")) if one.get("relasjon") in _COUNTED
    ]
    children = [one["person"] for one in _entries(values.get("barn"))]
    people = _ask(PEOPLE, [*adults, *children], ("navn", "fornavn", "fødselsdato"), on, away)
    places = _ask(PLACES, children, ("har plass", "barnehage", "kommune", "avtalt tid"), on, away)
    found = Household(
        first_name=str(values.get("fornavn") or ""),
        adults=tuple(str(people[number].values.get("navn") or "") for number in adults if number in people),
        children=tuple(
            _child(people[one], places.get(one), PLACES in away) for one in children if one in people
        ),
        away=tuple(dict.fromkeys(away)),
    )
    if away:
        raise _AwayError(found)
    return found


def _ask(
    register: str, numbers: Sequence[str], fields: Collection[str], on: date, away: list[str]
) -> Mapping[str, RegisterAnswer]:
    if not numbers or register in away:
        return {}
    try:
        return REGISTERS[register].lookup(numbers, fields=fields, on=on)
    except RegisterUnavailableError:
        away.append(register)
        return {}


def _entries(raw: object) -> list[Mapping[str, str]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list | tuple) else []


def _child(person: RegisterAnswer, place: RegisterAnswer | None, away: bool) -> Child:  # noqa: FBT001 - said by the caller
    born, values = person.values.get("fødselsdato"), place.values if place else {}
    hours = values.get("avtalt tid")
    return Child(
        name=str(person.values.get("fornavn") or person.values.get("navn") or ""),
        born=born if isinstance(born, date) else None,
        has_place=None if away else values.get("har plass") is True,
        kindergarten=str(values.get("barnehage") or ""),
        municipality=str(values.get("kommune") or ""),
        hours=hours if isinstance(hours, Decimal) else None,
    )
