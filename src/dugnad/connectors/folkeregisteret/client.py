"""Asks Folkeregisteret and says what it knows in the field names of `facts.yaml`.

Fields: `navn`, `fornavn`, `fødselsdato`, `kjønn`, `adresse` ({gate, postnummer, poststed}), `kommune`,
`bostedsadresse fra`, `adressebeskyttelse`, `status`, `sivilstand`, `ektefelle` (list of at most one number),
`foreldre` (numbers), `verger` and `vergehaver` (list of {person, omfang}), and

* `barn`: children under 18 who live (not dead): {person, fødselsdato, foreldreansvar, delt bosted, bor på adressen,
  foreldre}; `bor på adressen` is None where an address is withheld;
* `voksne på adressen`: {person, relasjon, felles barn, nær slekt, bostedsadresse fra}. The register knows marriage and
  joint children, so `relasjon` is ektefelle, registrert partner, samboer (unmarried, joint children) or annen. Two who
  merely live together are `annen`: only they can say what they are to each other (§ 3d);
* `andre barn på adressen`: {person, fødselsdato} of children there who are not the person's own: step-children and
  foster children, whom the register does not link to the adults they live with.

Protected addresses. With `fortrolig` or `strengtFortrolig` no address and no `bostedsadresse fra` leave this module,
and the others at the address are unknown: a search by address would be the way to find someone in hiding. `kommune`
is told for `fortrolig`, since the municipality must know that the case is its own; it is withheld for `strengtFortrolig`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from dugnad.connectors.calling import (
    OK,
    Caller,
    Deadline,
    NonsenseError,
    identity_number,
    record,
    records,
    text,
    token_of_simulator,
)
from dugnad.connectors.folkeregisteret.document import MARRIED, PARTNERED, SEXES, Address, Document
from dugnad.connectors.transport import Transport
from dugnad.facts.ports import RegisterAnswer

BASE_PATH = "/folkeregisteret/offentlig-med-hjemmel/api"
MOST_PERSONS = 1000
OF_AGE = 18
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
    """Someone a person may act for. `basis` is "foreldreansvar" or "verge"; `scope` is a guardianship's extent."""

    identity_number: str
    basis: str
    scope: str


class Folkeregisteret:
    """The population register as a source of facts (implements facts.ports.Register)."""

    name = "folkeregisteret"

    def __init__(
        self,
        transport: Transport,
        *,
        base_url: str,
        token: Callable[[], str] = token_of_simulator,
        timeout: float = 1.0,
    ) -> None:
        # Retry-After is in milliseconds here, against the rule of HTTP.
        self._caller = Caller(
            self.name,
            transport,
            base_url + BASE_PATH,
            token=token,
            timeout=timeout,
            retry_after_per_second=1000,
        )

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        """Answer for each person the register knows. `on` decides who is of age. Raises RegisterUnavailableError."""
        wanted = FIELDS.intersection(fields)
        with self._caller.lookup() as deadline:
            asked = list(dict.fromkeys(identity_numbers))
            parts = {part for field in wanted for part in _PARTS[field]}
            found = self._documents(asked, parts, deadline)
            neighbours = self._neighbours(found, deadline) if wanted & _SEARCHED else {}
            kin = self._kin(found, neighbours, wanted, deadline)
            wards = self._wards(list(found), deadline) if "vergehaver" in wanted else None
            view = _View(kin, neighbours, wards, on)
            return {number: view.answer(number, document, wanted) for number, document in found.items()}

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
        query = urlencode([("part", part) for part in sorted(parts)] or [("part", "status")])
        found: dict[str, Document] = {}
        for start in range(0, len(numbers), MOST_PERSONS):
            portion = numbers[start : start + MOST_PERSONS]
            _, content = self._caller.call(
                "POST",
                f"/v1/personer/bulkoppslag?{query}",
                deadline,
                content={"foedselsEllerDNummer": portion},
            )
            for item in records(record(content, "answer"), "oppslag", required=True):
                number = identity_number(item, "foedselsEllerDNummer")
                if number not in portion:
                    raise NonsenseError("a person nobody asked for")
                if item.get("folkeregisterperson") is not None:
                    found[number] = Document(record(item["folkeregisterperson"], "folkeregisterperson"))
        return found

    def _neighbours(self, found: Mapping[str, Document], deadline: Deadline) -> dict[Address, list[str]]:
        """Return who is registered at each open address; several dwellings of one building may be among them."""
        addresses = {document.address() for document in found.values() if not document.hidden()}
        neighbours: dict[Address, list[str]] = {}
        for address in addresses - {None}:
            if address is None:
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
            {c for document in found.values() for c in document.children()} if "barn" in wanted else set()
        )
        parts = (*(_PARTS_OF_CHILDREN if children else ()), *(_PARTS_OF_OTHERS if others else ()))
        numbers = sorted(others | children)
        return self._documents(numbers, frozenset(parts), deadline) if numbers else {}

    def _wards(self, numbers: Sequence[str], deadline: Deadline) -> dict[str, list[dict[str, str]]] | None:
        """Return the wards of each, or None where this service does not exist."""
        if not numbers:
            return {}
        status, content = self._caller.call(
            "POST",
            "/v1/vergehavere/bulkoppslag",
            deadline,
            content={"foedselsEllerDNummer": numbers},
            also=(NOT_FOUND,),
        )
        if status != OK:
            return None
        wards: dict[str, list[dict[str, str]]] = {number: [] for number in numbers}
        for item in records(record(content, "answer"), "vergemaal", required=True):
            guardian = identity_number(item, "verge")
            if guardian not in wards:
                raise NonsenseError("a guardian nobody asked for")
            wards[guardian].append(
                {"person": identity_number(item, "vergehaver"), "omfang": text(item, "omfang")}
            )
        return wards


