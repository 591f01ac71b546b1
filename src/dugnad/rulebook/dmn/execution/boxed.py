"""DMN's boxed expressions → FEEL's tree (DMN 1.5, 10.2 and 10.4): a box means what FEEL it stands for means."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dugnad.rulebook.dmn import model
from dugnad.rulebook.dmn.execution.base import Base
from dugnad.rulebook.dmn.execution.itemtypes import Types
from dugnad.rulebook.dmn.execution.nodes import Refused, RowOf, Traced
from dugnad.rulebook.dmn.execution.tabular import table_node
from dugnad.rulebook.feel.diagnostics import FeelSyntaxError
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, moved
from dugnad.rulebook.feel.grammar.parser import parse
from dugnad.rulebook.feel.grammar.scope import Scope, Shape
from dugnad.rulebook.feel.names import free_names
from dugnad.rulebook.feel.typed import ANY, FunctionType
from dugnad.rulebook.trace import Step

_RESULT = "→"
"""The key of a context's result entry; no name can be spelt so."""


@dataclass(slots=True)
class Boxes(Base):
    """Translates the boxes of one element."""

    def node(
        self, box: model.Expression | None, scope: Scope, *, line: int = 0, asked: str | None = None
    ) -> Node:
        """Give the tree of a box; whatever cannot be run becomes a node that says so when it is reached.

        ``asked`` is the type of what the box is for, which a table may leave unsaid.
        """
        if box is None:
            return self.absent(line, "no-logic", f"“{self.element}” has no logic.")
        if isinstance(box, model.DecisionTable):
            node = table_node(self, box, scope, box.type_ref or asked)
            return self.typed(node, self.types.named(box.type_ref, box.line))
        rule = _RULES.get(type(box))
        if rule is None:
            what = f"A {type(box).__name__} cannot stand here."
            return self.refused(box.line, "no-logic", what, "Use one of DMN's boxes.")
        node = rule(self, box, scope)
        if isinstance(box, model.FunctionDefinition):
            return node
        return self.typed(node, self.types.named(box.type_ref, box.line))

    def context(self, box: model.Context, scope: Scope) -> Node:
        """Each entry sees those above it, a function also itself; an unnamed last entry is the result."""
        inner = Scope({}, scope, closed=True)
        keys: list[str] = []
        items: list[Node] = []
        for entry in box.entries:
            variable = entry.variable
            name = _RESULT if variable is None else variable.name
            if name in keys:
                return self.twice(entry)
            kind = ANY if variable is None else self.types.named(variable.type_ref, variable.line)
            if _is_function(entry.expression):
                inner.add(name)
            node = self.node(
                entry.expression, inner, line=entry.line, asked=variable.type_ref if variable else None
            )
            keys.append(name)
            items.append(
                node if isinstance(node, nodes.Function) else self.named(entry, self.typed(node, kind), inner)
            )
            inner.add(name, kind.shape() or shape_of(entry.expression, self.types))
        start = self.text("", box.line)
        node = nodes.ContextOf(start, start, tuple(keys), tuple(items))
        return nodes.Path(start, start, node, _RESULT) if _RESULT in keys else node

    def twice(self, entry: model.ContextEntry) -> Node:
        """Refuse a context that has a name, or a result, twice: FEEL has no such context."""
        named = "two results" if entry.variable is None else f"“{entry.variable.name}” twice"
        what = f"A context of “{self.element}” has {named}."
        return self.refused(entry.line, "syntax", what, "Give it one of them, or another name.")

    def named(self, entry: model.ContextEntry, node: Node, scope: Scope) -> Node:
        """Show a named formula in the trace; a table shows itself, and a result is its decision's."""
        box = entry.expression
        if (
            entry.variable is None
            or not isinstance(box, model.LiteralExpression)
            or isinstance(node, Refused)
        ):
            return node
        reads = tuple(sorted(filter(scope.has, free_names(node))))
        step = Step(f"{self.element}: {entry.variable.name}", (box.text or "").strip(), self.law, reads)
        return Traced(node.start, node.end, node, step)

    def list_of(self, box: model.ListOf, scope: Scope) -> Node:
        """Give a list."""
        start = self.text("", box.line)
        return nodes.ListOf(start, start, tuple(self.node(item, scope, line=box.line) for item in box.items))

    def relation(self, box: model.Relation, scope: Scope) -> Node:
        """Give a list of contexts, one per row."""
        start = self.text("", box.line)
        keys = tuple(column.name for column in box.columns)
        kinds = [self.types.named(column.type_ref, column.line) for column in box.columns]
        rows: list[Node] = []
        for row in box.rows:
            if len(row.items) != len(keys):
                what = f"A row of “{self.element}” has {len(row.items)} cells for {len(keys)} columns."
                rows.append(self.refused(row.line, "wrong-row", what, "Give every column one cell."))
                continue
            cells = zip(row.items, kinds, strict=True)
            items = tuple(self.typed(self.node(item, scope, line=row.line), kind) for item, kind in cells)
            rows.append(RowOf(start, start, keys, items))
        return nodes.ListOf(start, start, tuple(rows))

    def conditional(self, box: model.Conditional, scope: Scope) -> Node:
        """Give an ``if``."""
        start = self.text("", box.line)
        branches = (self.child(part, scope) for part in (box.condition, box.yes, box.no))
        return nodes.If(start, start, *branches)

    def child(self, part: model.Child, scope: Scope) -> Node:
        """Give the box inside one branch."""
        node = self.node(part.expression, scope, line=part.line, asked=part.type_ref)
        return self.typed(node, self.types.named(part.type_ref, part.line))

    def filter(self, box: model.Filter, scope: Scope) -> Node:
        """Give a filter: in the match, ``item`` and the item's properties are names."""
        start = self.text("", box.line)
        source = self.child(box.source, scope)
        shape = self.shape(box.source, scope)
        inner = Scope({"item": shape, **(shape or {})}, scope, of_item=True)
        return nodes.Filter(start, start, source, self.child(box.match, inner))

    def iterator(self, box: model.Iterator, scope: Scope) -> Node:
        """Give a ``for``, ``some`` or ``every``."""
        start = self.text("", box.line)
        variable = box.variable or "item"
        source = self.span(box.source, scope) or self.child(box.source, scope)
        iteration = nodes.Iteration(start, start, variable, source)
        inner = Scope({variable: self.shape(box.source, scope)}, scope, closed=True)
        if isinstance(box, model.For):
            body = self.child(box.body, Scope({"partial": None}, inner, closed=True))
            return nodes.For(start, start, (iteration,), body)
        assert isinstance(box, model.Quantified)  # noqa: S101 - the table of rules below holds no other
        body = self.child(box.satisfies, inner)
        kind = "some" if isinstance(box, model.Some) else "every"
        return nodes.Quantified(start, start, "some" if kind == "some" else "every", (iteration,), body)

    def span(self, part: model.Child, scope: Scope) -> Node | None:
        """Read ``1..n``, which FEEL allows only as what a loop runs over; None for anything else."""
        box = part.expression
        if not isinstance(box, model.LiteralExpression) or ".." not in (box.text or ""):
            return None
        lead = "for i in "
        try:
            loop = parse(f"{lead}{box.text} return i", names=scope, dialect="dmn", types=self.type_names)
        except FeelSyntaxError:
            return None
        if not isinstance(loop, nodes.For) or len(loop.iterations) != 1:
            return None
        source = loop.iterations[0].source
        start = self.text(box.text or "", box.line)
        return moved(source, start - len(lead)) if isinstance(source, nodes.Span) else None

    def function(self, box: model.FunctionDefinition, scope: Scope, asked: str | None = None) -> Node:
        """Give a function; one in Java or PMML is refused, by name, when it is called."""
        start = self.text("", box.line)
        kinds = [self.types.named(each.type_ref, each.line) for each in box.parameters]
        names = tuple(each.name for each in box.parameters)
        inner = Scope(
            {name: kind.shape() for name, kind in zip(names, kinds, strict=True)}, scope, closed=True
        )
        if box.kind not in (None, "FEEL"):
            what = f"The {box.kind} function {external_name(box)} of “{self.element}” is not run here."
            body = self.refused(box.line, "external-function", what, "Write it in FEEL.")
        else:
            body = self.node(box.body, inner, line=box.line, asked=box.type_ref or asked)
        result = self.types.named(box.type_ref, box.line)
        body = self.typed(body, result.result if isinstance(result, FunctionType) else result)
        return nodes.Function(start, start, names, tuple(map(self.reference, kinds)), body)

    def invocation(self, box: model.Invocation, scope: Scope) -> Node:
        """Give a call with named arguments."""
        start = self.text("", box.line)
        target = self.node(box.called, scope, line=box.line)
        given = tuple(self.bound(each, scope) for each in box.bindings)
        named = tuple(each.parameter.name for each in box.bindings)
        if len(set(named)) < len(named):
            what = f"A call in “{self.element}” gives one parameter two values."
            return self.refused(box.line, "wrong-arguments", what, "Keep one binding of each parameter.")
        return nodes.Call(start, start, target, given, named)

    def bound(self, each: model.Binding, scope: Scope) -> Node:
        """Give what a parameter is given, as the type the binding names."""
        ref = each.parameter.type_ref
        return self.typed(
            self.node(each.expression, scope, line=each.line, asked=ref), self.types.named(ref, each.line)
        )

    def shape(self, part: model.Child, scope: Scope) -> Shape | None:
        """Give what is known of the properties of a source's items."""
        box = part.expression
        known = self.types.named(part.type_ref, part.line).shape()
        if known is None and isinstance(box, model.LiteralExpression):
            known = scope.shape((box.text or "").strip())
        return known or shape_of(box, self.types)


