"""Run the examples of a service: the tests a lawyer reads."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dugnad.catalogue.types import LoadedService, Tailoring
from dugnad.rulebook.checks.coverage import Reach, coverage
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.located import Finding, Node, Severity
from dugnad.rulebook.rules.facts import from_data, to_data
from dugnad.rulebook.ruleset import Outcome

_COMPARISONS: tuple[tuple[str, Callable[[Decimal, Decimal], bool]], ...] = (
    ("<=", lambda a, b: a <= b),
    (">=", lambda a, b: a >= b),
    ("<", lambda a, b: a < b),
    (">", lambda a, b: a > b),
)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example: whether it came out as expected, and where not, what was found instead."""

    name: str
    line: int
    outcome: Outcome | None
    failures: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """True where everything expected was found."""
        return not self.failures

    def failed_in(self, steps: Collection[str]) -> bool:
        """Tell whether one of these steps could not decide."""
        found = self.outcome.diagnostics if self.outcome is not None else ()
        return any(step in steps for step, *_ in found)


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """All examples of a service, and what none of them reached."""

    results: tuple[ExampleResult, ...]
    unreached: tuple[Finding, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """True where every example passed."""
        return all(result.passed for result in self.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to mend: failures first, then rows not reached."""
        return self.beside(())

    def beside(self, holes: Collection[str]) -> tuple[Finding, ...]:
        """Return everything to mend but for examples that fell into a hole that is told: a step of these names."""
        told = [one for one in self.results if not one.failed_in(holes)]
        return (*(one for result in told for one in result.failures), *self.unreached)


def run_examples(service: LoadedService, tailorings: Mapping[str, Tailoring] | None = None) -> ExampleReport:
    """Run every example. `tailorings` by organisation, for examples that say `as in`."""
    section = service.examples.get("examples")
    known = tailorings or {}
    results = tuple(_run(service, node, known) for node in (section.elements() if section else ()))
    return ExampleReport(results, tuple(_unreached(service, results)))


def _run(service: LoadedService, node: Node, tailorings: Mapping[str, Tailoring]) -> ExampleResult:
    name, where = node.text("name") or "", node.text("as in")
    if where is not None and where not in tailorings:
        what = f"there is no tailoring for {where}"
        finding = Finding.at(node.place, "example", what, f"Write tailoring/{where}/{service.slug}.yaml.")
        return ExampleResult(name, node.place.line, None, (finding,))
    day = node.get("date")
    on = day.value if day is not None and isinstance(day.value, date) else date.min
    try:
        facts = example_facts(service, node, on)
    except ValueError as error:
        finding = Finding.at(node.place, "example", str(error), "Write it as facts.yaml says.")
        return ExampleResult(name, node.place.line, None, (finding,))
    disputed = node.get("disputed")
    outcome = service.ruleset(tailorings[where] if where else None).decide(
        facts, on=on, disputed=[str(child.value) for child in disputed.elements()] if disputed else ()
    )
    expected = node.get("expect")
    failures = tuple(_compare(expected, outcome)) if expected else ()
    return ExampleResult(name, node.place.line, outcome, failures)


def example_facts(service: LoadedService, node: Node, on: date) -> dict[str, Value]:
    """Return the facts of an example: `start from` with what `given` changes, each person from `each`.

    `not known` stands for a fact nobody knows; `last year` for the year before the example's date. Raises
    ValueError, naming the fact, where a value does not fit its type.
    """
    start, given, each = (
        _plain(child)
        for child in (service.examples.get("start from"), node.get("given"), service.examples.get("each"))
    )
    merged: dict[str, object] = {"søknadsdato": on, **start, **given}
    for name, person in each.items():
        listed = merged.get(name)
        if isinstance(listed, list) and isinstance(person, dict):
            merged[name] = [{**person, **one} if isinstance(one, dict) else one for one in listed]
    return from_data(
        service.book, {name: _worded(value, on) for name, value in merged.items() if value != _ABSENT}
    )


_ABSENT = "not known"
_MOST_ROWS = 6
"""Rows named one by one where no example reaches them."""


def _plain(node: Node | None) -> dict[str, object]:
    value = node.plain() if node is not None else {}
    return value if isinstance(value, dict) else {}


def _worded(value: object, on: date) -> object:
    if isinstance(value, list):
        return [_worded(child, on) for child in value]
    if isinstance(value, dict):
        return {name: _worded(child, on) for name, child in value.items() if child != _ABSENT}
    return Decimal(on.year - 1) if value == "last year" else value


def _compare(expected: Node, outcome: Outcome) -> Iterator[Finding]:
    for name, wanted in expected.items():
        if name == "barn":
            yield from _compare_items(wanted, outcome)
        elif name == "because":
            yield from _sections(wanted, outcome)
        elif name == "stops at":
            yield from _stops(wanted, [stop.name for stop in outcome.stops])
        elif name == "unknown":
            yield from _stops(wanted, list(outcome.unknown))
        else:
            yield from _same(wanted, name, outcome.known.get(name))
    if expected.get("stops at") is None and outcome.stops:
        stops = ", ".join(
            f"{stop.name} ({', '.join(stop.concerns)})" if stop.concerns else stop.name
            for stop in outcome.stops
        )
        what = f"automation stopped at: {stops}"
        yield Finding.at(expected.place, "example", what, "Mend the rule, or expect it with stops at: …")


def _compare_items(wanted: Node, outcome: Outcome) -> Iterator[Finding]:
    listed = list(wanted.elements())
    if len(listed) != len(outcome.items):
        what = f"{len(outcome.items)} decided for, {len(listed)} expected"
        yield Finding.at(wanted.place, "example", what, "Expect one entry for each, or mend the rule.")
        return
    for node, item in zip(listed, outcome.items, strict=True):
        for name, value in node.items():
            found = item.values[name] if name in item.values else item.known.get(name)
            yield from _same(value, f"{item.name or item.key}: {name}", found)


def _sections(wanted: Node, outcome: Outcome) -> Iterator[Finding]:
    for child in wanted.elements():
        if str(child.value) not in outcome.because:
            what = f"'{child.value}' is not among the sections: {'; '.join(outcome.because)}"
            yield Finding.at(child.place, "example", what, "Mend the rule or the expectation.")


def _stops(wanted: Node, found: list[str]) -> Iterator[Finding]:
    listed = isinstance(wanted.value, list)
    names = [str(child.value) for child in wanted.elements()] if listed else [str(wanted.value)]
    if sorted(names) != sorted(found):
        what = f"expected {', '.join(names)}; found {', '.join(found) or 'none'}"
        yield Finding.at(wanted.place, "example", what, "Mend the rule or the expectation.")


def _same(wanted: Node, name: str, found: Value) -> Iterator[Finding]:
    value = wanted.value
    if isinstance(value, str) and isinstance(found, Decimal):
        holds = _number_fits(value, found)
    else:
        holds = to_data(wanted.plain()) == to_data(found)
    if not holds:
        what = f"{name} is {_shown(found)}, expected {to_data(wanted.plain())}"
        yield Finding.at(wanted.place, "example", what, "Mend the rule or the expectation.")


def _shown(found: Value) -> object:
    """Return a value in words; of an unknown one, whose lack made it so."""
    if isinstance(found, Unknown):
        return f"unknown (nobody has said {', '.join(sorted(found.names))})"
    return "not decided" if found is None else to_data(found)


def _number_fits(wanted: str, found: Decimal) -> bool:
    for sign, holds in _COMPARISONS:
        if wanted.startswith(sign):
            return holds(found, Decimal(wanted.removeprefix(sign).strip().split(" ")[0]))
    return False


def _unreached(service: LoadedService, results: tuple[ExampleResult, ...]) -> Iterator[Finding]:
    """Find rows, branches, control points and outcomes that no example reaches, and sentences none is told."""
    decided = [(result.name, result.outcome) for result in results if result.outcome is not None]
    unreached = coverage(service.ruleset(), decided).unreached
    lines = {one.place.line for one in unreached if one.kind == "row"}
    rows: dict[str, list[Reach]] = {}
    for one in unreached:
        if one.kind == "row":
            rows.setdefault(one.of, []).append(one)
    for of, missed in rows.items():
        numbers = [str(one.number) for one in missed[:_MOST_ROWS]]
        more = f" and {len(missed) - _MOST_ROWS} more" if len(missed) > _MOST_ROWS else ""
        row = "row" if len(missed) == 1 else "rows"
        what = f"no example reaches {row} {', '.join(numbers)}{more} of '{of}'"
        yield Finding.at(missed[0].place, "unreached", what, "Add an example that does.", "warning")
    for one in unreached:
        if one.kind == "row":
            continue
        if one.place.line in lines and one.kind != "stop":
            continue
        severity: Severity = "information" if one.kind == "sentence" else "warning"
        yield Finding.at(one.place, "unreached", _words(one), "Add an example that does.", severity)


def _words(one: Reach) -> str:
    if one.kind == "stop":
        return f"no example stops at '{one.of}'"
    if one.kind == "outcome":
        return f"no example comes to the outcome '{one.of}'"
    if one.kind == "sentence":
        return f"no example is told sentence {one.number} of '{one.of}' ({one.words})"
    return f"no example goes this way in '{one.of}': {one.words}"
