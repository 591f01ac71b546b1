"""Every step of a decision in words, also those the service has no sentence for: the long form, for the page.

The short form, for the letter, is `rules.explaining.explain`: the sentences the service's owner has written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from dugnad.rulebook.feel import Compiled, Node, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.reasons.account import CellRead, Entry, Read, RowRead, account, exact
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.speech import Speaker
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.explaining import ExplainedStep, explain, laws_of, numbers_of, taken, with_numbers
from dugnad.rulebook.rules.outcome import Outcome
from dugnad.rulebook.tables import HitPolicy

Names = frozenset[str]
_FEW = 3
_GATHERED = ("SUM", "MAX", "MIN", "COUNT")
_YES, _NO = nodes.Literal(0, 0, True), nodes.Literal(0, 0, False)


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words. `key`: the item it is about, None for the whole application.

    sentence: the service's own where it has one. numbers: the calculation with what was put into it. rows: of a
    table, one sentence for each row that was looked at: that it applies, or which cell failed.
    """

    key: str | None
    name: str
    title: str
    value: str
    law: str
    outcome: str
    sentence: str
    numbers: str
    rows: tuple[str, ...]
    written_by_owner: bool
    set_by_person: bool


def tell(rules: Ruleset, outcome: Outcome, language: str) -> tuple[Told, ...]:
    """Return every step of an outcome in nb, nn or en, in working order."""
    own = {(one.key, one.name): one for one in explain(rules, outcome, language)}
    told: list[Told] = []
    for teller in _tellers(rules, outcome, language):
        entry = teller.entry
        ready = own.get((entry.key, entry.name))
        is_owned = ready is not None and not isinstance(entry.output, Unknown)
        told.append(
            Told(
                key=entry.key,
                name=entry.name,
                title=teller.title,
                value=teller.speaker.naming.value(entry.output, entry.unit),
                law=ready.law if ready else entry.law or _law_denied(rules, teller.op, entry),
                outcome=entry.outcome,
                sentence=ready.sentence if ready and is_owned else teller.sentence(),
                numbers=ready.numbers if ready else teller.numbers(),
                rows=tuple(teller.rows(is_told=not is_owned)),
                written_by_owner=is_owned,
                set_by_person=entry.set_by_person,
            )
        )
    return tuple(told)


def _tellers(rules: Ruleset, outcome: Outcome, language: str) -> Iterator["_Teller"]:
    naming = Naming(rules, language, numbers_of(outcome))
    known: dict[str | None, Mapping[str, Value]] = {None: outcome.known}
    known |= {item.key: item.known for item in outcome.items}
    failed = {step for step, _, _ in outcome.diagnostics}
    for raw, entry in zip(outcome.raw, account(rules, outcome), strict=True):
        values = {name: exact(value) for name, value in known[entry.key].items()}
        yield _Teller(Speaker(naming, values), raw[0], entry, entry.name in failed)


def _law_denied(rules: Ruleset, op: StepOp, entry: Entry) -> str:
    """Return the sections a condition would have been fulfilled by, where the row that says no has none."""
    is_denied = op.table is not None and entry.output is False
    return ", ".join(laws_of(rules, op.name)) if is_denied else ""


