"""Who would get something else, and for how much: counted by municipality and by outcome, in the database."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from decimal import Decimal

from dugnad.cli.rules.population.sweeping import Account, Swept

_HUNDREDTH = Decimal("0.01")


@dataclass
class Place:
    """The figures of one municipality (or of all). Amounts are those of all households together, in kroner.

    households and residents: all asked; the others are residents of households where something differs: another
    outcome, refused (and were not), granted (and were refused), another amount, of which a better and a worse one,
    or whose case a person must decide now.
    """

    households: int = 0
    residents: int = 0
    changed: int = 0
    outcome: int = 0
    refused: int = 0
    granted: int = 0
    amount: int = 0
    better: int = 0
    worse: int = 0
    to_person: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)

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

    failed: households that could not be decided, by the kind of error; they count for nothing else.
    """

    account: Account
    whole: Place = field(default_factory=Place)
    places: dict[str, Place] = field(default_factory=dict)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def by_change(self) -> list[tuple[str, Place]]:
        """Return the municipalities where something changes, most residents first."""
        changed = [(code, place) for code, place in self.places.items() if place.changed]
        return sorted(changed, key=lambda pair: (-pair[1].changed, pair[0]))


_CHANGED = "(før, før_øre, før_stoppet) IS DISTINCT FROM (etter, etter_øre, etter_stoppet)"
_PLACES = f"""
SELECT kommune, count(*), sum(beboere),
  sum(beboere) FILTER ({_CHANGED}),
  sum(beboere) FILTER (før IS DISTINCT FROM etter),
  sum(beboere) FILTER (etter IN (SELECT unnest($avslag)) AND før NOT IN (SELECT unnest($avslag))),
  sum(beboere) FILTER (før IN (SELECT unnest($avslag)) AND etter NOT IN (SELECT unnest($avslag))),
  sum(beboere) FILTER (før_øre IS DISTINCT FROM etter_øre),
  sum(beboere) FILTER ((etter_øre - før_øre) * $bedre > 0),
  sum(beboere) FILTER ((etter_øre - før_øre) * $bedre < 0),
  sum(beboere) FILTER (etter_stoppet AND NOT før_stoppet),
  sum(før_øre), sum(etter_øre)
FROM begge WHERE feil IS NULL GROUP BY kommune ORDER BY kommune
"""  # noqa: S608 - our own conditions
_MOVES = """
SELECT coalesce(før, '–'), coalesce(etter, '–'), sum(beboere) FROM begge
WHERE feil IS NULL AND før IS DISTINCT FROM etter GROUP BY ALL ORDER BY 3 DESC, 1, 2
"""
_FAILED = "SELECT feil, count(*) FROM begge WHERE feil IS NOT NULL GROUP BY feil"
_BETTER = {"lower": -1, "higher": 1, "": 0}


def tallied(found: Swept, *, refusals: Collection[str], better: str) -> Tally:
    """Count a whole sweep. refusals: the outcomes that are; better: which way the amount is, `lower` or `higher`."""
    tally, connection = Tally(found.account), found.connection
    named = {"avslag": list(refusals), "bedre": _BETTER[better]}
    for code, *row in connection.execute(_PLACES, named).fetchall():
        *figures, before, after = (int(figure or 0) for figure in row)
        place = tally.places[code] = Place()
        for one, figure in zip(
            fields(Place), (*figures, before * _HUNDREDTH, after * _HUNDREDTH), strict=True
        ):
            setattr(place, one.name, figure)
            setattr(tally.whole, one.name, getattr(tally.whole, one.name) + figure)
    tally.moves.update({(old, new): int(count) for old, new, count in connection.execute(_MOVES).fetchall()})
    tally.failed.update({str(kind): int(count) for kind, count in connection.execute(_FAILED).fetchall()})
    return tally
