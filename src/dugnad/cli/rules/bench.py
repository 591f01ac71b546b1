"""`dugnad rules bench SERVICE`: decisions a second over the service's own examples, and what each step costs."""

import argparse
import time
from collections.abc import Callable, Mapping

from dugnad.catalogue.checking import counted_as
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
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="at most 60 (default 2)")


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
        rows = [_measured(found, what, how, cases, seconds / 3) for what, how in _WAYS]
        heading = ("", "decisions a second", "µs each")
        paper.print(
            table(f"{found.service.slug}: {counted_as(len(cases), 'example')}, one core", heading, rows)
        )
        if len(cases) == 1:
            paper.print(table("Each step", ("step", "kind", "µs"), _steps(found, cases[0], seconds / 3)))
    return 0


def _decide(found: Chosen, given: Given) -> object:
    return found.rules(given.organisation).decide(given.facts, on=given.on, disputed=given.disputed)


def _stored(found: Chosen, given: Given) -> object:
    rules = found.rules(given.organisation)
    return rules.decide(given.facts, on=given.on, disputed=given.disputed).as_data()


_WAYS: tuple[tuple[str, Callable[[Chosen, Given], object]], ...] = (
    ("decided, everything recorded", _decide),
    ("and the trace as the data that is stored", _stored),
)


def _measured(
    found: Chosen, what: str, how: Callable[[Chosen, Given], object], cases: list[Given], seconds: float
) -> tuple[str, str, str]:
    each = _best(lambda: [how(found, given) for given in cases], seconds) / len(cases)
    return what, f"{1 / each:,.0f}", f"{each * 1e6:.1f}"


def _best(work: Callable[[], object], seconds: float) -> float:
    """CPU seconds of one call: the best of some rounds within the time, the one least disturbed."""
    began, best, done = time.perf_counter(), float("inf"), 0
    while done < _ROUNDS or time.perf_counter() - began < seconds:
        start = time.process_time_ns()
        work()
        best = min(best, (time.process_time_ns() - start) / 1e9)
        done += 1
        if time.perf_counter() - began > MOST_SECONDS:
            break
    return max(best, 1e-9)


def _steps(found: Chosen, given: Given, seconds: float) -> list[tuple[str, str, str]]:
    """Run every step again alone on what it read; a step for each item is measured on the first."""
    rules = found.rules(given.organisation)
    outcome = rules.decide(given.facts, on=given.on, disputed=given.disputed)
    known: dict[str | None, Mapping[str, Value]] = {None: outcome.known}
    known |= {item.key: item.known for item in outcome.items[:1]}
    runs = [(raw[0], known[raw[1]]) for raw in outcome.raw if raw[1] in known and not raw[4]]
    costs = [(op, _best(_alone(op, values), seconds / len(runs)) / _TIMES) for op, values in runs]
    return [
        (op.step.name, "table" if op.table else "formula", f"{each * 1e6:.2f}")
        for op, each in sorted(costs, key=lambda cost: -cost[1])
    ]


def _alone(op: StepOp, values: Mapping[str, Value]) -> Callable[[], object]:
    run = op.table or op.run
    return lambda: [run(values, Recorder()) for _ in range(_TIMES)] if run is not None else []
