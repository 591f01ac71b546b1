"""`dugnad rules show SERVICE`: the rules in words, in working order, each with its section of law; `--feel` as written."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.refused import none_such
from dugnad.cli.rules.terminal import console, table
from dugnad.cli.rules.wording import LABELS
from dugnad.rulebook.checks.outcomes import outcomes_of
from dugnad.rulebook.checks.reading import Owner, Part, Reading, read_parts
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.rates import Rate
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.speech import Speaker
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.source import Open, Scope, Step, Stop
from dugnad.rulebook.rules.tabular import law_of
from dugnad.rulebook.rules.words import LANGUAGES, format_date

_SCOPES: tuple[Scope, ...] = ("common", "each", "after")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the service, a step, a language."""
    parser.add_argument(
        "service", help="a service folder or its name; x@REVISION as git has it, x#3 as published"
    )
    parser.add_argument("--step", metavar="NAME", help="only this step")
    parser.add_argument("--lang", choices=LANGUAGES, default="nb", help="language (default %(default)s)")
    parser.add_argument("--feel", action="store_true", help="formulas and cells as they are written, too")


def run(arguments: argparse.Namespace) -> int:
    """Print the rules. Raises RefusedError for a service or step that is not there."""
    with chosen(arguments.service) as found:
        steps = found.service.source.steps
        if arguments.step is not None and arguments.step not in steps:
            raise none_such(f"step in {found.service.slug}", arguments.step, steps)
        text = _Text(found, arguments.lang, feel=arguments.feel)
        _print(console(), text.step(arguments.step) if arguments.step else text.whole())
    return 0


def _print(paper: Console, parts: Iterator[RenderableType]) -> None:
    for part in parts:
        paper.print(part)


@dataclass(frozen=True, slots=True)
class _Said:
    """A part in words; as it is written too, where that is asked for."""

    words: str
    written: str


