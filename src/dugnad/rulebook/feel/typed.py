"""Types as objects: whether a value conforms to one, and what it becomes where one is asked for.

DMN 1.5, 10.3.2.9: the lattice (Null below everything, Any above), conformance of lists, contexts, functions and
ranges, and the implicit conversions: to and from a list of one, and from a date to its midnight in UTC.
Item definitions of a DMN model are made of the same parts, with ``Constrained`` for their allowed values.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar.nodes import TypeRef
from dugnad.rulebook.feel.grammar.scope import Shape
from dugnad.rulebook.feel.operators import bounded
from dugnad.rulebook.feel.temporal import midnight
from dugnad.rulebook.feel.values import FunctionValue, Range, Unknown, Value, is_context, kind_of


class FeelType(ABC):
    """A type of FEEL; ``str`` gives it as it is written in an expression."""

    @abstractmethod
    def holds(self, value: Value) -> bool:
        """Tell whether a value that is there (not null, not unknown) conforms to this type."""

    def admits(self, value: Value) -> bool:
        """Tell whether a value, null and unknown included, may stand where this type is asked for."""
        return value is None or type(value) is Unknown or self.holds(value)

    def shape(self) -> Shape | None:
        """Give what can follow a dot, for the parser; None where nothing is known."""
        return None

    def under(self, other: "FeelType") -> bool:
        """Tell whether every value of this type is also one of ``other`` (10.3.2.9.2)."""
        return other in (self, ANY) or self == NULL


@dataclass(frozen=True, slots=True)
class Plain(FeelType):
    """One of the primitive types, or Any or Null."""

    name: str

    def holds(self, value: Value) -> bool:
        """Tell whether the value is of this kind."""
        return self.name == "Any" or kind_of(value) == self.name

    def __str__(self) -> str:
        return self.name


ANY = Plain("Any")
NULL = Plain("Null")
_PLAIN_NAMES = (
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
)
_ALIASES = {
    "dateTime": "date and time",
    "day and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "year and month duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
}
PLAIN_TYPES: Mapping[str, FeelType] = MappingProxyType(
    {"Any": ANY, "Null": NULL, **{name: Plain(name) for name in _PLAIN_NAMES}}
    | {alias: Plain(name) for alias, name in _ALIASES.items()}
)
"""The types every model has, by name, with the names older models use."""


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """``list<item>``."""

    item: FeelType

    def holds(self, value: Value) -> bool:
        """Tell whether it is a list of such items; null conforms to every type."""
        return isinstance(value, list) and all(map(self.item.admits, value))

    def shape(self) -> Shape | None:
        """Give the properties of the items: ``people.name`` is the list of their names."""
        return self.item.shape()

    def under(self, other: FeelType) -> bool:
        """Tell whether every such list is one of the other type."""
        return FeelType.under(self, other) or (isinstance(other, ListType) and self.item.under(other.item))

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """``range<item>``."""

    item: FeelType

    def holds(self, value: Value) -> bool:
        """Tell whether it is a range between such ends."""
        return isinstance(value, Range) and self.item.admits(value.low) and self.item.admits(value.high)

    def under(self, other: FeelType) -> bool:
        """Tell whether every such range is one of the other type."""
        return FeelType.under(self, other) or (isinstance(other, RangeType) and self.item.under(other.item))

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """``context<name: type, …>``; ``name`` is that of the item definition, where there is one."""

    entries: Mapping[str, FeelType]
    name: str = field(default="", compare=False)

    def holds(self, value: Value) -> bool:
        """Tell whether it is a context with at least these entries."""
        return is_context(value) and all(
            key in value and kind.admits(value[key]) for key, kind in self.entries.items()
        )

    def shape(self) -> Shape | None:
        """Give the entries, each with its own shape."""
        return {key: kind.shape() for key, kind in self.entries.items()}

    def under(self, other: FeelType) -> bool:
        """Tell whether every such context has all the entries of the other type."""
        return FeelType.under(self, other) or (
            isinstance(other, ContextType)
            and all(
                key in self.entries and self.entries[key].under(kind) for key, kind in other.entries.items()
            )
        )

    def __str__(self) -> str:
        written = ", ".join(f"{key}: {kind}" for key, kind in self.entries.items())
        return self.name or f"context<{written}>"


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """``function<parameters> -> result``."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def holds(self, value: Value) -> bool:
        """Tell whether it is a function that takes such arguments; an undeclared parameter takes anything.

        What a function gives is only known where it is declared, as in an item definition; else it is not asked.
        """
        if not isinstance(value, FunctionValue) or len(value.parameters) != len(self.parameters):
            return False
        declared = value.kinds or (None,) * len(self.parameters)
        takes = all(
            kind is None or own.under(kind) for own, kind in zip(self.parameters, declared, strict=True)
        )
        return takes and (value.result is None or value.result.under(self.result))

    def under(self, other: FeelType) -> bool:
        """Tell whether such a function can stand for one of the other type: wider arguments, narrower result."""
        return FeelType.under(self, other) or (
            isinstance(other, FunctionType)
            and len(self.parameters) == len(other.parameters)
            and all(own.under(mine) for own, mine in zip(other.parameters, self.parameters, strict=True))
            and self.result.under(other.result)
        )

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


