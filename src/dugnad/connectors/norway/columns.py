"""The synthetic Norway by column: the registers' rows as DuckDB tables, household by household.

From the SQLite file to a DuckDB file, table by table in portions, so that memory stays bounded. `husstand` has one
row for each dwelling with an adult, whose applicant is the adult with most children at home; `voksen` is the
applicant and the spouse or cohabitant there, `annen_voksen` the other adults at the address, `barn` the children of
those in `voksen`, `innbygger` every resident, `om` what the file is. Amounts are hundredths of kroner, as the columns
of the rulebook want them. They hold what the registers would answer on the day the population describes: whoever has
a protected address is found at nobody's.
"""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dugnad.connectors.norway.store import Store

PORTION = 50_000
MEMORY = "1GB"
VERSION = 1
"""Of what the file holds; one of another version is written anew."""
Progress = Callable[[int, int], None]
_READ = {
    "person": (
        """SELECT id, number, born, status, civil, spouse, dwelling, moved_in, protection FROM person
          WHERE died IS NULL ORDER BY id""",
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
        """SELECT person, max(year), wages + business, max(interest, 0) FROM income
          WHERE settled <= '{as_of}' AND year >= {year} - 2 GROUP BY person""",
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
_HIDDEN = "IN ('fortrolig', 'strengtFortrolig')"
_MADE = {
    "known": """
        SELECT person.*, municipality, lpad(CAST(number AS TEXT), 11, '0') AS code, protection {hidden} AS hidden,
          civil IN ('gift', 'separert', 'registrertPartner', 'separertPartner') AS bound,
          date_diff('month', born, DATE '{as_of}')
            - CASE WHEN day(DATE '{as_of}') < day(born) THEN 1 ELSE 0 END >= 216 AS adult
        FROM person LEFT JOIN dwelling ON dwelling.id = person.dwelling""",
    "resident": "SELECT * FROM known WHERE dwelling IS NOT NULL",
    "applicant": """
        SELECT dwelling AS k, arg_min(id, (-coalesce(at_home, 0), id)) AS id, any_value(beboere) AS beboere
        FROM (SELECT dwelling, id, adult, count(*) OVER (PARTITION BY dwelling) AS beboere FROM resident)
        LEFT JOIN (SELECT parent.parent AS mine, count(*) AS at_home FROM parent
          JOIN resident AS child ON child.id = parent.child AND NOT child.adult
          JOIN resident AS one ON one.id = parent.parent AND one.dwelling = child.dwelling GROUP BY parent.parent)
        ON mine = id WHERE adult GROUP BY dwelling""",
    "at_dwelling": "SELECT id, dwelling, hidden, bound FROM resident WHERE adult",
    "together": """
        SELECT DISTINCT one.parent AS one, other.parent AS other
        FROM parent AS one JOIN parent AS other ON one.child = other.child AND one.parent <> other.parent
        JOIN at_dwelling AS here ON here.id = one.parent JOIN at_dwelling AS there USING (dwelling)
        WHERE there.id = other.parent""",
    "kin": """
        SELECT unnest([child, parent]) AS one, unnest([parent, child]) AS other
        FROM parent JOIN at_dwelling AS here ON here.id = child JOIN at_dwelling AS there USING (dwelling)
        WHERE there.id = parent""",
    "family": """
        SELECT k, applicant.id AS id, beboere, chosen.spouse AS spouse, chosen.bound AS bound,
          chosen.civil IN ('registrertPartner', 'separertPartner') AS registered,
          NOT (chosen.hidden OR coalesce(other.hidden, FALSE)) AS familie_kjent, other.code AS spouse_code
        FROM applicant JOIN resident AS chosen ON chosen.id = applicant.id
        LEFT JOIN known AS other ON other.id = chosen.spouse""",
    "at_home": """
        SELECT k, there.id AS id,
          CASE WHEN there.id = family.id THEN 'søker'
            WHEN family.spouse = there.id THEN CASE WHEN registered THEN 'registrert partner' ELSE 'ektefelle' END
            WHEN together.one IS NOT NULL AND NOT (family.bound OR there.bound) THEN 'samboer'
            ELSE 'annen' END AS relation,
          together.one IS NOT NULL AS felles_barn, kin.one IS NOT NULL AS nær_slekt
        FROM at_dwelling AS there JOIN family ON k = dwelling
        LEFT JOIN together ON together.one = family.id AND together.other = there.id
        LEFT JOIN kin ON kin.one = family.id AND kin.other = there.id
        WHERE there.id = family.id OR (familie_kjent AND NOT there.hidden)""",
    "husstand": """
        SELECT k, code AS person, municipality AS kommune, born AS født, protection AS skjerming,
          CASE WHEN spouse_code IS NULL THEN CAST([] AS TEXT[]) ELSE [spouse_code] END AS ektefelle,
          civil AS sivilstand, moved_in AS bosatt_fra, earned * 100 AS lønn, capital * 100 AS kapital,
          CAST(year * 100 AS BIGINT) AS år, familie_kjent, CAST(beboere AS INT) AS beboere
        FROM family JOIN resident ON resident.id = family.id LEFT JOIN income ON income.person = family.id
        ORDER BY k""",
    "grown": """
        SELECT k, CAST(row_number() OVER (PARTITION BY k ORDER BY relation = 'annen', relation <> 'søker', known.id)
            AS INT) AS p,
          known.id AS id, code AS person, relation, felles_barn, nær_slekt, born AS født, moved_in AS bosatt_fra,
          protection AS skjerming, civil AS sivilstand, earned * 100 AS lønn, capital * 100 AS kapital,
          CAST(year * 100 AS BIGINT) AS år
        FROM at_home JOIN known ON known.id = at_home.id LEFT JOIN income ON income.person = at_home.id""",
    "voksen": "SELECT * EXCLUDE (id) FROM grown WHERE relation <> 'annen' ORDER BY k, p",
    "annen_voksen": "SELECT * EXCLUDE (id) FROM grown WHERE relation = 'annen' ORDER BY k, p",
    "child": """
        SELECT k, parent.child AS id, min(p) AS av, arg_min(responsible = 1, p) AS responsible,
          arg_min(skjerming, p) AS skjerming
        FROM grown JOIN parent ON parent.parent = grown.id
        JOIN known ON known.id = parent.child WHERE relation <> 'annen' AND NOT adult GROUP BY k, parent.child""",
    "parents": """
        SELECT child, list(code ORDER BY parent) AS foreldre
        FROM parent JOIN known ON known.id = parent.parent GROUP BY child""",
    "barn": """
        SELECT k, CAST(row_number() OVER (PARTITION BY k ORDER BY av, born, number) AS INT) AS p, av,
          code AS person, foreldre, child.responsible AS foreldreansvar, shared_home.child IS NOT NULL AS delt,
          CASE WHEN known.protection <> 'strengtFortrolig' AND child.skjerming <> 'strengtFortrolig'
            THEN known.dwelling = k END AS hjemme,
          born AS født, protection AS skjerming, place.person IS NOT NULL AS har_plass,
          CASE WHEN protection <> 'strengtFortrolig' THEN place.municipality END AS barnehagekommune,
          CAST(hours * 100 AS BIGINT) AS timer, place.since AS plass_fra, school.person IS NOT NULL AS har_sfo,
          school.municipality AS sfokommune, CAST(share * 100 AS BIGINT) AS andel, school.since AS sfo_fra
        FROM child JOIN known ON known.id = child.id JOIN parents ON parents.child = child.id
        LEFT JOIN shared_home ON shared_home.child = child.id LEFT JOIN place ON place.person = child.id
        LEFT JOIN school ON school.person = child.id ORDER BY k, p""",
    "innbygger": """
        SELECT id AS k, code AS person, municipality AS kommune, born AS født, protection AS skjerming,
          civil AS sivilstand, CAST(count(*) OVER (PARTITION BY dwelling) * 100 AS BIGINT) AS i_boligen,
          earned * 100 AS lønn, dwelling
        FROM resident LEFT JOIN income ON income.person = id ORDER BY id""",
    "om": "SELECT {version} AS version, DATE '{as_of}' AS as_of, (SELECT count(*) FROM person) AS persons",
}
_KEPT = ("husstand", "voksen", "annen_voksen", "barn", "innbygger", "om")


@dataclass(frozen=True, slots=True)
class About:
    """What a population by column describes: which day, how many living persons."""

    as_of: date
    persons: int


def about(path: Path) -> About | None:
    """Read what a file of columns is; None where it is none, or of another version."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute("SELECT as_of, persons FROM om WHERE version = ?", [VERSION]).fetchone()
    except duckdb.Error:
        return None
    return About(*row) if row else None


def write_columns(source: Path, out: Path, progress: Progress | None = None) -> None:
    """Write the population in `source` (SQLite) to `out` (DuckDB), replacing what was there.

    `progress(done, of)` counts tables. Raises NotGeneratedError where there is no population.
    """
    as_of = Store(source).as_of
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
        unfinished = Path(folder) / out.name
        _write(source, unfinished, as_of, progress)
        unfinished.replace(out)


def _write(source: Path, out: Path, as_of: date, progress: Progress | None) -> None:
    steps, folder = [*_READ, *_MADE], out.parent
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as store,
        duckdb.connect(str(out)) as connection,
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = '{folder}'")
        for at, name in enumerate(steps):
            if name in _READ:
                _copy(store, connection, name, folder, as_of)
            else:
                made = _MADE[name].format(as_of=as_of, version=VERSION, hidden=_HIDDEN)
                connection.execute(f"CREATE TABLE {name} AS {made}")
            if progress is not None:
                progress(at + 1, len(steps))
        for name in steps:
            if name not in _KEPT:
                connection.execute(f"DROP TABLE {name}")


def _copy(
    store: sqlite3.Connection, connection: duckdb.DuckDBPyConnection, name: str, folder: Path, as_of: date
) -> None:
    query, columns = _READ[name]
    query = query.format(as_of=as_of, year=as_of.year)
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
