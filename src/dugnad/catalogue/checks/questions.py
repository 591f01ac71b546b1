"""Questions: what is asked and shown, when, and with which answers."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from dugnad.catalogue.types import Fact, LoadedService
from dugnad.rulebook.checks.reading import Reading
from dugnad.rulebook.checks.types.inference import Inference
from dugnad.rulebook.checks.types.problems import of_value
from dugnad.rulebook.checks.types.service import ServiceTypes
from dugnad.rulebook.checks.usage import used_names
from dugnad.rulebook.feel import FeelSyntaxError, free_names, parse
from dugnad.rulebook.located import Finding, Node, Scalar, suggest
from dugnad.rulebook.rules.compiling import inside
from dugnad.rulebook.rules.source import Text

_KINDS = {"number": "number", "text": "string", "boolean": "boolean", "date": "date"}


def choices_of(service: LoadedService) -> Mapping[str, tuple[Scalar, ...]]:
    """Return the answers each question allows, by fact; nothing for a question without choices."""
    return {
        asked.fact: tuple(choice.value for choice in asked.choices)
        for page in service.pages
        for asked in page.asks
        if asked.choices
    }


def questions(service: LoadedService, node: Node, reading: Reading) -> Iterator[Finding]:
    """Find what is wrong in questions.yaml, and facts from the applicant that no question asks."""
    known = service.book.facts
    types = ServiceTypes(reading, choices_of(service))
    used = {*used_names(reading), *(name for page in _pages(node) for name in _names_in_whens(page, known))}
    asked: dict[str, int] = {}
    for page in _pages(node):
        for child in (page.get("shows") or node).elements():
            yield from _shown(child, known)
        for child in (page.get("asks") or node).elements():
            name = child.text("fact") or ""
            asked[name] = asked.get(name, 0) + 1
            yield from _asked(child, known, used, again=asked[name] > 1)
            yield from _when(child, known, types)
            yield from _answers(child, known.get(name))
            yield from _misfit(child, known.get(name))
    meant = {near for name in asked if name not in known for near in get_close_matches(name, known, n=1)}
    for fact in known.values():
        if fact.source == "applicant" and fact.name not in asked and fact.name not in meant:
            what = f"'{fact.name}' comes from the applicant, but no question asks it"
            yield Finding.at(fact.place, "not-asked", what, "Ask it in questions.yaml.")


def shown_names(node: Node) -> Iterator[str]:
    """Give the names that questions.yaml shows or asks a condition of, each also without its list."""
    for page in _pages(node):
        for child in (page.get("shows") or node).elements():
            yield str(child.value)
        for child in (page.get("asks") or node).elements():
            yield child.text("when") or ""


def _pages(node: Node) -> Iterator[Node]:
    yield from (node.get("pages") or Node([], node.place)).elements()


def _names_in_whens(page: Node, known: Mapping[str, Fact]) -> Iterator[str]:
    for child in (page.get("asks") or Node([], page.place)).elements():
        try:
            yield from free_names(
                parse(child.text("when") or "null", names=frozenset(known), dialect="dugnad")
            )
        except FeelSyntaxError:
            continue


def _shown(node: Node, known: Mapping[str, Fact]) -> Iterator[Finding]:
    name = str(node.value)
    fact = known.get(name)
    if fact is None:
        yield Finding.at(node.place, "unknown-name", f"there is no fact '{name}'", suggest(name, known))
    elif not fact.shown:
        yield Finding.at(node.place, "never-shown", f"'{name}' may never be shown", "Remove it here.")
    elif not fact.label:
        mend = "Give it a label in facts.yaml, in nb, nn and en."
        yield Finding.at(node.place, "no-label", f"'{name}' is shown, but has no words", mend)


def _asked(node: Node, known: Mapping[str, Fact], used: set[str], *, again: bool) -> Iterator[Finding]:
    name = node.text("fact") or ""
    place = (node.get("fact") or node).place
    if name not in known:
        yield Finding.at(place, "unknown-name", f"there is no fact '{name}'", suggest(name, known))
    elif known[name].source != "applicant":
        what = f"'{name}' is asked, but {known[name].source} knows it"
        yield Finding.at(place, "asks-known", what, "Show it instead: put it under shows.")
    elif again:
        yield Finding.at(place, "asked-twice", f"'{name}' is asked twice", "Ask it once.")
    elif not used & {name, known[name].attribute}:
        what = f"the answer about '{name}' is used nowhere"
        yield Finding.at(place, "unused", what, "Remove the question: ask only what decides.", "warning")


def _when(node: Node, known: Mapping[str, Fact], types: ServiceTypes) -> Iterator[Finding]:
    when = node.get("when")
    if when is None:
        return
    text = Text(when.text() or "", when.place, when.block, when.indent)
    try:
        tree = parse(text.text, names=frozenset(known), dialect="dugnad")
    except FeelSyntaxError as error:
        mend = error.mend or "Use the names of facts.yaml."
        yield Finding.at(inside(text, error.start), "feel", error.message, mend)
        return
    inference = Inference(
        lambda name: types.fact(name) if name in known else None,
        lambda part: " ".join(text.text[part.start : part.end].split()),
    )
    inference.condition(tree, {}, "when")
    for one in inference.problems:
        yield Finding.at(inside(text, one.node.start), one.code, one.what, one.mend, one.severity)


def _answers(node: Node, fact: Fact | None) -> Iterator[Finding]:
    """Find choices the fact cannot be."""
    listed = node.get("choices")
    wanted = _KINDS.get(fact.kind) if fact is not None else None
    for child in listed.elements() if listed is not None else ():
        value = child.get("value")
        if fact is None or value is None or isinstance(value.value, list | dict):
            continue
        found = of_value(value.value)
        if wanted is not None and not found.can_be((wanted,)):
            what = f"'{fact.name}' is declared as {fact.kind}; this answer is {found.words()}"
            yield Finding.at(value.place, "type", what, "Write another answer, or declare another type.")
        elif fact.one_of and value.value not in fact.one_of:
            what = f"'{fact.name}' can never be '{value.value}'"
            yield Finding.at(
                value.place, "not-allowed", what, suggest(str(value.value), map(str, fact.one_of))
            )


def _misfit(node: Node, fact: Fact | None) -> Iterator[Finding]:
    """Find what goes only with another kind of question: bounds with a number or a date, yes and no with a boolean."""
    fitting = (
        ("when yes", ("boolean",)),
        ("when no", ("boolean",)),
        ("at least", ("number", "date")),
        ("at most", ("number", "date")),
    )
    for key, kinds in fitting:
        child = node.get(key)
        if child is None or fact is None or fact.kind in kinds:
            continue
        what = f"'{key}' goes with {' or '.join(kinds)}, but '{fact.name}' is {fact.kind}"
        yield Finding.at(node.keys.get(key, child.place), "type", what, "Remove it, or ask another fact.")
