"""Decision tables as the text a service's file holds them in, and rows of a rate as its values."""

import re
from collections.abc import Callable, Sequence

from dugnad.rulebook.dmn.model import DecisionTable, LiteralExpression, Rule
from dugnad.rulebook.dmn.services.inward import yaml_text

_LETTERS = {
    ("UNIQUE", None): "U", ("FIRST", None): "F", ("PRIORITY", None): "P", ("ANY", None): "A",
    ("RULE ORDER", None): "R", ("OUTPUT ORDER", None): "O", ("COLLECT", None): "C", ("COLLECT", "SUM"): "C+",
    ("COLLECT", "MIN"): "C<", ("COLLECT", "MAX"): "C>", ("COLLECT", "COUNT"): "C#",
}  # fmt: skip
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FROM_TO = re.compile(r'\[date\("([-0-9]+)"\)\.\.date\("([-0-9]+)"\)([\])])')
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')
_BARE_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


def _same(_column: int, cell: str) -> str:
    return cell


def written(table: DecisionTable, *, output: str, spelling: Callable[[int, str], str] = _same) -> str:
    """Return a table as Markdown: hit policy, inputs, → outputs, annotations.

    `output` names a single output that has no name; `spelling` gives a cell's text in our dialect, by column.
    """
    names = [one.name or one.label or output for one in table.outputs]
    if len(names) == 1:
        names = [table.output_label or names[0]]
    notes = [one.name or "merknad" for one in table.annotations]
    policy = _LETTERS.get((table.hit_policy or "UNIQUE", table.aggregation), "U")
    first = len(table.inputs)
    heads = [
        policy,
        *(spelling(at, _cell(_text(one.expression))) for at, one in enumerate(table.inputs)),
        *(f"→ {_cell(name)}" for name in names),
        *notes,
    ]
    rows = [
        [
            "",
            *(spelling(at, _cell(one.text)) or "-" for at, one in enumerate(rule.inputs)),
            *(spelling(at, _cell(one.text)) or "null" for at, one in enumerate(rule.outputs, first)),
            *(_note(one.text) for one in rule.annotations),
        ]
        for rule in table.rules
    ]
    return aligned([heads, *rows])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as a Markdown table with straight columns, its head ruled off."""
    widths = [max(len(row[at]) if at < len(row) else 0 for row in rows) for at in range(len(rows[0]))]
    lines = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))} |"
        for row in rows
    ]
    ruled = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([lines[0], ruled, *lines[1:]]) + "\n"


def cells_of(markdown: str) -> list[list[str]]:
    """Return the cells of a Markdown table, its ruling left out."""
    lines = [line.strip() for line in markdown.splitlines() if line.strip()]
    split = [re.split(r'\|(?=(?:[^"]*"[^"]*")*[^"]*$)', line)[1:-1] for line in lines]
    return [
        [cell.strip() for cell in row]
        for row in split
        if not all(set(cell.strip()) <= set(":-") and cell.strip() for cell in row)
    ]


def rate_value(rule: Rule) -> str:
    """Return a row of a rate's table as a value of rates.yaml. Raises KeyError where it is no such row."""
    when, value = " ".join(rule.inputs[0].text.split()), (rule.outputs[0].text or "").strip()
    found = _FROM_TO.fullmatch(when)
    day = _DAY.search(when)
    if not _NUMBER.fullmatch(value) or (found is None and not (when.startswith(">=") and day)):
        raise KeyError(f"{when} → {value}")
    start = found.group(1) if found else day.group() if day else ""
    parts = [f"from: {start}"]
    if found and found.group(3) == "]":
        parts.append(f"until: {found.group(2)}")
    notes = [(one.text or "").strip() for one in rule.annotations]
    source, seen = [*notes, "", ""][:2]
    parts.append(f"value: {value}")
    if source:
        parts.append(
            f'source: "{source}"'
            if re.search(r"[,:#\[\]{}]", source)
            else f"source: {yaml_text.scalar(source)}"
        )
    if not source or seen == "nei":
        parts.append("verified: false")
    return f"{{ {', '.join(parts)} }}"


def _text(expression: LiteralExpression | None) -> str | None:
    return expression.text if expression is not None else None


def _cell(text: str | None) -> str:
    """Write a cell on one line; a comma between numbers gets its space, or it could be a decimal's."""
    parts = _QUOTED.split(" ".join((text or "").split()))
    return "".join(part if at % 2 else _BARE_COMMA.sub(", ", part) for at, part in enumerate(parts))


def _note(text: str | None) -> str:
    return _cell(text).replace("|", "¦")
