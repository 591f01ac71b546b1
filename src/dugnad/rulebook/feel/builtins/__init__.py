"""FEEL's own functions (DMN 1.5, chapter 10.3.4); importing this folder fills the registry."""

from dugnad.rulebook.feel.builtins import contexts, dates, lists, numbers, ranges, text
from dugnad.rulebook.feel.builtins.registry import REGISTRY, Signature

BUILTIN_NAMES: tuple[str, ...] = tuple(REGISTRY)
"""The names of all of them; several have spaces."""

__all__ = [
    "BUILTIN_NAMES",
    "REGISTRY",
    "Signature",
    "contexts",
    "dates",
    "lists",
    "numbers",
    "ranges",
    "text",
]
