"""What changed between two versions of a service, in words: facts, questions, steps, rows, rates, texts, examples."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from dugnad.catalogue.types import LoadedService, Page, Question
from dugnad.rulebook.located import Node
from dugnad.rulebook.rates import Rate
from dugnad.rulebook.rules.compiling import StepOp
from dugnad.rulebook.rules.source import Says, Step, Text
from dugnad.rulebook.ruleset import Ruleset

Row: TypeAlias = tuple[str, ...]
_PLACES = frozenset({"place", "only_when_place"})
_LONGEST = 160
_ALIKE = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: in which part of the service, its name there, and how, in words."""

    part: str
    name: str
    what: str


def differences(old: LoadedService, new: LoadedService) -> tuple[Difference, ...]:
    """Return everything that changed, part by part. Empty for the same files."""
    return tuple(one for compare in _PARTS for one in compare(old, new))


def _facts(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    yield from _named("fact", old.book.facts, new.book.facts, _fields)


def _questions(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    yield from _named("question", _asked(old), _asked(new), _fields)
    pages = [(one.title.get("nb", ""), [fact.name for fact in one.shows]) for one in old.pages]
    later = [(one.title.get("nb", ""), [fact.name for fact in one.shows]) for one in new.pages]
    if pages != later:
        yield Difference("page", "", f"the form was {_pages(old.pages)}, and is {_pages(new.pages)}")


def _asked(service: LoadedService) -> dict[str, Question]:
    return {question.fact: question for page in service.pages for question in page.asks}


def _pages(pages: tuple[Page, ...]) -> str:
    shown = (f"«{page.title.get('nb', '')}» showing {len(page.shows)}" for page in pages)
    return ", ".join(shown) or "empty"


def _steps(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    before, after = old.source.steps, new.source.steps
    tables, later = _tables(old.ruleset()), _tables(new.ruleset())

    def changed(one: Step, other: Step) -> Iterator[str]:
        yield from _fields(one, other, skip=("table", "says", "title", "place"))
        if one.name in tables and one.name in later:
            yield from _rows(tables[one.name], later[one.name])
        elif (one.name in tables) != (one.name in later):
            yield "is a table now" if one.name in later else "is no table any more"

    yield from _named("step", before, after, changed)
    order, reordered = list(before), list(after)
    if order != reordered and sorted(order) == sorted(reordered):
        yield Difference("step", "", "the steps stand in another order; they are worked out as before")


def _tables(rules: Ruleset) -> dict[str, StepOp]:
    scopes = (rules.operations("common"), rules.operations("each"), rules.operations("after"))
    return {op.step.name: op for ops in scopes for op in ops if op.table is not None}


def _rows(old: StepOp, new: StepOp) -> Iterator[str]:
    """Say which rows of a table changed; an unchanged row that moved is told only where others came or went."""
    head, rows = _written(old)
    later_head, later = _written(new)
    if head != later_head:
        yield f"the head was {_line(head)}, and is {_line(later_head)}"
    for tag, low, high, first, last in SequenceMatcher(None, rows, later, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = min(high - low, last - first)
        for at in range(pairs):
            yield f"row {low + at + 1} was {_line(rows[low + at])}, and is {_line(later[first + at])}"
        for at in range(low + pairs, high):
            yield f"row {at + 1} is gone: {_line(rows[at])}"
        for at in range(first + pairs, last):
            yield f"row {at + 1} is new: {_line(later[at])}"


def _written(op: StepOp) -> tuple[Row, list[Row]]:
    if op.table is None:
        return (), []
    table = op.table.table
    head = (
        table.hit_policy.value,
        *(column.label for column in table.inputs),
        *(f"→ {column.name}" for column in table.outputs),
    )
    rows = [
        (*(cell.text for cell in (*row.inputs, *row.outputs)), *row.annotations.values())
        for row in table.rows
    ]
    return head, rows


def _line(cells: Row) -> str:
    return " | ".join(cells)


def _whole(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    """Compare what holds for the rules as a whole: their law, the day of the rates, whom they decide for, the result."""
    parts = ("stops", "open", "steps", "result", "place")
    yield from (Difference("rules", "", said) for said in _fields(old.source, new.source, skip=parts))
    yield from (Difference("result", "", said) for said in _fields(old.source.result, new.source.result))


def _points(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    before, after = ({stop.name: stop for stop in one.source.stops} for one in (old, new))
    yield from _named("control point", before, after, _fields)
    yield from _named("open place", old.source.open, new.source.open, _fields)


def _rates(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    def changed(one: Rate, other: Rate) -> Iterator[str]:
        yield from _fields(one, other, skip=("values", "place"))
        before, after = ({value.start: value for value in rate.values} for rate in (one, other))
        for day in sorted({*before, *after}):
            was, now = before.get(day), after.get(day)
            if was is None and now is not None:
                seen = "" if now.verified else ", not verified"
                yield f"from {day}: {now.value} {other.unit} is new{seen}"
            elif was is not None and now is None:
                yield f"from {day}: {was.value} {one.unit} is gone"
            elif was is not None and now is not None:
                yield from (f"from {day}: {said}" for said in _fields(was, now))

    yield from _named("rate", old.rates.rates, new.rates.rates, changed)


def _texts(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    for name, step in new.source.steps.items():
        was = old.source.steps.get(name)
        if was is not None:
            yield from _worded("sentence", name, _sentences(was.says), _sentences(step.says))
            yield from _worded("title", name, was.title, step.title)
    yield from _named("letter", old.letters, new.letters, _fields)
    yield from _named("letter", old.common, new.common, _languages)
    yield from (Difference("service", "", said) for said in _fields(old.info, new.info))


def _sentences(says: tuple[Says, ...]) -> dict[str, str]:
    """Return what a step says, by language: all its sentences with when they are used."""
    languages = sorted({language for one in says for language in one.words})
    return {
        language: " / ".join(f"{_shown(one.when)}: {one.words.get(language, '')}" for one in says)
        for language in languages
    }


def _worded(part: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    yield from (Difference(part, name, said) for said in _languages(old, new))


def _languages(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say in which languages a text differs, and show the first of them from where it does."""
    changed = [language for language in sorted({*old, *new}) if old.get(language) != new.get(language)]
    if changed:
        was, now = (_shown(texts.get(changed[0])) for texts in (old, new))
        alike = next((at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
        start = was.rfind(" ", 0, alike) + 1 if alike > _ALIKE else 0
        dots = "…" if start else ""
        yield f"{', '.join(changed)}: was {dots}{_short(was[start:])}, is {dots}{_short(now[start:])}"


def _examples(old: LoadedService, new: LoadedService) -> Iterator[Difference]:
    def listed(service: LoadedService) -> dict[str, Any]:
        section = service.examples.get("examples")
        return {one.text("name") or "": one.plain() for one in (section.elements() if section else ())}

    before, after = listed(old), listed(new)
    for name, given in after.items():
        if name not in before:
            yield Difference("example", name, "is new")
        elif before[name] != given:
            yield Difference("example", name, "gives or expects something else")
    yield from (Difference("example", name, "is gone") for name in before if name not in after)


def _named(
    part: str, old: Mapping[str, Any], new: Mapping[str, Any], changed: Callable[[Any, Any], Iterator[str]]
) -> Iterator[Difference]:
    """Compare things that have names: new, gone, or changed as `changed` says."""
    for name, one in new.items():
        if name not in old:
            yield Difference(part, name, "is new")
        else:
            yield from (Difference(part, name, said) for said in changed(old[name], one))
    yield from (Difference(part, name, "is gone") for name in old if name not in new)


def _fields(old: Any, new: Any, *, skip: tuple[str, ...] = ()) -> Iterator[str]:
    """Say which fields of a record differ; where it stands in the file is no difference."""
    for field in fields(old):
        if field.name in _PLACES or field.name in skip:
            continue
        was, now = getattr(old, field.name), getattr(new, field.name)
        if _plain(was) == _plain(now):
            continue
        name = field.name.replace("_", " ")
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from (f"{name}, {said}" for said in _languages(was, now))
        else:
            yield f"{name} was {_short(_shown(was))}, and is {_short(_shown(now))}"


def _plain(value: Any) -> Any:
    """Return a value without its place in the file."""
    if isinstance(value, Text):
        return " ".join(value.text.split())
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.plain() if isinstance(value, Node) else value


def _shown(value: Any) -> str:
    if value is None or value in ("", ()):
        return "nothing"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(one)}" for key, one in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(map(_shown, value))
    return str(_plain(value))


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


_PARTS: tuple[Callable[[LoadedService, LoadedService], Iterator[Difference]], ...] = (
    _facts,
    _questions,
    _whole,
    _steps,
    _points,
    _rates,
    _texts,
    _examples,
)
