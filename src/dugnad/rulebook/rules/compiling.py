"""From records to running code: formulas, tables, control points, open places, compiled once and in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeAlias

from dugnad.rulebook.feel import FeelSyntaxError, compile_expression, free_names, parse
from dugnad.rulebook.feel.values import CONTEXT, Value
from dugnad.rulebook.located import Finding, Place, suggest
from dugnad.rulebook.rates import Confirmation
from dugnad.rulebook.rules.facts import FactBook
from dugnad.rulebook.rules.names import Vocabulary
from dugnad.rulebook.rules.source import ROUNDINGS, Open, RuleSource, Says, Scope, Step, Stop, Text
from dugnad.rulebook.rules.tabular import TabularError, law_of, read_table
from dugnad.rulebook.tables import CompiledTable, TableError, compile_table
from dugnad.rulebook.trace import Recorder

Run: TypeAlias = Callable[[Mapping[str, Value], Recorder], Value]
_QUANTA: Mapping[str, tuple[Decimal, str]] = {
    "hele kroner ned": (Decimal(1), ROUND_FLOOR),
    "hele kroner nærmeste": (Decimal(1), ROUND_HALF_UP),
    "hele kroner opp": (Decimal(1), ROUND_CEILING),
    "øre ned": (Decimal("0.01"), ROUND_FLOOR),
    "øre nærmeste": (Decimal("0.01"), ROUND_HALF_UP),
}


@dataclass(frozen=True, slots=True)
class Patch:
    """What an organisation has set: dated values of open places (oldest first), and the rates it confirms."""

    open: Mapping[str, tuple[tuple[date, Text], ...]] = field(default_factory=dict)
    confirms: frozenset[Confirmation] = frozenset()


@dataclass(frozen=True, slots=True)
class StepOp:
    """A compiled step. `table` is there for a table, `round` reads the way of rounding.

    `plain` is `run` where that is all there is to do.
    """

    name: str
    step: Step
    run: Run | None
    table: CompiledTable | None
    laws: tuple[str, ...]
    round: Run | None
    plain: Run | None
    reads: frozenset[str]
    says: tuple[tuple[Run | None, Says], ...]


@dataclass(frozen=True, slots=True)
class OpenOp:
    """A compiled open place: the organisation's dated values before the service's own `otherwise`.

    `early`: the day of the rates depends on it, so it goes by the day of the decision. `steady`: it depends on
    nothing but the day.
    """

    name: str
    place: Open
    values: tuple[tuple[date, Run], ...]
    otherwise: Run
    low: Run | None
    high: Run | None
    reads: frozenset[str]
    early: bool = False
    steady: bool = False


@dataclass(frozen=True, slots=True)
class StopOp:
    """A compiled control point."""

    stop: Stop
    run: Run


Op: TypeAlias = StepOp | OpenOp
RATES = "\0rates"
"""Stands in an order of work where the rates become known."""


class Compiler:
    """Compiles one service with one patch; collects findings instead of stopping at the first."""

    def __init__(self, source: RuleSource, words: Vocabulary, rates: Iterable[str], patch: Patch) -> None:
        self.source = source
        self.words = words
        self.rates = frozenset(rates)
        self.patch = patch
        self.findings: list[Finding] = []
        self.reads: dict[str, frozenset[str]] = {}
        self.circled: set[str] = set()

    def formula(
        self, text: Text, scope: Scope = "common", *, names: frozenset[str] | None = None
    ) -> tuple[Run, frozenset[str]] | None:
        """Compile a formula; None, with a finding, where it cannot be. `names` replace those of the scope."""
        names = self.words.by_scope[scope] if names is None else names
        try:
            node = parse(text.text, names=names, dialect="dugnad")
            return compile_expression(node, names=names), frozenset(free_names(node))
        except FeelSyntaxError as error:
            self.syntax(text, error, names)
            return None

    def syntax(self, text: Text, error: FeelSyntaxError, names: Iterable[str]) -> None:
        """Turn a syntax error into a finding at its place in the file."""
        place = inside(text, error.start)
        mend = error.mend or suggest(text.text[error.start : error.end], names)
        self.findings.append(Finding.at(place, "feel", error.message, mend))

    def steps(self) -> dict[str, StepOp]:
        """Compile every step."""
        made = {name: self._step(step) for name, step in self.source.steps.items()}
        return {name: op for name, op in made.items() if op is not None}

    def _step(self, step: Step) -> StepOp | None:
        run, table, reads = None, None, frozenset[str]()
        if step.table is not None:
            table = self._table(step, step.table)
            reads = frozenset(table.reads) if table else reads
        elif step.formula is not None:
            found = self.formula(step.formula, step.scope)
            run, reads = found or (None, reads)
        says = tuple((self._condition(one.when, step.scope), one) for one in step.says)
        rounding = self._rounding(step)
        self.reads[step.name] = reads | rounding[1]
        if run is None and table is None:
            return None
        laws = tuple(law_of(table.table, row) for row in range(len(table.table.rows))) if table else ()
        plain = run if table is None and rounding[0] is None else None
        return StepOp(step.name, step, run, table, laws, rounding[0], plain, self.reads[step.name], says)

    def _condition(self, when: Text | None, scope: Scope) -> Run | None:
        found = self.formula(when, scope) if when is not None else None
        return found[0] if found else None

    def _table(self, step: Step, text: Text) -> CompiledTable | None:
        names = self.words.by_scope[step.scope]
        try:
            table = read_table(text.text, name=step.name, law=step.law, names=names)
            return compile_table(table, names=names)
        except TabularError as error:
            self.findings.append(Finding.at(inside(text, error.start), "table", error.what, error.mend))
        except FeelSyntaxError as error:
            self.syntax(text, error, names)
        except TableError as error:
            for problem in error.problems:
                self.syntax(text, problem.error, names)
        return None

    def _rounding(self, step: Step) -> tuple[Run | None, frozenset[str]]:
        if step.round is None:
            return None, frozenset()
        name = step.round.text
        if name in _QUANTA:
            return (lambda _values, _recorder: name), frozenset()
        if name in self.source.open and set(self.source.open[name].one_of) <= set(ROUNDINGS):
            return (lambda values, _recorder: values[name]), frozenset((name,))
        what = f"'{name}' is no way of rounding"
        known = [
            *ROUNDINGS,
            *(one.name for one in self.source.open.values() if set(one.one_of) & {*ROUNDINGS}),
        ]
        self.findings.append(Finding.at(step.round.place, "rounding", what, suggest(name, known)))
        return None, frozenset()

    def opens(self) -> dict[str, OpenOp]:
        """Compile every open place with what the patch says of it."""
        made = {name: self._open(place) for name, place in self.source.open.items()}
        return {name: op for name, op in made.items() if op is not None}

    def _open(self, place: Open) -> OpenOp | None:
        dated = self.patch.open.get(place.name, ())
        runs = [self._open_value(place, text) for _, text in dated]
        otherwise = self._open_value(place, place.otherwise)
        low, high = (self.formula(text, "each") if text else None for text in (place.at_least, place.at_most))
        found = [one for one in (*runs, otherwise, low, high) if one is not None]
        self.reads[place.name] = frozenset().union(*(reads for _, reads in found))
        if otherwise is None or any(one is None for one in runs):
            return None
        values = tuple((day, one[0]) for (day, _), one in zip(dated, runs, strict=True) if one is not None)
        return OpenOp(
            place.name,
            place,
            tuple(reversed(values)),
            otherwise[0],
            low[0] if low else None,
            high[0] if high else None,
            self.reads[place.name],
        )

    def _open_value(self, place: Open, text: Text) -> tuple[Run, frozenset[str]] | None:
        if not place.one_of:
            return self.formula(text, "each")
        chosen = text.text
        if chosen not in place.one_of:
            what = f"'{chosen}' is not among the choices of '{place.name}'"
            self.findings.append(Finding.at(text.place, "choice", what, suggest(chosen, place.one_of)))
            return None
        return (lambda _values, _recorder: chosen), frozenset()

    def stops(self) -> tuple[StopOp, ...]:
        """Compile the control points."""
        made = ((stop, self.formula(stop.when, "after")) for stop in self.source.stops)
        return tuple(StopOp(stop, found[0]) for stop, found in made if found is not None)

    def selectors(self, book: FactBook) -> dict[str, Run]:
        """Compile `only when` of every list: which entries of the register's list count."""
        made: dict[str, Run] = {}
        for fact in book.facts.values():
            if fact.only_when is not None:
                entries = {one.attribute for one in book.attributes(fact.name) if one.in_entry}
                plain = {name for name, one in book.facts.items() if one.of_list is None}
                text = Text(fact.only_when, fact.only_when_place or fact.place)
                found = self.formula(text, names=frozenset(entries | plain))
                made |= {fact.name: found[0]} if found else {}
        return made

    def order(self, scope: Scope, opens: Mapping[str, OpenOp]) -> list[str]:
        """Return the names of a scope's steps and open places, each after what it reads.

        Keeps the order of the file where nothing forbids it. A circle is a finding.
        """
        steps = [name for name, step in self.source.steps.items() if step.scope == scope]
        if scope == "after":
            mine = steps
        else:
            per_item = scope == "each"
            mine = [name for name in opens if self.per_item(name) is per_item] + steps
        return list(_sorted(mine, self._needs, self._circle))

    def per_item(self, name: str) -> bool:
        """Tell whether an open place depends on the item decided for."""
        return bool(self.reads.get(name, frozenset()) & self.words.local)

    def _needs(self, name: str) -> Iterator[str]:
        for read in sorted(self.reads.get(name, ())):
            yield RATES if read in self.rates else read
        if name == RATES and self.source.rates_on:
            yield self.source.rates_on
        if name in self.patch.open and name not in self.upstream():
            yield RATES

    def upstream(self) -> frozenset[str]:
        """Return what the day of the rates itself depends on."""
        found: set[str] = set()
        todo = [self.source.rates_on] if self.source.rates_on else []
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(self.reads.get(name, ()))
        return frozenset(found)

    def _circle(self, names: Sequence[str]) -> None:
        shown = [name for name in names if name != RATES]
        if self.circled & set(shown):
            return
        self.circled.update(shown)
        first = shown[0]
        step = self.source.steps.get(first)
        place = step.place if step else self.source.open[first].place
        what = f"'{first}' depends on itself: {' → '.join([*shown, first])}"
        self.findings.append(Finding.at(place, "circle", what, "Let one of them use something else."))