class _Text:
    """The rules of one service in one language, piece by piece."""

    def __init__(self, found: Chosen, language: str, *, feel: bool) -> None:
        self.found = found
        self.rules = found.rules()
        self.language = language
        self.labels = LABELS[language]
        self.feel = feel
        self.naming = Naming(self.rules, language)
        self.speaker = Speaker(self.naming, {})
        self.reading: Reading = read_parts(self.rules.source, self.rules.book, self.rules.rates)

    def whole(self) -> Iterator[RenderableType]:
        """Give everything: head, steps in working order, result, control points, open places, rates."""
        service, source = self.found.service, self.rules.source
        yield f"[bold]{escape(service.info.title.get(self.language, service.slug))}[/bold]"
        yield escape(f"{service.slug} · {source.law} · {self._label('version', service.version[:12])}")
        for scope in _SCOPES:
            operations = self.rules.operations(scope)
            if operations:
                each = self.found.service.source.each_over
                yield self._heading(self._label(scope, each.text if each else ""))
            for op in operations:
                yield from self._step(op)
        yield from self._result()
        if source.stops:
            yield self._heading(self.labels["stops"])
            for stop in source.stops:
                yield from self._stop(stop)
        if source.open:
            yield self._heading(self.labels["open"])
            for place in source.open.values():
                yield from self._open(place)
        yield from self._rates()
        yield from self._facts()

    def step(self, name: str) -> Iterator[RenderableType]:
        """Give one step."""
        for scope in _SCOPES:
            for op in self.rules.operations(scope):
                if op.name == name:
                    yield from self._step(op)

    def _label(self, key: str, *parts: str) -> str:
        return self.labels[key].format(*parts)

    def _heading(self, words: str) -> str:
        return f"\n[bold underline]{escape(words)}[/bold underline]"

    def _named(self, name: str, *notes: str) -> str:
        shown = " · ".join(note for note in notes if note)
        return f"\n[bold]{escape(name)}[/bold]" + (f"  [dim]{escape(shown)}[/dim]" if shown else "")

    def _indented(self, words: str, style: str = "") -> Padding:
        return _set_in(f"[{style}]{escape(words)}[/{style}]" if style else escape(words))

    def _as_written(self, text: str) -> Iterator[RenderableType]:
        if self.feel:
            yield self._indented(f"= {' '.join(text.split())}", "dim")

    # ── Steps ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _step(self, op: StepOp) -> Iterator[RenderableType]:
        step = op.step
        title = step.title.get(self.language, "")
        yield self._named(
            step.name,
            title if title.casefold() != step.name.casefold() else "",
            self._unit(step.unit),
            step.law,
        )
        if op.table is not None:
            yield from self._table(op)
        elif step.formula is not None:
            (part,) = (one for one in self.reading.of("step", step.name) if one.role == "formula")
            said = self.speaker.say(part.node, part.written)
            yield self._indented(f"{said[:1].upper()}{said[1:]}.")
            yield from self._as_written(step.formula.text)
        if step.round is not None:
            is_open = step.round.text in self.rules.source.open
            yield self._indented(self._label("rounded as" if is_open else "rounded", step.round.text))
        yield from self._sentences(step)

    def _sentences(self, step: Step) -> Iterator[RenderableType]:
        conditions = {id(one.text): one for one in self.reading.of("step", step.name) if one.role == "says"}
        for says in step.says:
            part = (
                conditions.get(id(says.when)) if says.when is not None and says.when.text != "true" else None
            )
            when = self._label("if", self.speaker.clause(part.node, part.written)) if part else ""
            yield self._indented(
                f"{self.labels['letter']}{when}{says.words.get(self.language, '')}", "italic"
            )

    def _table(self, op: StepOp) -> Iterator[RenderableType]:
        written = op.table.table if op.table is not None else None
        if written is None:
            return
        parts = self.reading.of("step", op.name)
        cells = {(one.role, one.row, one.column): one for one in parts}
        laws = [law_of(written, at) for at in range(len(written.rows))]
        rows = [
            (
                str(at + 1),
                *(self._cell(cells.get(("cell", at, column)), cell.text, one.label)
                  for column, (cell, one) in enumerate(zip(row.inputs, written.inputs, strict=True))),
                *(self._output(cells.get(("output", at, column)), cell.text)
                  for column, cell in enumerate(row.outputs)),
                *([laws[at]] if any(laws) else []),
            )
            for at, row in enumerate(written.rows)
        ]  # fmt: skip
        headings = ["", *(self._column(one.label) for one in written.inputs)]
        headings += [f"→ {one.name}" for one in written.outputs] + [self.labels["law"]] * any(laws)
        yield self._indented(self.labels[written.hit_policy.name])
        yield _set_in(_lined(headings, rows))

    def _column(self, label: str) -> str:
        unit = self.naming.unit(label)
        return f"{label} ({unit})" if unit and "/" in unit else label

    def _cell(self, part: Part | None, text: str, label: str) -> str:
        if text in ("", "-"):
            return self.labels["any"]
        if part is None:
            return text
        said = self.speaker.test(part.node, part.written, self.naming.unit(label))
        return f"{said}\n{text}" if self.feel and said != text else said

    def _output(self, part: Part | None, text: str) -> str:
        if part is None or (isinstance(part.node, nodes.Literal) and isinstance(part.node.value, str)):
            return text.strip('"')
        said = self.speaker.say(part.node, part.written)
        return f"{said}\n{text}" if self.feel and said != text else said

    # ── What stands around them ───────────────────────────────────────────────────────────────────────────────────

    def _result(self) -> Iterator[RenderableType]:
        result = self.rules.source.result
        yield self._heading(self.labels["result"])
        yield self._indented(
            self._label("outcomes", ", ".join(one.name for one in outcomes_of(self.reading)))
        )
        if result.refusals:
            yield self._indented(self._label("refusals", ", ".join(one.text for one in result.refusals)))
        if result.better:
            yield self._indented(self._label(result.better, result.amount))

    def _stop(self, stop: Stop) -> Iterator[RenderableType]:
        said = self._of("stop", stop.name, "stop")
        yield self._named(stop.name, stop.law)
        if said is not None:
            yield self._indented(self._label("when", said.words))
            yield from self._as_written(said.written)
        if stop.why.get(self.language):
            yield self._indented(stop.why[self.language], "italic")

    def _of(self, owner: Owner, name: str, role: str) -> _Said | None:
        part = next((one for one in self.reading.of(owner, name) if one.role == role), None)
        if part is None:
            return None
        say = self.speaker.clause if role == "stop" else self.speaker.say
        return _Said(say(part.node, part.written), part.written)

    def _open(self, place: Open) -> Iterator[RenderableType]:
        bounds = [self._label(role, said.words) for role in ("at least", "at most")
                  if (said := self._of("open", place.name, role)) is not None]  # fmt: skip
        if place.one_of:
            bounds.append(self._label("one of", ", ".join(place.one_of)))
        otherwise = self._of("open", place.name, "open")
        yield self._named(place.name, self._unit(place.unit), place.law)
        words = otherwise.words if otherwise is not None else place.otherwise.text
        limits = ", ".join(bounds)
        within = f"{limits[:1].upper()}{limits[1:]}. " if limits else ""
        yield self._indented(f"{within}{self._label('otherwise', words)}")
        if otherwise is not None:
            yield from self._as_written(otherwise.written)

    def _rates(self) -> Iterator[RenderableType]:
        if not self.rules.rates.rates:
            return
        yield self._heading(self.labels["rates"])
        if self.rules.source.rates_on:
            yield self._indented(self._label("rates on", self.rules.source.rates_on))
        for name, rate in self.rules.rates.rates.items():
            yield self._named(name, rate.law)
            yield _set_in(_lined([], list(self._values(rate))))

    def _facts(self) -> Iterator[RenderableType]:
        """Give what a decision needs to know: what people call it, its kind, from where, by which law."""
        rows = [
            (
                f"– {fact.attribute}" if fact.of_list else fact.name,
                " · ".join(filter(None, (self.labels[f"kind {fact.kind}"], self._unit(fact.unit)))),
                self.labels.get(f"source {fact.source}", fact.source),
                fact.law,
            )
            for fact in self.rules.book.facts.values()
            if fact.attribute != "person"
        ]
        if rows:
            yield self._heading(self.labels["facts"])
            headings = [self.labels[one] for one in ("fact", "kind", "source", "law")]
            yield _set_in(table("", headings, rows))

    def _unit(self, unit: str) -> str:
        return self.labels.get(f"unit {unit}", unit)

    def _values(self, rate: Rate) -> Iterator[tuple[str, ...]]:
        for value in reversed(rate.values):
            source = (
                value.source if value.verified else f"{value.source} ({self.labels['unverified']})".strip()
            )
            start = self._label("from", format_date(value.start, self.language))
            yield start, self.naming.per(value.value, rate.unit), source


def _set_in(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2), expand=False)


def _lined(headings: list[str], rows: list[tuple[str, ...]]) -> Table:
    """Return a table that stays readable where the terminal is narrow: lines between rows, cells folded."""
    made = table("", headings or [""] * len(rows[0]), rows)
    made.show_header, made.show_lines = bool(headings), bool(headings)
    return made
