"""The frame of the compiler: which code belongs to which node, where a name's value is, how an error is
noted.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from dugnad.rulebook.feel.bounds import FIRST_SLOT, MAX_WORK, RECORDER
from dugnad.rulebook.feel.builtins.registry import builtin_value
from dugnad.rulebook.feel.compiler.recorders import DiagnosticSink
from dugnad.rulebook.feel.diagnostics import Diagnostic, Fault
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.feel.typed import FeelType
from dugnad.rulebook.feel.values import Code, Env, Unknown, Value, is_context

MAX_DIAGNOSTICS = 1000
"""Diagnostics kept of one decision; one is enough to stop automation."""
Missing = Literal["unknown", "null"]
"""What a name has for value when none was given: an unknown fact, or null with a diagnostic."""
_N = TypeVar("_N", bound=Node)
_RULES: dict[type[Node], Callable[["Builder", Any], Code]] = {}


def compiles(kind: type[_N]) -> Callable[[Callable[["Builder", _N], Code]], Callable[["Builder", _N], Code]]:
    """Register the function that compiles this kind of node."""

    def register(rule: Callable[["Builder", _N], Code]) -> Callable[["Builder", _N], Code]:
        _RULES[kind] = rule
        return rule

    return register


def note(env: Env, node: Node, fault: Fault) -> Value:
    """Record an error on the evaluated path; its value is null."""
    recorder = env[RECORDER]
    if recorder is not None and len(recorder.diagnostics) < MAX_DIAGNOSTICS:
        recorder.diagnostics.append(Diagnostic(fault.code, fault.message, node.start, node.end))
    return None


def new_env(values: Mapping[str, Value], recorder: DiagnosticSink | None, slots: list[Value]) -> Env:
    """Give the environment of one evaluation: values, recorder, the work still allowed, empty slots."""
    return [values, recorder, [MAX_WORK], *slots]


@dataclass(slots=True)
class _Level:
    """Local names with their slots; ``item`` is the slot of a filter's item, whose properties are names
    too.
    """

    slots: dict[str, int]
    item: int | None = None


@dataclass(slots=True)
class Builder:
    """Compiles one expression (or one table); gives every local name a slot in the environment.

    ``grows``: by a loop, a function or a long context the value could hold itself so often that it cannot be written.
    """

    names: Collection[str] = ()
    types: Mapping[str, FeelType] = field(default_factory=dict)
    missing: Missing = "unknown"
    size: int = FIRST_SLOT
    levels: list[_Level] = field(default_factory=list)
    grows: bool = False

    def compile(self, node: Node) -> Code:
        """Give the code of a node."""
        return _RULES[type(node)](self, node)

    def compile_all(self, items: Collection[Node]) -> list[Code]:
        """Give the codes of several nodes."""
        return [self.compile(item) for item in items]

    def slot(self) -> int:
        """Reserve a place in the environment."""
        self.size += 1
        return self.size - 1

    def enter(self, name: str | None = None) -> int:
        """Open a level with one local name; gives its slot."""
        slot = self.slot()
        self.levels.append(_Level({name: slot} if name is not None else {}))
        return slot

    def enter_at(self, name: str, slot: int) -> None:
        """Open a level with one name whose slot is already there."""
        self.levels.append(_Level({name: slot}))

    def enter_filter(self) -> int:
        """Open the level of a filter; gives the slot of its item."""
        slot = self.slot()
        self.levels.append(_Level({"item": slot}, item=slot))
        return slot

    def enter_many(self, names: Collection[str]) -> list[int]:
        """Open a level with these names; gives their slots in order."""
        slots = {name: self.slot() for name in names}
        self.levels.append(_Level(slots))
        return list(slots.values())

    def add(self, name: str) -> int:
        """Add a name to the innermost level."""
        slot = self.levels[-1].slots[name] = self.slot()
        return slot

    def leave(self, levels: int = 1) -> None:
        """Close the innermost levels."""
        del self.levels[-levels:]

    def is_local(self, name: str) -> bool:
        """Tell whether a name is, or could be at run time, something local."""
        return any(name in level.slots or level.item is not None for level in self.levels)

    def read(self, node: nodes.Name) -> Code:
        """Give the code that reads a name: innermost first; an item's own properties come before names
        outside.
        """
        name = node.name
        items: list[int] = []
        code: Code | None = None
        for level in reversed(self.levels):
            if level.item is not None:
                items.append(level.item)
            if name in level.slots:
                code = _read_slot(level.slots[name])
                break
        code = code or (_read_value(name) if self.missing == "unknown" else _read_given(node))
        for item in reversed(items):
            code = _read_item(item, name, code)
        return code


def _read_slot(slot: int) -> Code:
    return lambda env: env[slot]


def _read_value(name: str) -> Code:
    builtin = builtin_value(name)
    missing: Value = Unknown(frozenset((name,))) if builtin is None else builtin

    def read(env: Env) -> Value:
        try:
            return env[0][name]
        except KeyError:
            return missing

    return read


def _read_given(node: nodes.Name) -> Code:
    name = node.name
    builtin = builtin_value(name)

    def read(env: Env) -> Value:
        try:
            return env[0][name]
        except KeyError:
            if builtin is not None:
                return builtin
            return note(env, node, Fault("unknown-name", "A name is used that has no value here."))

    return read


def _read_item(slot: int, name: str, outer: Code) -> Code:
    def read(env: Env) -> Value:
        item = env[slot]
        if is_context(item) and name in item:
            return item[name]
        return item if type(item) is Unknown and name != "item" else outer(env)

    return read


@compiles(nodes.Name)
def _name(builder: Builder, node: nodes.Name) -> Code:
    return builder.read(node)


@compiles(nodes.Literal)
def _literal(_builder: Builder, node: nodes.Literal) -> Code:
    value = node.value
    return lambda _env: value
