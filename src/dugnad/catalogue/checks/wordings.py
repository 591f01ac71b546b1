"""Sentences and letters: every {placeholder} known where it stands, a letter for each outcome."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from dugnad.catalogue.types import LoadedService, Texts
from dugnad.rulebook.checks.outcomes import PossibleOutcome, outcomes_of
from dugnad.rulebook.checks.reading import Reading
from dugnad.rulebook.located import Finding, Node, Place, suggest
from dugnad.rulebook.rules.source import Scope
from dugnad.rulebook.rules.words import placeholders

_FILLED = re.compile(r"\{[^{}]+\}")
_STRAY = re.compile(r"\{\}|[{}]")
FILLED_IN = ("klagefrist", "klageinstans", "kontakt")
"""Placeholders of a letter that no rule gives: the appeal's last day, who decides it, the municipality's contact."""


def sentences(service: LoadedService, reading: Reading) -> Iterator[Finding]:
    """Find placeholders in the rules' sentences that nobody fills."""
    lines = service.files["rules.yaml"].splitlines()
    for step in service.source.steps.values():
        for says in step.says:
            yield from _unknown_places(says.words, reading.words.by_scope[step.scope], says.place, lines)


def letters(service: LoadedService, files: Mapping[str, Node], reading: Reading) -> Iterator[Finding]:
    """Find outcomes without letter, letters without outcome, and placeholders nobody fills."""
    outcomes = {one.name: one for one in outcomes_of(reading)}
    yield from _without(service, outcomes)
    for file, child, scope in _texts(files):
        lines = service.files[file].splitlines()
        for language, text in child.items():
            names = reading.words.by_scope[scope]
            yield from _unknown_places({language: str(text.value)}, names, text.place, lines)


def _without(service: LoadedService, outcomes: Mapping[str, PossibleOutcome]) -> Iterator[Finding]:
    idle = sorted(set(service.letters) - set(outcomes) if outcomes else ())
    meant: set[str] = set()
    for name in sorted(set(outcomes) - set(service.letters)):
        near = get_close_matches(name, idle, n=1)
        meant.update(near)
        mend = f"Did you mean '{near[0]}'?" if near else f"Write letters/{name}.yaml."
        yield Finding.at(outcomes[name].place, "no-letter", f"the outcome '{name}' has no letter", mend)
    for name in (one for one in idle if one not in meant):
        place = Place(f"letters/{name}.yaml", 1, 1)
        what = f"no rule gives the outcome '{name}'"
        yield Finding.at(place, "no-outcome", what, suggest(name, outcomes), "warning")


def letter_names(files: Mapping[str, Node]) -> Iterator[str]:
    """Give the placeholders of all letters."""
    for _, child, _ in _texts(files):
        yield from (name for _, text in child.items() for name in placeholders(str(text.value)))


def _texts(files: Mapping[str, Node]) -> Iterator[tuple[str, Node, Scope]]:
    for file, node in files.items():
        if file.startswith("letters/"):
            for key, child in node.items():
                yield file, child, "each" if key == "for each child" else "after"


def _unknown_places(
    texts: Texts, names: Iterable[str], place: Place, lines: Sequence[str]
) -> Iterator[Finding]:
    known = {*names, *FILLED_IN}
    for language, text in texts.items():
        stray = _STRAY.search(_FILLED.sub("", text))
        if stray:
            what = f"a {stray.group()} without a name in the text ({language})"
            yield Finding.at(place, "placeholder", what, "Write the whole {name}, or remove the sign.")
        for name in placeholders(text):
            if name not in known:
                what = f"{{{name}}} in the text ({language}) is no known name"
                yield Finding.at(
                    _pointed(place, lines, f"{{{name}}}"), "placeholder", what, suggest(name, known)
                )


def _pointed(place: Place, lines: Sequence[str], wanted: str) -> Place:
    """Return where a piece of text stands, from a place on."""
    for number in range(place.line - 1, len(lines)):
        start = place.column - 1 if number == place.line - 1 else 0
        found = lines[number].find(wanted, start)
        if found >= 0:
            return Place(place.file, number + 1, found + 1)
    return place
