"""Norwegian national identity numbers: fødselsnummer and D-nummer, real and synthetic.

Eleven digits DDMMYYIIIKK: date, individual number, two control digits. A D-number has day + 40.
Synthetic numbers of Skatteetaten (Tenor, Test-Norge) have month + 80; those of Nav (Dolly) month + 40,
a range the health sector also uses for help numbers. Sources: folkeregisterforskriften § 2-2-1 and
Skatteetaten, "Nytt fødselsnummer fra 2032".

From 2032 the first control digit may leave the remainders 0 to 3, and neither sex nor century can be
read from a number. This module therefore offers no way to read sex, century or birth date: registers
tell them, and they are stored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LENGTH = 11
_ELEVEN = 11
_LAST_MONTH = 12
_D_OFFSET = 40
_TEN = 10
_NEW_RULE_FROM = date(2032, 1, 1)


class Refusal(StrEnum):
    """Why a number was refused. The texts for people stand with the pages."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    NO_SUCH_DATE = "no_such_date"
    WRONG_CONTROL_DIGITS = "wrong_control_digits"
    SERIES_NOT_ACCEPTED = "series_not_accepted"


class Rule(Enum):
    """Which remainders the first control digit may leave."""

    FROM_1964 = frozenset({0})
    FROM_2032 = frozenset({0, 1, 2, 3})


class Kind(StrEnum):
    """What sort of number it is."""

    BIRTH_NUMBER = "fødselsnummer"
    D_NUMBER = "D-nummer"


class Series(Enum):
    """Who gives the number out; the value is what is added to the month."""

    REAL = 0
    NAV_SYNTHETIC = 40
    SKATTEETATEN_SYNTHETIC = 80


EVERY_SERIES = frozenset(Series)
REAL_ONLY = frozenset({Series.REAL})


class InvalidNationalIdentityNumberError(ValueError):
    """The text is no national identity number. Carries the reason, never the text itself."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"not a national identity number: {reason.value}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NationalIdentityNumber:
    """A checked number. Its `repr` hides the digits, so that it cannot slip into a log."""

    digits: str
    kind: Kind
    series: Series

    def __str__(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return f"NationalIdentityNumber({self.kind.value}, hidden)"

    @property
    def synthetic(self) -> bool:
        """True when no real person can have it."""
        return self.series is not Series.REAL


def rule_on(on: date) -> Rule:
    """Return the rule of control digits in force on a date."""
    return Rule.FROM_2032 if on >= _NEW_RULE_FROM else Rule.FROM_1964


def parse(
    text: str, *, rule: Rule = Rule.FROM_1964, accept: frozenset[Series] = EVERY_SERIES
) -> NationalIdentityNumber:
    """Check a number as a person may type it (spaces are allowed).

    Raises InvalidNationalIdentityNumberError with the first reason found.
    """
    digits = re.sub(r"\s", "", text)
    if not digits:
        raise InvalidNationalIdentityNumberError(Refusal.EMPTY)
    if not (digits.isascii() and digits.isdecimal()):
        raise InvalidNationalIdentityNumberError(Refusal.NOT_DIGITS)
    if len(digits) != _LENGTH:
        raise InvalidNationalIdentityNumberError(Refusal.WRONG_LENGTH)
    kind, series = _kind_and_series(digits)
    if not _control_digits_fit(digits, rule):
        raise InvalidNationalIdentityNumberError(Refusal.WRONG_CONTROL_DIGITS)
    if series not in accept:
        raise InvalidNationalIdentityNumberError(Refusal.SERIES_NOT_ACCEPTED)
    return NationalIdentityNumber(digits, kind, series)


def is_valid(text: str, *, rule: Rule = Rule.FROM_1964, accept: frozenset[Series] = EVERY_SERIES) -> bool:
    """Say whether `parse` would accept the text."""
    try:
        parse(text, rule=rule, accept=accept)
    except InvalidNationalIdentityNumberError:
        return False
    return True


def numbers_for(
    born: date, *, female: bool, series: Series = Series.SKATTEETATEN_SYNTHETIC, d_number: bool = False
) -> Iterator[int]:
    """Yield every valid number of the 1964 rule for a birth date and sex, ascending, as integers.

    Individual numbers follow the series of the century (folkeregisterforskriften § 2-2-1): 500-749 for
    1854-1899, 000-499 for 1900-1999, 500-999 for 2000-2039. Even third digit: woman. Raises ValueError for a
    year outside 1854-2039.
    """
    head = (born.day + _D_OFFSET * d_number) * 10**4 + (born.month + series.value) * 100 + born.year % 100
    of_day, of_month, of_year = _DAY[head // 10_000], _MONTH[head // 100 % 100], _YEAR[head % 100]
    base_1 = of_day[0] + of_month[0] + of_year[0]
    base_2 = of_day[1] + of_month[1] + of_year[1]
    for individual in _individual_numbers(born.year, female=female):
        part_1, part_2 = _PARTS[individual]
        first = -(base_1 + part_1) % _ELEVEN
        second = -(base_2 + part_2 + 2 * first) % _ELEVEN
        if first < _TEN and second < _TEN:
            yield (head * 1000 + individual) * 100 + first * 10 + second


def _individual_numbers(year: int, *, female: bool) -> range:
    for first_year, last_year, low, high in (
        (1854, 1899, 500, 750),
        (1900, 1999, 0, 500),
        (2000, 2039, 500, 1000),
    ):
        if first_year <= year <= last_year:
            return range(low if female else low + 1, high, 2)
    raise ValueError("no individual numbers are defined for this year of birth")


def _kind_and_series(digits: str) -> tuple[Kind, Series]:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    kind = Kind.D_NUMBER if day > _D_OFFSET else Kind.BIRTH_NUMBER
    day -= _D_OFFSET if kind is Kind.D_NUMBER else 0
    for series in Series:
        calendar_month = month - series.value
        if 1 <= calendar_month <= _LAST_MONTH:
            # The century is unknown, so 29 February is possible in every year that divides by four.
            leap_day_in_common_year = (day, calendar_month) == (29, 2) and year % 4
            if 1 <= day <= _DAYS[calendar_month - 1] and not leap_day_in_common_year:
                return kind, series
    raise InvalidNationalIdentityNumberError(Refusal.NO_SUCH_DATE)


def _control_digits_fit(digits: str, rule: Rule) -> bool:
    values = [int(digit) for digit in digits]
    first = _weighted(values, _WEIGHTS_1) + values[9]
    second = _weighted(values, _WEIGHTS_2) + values[10]
    return first % _ELEVEN in rule.value and second % _ELEVEN == 0


def _table(first_place: int, places: int) -> tuple[tuple[int, int], ...]:
    """Return what a group of digits adds to either weighted sum, for every value of the group."""
    weights = (_WEIGHTS_1[first_place:], _WEIGHTS_2[first_place:])
    return tuple(
        (_weighted(digits, weights[0]), _weighted(digits, weights[1]))
        for digits in ([int(digit) for digit in f"{value:0{places}d}"] for value in range(10**places))
    )


def _weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


_DAY, _MONTH, _YEAR, _PARTS = _table(0, 2), _table(2, 2), _table(4, 2), _table(6, 3)
