"""Functions of lists. Those that count or pick without looking inside tolerate unknown items."""

from collections.abc import Hashable, Sequence
from decimal import Decimal, DecimalException
from functools import cmp_to_key, reduce

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.bounds import deeper
from dugnad.rulebook.feel.builtins.registry import feel, whole
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import (
    CONTEXT,
    Env,
    FunctionValue,
    Unknown,
    Value,
    kind_of,
    merged_unknown,
    unknown_or,
)

MAX_ITEMS = 1_000_000
_DEPTH = 50
_CALLBACK_LEVELS = 50
"""What a function called by a function of ours counts for: it stands on the stack of the thread."""
_ADDED = frozenset({"number", "days and time duration", "years and months duration"})


def _same(left: Value, right: Value) -> bool:
    return operators.same_value(left, right) is True


def _extreme(items: list[Value], op: str) -> Value:
    best: Value = None
    for item in items:
        if item is None:
            raise operators.mismatch("min() or max()", item)
        if best is None or operators.compare(op, item, best) is True:
            best = item
    return best


def _bounded(items: list[Value]) -> list[Value]:
    if len(items) > MAX_ITEMS:
        raise Fault("too-large", f"A list of more than {MAX_ITEMS} items.")
    return items


def _all_numbers(items: list[Value]) -> bool:
    return all(type(item) is Decimal for item in items)


def _of_all(arguments: tuple[Value, ...]) -> list[Value]:
    return arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)


@feel("min(list: list)")
@feel("min(...list: any)")
def least(*values: Value) -> Value:
    """Give the least item; null for none."""
    items = _of_all(values)
    return min(items) if items and _all_numbers(items) else _extreme(items, "<")


@feel("max(list: list)")
@feel("max(...list: any)")
def greatest(*values: Value) -> Value:
    """Give the greatest item; null for none."""
    items = _of_all(values)
    return max(items) if items and _all_numbers(items) else _extreme(items, ">")


def _folded(op: str, items: list[Value]) -> Value:
    return reduce(lambda left, right: operators.calculate(op, left, right), items) if items else None


def _numbers(name: str, arguments: tuple[Value, ...]) -> list[Decimal]:
    items = _of_all(arguments)
    wrong = [item for item in items if not isinstance(item, Decimal)]
    if wrong:
        raise operators.mismatch(f"{name}()", *wrong[:1])
    return items


@feel("sum(list: list)")
@feel("sum(...list: any)")
def total(*values: Value) -> Value:
    """Add numbers or durations; null for none."""
    items = _of_all(values)
    for item in items:
        if kind_of(item) not in _ADDED:
            raise operators.mismatch("sum()", item)
    if items and _all_numbers(items):
        try:
            return reduce(CONTEXT.add, items, Decimal(0))
        except DecimalException:
            raise Fault("out-of-range", "The sum is not a number FEEL can hold.") from None
    return _folded("+", items) if len(items) != 1 else operators.calculate("+", items[0], _zero_of(items[0]))


def _zero_of(value: Value) -> Value:
    return Decimal(0) if isinstance(value, Decimal) else operators.calculate("-", value, value)


@feel("product(list: list)")
@feel("product(...list: any)")
def product(*values: Value) -> Value:
    """Multiply numbers; null for none."""
    return _folded("*", _numbers("product", values))


@feel("mean(list: list)")
@feel("mean(...list: any)")
def mean(*values: Value) -> Value:
    """Give the average; null for none."""
    items = _of_all(values)
    return operators.calculate("/", total(items), Decimal(len(items))) if items else None


@feel("median(list: list)")
@feel("median(...list: any)")
def median(*values: Value) -> Value:
    """Give the middle number; null for none."""
    items = sorted(_numbers("median", values))
    if not items:
        return None
    middle = len(items) // 2
    return items[middle] if len(items) % 2 else mean(items[middle - 1], items[middle])


