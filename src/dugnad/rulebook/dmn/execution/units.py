"""The elements of a model as code: decisions, functions and services, each with what it needs at hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from dugnad.rulebook.dmn import model
from dugnad.rulebook.dmn.execution.boxed import Boxes, shape_of
from dugnad.rulebook.dmn.execution.graph import Graph, Key, Need, name_of, variable_of
from dugnad.rulebook.dmn.execution.itemtypes import Types
from dugnad.rulebook.dmn.execution.nodes import TableOf, Typed
from dugnad.rulebook.dmn.execution.places import Places
from dugnad.rulebook.feel.bounds import FIRST_SLOT, RECORDER, VALUES, WORK
from dugnad.rulebook.feel.builtins.dates import NOW
from dugnad.rulebook.feel.compiler.builder import Builder, new_env
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.grammar.scope import Scope, Shape
from dugnad.rulebook.feel.names import free_names
from dugnad.rulebook.feel.typed import ANY, FeelType, FunctionType
from dugnad.rulebook.feel.values import Code, Env, FunctionValue, Value
from dugnad.rulebook.trace import Step

Report = Callable[[str, int, str, str], None]
MOMENT: Key = ("", NOW)
"""Where among the values of one evaluation its moment stands, for ``now()`` and ``today()``."""


@dataclass(slots=True)
class Unit:
    """A decision ready to run: ``takes`` are the values it needs, ``functions`` what it may call, both as
    (prefix, name, …); ``step`` writes the trace of logic that is no table.
    """

    key: Key
    name: str
    code: Code
    room: list[Value]
    takes: tuple[tuple[str, str, Key], ...]
    functions: list[tuple[str, str, Value]]
    step: Step | None

    def values(self, memo: Mapping[Key, Value]) -> dict[str, Value]:
        """Give the names the logic sees, with their values, and the moment of the decision."""
        taken = ((prefix, name, memo.get(key)) for prefix, name, key in self.takes)
        found = gathered((*self.functions, *taken))
        moment = memo.get(MOMENT)
        if moment is not None:
            found[NOW] = moment
        return found


def gathered(named: Iterable[tuple[str, str, Value]]) -> dict[str, Value]:
    """Gather (prefix, name, value): under its name, or in a context under the name of the import it comes from."""
    found: dict[str, Value] = {}
    below: dict[str, Value] = {}
    for prefix, name, value in named:
        target = below.setdefault(prefix, {}) if prefix else found
        target[name] = value
    return found | below


@dataclass(slots=True)
class Compiler:
    """Makes units and functions of elements; everything wrong is reported, nothing stops at the first."""

    graph: Graph
    types: Mapping[str, Types]
    places: Places
    report: Report
    scopes: dict[str, tuple[dict[str, FeelType], Scope]] = field(default_factory=dict)

    def visible(self, namespace: str) -> tuple[dict[str, FeelType], Scope]:
        """Give the types visible in a model, for code and for the parser."""
        if namespace not in self.scopes:
            types = self.types[namespace].visible()
            self.scopes[namespace] = (types, Scope(dict.fromkeys(types)))
        return self.scopes[namespace]

    def boxes(self, key: Key, element: model.DrgElement) -> Boxes:
        """Give the translator for one element's boxes."""
        types, names = self.visible(key[0])
        law = self.graph.law(element, key[0])
        return Boxes(
            self.graph.file(key),
            element.name,
            self.types[key[0]],
            types,
            names,
            self.places,
            self.report,
            law,
        )

    def kind(self, key: Key, element: model.DrgElement) -> FeelType:
        """Give the type an element's variable declares."""
        variable = variable_of(element)
        if variable is None:
            return ANY
        return self.types[key[0]].named(variable.type_ref, variable.line or element.line)

    def shape(self, key: Key) -> Shape | None:
        """Give what is known of the properties of an element's value."""
        element = self.graph.elements[key]
        known = self.kind(key, element).shape()
        if known is None and isinstance(element, model.Decision):
            return shape_of(element.expression, self.types[key[0]])
        return known

    def scope(self, needs: list[Need]) -> tuple[Scope, frozenset[str]]:
        """Give the names an element's logic sees."""
        names: dict[str, Shape | None] = {}
        below: dict[str, dict[str, Shape | None]] = {}
        for need in needs:
            target = names if not need.prefix else below.setdefault(need.prefix, {})
            target[name_of(self.graph.elements[need.key])] = self.shape(need.key)
        names.update(below)
        return Scope(names, closed=True), frozenset(names)

    def compiled(self, node: Node, names: frozenset[str], namespace: str) -> tuple[Code, list[Value]]:
        """Compile a tree; gives the code and the room it needs."""
        builder = Builder(names=names, types=self.visible(namespace)[0], missing="null")
        code = builder.compile(node)
        return code, [None] * (builder.size - FIRST_SLOT)

    def decision(self, key: Key, element: model.Decision) -> Unit:
        """Make a decision's unit."""
        needs = self.graph.needs(key)
        scope, names = self.scope(needs)
        boxes = self.boxes(key, element)
        asked = element.variable.type_ref if element.variable else None
        node = boxes.node(element.expression, scope, line=element.line, asked=asked)
        logic = node
        node = boxes.typed(node, self.kind(key, element))
        code, room = self.compiled(node, names, key[0])
        while isinstance(logic, Typed):
            logic = logic.node
        step = None
        if not isinstance(logic, TableOf):
            reads = tuple(sorted(free_names(logic) & names))
            step = Step(element.name, _written(element.expression), boxes.law, reads)
        values = (each for each in needs if not self.is_function(each.key))
        takes = tuple((each.prefix, name_of(self.graph.elements[each.key]), each.key) for each in values)
        return Unit(key, element.name, code, room, takes, [], step)

    def is_function(self, key: Key) -> bool:
        """Tell whether an element is one that is called."""
        return isinstance(self.graph.elements[key], (model.BusinessKnowledgeModel, model.DecisionService))

    def knowledge(self, key: Key, element: model.BusinessKnowledgeModel) -> tuple[Value, dict[str, Value]]:
        """Make a business knowledge model's function, and the values it sees, to be filled when all are made."""
        scope, names = self.scope(self.graph.needs(key))
        own = name_of(element)
        if own not in scope.names:
            scope.add(own)
        node = self.function(key, element, scope)
        code, room = self.compiled(node, names | {own}, key[0])
        values: dict[str, Value] = {}
        made = code(new_env(values, None, room))
        if isinstance(made, FunctionValue):
            made = _at_callers_moment(made, code, values, room)
        return made, values

    def function(self, key: Key, element: model.BusinessKnowledgeModel, scope: Scope) -> Node:
        """Give a business knowledge model's function; what it gives has the type of its logic, else its variable's."""
        boxes = self.boxes(key, element)
        if element.logic is None:
            return boxes.absent(element.line, "no-logic", f"“{element.name}” has no logic.")
        asked = element.variable.type_ref if element.variable else None
        node = boxes.function(element.logic, scope, asked)
        kind = self.kind(key, element)
        if element.logic.type_ref or not isinstance(node, nodes.Function):
            return node
        result = kind.result if isinstance(kind, FunctionType) else kind
        return replace(node, body=boxes.typed(node.body, result))


def _at_callers_moment(
    made: FunctionValue, code: Code, values: dict[str, Value], room: list[Value]
) -> FunctionValue:
    """Let a function of the model run at the moment of whoever calls it; all else it sees never changes."""

    def call(env: Env, arguments: list[Value]) -> Value:
        moment = env[VALUES].get(NOW)
        if moment is None:
            return made.call(env, arguments)
        inner: FunctionValue = code([{**values, NOW: moment}, env[RECORDER], env[WORK], *room])
        return inner.call(env, arguments)

    return FunctionValue(made.parameters, call, made.frame, made.kinds, made.result)


def _written(box: model.Expression | None) -> str:
    if isinstance(box, model.LiteralExpression):
        return (box.text or "").strip()
    return "" if box is None else type(box).tag
