"""What is missing or wrong in a draft: for the fields, and for the summary at the top of the page."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from dugnad.applications.types import ApplicationView
from dugnad.catalogue.types import Adopted, Page, Question
from dugnad.rulebook.feel import compile_expression, parse

NOTE = " – merknad"  # an answer that must be explained has its words under this name
MOST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the field, a code (`problem.<code>` in the texts), and what the text needs."""

    field: str
    code: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    page: int = 0


class IncompleteError(Exception):
    """The application cannot be sent yet; `problems` says why, in the order of the pages."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(f"{len(found)} problems")
        self.problems = tuple(found)


def problems(adopted: Adopted, draft: ApplicationView, *, pages: Sequence[int] | None) -> list[Problem]:
    """Return what is missing on the pages (None: on all), in their order.

    A document that should follow an answer is never among them: it may come later (forvaltningsloven § 17).
    """
    found: list[Problem] = []
    for number, page in enumerate(adopted.service.pages):
        if pages is not None and number not in pages:
            continue
        for question in visible(adopted, page, draft.answers):
            found += _of_question(question, draft.answers, number)
    return found


def visible(adopted: Adopted, page: Page, answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions of a page that apply, given the answers so far."""
    return [question for question in page.asks if _applies(adopted, question, answers)]


def read_answer(question: Question, raw: str) -> tuple[Any, str]:
    """Return the JSON value of what was typed and "", or None and the code of what is wrong."""
    text = raw.strip()
    if not text:
        return None, ""
    if question.kind == "boolean":
        return {"ja": (True, ""), "nei": (False, "")}.get(text, (None, "choose"))
    if question.kind == "choice":
        allowed = {str(choice.value) for choice in question.choices}
        return (text, "") if text in allowed else (None, "choose")
    if question.kind == "number":
        return _number(question, text)
    if question.kind == "date":
        return _date(question, text)
    return (text, "") if len(text) <= MOST_CHARACTERS else (None, "long")


def _number(question: Question, text: str) -> tuple[Any, str]:
    try:
        value = Decimal(text.replace("\xa0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None, "number"
    if not value.is_finite():
        return None, "number"
    if _outside(value, question):
        return None, "bounds"
    return str(value), ""


def _date(question: Question, text: str) -> tuple[Any, str]:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return None, "date"
    return (None, "bounds") if _outside(value, question) else (value.isoformat(), "")


def _outside(value: Any, question: Question) -> bool:
    low, high = question.at_least, question.at_most
    return bool((low is not None and value < low) or (high is not None and value > high))


def _of_question(question: Question, answers: Mapping[str, Any], page: int) -> list[Problem]:
    answer = answers.get(question.fact)
    if answer is None:
        return [] if question.optional else [Problem(question.fact, "missing", page=page)]
    needs_note = isinstance(answer, bool) and question.note.get(answer)
    if needs_note and not str(answers.get(question.fact + NOTE, "")).strip():
        return [Problem(question.fact + NOTE, "note", page=page)]
    return []


def _applies(adopted: Adopted, question: Question, answers: Mapping[str, Any]) -> bool:
    if question.when is None:
        return True
    book = adopted.service.book
    names = frozenset(book.facts)
    absent = {name: fact.absent for name, fact in book.facts.items() if fact.of_list is None}
    return _compiled(question.when, names)({**absent, **answers}, None) is True


@lru_cache(maxsize=256)
def _compiled(text: str, names: frozenset[str]) -> Any:
    return compile_expression(parse(text, names=names, dialect="dugnad"), names=names)
