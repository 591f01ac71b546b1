"""Formulas by column and by the exact evaluator, on the same random rows: where neither is in doubt, they agree."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
from sqlglot import exp

from dugnad.rulebook.columns.cells.sql import any_flag, column, truth
from dugnad.rulebook.columns.cells.target import DUCKDB, Target
from dugnad.rulebook.columns.expressions import Scope, Translator
from dugnad.rulebook.columns.expressions.cell import Cell, Record
from dugnad.rulebook.columns.expressions.tables import TableTranslation
from dugnad.rulebook.columns.plan.emitting import Emitter, statement
from dugnad.rulebook.columns.plan.frames import Plan
from dugnad.rulebook.columns.relations import APPLICANTS, Layout
from dugnad.rulebook.feel import Months, compile_expression, parse
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.located import read
from dugnad.rulebook.rules.facts import FactBook, read_facts
from dugnad.rulebook.tables import Table, compile_table
from dugnad.rulebook.trace import Recorder
from rulebook.columns.mixing import insert

FACTS = """
law: test
facts:
  n: { type: number, from: applicant }
  m: { type: number, from: applicant }
  whole: { type: number, from: applicant }
  yes: { type: boolean, from: applicant }
  no: { type: boolean, from: applicant }
  word: { type: text, from: applicant }
  other: { type: text, from: applicant }
  day: { type: date, from: applicant }
  then: { type: date, from: applicant }
  words: { type: list, from: applicant }
  settled: { type: text, from: applicant, if not found: none }
  folk: { list of: person, from: register, entries: { kin: text } }
  folk.born: { type: date, from: register }
  folk.sum: { type: number, from: register }
  folk.here: { type: boolean, from: register, if not found: false }
  folk.kin of: { type: list, from: register }
  ting: { list of: person, from: register }
  ting.value: { type: number, from: register }
  ting.word: { type: text, from: register }
"""
BOOK: FactBook = read_facts(read(FACTS, file="facts.yaml"))
LAYOUT = Layout(BOOK, {})
NAMES = frozenset(BOOK.facts)
WORDS = (
    "a",
    "b",
    "ab",
    "",
    "æøå",
    "B",
    "none",
    "Å",
    "å",
    "aa",
    "zz",
    "😀",
    "it's",
    'a"b',
    "a\\b",
    "a%_",
    "e\u0301",
    "é",
    " ",
    "ß",
)
EDGES = (
    "0",
    "0.01",
    "-0.01",
    "0.5",
    "-0.5",
    "1.5",
    "-2.5",
    "100000000",
    "-100000000",
    "99999999.99",
    "1000",
    "12",
)
DAYS = (
    "2020-02-29", "2021-02-28", "2020-01-31", "2021-12-31", "1700-01-01", "2300-01-01", "2000-02-29", "1900-03-01",
    "2100-02-28", "1999-12-31", "2024-12-30", "2021-01-03",
)  # fmt: skip
Run = Callable[[str], list[tuple[Any, ...]]]
Made = Callable[[Translator, Scope], Any]
Exact = Callable[[Mapping[str, Value], Recorder], Value]


def number(rng: random.Random) -> Decimal:
    """Numbers that lie near each other's edges."""
    kind = rng.randrange(5)
    if kind == 4:
        return Decimal(rng.choice(EDGES))
    if kind == 0:
        return Decimal(rng.randint(-3, 3))
    if kind == 1:
        return Decimal(rng.randint(-900, 900)) / 4
    if kind == 2:
        return Decimal(rng.randint(-100, 100) * 90)
    return Decimal(rng.randint(-(10**7), 10**7)) / 100


def day(rng: random.Random) -> date:
    """Days around the ends of months and leap days."""
    picked = date(2019, 12, 1) + timedelta(days=rng.randint(0, 900))
    return rng.choice((picked, picked, date.fromisoformat(rng.choice(DAYS))))


def person(rng: random.Random, name: str) -> dict[str, Value]:
    """One entry of a list; what nobody knows is left out."""
    if name == "ting":
        made: dict[str, Value] = {"value": number(rng), "word": rng.choice(WORDS)}
    else:
        made = {
            "kin": rng.choice(WORDS),
            "born": day(rng),
            "sum": number(rng),
            "here": rng.random() < 0.6,
            "kin of": rng.sample(WORDS, rng.randint(0, 3)),
        }
    made["person"] = f"p{rng.randint(0, 5)}"
    return {key: value for key, value in made.items() if rng.random() > 0.07}


def facts(rng: random.Random) -> dict[str, Value]:
    """One applicant; a tenth of it unknown."""
    made: dict[str, Value] = {
        "n": number(rng),
        "m": number(rng),
        "whole": Decimal(rng.randint(-5, 15)),
        "yes": rng.random() < 0.5,
        "no": rng.random() < 0.5,
        "word": rng.choice(WORDS),
        "other": rng.choice(WORDS),
        "day": day(rng),
        "then": day(rng),
        "words": rng.sample(WORDS, rng.randint(0, 3)),
        "settled": rng.choice(WORDS),
        "folk": [person(rng, "folk") for _ in range(rng.choice((0, 1, 1, 2, 3, 5)))],
        "ting": [person(rng, "ting") for _ in range(rng.choice((0, 1, 2, 3)))],
    }
    return {key: value for key, value in made.items() if rng.random() > 0.1}


def people(count: int, seed: int) -> list[dict[str, Value]]:
    rng = random.Random(seed)  # noqa: S311 - seeded on purpose
    return [facts(rng) for _ in range(count)]


@dataclass
class Result:
    """How often both said the same, and how often the columns left it to the exact evaluator."""

    agreed: int = 0
    doubted: int = 0
    unknown: int = 0


