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
from dugnad.rulebook.reasons.kinds import (
    BOUNDS,
    binds_looser,
    called,
    is_condition,
    is_duration,
    is_number,
    kind_of,
)
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.phrases import phrase
from dugnad.rulebook.rules.words import month_name

_SIGNS = {"*": "×", "-": "−", "+": "+", "/": "/", "**": "^"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_IN_TIME = {"<": "before", "<=": "not after", ">": "after", ">=": "not before"}
_PARTS = ("month", "year", "day")
_OF_DURATIONS = {"years": "years in", "months": "months in", "days": "days in"}
_OVER_LISTS = ("count", "sum", "max", "min")
_DURATIONS = ("years and months duration",)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says expressions of one service in one language.

    `known` gives limits their numbers: under makspris (2 000 kr). `elements` are the names that stand for one element
    of a list at a time: the sentence says whose already. `values`: a compared number is told with its value too.
    """

    naming: Naming
    known: Mapping[str, Value]
    elements: frozenset[str] = frozenset()
    values: bool = False

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
        return self.words("quoted", " ".join(source[node.start : node.end].split()))

    def inside(self, *names: str) -> "Speaker":
        """Return a speaker for what is said of each element of a list: what is known is known of none of them."""
        known = {name: value for name, value in self.known.items() if not self.naming.is_of_items(name)}
        return replace(self, known=known, elements=self.elements | set(names))

    def cell(self, label: str, test: Node, source: str, *, holds: bool, value: str, unit: str = "") -> str:
        """Return a cell in words: "inntekt er 500 000 kr, som er under 642 700 kr", or with `holds` false "ikke under".

        `value` is the input's own value in words, empty where it may not be shown; `unit` what its limits are in.
        """
        if isinstance(test, nodes.UnaryTests) and test.negated and value:
            said = self.test(replace(test, negated=False), source, unit)
            return self.words("is, which is not" if holds else "is, which is", label, value, said)
        wanted = self.test(test, source, unit)
        only = test.tests[0] if isinstance(test, nodes.UnaryTests) and len(test.tests) == 1 else test
        if not holds and isinstance(only, nodes.Test) and only.op in (">=", "<=") and value:
            # "Ikke minst" says something else in Norwegian.
            opposite = self.compared(_OPPOSITE[only.op], only.operand, source, unit)
            return self.words("is, which is", label, value, opposite)
        if not holds:
            return self.words("is, not", label, value or "–", wanted)
        if not value or value == wanted:
            return self.words("is", label, wanted)
        return self.words("is, which is", label, value, wanted)

    def test(self, node: Node, source: str, unit: str = "") -> str:
        """Return a unary test in words: under 642 700 kr."""
        if isinstance(node, nodes.UnaryTests) and not node.tests:
            return self.written(node, source)
        if isinstance(node, nodes.UnaryTests):
            said = self.listed([self.test(one, source, unit) for one in node.tests], "or")
            return self.words("!=", said) if node.negated else said
        if isinstance(node, nodes.Test):
            return self.compared(node.op, node.operand, source, unit)
        if isinstance(node, nodes.RangeOf):
            return self.range(node, source, unit)
        if isinstance(node, nodes.ListOf) and node.items:
            return self.listed([self.test(one, source, unit) for one in node.items], "or")
        return self.limit(node, source, unit)

    def compared(self, op: str, to: Node, source: str, unit: str = "", *, in_time: bool = False) -> str:
        """Return what something is compared with: under 642 700 kr, before 1 August."""
        is_ordered = in_time or self.in_order(to)
        return self.words(_IN_TIME.get(op, op) if is_ordered else op, self.limit(to, source, unit))

    def in_order(self, node: Node) -> bool:
        """Tell whether a node gives what comes before or after, and is not less or more: a day, a text."""
        return kind_of(self.naming, self.known, node) in ("date", "text")

    def limit(self, node: Node, source: str, unit: str = "") -> str:
        """Return a limit in words; a named number or day with its value, never a text: it may be a person's number."""
        if isinstance(node, nodes.Literal) and node.unit is None and isinstance(node.value, Decimal):
            return self.naming.value(node.value, unit)
        said = self.say(node, source)
        if isinstance(node, nodes.Name) and node.name not in self.elements and self._may_tell(node.name):
            value = self.naming.value(self.known[node.name], self.naming.unit(node.name))
            return f"{said} ({value})"
        return said

    def _may_tell(self, name: str) -> bool:
        return isinstance(self.known.get(name), Decimal | date) and self.naming.may_tell(name)

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

    def clause(self, node: Node, source: str) -> str:
        """Return a condition as a clause: the name of a yes or no as "svaret på «eier boligen» er ja"."""
        if isinstance(node, nodes.Name | nodes.Path):
            return self.answered(node, source, yes=True)
        return self.say(node, source) if is_condition(node) else self.words("is true", self.say(node, source))

    def denied(self, node: Node, source: str) -> str:
        """Return the opposite of a condition as a clause."""
        say = _DENIERS.get(type(node))
        if say is not None:
            return say(self, node, source)
        return self.words("is not true", self.say(node, source))

    def answered(self, node: Node, source: str, *, yes: bool) -> str:
        """Return that something is yes, or no, as a clause: the answer to «eier boligen» is no."""
        return self.words("is", self.answer(self.say(node, source)), self.words("true" if yes else "false"))

    def listed(self, said: list[str], last: str) -> str:
        """Return a list in words: 1, 2 og 3."""
        head = ", ".join(said[:-1])
        return f"{head} {self.words(last)} {said[-1]}" if head else said[-1]

    def answer(self, label: str) -> str:
        """Return what a yes or no is called: svaret på «eier boligen»."""
        return self.words("the answer", label.strip("«»“”"))


def _literal(speaker: Speaker, node: nodes.Literal, source: str) -> str:
    del source
    if node.value is None or isinstance(node.value, bool):
        return speaker.words({None: "null", True: "true", False: "false"}[node.value])
    if isinstance(node.value, str):
        return speaker.words("quoted", node.value)
    return speaker.naming.value(node.value, node.unit or "")


def _name(speaker: Speaker, node: nodes.Name, source: str) -> str:
    del source
    return speaker.words("it") if node.name in speaker.elements else speaker.naming.called(node.name)


def _path(speaker: Speaker, node: nodes.Path, source: str) -> str:
    if isinstance(node.base, nodes.Name) and node.base.name in speaker.elements:
        return speaker.naming.called(node.name)
    base = speaker.say(node.base, source)
    if node.name in _PARTS:
        return speaker.words(node.name, base)
    if node.name in _OF_DURATIONS and not speaker.naming.is_named(node.name):
        return speaker.words(_OF_DURATIONS[node.name], base)
    return speaker.words("of", speaker.naming.called(node.name), base)


def _call(speaker: Speaker, node: nodes.Call, source: str) -> str:
    function, arguments = called(node), node.arguments
    if function == "not" and len(arguments) == 1:
        return speaker.denied(arguments[0], source)
    if function == "date" and len(arguments) == 3:  # noqa: PLR2004 - year, month, day
        return _day(speaker, node, source)
    if function in _DURATIONS and len(arguments) == 2:  # noqa: PLR2004 - from, to
        return speaker.words("time between", *(speaker.say(one, source) for one in arguments))
    if function in BOUNDS and len(arguments) > 1:
        key = BOUNDS[function] if speaker.in_order(arguments[0]) else function
        return speaker.words(key, speaker.listed([speaker.limit(one, source) for one in arguments], "and"))
    if function in _OVER_LISTS and arguments:
        said = [_over(speaker, one, source) for one in arguments]
        return speaker.words(function, speaker.listed(said, "and"))
    return speaker.written(node, source)


def _over(speaker: Speaker, node: Node, source: str) -> str:
    """Say what is counted or summed: "personinntekt for alle i husholdning"."""
    if isinstance(node, nodes.Path):
        return speaker.words("of all", speaker.naming.called(node.name), speaker.say(node.base, source))
    return speaker.say(node, source)


def _day(speaker: Speaker, node: nodes.Call, source: str) -> str:
    """Say `date(x.year, 8, 1)` and `date(x.year, x.month, 1)`; any other as it is written."""
    year, month, day = node.arguments
    if not (isinstance(day, nodes.Literal) and isinstance(day.value, Decimal)):
        return speaker.written(node, source)
    if isinstance(month, nodes.Literal) and month.value in range(1, 13):
        name = month_name(int(month.value), speaker.language)
        return speaker.words("on the day", str(day.value), name, _in_year(speaker, year, source))
    if (
        isinstance(year, nodes.Path)
        and isinstance(month, nodes.Path)
        and (year.name, month.name) == _PARTS[1::-1]
    ):
        return speaker.words("day of month", str(day.value), speaker.say(month.base, source))
    return speaker.written(node, source)


def _in_year(speaker: Speaker, year: Node, source: str) -> str:
    """Say `x.year`, `x.year + 1` and `x.year - 1` as a year: the same as x, the one after, the one before."""
    key, of = "same year", year
    if isinstance(year, nodes.Arithmetic) and year.op in "+-" and is_number(year.right, 1):
        key, of = "year after" if year.op == "+" else "year before", year.left
    if isinstance(of, nodes.Path) and of.name == "year":
        return speaker.words(key, speaker.say(of.base, source))
    return speaker.words("in the year", speaker.say(year, source))


def _logic(speaker: Speaker, node: nodes.Logic, source: str) -> str:
    return _joined(speaker, node, source, node.op, speaker.clause)


def _joined(
    speaker: Speaker, node: nodes.Logic, source: str, word: str, say: Callable[[Node, str], str]
) -> str:
    parts = [
        f"({say(item, source)})"
        if isinstance(item, nodes.Logic) and item.op != node.op
        else say(item, source)
        for item in node.items
    ]
    return f" {speaker.words(word)} ".join(parts)


def _compare(speaker: Speaker, node: nodes.Compare, source: str) -> str:
    if (
        isinstance(node.right, nodes.Literal)
        and isinstance(node.right.value, bool)
        and node.op in ("=", "!=")
    ):
        holds = node.right.value is (node.op == "=")
        return speaker.clause(node.left, source) if holds else speaker.denied(node.left, source)
    left = speaker.limit(node.left, source) if speaker.values else speaker.say(node.left, source)
    unit = _unit(speaker, node.left)
    if node.op == "!=":
        return speaker.words("is not", left, speaker.limit(node.right, source, unit))
    in_time = speaker.in_order(node.left)
    return speaker.words("is", left, speaker.compared(node.op, node.right, source, unit, in_time=in_time))


def _arithmetic(speaker: Speaker, node: nodes.Arithmetic, source: str) -> str:
    if (
        node.op in "+-"
        and is_duration(node.right)
        and kind_of(speaker.naming, speaker.known, node.left) == "date"
    ):
        key = "later" if node.op == "+" else "earlier"
        return speaker.words(key, speaker.say(node.right, source), speaker.say(node.left, source))
    sides = [
        f"({speaker.say(side, source)})"
        if binds_looser(side, node.op, is_right=side is node.right)
        else speaker.say(side, source)
        for side in (node.left, node.right)
    ]
    return f" {_SIGNS[node.op]} ".join(sides)


def _filter(speaker: Speaker, node: nodes.Filter, source: str) -> str:
    condition = speaker.inside("item").clause(node.condition, source)
    return speaker.words("of them", speaker.say(node.base, source), condition)


def _quantified(speaker: Speaker, node: nodes.Quantified, source: str) -> str:
    return _of_each(speaker, node, source, node.kind)


def _of_each(speaker: Speaker, node: nodes.Quantified, source: str, key: str) -> str:
    if len(node.iterations) > 1:
        return speaker.words("is true" if key == node.kind else "is not true", speaker.written(node, source))
    one = node.iterations[0]
    body = speaker.inside(one.name).clause(node.body, source)
    return speaker.words(key, body, speaker.say(one.source, source))


def _unit(speaker: Speaker, node: Node) -> str:
    return speaker.naming.unit(node.name) if isinstance(node, nodes.Name | nodes.Path) else ""


def _within(speaker: Speaker, node: nodes.In, source: str, key: str) -> str:
    operand = speaker.say(node.operand, source)
    if len(node.tests) == 1 and isinstance(node.tests[0], nodes.Name | nodes.Path):
        return speaker.words(
            "among" if key == "is" else "not among", operand, speaker.say(node.tests[0], source)
        )
    unit = _unit(speaker, node.operand)
    tests = [speaker.test(one, source, unit) for one in node.tests]
    return speaker.words(key, operand, speaker.listed(tests, "or"))


def _from_to(speaker: Speaker, node: nodes.Between, source: str, key: str) -> str:
    unit = _unit(speaker, node.operand)
    ends = (speaker.limit(one, source, unit) for one in (node.low, node.high))
    return speaker.words(key, speaker.say(node.operand, source), speaker.words("between", *ends))


def _known(speaker: Speaker, node: nodes.Known, source: str) -> str:
    return speaker.words("known" if node.known else "unknown", speaker.say(node.operand, source))


def _if(speaker: Speaker, node: nodes.If, source: str) -> str:
    yes, no = (speaker.say(part, source) for part in (node.yes, node.no))
    return speaker.words("if", speaker.clause(node.condition, source), yes, no)


def _list(speaker: Speaker, node: nodes.ListOf, source: str) -> str:
    return speaker.listed([speaker.say(item, source) for item in node.items], "and") if node.items else "–"


def _negate(speaker: Speaker, node: nodes.Negate, source: str) -> str:
    said = speaker.say(node.operand, source)
    return f"−({said})" if isinstance(node.operand, nodes.Arithmetic) else f"−{said}"


def _not_compared(speaker: Speaker, node: nodes.Compare, source: str) -> str:
    opposite = nodes.Compare(node.start, node.end, _OPPOSITE[node.op], node.left, node.right)
    return _compare(speaker, opposite, source)


def _not_all(speaker: Speaker, node: nodes.Logic, source: str) -> str:
    return _joined(speaker, node, source, {"and": "or", "or": "and"}[node.op], speaker.denied)


def _not_of_each(speaker: Speaker, node: nodes.Quantified, source: str) -> str:
    return _of_each(speaker, node, source, {"some": "none", "every": "not every"}[node.kind])


def _not_known(speaker: Speaker, node: nodes.Known, source: str) -> str:
    return speaker.words("unknown" if node.known else "known", speaker.say(node.operand, source))


def _not_called(speaker: Speaker, node: nodes.Call, source: str) -> str:
    if called(node) == "not" and len(node.arguments) == 1:
        return speaker.clause(node.arguments[0], source)
    return speaker.words("is not true", speaker.written(node, source))


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
    nodes.In: lambda speaker, node, source: _within(speaker, node, source, "is"),
    nodes.Between: lambda speaker, node, source: _from_to(speaker, node, source, "is"),
    nodes.Known: _known,
    nodes.If: _if,
    nodes.ListOf: _list,
    nodes.Negate: _negate,
}
_DENIERS: dict[type[Node], Callable[[Speaker, Any, str], str]] = {
    nodes.Name: lambda speaker, node, source: speaker.answered(node, source, yes=False),
    nodes.Path: lambda speaker, node, source: speaker.answered(node, source, yes=False),
    nodes.Compare: _not_compared,
    nodes.Logic: _not_all,
    nodes.Quantified: _not_of_each,
    nodes.In: lambda speaker, node, source: _within(speaker, node, source, "is not"),
    nodes.Between: lambda speaker, node, source: _from_to(speaker, node, source, "is not"),
    nodes.Known: _not_known,
    nodes.Call: _not_called,
}