@feel("stddev(list: list)")
@feel("stddev(...list: any)")
def stddev(*values: Value) -> Value:
    """Give the sample standard deviation. Raises Fault for fewer than two numbers."""
    items = _numbers("stddev", values)
    if len(items) < 2:  # noqa: PLR2004 - a sample needs two
        raise Fault("wrong-arguments", "stddev() needs at least two numbers.")
    average = mean(items)
    apart = [operators.exactly("-", item, average) for item in items]
    squares = [operators.exactly("*", each, each) for each in apart]
    return CONTEXT.sqrt(operators.exactly("/", total(squares), Decimal(len(items) - 1)))


@feel("mode(list: list)")
@feel("mode(...list: any)")
def mode(*values: Value) -> Value:
    """Give the most frequent numbers, in ascending order."""
    items = _numbers("mode", values)
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


@feel("count(list: list)", tolerant=True)
def count(items: Value) -> Value:
    """Give the number of items; unknown items count, an unknown list does not."""
    return items if type(items) is Unknown else Decimal(len(items))


def _all_or_any(values: tuple[Value, ...], *, settles: bool) -> Value:
    items = _of_all(values)
    if len(items) == 1 and type(items[0]) is Unknown:
        return items[0]
    undecided, wrong = [], []
    for item in items:
        if item is settles:
            return settles
        if type(item) is Unknown:
            undecided.append(item)
        elif type(item) is not bool:
            wrong.append(item)
    if wrong:
        raise operators.mismatch("any()" if settles else "all()", *wrong[:1])
    return unknown_or(undecided, not settles)


@feel("all(list: list)", tolerant=True)
@feel("all(...list: any)", tolerant=True)
def every(*values: Value) -> Value:
    """Tell whether all are true; false settles it whatever is unknown."""
    return _all_or_any(values, settles=False)


@feel("any(list: list)", tolerant=True)
@feel("any(...list: any)", tolerant=True)
def some(*values: Value) -> Value:
    """Tell whether one is true; true settles it whatever is unknown."""
    return _all_or_any(values, settles=True)


@feel("list contains(list: list, element: any)", tolerant=True)
def list_contains(items: Value, element: Value) -> Value:
    """Tell whether the element is in the list."""
    if type(items) is Unknown:
        return items
    return operators.any_of(operators.same_value(item, element) for item in items)


