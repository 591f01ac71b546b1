"""(e) One decision of a ten-rule table by us and by other engines, each in an environment of its own.

The peers are fetched by this benchmark, at pinned versions, into `.dugnad/bench/peers`; nothing else uses them.
"""

import json
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.fetching import NotToBeHadError, interpreter_with, said
from bench.measuring import Report, cpu_each
from bench.peers_table import NAMES, ROWS, as_values, inputs, plain
from bench.stack import PROJECT
from dugnad.rulebook import (
    Cell,
    CompiledTable,
    HitPolicy,
    Input,
    Output,
    Recorder,
    Row,
    Table,
    compile_table,
    parse,
)

HOME = PROJECT / ".dugnad" / "bench" / "peers"
PYTHON_PEERS = {"spiffworkflow": "3.2.0", "pySFeel": "1.4.2", "bkflow-feel": "1.2.0"}
NODE_PEERS = {"feelin": "8.2.0"}
AGREE_ON = 500
TIMED = 50
SECONDS = 4.0
AIM_RESULT, AIM_TRACE = 20_000, 10_000


def run() -> Report:
    """Measure ourselves, then every peer that can be had; all must agree with the plain function."""
    asked = inputs(AGREE_ON)
    wanted = [plain(**one) for one in asked]
    report = Report(
        "peers: one decision of a ten-rule table",
        ("engine", "decisions a second", "CPU µs each", "times ours (result)", f"agrees on {AGREE_ON}"),
    )
    own = _own(asked, wanted)
    for name, each in own.items():
        report.add(name, f"{1 / each:,.0f}", each * 1e6, each / own[RESULT], f"{AGREE_ON} of {AGREE_ON}")
    for name, version in {**PYTHON_PEERS, **NODE_PEERS}.items():
        try:
            each, results = _peer(name, version, asked)
        except NotToBeHadError as error:
            report.add(f"{name} {version}", "–", "–", "–", f"not to be had: {error}")
            continue
        agree = sum(
            Decimal(str(got)) == want for got, want in zip(results, wanted, strict=True) if got is not None
        )
        report.add(
            f"{name} {version}", f"{1 / each:,.0f}", each * 1e6, each / own[RESULT], f"{agree} of {AGREE_ON}"
        )
    result, trace = 1 / own[RESULT], 1 / own[TRACE]
    report.notes += [
        f"Aim: {AIM_RESULT:,} a second with the result, {AIM_TRACE:,} with full trace. Here: {result:,.0f} and {trace:,.0f}.",
        "SpiffWorkflow evaluates Python in its cells. PySFeel and bkflow-feel have no tables: row by row.",
        "feelin is measured cell by cell and as one expression; the faster counts. CPU time, best of several rounds.",
    ]
    return report


PLAIN = "plain Python function (floor)"
RESULT, TRACE, DATA = "ours, result", "ours, full trace", "ours, full trace written out as data"


def _own(asked: list[dict[str, Any]], wanted: list[int]) -> dict[str, float]:
    table, values = our_table(), [as_values(one) for one in asked]
    assert [table(one) for one in values] == wanted

    def traced(one: dict[str, Any]) -> Recorder:
        recorder = Recorder()
        table(one, recorder)
        return recorder

    assert all(len(traced(one).as_data()) == 1 for one in values)
    ways: dict[str, Callable[[], object]] = {
        PLAIN: lambda: [plain(**one) for one in asked],
        RESULT: lambda: [table(one) for one in values],
        TRACE: lambda: [traced(one) for one in values],
        DATA: lambda: [traced(one).as_data() for one in values],
    }
    return {name: cpu_each(work, rounds=9, times=5) / AGREE_ON for name, work in ways.items()}


def our_table() -> CompiledTable:
    """The table as ours."""
    return compile_table(
        Table(
            inputs=tuple(Input(name, parse(name, names=NAMES)) for name in NAMES),
            outputs=(Output("rate"),),
            rows=tuple(
                Row(tuple(Cell(cell.feel()) for cell in cells), (Cell(str(output)),))
                for cells, output in ROWS
            ),
            hit_policy=HitPolicy.UNIQUE,
            name="rate",
        ),
        names=NAMES,
    )


def _peer(name: str, version: str, asked: list[dict[str, Any]]) -> tuple[float, list[Any]]:
    """CPU seconds of one decision, and what the peer decided. Raises NotToBeHadError."""
    child = str(Path(__file__).with_name("peers_child.py"))
    command = (
        _node(name, version)
        if name in NODE_PEERS
        else [str(interpreter_with(HOME / "python", PYTHON_PEERS)), child]
    )
    cells = [
        ([cell.condition(at) for at, cell in zip(NAMES, row, strict=True) if cell.op != "-"], output)
        for row, output in ROWS
    ]
    question = {
        "engine": name,
        "names": NAMES,
        "inputs": asked,
        "timed": TIMED,
        "seconds": SECONDS,
        "feel": [([cell.feel() for cell in cells], output) for cells, output in ROWS],
        "python": [([cell.python() for cell in cells], output) for cells, output in ROWS],
        "cells": cells,
        "conditions": [(" and ".join(tests), output) for tests, output in cells],
    }
    answer = json.loads(said(command, input_text=json.dumps(question)))
    return float(answer["each"]), list(answer["results"])


def _node(name: str, version: str) -> list[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotToBeHadError("node and npm are not installed")
    folder = HOME / "node"
    package = folder / "node_modules" / name / "package.json"
    if not package.is_file() or json.loads(package.read_text(encoding="utf-8"))["version"] != version:
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        said([npm, "install", "--prefix", str(folder), *quiet, f"{name}@{version}"])
    return [node, str(Path(__file__).with_name("peers_feelin.mjs")), str(folder)]


if __name__ == "__main__":
    print(run().text())
    sys.exit(0)
