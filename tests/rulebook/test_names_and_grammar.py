import pytest
from feeling import D, evaluate
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook import FeelSyntaxError, free_names, free_paths, parse, parse_unary_tests
from dugnad.rulebook.feel.grammar import nodes

FACTS = (
    "husholdningens inntekt",
    "barn nr.",
    "alder per 31.12.",
    "har gratis kjernetid",
    "andel 20 timer",
    "rabatt barn nr. 2",
    "kr/måned til nå",
    "barn",
    "barn.alder",
    "barn.avtalt tid",
)


@pytest.mark.parametrize("name", FACTS[:7])
def test_a_name_with_spaces_and_symbols_is_one_name(name: str) -> None:
    assert evaluate(f"{name}+1", {name: D(2)}, names=FACTS) == D(3)
    assert evaluate(f"if {name} >= 2 then {name} else 0", {name: D(2)}, names=FACTS) == D(2)


def test_the_longest_name_wins() -> None:
    names = ("barn", "barn nr.", "rabatt barn nr. 2", "rabatt")
    assert free_names(parse("rabatt barn nr. 2 * barn nr.", names=names)) == {"rabatt barn nr. 2", "barn nr."}


def test_whitespace_within_a_name_does_not_matter() -> None:
    assert free_names(parse("husholdningens\n   inntekt * 2", names=FACTS)) == {"husholdningens inntekt"}


def test_a_misspelt_name_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(FeelSyntaxError) as wrong:
        parse("2 * husholdningens intekt", names=FACTS)
    assert (wrong.value.start, wrong.value.end) == (4, 25)
    assert wrong.value.suggestion == "husholdningens inntekt"


@pytest.mark.parametrize(
    "text", ["barn[1].avtald tid", "barn[avtald tid > 2]", "some b in barn satisfies b.avtald tid = 1"]
)
def test_a_misspelt_property_is_answered_likewise(text: str) -> None:
    with pytest.raises(FeelSyntaxError) as wrong:
        parse(text, names=FACTS)
    assert wrong.value.suggestion == "avtalt tid"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("barn.alder + 1", {("barn", "alder")}),
        ("for b in barn return b.avtalt tid", {("barn", "avtalt tid")}),
        ("count(barn[alder >= 3])", {("barn", "alder")}),
        ("sum(for b in barn[avtalt tid > 10] return b.alder)", {("barn", "avtalt tid"), ("barn", "alder")}),
        ("{a: barn nr., b: a + 1}.b", {("barn nr.",)}),
        ("(function(x) x + barn nr.)(2)", {("barn nr.",)}),
    ],
)
def test_what_an_expression_reads(text: str, paths: set[tuple[str, ...]]) -> None:
    assert free_paths(parse(text, names=FACTS)) == paths


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("1 +", 3, "a value"),
        ("if a then 1", 11, "else"),
        ("(1, 2)", 2, ")"),
        ("for x on y return 1", 11, "in"),
        ("[1, 2", 5, "]"),
        ("1 2", 2, "an operator"),
        ("a instance of 3", 14, "a type"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, start: int, expected: str) -> None:
    with pytest.raises(FeelSyntaxError) as wrong:
        parse(text)
    assert wrong.value.start == start
    assert expected in wrong.value.expected


@pytest.mark.parametrize("text", ['"open', "/* open", '@"2024-13-01"', "@3", "{a: 1, a: 2}", "f(x: 1, 2)"])
def test_texts_that_are_not_feel(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 10_000,
        "-" * 10_000 + "1",
        "not(" * 10_000,
        "if true then " * 10_000,
        "{a:" * 10_000,
        "x[" * 10_000,
        "x in (" * 10_000,
        "a instance of list<" + "list<" * 10_000,
    ],
)
def test_nesting_is_bounded(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse(text)


def test_a_long_chain_of_and_is_no_nesting() -> None:
    assert evaluate(" and ".join(["true"] * 5000)) is True


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_any_text_parses_or_raises_a_syntax_error(text: str) -> None:
    for read in (parse, parse_unary_tests):
        try:
            read(text, dialect="dugnad")
        except FeelSyntaxError as wrong:
            assert 0 <= wrong.start <= wrong.end <= len(text)  # noqa: PT017 - the other outcome is right, too


PIECES = st.sampled_from(
    [
        "1",
        "2.5",
        "x",
        "barn",
        '"a"',
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "satisfies",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "..",
        ".",
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "<",
        ">=",
        "and",
        "or",
        "not",
        "between",
        "instance",
        "of",
        "function",
        "null",
        "true",
        "@",
        "?",
        "%",
        "kr",
        "is",
        "unknown",
        "date",
        "external",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_any_row_of_words_parses_or_raises_a_syntax_error(pieces: list[str]) -> None:
    for names in ((), ("x", "barn", "barn.alder")):
        try:
            node = parse(" ".join(pieces), names=names, dialect="dugnad")
        except FeelSyntaxError:
            continue
        assert node.end >= node.start


def test_every_node_knows_its_place() -> None:
    text = "if a > 10 then min(a, 10) else b.c[1]"
    node = parse(text)
    assert isinstance(node, nodes.If)
    assert [text[part.start : part.end] for part in (node.condition, node.yes, node.no)] == [
        "a > 10",
        "min(a, 10)",
        "b.c[1]",
    ]


def test_comments_and_unicode_names() -> None:
    assert evaluate("1 /* én */ + 1 // to") == D(2)
    assert evaluate("🐎 + größe + æøå", {"🐎": D(1), "größe": D(2), "æøå": D(3)}) == D(6)


def test_dialect_words_are_ordinary_names_in_plain_feel() -> None:
    assert free_names(parse("x is unknown")) == {"x is unknown"}
    with pytest.raises(FeelSyntaxError):
        parse("6 %")


def test_brackets_after_in_may_begin_an_expression() -> None:
    assert evaluate("6 in (1 + 2) * 2") is True
    assert evaluate("2 in ([1, 2])[2]") is True
    assert evaluate("2 in (1, 2) and true") is True