@feel("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """Give a part of the list; positions from 1, or from -1 backwards. Raises Fault outside the list."""
    at = whole(start, "The start position")
    if at == 0 or abs(at) > len(items):
        raise Fault("out-of-range", "sublist() begins outside the list.")
    begin = at - 1 if at > 0 else len(items) + at
    if length is None:
        return items[begin:]
    size = whole(length, "The length")
    if size < 1 or begin + size > len(items):
        raise Fault("out-of-range", "sublist() ends outside the list.")
    return items[begin : begin + size]


@feel("append(list: list, ...item: any)", tolerant=True)
def append(items: Value, *more: Value) -> Value:
    """Give the list with the items at its end."""
    return items if type(items) is Unknown else _bounded([*items, *more])


@feel("concatenate(...list: list)", tolerant=True)
def concatenate(*lists: Value) -> Value:
    """Give the lists behind each other."""
    unknown = merged_unknown(part for part in lists if type(part) is Unknown)
    if unknown is not None:
        return unknown
    return _bounded([item for part in lists for item in part])


def _position(items: list[Value], position: Decimal, name: str) -> int:
    at = int(position)
    if at == 0 or abs(at) > len(items):
        raise Fault("out-of-range", f"{name}() has no such position in the list.")
    return at - 1 if at > 0 else len(items) + at


@feel("insert before(list: list, position: number, newItem: any)", tolerant=True)
def insert_before(items: Value, position: Value, item: Value) -> Value:
    """Give the list with the item before this position."""
    unknown = merged_unknown(part for part in (items, position) if type(part) is Unknown)
    if unknown is not None:
        return unknown
    at = _position(items, position, "insert before")
    return [*items[:at], item, *items[at:]]


@feel("remove(list: list, position: number)", tolerant=True)
def remove(items: Value, position: Value) -> Value:
    """Give the list without the item at this position."""
    unknown = merged_unknown(part for part in (items, position) if type(part) is Unknown)
    if unknown is not None:
        return unknown
    at = _position(items, position, "remove")
    return [*items[:at], *items[at + 1 :]]


@feel("list replace(list: list, position: number, newItem: any)")
def list_replace(items: list[Value], position: Decimal, item: Value) -> Value:
    """Give the list with another item at this position."""
    at = _position(items, position, "list replace")
    return [*items[:at], item, *items[at + 1 :]]


@feel("list replace(list: list, match: function, newItem: any)", with_env=True)
def list_replace_matching(env: Env, items: list[Value], match: FunctionValue, item: Value) -> Value:
    """Give the list with another item wherever ``match(item, newItem)`` is true."""

    def replaced(inner: Env) -> Value:
        made: list[Value] = []
        for old in items:
            hit = match.call(inner, [old, item])
            if type(hit) is Unknown:
                return hit
            if type(hit) is not bool:
                raise operators.mismatch("list replace()", hit)
            made.append(item if hit else old)
        return made

    return deeper(env, _CALLBACK_LEVELS, replaced)


@feel("reverse(list: list)", tolerant=True)
def reverse(items: Value) -> Value:
    """Give the list from its end."""
    return items if type(items) is Unknown else items[::-1]


@feel("index of(list: list, match: any)")
def index_of(items: list[Value], match: Value) -> list[Decimal]:
    """Give the positions, from 1, where the list has this value."""
    return [Decimal(at) for at, item in enumerate(items, 1) if _same(item, match)]


def _distinct(items: list[Value]) -> list[Value]:
    operators.bounded(items)
    found: dict[Hashable, Value] = {}
    for item in items:
        found.setdefault(operators.key_of(item), item)
    return list(found.values())


@feel("union(...list: list)")
def union(*lists: list[Value]) -> list[Value]:
    """Join lists without duplicates."""
    return _distinct(_bounded([item for part in lists for item in part]))


@feel("distinct values(list: list)")
def distinct_values(items: list[Value]) -> list[Value]:
    """Give each value once, in order of first appearance."""
    return _distinct(items)


@feel("flatten(list: list)")
def flatten(items: list[Value]) -> list[Value]:
    """Give the items of lists within lists as one list. Raises Fault beyond fifty levels."""
    operators.bounded(items)
    flat: list[Value] = []

    def walk(part: list[Value], depth: int) -> None:
        if depth > _DEPTH:
            raise Fault("too-large", "flatten() of lists nested too deeply.")
        for item in part:
            if isinstance(item, list):
                walk(item, depth + 1)
            else:
                flat.append(item)

    walk(items, 0)
    return flat


@feel("sort(list: list)")
def sort(items: list[Value]) -> list[Value]:
    """Sort ascending, by the order of the items themselves."""
    return sorted(items, key=cmp_to_key(_order))


def _order(left: Value, right: Value) -> int:
    return -1 if operators.compare("<", left, right) else int(operators.compare(">", left, right))


@feel("sort(list: list, precedes: function)", with_env=True)
def sort_by(env: Env, items: list[Value], precedes: FunctionValue) -> Value:
    """Sort so that ``precedes(a, b)`` holds for neighbours; what it does not order stays in its order.

    By merging, not by Python's own sort: that keeps its calls on the stack of the thread (``bounds.deeper``).
    """

    def merged(inner: Env) -> Value:
        runs = [[item] for item in items]
        while len(runs) > 1:
            pairs = [_merged(inner, precedes, *runs[at : at + 2]) for at in range(0, len(runs), 2)]
            unknown = next((pair for pair in pairs if type(pair) is Unknown), None)
            if unknown is not None:
                return unknown
            runs = pairs
        return runs[0] if runs else []

    return deeper(env, _CALLBACK_LEVELS, merged)


def _merged(env: Env, precedes: FunctionValue, left: list[Value], right: Sequence[Value] = ()) -> Value:
    made: list[Value] = []
    one = other = 0
    while one < len(left) and other < len(right):
        first = precedes.call(env, [right[other], left[one]])
        if type(first) is Unknown:
            return first
        if type(first) is not bool:
            raise operators.mismatch("sort()", first)
        made.append(right[other] if first else left[one])
        one, other = (one, other + 1) if first else (one + 1, other)
    return [*made, *left[one:], *right[other:]]
