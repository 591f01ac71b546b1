"""The annotations of a row as one text, and back: editors of the bpmn.io family show a row's description, and only that."""

import re
from collections.abc import Sequence
from dataclasses import replace

from dugnad.rulebook.dmn.model import AnnotationClause, AnnotationEntry, DecisionTable, Rule

OTHERS = "merknad"
"""The column for what stands in no other."""


def described(heads: Sequence[str], texts: Sequence[str]) -> str:
    """Return a row's annotations as one text: alone as it is, of several each behind its heading."""
    said = [(head, text) for head, text in zip(heads, texts, strict=False) if text]
    if len(heads) == 1:
        return "".join(text for _, text in said)
    return "; ".join(f"{head}: {text}" for head, text in said)


def with_descriptions(theirs: DecisionTable, mine: DecisionTable | None = None) -> DecisionTable:
    """Return a table with what its rows' descriptions say among their annotations.

    A description that is only the annotations again says nothing more; nor does one of `mine` beside annotations that
    were changed. What fits no column stands in one of its own.
    """
    heads = [one.name or OTHERS for one in theirs.annotations]
    known = {one.description for one in mine.rules} if mine is not None else set()
    rows = [_row(rule, heads, known) for rule in theirs.rules]
    if not any(more for _, more in rows):
        return replace(theirs, rules=tuple(rule for rule, _ in rows))
    if not heads:
        rows = [(rule, more or "") for rule, more in rows]
    return replace(
        theirs,
        annotations=(*theirs.annotations, AnnotationClause(name=OTHERS)),
        rules=tuple(
            replace(rule, annotations=(*_padded(rule, len(heads)), AnnotationEntry(text=more)))
            for rule, more in rows
        ),
    )


def _row(rule: Rule, heads: Sequence[str], known: set[str | None]) -> tuple[Rule, str]:
    """Return a row with its annotations, and what of its description fits none of them."""
    texts = [(one.text or "").strip() for one in rule.annotations]
    said, told = described(heads, texts), " ".join((rule.description or "").split())
    if not told or told == " ".join(said.split()) or (rule.description in known and said not in known):
        return rule, ""
    parts = [told] if len(heads) == 1 else _parts(told, heads)
    if parts is None:
        return rule, told
    return replace(rule, annotations=tuple(AnnotationEntry(text=part) for part in parts)), ""


def _parts(text: str, heads: Sequence[str]) -> list[str] | None:
    """Take a description of several annotations apart; None where it is not one."""
    pattern = "(?:; )?".join(f"(?:{re.escape(head)}: (.*?))?" for head in heads)
    found = re.fullmatch(pattern, text) if heads else None
    return [part or "" for part in found.groups()] if found else None


def _padded(rule: Rule, width: int) -> tuple[AnnotationEntry, ...]:
    return (*rule.annotations, *(AnnotationEntry() for _ in range(width - len(rule.annotations))))
