"""Code for ``for``, ``some``, ``every`` and filters, with bounds on how much they may do."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.bounds import RECORDER, WORK, work
from dugnad.rulebook.feel.builtins.registry import whole
from dugnad.rulebook.feel.compiler.builder import Builder, compiles, note
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, walk
from dugnad.rulebook.feel.temporal import day_at, day_number
from dugnad.rulebook.feel.values import Code, Env, Range, Unknown, Value, kind_of, merged_unknown, unknown_or

MAX_TURNS = 1_000_000
"""Turns of one loop; a rule that needs more is a mistake."""

_Source = tuple[int, Code]


class _Undecided(Exception):  # noqa: N818 - carries an Unknown out of a loop, is no error
    def __init__(self, value: Unknown) -> None:
        super().__init__()
        self.value = value


def _too_large() -> Fault:
    return Fault("too-large", f"A loop of more than {MAX_TURNS} turns.")


def turns(source: Value) -> Iterable[Value]:
    """Give what a loop runs over. Raises Fault for null, and _Undecided for an unknown list."""
    if isinstance(source, (list, tuple)):
        return source
    if type(source) is Unknown:
        raise _Undecided(source)
    if type(source) is Range:
        return _range_turns(source)
    if source is None:
        raise operators.mismatch("a loop", source)
    return (source,)


def _range_turns(source: Range) -> Iterable[Value]:
    if type(source.low) is Unknown or type(source.high) is Unknown:
        return span_turns(source.low, source.high)
    for end in (source.low, source.high):
        if kind_of(end) not in ("number", "date"):
            raise operators.mismatch("a loop over a range", source.low, source.high)
    back = day_at if kind_of(source.low) == "date" else Decimal
    low = _counted(source.low) + (not source.low_included)
    high = _counted(source.high) - (not source.high_included)
    return map(back, _whole_span(low, high)) if low <= high else ()


def span_turns(low: Value, high: Value) -> Iterable[Value]:
    """Give the whole numbers or days from ``low`` to ``high``, up or down. Raises Fault for others, or too
    many.
    """
    unknown = merged_unknown((low, high))
    if unknown is not None:
        raise _Undecided(unknown)
    kinds = (kind_of(low), kind_of(high))
    if kinds not in (("date", "date"), ("number", "number")):
        raise operators.mismatch("a loop from .. to", low, high)
    back = day_at if kinds[0] == "date" else Decimal
    return map(back, _whole_span(_counted(low), _counted(high)))


def _counted(end: Value) -> int:
    """Give a whole number, or a date as the number of its day. Raises Fault for a fraction."""
    return day_number(end) if kind_of(end) == "date" else whole(end, "The end of a loop")


def _whole_span(low: int, high: int) -> range:
    if abs(high - low) >= MAX_TURNS:
        raise _too_large()
    step = 1 if high >= low else -1
    return range(low, high + step, step)


def _compile_source(builder: Builder, node: Node) -> Code:
    if not isinstance(node, nodes.Span):
        code = builder.compile(node)
        return lambda env: turns(code(env))
    low, high = builder.compile(node.low), builder.compile(node.high)
    return lambda env: span_turns(low(env), high(env))


def _compile_iterations(builder: Builder, iterations: tuple[nodes.Iteration, ...]) -> list[_Source]:
    """Open one level per iteration; later sources see earlier names."""
    sources: list[_Source] = []
    for iteration in iterations:
        code = _compile_source(builder, iteration.source)
        sources.append((builder.enter(iteration.name), code))
    return sources


_Turn = Callable[[Env, list[Value]], bool]


def _visit(env: Env, sources: list[_Source], turn: _Turn, made: list[Value], at: int = 0) -> bool:
    """Put every combination of the sources into the environment, until ``turn(env, made)`` says that it is enough.

    No generator: what a source calls must not stand on the stack of the thread (``bounds.deeper``).
    """
    slot, source = sources[at]
    left = env[WORK]
    last = at + 1 == len(sources)
    for value in source(env):
        env[slot] = value
        if last:
            left[0] -= 1
            if left[0] < 0:
                work(env)
            if turn(env, made):
                return True
        elif _visit(env, sources, turn, made, at + 1):
            return True
    return False


def _uses(node: Node, name: str) -> bool:
    return any(isinstance(part, nodes.Name) and part.name == name for part in walk(node))


@compiles(nodes.For)
def _for(builder: Builder, node: nodes.For) -> Code:
    builder.grows = True
    sources = _compile_iterations(builder, node.iterations)
    partial = builder.enter("partial")
    body = builder.compile(node.body)
    builder.leave(len(sources) + 1)
    keeps_partial = _uses(node.body, "partial")

    def turn(env: Env, results: list[Value]) -> bool:
        if keeps_partial:
            work(env, len(results) // 5)
            env[partial] = results[:]
        results.append(body(env))
        if len(results) > MAX_TURNS:
            raise _too_large()
        return False

    def run(env: Env) -> Value:
        results: list[Value] = []
        try:
            _visit(env, sources, turn, results)
        except _Undecided as undecided:
            return undecided.value
        except Fault as fault:
            return note(env, node, fault)
        return results

    return run


@compiles(nodes.Quantified)
def _quantified(builder: Builder, node: nodes.Quantified) -> Code:
    sources = _compile_iterations(builder, node.iterations)
    body = builder.compile(node.body)
    builder.leave(len(sources))
    settles = node.kind == "some"

    def turn(env: Env, undecided: list[Value]) -> bool:
        outcome = body(env)
        if outcome is settles:
            return True
        if type(outcome) is Unknown:
            undecided.append(outcome)
        elif type(outcome) is not bool:
            undecided.append(note(env, node.body, operators.mismatch(node.kind, outcome)))
        return False

    def run(env: Env) -> Value:
        undecided: list[Value] = []
        try:
            if _visit(env, sources, turn, undecided):
                return settles
        except _Undecided as stopped:
            return stopped.value
        except Fault as fault:
            return note(env, node, fault)
        return None if None in undecided else unknown_or(undecided, not settles)

    return run


@compiles(nodes.Filter)
def _filter(builder: Builder, node: nodes.Filter) -> Code:
    base = builder.compile(node.base)
    slot = builder.enter_filter()
    condition = builder.compile(node.condition)
    builder.leave()
    by_number = _is_number(node.condition)

    def run(env: Env) -> Value:
        value = base(env)
        if type(value) is Unknown:
            return value
        items = value if isinstance(value, list) else [value]
        try:
            if value is None:
                raise operators.mismatch("a filter", value)
            if by_number:
                return item_at(items, condition(env))
            return _selected(env, items, slot, condition)
        except _Undecided as stopped:
            return stopped.value
        except Fault as fault:
            return note(env, node, fault)

    return run


def _is_number(node: Node) -> bool:
    if isinstance(node, nodes.Negate):
        return _is_number(node.operand)
    return isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)


def item_at(items: list[Value], index: Decimal) -> Value:
    """Give the item by number: from 1, or from -1 backwards. Raises Fault outside the list."""
    at = int(index)
    if at == 0 or abs(at) > len(items) or at != index:
        raise Fault("out-of-range", f"There is no item {index:f} in a list of {len(items)}.")
    return items[at - 1 if at > 0 else at]


def _number_for_none(env: Env, slot: int, condition: Code) -> Value:
    """Give the number a condition is without an item to ask it of, silently; else null."""
    recorder, env[RECORDER], env[slot] = env[RECORDER], None, None
    try:
        outcome = condition(env)
    except Fault:
        return None
    finally:
        env[RECORDER] = recorder
    return outcome if type(outcome) is Decimal else None


def _selected(env: Env, items: list[Value], slot: int, condition: Code) -> Value:
    index = None if items else _number_for_none(env, slot, condition)
    if index is not None:
        return item_at(items, index)
    chosen: list[Value] = []
    undecided: list[Value] = []
    work(env, len(items))
    for position, item in enumerate(items):
        env[slot] = item
        outcome = condition(env)
        if outcome is True:
            chosen.append(item)
        elif type(outcome) is Unknown:
            undecided.append(outcome)
        elif type(outcome) is Decimal and position == 0:
            return item_at(items, outcome)
        elif outcome is not False and outcome is not None:
            raise operators.mismatch("a filter", outcome)
    unknown = merged_unknown(undecided)
    if unknown is not None:
        raise _Undecided(unknown)
    return chosen
