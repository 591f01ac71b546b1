"""Stored values as a resident reads them: facts with their source, answers, statuses, who did what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from dugnad.catalogue.types import FactBook, Question
from dugnad.design.languages import current_language
from dugnad.design.texts import t, texts
from dugnad.facts.types import ShownFact
from dugnad.flows.correcting import dispute_key, dispute_owner, disputed_facts
from dugnad.rulebook.rules.words import format_value

NAME = "navn"


@dataclass(frozen=True, slots=True)
class Line:
    """A fact on a page. state: known, unknown or unavailable; `dispute` is the key of a dispute of it, or empty."""

    label: str
    value: str
    source: str
    law: str
    fetched_at: datetime
    state: str
    dispute: str
    disputed: str


@dataclass(frozen=True, slots=True)
class Group:
    """The facts about one person, or (no name) about the applicant; `source`: where the name comes from."""

    owner: str
    source: str
    lines: tuple[Line, ...]


def said(texts_by_language: Mapping[str, str]) -> str:
    """Return a text of the service in the language being spoken; bokmål where it has none, empty where it is not there."""
    return texts_by_language.get(current_language()) or texts_by_language.get("nb", "")


def plain(text: str) -> str:
    """Return what was typed without what no keyboard writes and no database keeps."""
    return text.replace("\0", "")


def groups(facts: Sequence[ShownFact], book: FactBook, disputes: Mapping[str, str]) -> list[Group]:
    """Return the facts person by person, in the order they were found."""
    found: dict[str, list[Line]] = {}
    named: dict[str, ShownFact] = {}
    for fact in facts:
        lines = found.setdefault(fact.owner, [])
        if fact.owner and fact.attribute == NAME and fact.value:
            named[fact.owner] = fact  # the heading says it
        else:
            lines.append(_line(fact, book, disputes))
    return [
        Group(str(named[owner].value), register(named[owner].source), tuple(lines))
        if owner in named
        else Group(owner, "", tuple(lines))
        for owner, lines in found.items()
    ]


def _line(fact: ShownFact, book: FactBook, disputes: Mapping[str, str]) -> Line:
    key = dispute_key(book.facts[fact.name], fact.person_id)
    return Line(
        label=fact_label(fact.name, book),
        value=fact_value(fact.value, book.facts[fact.name].kind, fact.unit) if fact.state == "known" else "",
        source=register(fact.source),
        law=fact.law.replace("§ ", "§\u00a0"),  # a sign alone at the end of a line says nothing
        fetched_at=fact.fetched_at,
        state=fact.state,
        dispute=key if fact.disputable else "",
        disputed=disputes.get(key) or disputes.get(fact.path, ""),
    )


def dispute_label(path: str, values: Mapping[str, Any], book: FactBook) -> str:
    """Return what the fact at a path is called, with whose it is; `values` are the facts it leads into."""
    (name,), owner = disputed_facts([path]), dispute_owner(path, values)
    label = fact_label(name, book) if name in book.facts else name
    return f"{label}: {owner}" if owner else label


def fact_label(name: str, book: FactBook) -> str:
    """Return what a fact is called: by its own label, by a common word, or by its name."""
    fact = book.facts[name]
    if fact.label:
        return said(fact.label)
    attribute = fact.attribute or name
    key = f"resident.attribute.{attribute}"
    return t(key) if key in texts() else attribute[:1].upper() + attribute[1:]


def fact_value(value: Any, kind: str, unit: str) -> str:
    """Return a stored fact (a JSON value) in words."""
    language = current_language()
    if kind == "date" and isinstance(value, str):
        return format_value(date.fromisoformat(value), unit, language)
    if kind == "number":
        return format_value(_decimal(value), unit, language)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if isinstance(one, str))
    return format_value(value, unit, language)


def answer_words(question: Question, answer: object) -> str:
    """Return an answer as it was given."""
    if answer is None:
        return t("resident.not_answered")
    if isinstance(answer, bool):
        return t("design.yes") if answer else t("design.no")
    if question.kind == "choice":
        return next(
            (said(one.label) for one in question.choices if str(one.value) == str(answer)), str(answer)
        )
    return fact_value(answer, question.kind, question.unit)


def typed(answer: object) -> str:
    """Return a stored answer as it stands in its field."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "ja" if answer else "nei"
    return str(answer)


def register(name: str) -> str:
    """Return a register's name, or what else a fact comes from."""
    key = f"resident.register.{name}"
    return t(key) if key in texts() else name


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
