"""What can be wrong: in a text (``FeelSyntaxError``) and in a calculation (``Diagnostic``, ``Fault``)."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class FeelSyntaxError(ValueError):
    """A text that is not FEEL, or that uses a name nobody gave.

    ``start`` and ``end`` are character offsets into the text; ``expected`` lists what could have
    stood there; ``suggestion`` is the nearest known name for a misspelt one, or ``None``.
    """

    def __init__(
        self,
        message: str,
        start: int,
        end: int,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
    ) -> None:
        hint = f" Did you mean “{suggestion}”?" if suggestion else ""
        super().__init__(f"{message}{hint}")
        self.message = message
        self.start = start
        self.end = end
        self.expected = expected
        self.suggestion = suggestion

    def moved(self, offset: int) -> "FeelSyntaxError":
        """Give the same error for a text that stands ``offset`` characters into a larger one."""
        return FeelSyntaxError(
            self.message, self.start + offset, self.end + offset, self.expected, self.suggestion
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


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that a misspelt one most likely meant."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.72)
    return found[0] if found else None
