"""Everything that can be found wrong in a service's rules without a case, in one call."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from dugnad.rulebook.checks.dated import gaps_in_time
from dugnad.rulebook.checks.headings import odd_headings
from dugnad.rulebook.checks.measures import mixed_units
from dugnad.rulebook.checks.outcomes import unsaid_results
from dugnad.rulebook.checks.reading import Reading
from dugnad.rulebook.checks.stops import odd_stops
from dugnad.rulebook.checks.tables.findings import judged_tables
from dugnad.rulebook.checks.types.demands import typed
from dugnad.rulebook.checks.types.service import ServiceTypes
from dugnad.rulebook.checks.usage import shadowed, unused
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.located import Finding


def check_rules(
    reading: Reading,
    *,
    choices: Mapping[str, Sequence[Value]] | None = None,
    elsewhere: Iterable[str] = (),
    tried: Collection[str] = (),
) -> Iterator[Finding]:
    """Find mix-ups of types and units, holes in tables, what is never used, control points that contradict.

    `choices` are the answers that a question allows, by fact; `elsewhere` the names used outside the rules, `tried`
    those that examples look at. What
    cannot be parsed is left to the compiler, which says so; everything else is checked all the same.
    """
    types = ServiceTypes(reading, choices)
    units = tuple(mixed_units(reading))
    mixed = {(one.file, one.line) for one in units}
    yield from (one for one in typed(types) if one.code != "always" or (one.file, one.line) not in mixed)
    yield from units
    yield from judged_tables(types)
    yield from odd_headings(reading)
    yield from odd_stops(reading)
    yield from unsaid_results(reading)
    yield from unused(reading, elsewhere, tried)
    yield from shadowed(reading)
    yield from gaps_in_time(reading.rates)


def check_tailored(reading: Reading) -> Iterator[Finding]:
    """Find mix-ups of types in what an organisation has set, in its own file."""
    tailored = {id(text) for dated in reading.patch.open.values() for _, text in dated}
    files = {text.place.file for dated in reading.patch.open.values() for _, text in dated}
    if tailored:
        yield from (one for one in typed(ServiceTypes(reading)) if one.file in files)
