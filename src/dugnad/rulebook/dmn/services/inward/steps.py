"""A decision, or a function, of a model as a step of rules.yaml."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import yaml

from dugnad.rulebook.dmn.model import BusinessKnowledgeModel, Decision, DecisionTable, Definitions, Part
from dugnad.rulebook.dmn.services.annotations import with_descriptions
from dugnad.rulebook.dmn.services.inward import tables
from dugnad.rulebook.dmn.services.inward.boxed import Note, feel_text
from dugnad.rulebook.dmn.services.inward.ranked import carried
from dugnad.rulebook.dmn.services.law import sections

Taken: TypeAlias = Callable[[Part, str, str], None]
"""Takes what could not be carried: the part, what, how to mend it."""
BY_HAND = "Write it by hand, or leave it out on purpose."


def note_of(model: Definitions, one: Decision | BusinessKnowledgeModel, take: Taken) -> Note:
    """Return what takes note of an element's parts, with the parameters of the model's functions."""
    parameters = {
        other.name: tuple(item.name for item in other.logic.parameters)
        for other in model.drg
        if isinstance(other, BusinessKnowledgeModel) and other.logic
    }
    return Note(lambda part, what, mend: take(part, f"'{one.name}': {what}", mend or BY_HAND), parameters)


def step_of(
    model: Definitions,
    one: Decision | BusinessKnowledgeModel,
    take: Taken,
    spelling: Callable[[str], str] = str,
) -> str:
    """Return a step's lines, its name first, without indentation; `spelling` gives our names for DMN's in a text."""
    note = note_of(model, one, take)
    said = [one.description or "", (one.question or "") if isinstance(one, Decision) else ""]
    lines = [f"# {line}" for text in said for line in text.splitlines() if line.strip()]
    lines.append(f"{line_of(spelling(one.name))}:")
    law = ", ".join(laws_of(model, one))
    lines += [f"  law: {line_of(law)}"] if law else []
    expression = one.expression if isinstance(one, Decision) else one.logic
    if expression is None:
        note(one, "it has no logic")
    if isinstance(expression, DecisionTable):
        table = carried(with_descriptions(expression), note)
        text = tables.written(table, output=spelling(one.name), spelling=lambda _, cell: spelling(cell))
        return "\n".join([*lines, "  table: |", *(f"    {line}" for line in text.splitlines())])
    told = spelling(feel_text(expression, note)).splitlines()
    if len(told) > 1:
        return "\n".join([*lines, "  is: |", *(f"    {line.strip()}" for line in told)])
    return "\n".join([*lines, f"  is: {line_of(told[0])}"])


def laws_of(model: Definitions, one: Decision | BusinessKnowledgeModel) -> Iterator[str]:
    """Return the sections of law an element rests on, by the names of its knowledge sources."""
    ids = [need.required_authority.id for need in one.authority if need.required_authority]
    found = (model.find(id_) for id_ in ids)
    return (part for source in found if source for part in sections(source.name))


def line_of(text: str) -> str:
    """Return a text as YAML writes it on one line."""
    return (
        str(yaml.safe_dump(text, allow_unicode=True, width=100_000)).removesuffix("\n").removesuffix("\n...")
    )