def inside(text: Text, start: int) -> Place:
    """Return the place of an offset into a text, also where YAML folded it over lines."""
    if text.block and not text.place.lines:
        before = text.text[:start]
        column = text.indent + start - (before.rfind("\n") + 1) + 1
        return text.place.down(1 + before.count("\n"), column)
    return text.place.along(start)


def _sorted(
    names: Iterable[str], needs: Callable[[str], Iterator[str]], circle: Callable[[Sequence[str]], None]
) -> Iterator[str]:
    """Give names (and RATES) each after what it needs; things outside `names` are taken as there already."""
    wanted = {*names, RATES}
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> Iterator[str]:
        if name in done or name not in wanted:
            return
        if name in path:
            circle(path[path.index(name) :])
            return
        path.append(name)
        for need in needs(name):
            yield from visit(need)
        path.pop()
        if name not in done:
            done.add(name)
            yield name

    for name in (*names, RATES):
        yield from visit(name)


def rounded(value: Value, way: Value) -> Value:
    """Round an amount the named way; anything but a number is given back.

    None, undecided, for an amount that 34 digits cannot hold in that unit.
    """
    if type(value) is not Decimal or way not in _QUANTA:
        return value
    quantum, mode = _QUANTA[way]
    try:
        return value.quantize(quantum, mode, CONTEXT)
    except InvalidOperation:
        return None
