"""Where the parser is: the current token, the names in scope, and how to say what is wrong."""

from typing import NoReturn, TypeVar

from dugnad.rulebook.feel.builtins import BUILTIN_NAMES
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError, listed, nearest
from dugnad.rulebook.feel.grammar.mistakes import (
    NONE,
    advice_at,
    function_advice,
    name_advice,
    property_advice,
)
from dugnad.rulebook.feel.grammar.nodes import Arithmetic, Literal, Name, Node, children
from dugnad.rulebook.feel.grammar.scope import Dialect, Scope, Shape
from dugnad.rulebook.feel.grammar.tokens import Token, tokenize

__all__ = ["MAX_DEPTH", "MAX_NESTING", "STOP_WORDS", "Cursor", "Dialect", "too_deep"]

STOP_WORDS = frozenset({"and", "or", "then", "else", "in", "between", "return", "satisfies", "instance"})
"""Words that end a name nobody declared."""
MAX_NESTING = 100
"""Brackets within brackets: more is refused rather than left to Python's own limit."""
MAX_DEPTH = 200
"""Levels of the tree, so that evaluating it stays within Python's stack."""

_SIGNS_IN_NAMES = frozenset("./-’'+*?")
_SIGNS_AND_WORDS = frozenset(("symbol", "word"))
_LEAVES = frozenset((Literal, Name))
_NO_TYPES = Scope({})
_BUILTINS = Scope(dict.fromkeys(BUILTIN_NAMES))
_N = TypeVar("_N", bound=Node)


def too_deep(start: int, end: int) -> FeelSyntaxError:
    """Make the error of an expression with too many levels within each other."""
    hint = "Divide it: give a part a name of its own."
    message = f"The expression has more than {MAX_NESTING} levels of brackets, or {MAX_DEPTH} parts that build on each other."
    return FeelSyntaxError(message, start, end, hint=hint)


