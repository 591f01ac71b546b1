"""FEEL by column means what FEEL means: every formula on random rows, with unknown facts among them."""

from collections.abc import Callable
from typing import Any

import pytest

from rulebook.columns.alike import compare, in_duckdb, people

APPLICANTS = people(400, seed=7)
NUMBERS = [
    "n + m * 2 - 1",
    "n / 3 * 3 = n",
    "floor(n / 3 * 3)",
    "n / m",
    "floor(n / m * m)",
    "n / m > m / 7",
    "n * 6 % / 11 < m",
    "-n",
    "abs(n - m)",
    "n ** 2 - m ** 3",
    "n ** 0",
    "modulo(m, 20/45)",
    "product(n, 2, m)",
    "n in [m..100]",
    "sum(for i in 1..3 return i * n)",
    "round half up(n, 0) + round half down(n, 0)",
    "round up(n, 0) - round down(n, 1)",
    "decimal(n / 8, 1)",
    "round half up(n, -1) - floor(m, -2)",
    "ceiling(n / 7) + floor(m / 7)",
    "modulo(n, 7) + modulo(n, -3)",
    "modulo(n, m)",
    "odd(whole) or even(whole)",
    "max(n, m, 3) - min(n, m)",
    "sum(n, m, whole) / mean(n, m)",
    "n between m and 100",
    "n in [0..10] or n in (> 100, < -100)",
    "(n + 1) / (whole / 3)",
    "if n != 0 then m / n else 0",
    "n / 45 * (1 - 20 / 45) >= 1000",
    "floor(whole * 23 * (1 - 12 / 23))",
    "ceiling(whole * 63 * (2 / 7 - 1 / 9))",
]


@pytest.fixture(scope="module")
def run() -> Callable[[str], list[tuple[Any, ...]]]:
    return in_duckdb(APPLICANTS)


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(text: str, run: Callable[[str], list[tuple[Any, ...]]]):
    result = compare(text, APPLICANTS, run)
    assert result.agreed > 50
    assert result.doubted < 300


LOGIC = [
    "yes and no",
    "yes or n > 3",
    "not(yes)",
    "yes = no",
    "word = null",
    "if yes then word else other",
    "if yes then null else n",
    "(if yes then null else n) = null",
    "(if yes then null else n) = m",
    "(if yes then n else null) != (if no then m else null)",
    "if n > 0 and m / n > 2 then 1 else 2",
    "n is known and yes",
    "(if yes then no else null) and n > 0",
    "n > 0 or (if yes then no else null)",
    "not(if yes then no else null)",
    "if (if yes then no else null) then 1 else 2",
    "{a: n, b: a * 2}.b",
    'some w in words satisfies w in ("a", "b")',
    "every w in words satisfies w != other",
    "some w in words satisfies w != other",
    'every w in words satisfies w in ("a", "ab", "b", "æøå", "none", "zz", "")',
    "words = []",
    "word is unknown",
    'word in ("a", "ab") and not(other = "b")',
    "word < other",
    "max(word, other)",
    'word + other = "ab"',
    'starts with(word, other) or ends with(word, "b")',
    'contains(word, "b")',
    "contains(word, other)",
    'word = "a\\\\b" or word = "it\'s"',
    "upper case(word) + lower case(other)",
    'substring before(word, "b") + "/" + substring after(word, other)',
    "substring(word, -2, 1)",
    "any(yes, n / m > 1)",
    "some i in [n, m] satisfies i > whole",
    "string length(word + other)",
    "substring(word, 2)",
    "substring(word, 1, 1) = other",
    "word in words",
    'list contains(words, "a")',
    "some w in words satisfies w = word",
    "every w in words satisfies not(w in words)",
    "count(words) > 1",
    "words = []",
    'settled = "none"',
    'word in ["a", "b", "c"]',
    "any(yes, no, n > 0)",
    "all(yes, no)",
]
DATES = [
    "day.year * 100 + day.month",
    "day.weekday",
    "day of week(day)",
    'day + @"P1M"',
    'day - @"P1Y3M"',
    'day + @"P40D" > then',
    "(day - then).days",
    'day - then > @"P30D"',
    "years and months duration(day, then).years",
    "years and months duration(then, day).months",
    'years and months duration(then, day) >= @"P1Y"',
    "date(day.year, day.month, 1)",
    "date(day.year, 2, 28) <= then",
    "date(day.year, whole, 1)",
    'max(day, then, @"2020-06-30")',
    'day in [@"2020-01-01"..@"2020-12-31"]',
    "if day < then then day else null",
    "date(then.year, 7, 31)",
    "date(day.year, day.month, whole * 3)",
    "date(1900 + whole * 100, 2, day.day)",
    "day of year(day) + week of year(then)",
    "month of year(day)",
    'day + @"P1M" * whole',
    '(day - then) / @"P7D"',
    'overlaps([min(day, then)..max(day, then)], [@"2020-01-01"..@"2020-12-31"])',
    'before(day, [@"2020-06-30"..then])',
    "abs(years and months duration(day, then))",
    'then + @"P1D" * n',
]
LISTS = [
    "count(folk)",
    "sum(folk.sum)",
    "sum(folk.sum) + 1",
    "min(folk.sum)",
    "max(folk.born)",
    "mean(folk.sum)",
    "count(folk[here])",
    "sum(folk[here].sum)",
    'count(folk[kin = "a"])',
    "count(folk[born < day])",
    "max(folk[born < day].born)",
    "some p in folk satisfies p.sum > n",
    "every p in folk satisfies p.here or p.sum < 0",
    "some p in folk satisfies word in p.kin of",
    "some p in folk satisfies (some w in p.kin of satisfies w in words)",
    "word in folk.kin",
    "some w in words satisfies w in folk.kin",
    "some w in words satisfies not(w in folk.kin)",
    "every w in words satisfies w in ting.word",
    "count(folk[here][sum > 0])",
    "sum(for p in folk return p.sum / 3)",
    "sum(for p in folk[here] return p.sum * n)",
    "some p in folk satisfies (some q in ting satisfies q.value > p.sum)",
    "count(folk[count(ting[value > sum]) > 1])",
    "every p in folk satisfies p.sum > max(ting.value)",
    "max(folk.kin)",
    "all(folk.here)",
    "any(for p in folk return p.sum > 5)",
    "count(ting) > count(folk)",
    "if count(folk) > 0 then sum(folk.sum) / count(folk) else 0",
    "floor(sum(folk.sum) / 12)",
    "folk[here] != [] or ting.value = []",
    "if yes then floor(sum(for p in folk return p.sum / 3) * 3 - sum(folk.sum)) else 0",
    "sum(for p in folk[not(true)] return n) = null",
    "folk[1].born",
    "some p in folk, q in folk satisfies p.born < q.born and p.kin = q.kin",
    "sum(for p in folk return count(folk[born < p.born]))",
    "every p in folk satisfies (some q in folk satisfies (some r in folk satisfies r.sum > q.sum and q.sum > p.sum))",
    "folk[sum > 0][-1].kin",
    "(folk.here)[1]",
    "sort(folk.sum)[-1]",
    "count(distinct values(folk.kin))",
    "count(distinct values(folk.sum))",
    "some x in folk.sum satisfies x > n",
    "count(folk.sum[item > n])",
    "some p in folk, q in ting[value > p.sum] satisfies q.word = p.kin",
]


@pytest.mark.parametrize("text", [*LOGIC, *DATES, *LISTS])
def test_everything_else(text: str, run: Callable[[str], list[tuple[Any, ...]]]):
    result = compare(text, APPLICANTS, run)
    assert result.agreed > 50
    assert result.doubted < 250
