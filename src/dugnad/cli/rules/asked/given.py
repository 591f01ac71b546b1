"""The facts a person gives a command: a JSON file, or an example of the service.

A file is untrusted: its size, depth, numbers and shape are bounded and checked before any rule sees it.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from dugnad.catalogue.checking import try_folder
from dugnad.cli.rules.asked.chosen import Chosen
from dugnad.cli.rules.asked.refused import RefusedError, none_such
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.facts import Fact, from_data
from dugnad.rulebook.ruleset import Outcome

MOST_BYTES = 2_000_000
MOST_DEPTH = 32
MOST_DIGITS = 30
MOST_PERSONS = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """What to decide on: facts, the day, whose tailoring, and what the applicant disputes."""

    facts: Mapping[str, Value]
    on: date
    organisation: str | None
    disputed: tuple[str, ...] = ()


def from_file(chosen: Chosen, path: Path, on: date, organisation: str | None) -> Given:
    """Read `{name: value}` from a file, or from standard input for `-`. Raises RefusedError."""
    data = _parsed(_text(path), path)
    return Given(_checked(chosen, data, path), on, organisation)


def from_example(chosen: Chosen, name: str, on: date | None, organisation: str | None) -> Given:
    """Take the facts of an example: by its name, or a part that only one name has. Raises RefusedError."""
    listed = chosen.service.examples.get("examples")
    nodes = {node.text("name") or "": node for node in (listed.elements() if listed else ())}
    found = name if name in nodes else _only_one(name, list(nodes))
    node = nodes[found]
    where = organisation or node.text("as in")
    outcome = next(one.outcome for one in _tried(chosen) if one.name == found)
    if outcome is None:
        raise RefusedError(f"The example {found!r} cannot be run; see dugnad rules test {chosen.shown}")
    disputed = node.get("disputed")
    return Given(
        _facts_of(chosen, outcome),
        on or outcome.on,
        where,
        tuple(str(child.value) for child in disputed.elements()) if disputed else (),
    )


def with_facts(chosen: Chosen, given: Given, told: Sequence[str]) -> Given:
    """Return the case with facts given as `name=value` in place of its own. Raises RefusedError."""
    data: dict[str, Any] = {}
    for one in told:
        name, sign, text = one.partition("=")
        if not sign:
            raise RefusedError(f"{one[:80]!r} is no fact. Write --fact 'NAME=VALUE', as 'barna stemmer=nei'.")
        fact = chosen.service.book.facts.get(name.strip())
        data[name.strip()] = _told(fact, text.strip())
    return replace(given, facts={**given.facts, **_checked(chosen, data, Path("--fact"))}) if data else given


_YES_NO = {"ja": True, "nei": False, "yes": True, "no": False, "true": True, "false": False}


def _told(fact: Fact | None, text: str) -> Any:
    """Read a value typed at a terminal, as its fact is; what does not fit is told by the check that follows."""
    kind = fact.kind if fact is not None else ""
    if not text:
        return None
    if kind == "boolean":
        return _YES_NO.get(text.casefold(), text)
    if kind == "list" and not text.startswith("["):
        return [part.strip() for part in text.split(",")]
    if kind in ("persons", "list"):
        return _parsed(f'{{"value": {text}}}', Path("--fact"))["value"]
    plain = re.sub(r"(?<=\d)[ \u00a0](?=\d)", "", text)
    if kind == "number" or (not kind and re.fullmatch(r"-?\d+(\.\d+)?", plain)):
        return _number(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else plain
    return text


def _tried(chosen: Chosen) -> Any:
    try:
        return try_folder(chosen.folder, chosen.folder.parent.parent / "tailoring").results
    except ValueError as error:
        raise RefusedError(f"{chosen.shown} does not load: {error}") from None


def _facts_of(chosen: Chosen, outcome: Outcome) -> dict[str, Value]:
    """Return what an outcome was decided on: its facts, and the steps a person had set."""
    book = chosen.service.book
    facts = {name: outcome.known[name] for name, fact in book.facts.items() if fact.of_list is None}
    set_by = {one.name: one.value for one in outcome.trace if one.set_by_person}
    return {**facts, **set_by}


def _only_one(part: str, names: list[str]) -> str:
    hits = [name for name in names if part.casefold() in name.casefold()]
    if len(hits) == 1:
        return hits[0]
    if len(hits) > 1:
        shown = "\n  ".join(hits[:12])
        raise RefusedError(f"{len(hits)} examples have {part[:80]!r} in their name; say which:\n  {shown}")
    raise none_such("example", part, names)


def _text(path: Path) -> str:
    try:
        with sys.stdin.buffer if str(path) == "-" else path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror or error}.") from None
    if len(raw) > MOST_BYTES:
        raise RefusedError(f"{path} is larger than {MOST_BYTES:,} bytes. Give the facts of one application.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{path} is no UTF-8 text (byte {error.start}). Save it as UTF-8.") from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    _bound_depth(text, path)
    try:
        data = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_once_each,
        )
    except json.JSONDecodeError as error:
        raise RefusedError(f"{path}:{error.lineno}:{error.colno}: no JSON: {error.msg}.") from None
    if not isinstance(data, dict):
        raise RefusedError(f'{path}: write one object, {{"name of fact": value, …}}.')
    return data


def _bound_depth(text: str, path: Path) -> None:
    """Refuse deep nesting before the parser recurses into it; brackets inside texts do not count."""
    depth, inside, escaped = 0, False, False
    for at, sign in enumerate(text):
        if inside:
            inside = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                line = text.count("\n", 0, at) + 1
                raise RefusedError(f"{path}:{line}: nested deeper than {MOST_DEPTH} levels.")
        elif sign in "]}":
            depth -= 1


def _number(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= 2 * MOST_DIGITS else None
    if number is None or _too_large(number):
        raise RefusedError(f"A number has more than {MOST_DIGITS} digits: {text[:20]}…")
    return number


def _too_large(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return (
        not isinstance(exponent, int)
        or abs(exponent) > MOST_DIGITS
        or (number != 0 and abs(number.adjusted()) > MOST_DIGITS)
    )


def _no_number(word: str) -> NoReturn:
    raise RefusedError(f"{word} is no number. Leave a fact out where nobody knows it.")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in pairs:
        if name in data:
            raise RefusedError(f"{name[:80]!r} is given twice. Give each fact once.")
        data[name] = value
    return data


def _checked(chosen: Chosen, data: Mapping[str, Any], path: Path) -> dict[str, Value]:
    """Return the facts as values, each of the type `facts.yaml` says. Raises RefusedError."""
    book = chosen.service.book
    steps = {name for name, step in chosen.service.source.steps.items() if step.scope != "each"}
    plain = {name for name, fact in book.facts.items() if fact.of_list is None}
    for name, value in data.items():
        if name in plain:
            _fits(book.facts[name], value, path)
            if book.facts[name].kind == "persons":
                _persons_fit(chosen, name, value, path)
        elif name not in steps:
            raise none_such(f"fact of {chosen.service.slug} (in {path})", name, [*plain, *steps])
    try:
        return from_data(book, data)
    except ValueError as error:
        raise RefusedError(f"{path}: {error}.") from None


def _persons_fit(chosen: Chosen, name: str, listed: Any, path: Path) -> None:
    known = {fact.attribute: fact for fact in chosen.service.book.attributes(name)}
    if not isinstance(listed, list):
        return  # said to be unknown
    if len(listed) > MOST_PERSONS:
        raise RefusedError(f"{path}: {name!r} lists more than {MOST_PERSONS} persons.")
    for at, entry in enumerate(listed, 1):
        if not isinstance(entry, dict):
            raise RefusedError(f"{path}: entry {at} of {name!r} must be an object, {{attribute: value}}.")
        for attribute, value in entry.items():
            if attribute not in known:
                raise none_such(f"attribute of {name} (entry {at} in {path})", attribute, known)
            _fits(known[attribute], value, path)


_SHAPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), 'a text, "…"'),
    "boolean": ((bool,), "true or false"),
    "number": ((Decimal, str), "a number"),
    "date": ((str,), 'a date, "2026-08-01"'),
    "list": ((list,), 'a list of texts, ["…"]'),
    "persons": ((list,), "a list of persons, [{…}]"),
}


def _fits(fact: Fact, value: Any, path: Path) -> None:
    is_unknown = value is None or (isinstance(value, dict) and set(value) == {"unknown"})
    kinds, shape = _SHAPES.get(fact.kind, ((object,), ""))
    wrong = not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)
    if fact.kind == "list" and isinstance(value, list):
        wrong = not all(isinstance(one, str) for one in value)
    if fact.kind == "number" and isinstance(value, str) and len(value) > 2 * MOST_DIGITS:
        raise RefusedError(f"{path}: {fact.name!r} has more than {MOST_DIGITS} digits.")
    if wrong and not is_unknown:
        unit = f" in {fact.unit}" if fact.unit else ""
        mend = "Leave it out where nobody knows it."
        raise RefusedError(f"{path}: {fact.name!r} must be {shape}{unit}. {mend}")
