"""How a built-in function is declared and called: parameters by type, conversions, unknown values."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.operators import mismatch
from dugnad.rulebook.feel.values import Env, FunctionValue, Months, Unknown, Value, kind_of, merged_unknown

_F = TypeVar("_F", bound=Callable[..., Value])
_DECLARED = re.compile(r"(?P<name>[^(]+)\((?P<parameters>.*)\)")
_PARAMETER = re.compile(
    r"\s*(?P<rest>\.\.\.)?(?P<name>[^:?]+)(?P<optional>\?)?:\s*(?P<kinds>[^,]+?)\s*(?:,|$)"
)
_KINDS: dict[str, tuple[str, ...]] = {
    "duration": ("days and time duration", "years and months duration"),
    "moment": ("date", "date and time"),
    "point": (
        "number", "string", "date", "time", "date and time", "days and time duration",
        "years and months duration",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; no ``kinds`` means any value, null included."""

    name: str
    kinds: frozenset[str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function.

    ``tolerant`` functions look at unknown values themselves; for all others an unknown argument, or an
    unknown
    item in a list, makes the result unknown. ``with_env`` functions get the environment first.
    """

    parameters: tuple[Parameter, ...]
    variadic: bool
    function: Callable[..., Value]
    tolerant: bool
    with_env: bool

    def takes(self, count: int) -> bool:
        """Tell whether so many arguments can be right."""
        if self.variadic:
            return count >= len(self.parameters)
        return sum(not parameter.optional for parameter in self.parameters) <= count <= len(self.parameters)

    def has(self, names: Collection[str]) -> bool:
        """Tell whether these names can be its arguments; one that is not given is null (DMN 1.5, 10.3.2.13.5)."""
        return set(names) <= {parameter.name for parameter in self.parameters}

    def begins(self, names: Sequence[str]) -> bool:
        """Tell whether its parameters begin with these, in this order: before(range, point), before(point, range)."""
        return [parameter.name for parameter in self.parameters[: len(names)]] == list(names)

    def ordered(self, given: Mapping[str, Value]) -> list[Value]:
        """Put named arguments in order: null for a needed one that is missing, nothing after the last given."""
        last = max(
            (
                at
                for at, parameter in enumerate(self.parameters)
                if parameter.name in given or not (parameter.optional or self.variadic)
            ),
            default=-1,
        )
        return [given.get(parameter.name) for parameter in self.parameters[: last + 1]]

    def plain_types(self, count: int) -> tuple[frozenset[type[Any]], ...] | None:
        """Give, for so many arguments, the Python types that need neither conversion nor a look inside.

        None where a parameter may hold something (a list, a range) in which a value may be unknown.
        """
        last = len(self.parameters) - 1
        sets = [_plain(self.parameters[min(at, last)].kinds) for at in range(count)]
        return None if any(not types for types in sets) else tuple(sets)


_PLAIN: dict[str, type[Any]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "date and time": datetime,
    "time": time,
    "days and time duration": timedelta,
    "years and months duration": Months,
}


def _plain(kinds: frozenset[str]) -> frozenset[type[Any]]:
    return frozenset(kind for name, kind in _PLAIN.items() if not kinds or name in kinds)


REGISTRY: dict[str, list[Signature]] = {}


def feel(declared: str, *, tolerant: bool = False, with_env: bool = False) -> Callable[[_F], _F]:
    """Register a function under its FEEL declaration: ``substring(string: string, start position: number,
    …)``.

    ``name?`` is optional, ``...name`` takes all remaining arguments, ``a|b`` allows several types, ``any``
    all.
    """
    found = _DECLARED.fullmatch(declared)
    if found is None:
        raise ValueError(f"not a declaration: {declared}")
    parameters: list[Parameter] = []
    variadic = False
    for match in _PARAMETER.finditer(found["parameters"]):
        kinds: set[str] = set()
        for kind in match["kinds"].split("|"):
            kinds |= set(_KINDS.get(kind, (kind,)))
        allowed = frozenset() if "any" in kinds else frozenset(kinds)
        parameters.append(Parameter(match["name"], allowed, bool(match["optional"])))
        variadic = variadic or bool(match["rest"])

    def register(function: _F) -> _F:
        signature = Signature(tuple(parameters), variadic, function, tolerant, with_env)
        REGISTRY.setdefault(found["name"], []).append(signature)
        return function

    return register


_MISFIT: Any = object()


def _fit(value: Value, parameter: Parameter) -> Value:
    """Convert as DMN 1.5 table 54 allows: to and from a list of one."""
    kinds = parameter.kinds
    if not kinds:
        return value
    kind = kind_of(value)
    if kind in kinds or (value is None and "null" in kinds) or type(value) is Unknown:
        return list(value) if type(value) is tuple else value
    if kind == "list" and len(value) == 1 and kind_of(value[0]) in kinds:
        return value[0]
    if "list" in kinds and value is not None:
        return [value]
    return _MISFIT


def apply(name: str, signatures: Sequence[Signature], env: Env, arguments: list[Value]) -> Value:
    """Call a built-in function with arguments by position. Raises Fault when none of its ways fits them."""
    for signature in signatures:
        if not signature.takes(len(arguments)):
            continue
        if not signature.tolerant:
            unknown = merged_unknown(arguments)
            if unknown is not None:
                return unknown
        parameters = signature.parameters
        last = len(parameters) - 1
        fitted = [_fit(value, parameters[min(at, last)]) for at, value in enumerate(arguments)]
        if any(value is _MISFIT for value in fitted):
            continue
        return signature.function(env, *fitted) if signature.with_env else signature.function(*fitted)
    if any(signature.takes(len(arguments)) for signature in signatures):
        raise mismatch(f"{name}()", *arguments)
    raise Fault("wrong-arguments", f"{name}() cannot take {len(arguments)} arguments.")


def apply_named(
    name: str, signatures: Sequence[Signature], env: Env, named: Sequence[str], arguments: list[Value]
) -> Value:
    """Call a built-in function with named arguments. Raises Fault when no signature has those names."""
    given = dict(zip(named, arguments, strict=True))
    if len(given) < len(arguments):
        raise Fault("wrong-arguments", f"{name}() is given one argument twice.")
    fitting = [signature for signature in signatures if signature.has(given)]
    if not fitting:
        known = {parameter.name for signature in signatures for parameter in signature.parameters}
        wrong = next((key for key in named if key not in known), named[0])
        raise Fault("wrong-arguments", f"{name}() has no parameter “{wrong}”.", (wrong, known))
    fitting.sort(key=lambda signature: not signature.begins(named))
    complete = [signature for signature in fitting if len(signature.ordered(given)) == len(given)]
    chosen = (complete or fitting)[0]
    return apply(name, complete or fitting[:1], env, chosen.ordered(given))


def builtin_value(name: str) -> FunctionValue | None:
    """Give a built-in function as a value, to hand to ``sort`` and the like."""
    signatures = REGISTRY.get(name)
    if signatures is None:
        return None
    parameters = tuple(parameter.name for parameter in signatures[0].parameters)
    return FunctionValue(
        parameters, lambda env, arguments: apply(name, signatures, env, arguments), builtin=name
    )


def whole(value: Decimal, what: str) -> int:
    """Give a number that must be whole as an int. Raises Fault."""
    number = int(value)
    if number != value:
        raise Fault("type-mismatch", f"{what} must be a whole number.")
    return number
