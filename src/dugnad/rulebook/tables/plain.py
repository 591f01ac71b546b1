"""Cells that are written plainly: a number, a text, a comparison with a number, a range between two.

Most cells of a large table are; reading them here takes a tenth of the time the grammar takes and gives the very
same tree. Everything else, and everything that is not quite right, is left to the grammar and its messages.
"""

import re
from decimal import DecimalException

from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import CONTEXT

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_OPERAND = re.compile(rf'(?P<number>{_NUMBER})|"(?P<text>[^"\\\ud800-\udfff]*)"|(?P<truth>true|false)')
_COMPARED = re.compile(rf"(?P<op><=|>=|<|>)\s*(?P<number>{_NUMBER})")
_RANGE = re.compile(
    rf"(?P<start>[\[(\]])\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})\s*(?P<end>[\])\[])"
)


def plain_output(text: str, at: int) -> Node | None:
    """Read an output cell that is one constant; ``at`` is where the text stands in the file."""
    found = _OPERAND.fullmatch(text)
    return None if found is None else _constant(found, at)


def plain_test(text: str, at: int) -> nodes.UnaryTests | None:
    """Read an input cell that is one constant, comparison or range, or accepts anything."""
    end = at + len(text)
    if text in ("", "-"):
        return nodes.UnaryTests(at, end, ())
    test = _test(text, at)
    return None if test is None else nodes.UnaryTests(at, end, (test,))


def _test(text: str, at: int) -> Node | None:
    found = _OPERAND.fullmatch(text)
    if found is not None:
        return _constant(found, at)
    found = _COMPARED.fullmatch(text)
    if found is not None:
        operand = _number(found["number"], at + found.start("number"))
        return None if operand is None else nodes.Test(at, at + len(text), found["op"], operand)
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = (_number(found[name], at + found.start(name)) for name in ("low", "high"))
    if low is None or high is None:
        return None
    return nodes.RangeOf(at, at + len(text), low, high, found["start"] == "[", found["end"] == "]")


def _constant(found: re.Match[str], at: int) -> Node | None:
    if found["number"] is not None:
        return _number(found["number"], at)
    value = found["text"] if found["text"] is not None else found["truth"] == "true"
    return nodes.Literal(at, at + found.end(), value)


def _number(text: str, at: int) -> Node | None:
    end = at + len(text)
    try:
        value = CONTEXT.create_decimal(text.lstrip("-"))
    except DecimalException:
        return None
    literal = nodes.Literal(end - len(text.lstrip("-")), end, value)
    return nodes.Negate(at, end, literal) if text.startswith("-") else literal
