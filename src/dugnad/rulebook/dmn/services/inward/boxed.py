"""Boxed expressions as FEEL text: what DMN draws as boxes, said in one line of the language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dugnad.rulebook.dmn.model import (
    Child,
    Conditional,
    Context,
    DecisionTable,
    Every,
    Expression,
    Filter,
    For,
    FunctionDefinition,
    Invocation,
    ListOf,
    LiteralExpression,
    Part,
    Quantified,
    Relation,
    Rule,
    Some,
)
from dugnad.rulebook.dmn.namespaces import FEEL, current


@dataclass(frozen=True, slots=True)
class Note:
    """Takes note of a part that cannot be said in FEEL, and why; knows the parameters of the model's functions."""

    take: Callable[[Part, str, str], None]
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, part: Part, why: str, mend: str = "") -> None:
        """Take note; `mend` says how to mend it, where something better than by hand is known."""
        self.take(part, why, mend)


_RESULT = "resultat"
_ITEM = "item"
"""What the engine calls each item where a box names none."""
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_NAME = re.compile(r"[\w .]+")


def is_feel(language: str | None) -> bool:
    """Tell whether a language is FEEL, by any of its names; what names none is."""
    return not language or current(language) == FEEL or language.strip().lower() == "feel"


def feel_text(expression: Expression | None, note: Note) -> str:
    """Return any expression as FEEL; `null`, with a note, for what FEEL cannot say."""
    if expression is None:
        return "null"
    rule = _RULES.get(type(expression))
    if rule is None:
        note(expression, f"a {type(expression).__name__} cannot be said in FEEL")
        return "null"
    return rule(expression, note)


def _literal(one: LiteralExpression, note: Note) -> str:
    if one.imported_values is not None:
        note(one, "the values stand in another document")
        return "null"
    if not is_feel(one.expression_language):
        note(one, f"it is written in {one.expression_language}, not in FEEL")
        return "null"
    text = (one.text or "").strip()
    ended = "//" in text.rpartition("\n")[2]  # a comment ends with its line, whatever box stands around it
    return (
        f"{text}\n" if ended else text if "//" in text or "/*" in text else " ".join(text.split("\n"))
    ) or "null"


def _child(one: Child, note: Note) -> str:
    return feel_text(one.expression, note)


def _context(one: Context, note: Note) -> str:
    entries = [
        f"{entry.variable.name}: {feel_text(entry.expression, note)}"
        for entry in one.entries
        if entry.variable
    ]
    last = next((entry for entry in one.entries if entry.variable is None), None)
    if last is None:
        return f"{{{', '.join(entries)}}}"
    names = [entry.variable.name for entry in one.entries if entry.variable]
    key = _RESULT + "_" * sum(name.rstrip("_") == _RESULT for name in names)
    result = feel_text(last.expression, note)
    return f"{{{', '.join([*entries, f'{key}: {result}'])}}}.{key}"


def _list(one: ListOf, note: Note) -> str:
    return f"[{', '.join(feel_text(item, note) for item in one.items)}]"


def _relation(one: Relation, note: Note) -> str:
    for row in one.rows:
        if len(row.items) != len(one.columns):
            note(row, f"a row has {len(row.items)} cells for {len(one.columns)} columns")
    rows = (
        ", ".join(
            f"{column.name}: {feel_text(item, note)}"
            for column, item in zip(one.columns, row.items, strict=False)
        )
        for row in one.rows
    )
    return f"[{', '.join(f'{{{row}}}' for row in rows)}]"


def _invocation(one: Invocation, note: Note) -> str:
    called = feel_text(one.called, note)
    called = called if _NAME.fullmatch(called) else f"({called})"
    given = {each.parameter.name: feel_text(each.expression, note) for each in one.bindings}
    order = note.parameters.get(called)
    if order is not None and given.keys() <= set(order):
        return f"{called}({', '.join(given.get(name, 'null') for name in order)})"
    return f"{called}({', '.join(f'{name}: {text}' for name, text in given.items())})"


