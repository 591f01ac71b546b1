"""Boxed expressions (DMN 1.5, chapters 7.3, 8 and 10.2)."""

# ruff: noqa: RUF009 - the calls only describe fields; what they give is frozen

from dataclasses import dataclass
from typing import ClassVar, Literal

from dugnad.rulebook.dmn.model.base import Element, Import, InformationItem, Part
from dugnad.rulebook.dmn.model.shape import attribute, group, groups, part, parts, text

FunctionKind = Literal["FEEL", "Java", "PMML"]
HitPolicyName = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "COUNT", "MIN", "MAX"]
Orientation = Literal["Rule-as-Row", "Rule-as-Column", "CrossTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Element):
    """tExpression: anything that can stand in a box; ``type_ref`` names the type of its value."""

    groups: ClassVar[tuple[str, ...]] = ("expression",)

    type_ref: str | None = attribute("typeRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedValues(Import):
    """tImportedValues: an expression that stands in another document."""

    imported_element: str = text("importedElement", required=True)
    expression_language: str | None = attribute("expressionLanguage")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(Expression):
    """tLiteralExpression: a text in FEEL or in the language named."""

    tag: ClassVar[str] = "literalExpression"

    text: str | None = text("text")
    imported_values: ImportedValues | None = part("importedValues", "ImportedValues")
    expression_language: str | None = attribute("expressionLanguage")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTests(Expression):
    """tUnaryTests: the test of a cell, allowed values, a constraint."""

    groups: ClassVar[tuple[str, ...]] = ()

    text: str = text("text", required=True)
    expression_language: str | None = attribute("expressionLanguage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Part):
    """tBinding: one parameter of an invocation and what it is given."""

    parameter: InformationItem = part("parameter", "InformationItem", required=True)
    expression: Expression | None = group("expression")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Expression):
    """tInvocation: calls what ``called`` gives."""

    tag: ClassVar[str] = "invocation"

    called: Expression | None = group("expression")
    bindings: tuple[Binding, ...] = parts("binding", "Binding")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause(Element):
    """tInputClause: an input column of a decision table, and the values allowed in it."""

    expression: LiteralExpression | None = part("inputExpression", "LiteralExpression")
    values: UnaryTests | None = part("inputValues", "UnaryTests")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause(Element):
    """tOutputClause: an output column; ``values`` in falling priority."""

    values: UnaryTests | None = part("outputValues", "UnaryTests")
    default: LiteralExpression | None = part("defaultOutputEntry", "LiteralExpression")
    name: str | None = attribute("name")
    type_ref: str | None = attribute("typeRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationClause(Part):
    """tRuleAnnotationClause: the head of an annotation column."""

    name: str | None = attribute("name")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationEntry(Part):
    """tRuleAnnotation: the annotation of one rule."""

    text: str | None = text("text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """tDecisionRule: one row: a test per input, an expression per output, a text per annotation."""

    inputs: tuple[UnaryTests, ...] = parts("inputEntry", "UnaryTests")
    outputs: tuple[LiteralExpression, ...] = parts("outputEntry", "LiteralExpression")
    annotations: tuple[AnnotationEntry, ...] = parts("annotationEntry", "AnnotationEntry")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Expression):
    """tDecisionTable. What is not written is None: UNIQUE, no aggregation, Rule-as-Row."""

    tag: ClassVar[str] = "decisionTable"

    inputs: tuple[InputClause, ...] = parts("input", "InputClause")
    outputs: tuple[OutputClause, ...] = parts("output", "OutputClause")
    annotations: tuple[AnnotationClause, ...] = parts("annotation", "AnnotationClause")
    rules: tuple[Rule, ...] = parts("rule", "Rule")
    hit_policy: HitPolicyName | None = attribute("hitPolicy")
    aggregation: Aggregation | None = attribute("aggregation")
    orientation: Orientation | None = attribute("preferredOrientation")
    output_label: str | None = attribute("outputLabel")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry(Element):
    """tContextEntry: a named value; without ``variable`` it is the context's result."""

    tag: ClassVar[str] = "contextEntry"

    variable: InformationItem | None = part("variable", "InformationItem")
    expression: Expression | None = group("expression")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Expression):
    """tContext: named values, each of which may use those above it."""

    tag: ClassVar[str] = "context"

    entries: tuple[ContextEntry, ...] = parts("contextEntry", "ContextEntry")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Expression):
    """tList: a list of expressions."""

    tag: ClassVar[str] = "list"

    items: tuple[Expression, ...] = groups("expression")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Expression):
    """tRelation: a list of contexts written as columns and rows."""

    tag: ClassVar[str] = "relation"

    columns: tuple[InformationItem, ...] = parts("column", "InformationItem")
    rows: tuple[ListOf, ...] = parts("row", "ListOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Expression):
    """tFunctionDefinition; ``kind`` None is FEEL."""

    tag: ClassVar[str] = "functionDefinition"

    parameters: tuple[InformationItem, ...] = parts("formalParameter", "InformationItem")
    body: Expression | None = group("expression")
    kind: FunctionKind | None = attribute("kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child(Part):
    """tChildExpression and tTypedChildExpression: one branch of the boxes below."""

    expression: Expression | None = group("expression")
    id: str | None = attribute("id")
    type_ref: str | None = attribute("typeRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Expression):
    """tConditional: if, then, else."""

    tag: ClassVar[str] = "conditional"

    condition: Child = part("if", "Child", required=True)
    yes: Child = part("then", "Child", required=True)
    no: Child = part("else", "Child", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Expression):
    """tFilter: the items of a list that match."""

    tag: ClassVar[str] = "filter"

    source: Child = part("in", "Child", required=True)
    match: Child = part("match", "Child", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterator(Expression):
    """tIterator: ``variable`` takes each item of ``source`` in turn."""

    source: Child = part("in", "Child", required=True)
    variable: str | None = attribute("iteratorVariable")


@dataclass(frozen=True, slots=True, kw_only=True)
class For(Iterator):
    """tFor: a list of what ``body`` gives."""

    tag: ClassVar[str] = "for"

    body: Child = part("return", "Child", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(Iterator):
    """tQuantified: see ``Some`` and ``Every``."""

    satisfies: Child = part("satisfies", "Child", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Some(Quantified):
    """True where at least one item satisfies."""

    tag: ClassVar[str] = "some"


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Quantified):
    """True where all items satisfy."""

    tag: ClassVar[str] = "every"
