"""What a person is told who asked for something that cannot be done: what, where, how to mend it."""

from collections.abc import Iterable

from dugnad.rulebook.located import suggest


class RefusedError(ValueError):
    """Asked wrongly. The text is one or more sentences for whoever typed the command; no personal data."""


def none_such(kind: str, name: str, known: Iterable[str]) -> RefusedError:
    """Say that nothing of this kind has this name, and what the nearest is called."""
    names = list(known)
    return RefusedError(f"There is no {kind} {name[:80]!r}. {suggest(name[:80], names)}".strip())
