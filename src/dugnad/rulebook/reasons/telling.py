"""Every step of a decision in words, also those the service has no sentence for: the long form, for the page.

The short form, for the letter, is `rules.explaining.explain`: the sentences the service's owner has written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from dugnad.rulebook.feel import Compiled, Node, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.reasons.account import CellRead, Entry, RowRead, account
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.speech import Speaker
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.explaining import SET_BY_PERSON, ExplainedStep, explain, taken, with_numbers
from dugnad.rulebook.rules.outcome import Outcome

Names = frozenset[str]
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
    naming = Naming(rules, language)
    own = {(one.key, one.name): one for one in explain(rules, outcome, language)}
    known: dict[str | None, Mapping[str, Value]] = {None: outcome.known}
    known |= {item.key: item.known for item in outcome.items}
    failed = {step for step, _, _ in outcome.diagnostics}
    told: list[Told] = []
    for raw, entry in zip(outcome.raw, account(rules, outcome), strict=True):
        teller = _Teller(Speaker(naming, known[entry.key]), raw[0], entry, entry.name in failed)
        ready = own.get((entry.key, entry.name))
        told.append(
            Told(
                key=entry.key,
                name=entry.name,
                title=naming.sentence_start(entry.name),
                value=naming.value(entry.output, entry.unit),
                law=ready.law if ready else entry.law,
                outcome=entry.outcome,
                sentence=ready.sentence if ready else teller.sentence(),
                numbers=ready.numbers if ready else teller.numbers(),
                rows=tuple(teller.rows()),
                written_by_owner=ready is not None,
                set_by_person=entry.set_by_person,
            )
        )
    return tuple(told)


def in_short(rules: Ruleset, outcome: Outcome, language: str) -> list[ExplainedStep]:
    """Return the steps for a letter: the owner's sentences, or where there are none at all, ours for the result.

    The result is what the service names: the outcome and the amount.
    """
    owned = explain(rules, outcome, language)
    if owned:
        return owned
    wanted = {rules.source.result.outcome, rules.source.result.amount}
    return [
        ExplainedStep(
            key=one.key,
            name=one.name,
            title=one.title,
            sentence=one.sentence,
            formula="",
            numbers=one.numbers,
            value=one.value,
            law=one.law,
            set_by_person=one.set_by_person,
        )
        for one in tell(rules, outcome, language)
        if one.name in wanted
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

    def sentence(self) -> str:
        """Return what came of it, and by what."""
        entry, say, naming = self.entry, self.speaker.words, self.speaker.naming
        title = naming.sentence_start(entry.name)
        if isinstance(entry.output, Unknown):
            return say("undecided", title, naming.missing(entry.output))
        if entry.output is None and self.failed:
            return say("failed", title)
        value = naming.per(entry.output, entry.unit)
        if entry.set_by_person:
            return f"{title}: {SET_BY_PERSON[naming.language].format(value=value)}"
        return self._by_table(title, value) if self.op.table is not None else self._by_formula(title, value)

    def _by_formula(self, title: str, value: str) -> str:
        say, output, step = self.speaker.words, self.entry.output, self.op.step
        if output is None:
            return say("nothing", title)
        is_constant = isinstance(self.op.run, Compiled) and isinstance(self.op.run.node, nodes.Literal)
        if not isinstance(self.op.run, Compiled) or step.formula is None or is_constant:
            return say("answer is" if isinstance(output, bool) else "value is", title, value)
        node, source = taken(self.op.run.node, self.speaker.known), step.formula.text
        if node is not self.op.run.node and isinstance(node, nodes.Literal):
            return say("value is, because", title, value, self._because(self.op.run.node, source))
        return say(
            "yes/no" if isinstance(output, bool) else "way", title, value, self.speaker.say(node, source)
        )

    def _because(self, node: Node, source: str) -> str:
        """Return what made an `if` take the branch it took."""
        reasons = []
        while isinstance(node, nodes.If):
            following = taken(nodes.If(0, 0, node.condition, _YES, _NO), self.speaker.known)
            holds = following is _YES
            reasons.append(self._reason(node.condition, source, holds=holds))
            node = node.yes if holds else node.no
        return f" {self.speaker.words('and')} ".join(reasons)

    def _reason(self, condition: Node, source: str, *, holds: bool) -> str:
        if not holds:
            return self.speaker.denied(condition, source)
        is_name = isinstance(condition, nodes.Name)
        return (
            self.speaker.answered(condition, source, yes=True)
            if is_name
            else self.speaker.say(condition, source)
        )

    def numbers(self) -> str:
        """Return the formula with its numbers, where it is a calculation with numbers."""
        naming, known = self.speaker.naming, self.speaker.known
        if not isinstance(self.entry.output, Decimal) or not isinstance(self.op.run, Compiled):
            return ""
        node = taken(self.op.run.node, known)
        if isinstance(node, nodes.Literal) or not _is_sum(node, known):
            return ""
        written = with_numbers(self.op, known, naming.rules, naming.language)
        return f"{written} = {naming.value(self.entry.output, self.entry.unit)}" if written else ""

    def rows(self) -> Iterator[str]:
        """Say of each row looked at that it applies, or why not."""
        say = self.speaker.words
        for row in self.entry.rows:
            if row.became == "fulfilled":
                cells = self._cells(row)
                number = str(row.number)
                yield say("row hits", number, cells) if cells else say("row else hits", number)
            elif row.became == "undecided":
                open_cells = [cell for cell in row.cells if cell.became == "undecided"]
                missing = [say("not known", self._label(cell.input)) for cell in open_cells]
                yield say("row undecided", str(row.number), f" {say('and')} ".join(missing))
            else:
                failing = [self._cell(cell, holds=False) for cell in row.failing]
                yield say("row failed", str(row.number), f" {say('and')} ".join(failing))

    def _by_table(self, title: str, value: str) -> str:
        say, hits = self.speaker.words, self.entry.hits
        if not hits:
            return say("no row", title)
        if len(hits) > 1:
            return say("rows hit", title, value, ", ".join(str(row.number) for row in hits))
        cells, number = self._cells(hits[0]), str(hits[0].number)
        is_answer = isinstance(self.entry.output, bool)
        if not cells:
            return say("answer by else" if is_answer else "row else", title, value, number)
        return say("answer by row" if is_answer else "row hit", title, value, number, cells)

    def _cells(self, row: RowRead) -> str:
        said = [self._cell(cell, holds=True) for cell in row.cells if cell.test != "-"]
        return f" {self.speaker.words('and')} ".join(said)

    def _cell(self, cell: CellRead, *, holds: bool) -> str:
        say, naming = self.speaker.words, self.speaker.naming
        read = next((one for one in self.entry.inputs if one.name == cell.input), None)
        label, unit = self._label(cell.input), read.unit if read else ""
        if read is not None and isinstance(read.value, bool):
            label = say("the answer", label)
        shown = naming.value(read.value, unit) if read and naming.may_show(read.name) else "–"
        test = _test(cell.test, self.names)
        return self.speaker.cell(label, test, cell.test, holds=holds, value=shown, unit=unit)

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


def _is_sum(node: Node, known: Mapping[str, Value]) -> bool:
    """Tell whether a formula is plain arithmetic on numbers, so that it can be shown with its numbers."""
    if isinstance(node, nodes.Name):
        return isinstance(known.get(node.name), Decimal)
    if isinstance(node, nodes.Call):
        return isinstance(node.target, nodes.Name) and node.target.name == "sum"
    if isinstance(node, nodes.Literal):
        return isinstance(node.value, Decimal)
    return isinstance(node, nodes.Arithmetic | nodes.Negate) and all(
        _is_sum(one, known) for one in children(node)
    )
