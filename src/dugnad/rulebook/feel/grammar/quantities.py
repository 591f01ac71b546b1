"""Units that can stand behind a number in the dugnad dialect: ``1500 kr/måned``, ``6 %``, ``5 år``."""

from collections.abc import Sequence
from decimal import Decimal

from dugnad.rulebook.feel.grammar.tokens import Token, tokenize
from dugnad.rulebook.feel.values import CONTEXT

UNIT_SPELLINGS: dict[str, str] = {
    "kr": "kr",
    "kroner": "kr",
    "øre": "øre",
    "kr/år": "kr/år",
    "kr/måned": "kr/måned",
    "kr/mnd": "kr/måned",
    "kr/uke": "kr/uke",
    "kr/dag": "kr/dag",
    "kr/time": "kr/time",
    "time": "timer",
    "timer": "timer",
    "timer/uke": "timer/uke",
    "timer/måned": "timer/måned",
    "timer/år": "timer/år",
    "dag": "dager",
    "dager": "dager",
    "uke": "uker",
    "uker": "uker",
    "måned": "måneder",
    "måneder": "måneder",
    "år": "år",
    "%": "%",
    "prosent": "%",
}
"""How a unit may be written → its one name."""

_BY_TOKENS = sorted(
    (
        (tuple(token.text for token in tokenize(spelling)[:-1]), unit)
        for spelling, unit in UNIT_SPELLINGS.items()
    ),
    key=lambda entry: -len(entry[0]),
)
_BY_FIRST = {words[0]: [entry for entry in _BY_TOKENS if entry[0][0] == words[0]] for words, _ in _BY_TOKENS}
_HUNDRED = Decimal(100)


def unit_at(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """Find the unit written at token ``at``: its name and how many tokens it took; the longest wins."""
    for words, unit in _BY_FIRST.get(tokens[at].text, ()):
        if all(token.text == word for token, word in zip(tokens[at : at + len(words)], words, strict=False)):
            return unit, len(words)
    return None


def in_unit(number: Decimal, unit: str) -> Decimal:
    """Give the stored value: a percentage is stored as its fraction, everything else as written."""
    return CONTEXT.divide(number, _HUNDRED) if unit == "%" else number
