"""A synthetic Norway that looks like the real one, and is the same on every machine."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.connectors import norway
from dugnad.connectors.norway.population import generator
from dugnad.connectors.norway.population.generator import sizes
from dugnad.connectors.norway.population.people import People
from dugnad.connectors.norway.population.places import Ids
from dugnad.connectors.norway.population.rows import Rows
from dugnad.connectors.norway.reference import municipalities, shares
from dugnad.shared.national_identity_number import Kind, Series, parse

PERSONS = 12_000
TABLES = (
    "person",
    "dwelling",
    "parent",
    "income",
    "contact",
    "kindergarten_place",
    "guardian",
    "shared_home",
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("population") / "norway.sqlite"
    norway.generate(path, persons=PERSONS, seed=7)
    return path


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def content(path: Path) -> str:
    """A fingerprint of all rows."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for table in TABLES:
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def test_there_are_exactly_as_many_persons_as_asked_for(database: sqlite3.Connection) -> None:
    counted, different = database.execute("SELECT count(*), count(DISTINCT number) FROM person").fetchone()
    assert (counted, different) == (PERSONS, PERSONS)


def test_the_same_seed_gives_the_same_rows_whatever_the_hash_seed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from dugnad.connectors import norway;"
        "norway.generate(Path(sys.argv[1]), persons=1500, seed=3)"
    )
    made = []
    for hash_seed in ("1", "2"):
        out = tmp_path / f"{hash_seed}.sqlite"
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", program, str(out)], check=True, env=environment)
        made.append(out)
    assert made[0].read_bytes() == made[1].read_bytes()


def test_the_rows_are_those_of_every_other_machine(tmp_path: Path) -> None:
    """A change of this number is a change of everybody's synthetic Norway: raise schema.VERSION with it."""
    norway.generate(tmp_path / "norway.sqlite", persons=1500, seed=1)
    assert content(tmp_path / "norway.sqlite")[:16] == "7a194960ef6aa923"


def test_another_seed_gives_other_people_but_the_same_named_persons(path: Path, tmp_path: Path) -> None:
    norway.generate(tmp_path / "other.sqlite", persons=1500, seed=8)
    assert content(tmp_path / "other.sqlite") != content(path)
    one, other = norway.Store(path), norway.Store(tmp_path / "other.sqlite")
    assert norway.test_persons(one) == norway.test_persons(other)
    one.close()
    other.close()


def test_every_number_is_valid_and_synthetic(database: sqlite3.Connection) -> None:
    for number, status, born in database.execute("SELECT number, status, born FROM person"):
        parsed = parse(f"{number:011d}")
        assert parsed.digits[4:6] == born[2:4]
        assert int(parsed.digits[2:4]) - 80 == int(born[5:7])
        assert int(parsed.digits[:2]) % 40 == int(born[8:10])
        assert parsed.series is Series.SKATTEETATEN_SYNTHETIC
        assert (parsed.kind is Kind.D_NUMBER) is (status == "midlertidig")


def test_every_municipality_has_residents_by_its_real_share() -> None:
    counted = sizes(20_000)
    assert sum(counted) == 20_000
    assert min(counted) >= 1
    people = {m.code: m.population for m in municipalities()}
    share = (20_000 - counted[[m.code for m in municipalities()].index("4614")]) / (
        sum(people.values()) - people["4614"]
    )
    for municipality, size in zip(municipalities(), counted, strict=True):
        if municipality.code != "4614" and municipality.population > 300:
            assert abs(size - municipality.population * share) < 1.5


def test_the_whole_of_norway_gets_its_real_sizes() -> None:
    real = [m.population for m in municipalities()]
    assert sizes(sum(real)) == real


def test_all_357_municipalities_are_lived_in(database: sqlite3.Connection) -> None:
    sql = "SELECT municipality, count(*) FROM person JOIN dwelling d ON d.id = dwelling GROUP BY 1"
    residents = dict(database.execute(sql))
    assert len(residents) == 357
    assert residents["4614"] >= 300