@dataclass(frozen=True, slots=True)
class Constrained(FeelType):
    """A type narrowed by a test, as the allowed values of an item definition.

    ``allows(value)`` is the compiled unary tests: true, false, null or unknown.
    """

    base: FeelType
    allows: Callable[[Value], Value]
    name: str = ""

    def holds(self, value: Value) -> bool:
        """Tell whether the value is of the base type and passes the test."""
        return self.base.holds(value) and self.allows(value) is True

    def shape(self) -> Shape | None:
        """Give the shape of the base type."""
        return self.base.shape()

    def under(self, other: FeelType) -> bool:
        """Tell whether every such value is one of the other type."""
        return FeelType.under(self, other) or self.base.under(other)

    def __str__(self) -> str:
        return self.name or str(self.base)


def resolve(ref: TypeRef, types: Mapping[str, FeelType] = MappingProxyType({})) -> FeelType | None:
    """Give the type that is written; None where it names none (``list`` without its item type does not, either).

    ``types`` are the model's own, by name; a name of FEEL's own is never hidden by them.
    """
    parts = [resolve(part, types) for part in ref.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if ref.name == "function" and ref.gives:
        return FunctionType(tuple(known[:-1]), known[-1])
    if ref.name == "context" and known:
        return ContextType(dict(zip(ref.keys, known, strict=True)))
    if ref.name == "list" and known:
        return ListType(known[0])
    if ref.name == "range" and known:
        return RangeType(known[0])
    return PLAIN_TYPES.get(ref.name) or types.get(ref.name)


def unknown_type(ref: TypeRef) -> Fault:
    """Make the fault of a type nobody declared, or of a list, context, function or range without its parts."""
    bare = ref.name in ("list", "context", "function", "range") and not ref.parts
    what = f"The type {ref.name} needs its parts, as in list<number>." if bare else "There is no such type."
    return Fault("unknown-type", what)


def coerced(value: Value, kind: FeelType) -> Value:
    """Give a value as one of this type: unchanged, into or out of a list of one, a date as its midnight in UTC.

    Null and unknown stay what they are. Raises Fault ``type-mismatch`` where no conversion fits (10.3.2.9.4), and
    ``too-large`` for a value that nobody can walk through.
    """
    if type(value) is list or type(value) is dict:
        bounded(value)
    if kind.admits(value):
        return value
    converted = _converted(value, kind)
    if converted is not _MISFIT and kind.admits(converted):
        return converted
    raise Fault("type-mismatch", f"A value of the type {kind} was expected, not a {kind_of(value)}.")


_MISFIT: Value = object()
"""Says that no conversion fits; null is a value that may well be meant."""


def _converted(value: Value, kind: FeelType) -> Value:
    if kind.admits(value):
        return value
    base = kind.base if isinstance(kind, Constrained) else kind
    if isinstance(value, list):
        return _from_list(value, base)
    if isinstance(base, ListType):
        return _listed([value], base)
    if base == PLAIN_TYPES["date and time"] and kind_of(value) == "date":
        return midnight(value)
    return _MISFIT


def _from_list(value: list[Value], base: FeelType) -> Value:
    if isinstance(base, ListType):
        return _listed(value, base)
    return _converted(value[0], base) if len(value) == 1 else _MISFIT


def _listed(items: list[Value], base: ListType) -> Value:
    found = [_converted(item, base.item) for item in items]
    return _MISFIT if any(item is _MISFIT for item in found) else found
