"""The rules of a service as a catalogue: facts, control points, open places, rates, steps; for review in a diff."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from dugnad.catalogue.checking import load_folder
from dugnad.catalogue.types import LoadedService
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.source import Scope

_SCOPES: dict[Scope, str] = {"common": "Once for the case", "each": "For each", "after": "Last"}


def rules_page(folder: Path) -> str:
    """Return the catalogue of one service folder. Raises BrokenServiceError where it does not load."""
    service = load_folder(folder)
    lines = [f"# Rules: {service.info.title['nb']}", "", f"Law: {service.source.law}", ""]
    return "\n".join(
        [*lines, *_facts(service), *_stops(service), *_open(service), *_rates(service), *_steps(service)]
    )


def _table(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield from (f"## {title}", "", f"| {' | '.join(header)} |", f"|{'---|' * len(header)}")
    yield from (f"| {' | '.join(cell.replace('|', '¦') or '–' for cell in row)} |" for row in rows)
    yield ""


def _facts(service: LoadedService) -> Iterator[str]:
    rows = [
        (fact.name, fact.kind, fact.unit, fact.source, fact.law, fact.kept)
        for fact in service.book.facts.values()
    ]
    yield from _table("Facts", ("fact", "type", "unit", "from", "law", "kept"), rows)


def _stops(service: LoadedService) -> Iterator[str]:
    rows = [
        (stop.name, f"`{_one_line(stop.when.text)}`", stop.law, stop.why.get("nb", ""), stop.todo)
        for stop in service.source.stops
    ]
    yield from _table("Control points", ("name", "when", "law", "why", "the case worker"), rows)


def _open(service: LoadedService) -> Iterator[str]:
    rows = [
        (
            place.name,
            place.unit,
            " – ".join(one.text for one in (place.at_least, place.at_most) if one) or ", ".join(place.one_of),
            f"`{place.otherwise.text}`",
            place.law,
            "yes" if place.verified else "no",
        )
        for place in service.source.open.values()
    ]
    yield from _table("Open to tailoring", ("name", "unit", "bounds", "otherwise", "law", "verified"), rows)


def _rates(service: LoadedService) -> Iterator[str]:
    rows = [
        (
            rate.name,
            value.start.isoformat(),
            f"{value.value} {rate.unit}",
            value.source,
            "yes" if value.verified else "no",
        )
        for rate in service.rates.rates.values()
        for value in rate.values
    ]
    yield from _table("Rates", ("rate", "from", "value", "source", "verified"), rows)


def _steps(service: LoadedService) -> Iterator[str]:
    rules = service.ruleset()
    for scope, title in _SCOPES.items():
        operations = rules.operations(scope)
        if operations:
            yield from (f"## {title}", "")
        for op in operations:
            yield from _step(op)


def _step(op: StepOp) -> Iterator[str]:
    step = op.step
    yield from (f"### {step.name}", "")
    about = [
        part for part in (step.law, step.unit, f"rounding: {step.round.text}" if step.round else "") if part
    ]
    if about:
        yield from ("; ".join(about), "")
    if step.formula:
        yield from ("```feel", step.formula.text.strip(), "```", "")
    if step.table:
        yield from (step.table.text.strip(), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
