"""Amounts, dates and shares as people write them in Bokmål, Nynorsk and English.

Symbols and names come from CLDR through Babel, read once for each language; what is written is remembered,
because a page says the same few dates many times. Spaces inside an amount or a percentage never break.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from dugnad.design.languages import Language, current_language

NBSP: Final = "\N{NO-BREAK SPACE}"
OSLO: Final = ZoneInfo("Europe/Oslo")
LOCALES: Final[dict[Language, str]] = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}

_LONG: Final[dict[Language, str]] = {"nb": "d. MMMM y", "nn": "d. MMMM y", "en": "d MMMM y"}
# English gets the month as a word: 03/04/2026 is read as two different days.
_SHORT: Final[dict[Language, str]] = {"nb": "dd.MM.y", "nn": "dd.MM.y", "en": "d MMM y"}
_WEEKDAY: Final[dict[Language, str]] = {
    "nb": "EEEE d. MMMM y",
    "nn": "EEEE d. MMMM y",
    "en": "EEEE d MMMM y",
}
_MONTH: Final[dict[Language, str]] = {"nb": "MMMM y", "nn": "MMMM y", "en": "MMMM y"}


class _Symbols(NamedTuple):
    group: str
    decimal: str
    minus: str


@cache
def _symbols(language: Language) -> _Symbols:
    symbols = Locale.parse(LOCALES[language]).number_symbols["latn"]
    return _Symbols(symbols["group"], symbols["decimal"], symbols["minusSign"])


@lru_cache(maxsize=4096)
def _number(value: Decimal | int, places: int, language: Language) -> str:
    symbols = _symbols(language)
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = f"{abs(rounded):,.{places}f}".replace(",", "\0").replace(".", symbols.decimal)
    return (symbols.minus if rounded < 0 else "") + digits.replace("\0", symbols.group)


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, language: Language) -> str:
    return format_date(day, pattern, locale=LOCALES[language])


def number(value: Decimal | int, places: int = 0) -> str:
    """`12345` → `12 345`; `places` decimals, halves rounded away from zero."""
    return _number(value, places, current_language())


def money(kroner: Decimal | int) -> str:
    """Write an amount in kroner: `1 234 kr`, `1 234,50 kr` when there are øre, `NOK 1,234` in English."""
    language = current_language()
    places = 0 if kroner == int(kroner) else 2
    amount = _number(kroner, places, language)
    return f"NOK{NBSP}{amount}" if language == "en" else f"{amount}{NBSP}kr"


def percent(fraction: Decimal | int, places: int | None = None) -> str:
    """Write a fraction as a percentage: `Decimal("0.06")` → `6 %`, `6%` in English; with its decimals."""
    language = current_language()
    hundredths = Decimal(fraction) * 100
    if places is None:
        exponent = hundredths.normalize().as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
    share = _number(hundredths, min(places, 4), language)
    return f"{share}%" if language == "en" else f"{share}{NBSP}%"


def _day(value: date) -> date:
    """Find the calendar day in Norway of a date or an aware datetime."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone has no day: give an aware one.")
        return value.astimezone(OSLO).date()
    return value


def date_long(value: date, *, weekday: bool = False) -> str:
    """`21. november 2026`; with `weekday`, `laurdag 21. november 2026` in Nynorsk."""
    language = current_language()
    return _date(_day(value), (_WEEKDAY if weekday else _LONG)[language], language)


def date_short(value: date) -> str:
    """`21.11.2026`; `21 Nov 2026` in English."""
    language = current_language()
    return _date(_day(value), _SHORT[language], language)


def month_year(value: date) -> str:
    """`november 2026`."""
    language = current_language()
    return _date(_day(value), _MONTH[language], language)


def clock(value: datetime) -> str:
    """Write the time of day in Norway: `14.05`, in English `14:05`."""
    _day(value)
    return value.astimezone(OSLO).strftime("%H:%M" if current_language() == "en" else "%H.%M")


def datetime_long(value: datetime) -> str:
    """`21. november 2026 kl. 14.05`; `21 November 2026 at 14:05` in English. Norwegian time."""
    at = "at " if current_language() == "en" else f"kl.{NBSP}"
    return f"{date_long(value)} {at}{clock(value)}"


def datetime_short(value: datetime) -> str:
    """`21.11.2026 kl. 14.05`; `21 Nov 2026, 14:05` in English. Norwegian time."""
    between = ", " if current_language() == "en" else f" kl.{NBSP}"
    return f"{date_short(value)}{between}{clock(value)}"
