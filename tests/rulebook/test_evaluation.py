"""Values from the DMN 1.5 specification, chapter 10.3, and from arithmetic."""

from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from zoneinfo import ZoneInfo

import pytest
from feeling import D, cell, evaluate, evaluated
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook import (
    Months,
    Range,
    Recorder,
    Value,
    compile_expression,
    free_names,
    parse,
    to_value,
    unknown,
)

INCOME = {"husholdningens inntekt": D(366667)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2 = 0.3", True),
        ("1 / 3 * 3", D("0.9999999999999999999999999999999999")),
        ("-3 ** 2", D(9)),
        ("2 ** 3 ** 2", D(64)),
        ("10 - 2 - 3", D(5)),
        ("1 + 2 * 3", D(7)),
        ('"a" + "b"', "ab"),
        ("5 in (1..5)", False),
        ("5 in ]1..5]", True),
        ("5 in (> 3, 1)", True),
        ("2 in (1, 3)", False),
        ("3 between 1 and 3 and true", True),
        ("1 = null", False),
        ("null = null", True),
        ("null != 1", True),
        ('{a: 1, b: "x"} = {b: "x", a: 1}', True),
        ("[1, 2] = [2, 1]", False),
        ("{a: 1, b: a + 1}.b", D(2)),
        ("[{a: 1}, {a: 2}].a", [D(1), D(2)]),
        ("[1, 2, 3][2]", D(2)),
        ("[1, 2, 3][-1]", D(3)),
        ("[1, 2, 3][item >= 2]", [D(2), D(3)]),
        ("[{a: 1}, {a: 2}][a = 2]", [{"a": D(2)}]),
        ("for i in 1..3 return i * 2", [D(2), D(4), D(6)]),
        ("for i in 3..1 return i", [D(3), D(2), D(1)]),
        ("for i in [1, 2], j in [i, 10] return j", [D(1), D(10), D(2), D(10)]),
        ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", [D(1), D(2), D(6), D(24)]),
        ("some i in [1, 2] satisfies i > 1", True),
        ("every i in [] satisfies i > 1", True),
        ("(function(x, y) x - y)(y: 1, x: 5)", D(4)),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), g: f(5)}.g", D(120)),
        ("1 instance of number", True),
        ("[1] instance of list<number>", True),
        ('@"P1M" instance of years and months duration', True),
        ("[1..3] = [1..3]", True),
        ("[1..10).end included", False),
        ('"\\u00e6\\"" = "æ\\""', True),
    ],
)
def test_expressions(text: str, value: Value) -> None:
    result, codes = evaluated(text)
    assert result == value
    assert type(result) is type(value)
    assert codes == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2024-08-01")', date(2024, 8, 1)),
        ('@"2024-02-29" + @"P1Y"', date(2025, 2, 28)),
        ('@"2024-01-31" + @"P1M"', date(2024, 2, 29)),
        ('@"2024-03-01" - @"2024-02-01"', timedelta(days=29)),
        ('time("10:30:00+02:00").time offset', timedelta(hours=2)),
        ('@"23:30:00" + @"PT1H"', time(0, 30)),
        (
            'date and time("2024-08-01T10:00:00@Europe/Oslo")',
            datetime(2024, 8, 1, 10, tzinfo=ZoneInfo("Europe/Oslo")),
        ),
        ('@"P1Y6M" * 2', Months(36)),
        ('@"P2D" / @"PT12H"', D(4)),
        ('years and months duration(@"2020-08-31", @"2024-08-30")', Months(47)),
        ('years and months duration(@"2020-08-31", @"2024-08-31").years', D(4)),
        ('day of week(@"2024-08-01")', "Thursday"),
        ('week of year(@"2021-01-03")', D(53)),
        ('day of year(@"2024-12-31")', D(366)),
        ('@"2024-08-01".weekday', D(4)),
        ('string(@"P1DT2H3M4.5S")', "P1DT2H3M4.5S"),
        ('string(duration("-P14M"))', "-P1Y2M"),
        ('@"2024-08-01" in [@"2024-01-01"..@"2024-12-31"]', True),
        ('date and time("2024-06-01T12:00:00Z") = date and time("2024-06-01T14:00:00+02:00")', True),
    ],
)
def test_dates_and_durations(text: str, value: Value) -> None:
    assert evaluated(text) == (value, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring before("foobar", "bar")', "foo"),
        ('replace("abracadabra", "bra", "*")', "a*cada*"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('matches("foobar", "^fo*b")', True),
        ('matches("x\\n", "^x$")', False),
        ('split("John Doe", "\\\\s")', ["John", "Doe"]),
        ('string join(["a", "b", null], ", ")', "a, b"),
        ('string length("🐎ab")', D(3)),
        ('number("1 000,0", " ", ",")', D("1000.0")),
        ("decimal(1/3, 2)", D("0.33")),
        ("decimal(2.5, 0)", D(2)),
        ("round half up(5.5, 0)", D(6)),
        ("round half down(5.5, 0)", D(5)),
        ("round up(-5.5, 0)", D(-6)),
        ("round down(1.121, 2)", D("1.12")),
        ("floor(-1.5)", D(-2)),
        ("ceiling(1.56, 1)", D("1.6")),
        ("modulo(-12, 5)", D(3)),
        ("modulo(12, -5)", D(-3)),
        ("sqrt(16)", D(4)),
        ("median([6, 1, 2, 3])", D("2.5")),
        ("mode([6, 3, 9, 6, 6])", [D(6)]),
        ("stddev([2, 4, 7, 5]) > 2.0816 and stddev([2, 4, 7, 5]) < 2.0817", True),
        ("sum(1, 2, 3)", D(6)),
        ("min([])", None),
        ("sublist([4, 5, 6], 1, 2)", [D(4), D(5)]),
        ("insert before([1, 3], 1, 2)", [D(2), D(1), D(3)]),
        ("list replace([2, 4, 7], 3, 6)", [D(2), D(4), D(6)]),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [D(5), D(5), D(7), D(8)]),
        ("flatten([[1, 2], [[3]], 4])", [D(1), D(2), D(3), D(4)]),
        ("distinct values([1, 2, 3, 2, 1.0])", [D(1), D(2), D(3)]),
        ("index of([1, 2, 3, 2], 2)", [D(2), D(4)]),
        ("sort([3, 1, 4], function(x, y) x > y)", [D(4), D(3), D(1)]),
        ("union([1, 2], [2, 3])", [D(1), D(2), D(3)]),
        ('get value({"barn nr.": 2}, "barn nr.")', D(2)),
        ('context put({x: 1}, "y", 2)', {"x": D(1), "y": D(2)}),
        ("context merge([{x: 1}, {x: 2}])", {"x": D(2)}),
        ("get entries({a: 1})", [{"key": "a", "value": D(1)}]),
        ("overlaps([1..5], [5..8])", True),
        ("overlaps([1..5), [5..8])", False),
        ("before([1..10), [10..20])", True),
        ("meets([1..5], [5..10])", True),
        ("finishes([5..10], [1..10])", True),
        ("starts(1, [1..10])", True),
        ("includes([1..10], [2..10))", True),
        ("coincides([1..5], [1..5])", True),
        ('substring(string: "foobar", start position: 3)', "obar"),
        ('is(@"10:00:00", @"10:00:00Z")', False),
    ],
)
def test_built_in_functions(text: str, value: Value) -> None:
    assert evaluated(text) == (value, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 / 0", "division-by-zero"),
        ("modulo(1, 0)", "division-by-zero"),
        ('1 + "a"', "type-mismatch"),
        ('1 = "1"', "type-mismatch"),
        ("null + 1", "null-operand"),
        ("null < 1", "null-operand"),
        ("{a: 1}.b", "missing-property"),
        ('number("ti")', "conversion"),
        ('date("2024-02-30")', "conversion"),
        ("not(null)", "null-operand"),
        ("true and null", "null-operand"),
        ("[1, 2][5]", "out-of-range"),
        ("abs(1, 2)", "wrong-arguments"),
        ("3(4)", "not-a-function"),
        ("10 ** 999999", "out-of-range"),
        ("today()", "no-moment"),
        ("{f: function(n) f(n), g: f(1)}.g", "too-deep"),
        ("count(for i in 1..9999999999 return i)", "too-large"),
        ("count(for i in 1..2000, j in 1..2000 return i)", "too-large"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$")', "too-slow"),
        ('matches("a", "[")', "wrong-pattern"),
    ],
)
def test_an_error_is_null_and_is_told(text: str, code: str) -> None:
    value, codes = evaluated(text)
    assert value is None
    assert code in codes


