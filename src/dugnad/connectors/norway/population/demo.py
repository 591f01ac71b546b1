"""Put the named test persons into the population, before anyone else."""

from collections.abc import Mapping
from datetime import date, timedelta

from dugnad.connectors.norway import cast
from dugnad.connectors.norway.population.people import (
    FULL_TIME_FROM,
    FULL_TIME_HOURS,
    FULL_TIME_PRICE,
    People,
)
from dugnad.connectors.norway.population.places import Place

MOVED_IN = timedelta(days=1500)
VERIFIED = {"good": timedelta(days=60), "reserved": timedelta(days=60), "stale": timedelta(days=700)}


class Demo:
    """Writes the cast with the ids 1, 2, 3 …"""

    def __init__(self, people: People, places: Mapping[str, Place]) -> None:
        self.people, self.places, self.rows = people, places, people.rows
        self._id: dict[str, int] = {}
        self._home: dict[str, int] = {}
        self._since = (people.as_of - MOVED_IN).isoformat()

    def add(self) -> None:
        """Write everyone."""
        for house in cast.houses():
            self._number(house)
        for house in cast.houses():
            for adult in house.adults:
                self._adult(house, adult)
            for child in house.children:
                self._child(house, child)
        for ward, guardian, scope in cast.GUARDIANS:
            self.rows.guardian.append((self._id[ward], self._id[guardian], "voksen", scope, self._since))

    def _number(self, house: cast.House) -> None:
        dwelling = self.places[house.municipality].dwelling()
        for key in (*(a.key for a in house.adults), *(c.key for c in house.children)):
            self.people.ids.person += 1
            self._id[key], self._home[key] = self.people.ids.person, dwelling

    def _born(self, born: cast.Born) -> date:
        return date(self.people.as_of.year - born[0], born[1], born[2])

    def _person(
        self, house: cast.House, who: cast.Adult | cast.Child, family: str, civil: str, spouse: int | None
    ) -> None:
        born, person = self._born(who.born), self._id[who.key]
        moved_in = max(self._since, born.isoformat())
        self.rows.person.append(
            (person, self.people.number(born.toordinal(), female=who.sex == "kvinne")[0], who.given, family,
             born.isoformat(), who.sex, "bosatt", civil, None, spouse, self._home[who.key], moved_in,
             house.protection, None)
        )  # fmt: skip

    def _adult(self, house: cast.House, adult: cast.Adult) -> None:
        person = self._id[adult.key]
        married = [
            self._id[other.key] for other in house.adults if other.civil == "gift" and other is not adult
        ]
        spouse = married[0] if adult.civil == "gift" and married else None
        self._person(house, adult, adult.family, adult.civil, spouse)
        if adult.about is not None:
            self.rows.test_person.append((adult.key, person, person))
        if adult.income is not None:
            personal, capital = adult.income
            year = self.people.last_assessed
            for of in (year - 1, year):
                self.rows.income.append((person, of, personal, 0, capital, f"{of + 1}-05-13"))
        if adult.contact != "none":
            self._contact(person, adult)

    def _contact(self, person: int, adult: cast.Adult) -> None:
        seen = (self.people.as_of - VERIFIED[adult.contact]).isoformat()
        plain = adult.given.lower().translate(str.maketrans("æøåá", "aoaa"))
        email, mobile = f"{plain}{person}@epost.example", f"+470{person:07d}"
        reserved = int(adult.contact == "reserved")
        self.rows.contact.append(
            (person, "AKTIV", reserved, email, seen, seen, mobile, seen, seen, adult.language, seen)
        )

    def _child(self, house: cast.House, child: cast.Child) -> None:
        person = self._id[child.key]
        self._person(house, child, self._family_of(child), "ugift", None)
        for key in sorted(child.parents, key=self._id.__getitem__):
            mother = self._sex_of(key) == "kvinne"
            responsible = int(child.alone in (None, key))
            self.rows.parent.append((person, self._id[key], "mor" if mother else "far", responsible))
        if child.shared is not None:
            self.rows.shared_home.append((person, self._home[child.shared], self._since))
        if child.place is not None:
            self._place(person, child, child.place)

    def _place(self, person: int, child: cast.Child, place: cast.Place) -> None:
        year, full = self.people.as_of.year, place.hours >= FULL_TIME_FROM
        kindergarten = self.places[place.municipality].kindergartens[place.kindergarten]
        price = FULL_TIME_PRICE if full else FULL_TIME_PRICE * place.hours // FULL_TIME_HOURS
        began = min(date(year - child.born[0] + 1, 8, 1), date(self.people.last_assessed + 1, 8, 1))
        self.rows.kindergarten_place.append(
            (person, kindergarten, place.hours, price, min(began, self.people.as_of).isoformat())
        )

    def _family_of(self, child: cast.Child) -> str:
        return cast.adults()[child.parents[-1]].family

    def _sex_of(self, key: str) -> str:
        return cast.adults()[key].sex
