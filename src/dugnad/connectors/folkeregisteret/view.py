"""One person seen through the field names of `facts.yaml`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from dugnad.connectors.calling import NonsenseError
from dugnad.connectors.folkeregisteret.document import MARRIED, PARTNERED, SEXES, Address, Document
from dugnad.facts.ports import RegisterAnswer

OF_AGE = 18
DATED = frozenset({"adresse", "kommune"})

Neighbours = Mapping[Address, Sequence[str]]
Wards = Mapping[str, list[dict[str, str]]]


class View:
    """Answers about one person; `kin` are the documents of relatives and of others at the address."""

    def __init__(self, number: str, document: Document, kin: Mapping[str, Document], on: date) -> None:
        self._number, self._document, self._kin, self._on = number, document, kin, on
        self._plain: dict[str, Callable[[], object | None]] = {
            "navn": document.full_name,
            "fornavn": document.first_name,
            "fødselsdato": document.born,
            "kjønn": lambda: document.word("kjoenn", "kjoenn", SEXES),
            "adresse": self._address,
            "kommune": self._municipality,
            "bostedsadresse fra": self._lived_there_since,
            "adressebeskyttelse": document.protection,
            "status": document.status,
            "sivilstand": document.civil,
            "ektefelle": self._spouse,
            "foreldre": document.parents,
            "verger": lambda: [{"person": g.number, "omfang": g.scope} for g in document.guardians()],
            "barn": self._children,
        }

    def answer(self, wanted: frozenset[str], neighbours: Neighbours, wards: Wards | None) -> RegisterAnswer:
        """Return the wanted fields that are known."""
        fields = {field: self._plain[field]() for field in wanted if field in self._plain}
        if "vergehaver" in wanted and wards is not None:
            fields["vergehaver"] = wards.get(self._number, [])
        there = self._at_home(neighbours)
        if there is not None:
            adults = [(other, them) for other, them in there if self._of_age(them)]
            if "voksne på adressen" in wanted:
                fields["voksne på adressen"] = [self._adult(other, them) for other, them in adults]
            if "andre barn på adressen" in wanted:
                fields["andre barn på adressen"] = self._other_children(there)
        values = {field: value for field, value in fields.items() if value is not None}
        since = self._lived_there_since() if values.keys() & DATED else None
        return RegisterAnswer(values, {} if since is None else dict.fromkeys(values.keys() & DATED, since))

    def _address(self) -> dict[str, str] | None:
        address = None if self._document.hidden() else self._document.address
        if address is None:
            return None
        return {
            "gate": f"{address.street} {address.house}",
            "postnummer": address.postal_code,
            "poststed": address.place,
        }

    def _municipality(self) -> str | None:
        address = self._document.address
        return (
            None
            if address is None or self._document.protection() == "strengtFortrolig"
            else address.municipality
        )

    def _lived_there_since(self) -> date | None:
        return None if self._document.hidden() else self._document.lived_there_since()

    def _spouse(self) -> list[str] | None:
        spouse = self._document.spouse()
        if self._document.civil() is None:
            return None
        return [] if spouse is None else [spouse]

    def _children(self) -> list[dict[str, object]]:
        found = ((number, self._kin[number]) for number in self._document.children)
        children = [
            (number, child) for number, child in found if child.status() != "doed" and not self._of_age(child)
        ]
        children.sort(key=lambda item: (item[1].born() or self._on, item[0]))
        return [
            {
                "person": number,
                "fødselsdato": child.born(),
                "foreldreansvar": self._number in child.responsible_for_it(),
                "delt bosted": child.shares_home(),
                "bor på adressen": _same_home(child, self._document),
                "foreldre": child.parents(),
            }
            for number, child in children
        ]

    def _at_home(self, neighbours: Neighbours) -> list[tuple[str, Document]] | None:
        """Return the others in the same dwelling, or None where that cannot be known."""
        address = self._document.address
        if address is None or self._document.hidden() or address not in neighbours:
            return None
        spouse = self._kin.get(self._document.spouse() or "")
        if spouse is not None and spouse.hidden():
            return None
        there = ((other, self._kin[other]) for other in neighbours[address] if other != self._number)
        return [(other, them) for other, them in there if them.address == address]

    def _adult(self, other: str, them: Document) -> dict[str, object]:
        own, theirs = set(self._document.children), set(them.children)
        joint = not own.isdisjoint(theirs)
        return {
            "person": other,
            "relasjon": _relation(self._document, other, them, joint=joint),
            "felles barn": joint,
            "nær slekt": self._number in theirs or other in own,
            "bostedsadresse fra": them.lived_there_since(),
        }

    def _other_children(self, there: Sequence[tuple[str, Document]]) -> list[dict[str, object]]:
        own = set(self._document.children)
        return [
            {"person": other, "fødselsdato": them.born()}
            for other, them in there
            if other not in own and not self._of_age(them)
        ]

    def _of_age(self, document: Document) -> bool:
        born, on = document.born(), self._on
        if born is None:
            raise NonsenseError("a relative without a day of birth")
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= OF_AGE


def _relation(document: Document, other: str, them: Document, *, joint: bool) -> str:
    civil = document.civil()
    if document.spouse() == other:
        return "registrert partner" if civil in PARTNERED else "ektefelle"
    free = all(person.civil() not in MARRIED | PARTNERED for person in (document, them))
    return "samboer" if joint and free else "annen"


def _same_home(child: Document, parent: Document) -> bool | None:
    theirs, ours = child.address, parent.address
    return None if theirs is None or ours is None else theirs == ours
