"""FEEL said in words: a condition, a cell of a table, a calculation; nb, nn or en.

What has no words of its own (a function of FEEL's, say) stands as it is written, in quotation marks: shown
exactly rather than told nearly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.phrases import phrase
from dugnad.rulebook.rules.words import month_name

_SIGNS = {"*": "×", "-": "−", "+": "+", "/": "/", "**": "^"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_PARTS = ("month", "year", "day")
_IT = "\0it"
_OVER_LISTS = ("count", "sum", "max", "min")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says expressions of one service in one language. `known` gives limits their numbers: under makspris (2 000 kr)."""

    naming: Naming
    known: Mapping[str, Value]

    @property
    def language(self) -> str:
        """nb, nn or en."""
        return self.naming.language

    def words(self, key: str, *parts: str) -> str:
        """Return a phrase in the language."""
        return phrase(self.language, key, *parts)

    def say(self, node: Node, source: str) -> str:
        """Return an expression in words; `source` is the text it was parsed from."""
        say = _SAYERS.get(type(node))
        return say(self, node, source) if say else self.written(node, source)

    def written(self, node: Node, source: str) -> str:
        """Return a part as it is written, in quotation marks."""
        return f"«{' '.join(source[node.start : node.end].split())}»"

    def cell(self, label: str, test: Node, source: str, *, holds: bool, value: str, unit: str = "") -> str:
        """Return a cell in words: "inntekt er under 642 700 kr", or with `holds` false what it is instead.

        `value` is the input's own value in words, `unit` what its limits are measured in.
        """
        wanted = self.test(test, source, unit)
        if holds:
            return self.words("is", label, wanted)
        return self.words("is, not", label, value, wanted)

    def test(self, node: Node, source: str, unit: str = "") -> str:
        """Return a unary test in words: under 642 700 kr."""
        if isinstance(node, nodes.UnaryTests):
            said = f" {self.words('or')} ".join(self.test(one, source, unit) for one in node.tests)
            return self.words("!=", said) if node.negated else said
        if isinstance(node, nodes.Test):
            return self.words(node.op, self.limit(node.operand, source, unit))
        if isinstance(node, nodes.RangeOf):
            return self.range(node, source, unit)
        if isinstance(node, nodes.ListOf) and node.items:
            return _listed(self, [self.test(one, source, unit) for one in node.items], "or")
        return self.limit(node, source, unit)

    def limit(self, node: Node, source: str, unit: str = "") -> str:
        """Return a limit in words; a named number or day with its value, never a text: it may be a person's number."""
        if isinstance(node, nodes.Literal) and node.unit is None and isinstance(node.value, Decimal):
            return self.naming.value(node.value, unit)
        said = self.say(node, source)
        if isinstance(node, nodes.Name) and isinstance(self.known.get(node.name), Decimal | date):
            value = self.naming.value(self.known[node.name], self.naming.unit(node.name))
            return f"{said} ({value})"
        return said

    def range(self, node: nodes.RangeOf, source: str, unit: str = "") -> str:
        """Return an interval in words, its ends included or not."""
        keys = {
            (True, True): "between",
            (False, True): "over, at most",
            (True, False): "from, under",
            (False, False): "over, under",
        }
        ends = self.limit(node.low, source, unit), self.limit(node.high, source, unit)
        return self.words(keys[node.low_included, node.high_included], *ends)

    def denied(self, node: Node, source: str) -> str:
        """Return the opposite of a condition in words."""
        if isinstance(node, nodes.Compare):
            return self.say(
                nodes.Compare(node.start, node.end, _OPPOSITE[node.op], node.left, node.right), source
            )
        if isinstance(node, nodes.Name | nodes.Path):
            return self.answered(node, source, yes=False)
        return self.words("holds not", self.say(node, source))

    def answered(self, node: Node, source: str, *, yes: bool) -> str:
        """Return that something is yes, or no, as a clause: the answer to «eier boligen» is no."""
        return self.words(
            "is", self.words("the answer", self.say(node, source)), self.words("true" if yes else "false")
        )


def _literal(speaker: Speaker, node: nodes.Literal, source: str) -> str:
    del source
    if node.value is None or isinstance(node.value, bool):
        return speaker.words({None: "null", True: "true", False: "false"}[node.value])
    if isinstance(node.value, str):
        return f"«{node.value}»"
    return speaker.naming.value(node.value, node.unit or "")


def _name(speaker: Speaker, node: nodes.Name, source: str) -> str:
    del source
    if node.name == _IT:
        return speaker.words("it")
    return speaker.naming.called(node.name)


def _path(speaker: Speaker, node: nodes.Path, source: str) -> str:
    base = speaker.say(node.base, source)
    if node.name in _PARTS:
        return speaker.words(node.name, base)
    return speaker.words("of", speaker.naming.called(node.name), base)


def _call(speaker: Speaker, node: nodes.Call, source: str) -> str:
    called = node.target.name if isinstance(node.target, nodes.Name) else ""
    said = [speaker.say(argument, source) for argument in node.arguments]
    if called == "not" and len(node.arguments) == 1:
        return speaker.denied(node.arguments[0], source)
    if called == "date" and len(node.arguments) == 3:  # noqa: PLR2004 - year, month, day
        return _day(speaker, node, source)
    if called in _OVER_LISTS and said:
        return speaker.words(called, _listed(speaker, said, "and"))
    return speaker.written(node, source)


