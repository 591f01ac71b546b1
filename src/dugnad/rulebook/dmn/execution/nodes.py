"""What DMN's boxes need beside FEEL's own tree: a typed value, a row, a table, and what cannot be run."""

from dataclasses import dataclass, replace

from dugnad.rulebook.feel.bounds import RECORDER, WORK
from dugnad.rulebook.feel.compiler.builder import Builder, compiles, note
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar.nodes import Name, Node
from dugnad.rulebook.feel.typed import FeelType, coerced
from dugnad.rulebook.feel.values import Code, Env, Value, is_context
from dugnad.rulebook.tables.compiled import CompiledTable
from dugnad.rulebook.tables.prepare import Prepared
from dugnad.rulebook.trace import Step


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """A value of which a type is asked: converted to it, else null and a diagnostic (DMN 1.5, 10.3.2.9.4)."""

    node: Node
    kind: FeelType


@dataclass(frozen=True, slots=True)
class Allowed(Node):
    """An input of a table with the values it may have; any other makes the whole table null (DMN 1.5, 8.2.7)."""

    node: Node
    kind: FeelType
    said: str


@dataclass(frozen=True, slots=True)
class Traced(Node):
    """A named value inside a box, shown in the trace with what it read."""

    node: Node
    step: Step


@dataclass(frozen=True, slots=True)
class Refused(Node):
    """What is not run, and why: wrong FEEL, a function in Java, a box without content."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RowOf(Node):
    """One row of a relation: a context whose entries do not see each other."""

    keys: tuple[str, ...]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class TableOf(Node):
    """A decision table, prepared with an environment of ``size`` places of its own; ``outputs`` are the types of
    its output columns, None where nothing is asked.
    """

    prepared: Prepared
    size: int
    outputs: tuple[FeelType | None, ...]


@compiles(Typed)
def _typed(builder: Builder, node: Typed) -> Code:
    return _conforming(builder.compile(node.node), node.kind, node)


def _conforming(code: Code, kind: FeelType, node: Node) -> Code:
    def run(env: Env) -> Value:
        try:
            return coerced(code(env), kind)
        except Fault as fault:
            return note(env, node, fault)

    return run


@compiles(Traced)
def _traced(builder: Builder, node: Traced) -> Code:
    code, step = builder.compile(node.node), node.step
    reads = [builder.read(Name(0, 0, name)) for name in step.reads]

    def run(env: Env) -> Value:
        value = code(env)
        recorder = env[RECORDER]
        if recorder is not None:
            recorder.add(step, [read(env) for read in reads], value)
        return value

    return run


@compiles(Allowed)
def _allowed(builder: Builder, node: Allowed) -> Code:
    code, kind = builder.compile(node.node), node.kind
    message = f"The input is not one of the values allowed: {node.said}."

    def run(env: Env) -> Value:
        value = code(env)
        if kind.admits(value):
            return value
        raise Fault("not-allowed", message)

    return run


@compiles(Refused)
def _refused(_builder: Builder, node: Refused) -> Code:
    fault = Fault(node.code, node.message)
    return lambda env: note(env, node, fault)


@compiles(RowOf)
def _row(builder: Builder, node: RowOf) -> Code:
    codes = builder.compile_all(node.items)
    keys = node.keys
    return lambda env: {key: code(env) for key, code in zip(keys, codes, strict=True)}


@compiles(TableOf)
def _table(builder: Builder, node: TableOf) -> Code:
    """Compile a table with an environment of its own; it is handed the names around it as values."""
    prepared = node.prepared
    outputs = tuple(_typed_cells(codes, node) for codes in prepared.outputs)
    defaults = prepared.defaults and _typed_cells(prepared.defaults, node)
    table = CompiledTable(replace(prepared, outputs=outputs, defaults=defaults), node.size)
    around = _names_around(builder)
    items = [level.item for level in builder.levels if level.item is not None]

    def run(env: Env) -> Value:
        values = env[0]
        if around or items:
            values = dict(values)
            for slot in items:
                if is_context(env[slot]):
                    values.update(env[slot])
            values.update({name: code(env) for name, code in around})
        try:
            return table(values, env[RECORDER], env[WORK])
        except Fault as fault:
            return note(env, node, fault)

    return run


def _names_around(builder: Builder) -> list[tuple[str, Code]]:
    names = dict.fromkeys(name for level in builder.levels for name in level.slots)
    return [(name, builder.read(Name(0, 0, name))) for name in names]


def _typed_cells(codes: tuple[Code, ...], node: TableOf) -> tuple[Code, ...]:
    pairs = zip(codes, node.outputs, strict=True)
    return tuple(code if kind is None else _conforming(code, kind, node) for code, kind in pairs)
