"""Every piece of FEEL in a service, parsed, with what it is for and where it stands.

Built from the files as they are: what cannot be parsed is left out here (the compiler has said so), and everything
else is checked all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from dugnad.rulebook.feel import FeelSyntaxError, Node
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.located import Place
from dugnad.rulebook.rates import Rates
from dugnad.rulebook.rules.compiling import Patch, inside
from dugnad.rulebook.rules.facts import Fact, FactBook
from dugnad.rulebook.rules.names import Vocabulary, vocabulary
from dugnad.rulebook.rules.source import RuleSource, Scope, Step, Text
from dugnad.rulebook.rules.tabular import TabularError, read_table
from dugnad.rulebook.tables import Table
from dugnad.rulebook.tables.plain import read_output, read_test

Role: TypeAlias = Literal[
    "formula", "heading", "cell", "output", "stop", "says", "open", "at least", "at most", "only when", "each"
]  # fmt: skip
Owner: TypeAlias = Literal["step", "stop", "open", "fact", "rules"]


@dataclass(frozen=True, slots=True)
class Part:
    """One expression or cell. `row` counts from 0 within a table (-1 elsewhere), `column` inputs or outputs."""

    role: Role
    owner: Owner
    name: str
    scope: Scope
    text: Text
    start: int
    written: str
    node: Node
    row: int = -1
    column: int = -1

    def place(self, at: int = 0) -> Place:
        """Return the place of an offset into what is written."""
        return spot(self.text, self.start + at)

    def said(self, node: Node) -> str:
        """Return a node as it is written."""
        return " ".join(self.written[node.start : node.end].split())


def spot(text: Text, start: int) -> Place:
    """Return the place of an offset into a text, exactly, however its lines were written."""
    return inside(text, start) if text.block and not text.place.lines else text.place.along(start)


@dataclass(frozen=True)
class Reading:
    """A service's rules as parts, in the order of the file; `tables` by step.

    `unread` are the texts that cannot be parsed, each with the name of its owner (of a condition in a table, none).
    """

    source: RuleSource
    book: FactBook
    rates: Rates
    patch: Patch
    words: Vocabulary
    parts: tuple[Part, ...]
    tables: Mapping[str, Table]
    selectors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: tuple[tuple[str, str], ...] = ()

    def of(self, owner: Owner, name: str) -> tuple[Part, ...]:
        """Return the parts of one step, control point, open place or fact."""
        return self._by_owner.get((owner, name), ())

    def __post_init__(self) -> None:
        by_owner: dict[tuple[str, str], list[Part]] = {}
        for part in self.parts:
            by_owner.setdefault((part.owner, part.name), []).append(part)
        object.__setattr__(self, "_by_owner", {key: tuple(parts) for key, parts in by_owner.items()})

    _by_owner: Mapping[tuple[str, str], tuple[Part, ...]] = field(init=False, repr=False)

    def names(self, part: Part) -> frozenset[str]:
        """Return the names a part may use."""
        if part.role == "only when":
            return self.selectors.get(part.name, frozenset())
        return self.words.by_scope[part.scope]


def read_parts(source: RuleSource, book: FactBook, rates: Rates, patch: Patch | None = None) -> Reading:
    """Parse everything that can be parsed in a service."""
    return _Reader(source, book, rates, patch or Patch()).run()


class _Reader:
    def __init__(self, source: RuleSource, book: FactBook, rates: Rates, patch: Patch) -> None:
        self.source = source
        self.book = book
        self.rates = rates
        self.patch = patch
        self.words = vocabulary(source, book, rates)
        self.tables: dict[str, Table] = {}
        self.unread: list[tuple[str, str]] = []
        self.selectors = {
            fact.name: frozenset(_selector_names(book, fact))
            for fact in book.facts.values()
            if fact.only_when
        }

    def run(self) -> Reading:
        parts = tuple(self.every())
        return Reading(
            self.source,
            self.book,
            self.rates,
            self.patch,
            self.words,
            parts,
            self.tables,
            self.selectors,
            tuple(self.unread),
        )

    def every(self) -> Iterator[Part]:
        source = self.source
        for fact in self.book.facts.values():
            if fact.only_when is not None:
                text = Text(fact.only_when, fact.only_when_place or fact.place)
                yield from self.formula("only when", "fact", fact.name, "common", text)
        for stop in source.stops:
            yield from self.formula("stop", "stop", stop.name, "after", stop.when)
        for place in source.open.values():
            yield from self.opened(place.name)
        for step in source.steps.values():
            yield from self.step(step)
        if source.each_over is not None:
            yield from self.formula("each", "rules", "decide for each", "common", source.each_over)

    def opened(self, name: str) -> Iterator[Part]:
        place = self.source.open[name]
        if place.one_of:
            return
        yield from self.formula("open", "open", name, "each", place.otherwise)
        for _, text in self.patch.open.get(name, ()):
            yield from self.formula("open", "open", name, "each", text)
        if place.at_least is not None:
            yield from self.formula("at least", "open", name, "each", place.at_least)
        if place.at_most is not None:
            yield from self.formula("at most", "open", name, "each", place.at_most)

    def step(self, step: Step) -> Iterator[Part]:
        if step.formula is not None:
            yield from self.formula("formula", "step", step.name, step.scope, step.formula)
        if step.table is not None:
            yield from self.table(step, step.table)
        for says in step.says:
            if says.when is not None:
                yield from self.formula("says", "step", step.name, step.scope, says.when)

    def table(self, step: Step, text: Text) -> Iterator[Part]:
        names = self.words.by_scope[step.scope]
        try:
            table = read_table(text.text, name=step.name, law=step.law, names=names)
        except (TabularError, FeelSyntaxError):
            self.unread.append((step.name, text.text))
            return
        self.tables[step.name] = table
        for at, column in enumerate(table.inputs):
            start = max(text.text.find(column.label), 0)
            yield Part(
                "heading", "step", step.name, step.scope, text, start, column.label, column.expression, -1, at
            )
        for number, row in enumerate(table.rows):
            for role, cells in (("cell", row.inputs), ("output", row.outputs)):
                for at, cell in enumerate(cells):
                    node = _parsed(cell.text, names, test=role == "cell")
                    if node is not None:
                        kind: Role = "cell" if role == "cell" else "output"
                        yield Part(
                            kind, "step", step.name, step.scope, text, cell.start, cell.text, node, number, at
                        )
                    else:
                        self.unread.append((step.name if role == "output" else "", cell.text))

    def formula(self, role: Role, owner: Owner, name: str, scope: Scope, text: Text) -> Iterator[Part]:
        names = self.selectors[name] if role == "only when" else self.words.by_scope[scope]
        node = _parsed(text.text, names, test=False)
        if node is not None:
            yield Part(role, owner, name, scope, text, 0, text.text, node)
        else:
            self.unread.append((name, text.text))


def _selector_names(book: FactBook, fact: Fact) -> Iterator[str]:
    """Give the names an `only when` may use: what stands in the list's entries, and the plain facts."""
    yield from (one.attribute for one in book.attributes(fact.name) if one.in_entry)
    yield from (name for name, one in book.facts.items() if one.of_list is None)


@lru_cache(maxsize=8192)
def _parsed(text: str, names: frozenset[str], *, test: bool) -> Node | None:
    """Parse a text; remembered, since a service and its tailorings share nearly all of theirs."""
    try:
        return (read_test if test else read_output)(text, names, "dugnad")
    except FeelSyntaxError:
        return None
    except RecursionError:
        return nodes.Literal(0, len(text), None)
