"""Services by column and by the exact evaluator: applicants mixed from a service's own examples, and changed."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from dugnad.catalogue.examples import example_facts
from dugnad.catalogue.types import LoadedService
from dugnad.rulebook.columns.cells.target import DUCKDB
from dugnad.rulebook.columns.relations import APPLICANTS, Layout
from dugnad.rulebook.columns.service.statement import ServiceColumns
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.ruleset import Outcome, Ruleset

Execute = Callable[[str], list[tuple[Any, ...]]]
UNKNOWN_SHARE = 0.02


def examples(service: LoadedService) -> list[dict[str, Value]]:
    """The facts of every example."""
    found = []
    section = service.examples.get("examples")
    for node in section.elements() if section else ():
        day = node.get("date")
        found.append(example_facts(service, node, day.value if day is not None else date(2026, 11, 21)))
    return found


class Mixer:
    """Makes applicants that resemble the examples, with values of each fact from all of them."""

    def __init__(self, service: LoadedService, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - seeded on purpose
        self.service = service
        self.whole = examples(service)
        self.pools: dict[str, list[Value]] = {}
        for facts in self.whole:
            for name, value in facts.items():
                if isinstance(value, list) and value and isinstance(value[0], dict):
                    for one in value:
                        for key, part in one.items():
                            self.pools.setdefault(f"{name}.{key}", []).append(part)
                    self.pools.setdefault(name, []).append(value)
                else:
                    self.pools.setdefault(name, []).append(value)

    def applicants(self, count: int) -> list[dict[str, Value]]:
        return [self.applicant() for _ in range(count)]

    def applicant(self) -> dict[str, Value]:
        rng = self.rng
        made = dict(rng.choice(self.whole))
        for name in self.pools:
            if "." not in name and rng.random() < 0.06:
                made[name] = rng.choice(self.pools[name])
        for name, value in list(made.items()):
            if rng.random() < UNKNOWN_SHARE:
                del made[name]
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                made[name] = self._people(name, value)
            else:
                made[name] = self._near(value)
        return made

    def _people(self, name: str, people: list[Value]) -> list[Value]:
        rng = self.rng
        chosen = [dict(one) for one in people]
        if rng.random() < 0.3:
            extra = dict(rng.choice(rng.choice([pool for pool in self.pools[name] if pool])))
            extra["person"] = f"{name}-{rng.randint(2, 6)}"
            chosen.append(extra)
        for one in chosen:
            for key in list(one):
                if key != "person" and rng.random() < 0.08:
                    one[key] = rng.choice(self.pools[f"{name}.{key}"])
                elif rng.random() < UNKNOWN_SHARE / 2:
                    del one[key]
                else:
                    one[key] = self._near(one[key])
        rng.shuffle(chosen)
        return chosen

    def _near(self, value: Value) -> Value:
        rng = self.rng
        if isinstance(value, Decimal) and rng.random() < 0.3:
            return value + rng.choice((-1, 1, Decimal("0.5"), 11, -110, rng.randint(-50_000, 50_000)))
        if type(value) is date and rng.random() < 0.1:
            return value + timedelta(days=rng.choice((-1, 1, -365, 31)))
        return value


@dataclass
class Tally:
    """What a comparison saw."""

    agreed: int = 0
    doubted: int = 0
    outcomes: Counter[str | None] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    items: int = 0


def fill(
    connection: duckdb.DuckDBPyConnection, layout: Layout, applicants: Sequence[Mapping[str, Value]]
) -> None:
    """Write applicants into the relations of a DuckDB."""
    for create in layout.tables(DUCKDB).values():
        connection.execute(create)
    for relation, rows in rows_of(layout, applicants).items():
        insert(connection, relation, rows)


def insert(connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows at once: one by one DuckDB takes a millisecond for each."""
    for start in range(0, len(rows), 200):
        portion = rows[start : start + 200]
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in portion)
        connection.execute(
            f'INSERT INTO "{relation}" VALUES {marks}', [part for row in portion for part in row]
        )


def rows_of(layout: Layout, applicants: Sequence[Mapping[str, Value]]) -> dict[str, list[tuple[Any, ...]]]:
    made: dict[str, list[tuple[Any, ...]]] = {APPLICANTS: [], **{name: [] for name in layout.lists()}}
    for key, one in enumerate(applicants):
        for relation, row in layout.rows(key, one):
            made[relation].append(row)
    return made


def compare(
    columns: ServiceColumns,
    rulesets: Callable[[Mapping[str, Value]], Ruleset],
    applicants: Sequence[Mapping[str, Value]],
    on: date,
    rows: Sequence[tuple[Any, ...]],
) -> Tally:
    """Every applicant both ways: the same outcome, control points, amounts and periods, or a doubt."""
    by_key: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_key.setdefault(row[0], []).append(row)
    assert len(by_key) == len(applicants)
    tally = Tally()
    for key, facts in enumerate(applicants):
        found = by_key[key]
        if found[0][1]:
            tally.doubted += 1
            continue
        outcome = rulesets(facts).decide({**facts, **columns.layout.given}, on=on)
        stops = sorted(stop.name for stop in outcome.stops)
        assert sorted(columns.names(found[0][3])) == stops, (
            facts,
            found,
            outcome.diagnostics,
            outcome.unknown,
        )
        assert found[0][2] == outcome.outcome, (facts, found)
        mine = sorted(row[4:] for row in found if row[4] is not None or not outcome.items)
        assert [row[1:] for row in mine] == wanted(outcome, columns, rulesets(facts)), (facts, found)
        tally.agreed += 1
        tally.outcomes[outcome.outcome] += 1
        tally.stops.update(stops)
        tally.items += len(outcome.items)
    return tally


def wanted(outcome: Outcome, columns: ServiceColumns, rules: Ruleset) -> list[tuple[Any, ...]]:
    """Amount in øre, from and to of each item, or of the whole."""
    result = rules.source.result
    places = [item.values for item in outcome.items]
    if rules.source.each_over is None:
        places = [outcome.values]
    elif not places:
        return [(None, None, None)]
    made = []
    for values in places:
        amount, start, end = (
            _read(values, outcome, name) for name in (result.amount, result.start, result.end)
        )
        made.append((None if amount is None else int(amount * 100), start, end))
    return made


def _read(values: Mapping[str, Value], outcome: Outcome, name: str) -> Value:
    value = values.get(name, outcome.values.get(name))
    return None if type(value) is Unknown else value