def test_an_error_stands_where_it_happened() -> None:
    recorder = Recorder()
    compile_expression(parse("2 + (10 / n) * 3"))({"n": D(0)}, recorder)
    first = recorder.diagnostics[0]
    assert (first.code, first.start, first.end) == ("division-by-zero", 5, 11)


def test_an_error_off_the_path_is_none() -> None:
    assert evaluated("if true then 1 else 1 / 0") == (D(1), [])
    assert evaluated("false and 1 / 0 > 1") == (False, [])


def test_null_as_condition_goes_to_else_but_not_silently() -> None:
    assert evaluated("if null then 1 else 2") == (D(2), ["null-operand"])


def test_the_moment_is_given_never_read_from_a_clock() -> None:
    moment = datetime(2024, 8, 15, 12, tzinfo=ZoneInfo("Europe/Oslo"))
    assert evaluate("today()", {"now()": moment}) == date(2024, 8, 15)
    assert evaluate("now()", {"now()": moment}) == moment
    assert evaluate("today()", {"today()": date(2020, 1, 1), "now()": moment}) == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("text", "given", "outcome"),
    [
        ("-", D(1), True),
        ("", D(1), True),
        (">= 3", D(3), True),
        ("[1..5)", D(5), False),
        ('"a","b"', "b", True),
        ('not("a","b")', "b", False),
        ("not(< 3)", D(5), True),
        ("? * 2 > 5", D(3), True),
        ("not(? > 5)", D(3), True),
        ("true", False, False),
        ("false", False, True),
        ("30 %", D("0.3"), True),
        ("null", None, True),
        ("-5", D(-5), True),
        ("[1,2,3]", D(2), True),
        ("is unknown", unknown("x"), True),
        ("is known", D(1), True),
        ('>= @"2024-08-01"', date(2024, 8, 1), True),
    ],
)
def test_cells(text: str, given: Value, outcome: bool) -> None:  # noqa: FBT001 - a table of cases
    assert cell(text, given) is outcome


