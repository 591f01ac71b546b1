"""One walk over an expression: its type, and everything in it that can never work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dugnad.rulebook.checks.types import operators, slips
from dugnad.rulebook.checks.types.functions import item_of, misuse, result_of
from dugnad.rulebook.checks.types.model import (
    ANY,
    BOOLEAN,
    FUNCTION,
    RANGE,
    Type,
    either,
    entry,
    list_of,
    nullable,
    number,
    of,
    present,
)
from dugnad.rulebook.checks.types.narrowing import narrowed
from dugnad.rulebook.checks.types.problems import Problem, because, nearest, of_value
from dugnad.rulebook.feel.builtins.registry import REGISTRY
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children
from dugnad.rulebook.located import Severity, suggest

Local = Mapping[str, Type]
Said = Callable[[Node], str]


class Inference:
    """Types of one expression. `names` gives those of the names around it, `said` a node as it is written."""

    def __init__(self, names: Callable[[str], Type | None], said: Said) -> None:
        self.names = names
        self.said = said
        self.problems: list[Problem] = []

    def of(self, node: Node, local: Local) -> Type:
        """Return the type of a node, noting what is wrong within it."""
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node, local)
        for child in children(node):
            self.of(child, local)
        return ANY

    def wrong(self, node: Node, code: str, what: str, mend: str, severity: Severity = "error") -> None:
        """Note a problem."""
        self.problems.append(Problem(node, code, what, mend, severity))

    def slipped(self, problem: Problem | None) -> bool:
        """Note a slip of the pen, where there is one."""
        if problem is not None:
            self.problems.append(problem)
        return problem is not None

    def truth(self, node: Node, local: Local) -> Type:
        """Walk the parts of something that is true or false whatever they are."""
        for child in children(node):
            if not isinstance(child, nodes.TypeRef):
                self.of(child, local)
        return BOOLEAN

    def condition(
        self, node: Node, local: Local, where: str, *, kinds: tuple[str, ...] = ("boolean",)
    ) -> None:
        """Demand that a node is true or false, or of the kinds that will do besides."""
        found = self.of(node, local)
        if not found.can_be(kinds):
            what = f"{where} must be true or false; '{self.said(node)}' is {found.words()}"
            self.wrong(node, "type", what, "Compare it with something, or use a fact that is true or false.")

    def name(self, node: nodes.Name, local: Local) -> Type:
        """Look a name up, innermost first; a built-in function is a function."""
        if node.name in local:
            return local[node.name]
        found = self.names(node.name)
        if found is not None:
            return found
        if node.of_item and "item" in local:
            fields = operators.properties(local["item"])
            if fields is not None and node.name not in REGISTRY:
                self.missing(node, node.name, local["item"], fields)
            return ANY
        return FUNCTION if node.name in REGISTRY and not node.declared else ANY

    def missing(self, node: Node, name: str, base: Type, known: Mapping[str, Type]) -> None:
        """Note an attribute that is not there."""
        what = f"{base.words()} has no '{name}'"
        mend = suggest(name, known) if known else "Only persons, dates, times and durations have attributes."
        self.wrong(node, "missing-attribute", what[0].upper() + what[1:], mend)

    def path(self, node: nodes.Path, local: Local) -> Type:
        """Follow a dot; of a list, into each of its entries."""
        base = self.of(node.base, local)
        return self.below(node, base)

    def below(self, node: nodes.Path, base: Type) -> Type:
        """Return the type of an attribute of a value of this type."""
        if not base.kinds:
            return ANY
        if base.is_only("list"):
            return list_of(self.below(node, base.item or ANY))
        known = operators.properties(base)
        if known is None:
            return ANY
        if node.name not in known:
            if base.present:
                self.missing(node, node.name, base, known)
            return ANY
        self.maybe_null(node.base, base, f"asking for '{node.name}'")
        return known[node.name]

    def maybe_null(self, node: Node, found: Type, doing: str) -> None:
        """Warn where a value may be missing and something is done with it that then fails."""
        if found.nullable and found.present:
            what = f"'{self.said(node)}' may be missing (null); {doing} then stops the decision"
            self.wrong(
                node, "may-be-null", what, "Say what holds then: if … = null then … else ….", "warning"
            )

    def filter(self, node: nodes.Filter, local: Local) -> Type:
        """Take entries of a list by condition, or one of them by number."""
        base = self.of(node.base, local)
        item = item_of(base)
        inner = {**local, **(operators.properties(item) or {}), "item": item}
        if item.fields is None:
            inner = {**local, "item": item}
        chosen = self.of(node.condition, inner)
        if chosen.is_only("number"):
            return nullable(item)
        if not chosen.can_be(("boolean", "number")):
            what = f"what stands in [ ] must be true or false, or a number; it is {chosen.words()}"
            self.wrong(node.condition, "type", what, "Write a condition, as barn[alder < 6].")
        return list_of(item) if chosen.is_only("boolean") else ANY

    def call(self, node: nodes.Call, local: Local) -> Type:
        """Call a built-in function or a function value."""
        arguments = [self.of(argument, local) for argument in node.arguments]
        target = node.target
        if isinstance(target, nodes.Name) and target.name == "date":
            self.slipped(slips.no_day(node, self.said))
        if not isinstance(target, nodes.Name) or self.hidden(target, local):
            return self.called(node, self.of(target, local), arguments)
        if target.name not in REGISTRY:
            return ANY
        found = misuse(target.name, arguments, node.named)
        if found is not None:
            at = node if found.argument < 0 else node.arguments[found.argument]
            self.wrong(at, found.code, found.what, found.mend)
            return result_of(target.name, ()) if target.name not in ("max", "min") else ANY
        return result_of(target.name, arguments)

    def hidden(self, target: nodes.Name, local: Local) -> bool:
        """Tell whether something else bears the name of a built-in function here."""
        return target.declared or target.name in local or self.names(target.name) is not None

    def called(self, node: nodes.Call, function: Type, arguments: Sequence[Type]) -> Type:
        """Call a function that is a value."""
        if not function.can_be(("function",)):
            what = f"'{self.said(node.target)}' is {function.words()}, not a function"
            self.wrong(node, "type", what, "Remove the brackets, or call a function.")
            return ANY
        wanted = function.parameters
        if wanted is not None and not node.named and len(wanted) != len(arguments):
            what = f"the function takes {len(wanted)} arguments, and gets {len(arguments)}"
            self.wrong(node, "arguments", what, f"Give it {', '.join(wanted) or 'none'}.")
        return function.result or ANY

    def choice(self, node: nodes.If, local: Local) -> Type:
        """Choose between two; each branch knows what the condition says of missing values."""
        self.condition(node.condition, local, "what stands after 'if'")
        yes = self.of(node.yes, narrowed(node.condition, local, self.type_of, holds=True))
        no = self.of(node.no, narrowed(node.condition, local, self.type_of, holds=False))
        return either(yes, no)

    def type_of(self, name: str, local: Local) -> Type:
        """Return the type of a name without noting anything."""
        return local[name] if name in local else self.names(name) or ANY

    def bound(self, iterations: tuple[nodes.Iteration, ...], local: Local) -> dict[str, Type]:
        """Return the names within a loop."""
        inner = dict(local)
        for one in iterations:
            if isinstance(one.source, nodes.Span):
                for end in (one.source.low, one.source.high):
                    self.of(end, inner)
                inner[one.name] = number()
                continue
            source = self.of(one.source, inner)
            inner[one.name] = number() if source.is_only("range") else item_of(source)
        return inner

    def loop(self, node: nodes.For, local: Local) -> Type:
        """Make a list of one value for each turn."""
        inner = self.bound(node.iterations, local)
        return list_of(self.of(node.body, {**inner, "partial": of("list")}))

    def quantified(self, node: nodes.Quantified, local: Local) -> Type:
        """Ask a condition of some or every entry."""
        self.condition(node.body, self.bound(node.iterations, local), "what stands after 'satisfies'")
        return BOOLEAN

    def logic(self, node: nodes.Logic, local: Local) -> Type:
        """Join conditions; each may lean on those before it."""
        inner = local
        for item in node.items:
            self.condition(item, inner, f"each side of '{node.op}'")
            inner = narrowed(item, inner, self.type_of, holds=node.op == "and")
        return BOOLEAN

    def compare(self, node: nodes.Compare, local: Local) -> Type:
        """Compare two values."""
        self.against(
            node, node.op, (node.left, self.of(node.left, local)), (node.right, self.of(node.right, local))
        )
        return BOOLEAN

    def against(self, node: Node, op: str, left: tuple[Node, Type], right: tuple[Node, Type]) -> None:
        """Note a comparison that can never be made, or whose result is settled beforehand."""
        if not operators.comparable(op, left[1], right[1]):
            self.incomparable(node, op, left, right)
            return
        if op not in ("=", "!="):
            for side, found in (left, right):
                self.maybe_null(side, found, "comparing it")
        always = operators.settled(op, left[1], right[1])
        if always is not None:
            what = f"'{self.said(left[0])} {op} {self.said(right[0])}' is always {str(always).lower()}"
            self.wrong(
                node, "always", f"{what}{because(left[1], right[1])}", nearest(left[1], right[1]), "warning"
            )

    def incomparable(self, node: Node, op: str, left: tuple[Node, Type], right: tuple[Node, Type]) -> None:
        """Note a comparison between things of different kinds."""
        what = f"'{self.said(left[0])}' is {left[1].words()}, '{self.said(right[0])}' is {right[1].words()}"
        if left[1].is_only("list") is not right[1].is_only("list"):
            mend = "Say of which: some … in … satisfies …, or take one with [1]."
            self.wrong(node, "list-for-one", f"{what}: they cannot be compared with {op}", mend)
        else:
            mend = "Compare things of one kind."
            self.wrong(node, "type", f"{what}: they cannot be compared with {op}", mend)

    def arithmetic(self, node: nodes.Arithmetic, local: Local) -> Type:
        """Calculate with two values."""
        left, right = self.of(node.left, local), self.of(node.right, local)
        found = operators.calculated(node.op, left, right)
        if found is not None:
            self.maybe_null(node.left, left, "calculating with it")
            self.maybe_null(node.right, right, "calculating with it")
            return found
        sides = ((node.left, left), (node.right, right))
        what = " and ".join(f"'{self.said(side)}' is {type_.words()}" for side, type_ in sides)
        if left.is_only("list") or right.is_only("list"):
            mend = "Say which value is meant: sum(…), max(…), or one of them with [1]."
            self.wrong(node, "list-for-one", f"{what}: {node.op} wants single values", mend)
        else:
            mend = "Calculate with numbers, dates and durations; string(…) makes a text of a number."
            self.wrong(node, "type", f"{what}: {node.op} is not defined between them", mend)
        return ANY

    def negate(self, node: nodes.Negate, local: Local) -> Type:
        """Change a sign."""
        operand = self.of(node.operand, local)
        found = operators.negated(operand)
        if found is None:
            what = f"'{self.said(node.operand)}' is {operand.words()}: it has no sign to change"
            self.wrong(node, "type", what, "Use a number or a duration.")
        return found or ANY

    def between(self, node: nodes.Between, local: Local) -> Type:
        """Compare with two limits."""
        operand = (node.operand, self.of(node.operand, local))
        self.slipped(slips.backwards(node, self.said))
        for op, end in ((">=", node.low), ("<=", node.high)):
            found = self.of(end, local)
            if not operators.comparable(op, operand[1], found):
                self.incomparable(node, op, operand, (end, found))
        return BOOLEAN

    def membership(self, node: nodes.In, local: Local) -> Type:
        """Ask whether a value is among some."""
        operand = self.of(node.operand, local)
        for test in node.tests:
            if isinstance(test, nodes.RangeOf):
                self.slipped(slips.backwards(test, self.said))
            self.tested(test, (node.operand, operand), local)
        return BOOLEAN

    def tested(self, node: Node, subject: tuple[Node, Type], local: Local) -> None:
        """Check one test of a value: of `in`, or in a cell."""
        if isinstance(node, nodes.Test):
            self.against(node, node.op, subject, (node.operand, self.of(node.operand, local)))
        elif isinstance(node, nodes.RangeOf):
            for op, end in ((">=", node.low), ("<=", node.high)):
                found = self.of(end, local)
                if not operators.comparable(op, subject[1], found):
                    self.incomparable(node, op, subject, (end, found))
        elif _mentions_input(node):
            inner = {"?": subject[1], **local}
            self.condition(node, inner, "a test with ?", kinds=("boolean", "list", "range"))
        elif not self.slipped(slips.no_interval(node, self.said)):
            self.equal(node, subject, self.of(node, local))

    def equal(self, node: Node, subject: tuple[Node, Type], found: Type) -> None:
        """Check a test by a value: equal to it, or among it where it is a list or an interval."""
        if found.is_only("range") or (found.is_only("list") and not subject[1].is_only("list")):
            found = found.item or ANY
        if not operators.comparable("=", subject[1], found):
            self.incomparable(node, "=", subject, (node, found))
        elif operators.settled("=", subject[1], found) is False:
            what = f"'{self.said(subject[0])}' is never '{self.said(node)}'{because(subject[1], found)}"
            self.wrong(node, "always", what, nearest(subject[1], found), "warning")

    def cell(self, node: Node, heading: tuple[Node, Type]) -> None:
        """Check a table's cell against its heading. What it never is, the judgement of the table says."""
        if isinstance(node, nodes.UnaryTests):
            for test in node.tests:
                self.tested(test, heading, {})
            self.problems = [one for one in self.problems if one.code != "always"]

    def listed(self, node: nodes.ListOf, local: Local) -> Type:
        """Make a list."""
        items = [self.of(item, local) for item in node.items]
        made = items[0] if items else ANY
        for one in items[1:]:
            made = either(made, one)
        return list_of(made)

    def context(self, node: nodes.ContextOf, local: Local) -> Type:
        """Make an entry; what stands later may use what stands before."""
        inner = dict(local)
        fields: dict[str, Type] = {}
        for key, item in zip(node.keys, node.items, strict=True):
            if isinstance(item, nodes.Function):
                inner[key] = replace(FUNCTION, parameters=item.parameters)
            fields[key] = inner[key] = self.of(item, inner)
        return entry(fields)

    def function(self, node: nodes.Function, local: Local) -> Type:
        """Make a function; its parameters can be anything unless they say."""
        inner = {**local, **dict.fromkeys(node.parameters, ANY)}
        return replace(FUNCTION, parameters=node.parameters, result=self.of(node.body, inner))

    def interval(self, node: nodes.RangeOf, local: Local) -> Type:
        """Make an interval; both ends are of one kind."""
        low, high = self.of(node.low, local), self.of(node.high, local)
        if not operators.comparable("<", low, high) and low.present and high.present:
            self.incomparable(node, "..", (node.low, low), (node.high, high))
        self.slipped(slips.backwards(node, self.said))
        return replace(RANGE, item=either(present(low), present(high)))


def _mentions_input(node: Node) -> bool:
    return (isinstance(node, nodes.Name) and node.name == "?") or any(map(_mentions_input, children(node)))


_RULES: Mapping[type[Node], Callable[[Inference, Any, Local], Type]] = {
    nodes.Literal: lambda _walk, node, _local: of_value(node.value),
    nodes.Name: Inference.name,
    nodes.Path: Inference.path,
    nodes.Filter: Inference.filter,
    nodes.Call: Inference.call,
    nodes.If: Inference.choice,
    nodes.For: Inference.loop,
    nodes.Quantified: Inference.quantified,
    nodes.Logic: Inference.logic,
    nodes.Compare: Inference.compare,
    nodes.Arithmetic: Inference.arithmetic,
    nodes.Negate: Inference.negate,
    nodes.Between: Inference.between,
    nodes.In: Inference.membership,
    nodes.Known: Inference.truth,
    nodes.InstanceOf: Inference.truth,
    nodes.ListOf: Inference.listed,
    nodes.ContextOf: Inference.context,
    nodes.Function: Inference.function,
    nodes.RangeOf: Inference.interval,
    nodes.Test: lambda walk, node, local: replace(RANGE, item=walk.of(node.operand, local)),
}
