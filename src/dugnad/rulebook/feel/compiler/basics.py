"""Code for arithmetic, comparison, logic, choice, paths, lists and contexts."""

from datetime import date
from decimal import Decimal, DecimalException

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.bounds import charge
from dugnad.rulebook.feel.compiler.builder import Builder, compiles, note
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.properties import property_of
from dugnad.rulebook.feel.typed import NULL, resolve, unknown_type
from dugnad.rulebook.feel.values import Code, Env, Unknown, Value, merged_unknown, unknown_or

_PLAIN = frozenset((Decimal, str, bool))
_MANY_ENTRIES = 12
ORDERED_PLAIN = frozenset((Decimal, str, date))
"""Types whose values Python orders as FEEL does, each among its own."""


def _slowly(env: Env, node: nodes.Arithmetic, left: Value, right: Value) -> Value:
    try:
        return charge(env, operators.calculate(node.op, left, right))
    except Fault as fault:
        return note(env, node, fault)


@compiles(nodes.Arithmetic)
def arithmetic(builder: Builder, node: nodes.Arithmetic) -> Code:
    """Two numbers go straight to the decimal context; everything else takes the slow path."""
    if isinstance(node.left, nodes.Arithmetic):
        return _chain(builder, node)
    left, right = builder.compile(node.left), builder.compile(node.right)
    exact = operators.ARITHMETIC[node.op]

    def run(env: Env) -> Value:
        a = left(env)
        b = right(env)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return exact(a, b)
            except DecimalException:
                pass
        return _slowly(env, node, a, b)

    def run_constant(env: Env) -> Value:
        a = left(env)
        if type(a) is Decimal:
            try:
                return exact(a, constant)
            except DecimalException:
                pass
        return _slowly(env, node, a, constant)

    if isinstance(node.right, nodes.Literal) and type(node.right.value) is Decimal:
        constant = node.right.value
        return run_constant
    return run


def _chain(builder: Builder, node: nodes.Arithmetic) -> Code:
    """Calculate ``a + b - c …`` from left to right in one loop, so that its length does not matter."""
    operand, nodes_of_steps = nodes.chain(node)
    first = builder.compile(operand)
    steps = [(operators.ARITHMETIC[step.op], builder.compile(step.right), step) for step in nodes_of_steps]

    def run(env: Env) -> Value:
        a = first(env)
        for exact, right, step in steps:
            b = right(env)
            if type(a) is Decimal and type(b) is Decimal:
                try:
                    a = exact(a, b)
                except DecimalException:
                    a = _slowly(env, step, a, b)
            else:
                a = _slowly(env, step, a, b)
        return a

    return run


@compiles(nodes.Negate)
def _negate(builder: Builder, node: nodes.Negate) -> Code:
    operand = builder.compile(node.operand)

    def run(env: Env) -> Value:
        try:
            return operators.negate(operand(env))
        except Fault as fault:
            return note(env, node, fault)

    if isinstance(node.operand, nodes.Literal):
        try:
            value = operators.negate(node.operand.value)
        except Fault:
            return run
        return lambda _env: value
    return run


def compared(op: str, a: Value, b: Value) -> Value:
    """Compare any two values by any of the six operators. Raises Fault."""
    if op == "=":
        return operators.equal(a, b)
    if op == "!=":
        same = operators.equal(a, b)
        return same if type(same) is Unknown else not same
    return operators.compare(op, a, b)


@compiles(nodes.Compare)
def compare(builder: Builder, node: nodes.Compare) -> Code:
    """Numbers, texts and booleans are compared at once; everything else takes the slow path."""
    left, right, op = builder.compile(node.left), builder.compile(node.right), node.op
    order = operators.ORDERS.get(op)

    def slow(env: Env, a: Value, b: Value) -> Value:
        try:
            return compared(op, a, b)
        except Fault as fault:
            return note(env, node, fault)

    def run_order(env: Env) -> Value:
        a = left(env)
        b = right(env)
        if type(a) is type(b) and type(a) in ORDERED_PLAIN and order is not None:
            return order(a, b)
        return slow(env, a, b)

    def run_equal(env: Env) -> Value:
        a = left(env)
        b = right(env)
        if type(a) is type(b) and type(a) in _PLAIN:
            return (a == b) is wanted
        return slow(env, a, b)

    wanted = op == "="
    return run_order if order is not None else run_equal


