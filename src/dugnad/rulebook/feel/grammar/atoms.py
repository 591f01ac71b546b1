"""The smallest parts of an expression: literals, brackets, contexts, function definitions, types."""

from abc import ABC, abstractmethod
from decimal import DecimalException

from dugnad.rulebook.feel.diagnostics import Fault, FeelSyntaxError
from dugnad.rulebook.feel.escapes import unquote
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.cursor import Cursor
from dugnad.rulebook.feel.grammar.mistakes import DATE, date_literal
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.quantities import in_unit, unit_at
from dugnad.rulebook.feel.grammar.refusals import LITERALS, refuse_date, refuse_three_points, refuse_type
from dugnad.rulebook.feel.grammar.scope import Scope, Shape
from dugnad.rulebook.feel.grammar.tokens import Token
from dugnad.rulebook.feel.temporal import parse_temporal
from dugnad.rulebook.feel.values import CONTEXT, Value

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_TYPE_NAMES = (
    "years and months duration",
    "days and time duration",
    "day and time duration",
    "date and time",
)
_ENDS_KEY = (",", "{", "}", "(", ")", "[", "]", "=", "<", ">", ";", ":=")
_TYPES = Scope(dict.fromkeys(_TYPE_NAMES))
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}


def wrong_literal(fault: Fault, token: Token, start: int) -> FeelSyntaxError:
    """Make the error of ``@"…"`` around what is no date, time or duration."""
    found = DATE.fullmatch(unquote(token.text))
    meant = date_literal(found) if found and found[6] else None
    hint = "" if found else LITERALS
    return FeelSyntaxError(fault.message, start, token.end, ("a date, time or duration",), meant, hint)


