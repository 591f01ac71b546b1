"""Throw bytes at the parser, the evaluator and the pattern reader: nothing may come out but our own errors.

Run it by hand, for as long as wanted: ``python tests/rulebook/fuzz/fuzz_feel.py [-max_total_time=60]``. With atheris
installed (``pip install atheris``, never a dependency of the project) it is guided by coverage; without, it
mutates a small corpus for a minute.
"""

import importlib
import json
import random
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dugnad.rulebook import (
    FeelSyntaxError,
    Recorder,
    as_json,
    compile_expression,
    parse,
    parse_unary_tests,
    unknown,
)

VALUES: dict[str, Any] = {
    "n": Decimal("2.5"),
    "s": "tekst æøå",
    "b": True,
    "nothing": None,
    "u": unknown("u"),
    "day": date(2024, 2, 29),
    "list": [Decimal(1), "a", None, [Decimal(2)], {"a": Decimal(3)}],
    "ctx": {"a": Decimal(1), "a b": "x", "c": {"d": date(2024, 1, 1)}},
    "now()": datetime(2026, 11, 21, tzinfo=UTC),
    "?": Decimal(3),
}
CORPUS = (
    'if n > 2 and s = "x" then sum(list) else {a: 1, b: a + 1}.b',
    "for i in 1..3, j in list return i * partial[-1]",
    "some x in list satisfies x instance of context<a: number>",
    '@"2024-02-29" + @"P1M" in [@"2024-01-01"..@"2025-01-01")',
    'replace(s, "([a-z-[e]]+)\\s\\p{L}", "$1", "ix")',
    "sort(list, function(x: number, y) x < y)[item > 1]",
    'not("a", < 3, [1..2], ? * 2 > 4)',
    "-1.5e3 ** 2 between (n) and 10 // end",
    'string join(split("a,b", ","), "\\u00e5") /* c */',
    'range("[1..3)").start included',
    'date and time("2024-02-29T24:00:00@Europe/Oslo") - day',
    "{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r",
    'substring(start position: 2, string: "abc")',
    'decimal(1/3, 2) + number("1 000,5", " ", ",")',
)
DIALECTS = ("feel", "dmn", "dugnad")


def one(text: str, pick: int) -> None:
    """Parse and run one text every way there is; raises for any error that is not ours."""
    dialect = DIALECTS[pick % 3]
    read = parse_unary_tests if pick & 4 else parse
    names = tuple(VALUES) if pick & 8 else ()
    try:
        compiled = compile_expression(
            read(text, names=names, dialect=dialect),  # type: ignore[arg-type] # one of the three
            missing="null" if dialect == "dmn" else "unknown",
        )
    except FeelSyntaxError as wrong:
        if not 0 <= wrong.start <= wrong.end <= len(text):
            raise AssertionError(f"the error points at {wrong.start} to {wrong.end}") from wrong
        return
    value = compiled(VALUES, Recorder())
    json.dumps(as_json(value))


def bytes_in(data: bytes) -> None:
    """What atheris calls."""
    if data:
        one(data[1:].decode("utf-8", "replace"), data[0])


def without_guidance(seconds: float) -> int:
    """Mutate the corpus for some seconds; gives how many texts were tried."""
    chance = random.Random()  # noqa: S311 - no secret
    end = time.monotonic() + seconds
    tried = 0
    pieces = sorted(
        {piece for text in CORPUS for piece in text.split()} | set('()[]{}.,:?"\\@<>=!*-+/ 0_æ\x00\U0001f40e')
    )
    while time.monotonic() < end:
        text = chance.choice(CORPUS)
        for _ in range(chance.randint(1, 6)):
            at, to = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
            what = chance.choice((chance.choice(pieces), "", text[at:to] * 2, chance.choice(CORPUS)))
            text = text[:at] + what + text[at if chance.random() < 0.5 else to :]
        try:
            one(text[:2000], chance.randrange(16))
        except Exception:
            sys.stderr.write(f"{text[:2000]!r}\n")
            raise
        tried += 1
    return tried


def main() -> None:
    """Fuzz until stopped, or for a minute."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.stdout.write(f"{without_guidance(60)} texts, nothing but our own errors\n")
        return
    atheris.instrument_all()
    atheris.Setup(sys.argv, bytes_in)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
