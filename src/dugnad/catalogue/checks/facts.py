"""Facts, and names that mean two things."""

from collections.abc import Iterable, Iterator

from dugnad.catalogue.types import LoadedService
from dugnad.rulebook.checks.measures import known_unit
from dugnad.rulebook.checks.reading import Reading
from dugnad.rulebook.checks.usage import used_names
from dugnad.rulebook.located import Finding, Place, suggest

_OWN_SOURCES = ("case", "applicant", "case worker")


def facts(service: LoadedService, reading: Reading, elsewhere: Iterable[str]) -> Iterator[Finding]:
    """Find facts without legal basis, references to what is not there, and facts that nothing uses.

    `elsewhere` are the names that questions and letters use.
    """
    book = service.book
    used = {*used_names(reading), *elsewhere, service.source.result.key, service.source.result.name}
    used |= {other for fact in book.facts.values() for other in (fact.of, fact.includes) if other}
    for fact in book.facts.values():
        if fact.source not in _OWN_SOURCES and not fact.in_entry and not (fact.law and fact.kept):
            what = f"'{fact.name}' is fetched about a person without law or kept"
            yield Finding.at(fact.place, "legal-basis", what, "Say on which law, and how long it is kept.")
        for other in (fact.of, fact.includes):
            if other is not None and other not in book.facts:
                mend = suggest(other, book.facts)
                yield Finding.at(fact.place, "unknown-name", f"'{fact.name}' refers to '{other}'", mend)
        if fact.source == "case worker" and fact.if_not_found is None and not fact.in_entry:
            what = f"'{fact.name}' comes from a case worker: every case that needs it waits for one"
            mend = "Write if not found, where most cases need no one to say it."
            yield Finding.at(fact.place, "waits", what, mend, "information")
        if fact.source != "case" and not fact.in_entry and not used & {fact.name, fact.attribute}:
            what = f"'{fact.name}' is used nowhere"
            mend = "Remove it: what is not needed is not fetched."
            yield Finding.at(fact.place, "unused", what, mend, "warning")


def clashes(service: LoadedService) -> Iterator[Finding]:
    """Find names that mean two things."""
    taken: dict[str, str] = dict.fromkeys(service.book.facts, "a fact")
    named: tuple[tuple[str, str, Place], ...] = (
        *((name, "a rate", one.place) for name, one in service.rates.rates.items()),
        *((name, "an open place", one.place) for name, one in service.source.open.items()),
        *((name, "a step", one.place) for name, one in service.source.steps.items()),
    )
    for name, kind, place in named:
        if name in taken:
            what = f"'{name}' is {taken[name]} and {kind}"
            yield Finding.at(place, "clash", what, "Give one of them another name.")
        taken[name] = kind


def result(service: LoadedService) -> Iterator[Finding]:
    """Find names in `result` and `rates on` that are no steps."""
    source, wanted = service.source, service.source.result
    known = [*source.steps, *(fact.attribute for fact in service.book.facts.values() if fact.of_list)]
    for name in (wanted.outcome, wanted.amount, wanted.start, wanted.end, wanted.key, wanted.name):
        if name and name not in known:
            what = f"result: there is no '{name}'"
            yield Finding.at(wanted.place, "unknown-name", what, suggest(name, known))
    if source.rates_on and source.rates_on not in source.steps:
        what = f"rates on: there is no step '{source.rates_on}'"
        yield Finding.at(source.place, "unknown-name", what, suggest(source.rates_on, source.steps))


def units(service: LoadedService) -> Iterator[Finding]:
    """Find units nobody knows."""
    named = [(one.unit, one.place) for one in service.book.facts.values()]
    named += [(one.unit, one.place) for one in service.rates.rates.values()]
    named += [(one.unit, one.place) for one in service.source.steps.values()]
    named += [(one.unit, one.place) for one in service.source.open.values()]
    for unit, place in named:
        try:
            known_unit(unit)
        except ValueError:
            mend = "Write kr/måned, kr/år, timer/uke, %, …"
            yield Finding.at(place, "unknown-unit", f"'{unit}' is no unit", mend)
