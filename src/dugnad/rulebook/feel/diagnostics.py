"""What can be wrong: in a text (``FeelSyntaxError``) and in a calculation (``Diagnostic``, ``Fault``)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class FeelSyntaxError(ValueError):
    """A text that is not FEEL, or that uses a name nobody gave.

    ``start`` and ``end`` are character offsets into the text; ``expected`` lists what could have
    stood there; ``suggestion`` is the nearest known name for a misspelt one, or what FEEL has for a sign or word it
    does not have; ``hint`` is a sentence on how to write it, where a word does not do.
    """

    def __init__(
        self,
        message: str,
        start: int,
        end: int,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
        hint: str = "",
    ) -> None:
        self.message = message
        self.start = start
        self.end = end
        self.expected = expected
        self.suggestion = suggestion
        self.hint = hint
        super().__init__(f"{message} {self.advice}".rstrip())

    @property
    def advice(self) -> str:
        """How to mend it, in a sentence; nothing where that cannot be told."""
        return self.hint or (f"Did you mean “{self.suggestion}”?" if self.suggestion else "")

    @property
    def mend(self) -> str:
        """How to mend it, in a sentence: at least what can stand there."""
        return self.advice or (f"Write {listed(self.expected)} there." if self.expected else "")

    def moved(self, offset: int) -> "FeelSyntaxError":
        """Give the same error for a text that stands ``offset`` characters into a larger one."""
        return FeelSyntaxError(
            self.message, self.start + offset, self.end + offset, self.expected, self.suggestion, self.hint
        )


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error on the evaluated path: FEEL gives null there, we also stop automation.

    ``code`` is stable and meant for machines and translation (``type-mismatch``, ``null-operand``,
    ``division-by-zero``, ``missing-property``, ``conversion``, ``no-row``, ``overlap`` …);
    ``start`` and ``end`` are offsets into the expression's text.
    """

    code: str
    message: str
    start: int
    end: int


class Fault(Exception):  # noqa: N818 - not an error a caller sees: it becomes null and a Diagnostic
    """Raised inside the evaluator where FEEL says the value is null because something is wrong.

    ``near`` is a name nobody knows and the names that are known: the nearest is suggested where the message is read.
    """

    def __init__(self, code: str, said: str, near: tuple[str, Iterable[str]] | None = None) -> None:
        super().__init__(said)
        self.code = code
        self._said = said
        self._near = near

    @property
    def message(self) -> str:
        """What is wrong, with a suggestion where one name is close to another."""
        found = None if self._near is None else nearest(*self._near)
        return f"{self._said} Did you mean “{found}”?" if found else self._said


def listed(things: Sequence[str]) -> str:
    """Join words and signs as a sentence does: a value, a name or “(”."""
    shown = [thing if thing[:1].isalpha() else f"“{thing}”" for thing in things]
    return " or ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that a misspelt one most likely meant, capitals or not."""
    by_letters = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), list(by_letters), n=1, cutoff=0.72)
    return by_letters[found[0]] if found else None
