"""Our dialect of FEEL as standard FEEL: the same text, but for what only Dugnad understands.

`6 %` → `0.06`, `45 timer/uke` → `45`, `x is known` → `x != null`, an attribute of the person decided for gets
the person before it, and a name DMN cannot spell gets its other spelling. Everything else stays to the letter.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from dugnad.rulebook.dmn.services.names import Names
from dugnad.rulebook.feel import Node, free_names, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import children
from dugnad.rulebook.rules.facts import canonical
from dugnad.rulebook.rules.source import Scope

_Change = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Standard:
    """A text in standard FEEL, the names of ours it reads, and the kind of value it plainly gives (or empty)."""

    text: str
    reads: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates the texts of one service. `person` is what DMN calls the one decided for, `of_person` its
    attributes as they may stand alone in the scope `each`.
    """

    names: Names
    by_scope: Mapping[Scope, Collection[str]]
    person: str
    of_person: Collection[str]

    def formula(self, text: str, scope: Scope) -> Standard:
        """Translate a formula. Raises FeelSyntaxError."""
        return self._translated(text, parse(text, names=self.by_scope[scope], dialect="dugnad"), scope)

    def cell(self, text: str, scope: Scope) -> Standard:
        """Translate the test of a table's cell. Raises FeelSyntaxError."""
        if text.strip() in ("", "-"):
            return Standard("-", frozenset(), "")
        tree = parse_unary_tests(text, names=self.by_scope[scope], dialect="dugnad")
        return self._translated(text, tree, scope)

    def _translated(self, text: str, tree: Node, scope: Scope) -> Standard:
        alone = self.of_person if scope == "each" else ()
        changes = sorted(self._changes(text, tree, alone, frozenset()))
        parts: list[str] = []
        at = 0
        for start, end, put in changes:
            parts += [text[at:start], put]
            at = end
        return Standard("".join([*parts, text[at:]]).strip(), frozenset(free_names(tree)), _kind(tree))

    def _changes(
        self, text: str, node: Node, alone: Collection[str], bound: frozenset[str]
    ) -> Iterator[_Change]:
        rule = _RULES.get(type(node))
        if rule is not None:
            yield from rule(self, text, node, alone, bound)
        inner = bound | _bound_by(node)
        for child in children(node):
            yield from self._changes(text, child, alone, inner)


def _bound_by(node: Node) -> frozenset[str]:
    if isinstance(node, nodes.For | nodes.Quantified):
        return frozenset(one.name for one in node.iterations)
    if isinstance(node, nodes.Function):
        return frozenset(node.parameters)
    return frozenset(node.keys) if isinstance(node, nodes.ContextOf) else frozenset()


def _literal(
    _by: Translator, _text: str, node: nodes.Literal, _alone: Collection[str], _bound: frozenset[str]
) -> Iterator[_Change]:
    if node.unit is not None:
        yield node.start, node.end, canonical(node.value)


def _name(
    by: Translator, text: str, node: nodes.Name, alone: Collection[str], bound: frozenset[str]
) -> Iterator[_Change]:
    if node.start == node.end or node.name in bound:
        return
    if node.name in alone and not node.of_item:
        yield node.start, node.end, f"{by.person}.{by.names[node.name]}"
    elif (node.declared or node.of_item) and node.name != by.names[node.name]:
        yield node.start, node.end, by.names[node.name]
    elif node.of_item and text[node.start : node.end] != node.name:
        yield node.start, node.end, node.name


def _path(
    by: Translator, text: str, node: nodes.Path, _alone: Collection[str], _bound: frozenset[str]
) -> Iterator[_Change]:
    if node.name != by.names[node.name]:
        start = text.rfind(".", node.base.end, node.end) + 1
        start = text.index(node.name.split(maxsplit=1)[0], start) if start else node.base.end
        yield start, node.end, by.names[node.name]


def _known(
    _by: Translator, text: str, node: nodes.Known, _alone: Collection[str], _bound: frozenset[str]
) -> Iterator[_Change]:
    said = " != null" if node.known else " = null"
    if node.operand.start == node.operand.end:
        yield node.start, node.end, f"?{said}"
        return
    words = text[: node.end].rsplit("is", 1)[0].rstrip()
    yield len(words), node.end, said


_Rule = Callable[..., Iterator[_Change]]
_RULES: Mapping[type[Node], _Rule] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Path: _path,
    nodes.Known: _known,
}

_TRUTH = (nodes.Compare, nodes.Logic, nodes.Quantified, nodes.In, nodes.Between, nodes.Known)


def _kind(tree: Node) -> str:
    """Return DMN's word for the kind of value an expression plainly gives; empty where it takes thought."""
    if isinstance(tree, _TRUTH):
        return "boolean"
    if isinstance(tree, nodes.Arithmetic) and tree.op in "*/":
        return "number"
    if isinstance(tree, nodes.Literal):
        value = tree.value
        if isinstance(value, bool):
            return "boolean"
        return "string" if isinstance(value, str) else "number" if value is not None else ""
    return ""
