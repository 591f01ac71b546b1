"""How much one evaluation may do. Everything that repeats counts its turns here."""

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import Env, Value

VALUES, RECORDER, WORK, FIRST_SLOT = 0, 1, 2, 3
"""What stands where in an environment; the slots of local names begin at ``FIRST_SLOT``."""
MAX_WORK = 3_000_000
"""Turns of loops and calls of written functions in one evaluation: seconds of work, and surely a mistake."""


def work(env: Env, turns: int = 1) -> None:
    """Count work done. Raises Fault when the evaluation has had its share."""
    left = env[WORK]
    left[0] -= turns
    if left[0] < 0:
        raise Fault("too-large", f"The calculation takes more than {MAX_WORK} turns and calls.")


def charge(env: Env, value: Value) -> Value:
    """Count a list or text that was made as work, by its size, so that copies of large ones are bounded, too.

    Gives the value. Raises Fault as ``work`` does.
    """
    kind = type(value)
    if kind is list:
        work(env, len(value) >> 2)
    elif kind is str:
        work(env, len(value) >> 7)
    return value
