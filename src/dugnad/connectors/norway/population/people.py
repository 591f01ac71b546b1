"""One synthetic person: number, name, address, and what tax, contact and day-care registers hold of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from dugnad.connectors.norway.population import names
from dugnad.connectors.norway.population.draw import SPREAD, steps, wheel
from dugnad.connectors.norway.population.places import Ids, Place
from dugnad.connectors.norway.population.rows import Rows
from dugnad.shared.national_identity_number import numbers_for

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIEST = date(1915, 1, 1)
OLDEST = 105
ADULT = 18
CONTACT_FROM = 15
OLD = 80
DAYS = 365  # enough of a year for ages drawn at random

# Median gross income by age, in kroner; rounded, in the order of SSB's table 12852.
MEDIAN_INCOME = steps(
    {17: 20_000, 19: 110_000, 23: 290_000, 28: 480_000, 35: 600_000, 45: 660_000, 55: 670_000, 62: 600_000,
     67: 400_000, 75: 350_000, 90: 310_000},
    OLDEST,
)  # fmt: skip
SETTLED_DAYS = ("03-19", "04-08", "04-29", "05-13", "05-27", "06-10", "06-17", "06-24")

FULL_TIME_PRICE = 1200  # kr a month, the price these places are sold at; synthetic, not a statement of law
FULL_TIME_HOURS = 45
FULL_TIME_FROM = 41  # FOR-2005-12-16-1478 § 1
AFTER_SCHOOL_PRICE, AFTER_SCHOOL_PART_PRICE = 2600, 1600
AUGUST = 8  # when the kindergarten year begins
AGE_AT_SCHOOL = 6
OLD_ENOUGH = 300  # days; hardly anyone begins before ten months
HOURS = wheel({45: 870, 41: 60, 32: 30, 24: 30, 20: 10})
CONTACT = wheel(
    {"good": 860, "stale": 45, "reserved": 22, "mobile": 15, "email": 15, "deleted": 8, "none": 35}
)
CONTACT_OLD = wheel({"good": 420, "stale": 120, "reserved": 110, "none": 350})
LANGUAGE = {
    "nn": wheel({"nn": 720, "nb": 260, "en": 20}),
    "nb": wheel({"nb": 950, "nn": 20, "en": 30}),
    "neutral": wheel({"nb": 930, "nn": 40, "en": 30}),
}
LANGUAGE_SAMI = wheel({"se": 450, "nb": 550})
LANGUAGE_WORLD = wheel({"nb": 700, "en": 300})


class Culture(NamedTuple):
    """Which names a household draws from."""

    key: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]


NORWEGIAN = Culture("no", (), (), names.FAMILY)
SAMI = Culture("se", names.SAMI_WOMEN, names.SAMI_MEN, names.SAMI_FAMILY)
WORLD = Culture("world", names.WORLD_WOMEN, names.WORLD_MEN, names.WORLD_FAMILY)


@dataclass(slots=True)
class Home:
    """Where a household lives: what its members have in common."""

    dwelling: int | None
    moved_in: int
    protection: str
    culture: Culture
    former: int | None = None
    former_since: int = 0


class People:
    """Makes persons. All chance comes from the one stream given."""

    def __init__(self, rows: Rows, ids: Ids, random: Random, as_of: date) -> None:
        self.rows, self.ids, self.random, self.as_of = rows, ids, random, as_of
        self.today = as_of.toordinal()
        self._earliest = EARLIEST.toordinal()
        self._first_birth = self._earliest + 2 * DAYS  # leaves days to fall back on
        days = self.today - self._earliest + 1
        self.iso = [(EARLIEST + timedelta(day)).isoformat() for day in range(days)]
        self._pools: dict[int, Iterator[int]] = {}
        autumn = as_of.month >= AUGUST
        self._kindergarten_ages = range(1, 6) if autumn else range(1, 7)
        self._after_school_ages = range(6, 10) if autumn else range(7, 11)
        self._year_began = date(as_of.year - (not autumn), AUGUST, 1).toordinal()
        self.last_assessed = as_of.year - (1 if as_of.month >= 7 else 2)  # noqa: PLR2004 - settled by the end of June

    def day(self, ordinal: int) -> str:
        """Return a date as ISO text."""
        return self.iso[ordinal - self._earliest]

    def number(self, born: int, *, female: bool, d_number: bool = False) -> tuple[int, int]:
        """Return an unused identity number and its day of birth.

        A day has some 200 numbers for each sex. Where they are used up, the day before is taken.
        """
        while True:
            key = born * 4 + female * 2 + d_number
            pool = self._pools.get(key)
            if pool is None:
                pool = numbers_for(date.fromordinal(born), female=female, d_number=d_number)
                self._pools[key] = pool
            number = next(pool, None)
            if number is not None:
                return number, born
            born -= 1

    def born(self, age: int) -> int:
        """Return a day of birth for someone of that age in whole years, give or take a few days."""
        days = age * 1461 // 4 + (self.random.getrandbits(16) * DAYS >> 16) + 1
        return max(self._first_birth, self.today - days)

    def given_name(self, born: int, culture: Culture, *, female: bool) -> str:
        """Return a name of the person's generation."""
        if culture.women:
            pool = culture.women if female else culture.men
        elif born < 714_000:  # noqa: PLR2004 - ordinal of 1955
            pool = names.WOMEN_OLD if female else names.MEN_OLD
        elif born < 725_800:  # noqa: PLR2004 - ordinal of 1988
            pool = names.WOMEN_MIDDLE if female else names.MEN_MIDDLE
        else:
            pool = names.GIRLS if female else names.BOYS
        return pool[self.random.getrandbits(12) * len(pool) >> 12]

    def family_name(self, culture: Culture) -> str:
        """Return a family name; now and then a double one."""
        pool, bits = culture.family, self.random.getrandbits(16)
        name = pool[(bits & 1023) * len(pool) >> 10]
        if bits >> 13 == 0:
            second = pool[self.random.getrandbits(10) * len(pool) >> 10]
            return name if second == name else f"{name} {second}"
        return name

    def add(
        self,
        home: Home,
        place: Place,
        *,
        female: bool,
        born: int,
        family: str,
        civil: str = "ugift",
        spouse: int | None = None,
    ) -> int:
        """Add a resident with everything registers hold of them, and return the id."""
        person = self.ids.person = self.ids.person + 1
        number, born = self.number(born, female=female)
        moved_in = max(home.moved_in, born)
        given = self.given_name(born, home.culture, female=female)
        self.rows.person.append(
            (person, number, given, family, self.day(born), "kvinne" if female else "mann", "bosatt",
             civil, None, spouse, home.dwelling, self.day(moved_in), home.protection, None)
        )  # fmt: skip
        if home.former is not None and born < home.moved_in:
            since = self.day(max(home.former_since, born))
            self.rows.former_address.append((person, home.former, since, self.day(home.moved_in)))
        age = (self.today - born) * 4 // 1461
        if age >= CONTACT_FROM:
            self.contact(person, age, place, home.culture)
            if age >= ADULT - 1:
                self.income(person, age)
        return person

    def income(self, person: int, age: int) -> None:
        """Assess the last two years. One in sixty-four is not assessed at all, one in sixty-four not yet."""
        bits = self.random.getrandbits(32)
        luck = bits & 63
        if luck == 0:
            return
        year = self.last_assessed
        total = MEDIAN_INCOME[min(age, OLDEST)] * SPREAD[bits >> 6 & 63] // 1000 + (bits >> 12 & 1023)
        business = total // 3 if bits >> 22 & 15 == 0 else 0
        wages = total - business
        interest = (SPREAD[bits >> 26] - 300) * (age - 10) // 8
        before = 930 + (bits >> 14 & 63)
        self.rows.income.append(
            (
                person,
                year - 1,
                wages * before // 1000,
                business,
                interest * 9 // 10,
                f"{year}-{SETTLED_DAYS[bits >> 16 & 7]}",
            )
        )
        if luck != 1:
            self.rows.income.append(
                (person, year, wages, business, interest, f"{year + 1}-{SETTLED_DAYS[bits >> 19 & 7]}")
            )

    def contact(self, person: int, age: int, place: Place, culture: Culture) -> None:
        """Register contact data: mostly good; some stale, reserved, deleted or missing."""
        bits = self.random.getrandbits(32)
        state = (CONTACT if age < OLD else CONTACT_OLD)[bits & 1023]
        if state == "none":
            return
        if state == "deleted":
            self.rows.contact.append((person, "SLETTET", 0, None, None, None, None, None, None, None, None))
            return
        # 18 months are 548 days: good data were verified within 500, stale data at least 600 days ago.
        verified = self.today - (
            (bits >> 10 & 255) * 500 // 256 if state != "stale" else 600 + (bits >> 10 & 1023)
        )
        updated = self.day(verified - (bits >> 20 & 511))
        if culture is SAMI:
            language = LANGUAGE_SAMI[bits >> 22]
        else:
            language = (LANGUAGE_WORLD if culture is WORLD else LANGUAGE[place.language])[bits >> 22]
        seen = self.day(verified)
        email = None if state == "mobile" else f"innbygger{person}@epost.example"
        mobile = None if state == "email" else f"+470{person % 10_000_000:07d}"
        self.rows.contact.append(
            (person, "AKTIV", int(state == "reserved"), email, email and updated, email and seen, mobile,
             mobile and updated, mobile and seen, language, updated)
        )  # fmt: skip

    def day_care(self, child: int, born: int, place: Place, kindergarten: int | None) -> int | None:
        """Give a child a place in kindergarten or after school if its age fits.

        `kindergarten` is where an older sibling goes; returned is where the next one may go too.
        """
        age = self.as_of.year - int(self.day(born)[:4])
        if age in self._kindergarten_ages:
            return self._kindergarten(child, born, place, kindergarten)
        if age in self._after_school_ages:
            self._after_school(child, born, place)
        return kindergarten

    def _kindergarten(self, child: int, born: int, place: Place, kindergarten: int | None) -> int | None:
        bits = self.random.getrandbits(20)
        began = (
            max(self._year_began, born + OLD_ENOUGH)
            if bits >> 8 & 1
            else self._autumn_after(born + OLD_ENOUGH)
        )
        if not bits & 15 or began > self.today:
            return kindergarten
        if kindergarten is None or not bits >> 4 & 7:
            kindergarten = place.kindergarten(self.random)
            if not bits >> 2 & 63:  # now and then in another municipality
                kindergarten = 1 + (self.random.getrandbits(24) * (self.ids.kindergarten - 1) >> 24)
        hours = HOURS[bits >> 10]
        price = FULL_TIME_PRICE if hours >= FULL_TIME_FROM else FULL_TIME_PRICE * hours // FULL_TIME_HOURS
        self.rows.kindergarten_place.append((child, kindergarten, hours, price, self.day(began)))
        return kindergarten

    def _autumn_after(self, ordinal: int) -> int:
        """Return the first day of the kindergarten year that follows, at the latest of the present one."""
        on = date.fromordinal(ordinal)
        return min(
            date(on.year + (on.month >= AUGUST), AUGUST, 1).toordinal(), max(self._year_began, ordinal)
        )

    def _after_school(self, child: int, born: int, place: Place) -> None:
        bits = self.random.getrandbits(8)
        if not bits & 3:
            return
        year = int(self.day(born)[:4]) + AGE_AT_SCHOOL
        full = bits >> 4 & 1
        school = f"{place.name} {'skule' if place.language == 'nn' else 'skole'}"
        share, price = (100, AFTER_SCHOOL_PRICE) if full else (60, AFTER_SCHOOL_PART_PRICE)
        self.rows.after_school_place.append((child, place.code, school, share, price, f"{year}-08-01"))