class Cursor:
    """Tokens, position, scope."""

    def __init__(self, text: str, scope: Scope, dialect: Dialect, types: Scope = _NO_TYPES) -> None:
        self.text = text
        self.types = types
        self.tokens = tokenize(text)
        self.at = 0
        self.scope = scope
        self.dialect = dialect
        self.nesting = 0
        self._depths: dict[int, tuple[Node, int]] = {}
        self._here: tuple[int, Scope, tuple[str, int] | None] = (-1, scope, None)
        self._shapes: dict[int, tuple[Node, Shape]] = {}

    @property
    def token(self) -> Token:
        """The token the parser stands at."""
        return self.tokens[self.at]

    def after(self, steps: int = 1) -> Token:
        """Look ahead; past the end stands the end token."""
        at = self.at + steps
        return self.tokens[at] if at < len(self.tokens) else self.tokens[-1]

    def sees(self, *texts: str) -> bool:
        """Tell whether the current token is one of these symbols or words (never a string)."""
        token = self.tokens[self.at]
        return token.text in texts and token.kind in _SIGNS_AND_WORDS

    def take(self) -> Token:
        """Step past the current token and give it."""
        token = self.token
        if token.kind != "end":
            self.at += 1
        return token

    def accept(self, text: str) -> bool:
        """Step past this symbol or word if it stands here."""
        found = self.sees(text)
        self.at += found
        return found

    def expect(self, *texts: str) -> Token:
        """Step past one of these, or say that one of them was expected."""
        if self.sees(*texts):
            return self.take()
        return self.fail(*texts)

    def fail(self, *expected: str) -> NoReturn:
        """Raise: something else than the expected stands here."""
        token = self.token
        advice = advice_at(self.text, self.tokens, self.at, expected)
        start = token.start if advice.start is None else advice.start
        end = token.end if advice.end is None else advice.end
        found = f"“{self.text[start:end]}”" if end > start else "the end of the expression"
        raise FeelSyntaxError(
            f"Expected {listed(expected)}, found {found}.",
            start,
            end,
            expected,
            advice.suggestion,
            advice.hint,
        )

    def made(self, node: _N) -> _N:
        """Note a new node; refuses a tree deeper than can be evaluated safely.

        A chain of operators is one level, but in rules written for people, whose checks and sentences walk down it.
        """
        if type(node) in _LEAVES:
            return node
        left = node.left if isinstance(node, Arithmetic) and self.dialect != "dugnad" else None
        spine = left if isinstance(left, Arithmetic) else None
        depth = 2
        for part in children(node):
            known = self._depths.get(id(part))
            if known is not None:
                depth = max(depth, known[1] + (part is not spine))
        if depth > MAX_DEPTH:
            raise too_deep(node.start, node.end)
        self._depths[id(node)] = (node, depth)
        return node

    def shaped(self, node: _N, shape: Shape | None) -> _N:
        """Note what is known about the properties of a node's value."""
        if shape is not None:
            self._shapes[id(node)] = (node, shape)
        return node

    def shape(self, node: Node) -> Shape | None:
        """Give what is known about the properties of a node's value."""
        found = self._shapes.get(id(node))
        return found[1] if found else None

    # names

    def stops_name(self, token: Token, following: Token) -> bool:
        """Tell whether a name cannot go on with this token."""
        if token.kind not in ("word", "number") or token.text in STOP_WORDS or token.text.startswith("."):
            return True
        return self.dialect == "dugnad" and token.text == "is" and following.text in ("known", "unknown")

    def plain_span(self) -> tuple[str, int]:
        """Read words that stand beside each other as one name, without knowing any names."""
        steps = 1
        while not self.stops_name(self.after(steps), self.after(steps + 1)):
            steps += 1
        last = self.tokens[self.at + steps - 1]
        return " ".join(self.text[self.token.start : last.end].split()), steps

    def new_span(self) -> tuple[str, int]:
        """Read a name that is being given; in DMN it may hold symbols, whatever names are known (grammar rule 30)."""
        _, steps = self.plain_span()
        while self.dialect == "dmn" and self.after(steps).text in _SIGNS_IN_NAMES:
            steps += 1
            while not self.stops_name(self.after(steps), self.after(steps + 1)):
                steps += 1
        last = self.tokens[self.at + steps - 1]
        return " ".join(self.text[self.token.start : last.end].split()), steps

    def name_here(self) -> tuple[str, int] | None:
        """Find the declared or built-in name that starts here; the longest wins, declared before built-in."""
        if self._here[0] == self.at and self._here[1] is self.scope:
            return self._here[2]
        found = self.scope.match(self.tokens, self.at)
        builtin = _BUILTINS.match(self.tokens, self.at)
        if builtin and (found is None or (builtin[1] > found[1] and self.after(builtin[1]).text == "(")):
            found = builtin
        self._here = (self.at, self.scope, found)
        return found

    def read_name(self) -> str:
        """Read a name in scope. Raises FeelSyntaxError with a suggestion where names are known and this is
        none.
        """
        found = self.name_here()
        plain, steps = self.plain_span()
        if found is not None and found[1] >= steps:
            self.at += found[1]
            return found[0]
        if self.scope.closed:
            self.unknown_name(plain, steps, found[1] if found else 0)
        self.at += steps
        return plain

    def unknown_name(self, plain: str, steps: int, known: int) -> NoReturn:
        """Raise: nobody gave this name. ``known`` of its ``steps`` tokens are a name by themselves."""
        words = self.tokens[self.at : self.at + steps]
        front = " ".join(word.text for word in words[:known])
        advice = function_advice(front, self.after(steps)) if front in BUILTIN_NAMES else NONE
        if advice == NONE:
            advice = name_advice(words[known:], self.text[self.after(steps).start :])
        suggestion, hint = advice.suggestion, advice.hint
        start = words[0].start if advice.start is None else advice.start
        end = words[-1].end if advice.end is None else advice.end
        if advice == NONE:
            suggestion = nearest(plain, [*self.scope.all_names(), *BUILTIN_NAMES])
            if known and suggestion in (None, front):
                suggestion, hint = None, f"“{front}” is a name: what should stand between it and the rest?"
        found = self.text[start:end] if advice.start is not None else plain
        raise FeelSyntaxError(f"Unknown name “{found}”.", start, end, ("a known name",), suggestion, hint)

    def read_new_name(self) -> str:
        """Read a name that is being declared: a parameter, the variable of a loop."""
        if self.token.kind != "word":
            self.fail("a name")
        name, steps = self.new_span()
        self.at += steps
        return name

    def read_property(self, shape: Shape | None) -> str:
        """Read the name after a dot; checked where the properties are known."""
        if shape:
            properties = Scope(shape)
            found = properties.match(self.tokens, self.at)
            if found is not None:
                self.at += found[1]
                return found[0]
        if self.token.kind != "word":
            self.fail("the name of a property")
        name, steps = self.plain_span()
        if shape and self.scope.closed and self.dialect != "dmn":
            end = self.tokens[self.at + steps - 1].end
            raise FeelSyntaxError(
                f"Unknown property “{name}”.",
                self.token.start,
                end,
                tuple(shape),
                nearest(name, shape),
                property_advice(name),
            )
        self.at += steps
        return name
