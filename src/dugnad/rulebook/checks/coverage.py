"""Which rows, branches, sentences, control points and outcomes a set of examples reaches.

A pure function over outcomes already decided: `coverage(rules, [(name, outcome), …])`. What no example reaches is
rule text nobody has tried.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dugnad.rulebook.checks.marking import Marked
from dugnad.rulebook.checks.outcomes import possible_outcomes
from dugnad.rulebook.checks.reading import spot
from dugnad.rulebook.feel import FeelSyntaxError, parse
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.located import Place
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome
from dugnad.rulebook.rules.source import Scope, Text
from dugnad.rulebook.rules.tabular import law_of
from dugnad.rulebook.trace import Recorder

Kind: TypeAlias = Literal["row", "branch", "sentence", "stop", "outcome"]
Example: TypeAlias = tuple[str, Outcome]
"""An example's name and what the rules said of it."""
Key: TypeAlias = tuple[Kind, str, int]
SCOPES: tuple[Scope, ...] = ("common", "each", "after")


@dataclass(frozen=True, slots=True)
class Reach:
    """One thing that can be reached, and the names of the examples that do, in their order.

    `of` is the step, control point or outcome; `number` counts from 1 within it (rows of its table, branches of
    its text, its sentences) and is 0 where there is one only. `words` is the thing as written.
    """

    kind: Kind
    of: str
    number: int
    words: str
    law: str
    place: Place
    examples: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """True where some example reaches it."""
        return bool(self.examples)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything that can be reached, in the order of the rules, with the examples that reach each."""

    reaches: tuple[Reach, ...]
    examples: tuple[str, ...]

    @property
    def unreached(self) -> tuple[Reach, ...]:
        """What no example reaches."""
        return tuple(one for one in self.reaches if not one.reached)

    def of(self, kind: Kind) -> tuple[Reach, ...]:
        """Return what there is of one kind."""
        return tuple(one for one in self.reaches if one.kind == kind)

    def rows(self, step: str) -> tuple[Reach, ...]:
        """Return the rows of one step's table, first row first; empty for a step without table."""
        return tuple(one for one in self.reaches if one.kind == "row" and one.of == step)

    def share(self, kind: Kind) -> tuple[int, int]:
        """Return how many of a kind are reached, and how many there are."""
        listed = self.of(kind)
        return sum(one.reached for one in listed), len(listed)

    def reached_by(self, example: str) -> tuple[Reach, ...]:
        """Return what one example reaches."""
        return tuple(one for one in self.reaches if example in one.examples)


def coverage(rules: Ruleset, examples: Iterable[Example]) -> Coverage:
    """Tell which examples reach which rows, branches, sentences, control points and outcomes of `rules`.

    An outcome may come from the same service with another tailoring: its rows are the same. Names of examples
    that stand twice are taken for one.
    """
    reachable = _Reachable(rules)
    found: dict[Key, dict[str, None]] = {}
    names: dict[str, None] = {}
    for name, outcome in examples:
        names[name] = None
        for key in reachable.by(outcome):
            found.setdefault(key, {})[name] = None
    listed = tuple(reachable.listed(found))
    return Coverage(listed, tuple(names))


@dataclass(frozen=True, slots=True)
class _Part:
    """A text that may have branches, and the row it counts for (0: always). Offsets in it begin at `offset`."""

    text: Text
    offset: int
    marked: Marked | None
    row: int


