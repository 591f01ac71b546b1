"""Where synthetic persons live and their children go by day: dwellings, kindergartens, schools."""

from random import Random

from dugnad.connectors.norway.population import names
from dugnad.connectors.norway.population.draw import pick
from dugnad.connectors.norway.population.rows import Rows
from dugnad.connectors.norway.reference import Municipality

TOWN_SIZE = 20_000
UNITS_IN_TOWN = ("H0101", "H0102", "H0201", "H0202", "H0301", "H0302")
ONE_UNIT = ("H0101",)
PERSONS_PER_KINDERGARTEN = 900
HOUSES_IN_A_ROW = 8  # filled on one street before the next is begun


class Place:
    """One municipality being filled. Dwellings are given out along invented streets, house by house."""

    def __init__(self, municipality: Municipality, persons: int, rows: Rows, ids: "Ids") -> None:
        self.code = municipality.code
        self.name = municipality.name
        self.language = municipality.language
        self.sami = municipality.sami
        self._postal_codes = municipality.postal_codes
        self._rows = rows
        self._ids = ids
        self._units = UNITS_IN_TOWN if municipality.population >= TOWN_SIZE else ONE_UNIT
        self._tails = names.STREET_TAILS["nn" if municipality.language == "nn" else "nb"]
        self._streets = len(names.STREET_HEADS) * len(self._tails)
        self._dwellings = 0
        self.kindergartens = tuple(self._kindergartens(max(2, persons // PERSONS_PER_KINDERGARTEN)))

    def _kindergartens(self, count: int) -> list[int]:
        heads = names.KINDERGARTEN_HEADS
        offset = int(self.code)
        first = self._ids.kindergarten
        for i in range(count):
            number = "" if i < len(heads) else f" {i // len(heads) + 1}"
            name = f"{heads[(offset + i) % len(heads)]}{number} barnehage"
            self._rows.kindergarten.append((first + i, name, self.code))
        self._ids.kindergarten += count
        return list(range(first, first + count))

    def dwelling(self) -> int:
        """Add the next dwelling of the municipality and return its id."""
        ids = self._ids
        ids.dwelling += 1
        block, unit = divmod(self._dwellings, len(self._units))
        self._dwellings += 1
        street, house = divmod(block, HOUSES_IN_A_ROW)
        lap, street = divmod(street, self._streets)
        tail, head = divmod(street, len(names.STREET_HEADS))
        code, place = self._postal_codes[street % len(self._postal_codes)]
        self._rows.dwelling.append(
            (
                ids.dwelling,
                self.code,
                names.STREET_HEADS[head] + self._tails[tail],
                lap * HOUSES_IN_A_ROW + house + 1,
                self._units[unit],
                code,
                place,
            )
        )
        return ids.dwelling

    def kindergarten(self, random: Random) -> int:
        """Return one of the municipality's kindergartens."""
        return pick(self.kindergartens, random.getrandbits(16))


class Ids:
    """The last id given out in each table that has its own. `kindergarten` is the next one."""

    __slots__ = ("dwelling", "kindergarten", "person")

    def __init__(self) -> None:
        self.person = 0
        self.dwelling = 0
        self.kindergarten = 1
