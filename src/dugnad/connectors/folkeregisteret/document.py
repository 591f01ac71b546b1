"""A person document of Folkeregisteret, read strictly: anything unexpected is nonsense, never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dugnad.connectors.calling import NonsenseError, day, identity_number, one_of, record, text

STATUSES = frozenset(
    {"bosatt", "utflyttet", "forsvunnet", "doed", "opphoert", "foedselsregistrert", "midlertidig", "inaktiv",
     "ikkeBosatt", "aktiv"}
)  # fmt: skip
CIVIL = frozenset(
    {"uoppgitt", "ugift", "gift", "enkeEllerEnkemann", "skilt", "separert", "registrertPartner",
     "separertPartner", "skiltPartner", "gjenlevendePartner"}
)  # fmt: skip
STRICTNESS = ("ugradert", "klientadresse", "fortrolig", "strengtFortrolig")
LEVELS = frozenset(STRICTNESS)
HIDDEN_LEVELS = frozenset({"fortrolig", "strengtFortrolig"})
PARENT_ROLES = frozenset({"mor", "far", "medmor"})
SEXES = frozenset({"kvinne", "mann"})
MARRIED = frozenset({"gift", "separert"})
PARTNERED = frozenset({"registrertPartner", "separertPartner"})


@dataclass(frozen=True, slots=True)
class Address:
    """A street address with the dwelling's own number, so that neighbours in one building are told apart."""

    municipality: str
    street: str
    house: str
    unit: str
    postal_code: str
    place: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """Someone appointed to act for the person. `number` is None where the register gives none."""

    number: str | None
    scope: str


class Document:
    """One person. Each part is read when it is asked for, so that unasked parts cost nothing."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content

    def _current(self, part: str) -> list[Mapping[str, Any]]:
        items = self._content.get(part)
        if items is None:
            return []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise NonsenseError(f"{part} is no list of objects")
        return [item for item in items if item.get("erGjeldende") is not False]

    def _only(self, part: str) -> Mapping[str, Any] | None:
        items = self._current(part)
        if len(items) > 1:
            raise NonsenseError(f"{part} has more than one current value")
        return items[0] if items else None

    def first_name(self) -> str | None:
        """Return the first name."""
        part = self._only("navn")
        return None if part is None else text(part, "fornavn")

    def full_name(self) -> str | None:
        """Return first, middle and last name."""
        part = self._only("navn")
        if part is None:
            return None
        middle = part.get("mellomnavn")
        return " ".join(word for word in (text(part, "fornavn"), middle, text(part, "etternavn")) if word)

    def born(self) -> date | None:
        """Return the day of birth; None where only the year is known."""
        part = self._only("foedsel")
        return None if part is None or part.get("foedselsdato") is None else day(part, "foedselsdato")

    def word(self, part: str, key: str, allowed: frozenset[str]) -> str | None:
        """Return a part that is one of a set of words."""
        found = self._only(part)
        return None if found is None else one_of(found, key, allowed)

    def status(self) -> str | None:
        """Return the person's status in the register."""
        return self.word("status", "status", STATUSES)

    def civil(self) -> str | None:
        """Return the marital status."""
        return self.word("sivilstand", "sivilstand", CIVIL)

    def spouse(self) -> str | None:
        """Return the identity number of a living spouse or registered partner."""
        part = self._only("sivilstand")
        married = part is not None and one_of(part, "sivilstand", CIVIL) in MARRIED | PARTNERED
        if part is None or not married or part.get("relatertVedSivilstand") is None:
            return None
        return identity_number(part, "relatertVedSivilstand")

    def protection(self) -> str:
        """Return the strictest grading said anywhere in the document; `ugradert` where none is said."""
        return self._protection

    @cached_property
    def _protection(self) -> str:
        said = [one_of(part, "graderingsnivaa", LEVELS) for part in self._current("adressebeskyttelse")]
        said += [one_of(part, "adressegradering", LEVELS) for part in self._current("bostedsadresse")]
        return max(said, key=STRICTNESS.index, default="ugradert")

    def hidden(self) -> bool:
        """Say whether the address must not leave this connector."""
        return self.protection() in HIDDEN_LEVELS

    @cached_property
    def address(self) -> Address | None:
        """Where the person is registered as living; None where that is unknown or withheld."""
        part = self._only("bostedsadresse")
        if part is None or part.get("vegadresse") is None:
            return None
        return _address(record(part["vegadresse"], "vegadresse"))

    def lived_there_since(self) -> date | None:
        """Return the day of moving in."""
        part = self._only("bostedsadresse")
        return None if part is None or part.get("flyttedato") is None else day(part, "flyttedato")

    @cached_property
    def children(self) -> list[str]:
        """The identity numbers of children of any age."""
        return [
            identity_number(part, "relatertPerson")
            for part in self._current("familierelasjon")
            if part.get("relatertPersonsRolle") == "barn" and part.get("relatertPerson") is not None
        ]

    def parents(self) -> list[str]:
        """Return the identity numbers of the parents the register knows."""
        return [
            identity_number(part, "relatertPerson")
            for part in self._current("familierelasjon")
            if part.get("relatertPersonsRolle") in PARENT_ROLES and part.get("relatertPerson") is not None
        ]

    def responsible_for_it(self) -> frozenset[str]:
        """Return who has parental responsibility for this child."""
        parts = self._current("foreldreansvar")
        return frozenset(
            identity_number(part, "ansvarlig") for part in parts if part.get("ansvarlig") is not None
        )

    def shares_home(self) -> bool:
        """Say whether a child lives equally with both parents (delt bosted)."""
        return bool(self._current("deltBosted"))

    def guardians(self) -> list[Guardian]:
        """Return guardians of the person."""
        found = []
        for part in self._current("vergemaalEllerFremtidsfullmakt"):
            verge = record(part.get("verge"), "verge")
            number = (
                None
                if verge.get("foedselsEllerDNummer") is None
                else identity_number(verge, "foedselsEllerDNummer")
            )
            found.append(
                Guardian(number, text(verge, "omfang") if verge.get("omfang") is not None else "ukjent")
            )
        return found


def _address(part: Mapping[str, Any]) -> Address:
    place = record(part.get("poststed"), "poststed")
    house = record(part.get("adressenummer"), "adressenummer")
    return Address(
        municipality=text(part, "kommunenummer"),
        street=text(part, "adressenavn"),
        house=f"{text(house, 'husnummer')}{house.get('husbokstav') or ''}",
        unit=str(part.get("bruksenhetsnummer") or ""),
        postal_code=text(place, "postnummer"),
        place=text(place, "poststedsnavn"),
    )
