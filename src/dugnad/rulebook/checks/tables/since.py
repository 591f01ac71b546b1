"""From when a hole is there: one that a rate opens is there while the rate is so."""

from collections.abc import Callable, Sequence
from itertools import groupby

from dugnad.rulebook.checks.tables.regions.axis import Axis, Related
from dugnad.rulebook.checks.tables.regions.boxes import Whole
from dugnad.rulebook.checks.tables.regions.feasible import Bounds, can_be
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rates import Rates


def since(axes: Sequence[Axis], where: Whole, rates: Rates) -> str:
    """Say on which days a region can occur, where that depends on one rate; nothing where it is on all of them."""
    names = {
        axis.other
        for axis, spans in zip(axes, where, strict=True)
        if isinstance(axis, Related) and spans != axis.everything and axis.other in rates.rates
    }
    if len(names) != 1:
        return ""
    (name,) = names
    values = rates.rates[name].values
    open_ = [can_be(axes, where, _when(name, one.value)) for one in values]
    if all(open_) or not any(open_):
        return ""
    periods = [
        [at for at, _ in run] for holds, run in groupby(enumerate(open_), key=lambda one: one[1]) if holds
    ]
    said = [
        f"from {values[run[0]].start}"
        + (f" until {values[run[-1] + 1].start}" if run[-1] + 1 < len(values) else "")
        for run in periods
    ]
    return f" ({' and '.join(said)}, by the value of {name})"


def _when(name: str, value: Value) -> Callable[[str], Bounds]:
    return lambda other: (value, value) if other == name else (None, None)
