"""Asks Folkeregisteret and says what it knows in the field names of `facts.yaml`.

Fields: `navn`, `fornavn`, `fødselsdato`, `kjønn`, `adresse` ({gate, postnummer, poststed}), `kommune`,
`bostedsadresse fra`, `adressebeskyttelse`, `status`, `sivilstand`, `ektefelle` (list of at most one
number), `foreldre` (numbers), `verger` and `vergehaver` (list of {person, omfang}), and

* `barn`: living children under 18: {person, fødselsdato, foreldreansvar, delt bosted, bor på adressen,
  foreldre}; `bor på adressen` is None where an address is withheld;
* `voksne på adressen`: {person, relasjon, felles barn, nær slekt, bostedsadresse fra}. The register knows
  marriage and joint children, so `relasjon` is ektefelle, registrert partner, samboer (unmarried, joint
  children) or annen. Two who merely live together are `annen`: only they can say what they are to each
  other (FOR-2005-12-16-1478 § 3d);
* `andre barn på adressen`: {person, fødselsdato} of children there who are not the person's own:
  step-children and foster children, whom the register does not link to the adults they live with.

Protected addresses. With `fortrolig` or `strengtFortrolig` no address and no `bostedsadresse fra` leave
this module, and the others at the address are unknown: a search by address would be the way to find someone
in hiding. `kommune` is told for `fortrolig`, since the municipality must know that the case is its own; it
is withheld for `strengtFortrolig`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from dugnad.connectors.calling import (
    OK,
    Deadline,
    NonsenseError,
    RegisterClient,
    askable,
    identity_number,
    record,
    records,
    text,
)
from dugnad.connectors.folkeregisteret.document import Address, Document
from dugnad.connectors.folkeregisteret.view import View
from dugnad.facts.ports import RegisterAnswer

BASE_PATH = "/folkeregisteret/offentlig-med-hjemmel/api"
MOST_PERSONS = 1000
NOT_FOUND = 404

_ADDRESS_PARTS = ("bostedsadresse", "adressebeskyttelse")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "navn": ("navn",),
    "fornavn": ("navn",),
    "fødselsdato": ("foedsel",),
    "kjønn": ("kjoenn",),
    "adresse": _ADDRESS_PARTS,
    "kommune": _ADDRESS_PARTS,
    "bostedsadresse fra": _ADDRESS_PARTS,
    "adressebeskyttelse": _ADDRESS_PARTS,
    "status": ("status",),
    "sivilstand": ("sivilstand",),
    "ektefelle": ("sivilstand",),
    "foreldre": ("familierelasjon",),
    "verger": ("vergemaalEllerFremtidsfullmakt",),
    "vergehaver": (),
    "barn": (*_ADDRESS_PARTS, "familierelasjon"),
    "voksne på adressen": (*_ADDRESS_PARTS, "familierelasjon", "sivilstand"),
    "andre barn på adressen": (*_ADDRESS_PARTS, "familierelasjon"),
}
FIELDS = frozenset(_PARTS)
_SEARCHED = frozenset({"voksne på adressen", "andre barn på adressen"})
_PARTS_OF_CHILDREN = (*_ADDRESS_PARTS, "status", "foedsel", "familierelasjon", "foreldreansvar", "deltBosted")
_PARTS_OF_OTHERS = (*_ADDRESS_PARTS, "status", "foedsel", "familierelasjon", "sivilstand")


@dataclass(frozen=True, slots=True)
class Represented:
    """Someone a person may act for: by "foreldreansvar", or as "verge" within `scope`."""

    identity_number: str
    basis: str
    scope: str


class Folkeregisteret(RegisterClient):
    """The population register as a source of facts (implements facts.ports.Register)."""

    name = "folkeregisteret"
    base_path = BASE_PATH
    retry_after_per_second = 1000  # milliseconds here, against the rule of HTTP

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        """Answer for each person the register knows; `on` decides who is of age.

        Raises RegisterUnavailableError.
        """
        wanted = FIELDS.intersection(fields)
        with self._caller.lookup() as deadline:
            asked = askable(identity_numbers)
            parts = {part for field in wanted for part in _PARTS[field]}
            found = self._documents(asked, parts, deadline)
            neighbours = self._neighbours(found, deadline) if wanted & _SEARCHED else {}
            kin = self._kin(found, neighbours, wanted, deadline)
            wards = self._wards(list(found), deadline) if "vergehaver" in wanted else None
            return {
                number: View(number, found[number], kin, on).answer(wanted, neighbours, wards)
                for number in asked
                if number in found
            }

    def persons_represented(self, number: str, on: date) -> tuple[Represented, ...]:
        """Return the children under 18 a person has parental responsibility for, and their wards.

        Raises RegisterUnavailableError.
        """
        answer = self.lookup([number], fields=("barn", "vergehaver"), on=on).get(number)
        if answer is None:
            return ()
        children = answer.values.get("barn", ())
        wards = answer.values.get("vergehaver", ())
        represented = [
            Represented(child["person"], "foreldreansvar", "")
            for child in (children if isinstance(children, list) else ())
            if child["foreldreansvar"]
        ]
        represented += [
            Represented(ward["person"], "verge", ward["omfang"])
            for ward in (wards if isinstance(wards, list) else ())
        ]
        return tuple(represented)

    def _documents(
        self, numbers: Sequence[str], parts: Iterable[str], deadline: Deadline
    ) -> dict[str, Document]:
        path = f"/v1/personer/bulkoppslag?{_query(frozenset(parts))}"
        found: dict[str, Document] = {}
        for portion in _portions(numbers):
            asked = {"foedselsEllerDNummer": portion}
            _, content = self._caller.call("POST", path, deadline, content=asked)
            for item in records(record(content, "answer"), "oppslag", required=True):
                number = identity_number(item, "foedselsEllerDNummer")
                if number not in portion:
                    raise NonsenseError("a person nobody asked for")
                if item.get("folkeregisterperson") is not None:
                    found[number] = Document(record(item["folkeregisterperson"], "folkeregisterperson"))
        return found

    def _neighbours(self, found: Mapping[str, Document], deadline: Deadline) -> dict[Address, list[str]]:
        """Return who is registered at each open address, other dwellings of the building included."""
        neighbours: dict[Address, list[str]] = {}
        for document in found.values():
            address = None if document.hidden() else document.address
            if address is None or address in neighbours:
                continue
            query = urlencode(
                {"adressenavn": address.street, "husnummer": address.house, "postnummer": address.postal_code}
            )
            _, content = self._caller.call("GET", f"/v1/personer/soek?{query}", deadline)
            numbers = record(content, "answer").get("foedselsEllerDNummer")
            if not isinstance(numbers, list):
                raise NonsenseError("foedselsEllerDNummer is no list")
            neighbours[address] = [identity_number({"hit": number}, "hit") for number in numbers]
        return neighbours

    def _kin(
        self,
        found: Mapping[str, Document],
        neighbours: Mapping[Address, list[str]],
        wanted: frozenset[str],
        deadline: Deadline,
    ) -> dict[str, Document]:
        others = {number for numbers in neighbours.values() for number in numbers}
        if "voksne på adressen" in wanted:
            others |= {spouse for document in found.values() if (spouse := document.spouse()) is not None}
        children = (
            {c for document in found.values() for c in document.children} if "barn" in wanted else set()
        )
        parts = (*(_PARTS_OF_CHILDREN if children else ()), *(_PARTS_OF_OTHERS if others else ()))
        numbers = sorted(others | children)
        kin = self._documents(numbers, parts, deadline) if numbers else {}
        if len(kin) < len(numbers):
            # Leaving a relative out would be a wrong fact: a child fewer, an adult fewer.
            raise NonsenseError("a relative is missing")
        return kin

    def _wards(self, numbers: Sequence[str], deadline: Deadline) -> dict[str, list[dict[str, str]]] | None:
        """Return the wards of each, or None where this service does not exist."""
        wards: dict[str, list[dict[str, str]]] = {number: [] for number in numbers}
        for portion in _portions(numbers):
            asked = {"foedselsEllerDNummer": portion}
            path = "/v1/vergehavere/bulkoppslag"
            status, content = self._caller.call("POST", path, deadline, content=asked, also=(NOT_FOUND,))
            if status != OK:
                return None
            for item in records(record(content, "answer"), "vergemaal", required=True):
                guardian = identity_number(item, "verge")
                if guardian not in wards:
                    raise NonsenseError("a guardian nobody asked for")
                ward = {"person": identity_number(item, "vergehaver"), "omfang": text(item, "omfang")}
                wards[guardian].append(ward)
        return wards


def _portions(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), MOST_PERSONS):
        yield numbers[start : start + MOST_PERSONS]


@cache
def _query(parts: frozenset[str]) -> str:
    return urlencode([("part", part) for part in sorted(parts)] or [("part", "status")])
