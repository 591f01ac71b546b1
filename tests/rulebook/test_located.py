"""A file is read exactly, with every value's place; what is ambiguous is refused, with line and way out."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dugnad.rulebook.located import UnreadableError, read, suggest


def test_values_are_exact_and_know_their_place() -> None:
    node = read('sats:\n  beløp: 0.10\n  fra: 2026-08-01\n  nr: "0614"\n  ja: true\n', file="rates.yaml")

    amount = node.get("sats", "beløp")
    assert amount is not None
    assert amount.value == Decimal("0.10")
    assert str(amount.value) == "0.10"
    assert (amount.place.file, amount.place.line, amount.place.column) == ("rates.yaml", 2, 10)
    assert node.plain() == {
        "sats": {"beløp": Decimal("0.10"), "fra": date(2026, 8, 1), "nr": "0614", "ja": True}
    }


def test_words_that_yaml_reads_as_truth_stay_words() -> None:
    node = read("no: nei\non: yes\noff: no\n", file="f")

    assert node.plain() == {"no": "nei", "on": "yes", "off": "no"}


def test_municipality_numbers_keep_their_leading_zero_and_keys_their_text() -> None:
    assert read("0301: 0301\n4614: 4614", file="f").plain() == {"0301": "0301", "4614": Decimal(4614)}


def test_a_long_decimal_is_not_rounded() -> None:
    assert read("0.1234567890123456789012345", file="f").value == Decimal("0.1234567890123456789012345")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("a: &x 1\nb: *x\n", 1, "anchors"),
        ("a: *x\n", 1, "anchors"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("b:\n  <<: {a: 1}\n", 2, "merge keys"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("fra: 2026-02-30\n", 1, "no date"),
        ("? [a, b]\n: 1\n", 1, "a key must be"),
        ("", 1, "empty"),
        ("a: \x00\n", 1, "a sign that no text has (U+0000)"),
    ],
)
def test_what_is_refused_says_where(text: str, line: int, what: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text, file="rules.yaml")

    assert what in caught.value.finding.what
    assert caught.value.finding.line == line
    assert caught.value.finding.mend


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("a: [1, 2\nb: 3\n", 1, 4, "the [ that opens here is not closed"),
        ("a: { b: 1, c: 2\nd: 3\n", 1, 4, "the { that opens here is not closed"),
        ("a: { b: 1; c: 2 }\n", 1, 13, "a comma is missing"),
        ("a: b: c\n", 1, 5, "a text with a colon in it"),
        ("a:\n  b:\n    is: 1\n   is: 2\n", 4, 4, "indented by 3 spaces, which fits none"),
        ("a:\n- b: 1\n   c: 2\n", 3, 4, "indented further than the one above"),
        ("a:\n  b:\n\tis: 1\n", 3, 1, "a tab at the beginning"),
        ("a:\n  t: |\n    | U |\n\t| 1 |\n", 4, 1, "a tab at the beginning"),
        ("a:\n  t: |\n    | U |\n   | 1 |\n  b: 1\n", 4, 4, "this row of the table stands further out"),
        ("a:\n  t:\n    | U | x |\n    | 1 | 2 |\n", 2, 5, "a table needs a | behind its key"),
        ("a:\n  b\n    is: 1\n  c: 2\n", 2, 4, "'b' lacks its colon"),
        ("a:1\nb: 2\n", 1, 3, "a space is missing after the colon"),
        ('a:\n  b: "text\n  c: 1\n  d: "x"\n  e: 2\n', 2, 6, "the quotation mark that opens here"),
        ("a: 'it's'\nb: 1\n", 1, 4, "the quotation mark that opens here"),
        ('a: "x" y\nb: 1\n', 1, 8, "something stands behind a text in quotation marks"),
        ("a: @x\n", 1, 4, "a text that begins with @"),
        ('a: "\\q"\n', 1, 5, "in quotation marks begins a special sign"),
    ],
)
def test_broken_yaml_points_at_the_mistake_and_not_where_the_parser_gave_up(
    text: str, line: int, column: int, what: str
) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text, file="rules.yaml")
    found = caught.value.finding
    assert what in found.what
    assert (found.line, found.column) == (line, column)
    assert found.mend


def test_a_letter_written_as_two_signs_is_the_letter() -> None:
    assert read("ma\u030aned: a\u030ar\n", file="f").plain() == {"måned": "år"}


@pytest.mark.parametrize("text", ["[" * 5_000, "a:\n" * 1 + "- " * 5_000 + "x", "x" * 4_000_001])
def test_size_and_depth_are_bounded(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text, file="rules.yaml")


def test_the_number_of_values_is_bounded() -> None:
    with pytest.raises(UnreadableError, match="100000 values"):
        read("[" + "1," * 100_001 + "1]", file="rules.yaml")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableError):
        assert read(text, file="f").place.line >= 1


def test_a_misspelt_word_gets_the_nearest_known_one() -> None:
    assert suggest("søskenrabat", ["søskenrabatt", "månedsbeløp"]) == "Did you mean 'søskenrabatt'?"
