"""Code for calls and for functions written in an expression."""

from collections.abc import Callable
from functools import cache
from operator import contains
from typing import Any

from dugnad.rulebook.feel.bounds import RECORDER, WORK, charge, deeper, work
from dugnad.rulebook.feel.builtins.registry import REGISTRY, Signature, apply, apply_named
from dugnad.rulebook.feel.compiler.builder import Builder, compiles, note
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.typed import coerced, resolve, unknown_type
from dugnad.rulebook.feel.values import Code, Env, FunctionValue, Unknown, Value, is_context

CALL_COST = 5
"""What the call of a written function counts for, beside a turn of a loop."""
CALL_LEVELS = 3
"""How many levels the call itself is deep, beside the body of the function."""
_Way = tuple[tuple[frozenset[type[Any]], ...], Callable[..., Value]]


@compiles(nodes.Call)
def _call(builder: Builder, node: nodes.Call) -> Code:
    target = node.target
    if (
        isinstance(target, nodes.Name)
        and target.name in REGISTRY
        and not target.declared
        and target.name not in builder.names
        and not builder.is_local(target.name)
    ):
        return _builtin_call(builder, node, target.name)
    return _value_call(builder, node)


def _builtin_call(builder: Builder, node: nodes.Call, name: str) -> Code:
    """Arguments that fit as they are go straight to the function; all others are converted or refused."""
    signatures = tuple(REGISTRY[name])
    codes = builder.compile_all(node.arguments)
    named = node.named
    known = _ways(name, len(codes))

    def slow(env: Env, arguments: list[Value]) -> Value:
        if named:
            return charge(env, apply_named(name, signatures, env, named, arguments))
        return charge(env, apply(name, signatures, env, arguments))

    def run(env: Env) -> Value:
        arguments = [code(env) for code in codes]
        try:
            function = None if named else known[tuple(map(type, arguments))]
            if function is None:
                return slow(env, arguments)
            made = function(*arguments)
            return charge(env, made) if type(made) is str else made
        except Fault as fault:
            return note(env, node, fault)

    def run_one(env: Env) -> Value:
        argument = only(env)
        try:
            function = known[(type(argument),)]
            if function is None:
                return slow(env, [argument])
            made = function(argument)
            return charge(env, made) if type(made) is str else made
        except Fault as fault:
            return note(env, node, fault)

    if len(codes) == 1 and not named:
        only = codes[0]
        return run_one
    return run


class _Ways(dict[tuple[type[Any], ...], Callable[..., Value] | None]):
    """Which function takes arguments of these Python types as they are; None where they must be looked at."""

    def __init__(self, ways: tuple[_Way, ...]) -> None:
        super().__init__()
        self._ways = ways

    def __missing__(self, kinds: tuple[type[Any], ...]) -> Callable[..., Value] | None:
        fitting = (function for types, function in self._ways if all(map(contains, types, kinds)))
        found = self[kinds] = next(fitting, None)
        return found


@cache
def _ways(name: str, count: int) -> _Ways:
    """Give the ways to call a function with so many arguments; shared by all its calls."""
    return _Ways(_plain_ways(tuple(REGISTRY[name]), count))


def _plain_ways(signatures: tuple[Signature, ...], count: int) -> tuple[_Way, ...]:
    if not count:
        return ()
    fitting = [signature for signature in signatures if signature.takes(count) and not signature.with_env]
    types = [signature.plain_types(count) for signature in fitting]
    return tuple(
        (plain, signature.function)
        for plain, signature in zip(types, fitting, strict=True)
        if plain is not None
    )


def _value_call(builder: Builder, node: nodes.Call) -> Code:
    target = builder.compile(node.target)
    codes = builder.compile_all(node.arguments)
    named = node.named

    def run(env: Env) -> Value:
        function = target(env)
        arguments = [code(env) for code in codes]
        if type(function) is Unknown:
            return function
        try:
            if type(function) is not FunctionValue:
                raise _not_a_function()
            if named and function.builtin:
                return apply_named(function.builtin, REGISTRY[function.builtin], env, named, arguments)
            return function.call(env, _ordered(function, named, arguments))
        except Fault as fault:
            return note(env, node, fault)

    return run


def _refused(mapping: Value) -> Fault:
    """Make the fault of a function that is written elsewhere, and name it."""
    kind, said = next(iter(mapping.items()), ("", None)) if is_context(mapping) else ("", None)
    parts = [str(value) for value in said.values()] if isinstance(said, dict) else []
    name = ".".join(part for part in parts[:2] if part) or "an external function"
    return Fault(
        "external-function", f"{name} is not written in FEEL ({kind or 'external'}) and is not run here."
    )


def _not_a_function() -> Fault:
    return Fault("not-a-function", "What is called here is not a function.")


def _ordered(function: FunctionValue, named: tuple[str, ...] | None, arguments: list[Value]) -> list[Value]:
    if named is None:
        return arguments
    given = dict(zip(named, arguments, strict=True))
    if len(given) < len(arguments):
        raise Fault("wrong-arguments", "The function is given one argument twice.")
    wrong = next((name for name in named if name not in function.parameters), None)
    if wrong is not None:
        raise Fault(
            "wrong-arguments", f"The function has no parameter “{wrong}”.", (wrong, function.parameters)
        )
    return [given.get(parameter) for parameter in function.parameters]


@compiles(nodes.Function)
def _function(builder: Builder, node: nodes.Function) -> Code:
    builder.grows = True
    slots = builder.enter_many(node.parameters)
    body = builder.compile(node.body)
    builder.leave()
    written = [(ref, None if ref is None else resolve(ref, builder.types)) for ref in node.types]
    wrong = next((ref for ref, kind in written if ref is not None and kind is None), None)
    kinds = tuple(kind for _, kind in written)
    external, levels = node.external, nodes.height(node.body) + CALL_LEVELS

    def make(env: Env) -> Value:
        captured = env[:]

        def call(caller: Env, arguments: list[Value]) -> Value:
            if len(arguments) != len(slots):
                raise Fault("wrong-arguments", f"The function takes {len(slots)} arguments.")
            frame = captured[:]
            frame[RECORDER], frame[WORK] = caller[RECORDER], caller[WORK]
            work(caller, CALL_COST)
            if wrong is not None:
                raise unknown_type(wrong)
            if external:
                raise _refused(body(frame))
            for slot, value, kind in zip(slots, arguments, kinds, strict=True):
                frame[slot] = value if kind is None else coerced(value, kind)
            return deeper(frame, levels, body)

        return FunctionValue(node.parameters, call, captured, kinds)

    return make
