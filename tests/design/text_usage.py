"""Which texts the templates and the code ask for, read from their syntax trees.

A module that puts keys together, or reads its own words by their beginning (`letter.`), uses all that
begin so.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, nodes


@dataclass
class Usage:
    """Keys written out, with where; and beginnings such as `error.` of keys put together while running."""

    keys: dict[str, str] = field(default_factory=dict)
    beginnings: set[str] = field(default_factory=set)
    strings: set[str] = field(default_factory=set)

    def uses(self, key: str) -> bool:
        """Whether somebody may ask for `key`."""
        return key in self.keys or key in self.strings or any(map(key.startswith, self.beginnings))


def usage_in(package: Path, skip: Callable[[Path], bool] = lambda _: False) -> Usage:
    """Read every template and module under `package`, save those to `skip`."""
    usage = Usage()
    for template in package.rglob("*.html"):
        if not skip(template):
            _read_template(template, usage)
    for module in package.rglob("*.py"):
        _read_module(module, usage)
    return usage


def _read_template(path: Path, usage: Usage) -> None:
    tree = Environment(autoescape=True).parse(path.read_text("utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args:
            _note(call.args[0], f"{path}:{call.lineno}", usage)
    # Keys handed on as data, such as the pairs of a loop.
    usage.strings.update(c.value for c in tree.find_all(nodes.Const) if isinstance(c.value, str))


def _note(argument: nodes.Expr, place: str, usage: Usage) -> None:
    if isinstance(argument, nodes.Const):
        usage.keys[str(argument.value)] = place
    elif isinstance(argument, nodes.Concat) and isinstance(argument.nodes[0], nodes.Const):
        usage.beginnings.add(str(argument.nodes[0].value))
    elif isinstance(argument, nodes.CondExpr):
        for branch in (argument.expr1, argument.expr2):
            if branch is not None:
                _note(branch, place, usage)


def _read_module(path: Path, usage: Usage) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            usage.strings.add(node.value)
            if node.value.endswith(".") and " " not in node.value and len(node.value) > 1:
                usage.beginnings.add(node.value)
        elif isinstance(node, ast.Call) and _names_t(node.func) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                usage.keys[first.value] = f"{path}:{node.lineno}"
        if isinstance(node, ast.JoinedStr):
            usage.beginnings.update(_beginnings(node))


def _names_t(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "t") or (
        isinstance(function, ast.Attribute) and function.attr == "t"
    )


def _beginnings(node: ast.JoinedStr) -> Iterator[str]:
    first = node.values[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
        yield first.value
