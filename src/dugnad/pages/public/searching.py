"""Find services by what people type: any ending, one slip of the finger, æ, ø and å however the keyboard gives them.

Every published service is held in memory, so a search is a walk over some hundred short word lists and asks no database.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from dugnad.catalogue.types import ServiceInfo

_WORD: Final = re.compile(r"[a-z0-9]+")
_AS_WRITTEN_OTHERWISE: Final = (("aa", "a"), ("å", "a"), ("æ", "a"), ("ae", "a"), ("ä", "a"),
                                ("ø", "o"), ("oe", "o"), ("ö", "o"))  # fmt: skip
# Words too common to tell one service from another; as `words_of` writes them.
_LITTLE_WORDS: Final = frozenset((
    "a", "an", "and", "av", "de", "dei", "den", "der", "det", "du", "eg", "ei", "ein", "eit", "en", "er", "et", "for",
    "fra", "har", "how", "hva", "hvordan", "i", "in", "is", "jeg", "kan", "korleis", "kva", "med", "my", "of", "og", "om",
    "on", "pa", "som", "the", "til", "to", "vi", "we", "what",
))  # fmt: skip
_MOST_CHARACTERS, _MOST_WORDS = 100, 8
_LONG_ENOUGH_FOR_A_SLIP, _LONG_ENOUGH_INSIDE, _LONGEST_ENDING = 4, 4, 4
_EXACT, _BEGINNING, _ENDING, _INSIDE, _SLIP = 10, 8, 7, 5, 4
_TITLE, _WORDS, _SUMMARY = 3, 2, 1


def find(services: Iterable[ServiceInfo], asked: str) -> list[ServiceInfo]:
    """Return the services that fit, best first; all of them, in their own order, when nothing was asked.

    A service fits when at least half of the words asked for are in its title, its summary or its words.
    """
    wanted = [word for word in words_of(asked[:_MOST_CHARACTERS]) if word not in _LITTLE_WORDS][:_MOST_WORDS]
    if not wanted:
        return list(services) if not asked.strip() else []
    ranked: list[tuple[int, int, str, ServiceInfo]] = []
    for service in services:
        scores = [_best(word, service) for word in wanted]
        hits = sum(score > 0 for score in scores)
        if hits * 2 >= len(wanted):
            ranked.append((-hits, -sum(scores), service.title["nb"], service))
    return [service for *_, service in sorted(ranked, key=lambda row: row[:3])]


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: small letters, å as a, ø as o, no accents."""
    folded = text.casefold()
    for written, otherwise in _AS_WRITTEN_OTHERWISE:
        folded = folded.replace(written, otherwise)
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _WORD.findall(plain)


def _best(wanted: str, service: ServiceInfo) -> int:
    return max((_fit(wanted, word) * weight for word, weight in _index(service)), default=0)


def _index(service: ServiceInfo) -> Sequence[tuple[str, int]]:
    return _words(tuple(service.title.values()), tuple(service.words), tuple(service.summary.values()))


@lru_cache(maxsize=4096)
def _words(
    titles: tuple[str, ...], words: tuple[str, ...], summaries: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for texts, weight in ((summaries, _SUMMARY), (words, _WORDS), (titles, _TITLE)):
        for text in texts:
            found.update(dict.fromkeys(words_of(text), weight))
    return tuple(found.items())


def _fit(wanted: str, word: str) -> int:
    if wanted == word:
        return _EXACT
    if word.startswith(wanted):
        return _BEGINNING
    # "barnehagen", "barnehagens": the word asked for with another ending
    if (
        wanted.startswith(word)
        and len(word) > _LONG_ENOUGH_INSIDE
        and len(wanted) - len(word) <= _LONGEST_ENDING
    ):
        return _ENDING
    if len(wanted) >= _LONG_ENOUGH_INSIDE and wanted in word:  # "betaling" in "foreldrebetaling"
        return _INSIDE
    if len(wanted) >= _LONG_ENOUGH_FOR_A_SLIP and one_slip(wanted, word[: len(wanted) + 1]):
        return _SLIP
    return 0


def one_slip(typed: str, meant: str) -> bool:
    """Say whether `typed` is the beginning of `meant` but for one letter too many, too few, wrong or swapped."""
    i = 0
    while i < len(typed) and i < len(meant) and typed[i] == meant[i]:
        i += 1
    rest, right = typed[i:], meant[i:]
    return (
        right.startswith(rest[1:])  # one too many
        or right[1:].startswith(rest)  # one too few
        or right[1:].startswith(rest[1:])  # a wrong one
        or (rest[:2] == right[:2][::-1] and right[2:].startswith(rest[2:]))  # two swapped
    )