@compiles(nodes.Between)
def _between(builder: Builder, node: nodes.Between) -> Code:
    operand, low, high = builder.compile_all((node.operand, node.low, node.high))

    def run(env: Env) -> Value:
        value = operand(env)
        wrong: Fault | None = None
        ends: list[Value] = []
        for op, end in ((">=", low), ("<=", high)):
            try:
                ends.append(operators.compare(op, value, end(env)))
            except Fault as fault:
                wrong = fault
        if False in ends:
            return False
        return unknown_or(ends, True) if wrong is None else note(env, node, wrong)

    return run


@compiles(nodes.Logic)
def _logic(builder: Builder, node: nodes.Logic) -> Code:
    codes = builder.compile_all(node.items)
    settles = node.op == "or"

    def undecided(env: Env, pending: list[Value]) -> Value:
        unknowns = merged_unknown([value for value in pending if type(value) is Unknown])
        wrong = [value for value in pending if type(value) is not Unknown]
        if wrong:
            note(env, node, operators.mismatch(node.op, *wrong))
            return None
        return unknowns

    def run(env: Env) -> Value:
        pending: list[Value] | None = None
        for code in codes:
            value = code(env)
            if value is settles:
                return settles
            if value is not True and value is not False:
                pending = [*pending, value] if pending else [value]
        return (not settles) if pending is None else undecided(env, pending)

    return run


@compiles(nodes.If)
def _if(builder: Builder, node: nodes.If) -> Code:
    condition, yes, no = builder.compile_all((node.condition, node.yes, node.no))

    def run(env: Env) -> Value:
        holds = condition(env)
        if holds is True:
            return yes(env)
        if holds is not False:
            if type(holds) is Unknown:
                return holds
            note(env, node.condition, operators.mismatch("if", holds))
        return no(env)

    return run


@compiles(nodes.Known)
def _known(builder: Builder, node: nodes.Known) -> Code:
    operand, wanted = builder.compile(node.operand), node.known

    def run(env: Env) -> Value:
        value = operand(env)
        return (value is not None and type(value) is not Unknown) is wanted

    return run


@compiles(nodes.Path)
def _path(builder: Builder, node: nodes.Path) -> Code:
    base, name = builder.compile(node.base), node.name

    def run(env: Env) -> Value:
        value = base(env)
        if type(value) is dict:
            try:
                return value[name]
            except KeyError:
                pass
        try:
            return charge(env, property_of(value, name))
        except Fault as fault:
            return note(env, node, fault)

    return run


@compiles(nodes.ListOf)
def _list(builder: Builder, node: nodes.ListOf) -> Code:
    codes = builder.compile_all(node.items)
    return lambda env: [code(env) for code in codes]


@compiles(nodes.ContextOf)
def _context(builder: Builder, node: nodes.ContextOf) -> Code:
    builder.enter_many(())
    builder.grows = builder.grows or len(node.items) >= _MANY_ENTRIES
    entries: list[tuple[str, int, Code, bool]] = []
    for key, item in zip(node.keys, node.items, strict=True):
        if isinstance(item, nodes.Function):
            slot = builder.add(key)
            entries.append((key, slot, builder.compile(item), True))
        else:
            code = builder.compile(item)
            entries.append((key, builder.add(key), code, False))
    builder.leave()

    def run(env: Env) -> Value:
        made: dict[str, Value] = {}
        for key, slot, code, written_here in entries:
            value = made[key] = env[slot] = code(env)
            if written_here:
                value.frame[slot] = value
        return made

    return run


@compiles(nodes.InstanceOf)
def _instance_of(builder: Builder, node: nodes.InstanceOf) -> Code:
    operand, kind = builder.compile(node.operand), resolve(node.type, builder.types)

    def run(env: Env) -> Value:
        value = operand(env)
        if kind is None:
            return note(env, node, unknown_type(node.type))
        if value is None:
            return kind == NULL
        return value if type(value) is Unknown else kind.holds(value)

    return run
