"""The synthetic Norway by column: the registers' rows as DuckDB tables, household by household.

From the SQLite file to a DuckDB file, table by table in portions, so that memory stays bounded. `husstand` has one
row for each dwelling with a resident adult, `voksen` and `barn` its applicant's household and all their children,
`innbygger` every resident. Amounts are hundredths of kroner, as the columns of the rulebook want them.
"""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dugnad.connectors.norway.store import Store

PORTION = 50_000
MEMORY = "1GB"
Progress = Callable[[int, int], None]
_READ = {
    "person": (
        "SELECT id, number, born, status, civil, spouse, dwelling, moved_in, protection FROM person ORDER BY id",
        """id BIGINT, number BIGINT, born DATE, status TEXT, civil TEXT, spouse BIGINT, dwelling BIGINT,
          moved_in DATE, protection TEXT""",
    ),
    "dwelling": (
        "SELECT id, municipality FROM dwelling ORDER BY id",
        "id BIGINT, municipality TEXT",
    ),
    "parent": (
        "SELECT child, parent, role, responsible FROM parent",
        "child BIGINT, parent BIGINT, role TEXT, responsible INT",
    ),
    "shared_home": ("SELECT child, dwelling FROM shared_home", "child BIGINT, dwelling BIGINT"),
    "income": (
        "SELECT person, max(year), wages + business, max(interest, 0) FROM income GROUP BY person",
        "person BIGINT, year INT, earned BIGINT, capital BIGINT",
    ),
    "place": (
        "SELECT person, hours, since, name, municipality FROM kindergarten_place, kindergarten WHERE id = kindergarten",
        "person BIGINT, hours INT, since DATE, name TEXT, municipality TEXT",
    ),
    "school": (
        "SELECT person, municipality, school, share, price, since FROM after_school_place",
        "person BIGINT, municipality TEXT, school TEXT, share INT, price INT, since DATE",
    ),
}
_MADE = {
    "resident": """
        SELECT person.*, municipality, lpad(CAST(number AS TEXT), 11, '0') AS code,
          date_diff('month', born, DATE '{as_of}')
            - CASE WHEN day(DATE '{as_of}') < day(born) THEN 1 ELSE 0 END >= 216 AS adult
        FROM person JOIN dwelling ON dwelling.id = person.dwelling WHERE status = 'bosatt'""",
    "applicant": """
        SELECT dwelling AS k, min(id) AS id FROM resident WHERE adult GROUP BY dwelling""",
    "together": """
        SELECT DISTINCT one.parent AS one, other.parent AS other
        FROM parent AS one JOIN parent AS other ON one.child = other.child AND one.parent <> other.parent""",
    "member": """
        SELECT k, applicant.id AS applicant, resident.id AS id,
          CASE WHEN resident.id = applicant.id THEN 'søker' WHEN chosen.spouse = resident.id THEN 'ektefelle'
            ELSE 'samboer' END AS relation
        FROM applicant JOIN resident AS chosen ON chosen.id = applicant.id
        JOIN resident ON resident.dwelling = k AND resident.adult
        LEFT JOIN together ON one = applicant.id AND other = resident.id
        WHERE resident.id = applicant.id OR chosen.spouse = resident.id
          OR (one IS NOT NULL AND chosen.spouse IS NULL)""",
    "husstand": """
        SELECT k, resident.code AS person, municipality AS kommune, resident.born AS født, protection AS skjerming,
          CASE WHEN spouse IS NULL THEN CAST([] AS TEXT[]) ELSE [lpad(CAST(other.number AS TEXT), 11, '0')] END
            AS ektefelle, civil AS sivilstand
        FROM applicant JOIN resident ON resident.id = applicant.id
        LEFT JOIN (SELECT id AS other_id, number FROM person) AS other ON other.other_id = spouse ORDER BY k""",
    "voksen": """
        SELECT k, CAST(row_number() OVER (PARTITION BY k ORDER BY resident.id) AS INT) AS p, code AS person, relation,
          born AS født, moved_in AS bosatt_fra, protection AS skjerming, earned * 100 AS lønn,
          capital * 100 AS kapital, CAST(year * 100 AS BIGINT) AS år
        FROM member JOIN resident ON resident.id = member.id LEFT JOIN income ON income.person = member.id
        ORDER BY k, p""",
    "child": """
        SELECT k, parent.child AS id, bool_or(parent.parent = applicant AND responsible = 1) AS responsible
        FROM member JOIN parent ON parent.parent = member.id
        JOIN resident ON resident.id = parent.child WHERE NOT resident.adult GROUP BY k, parent.child""",
    "parents": """
        SELECT child, list(lpad(CAST(number AS TEXT), 11, '0') ORDER BY number) AS foreldre
        FROM parent JOIN person ON person.id = parent.parent GROUP BY child""",
    "barn": """
        SELECT k, CAST(row_number() OVER (PARTITION BY k ORDER BY resident.id) AS INT) AS p, code AS person, foreldre,
          child.responsible AS foreldreansvar, shared_home.child IS NOT NULL AS delt,
          resident.dwelling = k OR coalesce(shared_home.dwelling = k, FALSE) AS hjemme, born AS født,
          protection AS skjerming, place.person IS NOT NULL AS har_plass, place.municipality AS barnehagekommune,
          CAST(hours * 100 AS BIGINT) AS timer, place.since AS plass_fra, school.person IS NOT NULL AS har_sfo,
          school.municipality AS sfokommune, CAST(share * 100 AS BIGINT) AS andel, school.since AS sfo_fra
        FROM child JOIN resident ON resident.id = child.id JOIN parents ON parents.child = child.id
        LEFT JOIN shared_home ON shared_home.child = child.id LEFT JOIN place ON place.person = child.id
        LEFT JOIN school ON school.person = child.id ORDER BY k, p""",
    "innbygger": """
        SELECT id AS k, code AS person, municipality AS kommune, born AS født, protection AS skjerming,
          civil AS sivilstand, CAST(count(*) OVER (PARTITION BY dwelling) * 100 AS BIGINT) AS i_boligen,
          earned * 100 AS lønn, dwelling
        FROM resident LEFT JOIN income ON income.person = id ORDER BY id""",
}
_KEPT = ("husstand", "voksen", "barn", "innbygger")


