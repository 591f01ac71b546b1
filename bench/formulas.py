"""(f) A formula as closures, which is how the rulebook runs it, beside a tree walked each time and Python code written out."""

from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from itertools import count
from typing import Any, TypeAlias

from bench.measuring import Report, cpu_each
from dugnad.rulebook.feel import compile_expression, operators, parse
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.values import Value

Formula: TypeAlias = Callable[[Mapping[str, Value]], Value]
VALUES: dict[str, Value] = {"income": Decimal(512_000), "hours": Decimal(45), "price": Decimal(1200)}
FORMULAS = (
    "income * 0.06 / 11",
    "price * hours / 45",
    "if income < 692400 then 0 else price",
    "if income * 0.06 / 11 < price then income * 0.06 / 11 else price * hours / 45",
)
ROUNDS, TIMES = 9, 20_000


def run() -> Report:
    """Measure the three ways on the same formulas; they must agree."""
    report = Report(
        "formulas: one formula, three ways",
        (
            "formula",
            "closures µs (baseline)",
            "tree walked µs",
            "of closures",
            "code written out µs",
            "of closures",
        ),
    )
    for text in FORMULAS:
        node = parse(text, names=VALUES)
        ways: dict[str, Formula] = {
            "closures": compile_expression(node, names=VALUES),
            "tree": _walked(node),
            "code": _written(node),
        }
        assert len({way(VALUES) for way in ways.values()}) == 1, text
        each = {name: _cost(way) for name, way in ways.items()}
        base = each["closures"]
        report.add(f"`{text}`", base, each["tree"], each["tree"] / base, each["code"], each["code"] / base)
    report.notes += [
        "Code written out is the least any generated code could take: it does for each operation what a closure does.",
        "A whole decision (`rules`) is mostly lists, built-in functions, tables and their trace: code would save little of",
        f"it, at the price of Python's own limits on nesting. CPU time, best of {ROUNDS} rounds.",
    ]
    return report


def _cost(way: Formula) -> float:
    return cpu_each(lambda: way(VALUES), rounds=ROUNDS, times=TIMES) * 1e6


def _walked(node: Node) -> Formula:
    """Look at each node again at every evaluation."""

    def value(one: Node, values: Mapping[str, Value]) -> Value:
        match one:
            case nodes.Literal():
                return one.value
            case nodes.Name():
                return values[one.name]
            case nodes.If():
                chosen = one.yes if value(one.condition, values) is True else one.no
                return value(chosen, values)
            case nodes.Arithmetic():
                return operators.calculate(one.op, value(one.left, values), value(one.right, values))
            case nodes.Compare():
                return operators.compare(one.op, value(one.left, values), value(one.right, values))
        raise TypeError(type(one).__name__)

    return lambda values: value(node, values)


def _written(node: Node) -> Formula:
    """Write the formula as one Python function with the same checks of types and of decimal errors."""
    lines: list[str] = []
    numbers = count()

    def put(one: Node, indent: str) -> str:
        name = f"v{next(numbers)}"
        match one:
            case nodes.Literal():
                known[name] = one.value
                return _said(lines, f"{indent}{name} = {name}_", name)
            case nodes.Name():
                return _said(lines, f"{indent}{name} = values[{one.name!r}]", name)
            case nodes.If():
                condition = put(one.condition, indent)
                lines.append(f"{indent}if {condition} is True:")
                lines.append(f"{indent} {name} = {put(one.yes, indent + ' ')}")
                lines.append(f"{indent}else:")
                lines.append(f"{indent} {name} = {put(one.no, indent + ' ')}")
                return name
            case nodes.Arithmetic() | nodes.Compare():
                left, right = put(one.left, indent), put(one.right, indent)
                quick, slow = (
                    ("quick", "calculate") if isinstance(one, nodes.Arithmetic) else ("orders", "compare")
                )
                known[f"{name}q"] = known[quick][one.op]
                lines.append(f"{indent}if type({left}) is Decimal and type({right}) is Decimal:")
                lines.append(f"{indent} {name} = {name}q({left}, {right})")
                lines.append(f"{indent}else: {name} = {slow}({one.op!r}, {left}, {right})")
                return name
        raise TypeError(type(one).__name__)

    known: dict[str, Any] = {
        "Decimal": Decimal,
        "DecimalException": DecimalException,
        "calculate": operators.calculate,
        "compare": operators.compare,
        "quick": operators.ARITHMETIC,
        "orders": operators.ORDERS,
    }
    result = put(node, "  ")
    known |= {f"{name}_": value for name, value in known.items() if name.startswith("v")}
    source = "\n".join(
        [
            "def formula(values):",
            " try:",
            *lines,
            f"  return {result}",
            " except DecimalException:",
            "  return None",
        ]
    )
    exec(compile(source, "<formula>", "exec"), known)  # noqa: S102 - our own text, made above
    written: Formula = known["formula"]
    return written


def _said(lines: list[str], line: str, name: str) -> str:
    lines.append(line)
    return name
