"""Synthetic Norway: the registers' stand-in, one SQLite file outside Dugnad's own database."""

from dugnad.connectors.norway.changes import Changes, UnknownPersonError, changes
from dugnad.connectors.norway.population.generator import (
    DEFAULT_AS_OF,
    DEFAULT_PERSONS,
    DEFAULT_SEED,
    generate,
)
from dugnad.connectors.norway.store import NotGeneratedError, Store, TestPerson, is_current, test_persons

__all__ = [
    "DEFAULT_AS_OF",
    "DEFAULT_PERSONS",
    "DEFAULT_SEED",
    "Changes",
    "NotGeneratedError",
    "Store",
    "TestPerson",
    "UnknownPersonError",
    "changes",
    "generate",
    "is_current",
    "test_persons",
]