def write_columns(source: Path, out: Path, progress: Progress | None = None) -> None:
    """Write the population in `source` (SQLite) to `out` (DuckDB), replacing what was there.

    `progress(done, of)` counts tables. Raises NotGeneratedError where there is no population.
    """
    as_of = Store(source).as_of
    unfinished = out.with_name(f"{out.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    steps = [*_READ, *_MADE]
    with (
        TemporaryDirectory(dir=out.parent) as folder,
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as store,
        duckdb.connect(str(unfinished)) as connection,
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{folder}'")
        for at, name in enumerate(steps):
            if name in _READ:
                _copy(store, connection, name, Path(folder))
            else:
                connection.execute(f"CREATE TABLE {name} AS {_MADE[name].format(as_of=as_of)}")
            if progress is not None:
                progress(at + 1, len(steps))
        for name in steps:
            if name not in _KEPT:
                connection.execute(f"DROP TABLE {name}")
    unfinished.replace(out)


def _copy(store: sqlite3.Connection, connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> None:
    query, columns = _READ[name]
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for portion in _portions(store, query):
            writer.writerows(portion)
    types = dict(column.strip().rsplit(" ", 1) for column in columns.split(","))
    connection.execute(
        f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, header = false, columns = {types!r})",  # noqa: S608 - own constants
        [str(path)],
    )
    path.unlink()


def _portions(store: sqlite3.Connection, query: str) -> Iterator[list[tuple[object, ...]]]:
    cursor = store.execute(query)
    while portion := cursor.fetchmany(PORTION):
        yield portion
