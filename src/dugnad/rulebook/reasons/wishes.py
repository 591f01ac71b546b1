"""What would have changed a decision, in words: nb, nn or en. Told as a fact, never as advice."""

from collections.abc import Mapping
from decimal import Decimal

from dugnad.rulebook.reasons.changes import is_refusal
from dugnad.rulebook.reasons.difference import Change, Changed
from dugnad.rulebook.reasons.naming import Naming
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.rules.outcome import Outcome

_WORDS: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "if": "Hvis {0}, ville {1}.",
        "had been": "{0} hadde vært {1}",
        "of": "{0} for {1}",
        "outcome": "utfallet ha blitt «{0}»",
        "at most": "beløpet{0} ha vært høyst {1}, ikke {2}",
        "at least": "beløpet{0} ha vært minst {1}, ikke {2}",
        "exactly": "beløpet{0} ha vært {1}, ikke {2}",
        "for": " for {0}",
        "under": "under {0}",
        "over": "over {0}",
        "most": "{0} eller mindre",
        "least": "{0} eller mer",
        "is": "{0}",
        "and": " og ",
    },
    "nn": {
        "if": "Om {0}, ville {1}.",
        "had been": "{0} hadde vore {1}",
        "of": "{0} for {1}",
        "outcome": "utfallet ha vorte «{0}»",
        "at most": "beløpet{0} ha vore høgst {1}, ikkje {2}",
        "at least": "beløpet{0} ha vore minst {1}, ikkje {2}",
        "exactly": "beløpet{0} ha vore {1}, ikkje {2}",
        "for": " for {0}",
        "under": "under {0}",
        "over": "over {0}",
        "most": "{0} eller mindre",
        "least": "{0} eller meir",
        "is": "{0}",
        "and": " og ",
    },
    "en": {
        "if": "If {0}, {1}.",
        "had been": "{0} had been {1}",
        "of": "{0} for {1}",
        "outcome": "the outcome would have been “{0}”",
        "at most": "the amount{0} would have been at most {1}, not {2}",
        "at least": "the amount{0} would have been at least {1}, not {2}",
        "exactly": "the amount{0} would have been {1}, not {2}",
        "for": " for {0}",
        "under": "below {0}",
        "over": "above {0}",
        "most": "{0} or less",
        "least": "{0} or more",
        "is": "{0}",
        "and": " and ",
    },
}


def wished(
    rules: Ruleset, outcome: Outcome, change: Change, language: str, outcomes: Mapping[str, str] | None = None
) -> str:
    """Return a change as one sentence. `outcomes` are words for outcomes by name; else their names are used."""
    naming, words = Naming(rules, language), _WORDS[language]
    names = {item.key: item.name for item in outcome.items}
    different = words["and"].join(_had_been(naming, words, one, names) for one in change.changed)
    return words["if"].format(different, _would(naming, words, outcome, change, outcomes or {}))


def _had_been(naming: Naming, words: Mapping[str, str], one: Changed, names: Mapping[str, str]) -> str:
    called = naming.called(one.name)
    if one.key is not None and names.get(one.key):
        called = words["of"].format(called, names[one.key])
    return words["had been"].format(called, _how_much(naming, words, one))


def _how_much(naming: Naming, words: Mapping[str, str], one: Changed) -> str:
    """Return the limit: "under 642 700 kr i året" where the rules name it, else the nearest value that does it."""
    if one.bound == "exactly" or not isinstance(one.after, Decimal):
        return words["is"].format(naming.per(one.after, one.unit))
    below = one.bound == "at most"
    if one.limit:
        return words["under" if below else "over"].format(naming.per(one.edge, one.unit))
    return words["most" if below else "least"].format(naming.per(one.after, one.unit))


def _would(
    naming: Naming, words: Mapping[str, str], outcome: Outcome, change: Change, outcomes: Mapping[str, str]
) -> str:
    if is_refusal(naming.rules, outcome):
        return words["outcome"].format(outcomes.get(change.outcome, change.outcome))
    unit = naming.unit(naming.rules.source.result.amount)
    names = {item.key: item.name for item in outcome.items}
    key = {"at most": "at most", "at least": "at most", "exactly": "exactly"}[change.changed[0].bound]
    said = []
    for item, (before, after) in change.amounts.items():
        if before == after or not isinstance(before, Decimal) or not isinstance(after, Decimal):
            continue
        if key != "exactly":
            key = "at most" if after < before else "at least"
        whom = words["for"].format(names[item]) if item is not None and names.get(item) else ""
        said.append(words[key].format(whom, naming.per(after, unit), naming.per(before, unit)))
    return words["and"].join(said)
