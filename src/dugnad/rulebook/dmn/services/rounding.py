"""The box that rounds a formula, said on one line for editors that have no boxes, and read back as the box it was."""

from dataclasses import replace

from dugnad.rulebook.dmn.model import Context, Expression, LiteralExpression

UNROUNDED = "urundet"
ROUNDED = "avrundet"


def on_one_line(expression: Expression | None) -> Expression | None:
    """Return a formula with its rounding as one formula; anything else, a table that is rounded too, as it is."""
    parts = _parts(expression)
    if parts is None:
        return expression
    inner, rounding = parts
    return LiteralExpression(text=f"{{{UNROUNDED}: {inner}{_end(rounding)}")


def boxed(mine: Expression | None, theirs: Expression | None) -> Expression | None:
    """Return their formula as the box that rounds it, where it is `mine` on one line, changed or not."""
    parts = _parts(mine)
    if parts is None or not isinstance(mine, Context) or not isinstance(theirs, LiteralExpression):
        return theirs
    text, start, end = (theirs.text or "").strip(), f"{{{UNROUNDED}: ", _end(parts[1])
    if not text.startswith(start) or not text.endswith(end):
        return theirs
    inner = replace(theirs, text=text[len(start) : -len(end)])
    return replace(mine, entries=(replace(mine.entries[0], expression=inner), mine.entries[1]))


def _parts(expression: Expression | None) -> tuple[str, str] | None:
    """Return a formula and how it is rounded; None for anything else."""
    if not isinstance(expression, Context) or len(expression.entries) != 2:  # noqa: PLR2004 - the two of such a box
        return None
    first, last = expression.entries
    named = first.variable is not None and first.variable.name == UNROUNDED
    if not (
        named
        and isinstance(first.expression, LiteralExpression)
        and isinstance(last.expression, LiteralExpression)
    ):
        return None
    return first.expression.text or "null", last.expression.text or "null"


def _end(rounding: str) -> str:
    return f", {ROUNDED}: {rounding}}}.{ROUNDED}"
