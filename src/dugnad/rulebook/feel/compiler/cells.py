"""Code for ranges, ``in``, and the unary tests of table cells."""

from decimal import Decimal

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.compiler.basics import ORDERED_PLAIN, compared
from dugnad.rulebook.feel.compiler.builder import Builder, compiles, new_env, note
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, walk
from dugnad.rulebook.feel.values import Code, Env, Range, Unknown, Value, unknown_or

_PLAIN = frozenset((Decimal, str, bool))


@compiles(nodes.RangeOf)
def _range(builder: Builder, node: nodes.RangeOf) -> Code:
    low, high = builder.compile(node.low), builder.compile(node.high)

    def run(env: Env) -> Value:
        try:
            return operators.make_range(
                low(env), high(env), low_included=node.low_included, high_included=node.high_included
            )
        except Fault as fault:
            return note(env, node, fault)

    if isinstance(node.low, nodes.Literal) and isinstance(node.high, nodes.Literal):
        constant = run(new_env({}, None, []))
        return run if constant is None else lambda _env: constant
    return run


@compiles(nodes.Test)
def _test_as_value(builder: Builder, node: nodes.Test) -> Code:
    operand, op = builder.compile(node.operand), node.op

    def run(env: Env) -> Value:
        value = operand(env)
        if type(value) is Unknown:
            return value
        try:
            return operators.range_by(op, value)
        except Fault as fault:
            return note(env, node, fault)

    return run


def mentions_input(node: Node) -> bool:
    """Tell whether the expression speaks of the input itself, ``?``."""
    return any(isinstance(part, nodes.Name) and part.name == "?" for part in walk(node))


def compile_test(builder: Builder, node: Node, subject: Code) -> Code:
    """Give the code of one test of ``subject``: true, false, unknown, or null after an error."""
    if isinstance(node, nodes.Test):
        return _comparison(builder, node, subject)
    if isinstance(node, nodes.RangeOf):
        return _in_range(builder, node, subject)
    wanted = builder.compile(node)
    if mentions_input(node):
        return _asked(node, subject, wanted)
    constant = node.value if isinstance(node, nodes.Literal) and type(node.value) in _PLAIN else None

    def run(env: Env) -> Value:
        value = subject(env)
        if type(value) is type(constant) and constant is not None:
            return bool(value == constant)
        try:
            return operators.passes(value, wanted(env))
        except Fault as fault:
            return note(env, node, fault)

    return run


def _asked(node: Node, subject: Code, wanted: Code) -> Code:
    """Take a condition of ``?`` for the outcome; any other value is one to look in (table 55): ``"a" in ?``."""

    def run(env: Env) -> Value:
        found = wanted(env)
        if found is None or type(found) in (bool, Unknown):
            return found
        try:
            return operators.passes(subject(env), found)
        except Fault as fault:
            return note(env, node, fault)

    return run


def _in_range(builder: Builder, node: nodes.RangeOf, subject: Code) -> Code:
    wanted = builder.compile(node)
    above = operators.ORDERS[">=" if node.low_included else ">"]
    below = operators.ORDERS["<=" if node.high_included else "<"]

    def run(env: Env) -> Value:
        value, interval = subject(env), wanted(env)
        if type(value) in ORDERED_PLAIN and type(interval) is Range:
            low, high = interval.low, interval.high
            if type(low) is type(value) and type(high) is type(value):
                return above(value, low) and below(value, high)
        try:
            return operators.passes(value, interval)
        except Fault as fault:
            return note(env, node, fault)

    return run


def _comparison(builder: Builder, node: nodes.Test, subject: Code) -> Code:
    operand, op = builder.compile(node.operand), node.op
    order = operators.ORDERS.get(op)

    def run(env: Env) -> Value:
        value, limit = subject(env), operand(env)
        if type(value) is type(limit) and type(value) in ORDERED_PLAIN and order is not None:
            return order(value, limit)
        try:
            return compared(op, value, limit)
        except Fault as fault:
            return note(env, node, fault)

    return run


def compile_tests(builder: Builder, node: nodes.UnaryTests, slot: int) -> Code | None:
    """Give the code of a whole cell, its input being in ``slot``; None for a cell that accepts anything."""
    if not node.tests:
        return None
    codes = [compile_test(builder, test, lambda env: env[slot]) for test in node.tests]
    joined = codes[0] if len(codes) == 1 else _any_of(codes)
    if not node.negated:
        return joined

    def run(env: Env) -> Value:
        outcome = joined(env)
        return (not outcome) if type(outcome) is bool else outcome

    return run


def _any_of(codes: list[Code]) -> Code:
    def run(env: Env) -> Value:
        undecided: list[Value] = []
        failed = False
        for code in codes:
            outcome = code(env)
            if outcome is True:
                return True
            if type(outcome) is Unknown:
                undecided.append(outcome)
            elif outcome is not False:
                failed = True
        return unknown_or(undecided, None if failed else False)

    return run


@compiles(nodes.UnaryTests)
def _unary_tests(builder: Builder, node: nodes.UnaryTests) -> Code:
    """Compile a cell standing alone: its input is the value named ``?``."""
    slot = builder.enter("?")
    code = compile_tests(builder, node, slot)
    builder.leave()

    def run(env: Env) -> Value:
        env[slot] = env[0].get("?")
        return True if code is None else code(env)

    return run


@compiles(nodes.In)
def _in(builder: Builder, node: nodes.In) -> Code:
    """In a cell ``?`` is the input of that cell; anywhere else what stands before ``in`` (table 55)."""
    operand = builder.compile(node.operand)
    inside = any("?" in level.slots for level in builder.levels)
    slot = builder.enter(None if inside else "?")
    joined = _any_of([compile_test(builder, test, lambda env: env[slot]) for test in node.tests])
    builder.leave()

    def run(env: Env) -> Value:
        env[slot] = operand(env)
        return joined(env)

    return run