def test_addresses_have_postal_codes_of_their_municipality(database: sqlite3.Connection) -> None:
    text = (files("dugnad.tenancy") / "data/postal_codes.json").read_text(encoding="utf-8")
    real = {(row["code"], row["municipality"]) for row in json.loads(text)}
    used = set(database.execute("SELECT DISTINCT postal_code, municipality FROM dwelling"))
    assert used <= real


@pytest.mark.parametrize(
    ("low", "high", "share"),
    # SSB, table 07459, 1 January 2025, rounded: shares of the population by age.
    [(0, 17, 0.20), (18, 29, 0.15), (30, 49, 0.27), (50, 66, 0.21), (67, 120, 0.17)],
)
def test_ages_are_spread_as_in_norway(
    database: sqlite3.Connection, low: int, high: int, share: float
) -> None:
    sql = "SELECT (julianday('2026-11-01') - julianday(born)) / 365.2425 FROM person WHERE status = 'bosatt'"
    ages = [row[0] for row in database.execute(sql)]
    found = sum(low <= age < high + 1 for age in ages) / len(ages)
    assert abs(found - share) < 0.05


def test_children_are_younger_than_their_parents(database: sqlite3.Connection) -> None:
    sql = """SELECT min(julianday(c.born) - julianday(p.born)) / 365.2425 FROM parent r
             JOIN person c ON c.id = r.child JOIN person p ON p.id = r.parent"""
    assert database.execute(sql).fetchone()[0] > 16


def test_spouses_are_married_to_each_other(database: sqlite3.Connection) -> None:
    sql = """SELECT count(*) FROM person a JOIN person b ON b.id = a.spouse
             WHERE a.status = 'bosatt' AND (b.spouse <> a.id OR a.civil <> 'gift')"""
    assert database.execute(sql).fetchone()[0] == 0


def test_every_kind_of_life_is_there(database: sqlite3.Connection) -> None:
    def count(sql: str) -> int:
        found: int = database.execute(sql).fetchone()[0]
        return found

    assert count("SELECT count(*) FROM shared_home") > 20
    assert count("SELECT count(*) FROM guardian") > 5
    assert count("SELECT count(*) FROM former_address") > 1000
    assert count("SELECT count(*) FROM after_school_place") > 200
    assert count("SELECT count(*) FROM contact WHERE reserved = 1") > 50
    assert count("SELECT count(*) FROM contact WHERE status = 'SLETTET'") > 10
    assert count("SELECT count(*) FROM contact WHERE email_verified < '2025-05-01'") > 100
    assert (
        count("SELECT count(*) FROM person WHERE id NOT IN (SELECT person FROM income) AND born < '2000'")
        > 50
    )
    statuses = Counter(row[0] for row in database.execute("SELECT status FROM person"))
    assert min(statuses[status] for status in ("bosatt", "doed", "utflyttet", "midlertidig")) > 2
    levels = Counter(row[0] for row in database.execute("SELECT protection FROM person"))
    assert set(levels) == {"ugradert", "klientadresse", "fortrolig", "strengtFortrolig"}
    languages = {row[0] for row in database.execute("SELECT DISTINCT language FROM contact")}
    assert languages == {None, "nb", "nn", "en", "se"}


def test_nobody_can_be_reached_by_accident(database: sqlite3.Connection) -> None:
    # .example is reserved (RFC 2606), and no Norwegian telephone number begins with 0.
    for email, mobile in database.execute("SELECT email, mobile FROM contact WHERE status = 'AKTIV'"):
        assert email is None or email.endswith("@epost.example")
        assert mobile is None or mobile.startswith("+470")


def test_nothing_lies_after_the_day_the_registers_describe(path: Path, database: sqlite3.Connection) -> None:
    day = "2026-11-01"
    for table, column in (
        ("person", "born"),
        ("person", "moved_in"),
        ("person", "died"),
        ("income", "settled"),
        ("kindergarten_place", "since"),
        ("shared_home", "since"),
        ("former_address", "until"),
        ("contact", "email_verified"),
    ):
        assert database.execute(f"SELECT max({column}) FROM {table}").fetchone()[0] <= day, (table, column)


