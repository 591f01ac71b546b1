"""From a name in a rule to where the page tells of it, and rule text with such names as links."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dugnad.rulebook.dmn.services.law import address, sections
from dugnad.rulebook.dmn.services.names import identifier
from dugnad.rulebook.feel import FeelSyntaxError, Node, free_paths, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.rules.source import Scope
from dugnad.rulebook.rules.tabular import read_table
from dugnad.rulebook.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `href` where it leads somewhere, else empty."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Linker:
    """Finds what a name stands for in one set of rules."""

    rules: Ruleset

    def key(self, path: tuple[str, ...], scope: Scope) -> str:
        """Return `kind name` of what a path reads: step, rate, open, fact; empty for what is local."""
        source, name = self.rules.source, path[0]
        over = source.each_over.text if source.each_over else ""
        if name == source.result.list and over:
            if len(path) > 1 and path[1] in source.steps:
                return f"step {path[1]}"
            return self.key((over,), "common")
        step = source.steps.get(name)
        if step is not None and (step.scope != "each" or scope == "each"):
            return f"step {name}"
        if scope == "each" and (name == source.called or name in self.rules.words.item):
            return self.key((over,), "common")
        kinds = (("open", source.open), ("rate", self.rules.rates.rates), ("fact", self.rules.book.facts))
        return next((f"{kind} {name}" for kind, known in kinds if name in known), "")

    def reads(self, name: str) -> list[str]:
        """Return the keys of what a step or an open place reads, each once."""
        source = self.rules.source
        step = source.steps.get(name)
        if step is not None:
            found = self._paths_of_step(name)
            scope = step.scope
            if step.round is not None and step.round.text in source.open:
                found.add((step.round.text,))
        else:
            place, scope = source.open[name], "each"
            tailored = (text for _, text in self.rules.patch.open.get(name, ()))
            texts = [
                one for one in (place.otherwise, place.at_least, place.at_most, *tailored) if one is not None
            ]
            found = (
                set() if place.one_of else {path for one in texts for path in self._paths(one.text, scope)}
            )
        keys = {self.key(path, scope) for path in found} - {"", f"step {name}", f"open {name}"}
        return sorted(keys)

    def _paths_of_step(self, name: str) -> set[tuple[str, ...]]:
        step = self.rules.source.steps[name]
        if step.table is None:
            return self._paths(step.formula.text if step.formula else "null", step.scope)
        table = read_table(step.table.text, name=name, law="", names=self._names(step.scope))
        found = {path for column in table.inputs for path in free_paths(column.expression)}
        for row in table.rows:
            for cell in row.inputs:
                found |= (
                    free_paths(self._tree(cell.text, step.scope, test=True))
                    if cell.text not in ("", "-")
                    else set()
                )
            for cell in row.outputs:
                found |= self._paths(cell.text or "null", step.scope)
        return found

    def _names(self, scope: Scope) -> Collection[str]:
        return self.rules.words.by_scope[scope]

    def _paths(self, text: str, scope: Scope) -> set[tuple[str, ...]]:
        return free_paths(self._tree(text, scope))

    def _tree(self, text: str, scope: Scope, *, test: bool = False) -> Node:
        read = parse_unary_tests if test else parse
        return read(text, names=self._names(scope), dialect="dugnad")

    def linked(self, text: str, scope: Scope, *, test: bool = False) -> tuple[Piece, ...]:
        """Return a formula or a cell in pieces: its names lead to where the page tells of them."""
        plain = " ".join(text.split())
        if not plain or plain == "-":
            return (Piece(plain),)
        try:
            spans = sorted(self._spans(self._tree(plain, scope, test=test), scope))
        except FeelSyntaxError:
            return (Piece(plain),)
        pieces: list[Piece] = []
        at = 0
        for start, end, href in spans:
            if start >= at:
                pieces += [Piece(plain[at:start]), Piece(plain[start:end], href)]
                at = end
        return tuple(piece for piece in (*pieces, Piece(plain[at:])) if piece.text)

    def _spans(self, node: Node, scope: Scope) -> Iterator[tuple[int, int, str]]:
        if isinstance(node, nodes.Name):
            key = "" if node.of_item or not node.declared else self.key((node.name,), scope)
            if key:
                yield node.start, node.end, f"#{anchor(key)}"
            return
        for child in children(node):
            yield from self._spans(child, scope)


def anchor(key: str) -> str:
    """Return the id of the place on the page that tells of a key."""
    kind, _, name = key.partition(" ")
    return identifier(kind, name)


def laws(reference: str, law: str) -> tuple[Piece, ...]:
    """Return the sections of a reference, each leading to Lovdata where it has an address there."""
    return tuple(Piece(part, address(part, law)) for part in sections(reference))