def shape_of(box: model.Expression | None, types: Types) -> Shape | None:
    """Give what is known of the properties of a box's value: by its type, else by the entries written in it."""
    if box is None:
        return None
    known = types.named(box.type_ref, box.line).shape()
    if known is not None:
        return known
    if isinstance(box, model.Context) and any(entry.variable is None for entry in box.entries):
        return shape_of(box.entries[-1].expression, types)
    return {
        name: types.named(ref).shape() or shape_of(inner, types) for name, ref, inner in _keys(box)
    } or None


def _keys(box: model.Expression) -> Iterator[tuple[str, str | None, model.Expression | None]]:
    """Give the names that can follow a dot after a box's value, each with its type and its box."""
    if isinstance(box, model.Context):
        for entry in box.entries:
            if entry.variable is not None:
                yield entry.variable.name, entry.variable.type_ref, entry.expression
    elif isinstance(box, model.Relation):
        for column in box.columns:
            yield column.name, column.type_ref, None
    elif isinstance(box, model.DecisionTable) and len(box.outputs) > 1:
        for output in box.outputs:
            yield output.name or "", output.type_ref, None


def external_name(box: model.FunctionDefinition) -> str:
    """Give the name of a function in another language, from the context DMN describes it with."""
    said: dict[str, str] = {}
    if isinstance(box.body, model.Context):
        for entry in box.body.entries:
            if entry.variable is not None and isinstance(entry.expression, model.LiteralExpression):
                said[entry.variable.name] = (entry.expression.text or "").strip().strip('"')
    where = said.get("class") or said.get("document") or "without a name"
    what = said.get("method signature") or said.get("model") or ""
    return f"{where}.{what}" if what else where


def _is_function(box: model.Expression | None) -> bool:
    written = isinstance(box, model.LiteralExpression) and (box.text or "").lstrip().startswith("function")
    return written or isinstance(box, model.FunctionDefinition)


_RULES: dict[type[model.Expression], Callable[[Boxes, Any, Scope], Node]] = {
    model.LiteralExpression: Boxes.literal,
    model.Context: Boxes.context,
    model.ListOf: Boxes.list_of,
    model.Relation: Boxes.relation,
    model.Conditional: Boxes.conditional,
    model.Filter: Boxes.filter,
    model.For: Boxes.iterator,
    model.Some: Boxes.iterator,
    model.Every: Boxes.iterator,
    model.FunctionDefinition: Boxes.function,
    model.Invocation: Boxes.invocation,
}