def translated(made: Made, target: Target) -> tuple[str, Cell]:
    """The statement of one value: key, value (top and bottom for numbers), null, doubt."""
    plan = Plan(APPLICANTS)
    translator = Translator(plan, target, LAYOUT)
    main = plan.main
    scope = Scope(main, lambda name: LAYOUT.fact(translator, name) if name in BOOK.facts else None)
    cell = translator.settle(made(translator, scope))
    for frame in reversed(plan.frames[1:]):
        doubts = any_flag(*frame.doubts)
        if doubts is not None:
            case = exp.Case().when(doubts.copy(), exp.Literal.number(1)).else_(exp.Literal.number(0))
            gathered = frame.left.gather(frame, exp.Max(this=case), exp.Literal.number(0))
            frame.left.doubt(exp.EQ(this=gathered, expression=exp.Literal.number(1)))
    doubt = any_flag(*main.doubts) or truth(False)
    bottom = cell.number.bottom.sql if cell.number and cell.number.bottom else exp.Null()
    parts = [cell.sql, bottom, cell.null or truth(False), doubt]
    emitter = Emitter(plan, target, parts)
    tables = emitter.emit()
    select = exp.select(column("k"), *(exp.alias_(part.copy(), f"v{at}") for at, part in enumerate(parts)))
    return target.written(statement(tables, select.from_(f'"{emitter.at[main]}"'))), cell


def rows_of(applicants: Sequence[Mapping[str, Value]]) -> dict[str, list[tuple[Any, ...]]]:
    made: dict[str, list[tuple[Any, ...]]] = {APPLICANTS: [], **{name: [] for name in LAYOUT.lists()}}
    for key, one in enumerate(applicants):
        for relation, row in LAYOUT.rows(key, one):
            made[relation].append(row)
    return made


def in_duckdb(applicants: Sequence[Mapping[str, Value]]) -> Callable[[str], list[tuple[Any, ...]]]:
    """Fill a DuckDB; gives what runs a statement in it."""
    connection = duckdb.connect(config={"threads": 1})
    for create in LAYOUT.tables(DUCKDB).values():
        connection.execute(create)
    for relation, rows in rows_of(applicants).items():
        insert(connection, relation, rows)
    return lambda sql: connection.execute(sql).fetchall()


def compare(
    text: str,
    applicants: Sequence[Mapping[str, Value]],
    run: Run,
    target: Target = DUCKDB,
) -> Result:
    """A formula both ways on every applicant. Fails on the first that differs."""
    node = parse(text, names=NAMES, dialect="dugnad")
    exact = compile_expression(node, names=NAMES)
    return against(
        text, lambda translator, scope: translator.cell(node, scope), exact, applicants, run, target
    )


def compare_table(
    table: Table, applicants: Sequence[Mapping[str, Value]], run: Run, target: Target = DUCKDB
) -> Result:
    """A decision table both ways, each of its outputs; all of them in one result."""
    exact = compile_table(table, names=NAMES)
    names = [output.name for output in table.outputs]
    total = Result()
    for name in names:

        def made(translator: Translator, scope: Scope, name: str = name) -> Cell:
            found: Any = TableTranslation(translator, table, NAMES, scope).run()
            return found.cells[name] if isinstance(found, Record) else found

        def wanted(values: Mapping[str, Value], recorder: Recorder, name: str = name) -> Value:
            found = exact(values, recorder)
            return found[name] if isinstance(found, dict) else found

        result = against(written(table), made, wanted, applicants, run, target)
        total.agreed += result.agreed
        total.doubted += result.doubted
        total.unknown += result.unknown
    return total


def written(table: Table) -> str:
    """A table as text, for a failure's message."""
    heads = [column.label for column in table.inputs]
    rows = [[cell.text for cell in (*row.inputs, *row.outputs)] for row in table.rows]
    outputs = [
        (column.name, column.values and column.values.text, column.default and column.default.text)
        for column in table.outputs
    ]
    return f"{table.hit_policy.value} {heads} {outputs} {rows}"


def against(
    text: str,
    made: Made,
    exact: Exact,
    applicants: Sequence[Mapping[str, Value]],
    run: Run,
    target: Target,
) -> Result:
    """The same value both ways on every applicant."""
    sql, cell = translated(made, target)
    result = Result()
    found = {row[0]: row[1:] for row in run(sql)}
    assert len(found) == len(applicants), (text, "rows lost or doubled")
    for key, one in enumerate(applicants):
        recorder = Recorder()
        wanted = exact(BOOK.complete(one), recorder)
        top, bottom, null, doubt = found[key]
        if doubt:
            result.doubted += 1
            continue
        assert not recorder.diagnostics, (text, one, recorder.diagnostics, found[key])
        if type(wanted) is Unknown:
            assert (top, bool(null)) == (None, False), (text, one, wanted, found[key])
            result.unknown += 1
            continue
        result.agreed += 1
        assert bool(null) is (wanted is None), (text, one, wanted, found[key])
        assert same(cell, top, bottom, wanted), (text, one, wanted, found[key], sql)
    return result


def same(cell: Cell, top: Any, bottom: Any, wanted: Value) -> bool:
    """Whether a column's value is the exact one; beyond 34 digits they may part, as far as it says itself."""
    if wanted is None or top is None:
        return wanted is None and top is None
    if cell.number is not None:
        value = int(top) * cell.number.unit / (int(bottom) if bottom is not None else 1)
        if isinstance(wanted, timedelta):
            wanted = wanted.days
        exact = Fraction(wanted.months if isinstance(wanted, Months) else wanted)
        return value == exact or abs(value - exact) <= cell.number.error + abs(exact) / 10**30
    return bool(top == wanted)
