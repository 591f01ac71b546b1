"""How deep functions may call each other and how long an expression may be: bounds of our own, the same for every caller."""

import sys
import threading
import time
from collections.abc import Callable
from math import factorial
from typing import Any

import pytest
from feel_runs import D, evaluate, evaluated

from dugnad.rulebook import FeelSyntaxError, Recorder, compile_expression, free_names, parse
from dugnad.rulebook.feel.bounds import MAX_LEVELS
from dugnad.rulebook.feel.grammar.nodes import moved

FACTORIAL = "{{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f({})}}.r"
WALK = "{w: function(l) if l = [] then 0 else l[1] + w(remove(l, 1)), r: w(for i in 1..1000 return i)}.r"

ENDLESS = [
    "f(n + 1)",
    "1 + f(n + 1)",
    "if f(n + 1) then 1 else 2",
    "for i in f(n + 1) return i",
    "for j in [1], i in f(n + 1) return i",
    "some i in [1] satisfies f(n + 1)",
    "[1][item = f(n + 1)]",
    "{a: {b: f(n + 1)}}.a.b",
    "1 in (f(n + 1), 2)",
    "max(1, min(2, f(n + 1)))",
    "sort([1, 2], function(a, b) f(n + 1))",
    "list replace([1], function(a, b) f(n + 1), 2)",
    "f(n: n + 1)",
    "[1..f(n + 1)]",
    "(" * 60 + "1 + f(n + 1)" + ")" * 60,
]


def far_down(depth: int, call: Callable[[], Any]) -> Any:
    return call() if depth == 0 else far_down(depth - 1, call)


def in_a_small_thread(call: Callable[[], Any], kibibytes: int = 512) -> Any:
    found: list[Any] = []
    before = threading.stack_size(kibibytes * 1024)
    try:
        thread = threading.Thread(target=lambda: found.append(call()))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    return found[0]


def test_a_factorial_of_500_and_a_walk_through_1000_items_are_reckoned() -> None:
    assert abs(evaluate(FACTORIAL.format(500)) / factorial(500) - 1) < D("1e-26")
    assert evaluate(WALK) == D(500_500)


@pytest.mark.parametrize("depth", [0, 300, 600, 800])
def test_it_does_not_matter_how_deep_the_caller_stands(depth: int) -> None:
    code = compile_expression(parse(FACTORIAL.format(1500)))
    nested = "(" * 90 + "1" + ")" * 90
    assert far_down(depth, lambda: code({})) == code({})
    assert far_down(depth, lambda: compile_expression(parse(nested))({})) == D(1)


@pytest.mark.parametrize("body", ENDLESS)
def test_a_function_that_calls_itself_without_end_is_told_and_no_stack_runs_out(body: str) -> None:
    limit = sys.getrecursionlimit()
    before = time.monotonic()
    codes = in_a_small_thread(lambda: evaluated(f"{{f: function(n) {body}, r: f(1)}}.r"))[1]
    assert codes[0] == "too-deep"
    assert time.monotonic() - before < 5
    assert sys.getrecursionlimit() == limit


def test_once_too_deep_it_is_given_up_and_not_tried_another_way() -> None:
    before = time.monotonic()
    assert evaluated("{f: function(n) f(n + 1) + f(n + 2), r: f(1)}.r")[1][0] == "too-deep"
    assert time.monotonic() - before < 1


def test_threads_may_be_deep_at_the_same_time() -> None:
    limit = sys.getrecursionlimit()
    code = compile_expression(parse(FACTORIAL.format(1000)))
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.extend(code({}) for _ in range(5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert set(found) == {code({})}
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1" + " + 1" * 10_000, D(10_001)),
        ("0" + " + 2 * 3 - 1" * 3_000, D(15_000)),
        ("true" + " and true" * 10_000, True),
        ("false" + " or false and true" * 5_000, False),
        ('"a"' + ' + "b"' * 5_000, "a" + "b" * 5_000),
        ("[" + "1, " * 10_000 + "1][-1]", D(1)),
        ("null" + " + 1" * 3, None),
    ],
)
def test_a_chain_of_operators_may_be_thousands_long(text: str, value: object) -> None:
    assert far_down(300, lambda: evaluate(text)) == value


def test_a_long_chain_is_read_and_moved_as_a_short_one() -> None:
    tree = parse("x" + " + x" * 5_000 + " + y")
    assert free_names(tree) == {"x", "y"}
    assert moved(tree, 7).end == tree.end + 7


def test_every_wrong_step_of_a_chain_is_told_in_its_place() -> None:
    recorder = Recorder()
    text = '1 + 2 + "a" + 3'
    assert compile_expression(parse(text))({}, recorder) is None
    assert [(each.code, text[each.start : each.end]) for each in recorder.diagnostics] == [
        ("type-mismatch", '1 + 2 + "a"'),
        ("null-operand", '1 + 2 + "a" + 3'),
    ]


@pytest.mark.parametrize(
    "text",
    ["(" * 101 + "1" + ")" * 101, "1" + "[1]" * 300, "a" + ".b" * 300, "1" + " = 1" * 300, "-" * 300 + "1",
     "if a then 1 else " * 120 + "1"],
)  # fmt: skip
def test_nesting_has_a_bound_that_is_told(text: str) -> None:
    with pytest.raises(FeelSyntaxError, match="levels"):
        parse(text)


def test_the_bound_on_calls_is_in_levels_of_the_body() -> None:
    count = "{{c: function(n) if n = 0 then 0 else 1 + c(n - 1), r: c({})}}.r"
    assert evaluated(count.format(MAX_LEVELS // 9)) == (D(MAX_LEVELS // 9), [])
    assert evaluated(count.format(MAX_LEVELS // 6))[1][0] == "too-deep"
