"""A service's facts from the population by column are those the registers would answer, household by household."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dugnad.catalogue.checking import load_folder
from dugnad.connectors import barnehageregisteret, folkeregisteret, norway, skattegrunnlaget
from dugnad.connectors.norway.binding import NotBoundError, bind
from dugnad.connectors.norway.columns import write_columns
from dugnad.connectors.transport import InProcess
from dugnad.facts import gathering
from dugnad.facts.ports import REGISTERS
from dugnad.rulebook.columns import Layout
from dugnad.rulebook.located import read
from dugnad.rulebook.rules.facts import FactBook, from_data, read_facts, to_data

ON = norway.DEFAULT_AS_OF
SERVICE = load_folder(Path(__file__).resolve().parents[3] / "services" / "redusert-foreldrebetaling")
ANSWERS = {
    "søknadsdato": ON,
    "samboer uten felles barn": False,
    "varig inntektsnedgang": False,
    "barna stemmer": True,
}
NAMES = {"navn", "fornavn", "barnehage"}
"""What the registers tell for people to read; no rule reads it, and no column holds it."""
HIDE = (
    "UPDATE person SET protection = 'fortrolig' WHERE id % 23 = 0",
    ("UPDATE person SET protection = 'strengtFortrolig' WHERE id % 29 = 0"),
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small Norway in which more addresses are protected than in the real one, so that it matters."""
    path = tmp_path_factory.mktemp("norway") / "norway.sqlite"
    norway.generate(path, persons=1_500)
    with closing(sqlite3.connect(path)) as store, store:
        for change in HIDE:
            store.execute(change)
    return path


@pytest.fixture
def people(source: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    columns = source.with_suffix(".duckdb")
    if not columns.exists():
        write_columns(source, columns)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{columns}' AS norge (READ_ONLY)")
        yield connection


@pytest.fixture
def registers(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = norway.Store(source)
    for module, client in (
        (folkeregisteret, folkeregisteret.Folkeregisteret),
        (skattegrunnlaget, skattegrunnlaget.Skattegrunnlaget),
        (barnehageregisteret, barnehageregisteret.Barnehageregisteret),
    ):
        made = client(InProcess(module.simulator(store)), base_url="http://127.0.0.1")
        monkeypatch.setitem(REGISTERS, made.name, made)


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def by_column(
    connection: duckdb.DuckDBPyConnection, book: FactBook, answers: Mapping[str, Any]
) -> Iterator[Any]:
    layout = Layout(book, answers)
    entries: dict[int, dict[str, list[Any]]] = {}
    for name in layout.lists():
        for row in rows(connection, f'SELECT * FROM "{name}"'):
            entries.setdefault(row["k"], {}).setdefault(name, []).append(row)
    for row in rows(connection, 'SELECT * FROM "søkere" ORDER BY k'):
        yield book.complete(layout.restore(row, entries.get(row["k"], {})))


def plain(value: object) -> object:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{name: child for name, child in one.items() if name not in NAMES} for one in value]
    return value


@pytest.mark.usefixtures("registers")
def test_every_household_has_the_facts_its_application_would_have(people: duckdb.DuckDBPyConnection) -> None:
    book, rules = SERVICE.book, SERVICE.ruleset()
    for view in bind(book, rules.counts, people, answers=ANSWERS).views:
        people.execute(view)
    tried = hidden = 0
    for mine in by_column(people, book, ANSWERS):
        known = {**ANSWERS, "søker": mine["søker"], "vår kommune": mine["vår kommune"], "søknadsdato": ON}
        told = gathering.gather(rules, applicant=str(mine["søker"]), known=known, on=ON)
        named = {name: value for name, value in {**told.values, **known}.items() if name in book.facts}
        theirs = book.complete(from_data(book, named))
        for name, value in theirs.items():
            assert to_data(plain(mine[name])) == to_data(plain(value)), (mine["søker"], name)
        tried += 1
        hidden += not isinstance(theirs["husholdning"], list)
    assert tried > 500
    assert hidden > 20


FACTS = """
law: Testloven
facts:
  søker: { type: text, from: case }
  sivilstand: { type: text, from: folkeregisteret }
  karakterkort: { type: number, from: skoleregisteret }
  eier hytte: { type: boolean, from: applicant }
  barn: { list of: person, from: folkeregisteret, entries: { foreldreansvar: boolean }ONLY }
  barn.har plass: { type: boolean, from: barnehageregisteret }
  voksne:
    list of: person
    from: folkeregisteret
    field: voksne på adressen
    entries: { relasjon: text, nær slekt: boolean }
    only when: WHEN
"""


def bound(people: duckdb.DuckDBPyConnection, when: str, only: str = "") -> tuple[FactBook, Any]:
    text = FACTS.replace("WHEN", when).replace("ONLY", only)
    book = read_facts(read(text, file="facts.yaml"))
    married = "relasjon" not in when

    def counts(_name: str, entry: Mapping[str, Any], _known: Mapping[str, Any]) -> bool:
        if "foreldreansvar" in entry:
            return entry["foreldreansvar"] is True
        return married or "relasjon" not in entry or entry["relasjon"] in ("ektefelle", "samboer")

    found = bind(book, counts, people, answers={})
    for view in found.views:
        people.execute(view)
    return book, found


def test_what_no_register_tells_is_named_and_stays_unknown(people: duckdb.DuckDBPyConnection) -> None:
    book, found = bound(people, 'relasjon in ("ektefelle", "samboer")')
    assert found.unknown == ("karakterkort", "eier hytte")
    first = next(iter(by_column(people, book, {})))
    assert to_data(first["karakterkort"]) == {"unknown": ["karakterkort"]}
    assert isinstance(first["sivilstand"], str)


def test_a_list_that_does_not_include_the_applicant_has_only_the_others(
    people: duckdb.DuckDBPyConnection,
) -> None:
    bound(people, 'relasjon in ("ektefelle", "samboer")')
    told = {row["relasjon"] for row in rows(people, "SELECT DISTINCT relasjon FROM voksne")}
    assert told == {"ektefelle", "samboer"}


def test_only_when_leaves_out_entries_of_the_kinds_it_does_not_count(
    people: duckdb.DuckDBPyConnection,
) -> None:
    bound(people, 'relasjon in ("ektefelle", "samboer")', ", only when: foreldreansvar")
    (row,) = rows(people, "SELECT bool_and(foreldreansvar) AS mine, count(*) AS many FROM barn")
    assert row["mine"]
    assert row["many"] > 50


def test_adults_whom_the_columns_do_not_hold_are_told_of_instead_of_left_out(
    people: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(NotBoundError, match="'voksne' counts other adults"):
        bound(people, "true")


def test_a_list_no_register_has_is_unknown_and_so_are_those_of_its_persons(
    people: duckdb.DuckDBPyConnection,
) -> None:
    text = """
law: Testloven
facts:
  søker: { type: text, from: case }
  korps: { list of: person, from: frivillighetsregisteret, entries: { rolle: text } }
  barn: { list of: person, from: folkeregisteret, of: korps, entries: { foreldreansvar: boolean } }
"""
    book = read_facts(read(text, file="facts.yaml"))
    found = bind(book, lambda *_: True, people, answers={})
    for view in found.views:
        people.execute(view)
    assert found.unknown == ("korps", "barn")
    first = next(iter(by_column(people, book, {})))
    assert to_data(first["barn"]) == {"unknown": ["barn"]}
