"""Households: who lives with whom, who is whose parent, and where else the children live.

The mix follows the household statistics of SSB (table 06079) in round numbers.
"""

from collections.abc import Callable, Mapping
from random import Random

from dugnad.connectors.norway.population.draw import steps, wheel
from dugnad.connectors.norway.population.people import NORWEGIAN, SAMI, WORLD, Culture, Home, People
from dugnad.connectors.norway.population.places import Place

# Kind of household -> number of households in a thousand.
KINDS = wheel(
    {"single": 400, "couple": 260, "family": 152, "parted": 34, "lone": 30, "step": 13, "grown": 66,
     "flat": 22, "widow": 10, "foster": 4, "ward": 4, "away": 5}
)  # fmt: skip
LARGEST = 10  # no kind makes more persons than this

YOUNGEST_ALONE, YOUNGEST_COUPLE = 19, 21
SINGLES = {19: 14, 26: 24, 35: 14, 50: 14, 70: 20, 80: 16, 96: 1}
COUPLES = {21: 4, 27: 14, 34: 5, 48: 8, 60: 24, 72: 24, 90: 1}


def _ages(youngest: int, points: Mapping[int, int]) -> tuple[int, ...]:
    """Return a wheel of ages from weights that run in straight lines between the given ages."""
    weights = steps(points, max(points))
    return wheel({age: weight for age, weight in enumerate(weights) if age >= youngest})


AGE_SINGLE = _ages(YOUNGEST_ALONE, SINGLES)
AGE_COUPLE = _ages(YOUNGEST_COUPLE, COUPLES)
AGE_OLDEST_CHILD = wheel({age: 8 + age for age in range(18)})
AGE_AT_FIRST_CHILD = wheel({20: 2, 22: 4, 24: 7, 26: 12, 28: 18, 30: 19, 32: 15, 34: 11, 37: 7, 40: 4, 42: 1})
CHILDREN = wheel({1: 340, 2: 465, 3: 155, 4: 40})
GAP_BETWEEN_CHILDREN = wheel({1: 10, 2: 40, 3: 30, 4: 12, 6: 8})
PROTECTION = wheel({"ugradert": 1019, "fortrolig": 3, "strengtFortrolig": 1, "klientadresse": 1})
ADULT = 18


