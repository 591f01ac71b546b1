"""Chance that comes out the same on every machine.

Only whole numbers from the Mersenne Twister are used: `getrandbits` is exact everywhere, while logarithms and
square roots differ in their last bit between processors. Distributions are therefore tables.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from dugnad.connectors.norway.reference import shares

T = TypeVar("T")

WHEEL_BITS = 10

# Quantiles of a log-normal distribution with sigma 0.48, in thousandths of the median: how incomes spread.
SPREAD = (
    313, 385, 429, 464, 493, 519, 543, 565, 586, 606, 625, 644, 662, 680, 698, 715, 732, 749, 766,
    782, 799, 816, 833, 850, 867, 884, 901, 918, 936, 954, 972, 991, 1009, 1029, 1048, 1068, 1089,
    1110, 1132, 1154, 1177, 1201, 1225, 1251, 1278, 1306, 1335, 1366, 1399, 1433, 1470, 1510, 1553,
    1599, 1650, 1706, 1770, 1842, 1927, 2028, 2156, 2329, 2596, 3191,
)  # fmt: skip


def wheel(weights: Mapping[T, int]) -> tuple[T, ...]:
    """Return a wheel of 1024 places on which each value stands as often as its weight says."""
    sizes = shares(1 << WHEEL_BITS, tuple(weights.values()), at_least=(0,) * len(weights))
    return tuple(value for value, size in zip(weights, sizes, strict=True) for _ in range(size))


def steps(points: Mapping[int, int], last: int) -> tuple[int, ...]:
    """Return one whole number for each of 0..last, along straight lines between the given points."""
    known = sorted(points)
    values = []
    for x in range(last + 1):
        left = max((k for k in known if k <= x), default=known[0])
        right = min((k for k in known if k >= x), default=known[-1])
        rise = points[right] - points[left]
        values.append(points[left] + (rise * (x - left) // (right - left) if right > left else 0))
    return tuple(values)


def pick(values: Sequence[T], number: int) -> T:
    """Return one of `values` by a random number of 16 bits."""
    return values[number * len(values) >> 16]
