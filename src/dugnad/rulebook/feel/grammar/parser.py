"""The grammar of FEEL (DMN 1.5, chapter 10.3.1) by precedence climbing, and the dialect of Dugnad on top."""

from collections.abc import Callable, Collection
from typing import NoReturn, TypeVar

from dugnad.rulebook.feel.bounds import ROOM
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.atoms import COMPARISONS, Atoms
from dugnad.rulebook.feel.grammar.cursor import MAX_NESTING, too_deep
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.refusals import (
    refuse_chain,
    refuse_decimal_comma,
    refuse_part_of_function,
    refuse_value,
)
from dugnad.rulebook.feel.grammar.scope import Dialect, Names, Scope, root_scope, type_scope
from dugnad.rulebook.feel.grammar.signatures import check_call
from dugnad.rulebook.feel.grammar.tokens import Token

__all__ = ["Names", "parse", "parse_type", "parse_unary_tests"]

_N = TypeVar("_N", bound=Node)
_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER = range(1, 7)
_STRENGTH: dict[str, int] = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys((*COMPARISONS, "between", "in"), _COMPARE),
    **dict.fromkeys("+-", _ADD),
    **dict.fromkeys("*/", _MULTIPLY),
    "**": _POWER,
}
_NO_FILTER = frozenset(
    {
        ")",
        "]",
        ",",
        ".",
        "}",
        "",
        "and",
        "or",
        "then",
        "else",
        "return",
        "satisfies",
        "in",
        "instance",
        "between",
    }
    | set(COMPARISONS)
)
"""What cannot begin a filter: the bracket before it closes a range like ``]1..5[``."""


def parse(
    text: str, *, names: Names = (), dialect: Dialect = "feel", types: Scope | Collection[str] = ()
) -> Node:
    """Parse an expression.

    ``names`` are the facts, rates and results it may use. As a plain collection, ``barn.alder`` declares a
    property where ``barn`` is a name too; as a mapping, every key is one name, dots and all, and its value is
    what is known of its properties. ``types`` are the names of the model's own types, for ``instance of``.
    Without any names, names are not checked, but in the dialect ``dmn`` they always are. Raises
    FeelSyntaxError, and nothing else, for any text.
    """
    return _bounded(
        text, lambda: _Parser(text, root_scope(names, dialect), dialect, type_scope(types)).whole()
    )


def parse_unary_tests(
    text: str, *, names: Names = (), dialect: Dialect = "feel", types: Scope | Collection[str] = ()
) -> Node:
    """Parse a table cell: ``-``, ``>= 3``, ``[1..5)``, ``"a","b"``, ``not(…)``, or a condition on ``?``."""
    return _bounded(
        text, lambda: _Parser(text, root_scope(names, dialect), dialect, type_scope(types)).cell()
    )


def parse_type(text: str, *, types: Scope | Collection[str] = ()) -> nodes.TypeRef:
    """Parse a type alone: ``number``, ``list<tPerson>``, ``function<number> -> string``."""
    return _bounded(text, lambda: _Parser(text, Scope({}), "feel", type_scope(types)).type_alone())


def _bounded(text: str, read: Callable[[], _N]) -> _N:
    """Turn what Python's own limit on nesting says into our own error."""
    try:
        with ROOM:
            return read()
    except RecursionError:
        raise too_deep(0, len(text)) from None


