"""`dugnad rules bench SERVICE`: decisions a second over the service's own examples, and what each step costs."""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from dugnad.catalogue.checking import counted_as
from dugnad.cli.progress import Show, progress
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.given import Given, from_example
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.terminal import console, table
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.trace import Recorder

MOST_SECONDS = 60.0
_ROUNDS = 5
_TIMES = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the service and how long to measure."""
    parser.add_argument(
        "service", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    parser.add_argument("--example", metavar="NAME", help="only this example, and what each step of it costs")
    parser.add_argument(
        "--seconds",
        type=float,
        default=2.0,
        metavar="S",
        help="how long to measure, at most 60 (default %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="write data instead of words")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print. Raises RefusedError where there is no example to run."""
    seconds = min(MOST_SECONDS, max(0.1, arguments.seconds))
    with chosen(arguments.service) as found:
        listed = found.service.examples.get("examples")
        names = (
            [arguments.example]
            if arguments.example
            else [node.text("name") or "" for node in (listed.elements() if listed else ())]
        )
        if not names:
            raise RefusedError(f"{found.shown} has no examples to measure on.")
        cases = [from_example(found, name, None, None) for name in names]
        paper = console()
        with progress("Measuring, seconds") as show:
            ways = {
                what: _best(partial(_all, how, found, cases), seconds / 3, partial(_told, show, at, seconds))
                for at, (what, how) in enumerate(_WAYS)
            }
            steps = _steps(found, cases[0], seconds / 3) if len(cases) == 1 else []
        if arguments.json:
            print(json.dumps(_data(found, cases, ways, steps), ensure_ascii=False, indent=2))
            return 0
        rows = [_row(what, one, len(cases)) for what, one in ways.items()]
        title = f"{found.service.slug}: {counted_as(len(cases), 'example')}, one core"
        paper.print(table(title, ("", "decisions a second", "µs CPU each", "decided", "CPU seconds"), rows))
        if steps:
            shown = [(name, kind, f"{micro:.2f}") for name, kind, micro in steps]
            paper.print(table("Each step", ("step", "kind", "µs CPU"), shown))
    return 0


def _decide(found: Chosen, given: Given) -> object:
    return found.rules(given.organisation).decide(given.facts, on=given.on, disputed=given.disputed)


def _stored(found: Chosen, given: Given) -> object:
    rules = found.rules(given.organisation)
    return rules.decide(given.facts, on=given.on, disputed=given.disputed).as_data()


_WAYS: tuple[tuple[str, Callable[[Chosen, Given], object]], ...] = (
    ("decided and recorded", _decide),
    ("and written as data", _stored),
)


def _all(how: Callable[[Chosen, Given], object], found: Chosen, cases: list[Given]) -> None:
    for given in cases:
        how(found, given)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a piece of work takes: CPU seconds of its best round, how many rounds, CPU seconds of all of them."""

    best: float
    rounds: int
    cpu: float


def _told(show: Show, at: int, seconds: float, elapsed: float) -> None:
    """Tell how much of the time is gone: a third for each way of deciding, and one for the steps."""
    show(min(round(seconds), round(at * seconds / 3 + elapsed)), max(1, round(seconds)))


def _row(what: str, one: Measured, cases: int) -> tuple[str, ...]:
    each = one.best / cases
    return what, f"{1 / each:,.0f}", f"{each * 1e6:.1f}", f"{one.rounds * cases:,}", f"{one.cpu:.2f}"


def _data(
    found: Chosen, cases: list[Given], ways: Mapping[str, Measured], steps: list[tuple[str, str, float]]
) -> dict[str, object]:
    return {
        "service": found.service.slug,
        "version": found.service.version,
        "examples": len(cases),
        "ways": {
            what: {
                "decisions a second": round(len(cases) / one.best),
                "decided": one.rounds * len(cases),
                "CPU seconds": round(one.cpu, 3),
            }
            for what, one in ways.items()
        },
        "steps": [
            {"step": name, "kind": kind, "CPU microseconds": round(micro, 2)} for name, kind, micro in steps
        ],
    }


def _best(
    work: Callable[[], object], seconds: float, told: Callable[[float], object] = lambda _: None
) -> Measured:
    """Run within the time: the best round is the one least disturbed."""
    began, best, rounds, cpu = time.perf_counter(), float("inf"), 0, 0.0
    while rounds < _ROUNDS or time.perf_counter() - began < seconds:
        start = time.process_time_ns()
        work()
        took = (time.process_time_ns() - start) / 1e9
        best, rounds, cpu = min(best, took), rounds + 1, cpu + took
        told(time.perf_counter() - began)
        if time.perf_counter() - began > MOST_SECONDS:
            break
    return Measured(max(best, 1e-9), rounds, cpu)


def _steps(found: Chosen, given: Given, seconds: float) -> list[tuple[str, str, float]]:
    """Run every step again alone on what it read; a step for each item is measured on the first."""
    rules = found.rules(given.organisation)
    outcome = rules.decide(given.facts, on=given.on, disputed=given.disputed)
    known: dict[str | None, Mapping[str, Value]] = {None: outcome.known}
    known |= {item.key: item.known for item in outcome.items[:1]}
    runs = [(raw[0], known[raw[1]]) for raw in outcome.raw if raw[1] in known and not raw[4]]
    costs = [(op, _best(_alone(op, values), seconds / len(runs)).best / _TIMES) for op, values in runs]
    return [
        (op.step.name, "table" if op.table else "formula", each * 1e6)
        for op, each in sorted(costs, key=lambda cost: -cost[1])
    ]


def _alone(op: StepOp, values: Mapping[str, Value]) -> Callable[[], object]:
    run = op.table or op.run
    return lambda: [run(values, Recorder()) for _ in range(_TIMES)] if run is not None else []
