"""A case as the desk shows it: facts with their source, the draft with its steps, what may be corrected."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dugnad.design.languages import current_language
from dugnad.design.texts import t, texts
from dugnad.facts import queries as fact_reads
from dugnad.facts.types import ShownFact
from dugnad.flows import letters
from dugnad.flows.correcting import Correctable, dispute_key
from dugnad.flows.desk import Dossier
from dugnad.flows.problems import NOTE
from dugnad.rulebook.reasons.telling import in_short
from dugnad.rulebook.rules.explaining import ExplainedStep
from dugnad.rulebook.rules.facts import from_data
from dugnad.rulebook.rules.words import format_value
from dugnad.tenancy import queries as organisations

PROTECTED = frozenset({"klientadresse", "fortrolig", "strengtFortrolig"})
PLACES = frozenset({"kommune", "bostedskommune", "adresse", "barnehage", "barnehagens kommune", "skole"})
_NUMBERS_OF_PERSONS = frozenset({"person", "foreldre", "ektefelle", "søker"})


@dataclass(frozen=True, slots=True)
class FactCell:
    """One value in words, since when it holds, what the applicant says instead, what a person has set."""

    value: str
    valid_from: str
    corrected: str
    disputed: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact, with a cell for each person it is about."""

    label: str
    cells: tuple[FactCell, ...]
    source: str
    law: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """Facts about the application (one owner, unnamed) or about the persons of a list, side by side.

    disputed: what the applicant says of the list itself.
    """

    title: str
    disputed: str
    owners: tuple[str, ...]
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the form and what the applicant answered."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the correction form; `now` is what registers or rules say."""

    name: str
    path: str
    kind: str
    label: str
    unit: str
    law: str
    now: str
    typed: str
    error: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What registers or rules say, and what a person has set instead."""

    label: str
    before: str
    after: str
    law: str


def fact_tables(dossier: Dossier) -> list[FactTable]:
    """Return what the registers said: for the application, then for each list of persons."""
    book = dossier.adopted.service.book
    facts = [
        fact
        for fact in book.facts.values()
        if fact.kind != "persons"
        and fact.source not in {"case", "applicant"}
        and (fact.attribute or fact.name) not in _NUMBERS_OF_PERSONS
    ]
    lines: dict[str, list[ShownFact]] = {}
    for line in fact_reads.shown(dossier.facts, facts):
        lines.setdefault(line.name, []).append(line)
    tables: dict[str | None, list[FactRow]] = {}
    owners: dict[str | None, tuple[str, ...]] = {}
    for name, shown in lines.items():
        owner = book.facts[name].of_list
        owners[owner] = tuple(line.owner for line in shown)
        tables.setdefault(owner, []).append(_fact_row(dossier, shown))
    return [
        FactTable(
            _list_label(dossier, owner) if owner else t("desk.facts_common"),
            str(dossier.application.disputes.get(owner, "")) if owner else "",
            owners[owner],
            tuple(rows),
        )
        for owner, rows in tables.items()
    ]


def answers(dossier: Dossier) -> list[Answer]:
    """Return what the applicant answered, in the order of the form."""
    language = current_language()
    given = dossier.application.answers
    found = []
    for page in dossier.adopted.service.pages:
        for question in page.asks:
            if question.fact not in given:
                continue
            chosen = {str(one.value): one.label.get(language, "") for one in question.choices}
            raw = given[question.fact]
            value = chosen.get(str(raw)) or _in_words(dossier, question.fact, raw, question.unit)
            note = str(given.get(question.fact + NOTE, ""))
            found.append(Answer(question.label.get(language, question.fact), value, note))
    return found


def is_protected(dossier: Dossier) -> bool:
    """Say whether someone in the case has a protected address."""
    people = (one for value in dossier.facts.values.values() if isinstance(value, list) for one in value)
    persons = (one for one in people if isinstance(one, Mapping))
    return any(one.get("adressebeskyttelse") in PROTECTED for one in (*persons, dossier.facts.values))


def results(dossier: Dossier) -> list[dict[str, str]]:
    """Return each item of the draft as words: name, amount, from, to."""
    return letters.amounts(dossier.adopted, dossier.outcome, current_language())


def outcome_title(dossier: Dossier) -> str:
    """Return what the draft's outcome is called, empty where the rules give none."""
    outcome = dossier.outcome.outcome
    if outcome is None:
        return ""
    wording = dossier.adopted.service.letters.get(outcome)
    return wording.title.get(current_language(), outcome) if wording else outcome


def steps(dossier: Dossier) -> list[tuple[str, list[ExplainedStep]]]:
    """Return how the draft was reached: heading ("" for the whole) and its steps."""
    names = {item.key: item.name for item in dossier.outcome.items}
    groups: dict[str, list[ExplainedStep]] = {}
    for step in in_short(dossier.adopted.ruleset, dossier.outcome, current_language()):
        groups.setdefault(names.get(step.key or "", ""), []).append(step)
    return list(groups.items())


