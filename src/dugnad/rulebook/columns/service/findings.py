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
BROKEN = (
    "Look at the formula: where it is reached, the exact evaluator notes this error and a person must decide."
)
INSTEAD = {
    "is an error whatever the facts are": BROKEN,
    "divides by zero": BROKEN,
    "a date that there is not": BROKEN,
    "ends before it begins": BROKEN,
    "neither the first nor the last": "Ask for the first or the last, or for min() or max(), and it is followed.",
    "a loop ": "A loop over a list of persons, or from … to at most 31 written numbers, is followed.",
    "a power ": "A power written as a whole number, at most 12, is followed.",
    "a rounding ": "A number of decimals that is written out is followed.",
    "substring()": "A place and a length that are written out are followed.",
    "A function written": "Write what it does in the formula itself, or as a step of its own, and it is followed.",
    "within a list within": "Make a step of what the innermost list is asked for, and it is followed.",
    "beyond 37 digits": "Round on the way, or give a fact its unit, and it is followed.",
    "has no equal in SQL": "Arithmetic, rounding, dates, parts of texts, count(), sum(), min() and max() are followed.",
}
"""What to write instead, by a part of the reason."""
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
    instead = next((said for part, said in INSTEAD.items() if part in reason.reason), "")
    mend = instead if instead is BROKEN else f"{MEND} {instead}".rstrip()
    what = f"{name} is not calculated by column: {reason.reason}"
    return Finding.at(place, CODE, what, mend, "information")


def _place(rules: Ruleset, reason: NotCompiled) -> Place:
    if reason.text is not None:
        return inside(reason.text, reason.start)
    source = rules.source
    known = source.steps.get(reason.name) or source.open.get(reason.name)
    return known.place if known else source.place
