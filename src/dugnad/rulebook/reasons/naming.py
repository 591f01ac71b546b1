"""What people call things: the title of a step, the label of a fact, else its name; values with their units."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from dugnad.rulebook.feel.values import FunctionValue, Months, Range, Unknown, Value
from dugnad.rulebook.reasons.phrases import phrase
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.explaining import Shower
from dugnad.rulebook.rules.facts import Fact

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
        "time": ("time", "timer"),
        "minutt": ("minutt", "minutter"),
        "sekund": ("sekund", "sekunder"),
    },
    "nn": {
        "person": ("person", "personar"),
        "måned": ("månad", "månader"),
        "dag": ("dag", "dagar"),
        "år": ("år", "år"),
        "uke": ("veke", "veker"),
        "time": ("time", "timar"),
        "minutt": ("minutt", "minutt"),
        "sekund": ("sekund", "sekund"),
    },
    "en": {
        "person": ("person", "persons"),
        "måned": ("month", "months"),
        "dag": ("day", "days"),
        "år": ("year", "years"),
        "uke": ("week", "weeks"),
        "time": ("hour", "hours"),
        "minutt": ("minute", "minutes"),
        "sekund": ("second", "seconds"),
    },
}
_UNITS = {"måneder": "måned", "mnd": "måned", "dager": "dag", "uker": "uke"}
_NONE = {"nb": "ingen", "nn": "ingen", "en": "none"}
_MONTHS_A_YEAR = 12
_OWN_DAYS = ("case", "applicant")
_IDENTITY = re.compile(r"\d{11}")
"""A national identity number: never told."""


class Naming:
    """Names and values of one service in one language: nb, nn or en. `beside`: the numbers an amount is read beside."""

    def __init__(self, rules: Ruleset, language: str, beside: frozenset[Decimal] = frozenset()) -> None:
        self.rules = rules
        self.language = language
        self.show = Shower(language, beside)
        self._attributes = {
            fact.attribute: fact for fact in rules.book.facts.values() if fact.of_list is not None
        }

    def _fact(self, name: str) -> Fact | None:
        return self.rules.book.facts.get(name) or self._attributes.get(name)

    def is_of_items(self, name: str) -> bool:
        """Tell whether a name stands for something else of each element of a list: an attribute, a step of each."""
        step = self.rules.source.steps.get(name)
        return name in self._attributes if step is None else step.scope == "each"

    def is_named(self, name: str) -> bool:
        """Tell whether the service has given this name to something."""
        return self._fact(name) is not None or name in self.rules.source.steps

    def kind(self, name: str) -> str:
        """Return what kind of value a fact has: text, number, boolean, date, list or persons; empty for all else."""
        fact = self._fact(name)
        return fact.kind if fact is not None and name not in self.rules.source.steps else ""

    def _words(self, name: str) -> str:
        """Return what the service calls a name in this language; empty where it has no words for it."""
        step, fact = self.rules.source.steps.get(name), self._fact(name)
        words = (step.title if step else None) or (fact.label if fact else None) or {}
        return words.get(self.language, "")

    def title(self, name: str) -> str:
        """Return what a name is called at the head of a line."""
        return self._words(name) or name

    def called(self, name: str) -> str:
        """Return what a name is called within a sentence.

        A fact is called by its name in nb, a date always: labels stand beside boxes ("Født") and need not fit into
        sentences. A name without words is quoted where it would not read as Norwegian nb: in another language, or a
        step of several words ("gjelder fra").
        """
        fact, words = self._fact(name), self._words(name)
        if fact is not None and (self.language == "nb" or fact.kind == "date"):
            words = ""
        if words:
            is_word = len(words) > 1 and not words[1].isupper()
            return words[0].lower() + words[1:] if is_word else words
        is_plain = self.language == "nb" and (name not in self.rules.source.steps or " " not in name)
        return name if is_plain else phrase(self.language, "quoted", name)

    def sentence_start(self, name: str) -> str:
        """Return what a name is called first in a sentence."""
        title = self.title(name)
        return title[:1].upper() + title[1:]

    def may_show(self, name: str) -> bool:
        """Tell whether people may see a value: not of a fact that is never shown."""
        fact = self._fact(name)
        return fact is None or fact.shown

    def may_tell(self, name: str) -> bool:
        """Tell whether a value may be told in passing: as `may_show`, and no day out of a person's life."""
        fact = self._fact(name)
        return fact is None or (fact.shown and (fact.kind != "date" or fact.source in _OWN_DAYS))

    def unit(self, name: str) -> str:
        """Return what a name is measured in; empty for nothing."""
        return self.rules.words.units.get(name, "")

    def value(self, value: Value, unit: str = "") -> str:
        """Return a value in words: 2 000 kr, ja, 1. august 2026, 2 personer, 3 måneder."""
        if isinstance(value, Mapping | list):
            return self._composed(value, unit)
        if isinstance(value, Range):
            return f"{self.value(value.low, unit)} – {self.value(value.high, unit)}"
        if isinstance(value, Months | timedelta):
            return self._lasting(value)
        plain = _UNITS.get(unit, unit)
        if isinstance(value, Decimal) and plain in _COUNTED[self.language]:
            return self.count(value, plain)
        return self._single(value, unit)

    def _single(self, value: Value, unit: str) -> str:
        if isinstance(value, FunctionValue):
            return f"function({', '.join(value.parameters)})"
        if isinstance(value, str) and _IDENTITY.fullmatch(value):
            return "–"
        return self.show(value, unit)

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
        """Return 15 måneder, 2 år og 3 måneder, 3 dager og 4 timer."""
        if isinstance(value, timedelta):
            seconds = abs(value) // timedelta(seconds=1)
            parts = [("dag", 86_400), ("time", 3_600), ("minutt", 60), ("sekund", 1)]
        else:
            seconds = abs(value.months)
            is_years = seconds >= 2 * _MONTHS_A_YEAR or seconds == _MONTHS_A_YEAR
            parts = [("år", _MONTHS_A_YEAR), ("måned", 1)][0 if is_years else 1 :]
        said: list[str] = []
        for thing, size in parts:
            number, seconds = divmod(seconds, size)
            said += [self.count(number, thing)] if number or (not said and size == 1) else []
        joined = f" {phrase(self.language, 'and')} ".join(said)
        is_negative = value < timedelta(0) if isinstance(value, timedelta) else value.months < 0
        return f"−{joined}" if is_negative else joined

    def per(self, value: Value, unit: str) -> str:
        """Return a value with what it is per: 583 650 kr i året, 45 timer i uka."""
        _, _, per = unit.partition("/")
        words = _PER[self.language].get(per, "") if isinstance(value, Decimal) else ""
        return f"{self.value(value, unit)} {words}".strip()

    def count(self, number: Decimal | int, thing: str) -> str:
        """Return 1 person, 2 personer."""
        one, many = _COUNTED[self.language][thing]
        return f"{self.show(Decimal(number))}\u00a0{one if number == 1 else many}"

    def missing(self, value: Unknown) -> str:
        """Return what must be known before a value can be, in words."""
        return ", ".join(self.called(name.rpartition(".")[2]) for name in sorted(value.names))
