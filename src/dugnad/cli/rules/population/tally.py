"""Who would get something else, and for how much: counted by municipality and by outcome."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from dugnad.cli.rules.population.sweeping import Compared


@dataclass
class Place:
    """The figures of one municipality (or of all). Amounts are those of all households together.

    households and residents: all asked; the others: those for whom something differs. otherwise: residents of
    households with another outcome; amount: with another amount; to_person: whose case a person must decide now.
    """

    households: int = 0
    residents: int = 0
    changed: int = 0
    outcome: int = 0
    amount: int = 0
    to_person: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)

    def add(self, one: Compared) -> None:
        """Count a household."""
        self.households += 1
        self.residents += one.residents
        self.changed += one.residents * one.changed
        self.outcome += one.residents * (one.old.outcome != one.new.outcome)
        self.amount += one.residents * (one.old.amount != one.new.amount)
        self.to_person += one.residents * (one.new.stopped and not one.old.stopped)
        self.before += one.old.amount or 0
        self.after += one.new.amount or 0

    @property
    def difference(self) -> Decimal:
        """What all households together get or pay more."""
        return self.after - self.before

    @property
    def share(self) -> float:
        """How large a part of the residents have a change, 0 to 1."""
        return self.changed / self.residents if self.residents else 0.0


@dataclass
class Tally:
    """All figures: the whole, each municipality by its number, from which outcome to which (residents).

    failed: households that could not be decided, by the kind of error.
    """

    whole: Place = field(default_factory=Place)
    places: dict[str, Place] = field(default_factory=dict)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def add(self, one: Compared) -> None:
        """Count a household; one that could not be decided only among those."""
        if one.failed:
            self.failed[one.failed] += 1
            return
        self.whole.add(one)
        self.places.setdefault(one.municipality, Place()).add(one)
        if one.old.outcome != one.new.outcome:
            self.moves[one.old.outcome or "–", one.new.outcome or "–"] += one.residents

    def by_change(self) -> list[tuple[str, Place]]:
        """Return the municipalities where something changes, most residents first."""
        changed = [(code, place) for code, place in self.places.items() if place.changed]
        return sorted(changed, key=lambda pair: (-pair[1].changed, pair[0]))


def tallied(compared: Iterable[Compared]) -> Tally:
    """Count a whole sweep."""
    tally = Tally()
    for one in compared:
        tally.add(one)
    return tally
