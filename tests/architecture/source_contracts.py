"""Contracts on what a file says, not which module it imports: parts of the standard library, the clock."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


class _SourceContract(Contract):
    """Reads every module of the graph that is not under one of `allowed`."""

    allowed: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment] # read by the class

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter calls it so
        del verbose
        broken: list[str] = []
        for module in sorted(graph.modules):
            place = _place(module)
            if place and not any(f"{module}.".startswith(f"{allowed}.") for allowed in self.allowed):
                tree = ast.parse(place.read_text(encoding="utf-8"))
                broken += [f"{module}:{line} {what}" for line, what in self.offences(tree)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)

    def offences(self, tree: ast.AST) -> Iterator[tuple[int, str]]:
        """Line and description of each."""
        raise NotImplementedError


class OnlyOutsideContract(_SourceContract):
    """Only modules under `allowed` may import one of `clients` (dotted names; what lies under them too)."""

    clients: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment] # read by the class

    def offences(self, tree: ast.AST) -> Iterator[tuple[int, str]]:
        """See the class."""
        for node in ast.walk(tree):
            for name in _imported(node):
                if any(f"{name}.".startswith(f"{client}.") for client in self.clients):
                    yield getattr(node, "lineno", 0), f"imports {name}"
                    break


class NoClockContract(_SourceContract):
    """Only the modules under `allowed` may ask what time it is; everybody else is told (`at=`, `on=`).

    The database's clock is not meant: a row may carry when it was recorded, beside when what it tells of
    happened.
    """

    def offences(self, tree: ast.AST) -> Iterator[tuple[int, str]]:
        """See the class."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in _CLOCKS:
                yield node.lineno, f"reads the clock: {ast.unparse(node)}"
            elif isinstance(node, ast.ImportFrom) and node.module in {"time", "django.utils.timezone"}:
                names = {alias.name for alias in node.names} & {name for _, name in _CLOCKS}
                yield from ((node.lineno, f"takes the clock: {name}") for name in sorted(names))
            elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                yield node.value.lineno, f"reads the clock: {node.arg}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _place(module: str) -> Path | None:
    """The file of an internal module; None for a package outside (the graph knows only its name)."""
    if "." not in module:
        return None
    spec = find_spec(module)
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None