@pytest.mark.parametrize(
    "as_of", [date(2016, 1, 1), date(2026, 2, 28), date(2027, 8, 1), date(2028, 2, 29), date(2039, 12, 31)]
)
def test_other_days_can_be_described(tmp_path: Path, as_of: date) -> None:
    out = tmp_path / "norway.sqlite"
    norway.generate(out, persons=1_000, as_of=as_of)
    store = norway.Store(out)
    assert store.as_of == as_of
    for table, column in (("person", "born"), ("income", "settled"), ("kindergarten_place", "since")):
        assert store.rows(f"SELECT max({column}) FROM {table}")[0][0] <= as_of.isoformat()
    early = (
        "SELECT count(*) FROM kindergarten_place k JOIN person p ON p.id = k.person WHERE k.since <= p.born"
    )
    assert store.rows(early) == [(0,)]
    store.close()


@pytest.mark.parametrize("as_of", [date(2015, 12, 31), date(2040, 1, 1)])
def test_days_without_identity_numbers_are_refused(tmp_path: Path, as_of: date) -> None:
    with pytest.raises(ValueError, match="between 2016-01-01 and 2039-12-31"):
        norway.generate(tmp_path / "norway.sqlite", persons=1_000, as_of=as_of)


def test_some_siblings_go_in_another_municipality(database: sqlite3.Connection) -> None:
    sql = """SELECT count(*) FROM kindergarten_place l JOIN kindergarten k ON k.id = l.kindergarten
             JOIN person p ON p.id = l.person JOIN dwelling d ON d.id = p.dwelling
             WHERE d.municipality <> k.municipality"""
    assert 0 < database.execute(sql).fetchone()[0] < 60


@pytest.mark.parametrize("persons", [0, 999, 6_000_001])
def test_too_few_or_too_many_are_refused(tmp_path: Path, persons: int) -> None:
    with pytest.raises(ValueError, match="between 1000 and 6000000"):
        norway.generate(tmp_path / "norway.sqlite", persons=persons)


def test_a_failure_leaves_the_old_population_alone(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "norway.sqlite"
    out.write_bytes(path.read_bytes())

    def break_off(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        norway.generate(out, persons=30_000, progress=break_off)
    assert out.read_bytes() == path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["norway.sqlite"]


def test_a_full_disk_is_an_os_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = generator._prepare

    def small_disk(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 100")
        prepare(connection)

    monkeypatch.setattr(generator, "_prepare", small_disk)
    with pytest.raises(OSError, match="full"):
        norway.generate(tmp_path / "norway.sqlite", persons=5_000)
    assert list(tmp_path.iterdir()) == []


@given(
    st.integers(0, 50_000),
    st.lists(st.tuples(st.integers(1, 700_000), st.integers(0, 40)), min_size=1, max_size=40),
)
def test_shares_add_up_and_keep_the_minima(persons: int, parts: list[tuple[int, int]]) -> None:
    weights = tuple(weight for weight, _ in parts)
    minima = tuple(low for _, low in parts)
    if persons < sum(minima):
        with pytest.raises(ValueError, match="cannot fill"):
            shares(persons, weights, at_least=minima)
        return
    found = shares(persons, weights, at_least=minima)
    assert sum(found) == persons
    assert all(size >= low for size, low in zip(found, minima, strict=True))


def test_a_day_whose_numbers_are_used_up_gives_way_to_the_day_before() -> None:
    seeded = Random(1)  # noqa: S311 - no secret: a seeded stream is the point
    people = People(Rows(), Ids(), seeded, date(2026, 11, 1))
    born = date(1988, 5, 17).toordinal()
    given_out = [people.number(born, female=True) for _ in range(500)]
    assert len({number for number, _ in given_out}) == 500
    assert {day for _, day in given_out} == {born, born - 1, born - 2}
    for number, day in given_out:
        assert f"{number:011d}"[:2] == f"{date.fromordinal(day).day:02d}"
