"""What would have changed a decision, in words: nb, nn or en. Told as a fact, never as advice."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from dugnad.rulebook.reasons.changes import is_refusal
from dugnad.rulebook.reasons.difference import Change, Changed
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.reasons.phrases import phrase
from dugnad.rulebook.reasons.speech import Speaker
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome

_WORDS: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "if": "Hvis {0}, ville {1}{2}.",
        "had been": "{0} hadde vært {1}",
        "outcome": "utfallet ha blitt «{0}»",
        "amount": "beløpet{0} ha vært {1} i stedet for {2}",
        "amount too": "beløpet{0} {1} i stedet for {2}",
        "at most": "høyst {0}",
        "at least": "minst {0}",
        "for": " for {0}",
        "under": "under {0}",
        "over": "over {0}",
        "most": "{0} eller mindre",
        "least": "{0} eller mer",
        "latest": "{0} eller tidligere",
        "earliest": "{0} eller senere",
        "and": "og",
    },
    "nn": {
        "if": "Om {0}, ville {1}{2}.",
        "had been": "{0} hadde vore {1}",
        "outcome": "utfallet ha vorte «{0}»",
        "amount": "beløpet{0} ha vore {1} i staden for {2}",
        "amount too": "beløpet{0} {1} i staden for {2}",
        "at most": "høgst {0}",
        "at least": "minst {0}",
        "for": " for {0}",
        "under": "under {0}",
        "over": "over {0}",
        "most": "{0} eller mindre",
        "least": "{0} eller meir",
        "latest": "{0} eller tidlegare",
        "earliest": "{0} eller seinare",
        "and": "og",
    },
    "en": {
        "if": "If {0}, {1}{2}.",
        "had been": "{0} had been {1}",
        "outcome": "the outcome would have been “{0}”",
        "amount": "the amount{0} would have been {1} instead of {2}",
        "amount too": "the amount{0} {1} instead of {2}",
        "at most": "at most {0}",
        "at least": "at least {0}",
        "for": " for {0}",
        "under": "below {0}",
        "over": "above {0}",
        "most": "{0} or less",
        "least": "{0} or more",
        "latest": "{0} or earlier",
        "earliest": "{0} or later",
        "and": "and",
    },
}


def wished(
    rules: Ruleset, outcome: Outcome, change: Change, language: str, outcomes: Mapping[str, str] | None = None
) -> str:
    """Return a change as one sentence, with the section of law of the row that would have applied.

    `outcomes` are words for outcomes by name; else their names are used.
    """
    naming, words = Naming(rules, language), _WORDS[language]
    names = {item.key: item.name for item in outcome.items}
    different = f" {words['and']} ".join(_had_been(naming, words, one, names) for one in change.changed)
    then = _would(naming, words, outcome, change, outcomes or {})
    return words["if"].format(different, then, f" ({change.law})" if change.law else "")


def _had_been(naming: Naming, words: Mapping[str, str], one: Changed, names: Mapping[str, str]) -> str:
    called = naming.called(one.name)
    if isinstance(one.before, bool):
        called = Speaker(naming, {}).answer(called)
    if one.key is not None and names.get(one.key):
        called += words["for"].format(names[one.key])
    return words["had been"].format(called, _how_much(naming, words, one))


def _how_much(naming: Naming, words: Mapping[str, str], one: Changed) -> str:
    """Return the limit: "under 642 700 kr i året" where the rules name it, else the nearest value that does it."""
    below, after = one.bound == "at most", naming.per(one.after, one.unit)
    if isinstance(one.after, str):
        return phrase(naming.language, "quoted", after)
    if one.bound == "exactly":
        return after
    if isinstance(one.after, date):
        return words["latest" if below else "earliest"].format(after)
    if one.limit:
        return words["under" if below else "over"].format(naming.per(one.edge, one.unit))
    return words["most" if below else "least"].format(after)


def _would(
    naming: Naming, words: Mapping[str, str], outcome: Outcome, change: Change, outcomes: Mapping[str, str]
) -> str:
    if is_refusal(naming.rules, outcome):
        return words["outcome"].format(outcomes.get(change.outcome, change.outcome))
    unit = naming.unit(naming.rules.source.result.amount)
    names = {item.key: item.name for item in outcome.items}
    said: list[str] = []
    for item, (before, after) in change.amounts.items():
        if before == after or not isinstance(before, Decimal) or not isinstance(after, Decimal):
            continue
        amount = naming.per(after, unit)
        if change.changed[0].bound != "exactly" and after:
            amount = words["at most" if after < before else "at least"].format(amount)
        whom = words["for"].format(names[item]) if item is not None and names.get(item) else ""
        parts = whom, amount, naming.value(before, unit)
        said.append(words["amount too" if said else "amount"].format(*parts))
    between = f", {words['and']} " if len(said) > 1 else ""
    return between.join(said)
