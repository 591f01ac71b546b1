"""How much one evaluation may do, and how deep it may go. Everything that repeats or calls counts here."""

import sys
from threading import Lock

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import Code, Env, Value

VALUES, RECORDER, WORK, FIRST_SLOT = 0, 1, 2, 3
"""What stands where in an environment; the slots of local names begin at ``FIRST_SLOT``."""
MAX_WORK = 3_000_000
"""Turns of loops and calls of written functions in one evaluation: seconds of work, and surely a mistake."""
MAX_LEVELS = 20_000
"""How deep functions may call each other, in levels of their bodies: a short function some 2,000 times over."""
_SHALLOW = 60
_FRAMES_A_LEVEL = 6


class TooDeepError(RecursionError):
    """Functions that call each other without end, or too often within each other: the whole evaluation is given up."""


class _Room:
    """Python's limit on calls within calls, raised while anyone is deep in an expression: ours is reached first.

    Python's own limit depends on how deep the caller stands already; with room, an expression that is accepted
    once is accepted always. Calls within FEEL stay in Python's frames and do not use the stack of the thread.
    """

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._lock = Lock()
        self._inside = 0
        self._usual = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._usual = sys.getrecursionlimit()
                sys.setrecursionlimit(self._usual + self._frames)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setrecursionlimit(self._usual)


ROOM = _Room(MAX_LEVELS * _FRAMES_A_LEVEL)


def deeper(env: Env, levels: int, code: Code) -> Value:
    """Run the body of a function, ``levels`` deeper than its caller. Raises TooDeepError beyond ``MAX_LEVELS``."""
    counts = env[WORK]
    if len(counts) == 1:  # whoever starts an evaluation gives it its turns only
        counts.append(0)
    before = counts[1]
    now = counts[1] = before + levels
    try:
        if now > MAX_LEVELS:
            counts[0] = 0  # the evaluation is given up: what would call on fails at once
            raise TooDeepError
        if now <= _SHALLOW or before > _SHALLOW:
            return code(env)
        with ROOM:
            return code(env)
    finally:
        counts[1] = before


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
