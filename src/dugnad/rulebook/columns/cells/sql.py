"""The few pieces of SQL everything is made of, as `sqlglot` trees: small, and the same in every dialect.

Trees are copied where they are put into another, so that one may stand in many places.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from sqlglot import exp

Sql: TypeAlias = exp.Expr
Flag: TypeAlias = exp.Expr | None
"""A condition that is never NULL; None where it is never true."""
_PLAIN = (exp.Column, exp.Literal, exp.Boolean, exp.Paren, exp.Case, exp.Func, exp.Cast, exp.Null)
_JOINING = (exp.Connector, exp.Binary)


def column(name: str, table: str | None = None) -> Sql:
    """Name a column."""
    return exp.Column(
        this=exp.to_identifier(name, quoted=True),
        table=exp.to_identifier(table, quoted=True) if table else None,
    )


def truth(value: bool) -> Sql:  # noqa: FBT001 - the value itself
    """Write TRUE or FALSE."""
    return exp.Boolean(this=value)


def nothing(kind: str) -> Sql:
    """Write a NULL of this type."""
    return exp.Cast(this=exp.Null(), to=exp.DataType.build(kind))


def whole(number: int) -> Sql:
    """Write a whole number, cast where it could be taken for a smaller type."""
    literal: Sql = exp.Literal.number(str(abs(number)))
    return exp.cast(exp.Neg(this=literal) if number < 0 else literal, "BIGINT", copy=False)


def text(value: str) -> Sql:
    """Write a text."""
    return exp.Literal.string(value)


def day(value: date) -> Sql:
    """Write a date."""
    return exp.cast(exp.Literal.string(value.isoformat()), "DATE", copy=False)


def inside(part: Sql) -> Sql:
    """Copy a tree into another one, in parentheses where it needs them."""
    plain = isinstance(part, _PLAIN) and not isinstance(part, _JOINING)
    return part.copy() if plain else exp.Paren(this=part.copy())


def binary(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    """Join two trees by an operator."""
    return kind(this=inside(left), expression=inside(right))


def call(name: str, *arguments: Sql) -> Sql:
    """Call a function by the name it has in the target."""
    return exp.Anonymous(this=name, expressions=[part.copy() for part in arguments])


def is_null(part: Sql) -> Sql:
    """Test for NULL."""
    return exp.Is(this=inside(part), expression=exp.Null())


def is_there(part: Sql) -> Sql:
    """Test for anything but NULL."""
    return exp.Not(this=exp.Paren(this=is_null(part)))


def negated(part: Sql) -> Sql:
    """Say not; NULL stays NULL."""
    if isinstance(part, exp.Boolean):
        return truth(not part.this)
    if isinstance(part, exp.Not):
        inner: Sql = part.this
        within: Sql = inner.this if isinstance(inner, exp.Paren) else inner
        return within.copy()
    return exp.Not(this=inside(part))


def _is(part: Sql, value: bool) -> bool:  # noqa: FBT001 - the value looked for
    return isinstance(part, exp.Boolean) and part.this is value


def both(*parts: Sql) -> Sql:
    """Join by AND, as SQL and FEEL both do it: false beats NULL."""
    return _joined(parts, exp.And, settles=False)


def either(*parts: Sql) -> Sql:
    """Join by OR: true beats NULL."""
    return _joined(parts, exp.Or, settles=True)


def _joined(parts: Iterable[Sql], kind: type[exp.Connector], *, settles: bool) -> Sql:
    kept: dict[Sql, None] = {}
    for part in parts:
        for one in _operands(part, kind):
            if _is(one, settles):
                return truth(settles)
            if not _is(one, not settles):
                kept[one] = None
    other = exp.And if kind is exp.Or else exp.Or
    # x OR (x AND y) is x.
    needed = [
        one
        for one in kept
        if not isinstance(one, other) or not any(part in kept for part in _operands(one, other))
    ]
    if not needed:
        return truth(not settles)
    result = inside(needed[0]) if len(needed) > 1 else needed[0].copy()
    for part in needed[1:]:
        result = kind(this=result, expression=inside(part))
    return result


def _operands(part: Sql, kind: type[exp.Connector]) -> Iterator[Sql]:
    """Split what is joined by AND, or by OR."""
    while isinstance(part, exp.Paren):
        part = part.this
    if isinstance(part, kind):
        yield from _operands(part.left, kind)
        yield from _operands(part.right, kind)
    else:
        yield part


def any_flag(*flags: Flag) -> Flag:
    """Join flags: true where one is."""
    found = [flag for flag in flags if flag is not None and not _is(flag, False)]
    return either(*found) if found else None


def when_flag(condition: Sql, flag: Flag) -> Flag:
    """Let a flag count only where the condition is true."""
    if flag is None or _is(condition, False):
        return None
    if _is(condition, True):
        return flag
    return both(certain(condition), flag)


def certain(condition: Sql) -> Sql:
    """Make a condition that is never NULL: false where it was."""
    if _never_null(condition):
        return condition
    return exp.Coalesce(this=condition.copy(), expressions=[truth(False)])


def _never_null(condition: Sql) -> bool:
    match condition:
        case exp.Boolean():
            return True
        case exp.Is():
            return isinstance(condition.expression, exp.Null)
        case exp.Coalesce():
            return isinstance(condition.expressions[-1], exp.Boolean)
        case exp.Not() | exp.Paren():
            return _never_null(condition.this)
        case exp.And() | exp.Or():
            return _never_null(condition.left) and _never_null(condition.right)
    return False


def choice(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    """Write CASE WHEN; without `otherwise` NULL."""
    kept = [(condition, value) for condition, value in branches if not _is(condition, False)]
    while kept and otherwise is not None and kept[-1][1] == otherwise:
        kept.pop()
    if kept and _is(kept[0][0], True):
        return kept[0][1].copy()
    if not kept and otherwise is not None:
        return otherwise.copy()
    if len(kept) == 1 and otherwise == truth(False) and _is(kept[0][1], True):
        return certain(kept[0][0]).copy()
    made = exp.Case()
    for condition, value in kept:
        made.append("ifs", exp.If(this=condition.copy(), true=value.copy()))
    if otherwise is not None and not isinstance(otherwise, exp.Null):
        made.set("default", otherwise.copy())
    return made if kept else exp.Null()


def coalesce(part: Sql, otherwise: Sql) -> Sql:
    """Give another value where there is NULL."""
    return exp.Coalesce(this=part.copy(), expressions=[otherwise.copy()])
