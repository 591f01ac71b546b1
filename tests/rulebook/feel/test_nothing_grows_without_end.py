"""What one evaluation may make is bounded: values that hold themselves, texts that double, copies of large lists."""

import json
import resource
import time

import pytest
from feel_runs import evaluated

from dugnad.rulebook import as_json

MONSTERS = [
    "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]",
    "string(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])",
    "flatten(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])",
    "{l: for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]], r: l = [l]}.r",
    "distinct values(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])",
    "{" + ", ".join(f"a{at}: " + (f"[a{at - 1}, a{at - 1}]" if at else "1") for at in range(60)) + "}",
    'for i in 1..60 return if i = 1 then "aaaa" else partial[-1] + partial[-1]',
    'for i in 1..60 return if i = 1 then "aaaa" else string join([partial[-1], partial[-1]])',
    "for i in 1..60 return if i = 1 then [1, 2] else concatenate(partial[-1], partial[-1])",
    "{l: for i in 1..900000 return i, r: for j in 1..100000 return reverse(l)}.r",
    "{l: for i in 1..20000 return {x: i}, r: for j in 1..100000 return l.x}.r",
    '{s: string join(for i in 1..90000 return "aaaaaaaaaa"), r: for j in 1..900000 return s + "b"}.r',
    '{s: string join(for i in 1..90000 return "aaaaaaaaaa"), r: for j in 1..900000 return upper case(s)}.r',
    '{s: string join(for i in 1..90000 return "aaaaaaaaaa"), r: string(for j in 1..10000 return s)}.r',
]


@pytest.mark.parametrize("text", MONSTERS)
def test_it_ends_soon_and_can_be_written(text: str) -> None:
    before = time.monotonic()
    value, codes = evaluated(text)
    json.dumps(as_json(value))
    assert "too-large" in codes
    assert time.monotonic() - before < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3_000_000


@pytest.mark.parametrize(
    "text", ['sum("a", "b")', 'sum(["a", "b"])', 'mean(["a", "b"])', 'sum(1, "a")', "sum([[1], [2]])"]
)
def test_only_numbers_and_durations_are_added_up(text: str) -> None:
    assert evaluated(text) == (None, ["type-mismatch"])
