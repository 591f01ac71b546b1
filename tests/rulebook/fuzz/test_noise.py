"""Noise for a few seconds: texts nobody would write give an error of ours or a value, never anything else."""

import string

from fuzz_feel import CORPUS, VALUES, one, without_guidance
from hypothesis import given, settings
from hypothesis import strategies as st

SIGNS = string.printable + "æøåÆØÅéß\u200b\u00a0\U0001f40e\x00“”–"
WORDS = sorted({word for text in CORPUS for word in text.replace("(", " ( ").split()} | set(VALUES))


def test_mutated_expressions_give_nothing_but_our_own_errors() -> None:
    assert without_guidance(2) > 0


@settings(deadline=None, max_examples=150)
@given(st.text(st.sampled_from(SIGNS), max_size=60), st.integers(0, 15))
def test_noise_gives_nothing_but_our_own_errors(text: str, pick: int) -> None:
    one(text, pick)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.integers(0, 15))
def test_words_in_any_order_give_nothing_but_our_own_errors(text: str, pick: int) -> None:
    one(text, pick)


@settings(deadline=None, max_examples=150)
@given(
    st.text(alphabet="ab\\dpP{}L()[]^-$|?*+.12,isc&~:<=!>#\t ", max_size=14),
    st.sampled_from(["", "i", "x", "smx", "q", "z"]),
)
def test_any_pattern_is_run_or_refused(pattern: str, flags: str) -> None:
    written = pattern.replace("\\", "\\\\").replace("\t", "\\t")
    for call in (
        f'matches("aab12a", "{written}", "{flags}")',
        f'replace("aab12a", "{written}", "$1", "{flags}")',
    ):
        one(call, 1)


DEEP = [
    "(" * 10_000 + "1" + ")" * 10_000,
    "[" * 10_000,
    "{a:" * 10_000 + "1",
    "-" * 10_000 + "1",
    "1" + " + 1" * 10_000,
    "not(" * 10_000,
    "if true then 1 else " * 10_000 + "1",
    "function(x) " * 10_000 + "x",
    "1 in [" * 10_000,
    "a" + ".a" * 10_000,
    '"a" instance of ' + "list<" * 10_000,
    "1" + "[1]" * 10_000,
    "abs(" * 10_000,
    "for a in " * 10_000,
    "some a in b satisfies " * 10_000 + "c",
    "1 between " * 10_000,
    "2" + " ** 2" * 10_000,
]


def test_ten_thousand_levels_are_refused_or_run() -> None:
    for text in DEEP:
        for pick in (1, 4):
            one(text, pick)
