"""What people call things: the title of a step, the label of a fact, else its name; values with their units."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from dugnad.rulebook.feel.values import FunctionValue, Months, Range, Unknown, Value
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.words import format_value

_PER = {
    "nb": {"måned": "i måneden", "år": "i året", "uke": "i uka", "dag": "om dagen"},
    "nn": {"måned": "i månaden", "år": "i året", "uke": "i veka", "dag": "om dagen"},
    "en": {"måned": "a month", "år": "a year", "uke": "a week", "dag": "a day"},
}
_COUNTED = {
    "nb": {
        "person": ("person", "personer"),
        "måned": ("måned", "måneder"),
        "dag": ("dag", "dager"),
        "år": ("år", "år"),
        "uke": ("uke", "uker"),
    },
    "nn": {
        "person": ("person", "personar"),
        "måned": ("månad", "månader"),
        "dag": ("dag", "dagar"),
        "år": ("år", "år"),
        "uke": ("veke", "veker"),
    },
    "en": {
        "person": ("person", "persons"),
        "måned": ("month", "months"),
        "dag": ("day", "days"),
        "år": ("year", "years"),
        "uke": ("week", "weeks"),
    },
}
_UNITS = {"måneder": "måned", "mnd": "måned", "dager": "dag", "uker": "uke"}
_NONE = {"nb": "ingen", "nn": "ingen", "en": "none"}
_MONTHS_A_YEAR = 12


class Naming:
    """Names and values of one service in one language: nb, nn or en."""

    def __init__(self, rules: Ruleset, language: str) -> None:
        self.rules = rules
        self.language = language
        self._attributes = {
            fact.attribute: fact for fact in rules.book.facts.values() if fact.of_list is not None
        }

    def title(self, name: str) -> str:
        """Return what a name is called at the head of a line."""
        step = self.rules.source.steps.get(name)
        fact = self.rules.book.facts.get(name) or self._attributes.get(name)
        words = (step.title if step else None) or (fact.label if fact else None) or {}
        return words.get(self.language) or name

    def called(self, name: str) -> str:
        """Return what a name is called within a sentence.

        A fact is called by its name in nb: labels stand beside boxes ("Født") and need not fit into sentences.
        """
        fact = self.rules.book.facts.get(name) or self._attributes.get(name)
        if fact is not None and (self.language == "nb" or fact.kind == "date"):
            return name
        title = self.title(name)
        is_word = len(title) > 1 and not title[1].isupper()
        return title[0].lower() + title[1:] if is_word else title

    def sentence_start(self, name: str) -> str:
        """Return what a name is called first in a sentence."""
        title = self.title(name)
        return title[:1].upper() + title[1:]

    def may_show(self, name: str) -> bool:
        """Tell whether people may see a value: not of a fact that is never shown."""
        fact = self.rules.book.facts.get(name) or self._attributes.get(name)
        return fact is None or fact.shown

    def unit(self, name: str) -> str:
        """Return what a name is measured in; empty for nothing."""
        return self.rules.words.units.get(name, "")

    def value(self, value: Value, unit: str = "") -> str:
        """Return a value in words: 2 000 kr, ja, 1. august 2026, 2 personer, 3 måneder."""
        if isinstance(value, Mapping | list):
            return self._composed(value, unit)
        if isinstance(value, FunctionValue):
            return f"function({', '.join(value.parameters)})"
        if isinstance(value, Range):
            return f"{self.value(value.low, unit)} – {self.value(value.high, unit)}"
        if isinstance(value, Months | timedelta):
            return self._lasting(value)
        plain = _UNITS.get(unit, unit)
        if isinstance(value, Decimal) and plain in _COUNTED[self.language]:
            return self.count(value, plain)
        return format_value(value, unit, self.language)

    def _composed(self, value: Mapping[str, Value] | list[Value], unit: str) -> str:
        """Return persons by their number, never by what is known of them; other lists and contexts part by part."""
        listed = value if isinstance(value, list) else [value]
        if not listed:
            return _NONE[self.language]
        if all(isinstance(one, Mapping) and "person" in one for one in listed):
            return self.count(len(listed), "person")
        if isinstance(value, Mapping):
            return ", ".join(
                f"{self.called(name)} {self.value(one, self.unit(name))}" for name, one in value.items()
            )
        return ", ".join(self.value(one, unit) for one in listed)

    def _lasting(self, value: Months | timedelta) -> str:
        if isinstance(value, timedelta):
            return self.count(value.days, "dag")
        years, months = divmod(value.months, _MONTHS_A_YEAR)
        return self.count(years, "år") if years and not months else self.count(value.months, "måned")

    def per(self, value: Value, unit: str) -> str:
        """Return a value with what it is per: 583 650 kr i året, 45 timer i uka."""
        _, _, per = unit.partition("/")
        words = _PER[self.language].get(per, "") if isinstance(value, Decimal) else ""
        return f"{self.value(value, unit)} {words}".strip()

    def count(self, number: Decimal | int, thing: str) -> str:
        """Return 1 person, 2 personer."""
        one, many = _COUNTED[self.language][thing]
        shown = format_value(Decimal(number), "", self.language)
        return f"{shown}\u00a0{one if number == 1 else many}"

    def missing(self, value: Unknown) -> str:
        """Return what must be known before a value can be, in words."""
        return ", ".join(self.called(name.rpartition(".")[2]) for name in sorted(value.names))