class Households:
    """Fills a municipality with households until its share is reached."""

    def __init__(self, people: People, random: Random) -> None:
        self.people, self.random = people, random
        self.rows = people.rows
        self._makers: dict[str, Callable[[Place], None]] = {
            "single": self.single, "couple": self.couple, "family": self.family, "parted": self.parted,
            "lone": self.lone, "step": self.step, "grown": self.grown, "flat": self.flat, "widow": self.widow,
            "foster": self.foster, "ward": self.ward, "away": self.away,
        }  # fmt: skip

    def fill(self, place: Place, persons: int, flush: Callable[[], None]) -> None:
        """Add exactly `persons` persons to the municipality; `flush` is called between households."""
        ids = self.people.ids
        end = ids.person + persons
        bits, makers = self.random.getrandbits, self._makers
        while ids.person < end:
            kind = KINDS[bits(10)] if end - ids.person >= LARGEST else "single"
            makers[kind](place)
            flush()

    def home(self, place: Place, culture: Culture | None = None) -> Home:
        """Find a household a dwelling: three in ten have moved there within the stored history."""
        bits = self.random.getrandbits(32)
        if culture is None:
            world = bits & 127 < 19  # noqa: PLR2004 - about 15 per cent
            culture = SAMI if place.sami and bits >> 7 & 3 else WORLD if world else NORWEGIAN
        moved_in = self.people.today - 20 - (bits >> 9 & 8191)
        home = Home(place.dwelling(), moved_in, PROTECTION[bits >> 22], culture)
        if bits >> 16 & 31 < 10:  # noqa: PLR2004 - three in ten
            home.former, home.former_since = place.dwelling(), moved_in - 400 - (bits >> 17 & 4095)
        return home

    def single(self, place: Place) -> None:
        """One adult."""
        age, bits = AGE_SINGLE[self.random.getrandbits(10)], self.random.getrandbits(8)
        civil = "ugift"
        if age > 66:  # noqa: PLR2004 - pension age, from when most who live alone are widowed
            civil = ("enkeEllerEnkemann", "enkeEllerEnkemann", "skilt", "ugift")[bits >> 6]
        elif age > 36 and bits < 96:  # noqa: PLR2004 - a little more than a third
            civil = "skilt" if bits & 7 else "separert"
        female = bool(bits & 1) if age < 67 else bits & 7 < 5  # noqa: PLR2004 - women live longer
        home = self.home(place)
        people = self.people
        people.add(
            home,
            place,
            female=female,
            born=people.born(age),
            family=people.family_name(home.culture),
            civil=civil,
        )

    def pair(self, place: Place, home: Home, age: int, *, married: bool) -> tuple[int, int, str]:
        """Add a couple and return both ids (the mother-to-be first) and the family name of children."""
        people, bits = self.people, self.random.getrandbits(12)
        first = people.ids.person + 1
        same_sex = bits & 63 == 0
        family = people.family_name(home.culture)
        other_family = family if married and bits & 64 else people.family_name(home.culture)
        civil = "gift" if married else "ugift"
        people.add(
            home, place, female=True, born=people.born(age), family=other_family, civil=civil,
            spouse=first + 1 if married else None,
        )  # fmt: skip
        people.add(
            home, place, female=same_sex, born=people.born(max(ADULT + 1, age - 2 + (bits >> 8 & 7))),
            family=family, civil=civil, spouse=first if married else None,
        )  # fmt: skip
        return first, first + 1, family

    def couple(self, place: Place) -> None:
        """Two adults, married or cohabiting, without children at home."""
        bits = self.random.getrandbits(14)
        age = AGE_COUPLE[bits & 1023]
        married = bits >> 10 < (4 if age < 35 else 13)  # noqa: PLR2004 - few of the young are married
        self.pair(place, self.home(place), age, married=married)

    def children(
        self, place: Place, home: Home, parents: tuple[tuple[int, str, int], ...], oldest: int, family: str,
        shared: int | None = None,
    ) -> None:  # fmt: skip
        """Add children from the age of the oldest downwards. `parents` are (id, role, responsible)."""
        people, rows, bits = self.people, self.rows, self.random.getrandbits
        age, kindergarten = oldest, None
        for _ in range(CHILDREN[bits(10)]):
            born = people.born(age)
            child = people.add(home, place, female=bool(bits(1)), born=born, family=family)
            for parent, role, responsible in parents:
                rows.parent.append((child, parent, role, responsible))
            if shared is not None:
                rows.shared_home.append((child, shared, people.day(max(home.moved_in, born))))
            kindergarten = people.day_care(child, born, place, kindergarten)
            age -= GAP_BETWEEN_CHILDREN[bits(10)]
            if age < 0:
                break

    def family(self, place: Place) -> None:
        """Both parents and their children under 18."""
        bits = self.random.getrandbits(24)
        oldest = AGE_OLDEST_CHILD[bits & 1023]
        home = self.home(place)
        age = oldest + AGE_AT_FIRST_CHILD[bits >> 10 & 1023]
        mother, father, name = self.pair(place, home, age, married=bits >> 20 < 9)  # noqa: PLR2004 - 9 of 16
        self.children(place, home, ((mother, "mor", 1), (father, "far", 1)), oldest, name)

    def parted(self, place: Place) -> None:
        """Parents who live apart; half of them share the home of the children equally."""
        bits, people = self.random.getrandbits(24), self.people
        oldest = max(1, AGE_OLDEST_CHILD[bits & 1023])
        age = oldest + AGE_AT_FIRST_CHILD[bits >> 10 & 1023]
        hers = self.home(place)
        his = self.home(place, hers.culture)
        civil = "skilt" if bits >> 20 & 1 else "ugift"
        family = people.family_name(hers.culture)
        mother = people.add(
            hers,
            place,
            female=True,
            born=people.born(age),
            family=people.family_name(hers.culture),
            civil=civil,
        )
        father = people.add(his, place, female=False, born=people.born(age + 2), family=family, civil=civil)
        with_mother = bits >> 21 & 3 != 0
        home, other = (hers, his) if with_mother else (his, hers)
        equal = bits >> 23 & 1
        parents = ((mother, "mor", int(with_mother or equal)), (father, "far", 1))
        self.children(place, home, parents, oldest, family, shared=other.dwelling if equal else None)

    def lone(self, place: Place) -> None:
        """One parent; the register knows no other."""
        bits, people, home = self.random.getrandbits(24), self.people, self.home(place)
        oldest = AGE_OLDEST_CHILD[bits & 1023]
        age, family = oldest + AGE_AT_FIRST_CHILD[bits >> 10 & 1023], people.family_name(home.culture)
        female = bits >> 20 != 0
        parent = people.add(home, place, female=female, born=people.born(age), family=family)
        self.children(place, home, ((parent, "mor" if female else "far", 1),), oldest, family)

    def step(self, place: Place) -> None:
        """Make a couple where each has own children; the other parents live elsewhere in the municipality."""
        bits, people = self.random.getrandbits(30), self.people
        oldest = max(3, AGE_OLDEST_CHILD[bits & 1023])
        age = oldest + AGE_AT_FIRST_CHILD[bits >> 10 & 1023]
        home, elsewhere = self.home(place), self.home(place)
        mother, partner, name = self.pair(place, home, age, married=bool(bits >> 20 & 1))
        former = people.add(
            elsewhere, place, female=False, born=people.born(age + 1),
            family=people.family_name(elsewhere.culture), civil="skilt",
        )  # fmt: skip
        self.children(
            place,
            home,
            ((mother, "mor", 1), (former, "far", 1)),
            oldest,
            name,
            shared=elsewhere.dwelling if bits >> 21 & 1 else None,
        )
        if bits >> 22 & 1:
            self.one_child(place, home, ((partner, "far", 1),), max(2, oldest - 2), name)
        if bits >> 23 & 1:
            self.one_child(place, home, ((mother, "mor", 1), (partner, "far", 1)), 1, name)

    def one_child(
        self, place: Place, home: Home, parents: tuple[tuple[int, str, int], ...], age: int, family: str
    ) -> None:
        """Add one child."""
        born = self.people.born(age)
        child = self.people.add(
            home, place, female=bool(self.random.getrandbits(1)), born=born, family=family
        )
        self.rows.parent.extend((child, parent, role, responsible) for parent, role, responsible in parents)
        self.people.day_care(child, born, place, None)

    def grown(self, place: Place) -> None:
        """Parents with a grown-up child at home."""
        bits, people, home = self.random.getrandbits(24), self.people, self.home(place)
        child_age = ADULT + (bits & 7)
        age = child_age + AGE_AT_FIRST_CHILD[bits >> 10 & 1023]
        mother, father, name = self.pair(place, home, age, married=bits >> 3 & 3 != 0)
        child = people.add(home, place, female=bool(bits >> 5 & 1), born=people.born(child_age), family=name)
        self.rows.parent.extend(((child, mother, "mor", 0), (child, father, "far", 0)))

    def flat(self, place: Place) -> None:
        """Two to four young adults who share a flat."""
        bits, people, home = self.random.getrandbits(8), self.people, self.home(place)
        for _ in range(2 + (bits & 1) + (bits >> 1 & 1)):
            age = 19 + (self.random.getrandbits(8) * 12 >> 8)
            female = bool(self.random.getrandbits(1))
            people.add(
                home, place, female=female, born=people.born(age), family=people.family_name(home.culture)
            )

    def widow(self, place: Place) -> None:
        """One who is left, and the spouse who died within the last two years."""
        people, home = self.people, self.home(place)
        age = 60 + (self.random.getrandbits(10) * 32 >> 10)
        _, dead, _ = self.pair(place, home, age, married=True)
        died = people.day(people.today - 10 - (self.random.getrandbits(16) * 700 >> 16))
        left = self.rows.person[-2]
        gone = self.rows.person[-1]
        self.rows.person[-2] = (*left[:7], "enkeEllerEnkemann", died, None, *left[10:])
        self.rows.person[-1] = (*gone[:6], "doed", "gift", None, gone[9], None, None, gone[12], died)
        self.silence(dead)

    def silence(self, person: int) -> None:
        """Take contact data away from someone who no longer receives any."""
        contact = self.rows.contact
        if contact and contact[-1][0] == person:
            contact.pop()

    def foster(self, place: Place) -> None:
        """Make a couple with a foster child, to whom the register does not link them."""
        bits, people, home = self.random.getrandbits(10), self.people, self.home(place)
        self.pair(place, home, 34 + (bits & 15), married=True)
        elsewhere = self.home(place)
        family = people.family_name(elsewhere.culture)
        mother = people.add(elsewhere, place, female=True, born=people.born(30 + (bits & 7)), family=family)
        self.one_child(place, home, ((mother, "mor", 1),), 2 + (bits >> 4 & 7), family)

    def ward(self, place: Place) -> None:
        """Make an adult with a guardian, who lives elsewhere in the municipality."""
        self.single(place)
        guardian = self.people.ids.person
        self.single(place)
        bits = self.random.getrandbits(8)
        scope = ("oekonomiskeInteresser", "personligeOgOekonomiskeInteresser")[bits & 1]
        since = self.people.day(self.people.today - 100 - bits * 10)
        self.rows.guardian.append((guardian + 1, guardian, "voksen", scope, since))

    def away(self, place: Place) -> None:
        """Someone the register knows who does not live here: emigrated, or with a D-number only."""
        people, bits = self.people, self.random.getrandbits(12)
        home = self.home(place, WORLD if bits & 1 else None)
        born = people.born(20 + (bits >> 1 & 31))
        female = bool(bits >> 6 & 1)
        person = people.add(home, place, female=female, born=born, family=people.family_name(home.culture))
        row = self.rows.person[-1]
        emigrated = bits >> 7 & 1
        number, status = row[1], "utflyttet"
        if not emigrated:
            number, born = people.number(born, female=female, d_number=True)
            status = "midlertidig"
        about = (*row[2:4], people.day(born), row[5], status, *row[7:10], None, None, *row[12:])
        self.rows.person[-1] = (person, number, *about)
        self.silence(person)