def test_quantities_are_numbers_and_percentages_fractions() -> None:
    assert evaluate("6 %", dialect="dugnad") == D("0.06")
    assert evaluate("1500 kr/måned + 100", dialect="dugnad") == D(1600)
    assert evaluate("20 timer/uke / 45 timer/uke", dialect="dugnad") == Context(prec=34).divide(D(20), D(45))


def test_stord_2024_full_price_from_an_income_of_366667_kr() -> None:
    # stord.kommune.no: six per cent of 366 667 kr over eleven months is the highest price, 2000 kr a month
    rule = compile_expression(
        parse("husholdningens inntekt * 6 % / 11", names=INCOME, dialect="dugnad"), names=INCOME
    )
    assert rule(INCOME) >= 2000 > rule({"husholdningens inntekt": D(366666)})


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS)
def test_arithmetic_is_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    values = {"a": a, "b": b, "c": c}
    assert evaluate("a + b = b + a", values) is True
    assert evaluate("(a + b) + c = a + (b + c)", values) is True
    assert evaluate("(a + b) - b = a", values) is True
    assert evaluate("a * b = b * a", values) is True
    assert evaluate("(a < b) = (b > a)", values) is True
    assert evaluate("decimal(a * 2, 4) = a + a", values) is True


@settings(deadline=None)
@given(NUMBERS, st.integers(min_value=-3, max_value=4))
def test_rounding_stays_within_one_unit(n: Decimal, scale: int) -> None:
    unit = D(10) ** -scale
    for name in ("decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"):
        result = evaluate(f"{name}(n, s)", {"n": n, "s": D(scale)})
        assert abs(result - n) < unit
        assert result % unit == 0


def test_no_float_gets_in() -> None:
    with pytest.raises(TypeError):
        to_value({"a": [1, 0.5]})
    assert to_value({"a": (1, "b", None, True)}) == {"a": [D(1), "b", None, True]}


def test_a_built_in_function_can_be_hidden_by_a_fact() -> None:
    assert evaluate("count + 1", {"count": D(2)}, names=("count",)) == D(3)
    assert free_names(parse("count + sum([1])", names=("count",))) == {"count"}


def test_ranges_are_values() -> None:
    assert evaluate("[1..n]", {"n": D(3)}) == Range(D(1), D(3))
    assert evaluate("(< 5)") == Range(None, D(5), low_included=False, high_included=False, form="<")


@pytest.mark.parametrize(
    "text",
    [
        "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), g: f(40)}.g",
        "for i in 1..900000 return count(for j in 1..900000 return j)",
        "count(for i in 1..900000 return partial)",
        'for i in 1..100 return if i = 1 then "a" else partial[-1] + partial[-1]',
        "for i in 1..100 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
        "[1][some i in 1..900000 satisfies some j in 1..900000 satisfies false]",
    ],
)
def test_work_is_bounded(text: str) -> None:
    assert "too-large" in evaluated(text)[1]
