"""What one evaluation may make is bounded: values that hold themselves, texts that double, copies of large lists."""

import json
import resource
import time

import pytest
from feel_runs import D, evaluated

from dugnad.rulebook import as_json
from dugnad.rulebook.feel import to_value

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


def nested(levels: int, *, context: bool = False) -> object:
    value: object = D(1)
    for _ in range(levels):
        value = {"a": value} if context else [value]
    return value


DEEP_CALLS = [
    "x = y", "x in [y]", "[1][item = x]", "string(x)", "x.a.a", "is(x, y)", "distinct values([x, y])",
    "list contains([x], y)", "index of([x], y)", "union([x], [y])", "some i in [x] satisfies i = y", "flatten([x])",
    "(function(i: list<Any>) i)(x)", "for i in 1..2 return x",
]  # fmt: skip


@pytest.mark.parametrize("text", DEEP_CALLS)
@pytest.mark.parametrize("context", [False, True])
def test_a_value_nested_beyond_measure_is_told_and_a_smaller_one_is_not(text: str, context: bool) -> None:  # noqa: FBT001
    for levels in (200, 20_000):
        deep = {name: nested(levels, context=context) for name in "xy"}
        codes = evaluated(text, deep)[1]
        assert set(codes) <= {"too-large", "missing-property", "type-mismatch", "null-operand"}
    small = {name: nested(40, context=context) for name in "xy"}
    assert "too-large" not in evaluated(text, small)[1]


@pytest.mark.parametrize(
    "raw",
    [
        1.5,
        D("NaN"),
        D("-Infinity"),
        D("sNaN"),
        D("1e999999999"),
        nested(101),
        nested(20_000),
        nested(20_000, context=True),
    ],
)
def test_what_feel_cannot_hold_does_not_come_in(raw: object) -> None:
    with pytest.raises(TypeError):
        to_value(raw)


def test_what_feel_can_hold_comes_in_as_it_is() -> None:
    assert to_value(D("9.9e6144")) == D("9.9e6144")
    assert to_value(D("1e-999999999")) == 0
    assert to_value((1, [True, {"a": None}])) == [D(1), [True, {"a": None}]]
    assert to_value(nested(100)) == nested(100)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("stddev([9e6144, -9e6144])", "out-of-range"),
        ("mean([9e6144, 9e6144])", "out-of-range"),
        ("sum([9e6144, 9e6144])", "out-of-range"),
        ("0 ** -1", "division-by-zero"),
        ("0 ** -0.5", "division-by-zero"),
        ("2 ** 999999999", "out-of-range"),
        ("decimal(1 / 3, 999999999)", "out-of-range"),
        ("for i in 1..1000000000 return i", "too-large"),
        ("every i in 1..1e6000 satisfies true", "too-large"),
        ("for i in 1..1000, j in 1..1000, k in 1..1000 return i", "too-large"),
        ('string join(for i in 1..100000 return "aaaaaaaaaaaaaaaaaaaa")', "too-large"),
        ('split("abc", "")', "wrong-pattern"),
        ("date(1e6000, 1, 1)", "conversion"),
        ("time(0, 0, 1e6000)", "conversion"),
        ("[1][1e6000]", "out-of-range"),
        ('@"P1D" * 1e6000', "out-of-range"),
    ],
)
def test_numbers_beyond_measure_are_null_and_told(text: str, code: str) -> None:
    assert evaluated(text) == (None, [code])


def test_the_middle_of_two_numbers_too_large_to_add_is_told() -> None:
    assert evaluated("median([9e6144, 9e6144])") == (None, ["out-of-range"])