def in_short(rules: Ruleset, outcome: Outcome, language: str) -> list[ExplainedStep]:
    """Return the steps for a letter: the owner's sentences, or where there are none at all, ours for the result.

    The result is what the service names: the outcome and the amount, and the steps the outcome goes by.
    """
    owned = explain(rules, outcome, language)
    if owned:
        return owned
    result = rules.source.result
    wanted = {result.outcome, result.amount}
    wanted |= {read for raw in outcome.raw if raw[0].name == result.outcome for read in raw[0].reads}
    return [
        ExplainedStep(
            key=one.entry.key,
            name=one.entry.name,
            title=one.title,
            sentence=one.in_brief(),
            formula="",
            numbers=one.numbers(),
            value=one.speaker.naming.value(one.entry.output, one.entry.unit),
            law=one.entry.law or _law_denied(rules, one.op, one.entry),
            set_by_person=one.entry.set_by_person,
        )
        for one in _tellers(rules, outcome, language)
        if one.entry.name in wanted
    ]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one step."""

    speaker: Speaker
    op: StepOp
    entry: Entry
    failed: bool

    @property
    def names(self) -> Names:
        """What may be named in this step."""
        return self.speaker.naming.rules.words.by_scope[self.op.step.scope]

    @property
    def title(self) -> str:
        """What the step is called."""
        return self.speaker.naming.sentence_start(self.entry.name)

    def in_brief(self) -> str:
        """Return the sentence as it stands beside its title, without the numbers of rows: for a letter."""
        hits, reasons = self.entry.hits, ""
        if self._is_one_row():
            reasons = self._cells(hits[0]) or self._denials(hits[0])
        value = self.speaker.naming.per(self.entry.output, self.entry.unit)
        rest = self.speaker.words("because", value, reasons) if reasons else self.sentence()
        rest = rest.removeprefix(f"{self.title}: ")
        return rest[:1].upper() + rest[1:]

    def _denials(self, hit: RowRead) -> str:
        """Return why no row that would have come to something else applies, where that can be said shortly."""
        texts = [row.outputs[0].text for row in self.op.table.table.rows] if self.op.table else []
        others = [row for row in self.entry.rows if texts[row.number - 1] != texts[hit.number - 1]]
        cells = dict.fromkeys(cell for row in others for cell in row.failing)
        said = [self._cell(cell, holds=False) for cell in cells]
        return f", {self.speaker.words('and')} ".join(said) if len(said) <= _FEW else ""

    def sentence(self) -> str:
        """Return what came of it, and by what."""
        entry, say, naming, title = self.entry, self.speaker.words, self.speaker.naming, self.title
        if isinstance(entry.output, Unknown):
            return say("undecided", title, naming.missing(entry.output))
        if entry.output is None and self.failed:
            return say("failed", title)
        value = naming.per(entry.output, entry.unit)
        if entry.set_by_person:
            return say("set by person", naming.called(entry.name).strip("«»“”"), value)
        return self._by_table(title, value) if self.op.table is not None else self._by_formula(title, value)

    def _by_formula(self, title: str, value: str) -> str:
        say, output, step = self.speaker.words, self.entry.output, self.op.step
        if output is None:
            return say("nothing", title)
        if not isinstance(self.op.run, Compiled) or step.formula is None:
            return say("value is", title, value)
        node, source = taken(self.op.run.node, self.speaker.known), step.formula.text
        if isinstance(node, nodes.Literal):
            is_branch = node is not self.op.run.node
            reason = self._because(self.op.run.node, source) if is_branch else ""
            return (
                say("value is, because", title, value, reason) if is_branch else say("value is", title, value)
            )
        if isinstance(output, bool):
            return say("yes/no", title, value, replace(self.speaker, values=True).clause(node, source))
        is_sum = isinstance(node, nodes.Arithmetic | nodes.Negate) and isinstance(output, Decimal)
        return say("sum is" if is_sum else "way", title, value, self.speaker.limit(node, source))

    def _because(self, node: Node, source: str) -> str:
        """Return what made an `if` take the branch it took."""
        speaker, reasons = replace(self.speaker, values=True), []
        while isinstance(node, nodes.If):
            following = taken(nodes.If(0, 0, node.condition, _YES, _NO), speaker.known)
            say = speaker.clause if following is _YES else speaker.denied
            reasons.append(say(node.condition, source))
            node = node.yes if following is _YES else node.no
        return f" {speaker.words('and')} ".join(reasons)

    def numbers(self) -> str:
        """Return the formula with its numbers, where it is a calculation with numbers."""
        naming, known = self.speaker.naming, self.speaker.known
        if self.entry.set_by_person:
            return ""
        return with_numbers(self.op, self.entry.output, known, naming.rules, naming.show)

    def rows(self, *, is_told: bool) -> Iterator[str]:
        """Say of each row looked at that it applies, or why not. `is_told`: the sentence has said already why one applies."""
        say, is_one = self.speaker.words, is_told and self._is_one_row()
        is_open = False
        for row in self.entry.rows:
            number = str(row.number)
            if row.became == "fulfilled" and is_open and self._is_last_resort(row):
                yield say("row if else", number)
            elif row.became == "fulfilled":
                cells = self._cells(row)
                if cells:
                    yield say("row is it", number) if is_one else say("row hits", number, cells)
                else:
                    yield say("row else hits" if self._is_last_resort(row) else "row always hits", number)
            elif row.became == "undecided":
                is_open = True
                missing = [
                    say("not known", self._asked(cell)) for cell in row.cells if cell.became == "undecided"
                ]
                yield say("row undecided", number, f" {say('and')} ".join(missing))
            else:
                failing = [self._cell(cell, holds=False) for cell in row.failing]
                yield say("row failed", number, f" {say('and')} ".join(failing))

    def _by_table(self, title: str, value: str) -> str:
        say, hits = self.speaker.words, self.entry.hits
        if not hits:
            return say("no row", title)
        if not self._is_one_row():
            numbers = self.speaker.listed([str(row.number) for row in hits], "and")
            key = f"rows {self._policy}" if self._policy in _GATHERED else "rows hit"
            return say(key, title, value, numbers)
        cells, number = self._cells(hits[0]), str(hits[0].number)
        if not cells:
            return say("row else" if self._is_last_resort(hits[0]) else "row always", title, value, number)
        return say("row hit", title, value, number, cells)

    @property
    def _policy(self) -> str:
        return self.op.table.table.hit_policy.name if self.op.table is not None else ""

    def _is_one_row(self) -> bool:
        """Tell whether the result is that of one row; how many rows apply is not."""
        return len(self.entry.hits) == 1 and self._policy != HitPolicy.COUNT.name

    def _is_last_resort(self, row: RowRead) -> bool:
        """Tell whether a row applies only where none above it does."""
        is_first = self.op.table is not None and self.op.table.table.hit_policy is HitPolicy.FIRST
        return is_first and row.number > 1

    def _cells(self, row: RowRead) -> str:
        said = [self._cell(cell, holds=True) for cell in row.cells if cell.test != "-"]
        between = ", " if any(", " in one for one in said) else " "
        return f"{between}{self.speaker.words('and')} ".join(said)

    def _read(self, cell: CellRead) -> Read | None:
        return next((one for one in self.entry.inputs if one.name == cell.input), None)

    def _asked(self, cell: CellRead) -> str:
        """Return what a cell asks for: an input's heading in words, or "svaret på «…»" where it is a yes or no."""
        read, label = self._read(cell), self._label(cell.input)
        is_answer = (read is not None and isinstance(read.value, bool)) or cell.test in ("true", "false")
        return self.speaker.answer(label) if is_answer else label

    def _cell(self, cell: CellRead, *, holds: bool) -> str:
        naming, read = self.speaker.naming, self._read(cell)
        unit = read.unit if read else ""
        value = naming.value(read.value, unit) if read and naming.may_tell(read.name) else ""
        if read is not None and isinstance(read.value, bool) and value:
            return self.speaker.words("is", self._asked(cell), value)
        test = _test(cell.test, self.names)
        return self.speaker.cell(self._asked(cell), test, cell.test, holds=holds, value=value, unit=unit)

    def _label(self, label: str) -> str:
        """Return an input's heading in words: what it is called, or the expression said."""
        node = _expression(label, self.names)
        return self.speaker.say(node, label)


@lru_cache(maxsize=4096)
def _test(text: str, names: Names) -> Node:
    return parse_unary_tests(text, names=names, dialect="dugnad")


@lru_cache(maxsize=1024)
def _expression(text: str, names: Names) -> Node:
    return parse(text, names=names, dialect="dugnad")
