"""What in a service cannot be followed by columns: where, and why."""

from collections.abc import Iterator
from datetime import date

from dugnad.rulebook.columns.cells.target import DUCKDB
from dugnad.rulebook.columns.cells.whole import NotByColumn
from dugnad.rulebook.columns.service.compiling import Asked, Compiler, NotCompiled
from dugnad.rulebook.columns.service.statement import compile_service
from dugnad.rulebook.located import Finding, Place
from dugnad.rulebook.rules.compiling import inside
from dugnad.rulebook.rules.source import Text
from dugnad.rulebook.ruleset import Ruleset

CODE = "columns"
MEND = "Nothing is wrong: a sweep over everyone then uses the exact evaluator, which takes longer."
_ANY_DAY = date(2000, 1, 1)


def reasons(rules: Ruleset) -> tuple[Finding, ...]:
    """Return each place in the rules that no column can follow; none where all compile to SQL.

    `rules` are the service's own, without tailoring.
    """
    found = dict.fromkeys(_reasons(rules))
    if not found:
        try:
            compile_service(Asked(rules, _ANY_DAY), DUCKDB)
        except NotCompiled as reason:
            found[_finding(rules, reason)] = None
    return tuple(found)


def _reasons(rules: Ruleset) -> Iterator[Finding]:
    source = rules.source
    try:
        compiler = Compiler(Asked(rules, _ANY_DAY), DUCKDB)
    except NotCompiled as reason:
        yield _finding(rules, reason)
        return
    for name in (*source.steps, *source.open):
        try:
            compiler.thing(name)
        except NotCompiled as reason:
            yield _finding(rules, reason)
        except NotByColumn as reason:
            yield _finding(rules, NotCompiled(name, None, 0, reason.reason))
    for stop in source.stops:
        try:
            compiler.placed(stop.name, stop.when, _Formula(compiler, stop.when))
        except NotCompiled as reason:
            yield _finding(rules, reason)


class _Formula:
    """A control point's formula, to be tried."""

    def __init__(self, compiler: Compiler, text: Text) -> None:
        self.compiler = compiler
        self.text = text

    def __call__(self) -> object:
        return self.compiler.formula(self.text, "after", soft=False)


def _finding(rules: Ruleset, reason: NotCompiled) -> Finding:
    place = _place(rules, reason)
    name = f"“{reason.name}”" if reason.name else "The service"
    return Finding.at(
        place, CODE, f"{name} is not calculated by column: {reason.reason}", MEND, "information"
    )


def _place(rules: Ruleset, reason: NotCompiled) -> Place:
    if reason.text is not None:
        return inside(reason.text, reason.start)
    source = rules.source
    known = source.steps.get(reason.name) or source.open.get(reason.name)
    return known.place if known else source.place
