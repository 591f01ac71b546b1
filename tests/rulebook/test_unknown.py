"""An unknown fact stays unknown, unless the answer does not depend on it."""

import pytest
from feeling import D, evaluate, evaluated
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook import Unknown, Value, unknown

U = unknown("inntekt")
T, F = True, False


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (F, T, F, T),
        (F, F, F, F),
        (T, U, U, T),
        (U, T, U, T),
        (F, U, F, U),
        (U, F, F, U),
        (U, U, U, U),
    ],
)
def test_and_or(left: Value, right: Value, both: Value, either: Value) -> None:
    values = {"a": left, "b": right}
    assert evaluated("a and b", values) == (both, [])
    assert evaluated("a or b", values) == (either, [])


@pytest.mark.parametrize(("left", "either"), [(T, T), (F, None)])
def test_null_with_and_or_follows_dmn_table_50(left: Value, either: Value) -> None:
    assert evaluate("a or null", {"a": left}) is either
    assert evaluate("a and null", {"a": left}) is (None if left else False)


@pytest.mark.parametrize(
    "text",
    [
        "u + 1",
        "1 - u",
        "u * 0",
        "-u",
        "u = 1",
        "u != 1",
        "u < 1",
        "u between 1 and 2",
        "1 between u and 2",
        "u in (1, 2)",
        "u in [1..2]",
        "1 in [0..u]",
        "if u then 1 else 2",
        "u.a",
        "u[1]",
        "u[item > 1]",
        "[1, 2][item > u]",
        "for i in u return i",
        "some i in u satisfies i = 1",
        "every i in [1] satisfies i = u",
        "abs(u)",
        "sum([1, u])",
        "max(1, u)",
        "sort([2, u])",
        "count(u)",
        "not(u)",
        "list contains([1], u)",
        "string(u)",
        "all([true, u])",
        "any([false, u])",
        "u instance of number",
        "(function(x) x + 1)(u)",
        "[1] = [u]",
        "{a: 1} = {a: u}",
        "date(u, 1, 1)",
        'get value(u, "a")',
        "append(u, 1)",
        "u(1)",
    ],
)
def test_unknown_goes_through(text: str) -> None:
    assert evaluated(text, {"u": U}) == (U, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("u is unknown", True),
        ("u is known", False),
        ("1 is known", True),
        ("null is known", False),
        ("if true then 1 else u", D(1)),
        ("3 between 5 and u", False),
        ("3 in [5..u]", False),
        ("1 in (1, u)", True),
        ("some i in [u, 3] satisfies i > 2", True),
        ("every i in [u, 3] satisfies i > 5", False),
        ("count([1, u])", D(2)),
        ("list contains([1, u], 1)", True),
        ("any([u, true])", True),
        ("all([u, false])", False),
        ("[1, 2] = [2, u]", False),
        ("{a: u, b: 2}.b", D(2)),
        ("[1, u][1]", D(1)),
        ("[5, 6][u is known]", []),
    ],
)
def test_what_does_not_depend_on_it_is_known(text: str, value: Value) -> None:
    assert evaluated(text, {"u": U}, dialect="dugnad") == (value, [])


def test_a_name_without_a_value_is_unknown_and_names_are_gathered() -> None:
    assert evaluate("a + b * c", {"b": D(1)}) == unknown("a", "c")


def test_nobody_can_take_unknown_for_a_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(U)


TERMS = st.recursive(
    st.sampled_from(["true", "false", "u"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"not({t})"),
        st.tuples(inner, inner, inner).map(lambda t: f"(if {t[0]} then {t[1]} else {t[2]})"),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(TERMS)
def test_a_known_answer_holds_whatever_the_fact_turns_out_to_be(text: str) -> None:
    answer = evaluate(text, {"u": U})
    if type(answer) is not Unknown:
        assert {evaluate(text, {"u": True}), evaluate(text, {"u": False})} == {answer}
