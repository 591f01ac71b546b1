"""Write a whole synthetic Norway into one SQLite file: same N, seed and date give the same rows anywhere."""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

from dugnad.connectors.norway import cast, schema
from dugnad.connectors.norway.population.demo import Demo
from dugnad.connectors.norway.population.households import Households
from dugnad.connectors.norway.population.people import People
from dugnad.connectors.norway.population.places import Ids, Place
from dugnad.connectors.norway.population.rows import BATCH, Rows
from dugnad.connectors.norway.reference import municipalities, shares

DEFAULT_PERSONS = 20_000
DEFAULT_SEED = 1
DEFAULT_AS_OF = date(2026, 11, 1)
FEWEST_PERSONS = 1_000
MOST_PERSONS = 6_000_000
# Rates are known from 2016; identity numbers are defined for births to the end of 2039.
FIRST_DAY, LAST_DAY = date(2016, 1, 1), date(2039, 12, 31)
STORD = "4614"
DEMO_FAMILIES_IN_STORD = 300

Progress = Callable[[int, int], None]


def generate(
    out: Path,
    *,
    persons: int = DEFAULT_PERSONS,
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_AS_OF,
    progress: Progress | None = None,
) -> None:
    """Write `persons` synthetic persons to `out`, replacing what was there in one step.

    `as_of` is the day the registers describe. `progress(done, of)` is called between batches. Raises
    ValueError for a number of persons outside 1,000-6,000,000 or a day outside 2016-2039, and OSError when the
    file cannot be written.
    """
    if not FEWEST_PERSONS <= persons <= MOST_PERSONS:
        raise ValueError(f"persons must be between {FEWEST_PERSONS} and {MOST_PERSONS}")
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise ValueError(f"the day must be between {FIRST_DAY} and {LAST_DAY}")
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f"{out.name}.{os.getpid()}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
            _prepare(connection)
            _fill(connection, persons, seed, as_of, progress)
            connection.execute("COMMIT")
            connection.executescript(schema.INDEXES)
            connection.execute("ANALYZE")
        _persist(unfinished)
        unfinished.replace(out)
    except sqlite3.OperationalError as error:
        # SQLite's own words for a full disk or a folder that cannot be written.
        raise OSError(str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _prepare(connection: sqlite3.Connection) -> None:
    # A half-written file is thrown away, so no journal is needed while it is made.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("BEGIN")
    for statement in schema.TABLES.split(";"):
        connection.execute(statement)


def _fill(
    connection: sqlite3.Connection, persons: int, seed: int, as_of: date, progress: Progress | None
) -> None:
    about = {"version": schema.VERSION, "persons": persons, "seed": seed, "as_of": as_of.isoformat()}
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)", [(key, str(about[key])) for key in sorted(about)]
    )
    rows, ids = Rows(), Ids()
    # Not for secrets: a seeded stream is the point.
    random = Random(f"dugnad {seed}")  # noqa: S311 - see above
    people = People(rows, ids, random, as_of)
    places = {
        m.code: Place(m, share, rows, ids) for m, share in zip(municipalities(), sizes(persons), strict=True)
    }
    Demo(people, places).add()
    lives_in = cast.residents()

    def flush() -> None:
        if len(rows.person) >= BATCH:
            rows.write(connection)
            if progress is not None:
                progress(ids.person, persons)

    households = Households(people, random)
    for municipality, size in zip(municipalities(), sizes(persons), strict=True):
        households.fill(places[municipality.code], size - lives_in[municipality.code], flush)
    rows.write(connection)


def sizes(persons: int) -> list[int]:
    """Return how many persons each municipality gets, in order of code.

    By real population, largest remainder, everyone at least one. Stord gets at least 300 (or a tenth of
    all) besides the named persons, more than its share of a small population: the demonstration is set there.
    """
    all_of_them = municipalities()
    stord = min(DEMO_FAMILIES_IN_STORD, persons // 10)
    lives_in = Counter({STORD: stord}) + cast.residents()
    minima = tuple(max(1, lives_in[m.code]) for m in all_of_them)
    return shares(persons, tuple(m.population for m in all_of_them), at_least=minima)


def _persist(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
