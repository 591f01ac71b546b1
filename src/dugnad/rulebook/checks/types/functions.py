"""What the built-in functions take and give."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dugnad.rulebook.checks.types.model import (
    ANY,
    BOOLEAN,
    COUNT,
    DATE,
    DATE_TIME,
    MONTHS,
    NUMBER,
    TEXT,
    TIME,
    Type,
    either,
    list_of,
    nullable,
    number,
    of,
    texts,
)
from dugnad.rulebook.checks.types.operators import ORDERED
from dugnad.rulebook.feel.builtins.registry import REGISTRY, Parameter, Signature
from dugnad.rulebook.located import suggest

Result = Type | Callable[[Sequence[Type]], Type]


def item_of(type_: Type) -> Type:
    """Return what a list holds, or the value itself where one value stands for a list of one."""
    if type_.is_only("list"):
        return type_.item or ANY
    return ANY if type_.can_be(("list",)) else type_


def _items(arguments: Sequence[Type]) -> Type:
    """Return what is known of the values handed over, one by one or as a list."""
    if not arguments:
        return ANY
    made = item_of(arguments[0]) if len(arguments) == 1 else arguments[0]
    for one in arguments[1:]:
        made = either(made, one)
    return made


def _extreme(arguments: Sequence[Type]) -> Type:
    """Of several numbers the least and the greatest can be no further out than all of them."""
    made = _items(arguments)
    return nullable(made) if len(arguments) == 1 else made


def _sum(arguments: Sequence[Type]) -> Type:
    made = _items(arguments)
    if not made.is_only("number"):
        return made if made.kinds else ANY
    return Type(
        NUMBER.kinds, low=made.low if made.low is not None and made.low >= 0 else None, whole=made.whole
    )


def _same_list(arguments: Sequence[Type]) -> Type:
    return list_of(item_of(arguments[0])) if arguments else of("list")


def _lists(arguments: Sequence[Type]) -> Type:
    made: Type | None = None
    for one in arguments:
        made = item_of(one) if made is None else either(made, item_of(one))
    return list_of(made or ANY)


def _appended(arguments: Sequence[Type]) -> Type:
    made = item_of(arguments[0]) if arguments else ANY
    for one in arguments[1:]:
        made = either(made, one)
    return list_of(made)


def _first(arguments: Sequence[Type]) -> Type:
    return arguments[0] if arguments else ANY


def _rounded(arguments: Sequence[Type]) -> Type:
    whole = len(arguments) == 1
    return Type(NUMBER.kinds, low=None, whole=whole)


_WEEKDAYS = texts(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_TRUTHS = (
    "after", "all", "any", "before", "coincides", "contains", "during", "ends with", "even", "finished by",
    "finishes", "includes", "is", "list contains", "matches", "meets", "met by", "not", "odd", "overlaps",
    "overlaps after", "overlaps before", "started by", "starts", "starts with",
)  # fmt: skip
_TEXTS = (
    "lower case",
    "replace",
    "string",
    "string join",
    "substring",
    "upper case",
    "substring after",
    "substring before",
)
_NUMBERS = ("decimal", "exp", "log", "median", "modulo", "number", "product", "sqrt", "stddev", "mean")
_ROUNDINGS = ("round down", "round half down", "round half up", "round up")
_ADDED = frozenset({"number", "days and time duration", "years and months duration"})
_ADDING = frozenset({"mean", "median", "product", "stddev", "sum"})
_ORDERING = frozenset({"max", "min"})
RESULTS: Mapping[str, Result] = {
    **dict.fromkeys(_TRUTHS, BOOLEAN),
    **dict.fromkeys(_TEXTS, TEXT),
    **dict.fromkeys(_NUMBERS, NUMBER),
    **dict.fromkeys(_ROUNDINGS, NUMBER),
    **dict.fromkeys(("distinct values", "remove", "reverse", "sort", "sublist"), _same_list),
    **dict.fromkeys(("concatenate", "union"), _lists),
    **dict.fromkeys(("max", "min"), _extreme),
    **dict.fromkeys(("ceiling", "floor"), _rounded),
    "abs": _first,
    "append": _appended,
    "context": of("context"),
    "context merge": of("context"),
    "context put": of("context"),
    "count": COUNT,
    "date": DATE,
    "date and time": DATE_TIME,
    "day of week": _WEEKDAYS,
    "day of year": number(low=1, high=366),
    "duration": of("days and time duration", "years and months duration"),
    "flatten": of("list"),
    "get entries": list_of(of("context")),
    "index of": list_of(number(low=1)),
    "insert before": of("list"),
    "list replace": of("list"),
    "mode": lambda arguments: list_of(_items(arguments)),
    "month of year": texts(_MONTHS),
    "now": DATE_TIME,
    "split": list_of(TEXT),
    "string length": COUNT,
    "sum": _sum,
    "time": TIME,
    "today": DATE,
    "week of year": number(low=1, high=53),
    "years and months duration": MONTHS,
}


@dataclass(frozen=True, slots=True)
class Misuse:
    """What is wrong with a call. `argument` is which, from 0; -1 for the call as a whole."""

    code: str
    what: str
    mend: str
    argument: int = -1


def result_of(name: str, arguments: Sequence[Type]) -> Type:
    """Return the type a built-in function gives; ANY where that cannot be told."""
    found = RESULTS.get(name, ANY)
    return found if isinstance(found, Type) else found(arguments)


def misuse(name: str, arguments: Sequence[Type], named: Sequence[str] | None) -> Misuse | None:
    """Find what makes a call impossible: how many arguments, their names, their types."""
    signatures = REGISTRY[name]
    if named:
        return _misnamed(name, signatures, arguments, named)
    fitting = [one for one in signatures if one.takes(len(arguments))]
    if not fitting:
        return Misuse("arguments", f"{name}() cannot take {_counted(len(arguments))}", _how(name, signatures))
    wrong = _mistyped(name, [(one, _in_order(one, arguments)) for one in fitting])
    return wrong or _unlike(name, arguments)


def _unlike(name: str, arguments: Sequence[Type]) -> Misuse | None:
    """Find values that cannot be added, or of which none is the greatest."""
    items = [item_of(one) if len(arguments) == 1 else one for one in arguments]
    wanted = _ADDED if name in _ADDING else ORDERED if name in _ORDERING else None
    if wanted is None:
        return None
    for at, one in enumerate(items):
        if not one.can_be(wanted):
            what = f"{name}() is given {one.words()}"
            return Misuse("type", what, f"Give it {of(*_ADDED & wanted).words()}.", at)
        if at and one.kinds and items[0].kinds and not one.present & items[0].present:
            what = f"{name}() is given {items[0].words()} and {one.words()}"
            return Misuse("type", what, "Give it things of one kind.", at)
    return None


def _misnamed(
    name: str, signatures: Sequence[Signature], arguments: Sequence[Type], named: Sequence[str]
) -> Misuse | None:
    known = {parameter.name for one in signatures for parameter in one.parameters}
    for at, given in enumerate(named):
        if given not in known:
            return Misuse("arguments", f"{name}() has no argument '{given}'", suggest(given, known), at)
    fitting = [one for one in signatures if one.has(named)]
    if not fitting or len(set(named)) < len(named):
        return Misuse("arguments", f"{name}() is given {', '.join(named)}", _how(name, signatures))
    pairs = [
        (
            one,
            [
                ({p.name: p for p in one.parameters}[given], type_)
                for given, type_ in zip(named, arguments, strict=True)
            ],
        )
        for one in fitting
    ]
    return _mistyped(name, pairs)


def _in_order(signature: Signature, arguments: Sequence[Type]) -> list[tuple[Parameter, Type]]:
    last = len(signature.parameters) - 1
    return [(signature.parameters[min(at, last)], type_) for at, type_ in enumerate(arguments)]


def _mistyped(name: str, ways: Sequence[tuple[Signature, Sequence[tuple[Parameter, Type]]]]) -> Misuse | None:
    """Return what keeps the call from its first possible way, where none of its ways fits."""
    wrong = [next(_unfit(pairs), None) for _, pairs in ways]
    if any(one is None for one in wrong):
        return None
    at, parameter, type_ = next(one for one in wrong if one is not None)
    wanted = of(*parameter.kinds).words() if parameter.kinds else "something"
    what = f"{name}() wants {wanted} as '{parameter.name}', and gets {type_.words()}"
    if type_.is_only("list") and type_.item is not None and type_.item.can_be(parameter.kinds):
        return Misuse(
            "list-for-one", what, "Take one of them with [1], or work through the list with for.", at
        )
    return Misuse("type", what, "Give it what it wants, or use another function.", at)


def _unfit(pairs: Sequence[tuple[Parameter, Type]]) -> Iterator[tuple[int, Parameter, Type]]:
    for at, (parameter, type_) in enumerate(pairs):
        if not _fits(parameter, type_):
            yield at, parameter, type_


def _fits(parameter: Parameter, type_: Type) -> bool:
    """Take a single value for a list of one, but no list for a value: that is most often a mistake."""
    if not parameter.kinds or not type_.kinds or type_.present & parameter.kinds:
        return True
    if not type_.present:
        return "null" in parameter.kinds
    return "list" in parameter.kinds


def _counted(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def _how(name: str, signatures: Sequence[Signature]) -> str:
    ways = (
        f"{name}({', '.join(one.name + ('?' if one.optional else '') for one in signature.parameters)}"
        f"{', …' if signature.variadic else ''})"
        for signature in signatures
    )
    return f"Write {' or '.join(dict.fromkeys(ways))}."
