"""Any expression over any values gives a value: what is wrong becomes null and a diagnostic."""

import json
from datetime import UTC, date, datetime, time, timedelta

from feeling import D
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook import (
    FeelSyntaxError,
    Months,
    Range,
    Recorder,
    Unknown,
    Value,
    as_json,
    compile_expression,
    parse,
    parse_unary_tests,
    unit_of,
    unknown,
)
from dugnad.rulebook.feel.builtins import BUILTIN_NAMES
from dugnad.rulebook.rules.compiling import rounded
from dugnad.rulebook.rules.words import format_amount

VALUES = {
    "n": D("2.5"),
    "big": D("9.9E+6144"),
    "s": "tekst",
    "b": True,
    "nothing": None,
    "u": unknown("u"),
    "day": date(9999, 12, 31),
    "clock": time(23, 59, 59, tzinfo=UTC),
    "moment": datetime(1, 1, 1, tzinfo=UTC),
    "local": datetime(2024, 1, 1),  # noqa: DTZ001 - a local time is a value of its own
    "length": timedelta(days=-999_999_999),
    "months": Months(-(10**20)),
    "numbers": [D(1), D(-3), D(2)],
    "mixed": [D(1), "a", None, unknown("m"), [D(1)], {"a": D(1)}],
    "ctx": {"a": D(1), "b": unknown("c"), "s": "x"},
    "range": Range(D(1), D(5)),
    "open": Range(None, D(5), low_included=False),
}

ATOMS = st.one_of(
    st.sampled_from(
        [*VALUES, "1", "0", "-1", "10 ** 40", '"x"', '""', "null", "true", "item", '@"P1D"', '@"P1M"']
    ),
    st.integers(-(10**9), 10**9).map(str),
)
OPERATORS = ["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from(BUILTIN_NAMES)
    return st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(names, st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(inner, st.sampled_from(["a", "year", "months", "start", "hour"])).map(
            lambda t: f"({t[0]}).{t[1]}"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"(if {t[0]} then {t[1]} else {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"(for i in {t[0]} return {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"(some i in {t[0]} satisfies {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, {t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}..{t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"{{a: {t[0]}, b: {t[1]}}}"),
        st.tuples(inner, inner).map(lambda t: f"(function(i) {t[0]})({t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"sort({t[0]}, function(i, j) {t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} between {t[1]} and {t[2]})"),
        inner.map(lambda t: f"-({t})"),
        inner.map(lambda t: f"({t} instance of list<number>)"),
    )


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=8)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_every_expression_has_a_value(text: str) -> None:
    recorder = Recorder()
    try:
        node = parse(text, dialect="dugnad")
    except FeelSyntaxError as wrong:
        assert "cannot take" in wrong.message  # noqa: PT017 - the only thing wrong that can be seen beforehand
        return
    value = compile_expression(node)({**VALUES, "now()": VALUES["moment"]}, recorder)
    json.dumps(as_json(value))
    unit_of(node, {})
    # what no error touched and no unknown fact is in, is the same the second time
    if not recorder.diagnostics and type(value) is not Unknown:
        again = compile_expression(node)({**VALUES, "now()": VALUES["moment"]})
        assert as_json(again) == as_json(value)


@settings(deadline=None)
@given(
    EXPRESSIONS, st.sampled_from(["", "< ", ">= ", "not(", "? = ", "1, "]), st.sampled_from(sorted(VALUES))
)
def test_every_cell_has_an_outcome(text: str, prefix: str, name: str) -> None:
    cell = prefix + text + (")" if prefix == "not(" else "")
    try:
        node = parse_unary_tests(cell)
    except FeelSyntaxError:
        return
    outcome: Value = compile_expression(node)({**VALUES, "?": VALUES[name]}, Recorder())
    assert outcome is None or isinstance(outcome, bool) or "?" in cell or type(outcome) is Unknown


def test_a_value_that_holds_itself_without_end_is_written_as_too_large() -> None:
    value: list[object] = [D("1")]
    for _ in range(60):
        value = [value, value]
    assert as_json(value) == {"too large": True}
    assert as_json([D("-0"), [D("1.50")]]) == ["0", ["1.50"]]


def test_an_amount_of_thirty_four_digits_is_rounded_and_a_longer_one_undecided() -> None:
    assert rounded(D("9" * 31 + ".999"), "øre ned") == D("9" * 31 + ".99")
    assert rounded(D("9" * 34), "øre ned") is None
    assert format_amount(D("1" + "0" * 40), "en").endswith(",000,000")
