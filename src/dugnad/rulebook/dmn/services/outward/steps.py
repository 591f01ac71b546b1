"""Calculations, tables, control points, open places and rates as decisions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dugnad.rulebook.dmn.model import (
    AnnotationClause,
    AnnotationEntry,
    Context,
    ContextEntry,
    Decision,
    DecisionTable,
    Expression,
    InformationItem,
    InputClause,
    LiteralExpression,
    OutputClause,
    Raw,
    Rule,
    UnaryTests,
)
from dugnad.rulebook.dmn.model.expressions import Aggregation, HitPolicyName
from dugnad.rulebook.dmn.services.annotations import described
from dugnad.rulebook.dmn.services.names import Names, identifier
from dugnad.rulebook.dmn.services.outward.standard import Translator
from dugnad.rulebook.dmn.services.rounding import UNROUNDED
from dugnad.rulebook.dmn.services.words import element, texts
from dugnad.rulebook.rates import Rate
from dugnad.rulebook.rules.facts import canonical
from dugnad.rulebook.rules.source import Open, RuleSource, Scope, Step, Stop
from dugnad.rulebook.rules.tabular import LAW_HEADINGS, read_table
from dugnad.rulebook.tables import HitPolicy, Table

_OF_RATES = ("kilde", "bekreftet")
_ROUNDING: Mapping[str, str] = {
    "hele kroner ned": "floor({0}, 0)",
    "hele kroner nærmeste": "round half up({0}, 0)",
    "hele kroner opp": "ceiling({0}, 0)",
    "øre ned": "floor({0}, 2)",
    "øre nærmeste": "round half up({0}, 2)",
}
_AGGREGATED: Mapping[HitPolicy, Aggregation] = {
    HitPolicy.SUM: "SUM",
    HitPolicy.MIN: "MIN",
    HitPolicy.MAX: "MAX",
    HitPolicy.COUNT: "COUNT",
}
_POLICIES: Mapping[HitPolicy, HitPolicyName] = {
    HitPolicy.UNIQUE: "UNIQUE",
    HitPolicy.ANY: "ANY",
    HitPolicy.PRIORITY: "PRIORITY",
    HitPolicy.FIRST: "FIRST",
    HitPolicy.RULE_ORDER: "RULE ORDER",
    HitPolicy.OUTPUT_ORDER: "OUTPUT ORDER",
    **dict.fromkeys((HitPolicy.COLLECT, *_AGGREGATED), "COLLECT"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A decision, the names of ours it reads in its scope, and the sections of law it rests on."""

    decision: Decision
    reads: frozenset[str]
    scope: Scope
    laws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the rules of one service as decisions."""

    source: RuleSource
    names: Names
    translator: Translator

    def step(self, step: Step) -> Written:
        """Write a calculation: a formula as a literal expression, a table as a table."""
        table: Table | None = None
        expression: Expression
        if step.table is not None:
            names = self.translator.by_scope[step.scope]
            table = read_table(step.table.text, name=step.name, law=step.law, names=names)
            expression, reads, kind = self._table(table, step.scope)
        else:
            found = self.translator.formula(step.formula.text if step.formula else "null", step.scope)
            expression, reads, kind = LiteralExpression(text=found.text), found.reads, found.kind
        if step.round is not None:
            expression, more = self._rounded(expression, step.round.text)
            reads |= more
        name = self.names[step.name]
        decision = Decision(
            id=identifier("decision", step.name),
            name=name,
            description=_described(step.title.get("nb", ""), step.law, step.unit),
            extensions=(_said(step),),
            variable=InformationItem(name=name, type_ref="number" if step.unit else kind or None),
            expression=expression,
        )
        rows = (row.annotations for row in table.rows) if table else ()
        laws = [step.law, *(notes[head] for notes in rows for head in LAW_HEADINGS if head in notes)]
        return Written(decision, reads, step.scope, tuple(dict.fromkeys(law for law in laws if law)))

    def stop(self, stop: Stop) -> Written:
        """Write a control point: true where automation must stop."""
        found = self.translator.formula(stop.when.text, "after")
        name = self.names[f"stopp {stop.name}"]
        decision = Decision(
            id=identifier("stop", stop.name),
            name=name,
            description=_described(stop.why.get("nb", ""), stop.law, ""),
            extensions=(
                element(
                    "stop", children=[*texts("why", stop.why), element("when", stop.when.text)],
                    name=stop.name, law=stop.law, do=stop.todo,
                ),
            ),
            variable=InformationItem(name=name, type_ref="boolean"),
            expression=LiteralExpression(text=found.text),
        )  # fmt: skip
        return Written(decision, found.reads, "after", (stop.law,) if stop.law else ())

    def open(self, place: Open, local: str) -> Written:
        """Write an open place: what the municipality has set, within its bounds, or the service's own value."""
        if place.one_of:
            otherwise, reads = f'"{place.otherwise.text}"', frozenset[str]()
        else:
            found = self.translator.formula(place.otherwise.text, "each")
            otherwise, reads = found.text, found.reads
        limits: list[str] = []
        for sign, bound in ((">=", place.at_least), ("<=", place.at_most)):
            if bound is not None:
                limit = self.translator.formula(bound.text, "each")
                limits.append(f"{local} {sign} {_operand(limit.text)}")
                reads |= limit.reads
        kept = f"if {' and '.join(limits)} then {local} else null" if limits else local
        name = self.names[place.name]
        decision = Decision(
            id=identifier("open", place.name),
            name=name,
            description=_described("Åpen for lokal tilpasning", place.law, place.unit),
            extensions=(_said_open(place),),
            variable=InformationItem(name=name, type_ref="string" if place.one_of else "number"),
            expression=LiteralExpression(text=f"if {local} = null then {otherwise} else {kept}"),
        )
        return Written(decision, reads, "each", (place.law,) if place.law else ())

    def rate(self, rate: Rate, day: str) -> Written:
        """Write a rate as a table by date; `day` is the name of the day whose rates count."""
        name = self.names[rate.name]
        table = DecisionTable(
            hit_policy="UNIQUE",
            inputs=(InputClause(expression=LiteralExpression(text=self.names[day], type_ref="date")),),
            outputs=(OutputClause(label=rate.name, type_ref="number"),),
            annotations=tuple(AnnotationClause(name=head) for head in _OF_RATES),
            rules=tuple(_dated(rate)),
        )
        decision = Decision(
            id=identifier("rate", rate.name),
            name=name,
            description=_described("Sats etter dato", rate.law, rate.unit),
            extensions=(element("rate", name=rate.name, law=rate.law, unit=rate.unit),),
            variable=InformationItem(name=name, type_ref="number"),
            expression=table,
        )
        return Written(decision, frozenset((day,)), "common", (rate.law,) if rate.law else ())

    def _table(self, table: Table, scope: Scope) -> tuple[DecisionTable, frozenset[str], str]:
        reads: set[str] = set()
        kinds: set[str] = set()
        inputs = [self.translator.formula(column.label, scope) for column in table.inputs]
        reads.update(*(one.reads for one in inputs))
        heads = tuple(dict.fromkeys(head for row in table.rows for head in row.annotations))
        rules: list[Rule] = []
        for row in table.rows:
            tests = [self.translator.cell(cell.text, scope) for cell in row.inputs]
            gives = [self.translator.formula(cell.text or "null", scope) for cell in row.outputs]
            reads.update(*(one.reads for one in (*tests, *gives)))
            kinds.update(one.kind for one in gives if one.text != "null")
            rules.append(
                Rule(
                    description=described(heads, [row.annotations.get(head, "") for head in heads]) or None,
                    inputs=tuple(UnaryTests(text=one.text) for one in tests),
                    outputs=tuple(LiteralExpression(text=one.text) for one in gives),
                    annotations=tuple(AnnotationEntry(text=row.annotations.get(head, "")) for head in heads),
                )
            )
        single = len(table.outputs) == 1
        written = DecisionTable(
            hit_policy=_POLICIES[table.hit_policy],
            aggregation=_AGGREGATED.get(table.hit_policy),
            output_label=table.outputs[0].name if single else None,
            inputs=tuple(InputClause(expression=LiteralExpression(text=one.text)) for one in inputs),
            outputs=tuple(
                OutputClause(label=one.name) if single else OutputClause(name=self.names.add(one.name))
                for one in table.outputs
            ),
            annotations=tuple(AnnotationClause(name=head) for head in heads),
            rules=tuple(rules),
        )
        return written, frozenset(reads), kinds.pop() if single and len(kinds) == 1 else ""

    def _rounded(self, expression: Expression, way: str) -> tuple[Expression, frozenset[str]]:
        if way in _ROUNDING:
            formula, reads = _ROUNDING[way], frozenset[str]()
        else:
            ways = [one for one in self.source.open[way].one_of if one in _ROUNDING]
            choice = (f'if {self.names[way]} = "{one}" then {_ROUNDING[one]} else ' for one in ways)
            formula, reads = f"{''.join(choice)}null", frozenset((way,))
        if isinstance(expression, LiteralExpression) and way in _ROUNDING:
            return replace(expression, text=formula.format(expression.text)), reads
        entry = ContextEntry(variable=InformationItem(name=UNROUNDED), expression=expression)
        result = ContextEntry(expression=LiteralExpression(text=formula.format(UNROUNDED)))
        return Context(entries=(entry, result)), reads


