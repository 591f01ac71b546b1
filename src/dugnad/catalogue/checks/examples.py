"""Names in examples.yaml: what is misspelt would silently stay unknown, or never be compared."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from dugnad.catalogue.types import LoadedService
from dugnad.rulebook.located import Finding, Node, suggest
from dugnad.rulebook.rules.deciding import DISPUTED, MISSING
from dugnad.rulebook.rules.facts import Fact
from dugnad.rulebook.rules.working import FAILED, NO_RATE, OUT_OF_BOUNDS, UNCONFIRMED

_OWN = ("barn", "because", "stops at", "unknown")
"""What an example may expect beside values: results by item, sections of law, control points, unknown facts."""
_BUILT_IN = (DISPUTED, MISSING, FAILED, NO_RATE, OUT_OF_BOUNDS, UNCONFIRMED)


def misspelt(service: LoadedService) -> Iterator[Finding]:
    """Find names in examples that the service does not know, and examples of the same name."""
    section = service.examples.get("examples")
    cases = list(section.elements()) if section else []
    for node in (service.examples.get("start from"), *(one.get("given") for one in cases)):
        if node is not None:
            yield from _given(service, node)
    each = service.examples.get("each")
    for name, child in each.items() if each else ():
        yield from _facts(service, child, name)
    for one in cases:
        expected = one.get("expect")
        if expected is not None:
            yield from _expected(service, expected)
        yield from _disputed(service, one)
    yield from _twice(cases)


def expected_names(service: LoadedService) -> frozenset[str]:
    """Return every name whose value some example expects."""
    section = service.examples.get("examples")
    found: set[str] = set()
    for one in section.elements() if section else ():
        expected = one.get("expect")
        for node in (expected, *((expected.get("barn") or one).elements() if expected else ())):
            found.update(node.keys if node is not None else ())
    return frozenset(found)


def _given(service: LoadedService, node: Node) -> Iterator[Finding]:
    yield from _facts(service, node)
    for name, child in node.items():
        for person in child.elements():
            yield from _facts(service, person, name)


def _facts(service: LoadedService, node: Node, of: str = "") -> Iterator[Finding]:
    known = [one.attribute for one in service.book.attributes(of)] if of else [*service.book.facts]
    for name, place in node.keys.items():
        if name not in known and name not in service.source.steps:
            what = f"there is no fact '{name}'" + (f" in '{of}'" if of else "")
            yield Finding.at(place, "unknown-name", what, suggest(name, known))
        fact = service.book.facts.get(f"{of}.{name}" if of else name)
        value = node.get(name)
        if fact is not None and value is not None:
            yield from _kind(fact, value)
        if (
            fact is not None
            and fact.one_of
            and value is not None
            and value.value not in (*fact.one_of, "not known")
        ):
            what = f"'{fact.name}' can never be '{value.text()}'"
            yield Finding.at(
                value.place, "not-allowed", what, suggest(str(value.value), map(str, fact.one_of))
            )


_KINDS: Mapping[str, tuple[type, str, str]] = {
    "boolean": (bool, "true or false", "Write true or false."),
    "date": (date, "a date", "Write the day as 2026-08-01, without quotation marks."),
    "text": (str, "a text", "Put it in quotation marks."),
}
_WORDS = ("not known", "last year")
"""What an example may say instead of a value."""


def _kind(fact: Fact, node: Node) -> Iterator[Finding]:
    """Find a value of another kind than the fact: told once where it stands, not once for each example."""
    value = node.value
    if value is None or value in _WORDS or isinstance(value, dict | list):
        return
    if fact.kind in _KINDS:
        kind, words, mend = _KINDS[fact.kind]
        if not isinstance(value, kind):
            what = f"'{fact.name}' is {words}; '{node.text()}' is not"
            yield Finding.at(node.place, "example", what, mend)
    elif fact.kind == "number" and not isinstance(value, Decimal):
        number, _, unit = str(value).partition(" ")
        try:
            Decimal(number)
            right = unit.strip() == fact.unit
        except InvalidOperation:
            right = False
        if not right:
            what = f"'{fact.name}' is a number in {fact.unit or 'no unit'}; '{value}' is not"
            yield Finding.at(node.place, "example", what, f"Write it as 1200 {fact.unit}.".replace(" .", "."))


def _expected(service: LoadedService, node: Node) -> Iterator[Finding]:
    source = service.source
    plain = [name for name, fact in service.book.facts.items() if fact.of_list is None]
    known = [*source.steps, *plain, *source.open, *service.rates.rates]
    yield from _unknown(node, [*known, *_OWN], "step or fact")
    of_items = {fact.attribute for fact in service.book.facts.values() if fact.of_list}
    for item in (node.get("barn") or node).elements():
        yield from _unknown(item, [*known, *of_items], "step or fact")
    yield from _listed(
        node.get("stops at"), [*(stop.name for stop in source.stops), *_BUILT_IN], "control point"
    )
    yield from _listed(node.get("unknown"), [*known, *service.book.facts], "fact, rate or open place")


def _unknown(node: Node, known: Iterable[str], kind: str) -> Iterator[Finding]:
    names = list(known)
    for name, place in node.keys.items():
        if name not in names:
            yield Finding.at(place, "unknown-name", f"there is no {kind} '{name}'", suggest(name, names))


def _listed(node: Node | None, known: Iterable[str], kind: str) -> Iterator[Finding]:
    names = list(known)
    listed = () if node is None else list(node.elements()) if isinstance(node.value, list) else (node,)
    for child in listed:
        if str(child.value) not in names:
            what = f"there is no {kind} '{child.value}'"
            yield Finding.at(child.place, "unknown-name", what, suggest(str(child.value), names))


def _disputed(service: LoadedService, case: Node) -> Iterator[Finding]:
    yield from _listed(case.get("disputed"), service.book.facts, "fact")


def _twice(cases: Iterable[Node]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for one in cases:
        name = one.text("name") or ""
        if name in seen:
            place = (one.get("name") or one).place
            what = f"two examples are called '{name}' (first on line {seen[name]})"
            yield Finding.at(place, "example-name", what, "Give each its own name.", "warning")
        seen.setdefault(name, one.place.line)