def _day(speaker: Speaker, node: nodes.Call, source: str) -> str:
    """Say `date(x.year, 8, 1)` and `date(x.year, x.month, 1)`; any other as it is written."""
    year, month, day = node.arguments
    if not (isinstance(day, nodes.Literal) and isinstance(day.value, Decimal)):
        return speaker.written(node, source)
    if isinstance(month, nodes.Literal) and isinstance(month.value, Decimal):
        name = month_name(int(month.value), speaker.language)
        return speaker.words("on the day", str(day.value), name, speaker.say(year, source))
    if (
        isinstance(year, nodes.Path)
        and isinstance(month, nodes.Path)
        and (year.name, month.name) == _PARTS[1::-1]
    ):
        return speaker.words("day of month", str(day.value), speaker.say(month.base, source))
    return speaker.written(node, source)


def _listed(speaker: Speaker, said: list[str], last: str) -> str:
    head = ", ".join(said[:-1])
    return f"{head} {speaker.words(last)} {said[-1]}" if head else said[-1]


def _logic(speaker: Speaker, node: nodes.Logic, source: str) -> str:
    parts = [
        f"({speaker.say(item, source)})"
        if isinstance(item, nodes.Logic) and item.op != node.op
        else speaker.say(item, source)
        for item in node.items
    ]
    return f" {speaker.words(node.op)} ".join(parts)


def _compare(speaker: Speaker, node: nodes.Compare, source: str) -> str:
    left, right = speaker.say(node.left, source), speaker.limit(node.right, source)
    if (
        isinstance(node.right, nodes.Literal)
        and isinstance(node.right.value, bool)
        and node.op in ("=", "!=")
    ):
        holds = node.right.value is (node.op == "=")
        return left if holds else speaker.denied(node.left, source)
    return speaker.words("is", left, speaker.words(node.op, right))


def _arithmetic(speaker: Speaker, node: nodes.Arithmetic, source: str) -> str:
    sides = [
        f"({speaker.say(side, source)})" if _looser(side, node.op) else speaker.say(side, source)
        for side in (node.left, node.right)
    ]
    return f" {_SIGNS[node.op]} ".join(sides)


def _looser(side: Node, op: str) -> bool:
    """Whether a side binds looser than the sign beside it, so that it needs brackets."""
    return isinstance(side, nodes.Arithmetic) and side.op in "+-" and op not in "+-"


def _filter(speaker: Speaker, node: nodes.Filter, source: str) -> str:
    condition = _without(node.condition, {"item"})
    return speaker.words("of them", speaker.say(node.base, source), speaker.say(condition, source))


def _quantified(speaker: Speaker, node: nodes.Quantified, source: str) -> str:
    if len(node.iterations) > 1:
        return speaker.written(node, source)
    one = node.iterations[0]
    body = speaker.say(_without(node.body, {one.name}), source)
    return speaker.words(node.kind, body, speaker.say(one.source, source))


def _without(node: Node, variables: set[str]) -> Node:
    """Return the body of a `some` with `v.income` as plain `income`: the sentence says whose already."""
    if isinstance(node, nodes.Path) and isinstance(node.base, nodes.Name) and node.base.name in variables:
        return nodes.Name(node.start, node.end, node.name)
    if isinstance(node, nodes.Name) and node.name in variables:
        return nodes.Name(node.start, node.end, _IT)
    changed: dict[str, Any] = {}
    for field in ("left", "right", "operand"):
        part = getattr(node, field, None)
        if isinstance(part, Node):
            changed[field] = _without(part, variables)
    items = getattr(node, "items", None)
    if isinstance(items, tuple):
        changed["items"] = tuple(_without(item, variables) for item in items)
    return replace(node, **changed) if changed else node


def _in(speaker: Speaker, node: nodes.In, source: str) -> str:
    if len(node.tests) == 1 and isinstance(node.tests[0], nodes.Name | nodes.Path):
        return speaker.words("among", speaker.say(node.operand, source), speaker.say(node.tests[0], source))
    tests = [speaker.test(one, source) for one in node.tests]
    return speaker.words("is", speaker.say(node.operand, source), _listed(speaker, tests, "or"))


def _between(speaker: Speaker, node: nodes.Between, source: str) -> str:
    ends = speaker.words("between", speaker.limit(node.low, source), speaker.limit(node.high, source))
    return speaker.words("is", speaker.say(node.operand, source), ends)


def _known(speaker: Speaker, node: nodes.Known, source: str) -> str:
    return speaker.words("known" if node.known else "unknown", speaker.say(node.operand, source))


def _if(speaker: Speaker, node: nodes.If, source: str) -> str:
    parts = (speaker.say(part, source) for part in (node.condition, node.yes, node.no))
    return speaker.words("if", *parts)


def _list(speaker: Speaker, node: nodes.ListOf, source: str) -> str:
    return _listed(speaker, [speaker.say(item, source) for item in node.items], "and") if node.items else "–"


def _negate(speaker: Speaker, node: nodes.Negate, source: str) -> str:
    return f"−{speaker.say(node.operand, source)}"


_SAYERS: dict[type[Node], Callable[[Speaker, Any, str], str]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Path: _path,
    nodes.Call: _call,
    nodes.Logic: _logic,
    nodes.Compare: _compare,
    nodes.Arithmetic: _arithmetic,
    nodes.Filter: _filter,
    nodes.Quantified: _quantified,
    nodes.In: _in,
    nodes.Between: _between,
    nodes.Known: _known,
    nodes.If: _if,
    nodes.ListOf: _list,
    nodes.Negate: _negate,
}