def _function(one: FunctionDefinition, note: Note) -> str:
    if one.kind not in (None, "FEEL"):
        note(one, f"a function in {one.kind} is not run by Dugnad")
        return "null"
    return f"function({', '.join(item.name for item in one.parameters)}) {feel_text(one.body, note)}"


def _conditional(one: Conditional, note: Note) -> str:
    return f"if {_child(one.condition, note)} then {_child(one.yes, note)} else {_child(one.no, note)}"


def _filter(one: Filter, note: Note) -> str:
    return f"({_child(one.source, note)})[{_child(one.match, note)}]"


def _for(one: For, note: Note) -> str:
    return f"for {one.variable or _ITEM} in {_child(one.source, note)} return {_child(one.body, note)}"


def _quantified(one: Quantified, note: Note) -> str:
    word = "every" if isinstance(one, Every) else "some"
    return f"{word} {one.variable or _ITEM} in {_child(one.source, note)} satisfies {_child(one.satisfies, note)}"


def _table(one: DecisionTable, note: Note) -> str:
    """Say a table within another expression: rows tried from the top, or all of them collected."""
    heads = [feel_text(column.expression, note) for column in one.inputs]
    rows = [(_condition(heads, rule), _result(one, rule, note)) for rule in one.rules]
    policy = one.hit_policy or "UNIQUE"
    if policy in ("UNIQUE", "ANY", "FIRST"):
        if policy != "FIRST":
            note(
                one,
                f"its policy {policy} is carried as FIRST: within another expression rows are tried from the top",
            )
        return "".join(f"if {when} then {gives} else " for when, gives in rows) + _default(one, note)
    if policy in ("COLLECT", "RULE ORDER"):
        return _collected(one, rows, _default(one, note))
    note(
        one,
        f"a table with policy {policy} within another expression has no place; make it a decision of its own",
    )
    return "null"


def _collected(one: DecisionTable, rows: list[tuple[str, str]], default: str) -> str:
    """Say all results at once; where no row matches it is the default or null, not an empty list or 0 (10.3.2.10)."""
    if not rows:
        return default
    listed = ", ".join(f"if {when} then [{gives}] else []" for when, gives in rows)
    collected = f"concatenate({listed})"
    if one.aggregation:
        collected = f"{one.aggregation.lower()}({collected})"
    if one.aggregation in ("SUM", "MIN", "MAX") and default == "null":
        return collected  # of nothing these are null themselves
    hit = " or ".join(f"({when})" for when, _ in rows)
    return f"if {hit} then {collected} else {default}"


def _default(one: DecisionTable, note: Note) -> str:
    given = [(column.name or "", feel_text(column.default, note)) for column in one.outputs if column.default]
    if not given:
        return "null"
    return (
        given[0][1]
        if len(one.outputs) == 1
        else f"{{{', '.join(f'{name}: {text}' for name, text in given)}}}"
    )


def _condition(heads: list[str], rule: Rule) -> str:
    tests = [
        _tested(head, " ".join(test.text.split()))
        for head, test in zip(heads, rule.inputs, strict=False)
        if test.text.strip() not in ("", "-")
    ]
    return " and ".join(tests) or "true"


def _tested(head: str, test: str) -> str:
    negated = _NOT.fullmatch(test)
    if negated:
        return f"not(({head}) in ({negated[1]}))"
    return f"({head}) in ({test})"


def _result(one: DecisionTable, rule: Rule, note: Note) -> str:
    texts = [_literal(item, note) for item in rule.outputs]
    if len(texts) == 1:
        return texts[0]
    named = zip(one.outputs, texts, strict=False)
    return f"{{{', '.join(f'{column.name}: {text}' for column, text in named)}}}"


_RULES: Mapping[type[Expression], Callable[[Any, Note], str]] = {
    LiteralExpression: _literal,
    Context: _context,
    ListOf: _list,
    Relation: _relation,
    Invocation: _invocation,
    FunctionDefinition: _function,
    Conditional: _conditional,
    Filter: _filter,
    For: _for,
    Some: _quantified,
    Every: _quantified,
    DecisionTable: _table,
}
