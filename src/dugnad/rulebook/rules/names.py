"""Which names a rule may use where: for the household, for each item, at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from dugnad.rulebook.rates import Rates
from dugnad.rulebook.rules.facts import FactBook
from dugnad.rulebook.rules.source import RuleSource, Scope


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of each scope, and what each name is measured in.

    `lists` gives the attributes of every list of persons, also of lists that a step filters from another.
    `item` holds the attributes of the item decided for, which need no list before them.
    """

    by_scope: Mapping[Scope, frozenset[str]]
    lists: Mapping[str, tuple[str, ...]]
    item: frozenset[str]
    units: Mapping[str, str]
    local: frozenset[str]


def vocabulary(source: RuleSource, book: FactBook, rates: Rates) -> Vocabulary:
    """Collect the names of a service."""
    lists = _lists(source, book)
    over = _meant(source.each_over.text if source.each_over else "", lists)
    item = frozenset(lists.get(over, ()))
    steps = {scope: {s.name for s in source.steps.values() if s.scope == scope} for scope in _SCOPES}
    plain = {name for name, fact in book.facts.items() if fact.of_list is None}
    shared = plain | set(rates.rates) | set(source.open) | steps["common"]
    common = shared | _dotted(lists, set(lists))
    each_own = item | steps["each"]
    called = _dotted({source.called: tuple(item)}, {source.called}) if source.called else set()
    results = source.result.list
    after = _dotted({results: tuple(each_own)}, {results}) if over else set()
    return Vocabulary(
        by_scope={
            "common": frozenset(common),
            "each": frozenset(common | each_own | called),
            "after": frozenset(common | steps["after"] | after),
        },
        lists=lists,
        item=item,
        units=_units(source, book, rates),
        local=frozenset(each_own | ({source.called} if source.called else set())),
    )


def _meant(over: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    """Return the list decided for; the nearest where it is misspelt, so that this is told once and not for every name."""
    near = [] if over in lists else get_close_matches(over, lists, n=1, cutoff=0.8)
    return near[0] if near else over


_SCOPES: tuple[Scope, ...] = ("common", "each", "after")


def _dotted(lists: Mapping[str, tuple[str, ...]], names: set[str]) -> set[str]:
    return {f"{name}.{attribute}" for name in names for attribute in lists[name]} | names


def _lists(source: RuleSource, book: FactBook) -> dict[str, tuple[str, ...]]:
    """Find the lists of persons: those among the facts, and steps that filter one (`barn[har plass]`)."""
    lists = {
        name: tuple(fact.attribute for fact in book.attributes(name))
        for name, fact in book.facts.items()
        if fact.kind == "persons"
    }
    found = True
    while found:
        found = False
        for step in source.steps.values():
            text = step.formula.text if step.formula else ""
            base = text.partition("[")[0].strip()
            if step.name not in lists and base in lists and text.rstrip().endswith("]"):
                lists[step.name] = lists[base]
                found = True
    return lists


def _units(source: RuleSource, book: FactBook, rates: Rates) -> dict[str, str]:
    units = {name: fact.unit for name, fact in book.facts.items()}
    lists = _lists(source, book)
    over = _meant(source.each_over.text if source.each_over else "", lists)
    owner = next((name for name in book.facts if name in lists and lists.get(over) == lists[name]), "")
    for name, attributes in lists.items():
        source_list = next(one for one in book.facts if one in lists and lists[one] is attributes)
        units |= {f"{name}.{one.attribute}": one.unit for one in book.attributes(source_list)}
    for fact in book.attributes(owner):
        units[fact.attribute] = fact.unit
        if source.called:
            units[f"{source.called}.{fact.attribute}"] = fact.unit
    units |= {name: rate.unit for name, rate in rates.rates.items()}
    units |= {name: place.unit for name, place in source.open.items()}
    for step in source.steps.values():
        units[step.name] = step.unit
        units[f"{source.result.list}.{step.name}"] = step.unit
    return {name: unit for name, unit in units.items() if unit}
