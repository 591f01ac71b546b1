"""Words for people: values as nb, nn and en write them, and the control points every service has."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.rules.facts import canonical

LANGUAGES = ("nb", "nn", "en")
_NBSP = "\u00a0"
_NB = "januar februar mars april mai juni juli august september oktober november desember"
_EN = "January February March April May June July August September October November December"
_MONTHS = {"nb": tuple(_NB.split(" ")), "en": tuple(_EN.split(" "))}
_YES_NO = {"nb": ("ja", "nei"), "nn": ("ja", "nei"), "en": ("yes", "no")}
_UNKNOWN = {"nb": "ikke kjent", "nn": "ikkje kjent", "en": "not known"}
_HOURS = {"nb": ("time", "timer"), "nn": ("time", "timar"), "en": ("hour", "hours")}
_ORE = Decimal("0.01")
_LARGEST_DENOMINATOR = 100
_SAME = Fraction(1, 10**20)
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "opplysning mangler": {
        "nb": "Disse opplysningene mangler: {names}.",
        "nn": "Desse opplysningane manglar: {names}.",
        "en": "This information is missing: {names}.",
    },
    "opplysning bestridt": {
        "nb": "Søkeren mener at dette ikke stemmer: {names}.",
        "nn": "Søkjaren meiner at dette ikkje stemmer: {names}.",
        "en": "The applicant disputes this: {names}.",
    },
    "sats mangler": {
        "nb": "Det finnes ingen sats for denne datoen: {names}.",
        "nn": "Det finst ingen sats for denne datoen: {names}.",
        "en": "There is no rate for this date: {names}.",
    },
    "sats ikke bekreftet": {
        "nb": "Satsen er ikke bekreftet: {names}. En administrator må kontrollere kilden og bekrefte den.",
        "nn": "Satsen er ikkje stadfesta: {names}. Ein administrator må kontrollere kjelda og stadfeste han.",
        "en": "The rate is not confirmed: {names}. An administrator must check the source and confirm it.",
    },
    "lokal verdi utenfor rammen": {
        "nb": "Kommunens egen verdi er utenfor det tjenesten tillater: {names}.",
        "nn": "Den eigne verdien til kommunen er utanfor det tenesta tillèt: {names}.",
        "en": "The municipality's own value is outside what the service allows: {names}.",
    },
    "feil i beregningen": {
        "nb": "Beregningen kunne ikke fullføres: {names}.",
        "nn": "Utrekninga kunne ikkje fullførast: {names}.",
        "en": "The calculation could not be completed: {names}.",
    },
}
"""Control points no service has to write: name, then why by language; `{names}` is what they concern."""


def built_in(name: str, concerns: Mapping[str, str]) -> dict[str, str]:
    """Return why the built-in control point `name` stopped, by language; `concerns` by language too."""
    return {
        language: text.replace("{names}", concerns[language]) for language, text in BUILT_IN[name].items()
    }


def format_value(value: Value, unit: str, language: str) -> str:
    """Return a value for a sentence: 2 000 kr, 45 timer, 30 %, 1. desember 2026; NOK 2,000 in English.

    Fractions are shown as per cent (see `_share`), amounts with øre only where they have them, unknown values as unknown.
    """
    if isinstance(value, Unknown) or value is None:
        return _UNKNOWN[language]
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, Decimal):
        return _number(value, unit, language)
    if isinstance(value, date):
        return format_date(value, language)
    if isinstance(value, list | tuple):
        return ", ".join(format_value(child, unit, language) for child in value)
    return str(value)


def format_date(day: date, language: str) -> str:
    """Return 1. desember 2026, or 1 December 2026 in English."""
    month = month_name(day.month, language)
    dot = "" if language == "en" else "."
    return f"{day.day}{dot}{_NBSP}{month} {day.year}"


def month_name(month: int, language: str) -> str:
    """Return the name of a month, 1 to 12: august, August in English."""
    return _MONTHS["en" if language == "en" else "nb"][month - 1]


_WIDE = Context(prec=MAX_PREC, rounding=ROUND_HALF_UP)
"""For showing: an amount of any size can be written out to the øre."""


def format_amount(amount: Decimal, language: str) -> str:
    """Return 2 000 kr or 1 836,36 kr; NOK 2,000 in English. Rounded to øre, half up, for showing only."""
    exact = _WIDE.quantize(amount, _ORE)
    plain = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    return f"NOK{_NBSP}{plain}" if language == "en" else f"{_grouped(plain)}{_NBSP}kr"


def _number(value: Decimal, unit: str, language: str) -> str:
    if unit.startswith("kr"):
        return format_amount(value, language)
    if unit in ("%", "fraction"):
        return _share(value, language)
    if unit.startswith("timer"):
        return f"{_plain(value, language)}{_NBSP}{_HOURS[language][0 if value == 1 else 1]}"
    return _plain(value, language)


def _share(value: Decimal, language: str) -> str:
    """Return 30 %; what two decimals do not say in full has its fraction beside it: 53,33 % (8/15)."""
    per_cent = round(value * 100, 2)
    shown = f"{_plain(per_cent, language)}{'' if language == 'en' else _NBSP}%"
    if per_cent == value * 100:
        return shown
    exact = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    told = abs(Fraction(value) - exact) < _SAME
    return f"{shown} ({exact.numerator}/{exact.denominator})" if told else shown


def _plain(value: Decimal, language: str) -> str:
    text = canonical(round(value, 4))
    return text if language == "en" else text.replace(".", ",")


def _grouped(plain: str) -> str:
    return plain.replace(",", _NBSP).replace(".", ",")


def placeholders(text: str) -> list[str]:
    """Return the names between braces, in order."""
    return _PLACEHOLDER.findall(text)


def fill(text: str, word: Callable[[str], str]) -> str:
    """Put `word(name)` in place of each `{name}`."""
    return _PLACEHOLDER.sub(lambda match: word(match.group(1)), text)