class _Reachable:
    """What there is to reach in one ruleset, with what is needed to tell whether an outcome reached it."""

    def __init__(self, rules: Ruleset) -> None:
        self.rules = rules
        self.steps = {op.name: op for scope in SCOPES for op in rules.operations(scope)}
        self.parts = {name: tuple(self._parts(op)) for name, op in self.steps.items()}
        self.stops = {
            stop.name: _Part(stop.when, 0, self._marked(stop.when.text, "after"), 0)
            for stop in rules.source.stops
        }

    def _marked(self, text: str, scope: Scope) -> Marked | None:
        names = self.rules.words.by_scope[scope]
        try:
            marked = Marked(parse(text, names=names, dialect="dugnad"), names)
        except FeelSyntaxError:
            return None
        return marked if marked.branches else None

    def _parts(self, op: StepOp) -> Iterator[_Part]:
        step = op.step
        if step.formula is not None:
            yield _Part(step.formula, 0, self._marked(step.formula.text, step.scope), 0)
        if op.table is None or step.table is None:
            return
        for number, row in enumerate(op.table.table.rows, 1):
            for cell in row.outputs:
                yield _Part(step.table, cell.start, self._marked(cell.text, step.scope), number)

    def by(self, outcome: Outcome) -> Iterator[Key]:
        """Give everything one outcome reached; the same thing perhaps more than once."""
        known = {item.key: item.known for item in outcome.items}
        for traced in outcome.trace:
            if traced.set_by_person or traced.name not in self.steps:
                continue
            values = outcome.known if traced.key is None else known[traced.key]
            yield from (("row", traced.name, row) for row in traced.rows)
            yield from _taken("branch", traced.name, self.parts[traced.name], values, traced.rows)
            yield from self._said(traced.name, values)
        for name, part in self.stops.items():
            yield from _taken("branch", name, (part,), outcome.known, ())
        yield from (("stop", stop.name, 0) for stop in outcome.stops)
        if outcome.outcome is not None:
            yield "outcome", outcome.outcome, 0

    def _said(self, name: str, values: Mapping[str, Value]) -> Iterator[Key]:
        for number, (when, _) in enumerate(self.steps[name].says, 1):
            if when is None or when(values, Recorder()) is True:
                yield "sentence", name, number
                return

    def listed(self, found: Mapping[Key, Mapping[str, None]]) -> Iterator[Reach]:
        """Give everything there is to reach, with the examples found for it."""
        for kind, of, number, words, law, place in self._all():
            examples = tuple(found.get((kind, of, number), ()))
            yield Reach(kind, of, number, words, law, place, examples)

    def _all(self) -> Iterator[tuple[Kind, str, int, str, str, Place]]:
        for name, op in self.steps.items():
            yield from _rows(op)
            yield from _branches(name, self.parts[name], op.step.law)
            for number, (_, says) in enumerate(op.says, 1) if len(op.says) > 1 else ():
                words = f"when {says.when.text}" if says.when else "otherwise"
                yield "sentence", name, number, words, op.step.law, says.place
        for stop in self.rules.source.stops:
            yield "stop", stop.name, 0, stop.when.text, stop.law, stop.place
            yield from _branches(stop.name, (self.stops[stop.name],), stop.law)
        for one in possible_outcomes(self.rules):
            yield "outcome", one.name, 0, one.name, one.law, one.place


def _taken(
    kind: Kind, name: str, parts: Iterable[_Part], values: Mapping[str, Value], rows: tuple[int, ...]
) -> Iterator[Key]:
    first = 1
    for part in parts:
        if part.marked is None:
            continue
        if part.row == 0 or part.row in rows:
            yield from ((kind, name, first + at) for at in sorted(part.marked.taken(values)))
        first += len(part.marked.branches)


def _rows(op: StepOp) -> Iterator[tuple[Kind, str, int, str, str, Place]]:
    if op.table is None or op.step.table is None:
        return
    table = op.table.table
    for number, row in enumerate(table.rows, 1):
        tests = [
            f"{column.label} {cell.text}"
            for column, cell in zip(table.inputs, row.inputs, strict=True)
            if cell.text != "-"
        ]
        results = ", ".join(cell.text for cell in row.outputs)
        words = f"{' and '.join(tests) or 'otherwise'} → {results}"
        law = law_of(table, number - 1) or op.step.law
        yield "row", op.name, number, words, law, spot(op.step.table, (*row.inputs, *row.outputs)[0].start)


def _branches(
    name: str, parts: Iterable[_Part], law: str
) -> Iterator[tuple[Kind, str, int, str, str, Place]]:
    number = 0
    for part in parts:
        for branch in part.marked.branches if part.marked is not None else ():
            number += 1
            condition, value = branch.condition, branch.value
            text = part.text.text[part.offset :]
            words = f"if {text[condition.start : condition.end]} {branch.way} {text[value.start : value.end]}"
            yield "branch", name, number, words, law, spot(part.text, part.offset + value.start)