class _View:
    """Turns documents into fields."""

    def __init__(
        self,
        kin: Mapping[str, Document],
        neighbours: Mapping[Address, list[str]],
        wards: Mapping[str, list[dict[str, str]]] | None,
        on: date,
    ) -> None:
        self._kin, self._neighbours, self._wards, self._on = kin, neighbours, wards, on

    def answer(self, number: str, document: Document, wanted: frozenset[str]) -> RegisterAnswer:
        everything: dict[str, Callable[[], object | None]] = {
            "navn": lambda: (document.name() or (None, None))[1],
            "fornavn": lambda: (document.name() or (None, None))[0],
            "fødselsdato": document.born,
            "kjønn": lambda: document.word("kjoenn", "kjoenn", SEXES),
            "adresse": lambda: self._address(document),
            "kommune": lambda: self._municipality(document),
            "bostedsadresse fra": lambda: None if document.hidden() else document.lived_there_since(),
            "adressebeskyttelse": document.protection,
            "status": document.status,
            "sivilstand": document.civil,
            "ektefelle": lambda: None if document.civil() is None else [s for s in (document.spouse(),) if s],
            "foreldre": document.parents,
            "verger": lambda: [{"person": g.number, "omfang": g.scope} for g in document.guardians()],
            "vergehaver": lambda: None if self._wards is None else self._wards.get(number, []),
            "barn": lambda: self._children(number, document),
            "voksne på adressen": lambda: self._adults(number, document),
            "andre barn på adressen": lambda: self._other_children(number, document),
        }
        values = {field: value for field in wanted if (value := everything[field]()) is not None}
        since = (
            document.lived_there_since()
            if values.keys() & {"adresse", "kommune"} and not document.hidden()
            else None
        )
        valid = {field: since for field in ("adresse", "kommune") if field in values and since is not None}
        return RegisterAnswer(values, valid)

    def _address(self, document: Document) -> dict[str, str] | None:
        address = None if document.hidden() else document.address()
        if address is None:
            return None
        return {
            "gate": f"{address.street} {address.house}",
            "postnummer": address.postal_code,
            "poststed": address.place,
        }

    def _municipality(self, document: Document) -> str | None:
        address = document.address()
        return (
            None if address is None or document.protection() == "strengtFortrolig" else address.municipality
        )

    def _children(self, number: str, document: Document) -> list[dict[str, object]]:
        children = []
        for child_number in document.children():
            child = self._kin.get(child_number)
            if child is None or child.status() == "doed" or self._of_age(child):
                continue
            children.append(
                {
                    "person": child_number,
                    "fødselsdato": child.born(),
                    "foreldreansvar": number in child.responsible_for_it(),
                    "delt bosted": child.shares_home(),
                    "bor på adressen": _same_home(child, document),
                    "foreldre": child.parents(),
                }
            )
        return sorted(children, key=lambda child: (str(child["fødselsdato"]), str(child["person"])))

    def _at_home(self, number: str, document: Document) -> list[tuple[str, Document]] | None:
        """Return the others in the same dwelling, or None where that cannot be known."""
        address = document.address()
        if document.hidden() or address is None:
            return None
        spouse = self._kin.get(document.spouse() or "")
        if spouse is not None and spouse.hidden():
            return None
        there = (
            (other, self._kin[other]) for other in self._neighbours.get(address, ()) if other in self._kin
        )
        return [(other, them) for other, them in there if other != number and them.address() == address]

    def _adults(self, number: str, document: Document) -> list[dict[str, object]] | None:
        there = self._at_home(number, document)
        if there is None:
            return None
        return [self._adult(number, document, other, them) for other, them in there if self._of_age(them)]

    def _adult(self, number: str, document: Document, other: str, them: Document) -> dict[str, object]:
        joint = not set(document.children()).isdisjoint(them.children())
        return {
            "person": other,
            "relasjon": _relation(document, other, them, joint=joint),
            "felles barn": joint,
            "nær slekt": number in them.children() or other in document.children(),
            "bostedsadresse fra": them.lived_there_since(),
        }

    def _other_children(self, number: str, document: Document) -> list[dict[str, object]] | None:
        there = self._at_home(number, document)
        if there is None:
            return None
        own = set(document.children())
        return [
            {"person": other, "fødselsdato": them.born()}
            for other, them in there
            if other not in own and not self._of_age(them)
        ]

    def _of_age(self, document: Document) -> bool:
        born = document.born()
        if born is None:
            raise NonsenseError("a relative without a day of birth")
        return (self._on.year - born.year) - (
            (self._on.month, self._on.day) < (born.month, born.day)
        ) >= OF_AGE


def _relation(document: Document, other: str, them: Document, *, joint: bool) -> str:
    civil = document.civil()
    if document.spouse() == other:
        return "registrert partner" if civil in PARTNERED else "ektefelle"
    free = all(person.civil() not in MARRIED | PARTNERED for person in (document, them))
    return "samboer" if joint and free else "annen"


def _same_home(child: Document, parent: Document) -> bool | None:
    theirs, ours = child.address(), parent.address()
    return None if theirs is None or ours is None else theirs == ours
