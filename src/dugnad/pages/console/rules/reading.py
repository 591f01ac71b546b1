"""What the page of the rules says of each step, control point, rate, open place and fact, in one language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dugnad.catalogue.types import Adopted, Fact
from dugnad.design.texts import t
from dugnad.pages.console.rules.links import Linker, Piece, anchor, laws
from dugnad.rulebook.checks.coverage import Coverage, Reach
from dugnad.rulebook.feel import Compiled
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.speech import Speaker
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.source import Open, Scope
from dugnad.rulebook.rules.tabular import law_of
from dugnad.rulebook.rules.words import format_value

SCOPES: tuple[Scope, ...] = ("common", "each", "after")
OWN_SOURCES = ("case", "applicant", "case worker")
Pieces = tuple[Piece, ...]
_VALUE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence the letter says, and when it does (no pieces: always)."""

    when: Pieces
    words: Pieces


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of a table: its cells, its sections of law, the examples that reach it."""

    number: int
    inputs: tuple[Pieces, ...]
    outputs: tuple[Pieces, ...]
    laws: Pieces
    notes: str
    examples: Pieces


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column: what is read, and what it is measured in."""

    words: Pieces
    unit: str


@dataclass(frozen=True, slots=True)
class StepSection:
    """One step: a formula, also said in words, or a table with `policy`, `heads` and `rows`."""

    anchor: str
    name: str
    title: str
    laws: Pieces
    unit: str
    formula: Pieces
    in_words: str
    policy: str
    heads: tuple[Head, ...]
    outputs: tuple[str, ...]
    rows: tuple[RowLine, ...]
    rounding: Pieces
    says: tuple[Sentence, ...]
    reads: Pieces
    used_by: Pieces


@dataclass(frozen=True, slots=True)
class StopLine:
    """A control point: when it stops, why, what the case worker does, the examples that stop there."""

    anchor: str
    name: str
    laws: Pieces
    when: Pieces
    why: str
    todo: str
    examples: Pieces


@dataclass(frozen=True, slots=True)
class RateValueLine:
    """One value of a rate. `state`: verified, confirmed (by the organisation) or unverified."""

    start: date
    until: date | None
    value: str
    source: str
    state: str
    now: bool


