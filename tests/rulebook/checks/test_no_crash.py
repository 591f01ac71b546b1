"""Whatever stands in a formula or a cell, the check answers with findings, never with a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import RULES, checked, with_step, with_table

ATOMS = st.sampled_from(
    [
        *("1", "-2.5", "30 %", "5 kr/år", '"a"', "true", "null", "[1, 2]", "{a: 1}", "[1..5]", "sum"),
        *("inntekt", "sivilstand", "alene", "barn", "barn.alder", "søknadsdato", "pris", "makspris"),
        *('duration("P1M")', 'duration("P3D")'),
    ]
)


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.flatmap(lambda pair: st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "and", "or", "in"]).map(
            lambda op: f"({pair[0]} {op} {pair[1]})")),
        two.map(lambda pair: f"(if {pair[0]} then {pair[1]} else {pair[0]})"),
        two.map(lambda pair: f"(some b in {pair[0]} satisfies {pair[1]})"),
        two.map(lambda pair: f"(for b in {pair[0]} return b)"),
        two.map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        two.map(lambda pair: f"({pair[0]} between {pair[1]} and {pair[0]})"),
        inner.flatmap(lambda one: st.sampled_from(
            ["sum", "max", "count", "not", "abs", "date", "string", "sort", "append", "floor", "is"]
        ).map(lambda name: f"{name}({one})")),
        inner.map(lambda one: f"({one}).alder"),
        inner.map(lambda one: f"-{one}"),
        inner.map(lambda one: f"(function(x) x + {one})({one})"),
    )  # fmt: skip


EXPRESSIONS = st.recursive(ATOMS, joined, max_leaves=6)


@given(EXPRESSIONS)
@settings(max_examples=120, deadline=None)
def test_any_formula(formula: str) -> None:
    for one in checked(with_step(formula), information=True):
        assert one.what
        assert one.mend


@given(
    st.lists(st.tuples(EXPRESSIONS, EXPRESSIONS), min_size=1, max_size=4),
    st.sampled_from(["U", "A", "F", "C", "R"]),
)
@settings(max_examples=60, deadline=None)
def test_any_table(rows: list[tuple[str, str]], policy: str) -> None:
    cells = "\n".join(f"| | {one} | not({other}) | {one} |" for one, other in rows)

    for one in checked(
        with_table(f"| {policy} | inntekt | sivilstand | → prøve |\n{cells}"), information=True
    ):
        assert one.what
        assert one.mend


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 5000 + "1",
        "1" + " + 1" * 20_000,
        "1" + " + 1" * 900,
        "1" + " + 1" * 190,
        "[" * 3000,
        "if true then " * 2000 + "1",
    ],
)
def test_a_formula_without_end(formula: str) -> None:
    checked(with_step(formula))


def test_steps_that_lean_on_each_other_in_a_long_row() -> None:
    steps = "".join(f"  s{at}: {{ is: s{at + 1} + 1 kr/år }}\n" for at in range(400))
    rules = RULES.replace("calculate:\n", f"calculate:\n{steps}  s400: {{ is: inntekt }}\n", 1)

    assert {one.code for one in checked(rules)} == {"unused"}