class _Parser(Atoms):
    """Expressions with operators; the parts below them are in ``Atoms``."""

    def whole(self) -> Node:
        node = self.test() if self.sees(*COMPARISONS) else self.expression()
        if self.token.kind != "end":
            self.fail("an operator", "the end of the expression")
        return node

    def type_alone(self) -> nodes.TypeRef:
        kind = self.type()
        if self.token.kind != "end":
            self.fail("the end of the type")
        return kind

    def cell(self) -> Node:
        end = len(self.text)
        if self.token.kind == "end" or (self.sees("-") and self.after().kind == "end"):
            return self.made(nodes.UnaryTests(0, end, ()))
        if self.sees("not") and self.after().text == "(":
            mark, scope = self.at, self.scope
            self.at += 2
            tests = self.tests()
            if self.accept(")") and self.token.kind == "end":
                return self.made(nodes.UnaryTests(0, end, tests, negated=True))
            self.at, self.scope = mark, scope
        tests = self.tests()
        if self.token.kind != "end":
            self.fail(",", "the end of the cell")
        return self.made(nodes.UnaryTests(0, end, tests))

    def tests(self) -> tuple[Node, ...]:
        found = [self.cell_test()]
        while self.sees(","):
            if self.dialect == "dugnad":
                refuse_decimal_comma(self.tokens[self.at - 1 : self.at + 2])
            self.take()
            found.append(self.cell_test())
        return tuple(found)

    def cell_test(self) -> Node:
        if self.dialect == "dugnad" and self.sees("is") and self.after().text in ("known", "unknown"):
            start = self.take().start
            word = self.take()
            subject = self.made(nodes.Name(start, start, "?"))
            return self.made(nodes.Known(start, word.end, subject, word.text == "known"))
        return self.element()

    def enter(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise too_deep(self.token.start, self.token.end)

    def expression(self) -> Node:
        self.enter()
        node = self.binary(_OR)
        self.nesting -= 1
        return node

    def operand(self) -> Node:
        self.enter()
        node = self.binary(_ADD)
        self.nesting -= 1
        return node

    def binary(self, least: int, left: Node | None = None) -> Node:
        """Climb from ``least`` upwards; ``left`` is what has been read of the first operand."""
        left = self.unary() if left is None else left
        while True:
            token = self.token
            strength = _STRENGTH.get(token.text, 0) if token.kind in ("symbol", "word") else 0
            if least <= _COMPARE and self.dialect == "dugnad" and self.sees("is"):
                left = self.known(left)
            elif strength < least or strength == 0:
                return left
            elif strength <= _AND:
                left = self.logic(left, token.text, strength)
            elif strength == _COMPARE:
                left = self.comparison(left)
            else:
                self.take()
                right = self.binary(strength + 1)
                left = self.made(nodes.Arithmetic(left.start, right.end, token.text, left, right))

    def logic(self, left: Node, op: str, strength: int) -> Node:
        items = [left]
        while self.accept(op):
            items.append(self.binary(strength + 1))
        return self.made(nodes.Logic(left.start, items[-1].end, "and" if op == "and" else "or", tuple(items)))

    def known(self, left: Node) -> Node:
        self.take()
        word = self.expect("known", "unknown")
        return self.made(nodes.Known(left.start, word.end, left, word.text == "known"))

    def comparison(self, left: Node) -> Node:
        sign = self.take()
        op = sign.text
        if op == "between":
            low = self.binary(_ADD)
            self.expect("and")
            high = self.binary(_ADD)
            return self.made(nodes.Between(left.start, high.end, left, low, high))
        if op == "in":
            tests = self.in_tests()
            return self.made(nodes.In(left.start, self.tokens[self.at - 1].end, left, tests))
        right = self.binary(_ADD)
        if self.dialect == "dugnad":
            refuse_chain(self.text, left, sign, right)
        return self.made(nodes.Compare(left.start, right.end, op, left, right))

    def in_tests(self) -> tuple[Node, ...]:
        if not self.sees("("):
            return (self.test() if self.sees(*COMPARISONS) else self.binary(_ADD),)
        start = self.take().start
        found = [self.element()]
        if self.sees(".."):
            return (self.range_from(start, found[0], included=False),)
        while self.accept(","):
            found.append(self.element())
        self.expect(")", ",")
        if len(found) > 1 or isinstance(found[0], nodes.Test):
            return tuple(found)
        return (self.binary(_ADD, self.postfixes(found[0])),)

    def unary(self) -> Node:
        if not self.sees("-"):
            return self.postfix()
        signs = []
        while self.sees("-"):
            signs.append(self.take())
        node = self.postfix()
        if isinstance(node, nodes.InstanceOf) and isinstance(node.operand, nodes.Literal):
            sign = signs.pop()  # the sign of a number is part of it (grammar rule 35)
            number = self.made(nodes.Negate(sign.start, node.operand.end, node.operand))
            node = self.made(nodes.InstanceOf(sign.start, node.end, number, node.type))
        for sign in reversed(signs):
            node = self.made(nodes.Negate(sign.start, node.end, node))
        return node

    def postfix(self) -> Node:
        return self.postfixes(self.primary())

    def postfixes(self, node: Node) -> Node:
        while True:
            if self.sees(".") and self.after().kind == "word":
                point = self.take()
                name = self.read_property(self.shape(node))
                if self.dialect == "dugnad":
                    refuse_part_of_function(node, name, point.start, self.tokens[self.at - 1].end)
                shape = (self.shape(node) or {}).get(name)
                node = self.shaped(
                    self.made(nodes.Path(node.start, self.tokens[self.at - 1].end, node, name)), shape
                )
            elif self.sees("[") and self.after().text not in _NO_FILTER:
                node = self.filter(node)
            elif self.sees("("):
                node = self.call(node)
            elif self.sees("instance") and self.after().text == "of":
                self.at += 2
                kind = self.type()
                node = self.made(nodes.InstanceOf(node.start, kind.end, node, kind))
            else:
                return node

    def filter(self, base: Node) -> Node:
        self.take()
        shape = self.shape(base)
        outer = self.scope
        closed = shape is not None and self.dialect != "dmn"
        self.scope = Scope({"item": shape, **(shape or {})}, outer, closed=closed, of_item=True)
        condition = self.expression()
        self.scope = outer
        end = self.expect("]").end
        return self.shaped(self.made(nodes.Filter(base.start, end, base, condition)), shape)

    def call(self, target: Node) -> Node:
        self.take()
        arguments: list[Node] = []
        named: list[str] = []
        places: list[Token] = []
        while not self.sees(")"):
            if arguments:
                self.expect(",", ")")
            place = self.token
            name = self.argument_name()
            if (name is None) == bool(named) and arguments:
                hint = "Write f(name: value, other name: value), or f(value, value)."
                message = "The arguments of a call all have names, or none has."
                raise FeelSyntaxError(message, place.start, place.end, (), None, hint)
            if name is not None:
                named.append(name)
                places.append(place)
            arguments.append(self.element())
        end = self.take().end
        call = nodes.Call(target.start, end, target, tuple(arguments), tuple(named) if named else None)
        if self.dialect == "dugnad":
            check_call(call, places)
            refuse_value(call)
        return self.made(call)

    def argument_name(self) -> str | None:
        if self.token.kind != "word":
            return None
        name, steps = self.new_span()
        if self.after(steps).text != ":":
            return None
        self.at += steps + 1
        return name

    def primary(self) -> Node:
        token = self.token
        kinds = {"number": self.number, "string": self.string, "word": self.word}
        if token.kind in kinds:
            return kinds[token.kind]()
        if self.name_here() is not None:
            return self.name()
        if token.text == "?":
            self.take()
            return self.made(nodes.Name(token.start, token.end, "?"))
        starts = {
            "(": self.parentheses,
            "[": self.brackets,
            "]": self.open_range,
            "{": self.context,
            "@": self.at_literal,
        }
        return starts.get(token.text, self.no_value)()

    def no_value(self) -> NoReturn:
        self.fail("a value", "a name", "(")

    def word(self) -> Node:
        found = self.name_here()
        text = self.token.text
        if found is not None and (found[1] > 1 or text not in ("true", "false", "null")):
            return self.name()
        keywords = {
            "if": self.condition,
            "for": self.loop,
            "some": self.quantified,
            "every": self.quantified,
            "function": self.function,
            "true": self.constant,
            "false": self.constant,
            "null": self.constant,
        }
        return keywords.get(text, self.name)()

    def condition(self) -> Node:
        start = self.take().start
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        no = self.expression()
        node = self.made(nodes.If(start, no.end, condition, yes, no))
        return self.shaped(node, self.shape(yes) if self.shape(yes) == self.shape(no) else None)

    def iterations(self) -> tuple[nodes.Iteration, ...]:
        found: list[nodes.Iteration] = []
        while not found or self.accept(","):
            start = self.token.start
            name = self.read_new_name()
            self.expect("in")
            source = self.element()
            if self.accept(".."):
                high = self.expression()
                source = self.made(nodes.Span(source.start, high.end, source, high))
            found.append(self.made(nodes.Iteration(start, source.end, name, source)))
            self.scope = Scope({name: self.shape(source)}, self.scope, closed=True)
        return tuple(found)

    def loop(self) -> Node:
        start = self.take().start
        outer = self.scope
        iterations = self.iterations()
        self.expect("return")
        self.scope = Scope({"partial": None}, self.scope, closed=True)
        body = self.expression()
        self.scope = outer
        return self.shaped(self.made(nodes.For(start, body.end, iterations, body)), self.shape(body))

    def quantified(self) -> Node:
        start = self.token.start
        kind = "some" if self.take().text == "some" else "every"
        outer = self.scope
        iterations = self.iterations()
        self.expect("satisfies")
        body = self.expression()
        self.scope = outer
        return self.made(
            nodes.Quantified(start, body.end, "some" if kind == "some" else "every", iterations, body)
        )