def _operand(text: str) -> str:
    return text if re.fullmatch(r"[\w .]+", text) else f"({text})"


def _dated(rate: Rate) -> Iterator[Rule]:
    for at, value in enumerate(rate.values):
        following = rate.values[at + 1].start if at + 1 < len(rate.values) else None
        low = f'date("{value.start}")'
        if value.until is not None and (following is None or value.until < following):
            when = f'[{low}..date("{value.until}")]'
        else:
            when = f'[{low}..date("{following}"))' if following else f">= {low}"
        notes = (value.source, "ja" if value.verified else "nei")
        yield Rule(
            description=described(_OF_RATES, notes),
            inputs=(UnaryTests(text=when),),
            outputs=(LiteralExpression(text=canonical(value.value)),),
            annotations=tuple(AnnotationEntry(text=note) for note in notes),
        )


def _described(words: str, law: str, unit: str) -> str | None:
    parts = (words, f"Hjemmel: {law}" if law else "", f"Enhet: {unit}" if unit else "")
    return ". ".join(part.rstrip(".") for part in parts if part) or None


def _said(step: Step) -> Raw:
    says: Iterable[Raw] = (
        element("says", children=texts("text", one.words), when=one.when.text if one.when else "")
        for one in step.says
    )
    original = (
        element("table", step.table.text)
        if step.table
        else element("is", step.formula.text if step.formula else "")
    )
    return element(
        "step", children=[*texts("title", step.title), *says, original],
        name=step.name, scope=step.scope, law=step.law, unit=step.unit, round=step.round.text if step.round else "",
    )  # fmt: skip


def _said_open(place: Open) -> Raw:
    return element(
        "open",
        name=place.name,
        law=place.law,
        unit=place.unit,
        at_least=place.at_least.text if place.at_least else "",
        at_most=place.at_most.text if place.at_most else "",
        one_of=", ".join(place.one_of),
        otherwise=place.otherwise.text,
        verified="" if place.verified else "false",
    )
