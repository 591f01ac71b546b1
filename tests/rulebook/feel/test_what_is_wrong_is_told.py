"""Errors teach: what was expected, where, and the nearest name that is known."""

import pytest
from feel_runs import evaluated

from dugnad.rulebook import FeelSyntaxError, Recorder, compile_expression, parse

NAMES = ("inntekt", "antall barn", "barn", "barn.alder", "søkers navn")


def problem(text: str) -> FeelSyntaxError:
    with pytest.raises(FeelSyntaxError) as wrong:
        parse(text, names=NAMES, dialect="dugnad")
    return wrong.value


@pytest.mark.parametrize(
    ("text", "wrong", "suggestion"),
    [
        ("inntekt + antal barn", "antal barn", "antall barn"),
        ("inntkt * 2", "inntkt", "inntekt"),
        ("barn.aldr", "aldr", "alder"),
        ("summ(barn.alder)", "summ", "sum"),
        ("strng length(søkers navn)", "strng length", "string length"),
        ("substring(string: søkers navn, start: 1)", "start", None),
        ("substring(string: søkers navn, start posisjon: 1)", "start posisjon", "start position"),
        ("count(lst: barn)", "lst", "list"),
    ],
)
def test_a_misspelt_name_is_shown_with_the_nearest_known(
    text: str, wrong: str, suggestion: str | None
) -> None:
    error = problem(text)
    assert text[error.start : error.end] == wrong
    assert error.suggestion == suggestion
    assert suggestion is None or suggestion in str(error)


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("if inntekt > 1 then 2", 21, "else"),
        ("inntekt >", 9, "a value"),
        ("(inntekt", 8, ")"),
        ("[1, 2", 5, "]"),
        ("for b barn return b", 11, "in"),
        ("inntekt between 1", 17, "and"),
        ("{a 1}", 4, ":"),
        ('@"2024-13-01"', 0, "a date, time or duration"),
        ("1 2", 2, "an operator"),
        ('"uten slutt', 0, '"'),
        ("/* uten slutt", 0, "*/"),
        ("inntekt instance of", 19, "a type"),
    ],
)
def test_what_was_expected_is_said_where_it_was_expected(text: str, at: int, expected: str) -> None:
    error = problem(text)
    assert error.start == at
    assert expected in error.expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("count()", "count(list)"),
        ("substring(søkers navn)", "substring(string, start position, length)"),
        ("date(2024, 1)", "date(year, month, day)"),
    ],
)
def test_a_wrong_number_of_arguments_tells_how_to_write_it(text: str, said: str) -> None:
    assert said in str(problem(text))


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("{navn: 1}.navm", "missing-property", "navn"),
        ('date("2024-01-01").yaer', "missing-property", "year"),
        ('contains(text: "a", match: "b")', "wrong-arguments", "text"),
        ('contains(string: "a", mtch: "b")', "wrong-arguments", "match"),
        ("(function(alder) alder)(aldr: 1)", "wrong-arguments", "alder"),
        ('function(x) external {java: {class: "a.B", method signature: "c(int)"}}', None, ""),
        (
            '{f: function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}, r: f(1)}.r',
            "external-function",
            "java.lang.Math.cos(double)",
        ),
        ("1 instance of Persn", "unknown-type", ""),
        ("1 / 0", "division-by-zero", ""),
        ('"a" + 1', "type-mismatch", "string and number"),
    ],
)
def test_a_fault_while_calculating_is_told(text: str, code: str | None, said: str) -> None:
    recorder = Recorder()
    compile_expression(parse(text, dialect="dmn"), missing="null")({}, recorder)
    assert [item.code for item in recorder.diagnostics] == ([code] if code else [])
    assert all(said in item.message for item in recorder.diagnostics)


def test_a_name_without_a_value_is_null_and_told_where_a_model_is_run() -> None:
    assert evaluated("x + 1", {}, names=("x",)) == (None, ["unknown-name", "null-operand"])