def fields(dossier: Dossier, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """Return the correction form's fields; those the control points ask about stand first."""
    return [
        Field(
            name=field_name(one.path),
            path=one.path,
            kind=one.kind,
            label=label(one),
            unit=unit_words(one.unit),
            law=one.law,
            now=in_words(one),
            typed=typed.get(one.path, ""),
            error=errors.get(one.path, ""),
            is_first=one.is_concerned or one.path in typed,
        )
        for one in dossier.correctable
    ]


def differences(dossier: Dossier, corrected: Mapping[str, Any]) -> list[Difference]:
    """Return what a person has set, beside what registers or rules say."""
    by_path = {one.path: one for one in dossier.correctable}
    return [
        Difference(
            label(by_path[path]),
            in_words(by_path[path]),
            _typed_in_words(dossier, by_path[path], value),
            by_path[path].law,
        )
        for path, value in corrected.items()
        if path in by_path
    ]


def typed_from(dossier: Dossier, corrected: Mapping[str, Any]) -> dict[str, str]:
    """Return stored corrections as the form's fields hold them."""
    words = {True: "ja", False: "nei"}
    paths = {one.path for one in dossier.correctable}
    return {
        path: words[value]
        if isinstance(value, bool)
        else str(value).replace(".", ",")
        if _is_number(value)
        else str(value)
        for path, value in corrected.items()
        if path in paths
    }


def field_name(path: str) -> str:
    """Return the name of a correction's field."""
    return f"rett.{path}"


def label(one: Correctable) -> str:
    """Return what a correctable thing is called, with whose it is."""
    language = current_language()
    name = (one.label or {}).get(language) or _capital(one.name.partition(".")[2] or one.name)
    return f"{name}: {one.owner}" if one.owner else name


def in_words(one: Correctable) -> str:
    """Return the value registers or rules give, in words."""
    return format_value(one.value, one.unit, current_language())


def source_label(source: str) -> str:
    """Return a register's name for people."""
    key = "desk.source." + source.replace(" ", "_")
    return t(key) if key in texts() else source


def unit_words(unit: str) -> str:
    """Return a unit as it stands after a field."""
    key = "desk.unit." + unit.replace("/", "_").replace("%", "percent")
    return t(key) if unit and key in texts() else unit


def _fact_row(dossier: Dossier, shown: list[ShownFact]) -> FactRow:
    first = shown[0]
    return FactRow(
        label=(first.label or {}).get(current_language()) or _capital(first.attribute),
        cells=tuple(_cell(dossier, line, index) for index, line in enumerate(shown)),
        source=source_label(first.source),
        law=first.law,
    )


def _cell(dossier: Dossier, line: ShownFact, index: int) -> FactCell:
    fact = dossier.adopted.service.book.facts[line.name]
    path = f"{fact.of_list}.{index}.{fact.attribute}" if fact.of_list else fact.name
    corrected = dossier.made_of.corrected.get(path)
    disputes = dossier.application.disputes
    disputed = disputes.get(dispute_key(fact, line.person_id)) or disputes.get(line.name, "")
    return FactCell(
        value=_cell_words(dossier, line, fact.field),
        valid_from=line.valid_from,
        corrected="" if corrected is None else _in_words(dossier, line.name, corrected, line.unit),
        disputed=str(disputed),
    )


def _cell_words(dossier: Dossier, line: ShownFact, field: str) -> str:
    if line.state == "unavailable":
        return t("desk.unavailable")
    if line.value is None and line.name not in dossier.outcome.unknown:
        return "–"
    if PLACES & {field, line.attribute} and is_protected(dossier):
        return t("desk.hidden")
    words = _in_words(dossier, line.name, line.value, line.unit)
    if field == "kommune":
        with suppress(organisations.UnknownOrganisationError):
            return f"{organisations.organisation_by_code(words).name_in(current_language())} ({words})"
    return words


def _in_words(dossier: Dossier, name: str, value: object, unit: str) -> str:
    book = dossier.adopted.service.book
    fact = book.facts.get(name)
    if value is None or fact is None:
        return format_value(None, "", current_language()) if value is None else str(value)
    read: Any
    if fact.of_list is None:
        read = from_data(book, {name: value}).get(name)
    else:
        (person,) = from_data(book, {fact.of_list: [{fact.attribute: value}]})[fact.of_list]
        read = person.get(fact.attribute)
    words = format_value(read, unit, current_language())
    return str(read) if fact.kind == "number" and not unit else words


def _typed_in_words(dossier: Dossier, one: Correctable, value: object) -> str:
    if one.is_step:
        return format_value(dossier.outcome.values.get(one.path), one.unit, current_language())
    return _in_words(dossier, one.name, value, one.unit)


def _list_label(dossier: Dossier, name: str) -> str:
    fact = dossier.adopted.service.book.facts[name]
    return (fact.label or {}).get(current_language()) or _capital(name)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
