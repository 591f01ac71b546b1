"""Regular expressions by XPath 2.0 (F&O 7.6) and XML Schema appendix F; whatever they cost, it is bounded."""

import time

import pytest
from feel_runs import evaluate, evaluated


def written(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def matches(text: str, pattern: str, flags: str = "") -> object:
    return evaluate(f"matches({written(text)}, {written(pattern)}, {written(flags)})")


@pytest.mark.parametrize(
    ("text", "pattern", "flags"),
    [
        ("abracadabra", "bra", ""),
        ("abracadabra", "^a.*a$", ""),
        ("reluctant", "r.*?t", ""),
        ("a\nb", "a.b", "s"),
        ("a\nb", "^b$", "m"),
        ("ABC", "abc", "i"),
        ("helloworld", "hello world", "x"),
        ("hello world", r"hello[ ]world", "x"),
        ("helloworld", r"\p{ IsBasicLatin}+", "x"),
        ("a.b", "a.b", "q"),
        ("A.B", "a.b", "qi"),
        ("Ærfugl", r"^\p{Lu}\p{Ll}+$", ""),
        ("é", r"\p{IsLatin-1Supplement}", ""),
        ("x", r"\P{IsGreek}", ""),
        ("b", "[a-z-[aeiou]]", ""),
        ("b", "^[a-z-[a-c-[b]]]$", ""),
        ("5", "[^a-z-[0-3]]", ""),
        ("navn:x-1.2", r"^\i\c*$", ""),
        ("1a", r"^\I\i$", ""),
        (" \t\n\r", r"^\s+$", ""),
        ("٣", r"^\d$", ""),
        ("a+b", r"^\w\+\w$", ""),
        ("=", r"^\w$", ""),
        ("abab", r"^(ab)\1$", ""),
        ("aa1", r"^(a)\11$", ""),
        ("b", r"^(a)?b\1$", ""),
        ("a-b", "[a\\-z]-b", ""),
        ("-", "[a-]", ""),
        ("-", "[-a]", ""),
        ("]", r"[\]]", ""),
        ("aaa", "^a{2,3}$", ""),
        ("$", r"\$", ""),
        ("", "", ""),
    ],
)
def test_it_matches(text: str, pattern: str, flags: str) -> None:
    assert matches(text, pattern, flags) is True


@pytest.mark.parametrize(
    ("text", "pattern", "flags"),
    [
        ("a\nb", "a.b", ""),
        ("a\nb", "^b$", ""),
        ("a\n", "^a$", ""),
        ("e", "[a-z-[aeiou]]", ""),
        ("_", r"^\w$", ""),
        ("\u00a0", r"^\s$", ""),
        ("axb", "a.b", "q"),
        ("2", "[^a-z-[0-3]]", ""),
    ],
)
def test_it_does_not_match(text: str, pattern: str, flags: str) -> None:
    assert matches(text, pattern, flags) is False


@pytest.mark.parametrize(
    "pattern",
    ["[", "(", ")", "a{", "a{2,1}", "*", "a**", "a++", "a{1}{2}", "(?=a)", "(?i)a", "(?<n>a)", "(?#x)", r"\b", r"\A",
     r"\Z", r"\e", r"\x41", r"\u0041", r"\1", r"(a\1)", r"(a)\2", "[]", "[^]", "[z-a]", "[a-z-[a]", "[a--b]", "[a[b]]",
     r"[\1]", r"\p{X}", r"\p{IsNowhere}", r"\p", r"\pL", "]", "}", "a{1001}", "(a{900}){900}", "a" * 2001, "(" * 60 + ")" * 60,
     "(?:a){e<=1}"],
)  # fmt: skip
def test_what_is_no_pattern_is_null_and_told(pattern: str) -> None:
    assert evaluated(f'matches("a", {written(pattern)})') == (None, ["wrong-pattern"])


@pytest.mark.parametrize("flags", ["g", "ig", "I", " "])
def test_an_unknown_flag_is_null_and_told(flags: str) -> None:
    assert evaluated(f'matches("a", "a", "{flags}")') == (None, ["wrong-pattern"])


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "value"),
    [
        ("abracadabra", "bra", "*", "", "a*cada*"),
        ("abracadabra", "a.*a", "*", "", "*"),
        ("abracadabra", "a.*?a", "*", "", "*c*bra"),
        ("abracadabra", "a", "", "", "brcdbr"),
        ("abracadabra", "a(.)", "a$1$1", "", "abbraccaddabbra"),
        ("AAAA", "A+", "b", "", "b"),
        ("AAAA", "A+?", "b", "", "bbbb"),
        ("darted", "^(.*?)d(.*)$", "$1c$2", "", "carted"),
        ("abc", "(b)", "[$0$2$10]", "", "a[bb0]c"),
        ("abc", "b", r"\$1\\", "", "a$1\\c"),
        ("a.c", ".", "$1", "q", "a$1c"),
        ("abc", "(x)?b", "<$1>", "", "a<>c"),
    ],
)
def test_replacing(text: str, pattern: str, replacement: str, flags: str, value: str) -> None:
    arguments = ", ".join(map(written, (text, pattern, replacement, flags)))
    assert evaluate(f"replace({arguments})") == value


@pytest.mark.parametrize(
    ("pattern", "replacement"), [("b*", "x"), ("", "x"), ("b", "$"), ("b", "\\"), ("b", "\\n"), ("b", "$x")]
)
def test_what_cannot_be_replaced_is_null_and_told(pattern: str, replacement: str) -> None:
    value = evaluated(f'replace("abc", {written(pattern)}, {written(replacement)})')
    assert value == (None, ["wrong-pattern"])


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(a|a)*$", "(a+)+$", "(.*)*x", "(a?){50}a{50}!"])
def test_a_pattern_that_backtracks_without_end_ends(pattern: str) -> None:
    before = time.monotonic()
    value, codes = evaluated(f'matches("{"a" * 60}!b", "{pattern}")')
    assert (value, codes) in [(False, []), (True, []), (None, ["too-slow"])]
    assert time.monotonic() - before < 3


def test_a_thousand_such_patterns_end_too() -> None:
    before = time.monotonic()
    value, codes = evaluated(f'for i in 1..1000 return matches("{"a" * 60}!", "(a|aa)+$")')
    assert value is None
    assert set(codes) == {"too-slow", "too-large"}
    assert time.monotonic() - before < 15
