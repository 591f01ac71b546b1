"""The households of a synthetic Norway, one applicant each, and what they would answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dugnad.catalogue.types import LoadedService
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.connectors import norway

OF_AGE = 18
_ANSWERED = ("applicant", "case worker")

# One row for each adult, those with most children at home first within a home.
_ADULTS = """
SELECT p.dwelling, p.number, d.municipality, count(c.id)
FROM person p JOIN dwelling d ON d.id = p.dwelling
LEFT JOIN parent r ON r.parent = p.id
LEFT JOIN person c ON c.id = r.child AND c.dwelling = p.dwelling AND c.born > ? AND c.died IS NULL
WHERE p.born <= ? AND p.died IS NULL
GROUP BY p.id ORDER BY p.dwelling, count(c.id) DESC, p.id
"""
_RESIDENTS = (
    "SELECT dwelling, count(*) FROM person WHERE dwelling IS NOT NULL AND died IS NULL GROUP BY dwelling"
)


@dataclass(frozen=True, slots=True)
class Household:
    """Who applies for a household (the adult with most children at home), where it lives, how many live there."""

    applicant: str
    municipality: str
    residents: int


def opened(asked: str, folder: Path) -> Path:
    """Return the file of a population: the file asked for, or one of that many persons, made once in `folder`.

    Raises RefusedError for what is neither.
    """
    number = asked.replace("_", "").replace(" ", "")
    if number.isdecimal() and not Path(asked).exists():
        persons = int(number)
        path = folder / f"norway-{persons}.sqlite"
        try:
            if not norway.is_current(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                norway.generate(path, persons=persons)
        except (ValueError, OSError) as error:
            raise RefusedError(f"A synthetic Norway of {number} persons could not be made: {error}") from None
        return path
    path = Path(asked)
    if not norway.is_current(path):
        message = (
            f"{asked} is no synthetic Norway of this version. Write a number of persons, or a file made by"
        )
        raise RefusedError(f"{message} `dugnad population --out {asked}`.")
    return path


def households(path: Path, on: date, most: int | None = None) -> list[Household]:
    """Return the households of a population, evenly thinned to `most` where that is fewer."""
    store = norway.Store(path)
    try:
        found = list(_households(store, on))
    finally:
        store.close()
    if most is None or most >= len(found):
        return found
    return [found[at * len(found) // most] for at in range(most)]


def _households(store: norway.Store, on: date) -> Iterator[Household]:
    residents = dict(store.rows(_RESIDENTS))
    of_age = f"{on.year - OF_AGE:04d}-{on.month:02d}-{on.day:02d}"
    home = None
    for dwelling, number, municipality, _ in store.rows(_ADULTS, (of_age, of_age)):
        if dwelling != home:
            home = dwelling
            yield Household(f"{number:011d}", municipality, residents[dwelling])


def ordinary_answers(service: LoadedService) -> dict[str, Any]:
    """Return what nobody's register knows, as the service's examples begin: `start from`."""
    start = service.examples.get("start from")
    given = start.plain() if start is not None else {}
    facts = service.book.facts
    return {
        name: value
        for name, value in (given.items() if isinstance(given, dict) else ())
        if name in facts and facts[name].source in _ANSWERED
    }
