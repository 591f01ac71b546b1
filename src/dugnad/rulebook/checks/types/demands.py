"""What a service demands of types: a condition is true or false, an amount a number, a date a date."""

from collections.abc import Iterator

from dugnad.rulebook.checks.reading import Part
from dugnad.rulebook.checks.types.model import Type, of
from dugnad.rulebook.checks.types.problems import Problem, of_value
from dugnad.rulebook.checks.types.service import ServiceTypes
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.located import Finding, Place

_CONDITIONS = {"stop": "when", "says": "when", "only when": "only when"}
_KINDS = {"number": "number", "text": "string", "boolean": "boolean", "date": "date", "list": "list"}


def typed(types: ServiceTypes) -> Iterator[Finding]:
    """Find everything wrong with the types of a service."""
    for part, problem in types.problems():
        yield _finding(part, problem)
    yield from _conditions(types)
    yield from _bounds(types)
    yield from _units(types)
    yield from _result(types)
    yield from _facts(types)


def _finding(part: Part, problem: Problem) -> Finding:
    place = part.place(problem.node.start)
    return Finding.at(place, problem.code, problem.what, problem.mend, problem.severity)


def _conditions(types: ServiceTypes) -> Iterator[Finding]:
    for part in types.reading.parts:
        key = _CONDITIONS.get(part.role)
        if key is not None and not types.part(part).can_be(("boolean",)):
            what = f"{key} must be true or false; it is {types.part(part).words()}"
            yield Finding.at(part.place(), "type", what, "Write a condition.")
        if part.role == "each" and not types.part(part).can_be(("list",)):
            what = f"decide for each wants a list; '{part.written}' is {types.part(part).words()}"
            yield Finding.at(part.place(), "type", what, "Name a list of persons.")


def _bounds(types: ServiceTypes) -> Iterator[Finding]:
    """Find values and bounds of an open place that are of another kind than what holds otherwise."""
    for name, place in types.reading.source.open.items():
        parts = types.reading.of("open", name)
        wanted = next((types.part(part) for part in parts if part.text is place.otherwise), None)
        for part in parts if wanted is not None and wanted.present else ():
            found = types.part(part)
            if wanted is not None and not found.can_be(wanted.present):
                what = f"'{name}' is {wanted.words()}; this is {found.words()}"
                yield Finding.at(part.place(), "type", what, f"Write {wanted.words()}.")


def _units(types: ServiceTypes) -> Iterator[Finding]:
    for name, step in types.reading.source.steps.items():
        found = types.step(name)
        if step.unit and step.unit != "number" and not _numeric(found):
            what = f"'{name}' is measured in {step.unit}, but is {found.words()}"
            yield Finding.at(step.place, "type", what, "Remove unit, or calculate a number.")
        if step.round is not None and not _numeric(found):
            what = f"'{name}' is rounded, but is {found.words()}"
            yield Finding.at(step.round.place, "type", what, "Remove round, or calculate a number.")


def _numeric(found: Type) -> bool:
    if found.is_only("list") and found.item is not None:
        return found.item.can_be(("number",))
    return found.can_be(("number", "context"))


def _result(types: ServiceTypes) -> Iterator[Finding]:
    source = types.reading.source
    result = source.result
    wanted = (
        ("outcome", result.outcome, "string"),
        ("amount", result.amount, "number"),
        ("from", result.start, "date"),
        ("to", result.end, "date"),
        ("rates on", source.rates_on or "", "date"),
    )
    for key, name, kind in wanted:
        if name in source.steps and not types.step(name).can_be((kind,)):
            what = f"{key} wants {of(kind).words()}; '{name}' is {types.step(name).words()}"
            yield Finding.at(source.steps[name].place, "type", what, "Name another step, or mend this one.")


def _facts(types: ServiceTypes) -> Iterator[Finding]:
    """Find values written in facts.yaml that are not what the fact is declared as."""
    book = types.reading.book
    for fact in book.facts.values():
        yield from _value(fact.name, fact.kind, fact.if_not_found, "if not found", fact.place)
        for attribute, value in fact.included_as.items():
            own = book.facts.get(f"{fact.name}.{attribute}")
            if own is not None:
                yield from _value(own.name, own.kind, value, "included as", fact.place)


def _value(name: str, kind: str, value: Value, key: str, place: Place) -> Iterator[Finding]:
    wanted = _KINDS.get(kind)
    if value is None or wanted is None:
        return
    found = of_value(value)
    if not found.can_be((wanted,)):
        what = f"{key}: '{name}' is {of(wanted).words()}, but {value} is {found.words()}"
        yield Finding.at(place, "type", what, f"Write {of(wanted).words()}.")