class Atoms(Cursor, ABC):
    """The parser's lower half."""

    @abstractmethod
    def expression(self) -> Node:
        """Parse any expression."""

    @abstractmethod
    def operand(self) -> Node:
        """Parse what may stand beside a comparison."""

    def number(self) -> Node:
        """Parse a number, with its unit in the dugnad dialect."""
        token = self.take()
        if self.dialect == "dugnad":
            refuse_date(self.text, token)
        try:
            value = CONTEXT.create_decimal(token.text)
        except DecimalException:
            raise FeelSyntaxError("The number is too large.", token.start, token.end) from None
        found = unit_at(self.tokens, self.at) if self.dialect == "dugnad" else None
        if found is None:
            return self.made(nodes.Literal(token.start, token.end, value))
        unit, steps = found
        self.at += steps
        return self.made(nodes.Literal(token.start, self.tokens[self.at - 1].end, in_unit(value, unit), unit))

    def string(self) -> Node:
        """Parse a text in quotation marks."""
        token = self.take()
        return self.made(nodes.Literal(token.start, token.end, unquote(token.text)))

    def at_literal(self) -> Node:
        """Parse ``@"2024-08-01"`` and its kin."""
        start = self.take().start
        if self.token.kind != "string":
            self.fail("a date, time or duration in quotation marks")
        token = self.take()
        try:
            value = parse_temporal(unquote(token.text))
        except Fault as fault:
            raise wrong_literal(fault, token, start) from None
        return self.made(nodes.Literal(start, token.end, value))

    def constant(self) -> Node:
        """Parse true, false, null."""
        token = self.take()
        return self.made(nodes.Literal(token.start, token.end, _CONSTANTS[token.text]))

    def name(self) -> Node:
        """Parse a name in scope."""
        start = self.token.start
        name = self.read_name()
        end = self.tokens[self.at - 1].end
        node = nodes.Name(start, end, name, self.scope.is_of_item(name), self.scope.has(name))
        return self.shaped(self.made(node), self.scope.shape(name))

    def parentheses(self) -> Node:
        """Parse ``( expression )``, ``(1..5)`` and ``(< 5)``."""
        start = self.take().start
        if self.sees(*COMPARISONS):
            inner: Node = self.test()
        else:
            inner = self.expression()
            if self.sees(".."):
                return self.range_from(start, inner, included=False)
        self.expect(")")
        return inner

    def test(self) -> Node:
        """Parse ``< 5``, the operator standing here."""
        op = self.take()
        operand = self.operand()
        return self.made(nodes.Test(op.start, operand.end, op.text, operand))

    def brackets(self) -> Node:
        """Parse ``[a, b]`` or ``[a..b]``."""
        start = self.take().start
        items: list[Node] = []
        if not self.sees("]"):
            items.append(self.element())
            if self.sees(".."):
                return self.range_from(start, items[0], included=True)
            while self.accept(","):
                if self.sees("]") and self.after().text in ("", ",", ")", "]", "}"):
                    self.fail("a value")
                items.append(self.element())
        end = self.expect("]", ",").end
        node = self.made(nodes.ListOf(start, end, tuple(items)))
        shapes = [self.shape(item) for item in items]
        return self.shaped(
            node, shapes[0] if shapes and all(shape == shapes[0] for shape in shapes) else None
        )

    def element(self) -> Node:
        """Parse an expression, or a test standing for a range."""
        return self.test() if self.sees(*COMPARISONS) else self.expression()

    def open_range(self) -> Node:
        """Parse ``]a..b]``, the first bracket standing here."""
        start = self.take().start
        low = self.operand()
        if not self.sees(".."):
            self.fail("..")
        return self.range_from(start, low, included=False)

    def range_from(self, start: int, low: Node, *, included: bool) -> Node:
        """Parse the rest of a range, from its two dots."""
        dots = self.expect("..")
        if self.dialect == "dugnad":
            refuse_three_points(dots, self.token)
        high = self.operand()
        end = self.expect("]", ")", "[")
        return self.made(nodes.RangeOf(start, end.end, low, high, included, end.text == "]"))

    def context(self) -> Node:
        """Parse ``{ key: value, … }``; later entries see earlier ones."""
        start = self.take().start
        outer = self.scope
        self.scope = Scope({}, outer, closed=True)
        shape: dict[str, Shape | None] = {}
        keys: list[str] = []
        items: list[Node] = []
        while not self.sees("}"):
            if items:
                self.expect(",", "}")
            mark = self.token
            key = self.key()
            if key in shape:
                raise FeelSyntaxError(f"The key “{key}” stands twice.", mark.start, mark.end)
            self.expect(":")
            if self.sees("function"):
                self.scope.add(key)  # a function may call itself
            item = self.expression()
            keys.append(key)
            items.append(item)
            shape[key] = self.shape(item)
            self.scope.add(key, shape[key])
        end = self.take().end
        self.scope = outer
        return self.shaped(self.made(nodes.ContextOf(start, end, tuple(keys), tuple(items))), shape)

    def key(self) -> str:
        """Parse a context key: a text, or everything up to the colon."""
        if self.token.kind == "string":
            return unquote(self.take().text)
        first = self.token
        if first.kind != "word":
            self.fail("a key", "}")
        while not self.sees(":"):
            if self.token.kind in ("end", "string") or self.sees(*_ENDS_KEY):
                self.fail(":")
            self.take()
        return " ".join(self.text[first.start : self.tokens[self.at - 1].end].split())

    def function(self) -> Node:
        """Parse ``function(a: type, b) body``."""
        start = self.take().start
        self.expect("(")
        names: list[str] = []
        types: list[nodes.TypeRef | None] = []
        while not self.sees(")"):
            if names:
                self.expect(",", ")")
            names.append(self.read_new_name())
            types.append(self.type() if self.accept(":") else None)
        self.take()
        external = self.accept("external")
        outer = self.scope
        self.scope = Scope(dict.fromkeys(names), outer, closed=not external)
        body = self.expression()
        self.scope = outer
        return self.made(nodes.Function(start, body.end, tuple(names), tuple(types), body, external))

    def type(self) -> nodes.TypeRef:
        """Parse a type: ``number``, ``list<string>``, ``context<a: number>``, ``function<number> ->
        string``.
        """
        self.enter()
        first = self.token
        found = _TYPES.match(self.tokens, self.at)
        if found is not None:
            self.at += found[1]
            name = found[0]
        else:
            if first.kind != "word":
                self.fail("a type")
            name = self.declared_type() or self.type_name()
        parts: list[nodes.TypeRef] = []
        keys: list[str] = []
        gives = False
        if name in ("list", "context", "function", "range") and self.accept("<"):
            while not self.sees(">"):
                if parts:
                    self.expect(",", ">")
                if name == "context":
                    keys.append(self.read_new_name())
                    self.expect(":")
                parts.append(self.type())
            self.take()
            gives = name == "function" and self.accept("->")
            if gives:
                parts.append(self.type())
        self.nesting -= 1
        ref = nodes.TypeRef(first.start, self.tokens[self.at - 1].end, name, tuple(parts), tuple(keys), gives)
        if self.dialect == "dugnad":
            refuse_type(ref)
        return self.made(ref)

    def declared_type(self) -> str | None:
        """Read the name of one of the model's own types, which may hold spaces and symbols."""
        found = self.types.match(self.tokens, self.at)
        if found is None:
            return None
        self.at += found[1]
        return found[0]

    def type_name(self) -> str:
        """Read the name of a type, dots of imported types included."""
        name, steps = self.plain_span()
        self.at += steps
        while self.sees(".") and self.after().kind == "word":
            self.take()
            more, steps = self.plain_span()
            self.at += steps
            name += f".{more}"
        return name

    @abstractmethod
    def enter(self) -> None:
        """Go one level deeper, or refuse."""
