"""What people write that FEEL does not have, and what to write instead: signs, words and habits of other languages.

Nothing here decides what is right: it is asked when something is wrong already, and says how to mend it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from dugnad.rulebook.feel.grammar.tokens import Token


class Advice(NamedTuple):
    """How to mend it: what was meant instead (``suggestion``) or a sentence (``hint``), and where, in characters."""

    suggestion: str | None = None
    hint: str = ""
    start: int | None = None
    end: int | None = None


NONE = Advice()
_CHOICE = "A choice is written: if … then … else …."
_LOOP = "A loop is written: for x in list return …."
_SIGNS = {
    "==": "=", "===": "=", "<>": "!=", "!==": "!=", "=!": "!=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=",
    "≠": "!=", "×": "*", "·": "*", "÷": "/", "–": "-", "—": "-", "−": "-", "^": "**", "&&": "and", "||": "or",
    "|": "or", "…": "..", "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "'": '"', "‘": '"', "’": '"', "`": '"',
    "+=": "+",
}  # fmt: skip
_SIGN_HINTS = {
    "!": "Write not( … ).",
    "?": _CHOICE,
    "&": "Texts are joined by +; two conditions by “and”.",
    "%": "The rest of a division is modulo(a, b).",
    "√": "Write sqrt( … ).",
    ":=": "An expression gives a value; it does not set one.",
    "->": "A function is written: function(x) x + 1.",
    "#": "A comment is written // to the end of the line, or /* … */.",
    "$": "Names are written as they are, without $.",
    "€": "An amount is written with its unit behind it: 1500 kr.",
}
_QUOTES = "«»“”„'‘’`"
_WORDS = {
    "og": "and", "eller": "or", "sann": "true", "usann": "false", "sant": "true", "usant": "false",
    "none": "null", "nil": "null", "nothing": "null", "undefined": "null", "ellers": "else", "elles": "else",
    "så": "then", "mellom": "between", "instanceof": "instance of", "pst": "%", "nok": "kr",
    "kroner": "kr", "satisfy": "satisfies", "where": "satisfies", "do": "return", "yield": "return",
}  # fmt: skip
_KEYWORDS = frozenset(
    {
        "and", "or", "if", "then", "else", "true", "false", "null", "for", "in", "return", "some", "every", "not",
        "satisfies", "between", "function", "instance", "kr",
    }
)  # fmt: skip
_WORD_HINTS = {
    "not": "Write not( … ).",
    "ikke": "Write not( … ).",
    "ikkje": "Write not( … ).",
    "hvis": _CHOICE,
    "viss": _CHOICE,
    "dersom": _CHOICE,
    "when": _CHOICE,
    "elseif": "Write: else if … then … else ….",
    "elif": "Write: else if … then … else ….",
    "mod": "The rest of a division is modulo(a, b).",
    "to": "A range is written [1..5].",
    "til": "A range is written [1..5].",
    "all": "Write: every x in list satisfies ….",
    "let": "An expression gives a value; it does not set one.",
    "var": "An expression gives a value; it does not set one.",
    "unknown": "Write “is unknown” after the name of the fact.",
    "case": "A choice is written: if … then … else …, or as a table.",
    "of": "“instance” and “of” belong together: x instance of number.",
}
_FUNCTIONS = {
    "average": "mean", "avg": "mean", "gjennomsnitt": "mean", "snitt": "mean", "len": "count", "length": "count",
    "size": "count", "antall": "count", "tell": "count", "summer": "sum", "minst": "min", "minimum": "min",
    "størst": "max", "maximum": "max", "maks": "max", "substr": "substring", "mid": "substring", "upper": "upper case",
    "touppercase": "upper case", "toupper": "upper case", "lower": "lower case", "tolowercase": "lower case",
    "tolower": "lower case", "startswith": "starts with", "endswith": "ends with", "indexof": "index of",
    "concat": "concatenate", "join": "string join", "str": "string", "tostring": "string", "int": "floor",
    "tonumber": "number", "parse": "number", "ceil": "ceiling", "trunc": "round down", "truncate": "round down",
    "pow": "**", "power": "**", "unique": "distinct values", "distinct": "distinct values", "datetime": "date and time",
    "includes": "list contains", "absolute": "abs", "mod": "modulo", "years": "years and months duration",
    "months between": "years and months duration", "datediff": "years and months duration",
}  # fmt: skip
_FUNCTION_HINTS = {
    "round": "Say how: round half up(number, decimals), round down(…), round up(…) or decimal(…).",
    "rund": "Say how: round half up(number, decimals), round down(…), round up(…) or decimal(…).",
    "avrund": "Say how: round half up(number, decimals), round down(…), round up(…) or decimal(…).",
    "isnull": "Write: x = null.",
    "isempty": "Write: count(list) = 0.",
    "year": "Write the part behind the date: date.year.",
    "month": "Write the part behind the date: date.month.",
    "day": "Write the part behind the date: date.day.",
    "år": "Write the part behind the date: date.year.",
    "iif": _CHOICE,
    "iff": _CHOICE,
    "sumif": "Choose the items first: sum(list[condition].amount).",
    "countif": "Choose the items first: count(list[condition]).",
    "filter": "A list is filtered by brackets: list[condition].",
    "map": "Write: for x in list return ….",
}
_PROPERTIES = {
    "length": "The number of items is count(list), of characters string length(text).",
    "size": "The number of items is count(list).",
    "count": "The number of items is count(list).",
    "sum": "A sum is written sum(list.amount).",
    "where": "A list is filtered by brackets: list[condition].",
    "filter": "A list is filtered by brackets: list[condition].",
    "map": "Write: for x in list return ….",
    "contains": "Write: list contains(list, x), or for texts contains(text, part).",
}
_OPEN, _CLOSE = "([{", ")]}"
_SPACED = re.compile(r"[0-9]{1,3}(?:\s[0-9]{3})+(?![0-9])")
_COMMA = re.compile(r"([0-9.]+),([0-9]+)(?![0-9])")
_AFTER_NUMBER = {"..": "A range stands in brackets: [1..5].", ".": "A number does not end in a point."}
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def advice_at(text: str, tokens: Sequence[Token], at: int, expected: Sequence[str]) -> Advice:
    """Say how to mend a token that cannot stand where it stands; nothing where that cannot be told."""
    for rule in (_sign, _date, _number, _word, _closing, _shape):
        found = rule(text, tokens, at, expected)
        if found is not NONE:
            return found
    return NONE


_PARTS = {"then": _CHOICE, "else": _CHOICE, "in": _LOOP, "return": _LOOP}
_AFTER_NAME = {
    "=>": "A filter names the properties themselves: list[amount > 3]; a function is written: function(x) x + 1.",
    "->": "A filter names the properties themselves: list[amount > 3]; a function is written: function(x) x + 1.",
    ":=": "An expression gives a value; it does not set one.",
}


def _sign(text: str, tokens: Sequence[Token], at: int, _expected: Sequence[str]) -> Advice:
    """Read the longest sign around the token: of ``==`` only the second half was one too many."""
    place = tokens[at].start
    for size in (3, 2, 1):
        for start in range(max(place - size + 1, 0), min(place, len(text) - size) + 1):
            sign = text[start : start + size]
            if sign in _SIGNS and sign in _QUOTES:
                return Advice(hint='A text stands in straight quotation marks: "Stord".')
            if sign in _SIGNS or sign in _SIGN_HINTS:
                return Advice(_SIGNS.get(sign), _SIGN_HINTS.get(sign, ""), start, start + size)
    return NONE


def _date(text: str, tokens: Sequence[Token], at: int, _expected: Sequence[str]) -> Advice:
    begin = tokens[at - 1].start if at and tokens[at - 1].kind == "number" else tokens[at].start
    found = DATE.match(text, begin)
    if found is None:
        return NONE
    return Advice(
        date_literal(found), start=found.start() - (text[: found.start()][-1:] == "@"), end=found.end()
    )


def date_literal(found: re.Match[str]) -> str:
    """Write a date found by ``DATE`` as FEEL does."""
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    return f'@"{year}-{month:0>2}-{day:0>2}"'


def _number(text: str, tokens: Sequence[Token], at: int, _expected: Sequence[str]) -> Advice:
    token, before = tokens[at], tokens[at - 1] if at else None
    if before is None or before.kind != "number":
        return NONE
    spaced = _SPACED.match(text, before.start)
    if spaced is not None and token.kind == "number":
        whole = re.sub(r"\s", "", spaced.group())
        return Advice(
            hint=f"A number is written without spaces: {whole}.", start=before.start, end=spaced.end()
        )
    comma = _COMMA.match(text, before.start)
    if comma is not None and token.text == ",":
        hint = f"A decimal is written with a point: {comma[1].replace('.', '')}.{comma[2]}."
        return Advice(hint=hint, start=before.start, end=comma.end())
    if text.startswith(",-", token.start):
        return Advice(hint=f"An amount is written with its unit behind it: {before.text} kr.")
    return Advice(hint=_AFTER_NUMBER[token.text]) if token.text in _AFTER_NUMBER else NONE


def _word(_text: str, tokens: Sequence[Token], at: int, _expected: Sequence[str]) -> Advice:
    token = tokens[at]
    return word_advice(token) if token.kind == "word" else NONE


def word_advice(token: Token) -> Advice:
    """Say what a word means in FEEL that comes from Norwegian or from another language."""
    plain = token.text.casefold()
    meant = _WORDS.get(plain) or (plain if plain in _KEYWORDS and plain != token.text else None)
    if meant is not None:
        return Advice(meant, start=token.start, end=token.end)
    if plain in _WORD_HINTS:
        return Advice(hint=_WORD_HINTS[plain], start=token.start, end=token.end)
    return NONE


def _closing(_text: str, tokens: Sequence[Token], at: int, expected: Sequence[str]) -> Advice:
    """Say which bracket is open, or that one was never opened, or that a comma stands before nothing."""
    token, before = tokens[at], tokens[at - 1] if at else None
    starts = {"a value", "a key"} & set(expected)
    if before is not None and before.text == "," and token.text in (*_CLOSE, "") and starts:
        return Advice(hint="The comma before it is one too many.")
    open_here = _open_brackets(tokens[:at])
    if token.text == ";":
        return Advice(",") if open_here else Advice(hint="One expression stands alone, without “;”.")
    if token.kind != "end" and token.text not in _CLOSE:
        return NONE
    if open_here and any(sign in _CLOSE for sign in expected):
        sign = open_here[-1]
        return Advice(hint=f"The “{sign.text}” at character {sign.start + 1} is still open.")
    return NONE if open_here or token.kind == "end" else Advice(hint="No bracket is open here.")


def _open_brackets(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        if token.kind != "symbol":
            continue
        if token.text in _OPEN:
            found.append(token)
        elif token.text in _CLOSE and found:
            found.pop()
    return found


_MISSING = {
    "then": _CHOICE,
    "else": "A choice always says what is else; write “else null” where there is nothing.",
    "in": _LOOP,
    "return": _LOOP,
    "satisfies": "It is written: some x in list satisfies …, or every x in list satisfies ….",
    "and": "It is written: x between 1 and 5.",
    "a key": 'A key begins with a letter, or stands in quotation marks: {"1": "one"}.',
    ":": "A context is written {name: value, other name: value}, a function f(name: value).",
}
_IN_CELLS = {
    "and": "Both at once is a range, as ]5..10[, or is said of the input: ? > 5 and ? < 10.",
    "or": "Tests of which one must hold stand with a comma between: < 5, > 10.",
}
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


def _shape(text: str, tokens: Sequence[Token], at: int, expected: Sequence[str]) -> Advice:
    """Say how the thing is written whose part is missing."""
    token, before = tokens[at], tokens[at - 1] if at else None
    hint = next((_MISSING[part] for part in expected if part in _MISSING), "")
    if not text.strip():
        hint = "Nothing is written here."
    elif before is not None and before.text in ("and", "or") and token.text in _COMPARISONS:
        hint = "Say again what is compared: x > 1 and x < 5."
    elif "the end of the cell" in expected and token.text in _IN_CELLS:
        hint = _IN_CELLS[token.text]
    elif not hint and "an operator" in expected:
        point = token.text in (".", "..")
        hint = "Behind one point stands the name of a property, as in barn.alder." if point else ""
        hint = "Texts are joined by +." if token.kind == "string" else hint
    elif expected == ("a name",) and token.text == "(":
        hint = "No bracket stands here: for x in list return …."
    return Advice(hint=hint) if hint else NONE


def name_advice(tokens: Sequence[Token], after: str) -> Advice:
    """Say what an unknown name may mean: a word of another language, or a function that is called otherwise here.

    ``after`` is the text that follows it.
    """
    plain = " ".join(token.text for token in tokens).casefold()
    hint = next((hint for sign, hint in _AFTER_NAME.items() if after.startswith(sign)), "")
    hint = hint or _PARTS.get(tokens[0].text, "")
    if not hint and after.startswith("(") and (plain in _FUNCTIONS or plain in _FUNCTION_HINTS):
        return Advice(_FUNCTIONS.get(plain), _FUNCTION_HINTS.get(plain, ""))
    if not hint and tokens[0].text.casefold() in ("kr", "nok") and tokens[-1].kind == "number":
        hint = f"An amount is written with its unit behind it: {tokens[-1].text} kr."
    if hint:
        return Advice(hint=hint)
    found = (_is_advice(tokens, at) or word_advice(token) for at, token in enumerate(tokens))
    return next((advice for advice in found if advice is not NONE), NONE)


def _is_advice(tokens: Sequence[Token], at: int) -> Advice | None:
    if tokens[at].text != "is":
        return None
    rest = {each.text.casefold() for each in tokens[at + 1 :]}
    null = bool(rest & {"null", "empty", "none", "missing"})
    what = (
        "= null; or, for a fact nobody knows yet: is unknown"
        if null
        else "is known, is unknown, or = for the same"
    )
    return Advice(hint=f"Write: {what}.", start=tokens[at].start)


def function_advice(name: str, after: Token) -> Advice:
    """Say how a function is called whose arguments stand beside it without brackets."""
    if name in ("all", "any") and after.text == "in":
        return Advice(hint=f"Write: {'every' if name == 'all' else 'some'} x in list satisfies ….")
    return Advice(hint=f"What a function is given stands in brackets: {name}( … ).")


def property_advice(name: str) -> str:
    """Say how something is written that other languages write behind a dot."""
    return _PROPERTIES.get(name.casefold(), "")
