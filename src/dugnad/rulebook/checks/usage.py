"""What is defined and never used, and names that hide something else."""

from collections.abc import Collection, Iterable, Iterator

from dugnad.rulebook.checks.reading import Owner, Part, Reading
from dugnad.rulebook.feel import free_paths
from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.grammar.quantities import UNIT_SPELLINGS
from dugnad.rulebook.located import Finding, Place
from dugnad.rulebook.rules.words import placeholders

OWNERS: tuple[Owner, ...] = ("step", "open")
_RESERVED = frozenset(
    {
        *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between"),
        *("instance", "of", "function", "external", "true", "false", "null", "item", "partial", "?"),
    }
)


def unused(reading: Reading, elsewhere: Iterable[str] = (), tried: Collection[str] = ()) -> Iterator[Finding]:
    """Find steps, rates and open places that nothing leads to: not the result, no control point, no sentence.

    `elsewhere` are names used outside the rules, in letters and questions. A step that only examples look at
    (`tried`) is information, not a warning. While something cannot be parsed nothing is said: it may be used there.
    """
    if reading.unread:
        return
    used = _reached(reading, {*elsewhere})
    source = reading.source
    for name, step in source.steps.items():
        if name not in used and name in tried:
            what = f"the step '{name}' is used only in examples"
            yield Finding.at(
                step.place, "unused", what, "Remove it, or tell the resident of it.", "information"
            )
        elif name not in used:
            mend = "Remove it, or use it in the result, a control point or a letter."
            yield _never(step.place, f"the step '{name}'", mend)
    for name, place in source.open.items():
        if name not in used:
            yield _never(place.place, f"the open place '{name}'", "Remove it: what is tailored must matter.")
    for name, rate in reading.rates.rates.items():
        if name not in used:
            yield _never(rate.place, f"the rate '{name}'", "Remove it, or use it.")


def _never(place: Place, what: str, mend: str) -> Finding:
    return Finding.at(place, "unused", f"{what} is used nowhere", mend, "warning")


def _reached(reading: Reading, used: set[str]) -> frozenset[str]:
    """Return every name that something leads to, beginning with what comes out of the rules."""
    todo = [*used, *_roots(reading)]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for owner in OWNERS:
            for part in reading.of(owner, name):
                todo.extend(names_in(part))
        step = reading.source.steps.get(name)
        if step is not None and step.round is not None:
            todo.append(step.round.text)
        for says in step.says if step is not None else ():
            todo.extend(one for text in says.words.values() for one in placeholders(text))
    return frozenset(seen)


def _roots(reading: Reading) -> Iterator[str]:
    source, result = reading.source, reading.source.result
    yield from (result.outcome, result.amount, result.start, result.end, result.key, result.name)
    yield source.rates_on or ""
    for part in reading.parts:
        if part.owner in ("stop", "rules", "fact"):
            yield from names_in(part)
    yield from (name for name, step in source.steps.items() if step.title)


def _in_unread(reading: Reading) -> Iterator[str]:
    """Give the names that stand in texts nobody can parse: they may be used there."""
    source = reading.source
    attributes = (fact.attribute for fact in reading.book.facts.values())
    known = {*source.steps, *source.open, *reading.rates.rates, *reading.book.facts, *attributes}
    for _, text in reading.unread:
        yield from (name for name in known if name in text)


def names_in(part: Part) -> Iterator[str]:
    """Give every name a part reads, the attributes after a dot too."""
    for path in free_paths(part.node):
        yield from path


def used_names(reading: Reading) -> frozenset[str]:
    """Return every name and attribute that some formula, cell or sentence reads."""
    found = {name for part in reading.parts for name in names_in(part)}
    found.update(_in_unread(reading))
    for step in reading.source.steps.values():
        found.update(one for says in step.says for text in says.words.values() for one in placeholders(text))
    return frozenset(found)


def shadowed(reading: Reading) -> Iterator[Finding]:
    """Find names that hide a built-in function, a word of the language, or each other."""
    source = reading.source
    named: list[tuple[str, str, Place]] = [
        *((fact.attribute, "fact", fact.place) for fact in reading.book.facts.values()),
        *((name, "rate", rate.place) for name, rate in reading.rates.rates.items()),
        *((name, "open place", place.place) for name, place in source.open.items()),
        *((name, "step", step.place) for name, step in source.steps.items()),
    ]
    for name, kind, place in named:
        if name in REGISTRY:
            what = f"the {kind} '{name}' hides the built-in function {name}()"
            yield Finding.at(place, "shadows", what, "Give it another name.", "warning")
        elif name in _RESERVED or (name in UNIT_SPELLINGS and kind != "fact"):
            what = f"the {kind} '{name}' bears a word of the language"
            yield Finding.at(place, "shadows", what, "Give it another name.", "warning")
