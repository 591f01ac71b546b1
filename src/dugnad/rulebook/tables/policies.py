"""From matching and undecided rows to one result, by hit policy.

A row is undecided when a fact it needs is unknown. The result is then unknown too, unless no way the
undecided rows may turn
out could change it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.builtins.lists import total
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.values import Unknown, Value, merged_unknown, unknown_or
from dugnad.rulebook.tables.model import HitPolicy

NO_ROW = object()
"""Says that no row matches, for certain."""


@dataclass(slots=True)
class Hits:
    """The rows that match and those undecided, in order; ``output(row)`` calculates a row's output.

    ``priorities(output)`` ranks an output (lower is better), for the policies P and O.
    """

    matched: Sequence[int]
    undecided: dict[int, Unknown]
    output: Callable[[int], Value]
    priorities: Callable[[Value], tuple[int, ...]]


def decide(policy: HitPolicy, hits: Hits) -> Value:
    """Give the result, ``NO_ROW``, or Unknown. Raises Fault where rows contradict the policy."""
    if not hits.matched and not hits.undecided:
        return NO_ROW
    if not hits.undecided:
        return _DECIDED[policy](hits)
    if policy in SINGLE and hits.matched:
        return _settled(policy, hits)
    return unknown_or(hits.undecided.values(), None)


def _settled(policy: HitPolicy, hits: Hits) -> Value:
    """Give the result of the decided rows where every undecided row would give the same (or, under P, a
    worse one).
    """
    result = _DECIDED[policy](hits)
    rank = hits.priorities(result) if policy is HitPolicy.PRIORITY else ()
    open_rows = {}
    for row, unknown in hits.undecided.items():
        output = hits.output(row)
        settled = operators.same_value(output, result) is True
        if policy is HitPolicy.PRIORITY and not settled:
            settled = hits.priorities(output) >= rank
        if not settled:
            open_rows[row] = unknown
    return unknown_or(open_rows.values(), result)


def _unique(hits: Hits) -> Value:
    if len(hits.matched) > 1:
        rows = ", ".join(str(row + 1) for row in hits.matched)
        raise Fault("overlap", f"Rows {rows} match at once, but the table allows one.")
    return hits.output(hits.matched[0])


def _any(hits: Hits) -> Value:
    first, *others = [hits.output(row) for row in hits.matched]
    for row, output in zip(hits.matched[1:], others, strict=True):
        if operators.same_value(first, output) is not True:
            raise Fault("overlap", f"Rows {hits.matched[0] + 1} and {row + 1} match with different results.")
    return first


def _first(hits: Hits) -> Value:
    return hits.output(hits.matched[0])


def _collected(hits: Hits) -> list[Value]:
    return [hits.output(row) for row in hits.matched]


def _ordered(hits: Hits) -> list[Value]:
    return sorted(_collected(hits), key=hits.priorities)


def _aggregate(op: str) -> Callable[[Hits], Value]:
    def run(hits: Hits) -> Value:
        outputs = _collected(hits)
        result = outputs[0]
        if op == "+":
            unknown = merged_unknown(outputs)
            return total(outputs) if unknown is None else unknown
        for output in outputs[1:]:
            better = operators.compare(op, output, result)
            if type(better) is Unknown:
                return better
            result = output if better else result
        return result

    return run


SINGLE = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST})
"""Policies whose result is the output of one row."""
_DECIDED: dict[HitPolicy, Callable[[Hits], Value]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: lambda hits: _ordered(hits)[0],
    HitPolicy.FIRST: _first,
    HitPolicy.RULE_ORDER: _collected,
    HitPolicy.OUTPUT_ORDER: _ordered,
    HitPolicy.COLLECT: _collected,
    HitPolicy.SUM: _aggregate("+"),
    HitPolicy.MIN: _aggregate("<"),
    HitPolicy.MAX: _aggregate(">"),
    HitPolicy.COUNT: lambda hits: Decimal(len(hits.matched)),
}
