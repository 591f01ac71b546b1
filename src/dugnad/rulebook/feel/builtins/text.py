"""Functions of texts. Positions count characters (code points) from 1."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final

from dugnad.rulebook.feel import operators
from dugnad.rulebook.feel.bounds import MAX_WORK, WORK, work
from dugnad.rulebook.feel.builtins.patterns import compile_pattern, matches_of, replaced, search
from dugnad.rulebook.feel.builtins.registry import feel
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.temporal import conversion, temporal_text
from dugnad.rulebook.feel.values import CONTEXT, Env, FunctionValue, Range, Value, is_context, kind_of

_TEMPORAL: Final = frozenset(
    {"date", "time", "date and time", "days and time duration", "years and months duration"}
)
_MAX_RESULT: Final = 1_000_000
_MAX_DIGITS: Final = 7000
_SEPARATORS: Final = (" ", ",", ".")


def text_of(value: Value, *, quoted: bool = False) -> str:  # noqa: PLR0911 - one line per kind of value
    """Write a value as FEEL does; texts inside lists and contexts are quoted."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else value
    if isinstance(value, Decimal):
        return format(value or abs(value), "f")  # there is no negative zero (10.3.2.3.1)
    if kind_of(value) in _TEMPORAL:
        plain = temporal_text(value)
        return f'@"{plain}"' if quoted else plain
    if isinstance(value, list):
        return f"[{', '.join(text_of(item, quoted=True) for item in value)}]"
    if is_context(value):
        return (
            "{" + ", ".join(f"{_key(key)}: {text_of(item, quoted=True)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, Range):
        return _range_text(value)
    if isinstance(value, FunctionValue):
        return f"function({', '.join(value.parameters)})"
    raise conversion(value, "text")


def _counted(env: Env, text: str, run: Callable[[], Value]) -> Value:
    """Run a search and count it as turns of a loop; ten that use up their budget use up that of the evaluation."""
    work(env, 200 + len(text) // 10)
    try:
        return run()
    except Fault as fault:
        if fault.code == "too-slow":
            env[WORK][0] -= MAX_WORK // 10
        raise


def _key(key: str) -> str:
    return key if key.replace(" ", "").replace("_", "").isalnum() else text_of(key, quoted=True)


def _range_text(value: Range) -> str:
    low, high = (text_of(end, quoted=True) for end in (value.low, value.high))
    if value.form not in ("", "null"):
        return f"({value.form} {high if value.low is None else low})"
    if value.low is None and not value.form:
        return f"({'<=' if value.high_included else '<'} {high})"
    if value.high is None and not value.form:
        return f"({'>=' if value.low_included else '>'} {low})"
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"


@feel("string(from: any)")
def to_string(value: Value) -> str | None:
    """Write any value as text; null stays null."""
    operators.bounded(value)
    return None if value is None else text_of(value)


@feel("number(from: string|number, grouping separator?: string|null, decimal separator?: string|null)")
def to_number(text: str | Decimal, grouping: str | None = None, mark: str | None = None) -> Decimal:
    """Read a number, with the separators it was written with. Raises Fault for anything else."""
    wrong = (grouping is not None and grouping not in _SEPARATORS) or (
        mark is not None and mark not in _SEPARATORS[1:]
    )
    if wrong or (grouping is not None and grouping == mark):
        raise Fault("wrong-arguments", "number() has no such separators.")
    if isinstance(text, Decimal):
        return text
    plain = text.replace(grouping, "") if grouping else text
    if mark == ",":
        plain = plain.replace(",", ".")
    digits = plain.lstrip("+-")
    if not digits[:1].isdigit() and not (digits[:1] == "." and digits[1:2].isdigit()):
        raise conversion(text, "number")
    if "_" in plain or not plain.isascii() or len(plain) > _MAX_DIGITS:
        raise conversion(text, "number")
    try:
        return CONTEXT.create_decimal(plain)
    except (InvalidOperation, ArithmeticError):
        raise conversion(text, "number") from None


@feel("substring(string: string, start position: number, length?: number)")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    """Give a part of a text; negative positions count from the end.

    Raises Fault for a position outside the text (also 0) and a length below 1. What is asked for beyond the end
    is not there and left out, as other engines do too.
    """
    at = int(start)
    if at == 0 or abs(at) > len(text):
        raise Fault("out-of-range", "substring() begins outside the text.")
    begin = at - 1 if at > 0 else len(text) + at
    if length is None:
        return text[begin:]
    if length < 1:
        raise Fault("out-of-range", "substring() of less than one character.")
    return text[begin : begin + int(length)]


@feel("string length(string: string)")
def string_length(text: str) -> Decimal:
    """Give the number of characters."""
    return Decimal(len(text))


@feel("upper case(string: string)")
def upper_case(text: str) -> str:
    """Give the text in capitals."""
    return text.upper()


@feel("lower case(string: string)")
def lower_case(text: str) -> str:
    """Give the text in small letters."""
    return text.lower()


@feel("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> str:
    """Give what stands before the first match; nothing where there is none."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@feel("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> str:
    """Give what stands after the first match; nothing where there is none."""
    return text.partition(match)[2] if match else text


@feel("contains(string: string, match: string)")
def contains(text: str, match: str) -> bool:
    """Tell whether the text holds the match."""
    return match in text


@feel("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> bool:
    """Tell whether the text begins with the match."""
    return text.startswith(match)


@feel("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> bool:
    """Tell whether the text ends with the match."""
    return text.endswith(match)


@feel("matches(input: string, pattern: string, flags?: string|null)", with_env=True)
def matches(env: Env, text: str, pattern: str, flags: str | None = None) -> bool:
    """Tell whether the pattern (XPath) is found in the text. Raises Fault for a wrong or a costly pattern."""
    compiled = compile_pattern(pattern, flags or "")
    return bool(_counted(env, text, lambda: search(compiled, text) is not None))


@feel("replace(input: string, pattern: string, replacement: string, flags?: string|null)", with_env=True)
def replace(env: Env, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Replace every match of the pattern (XPath); ``$1`` is its first group. Raises Fault."""
    compiled = compile_pattern(pattern, flags or "")
    literal = "q" in (flags or "")
    made = _counted(
        env, text, lambda: replaced(compiled, text, replacement, literal=literal, room=_MAX_RESULT)
    )
    return str(made)


@feel("split(string: string, delimiter: string)", with_env=True)
def split(env: Env, text: str, delimiter: str) -> list[str]:
    """Cut a text at every match of a pattern. Raises Fault for a pattern that matches the empty text."""
    compiled = compile_pattern(delimiter, "")
    if search(compiled, "") is not None:
        raise Fault("wrong-pattern", "The delimiter of split() matches the empty text.")
    parts: list[str] = []
    last = 0
    for match in _counted(env, text, lambda: list(matches_of(compiled, text))):
        parts.append(text[last : match.start()])
        last = match.end()
    return [*parts, text[last:]]


@feel("string join(list: list, delimiter?: string|null)")
def string_join(items: list[Value], delimiter: str | None = None) -> str:
    """Join texts; null items are left out. Raises Fault for an item that is no text, and for too long a text."""
    texts = [item for item in items if item is not None]
    if any(not isinstance(item, str) for item in texts):
        raise Fault("type-mismatch", "string join() joins only texts.")
    if sum(map(len, texts)) + len(texts) * len(delimiter or "") > operators.MAX_TEXT:
        raise Fault("too-large", f"A text of more than {operators.MAX_TEXT} characters.")
    return (delimiter or "").join(texts)