@dataclass(frozen=True, slots=True)
class RateSection:
    """A rate over time, newest first."""

    anchor: str
    name: str
    laws: Pieces
    unit: str
    values: tuple[RateValueLine, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What an organisation has decided for an open place from a day on; `now` where it is in force."""

    start: date
    value: Pieces
    now: bool


@dataclass(frozen=True, slots=True)
class OpenSection:
    """An open place: its bounds, what holds otherwise, what this organisation has set."""

    anchor: str
    name: str
    laws: Pieces
    unit: str
    bounds: tuple[tuple[str, Pieces], ...]
    choices: tuple[str, ...]
    otherwise: Pieces
    decided: tuple[Decided, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact: what it is called for people, its kind and unit, from where, by which section of law."""

    anchor: str
    name: str
    label: str
    kind: str
    unit: str
    source: str
    laws: Pieces


class Reader:
    """Reads one adopted service for one language. `examples` maps the name of an example to its place."""

    def __init__(
        self, adopted: Adopted, language: str, covered: Coverage, examples: Mapping[str, str]
    ) -> None:
        self.adopted = adopted
        self.rules = adopted.ruleset
        self.language = language
        self.law = self.rules.source.law
        self.linker = Linker(self.rules)
        self.covered = covered
        self.examples = examples
        names = [*self.rules.source.steps, *self.rules.source.open]
        self.read_by: dict[str, list[str]] = {}
        for name in names:
            for key in self.linker.reads(name):
                kind = "step" if name in self.rules.source.steps else "open"
                self.read_by.setdefault(key, []).append(f"{kind} {name}")

    def steps(self) -> list[tuple[Scope, list[StepSection]]]:
        """Return the steps in working order: once for the whole, for each item, and last."""
        found = [(scope, [self._step(op) for op in self.rules.operations(scope)]) for scope in SCOPES]
        return [(scope, sections) for scope, sections in found if sections]

    def _step(self, op: StepOp) -> StepSection:
        step = op.step
        table = op.table.table if op.table is not None else None
        key = f"step {step.name}"
        return StepSection(
            anchor=anchor(key),
            name=step.name,
            title=_other(step.title.get(self.language, ""), step.name),
            laws=laws(", ".join(dict.fromkeys(one for one in (step.law, *op.laws) if one)), self.law),
            unit=unit_in_words(step.unit),
            formula=self.linker.linked(step.formula.text, step.scope) if step.formula else (),
            in_words=self._in_words(op),
            policy=t(f"rules.policy.{table.hit_policy.name.lower()}") if table else "",
            heads=tuple(self._head(one.label, step.scope) for one in table.inputs) if table else (),
            outputs=tuple(one.name for one in table.outputs) if table else (),
            rows=tuple(self._rows(op)),
            rounding=self._rounding(step.round.text) if step.round else (),
            says=tuple(
                Sentence(
                    self.linker.linked(one.when.text, step.scope)
                    if one.when and one.when.text != "true"
                    else (),
                    self._sentence(one.words.get(self.language, ""), step.scope),
                )
                for one in step.says
            ),
            reads=self._keys(self.linker.reads(step.name)),
            used_by=self._keys(self.read_by.get(key, ())),
        )

    def _head(self, label: str, scope: Scope) -> Head:
        return Head(self.linker.linked(label, scope), unit_in_words(self.rules.words.units.get(label, "")))

    def _in_words(self, op: StepOp) -> str:
        """Return a formula as it is said; nothing where that says no more than the formula itself."""
        if op.step.formula is None or not isinstance(op.run, Compiled):
            return ""
        speaker, node = Speaker(Naming(self.rules, self.language), {}), op.run.node
        if isinstance(node, nodes.Literal | nodes.Name):
            return ""
        said = speaker.say(node, op.step.formula.text)
        return "" if said == speaker.written(node, op.step.formula.text) else said[:1].upper() + said[1:]

    def _rows(self, op: StepOp) -> Iterator[RowLine]:
        if op.table is None:
            return
        table, scope = op.table.table, op.step.scope
        reached = self.covered.rows(op.name)
        for at, row in enumerate(table.rows):
            law = law_of(table, at)
            yield RowLine(
                number=at + 1,
                inputs=tuple(self.linker.linked(cell.text, scope, test=True) for cell in row.inputs),
                outputs=tuple(self.linker.linked(cell.text, scope) for cell in row.outputs),
                laws=laws(law, self.law),
                notes=", ".join(text for text in row.annotations.values() if text != law),
                examples=self._examples(reached[at] if at < len(reached) else None),
            )

    def _rounding(self, way: str) -> Pieces:
        return (Piece(way, f"#{anchor(f'open {way}')}" if way in self.rules.source.open else ""),)

    def _keys(self, keys: Sequence[str]) -> Pieces:
        return tuple(Piece(key.partition(" ")[2], f"#{anchor(key)}") for key in keys)

    def _examples(self, reach: Reach | None) -> Pieces:
        return tuple(Piece(name, self.examples.get(name, "")) for name in (reach.examples if reach else ()))

    def stops(self) -> list[StopLine]:
        """Return the control points in the order of the file."""
        reached = {one.of: one for one in self.covered.of("stop")}
        return [
            StopLine(
                anchor=anchor(f"stop {stop.name}"),
                name=stop.name,
                laws=laws(stop.law, self.law),
                when=self.linker.linked(stop.when.text, "after"),
                why=stop.why.get(self.language, ""),
                todo=stop.todo,
                examples=self._examples(reached.get(stop.name)),
            )
            for stop in self.rules.source.stops
        ]

    def rates(self, on: date) -> list[RateSection]:
        """Return every rate with all its values; `now` marks the one in force on `on`."""
        return [
            RateSection(
                anchor(f"rate {name}"),
                name,
                laws(rate.law, self.law),
                unit_in_words(rate.unit),
                tuple(self._values(name, on)),
            )
            for name, rate in self.rules.rates.rates.items()
        ]

    def _values(self, name: str, on: date) -> Iterator[RateValueLine]:
        rate, shared = self.rules.rates.rates[name], self.adopted.service.rates.rates[name]
        in_force = rate.on(on)
        for at, value in reversed(list(enumerate(rate.values))):
            following = rate.values[at + 1].start - timedelta(days=1) if at + 1 < len(rate.values) else None
            ends = [day for day in (value.until, following) if day is not None]
            was = shared.values[at].verified
            yield RateValueLine(
                start=value.start,
                until=min(ends) if ends else None,
                value=format_value(value.value, rate.unit, self.language),
                source=value.source or self._seen(name, value.start),
                state="verified" if was else "confirmed" if value.verified else "unverified",
                now=value == in_force,
            )

    def _seen(self, name: str, start: date) -> str:
        """Return the source this organisation has seen for a rate the service's owner has not."""
        tailoring = self.adopted.tailoring
        return tailoring.seen.get((name, start), "") if tailoring else ""

    def _sentence(self, words: str, scope: Scope) -> Pieces:
        """Return a sentence with the values it will hold as links to where they come from."""
        pieces: list[Piece] = []
        at = 0
        for match in _VALUE.finditer(words):
            key = self.linker.key((match.group(1),), scope)
            pieces += [
                Piece(words[at : match.start()]),
                Piece(f"[{match.group(1)}]", f"#{anchor(key)}" if key else ""),
            ]
            at = match.end()
        return tuple(piece for piece in (*pieces, Piece(words[at:])) if piece.text)

    def open_places(self, on: date) -> list[OpenSection]:
        """Return what an organisation may decide, and what this one has, newest first; `now` marks the one on `on`."""
        return [self._open(place, on) for place in self.rules.source.open.values()]

    def _open(self, place: Open, on: date) -> OpenSection:
        limits = (("low", place.at_least), ("high", place.at_most))
        decided = sorted(self.rules.patch.open.get(place.name, ()), key=lambda one: one[0], reverse=True)
        in_force = max((start for start, _ in decided if start <= on), default=None)
        return OpenSection(
            anchor=anchor(f"open {place.name}"),
            name=place.name,
            laws=laws(place.law, self.law),
            unit=unit_in_words(place.unit),
            bounds=tuple((word, self.linker.linked(text.text, "each")) for word, text in limits if text),
            choices=place.one_of,
            otherwise=self._value(place, place.otherwise.text),
            decided=tuple(
                Decided(start, self._value(place, text.text), start == in_force) for start, text in decided
            ),
            verified=place.verified,
        )

    def _value(self, place: Open, text: str) -> Pieces:
        return (Piece(text),) if place.one_of else self.linker.linked(text, "each")

    def facts(self) -> list[FactLine]:
        """Return the facts; an attribute of a person stands below its list."""
        return [self._fact(fact) for fact in self.adopted.service.book.facts.values()]

    def _fact(self, fact: Fact) -> FactLine:
        return FactLine(
            anchor=anchor(f"fact {fact.name}"),
            name=fact.name,
            label=(fact.label or {}).get(self.language, ""),
            kind=t(f"rules.kind.{fact.kind}"),
            unit=unit_in_words(fact.unit),
            source=t(f"rules.source.{fact.source.replace(' ', '_')}")
            if fact.source in OWN_SOURCES
            else fact.source,
            laws=laws(fact.law, self.law),
        )


def unit_in_words(unit: str) -> str:
    """Return a unit as people say it."""
    return t(f"rules.unit.{unit}") if unit in ("fraction", "number") else unit


def _other(title: str, name: str) -> str:
    return "" if title.casefold() == name.casefold() else title
