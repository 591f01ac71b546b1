"""Every boxed expression means what the FEEL it stands for means (DMN 1.5, 10.2 and 10.4)."""

import pytest
from modelling import (
    D,
    component,
    context,
    decision,
    entry,
    function,
    given,
    item,
    knowledge,
    model,
    result_of,
    run,
    text,
    value_of,
)

from dugnad.rulebook import Value


def child(tag: str, box: str) -> str:
    return f"<{tag}>{box}</{tag}>"


def conditional(condition: str, yes: str, no: str) -> str:
    branches = zip(("if", "then", "else"), (condition, yes, no), strict=True)
    return f"<conditional>{''.join(child(tag, text(feel)) for tag, feel in branches)}</conditional>"


def filtered(source: str, match: str) -> str:
    return f"<filter>{child('in', text(source))}{child('match', text(match))}</filter>"


def loop(tag: str, source: str, body: str, variable: str = "x") -> str:
    last = "return" if tag == "for" else "satisfies"
    return (
        f'<{tag} iteratorVariable="{variable}">{child("in", text(source))}{child(last, text(body))}</{tag}>'
    )


def listed(*items: str) -> str:
    return f"<list>{''.join(map(text, items))}</list>"


PEOPLE = [{"name": "Kari", "age": D(30)}, {"name": "Ola", "age": D(12)}, {"name": "Per", "age": D(70)}]


def test_a_context_sees_what_stands_above():
    box = context(entry("a", text("1")), entry("b", text("a + 1")), entry("a b", text("a + b")))
    assert value_of(box) == {"a": 1, "b": 2, "a b": 3}


def test_a_context_with_a_result_is_its_result():
    assert value_of(context(entry("a", text("2")), entry("", text("a * a")))) == 4


def test_a_context_does_not_see_what_stands_below():
    value, codes = result_of(context(entry("a", text("b")), entry("b", text("1"))))
    assert value == {"a": None, "b": 1}
    assert codes == ["syntax"]


def test_an_inner_context_hides_and_gives_back():
    inner = context(entry("a", text("10")), entry("c", text("a + b")))
    box = context(
        entry("a", text("1")), entry("b", text("2")), entry("in", inner), entry("d", text("a + in.c"))
    )
    assert value_of(box) == {"a": 1, "b": 2, "in": {"a": 10, "c": 12}, "d": 13}


def test_a_function_in_a_context_may_call_itself():
    factorial = function({"n": "number"}, text("if n < 2 then 1 else n * factorial(n - 1)"))
    assert value_of(context(entry("factorial", factorial), entry("", text("factorial(5)")))) == 120
    written = text("function(n) if n < 2 then 1 else n * fac(n - 1)")
    assert value_of(context(entry("fac", written), entry("", text("fac(5)")))) == 120


def test_a_function_keeps_what_it_was_made_with():
    adder = function({"n": ""}, function({"m": ""}, text("n + m")))
    box = context(entry("add", adder), entry("two", text("add(2)")), entry("", text("[two(1), add(10)(1)]")))
    assert value_of(box) == [3, 11]


def test_a_list_and_a_relation():
    assert value_of(listed("1", "1 + 1", '"c"')) == [1, 2, "c"]
    rows = f"<row>{text('1')}{text('a')}</row><row>{text('2')}{text('a + 1')}</row>"
    box = f'<relation><column name="a"/><column name="b"/>{rows}</relation>'
    assert value_of(box, a=D(7)) == [{"a": 1, "b": 7}, {"a": 2, "b": 8}]


def test_a_row_of_the_wrong_length_is_told():
    box = f'<relation><column name="a"/><column name="b"/><row>{text("1")}</row></relation>'
    value, codes = result_of(box)
    assert value == [None]
    assert codes == ["wrong-row"]


@pytest.mark.parametrize(("given_", "result"), [(True, "yes"), (False, "no"), (None, "no")])
def test_a_conditional(given_: Value, result: str):
    assert value_of(conditional("a", '"yes"', '"no"'), a=given_) == result


def test_a_condition_that_is_no_truth_value_takes_the_other_branch_and_says_so():
    value, codes = result_of(conditional("a", '"yes"', '"no"'), a=D(1))
    assert value == "no"
    assert codes


def test_only_the_branch_taken_is_run():
    assert result_of(conditional("true", "1", "1 / 0")) == (D(1), [])


def test_a_filter_by_condition_on_items_and_their_properties():
    assert value_of(filtered("[1, 2, 3]", "item > 1")) == [2, 3]
    assert value_of(filtered("people", "age > 18"), people=PEOPLE) == [PEOPLE[0], PEOPLE[2]]
    assert value_of(filtered("people", "item.age > limit"), people=PEOPLE, limit=D(40)) == [PEOPLE[2]]


def test_a_filter_by_number():
    assert value_of(filtered("[1, 2, 3]", "-1")) == 3


def test_a_filter_on_a_property_with_spaces():
    rows = [{"a b": D(1)}, {"a b": D(2)}]
    person = item("t", inside=component("a b", "number"), many=True)
    source = model(person, given("rows", "t"), decision("d", filtered("rows", "a b = 2"), inputs=("rows",)))
    assert run(source, "d", rows=rows) == ([rows[1]], [])


def test_a_property_in_a_filter_is_no_name_of_its_own():
    box = context(entry("old", text("people[age > 18]")), entry("", text("old.name")))
    assert result_of(box, people=PEOPLE) == (["Kari", "Per"], [])


def test_for_some_and_every():
    assert value_of(loop("for", "[1, 2, 3]", "x * x")) == [1, 4, 9]
    assert value_of(loop("some", "[1, 2, 3]", "x > 2")) is True
    assert value_of(loop("every", "[1, 2, 3]", "x > 2")) is False
    assert value_of(loop("every", "[]", "x > 2")) is True
    assert value_of(loop("for", "1..4", "x")) == [1, 2, 3, 4]
    assert value_of(loop("for", "n..1", "x"), n=D(3)) == [3, 2, 1]
    assert value_of(loop("for", "[1..3]", "x")) == [1, 2, 3]


def test_for_sees_what_it_has_made_so_far():
    assert value_of(loop("for", "[5, 5, 5]", "count(partial)")) == [0, 1, 2]


def test_a_loop_over_nothing_listed_is_null_and_told():
    value, codes = result_of(loop("for", "a", "x"), a=None)
    assert value is None
    assert codes


def test_boxes_within_boxes_see_the_names_around_them():
    inner = loop("for", "[1, 2]", "x + y", "y").replace(text("x + y"), conditional("y > 1", "x + y", "x"))
    outer = f'<for iteratorVariable="x">{child("in", text("[10, 20]"))}{child("return", inner)}</for>'
    assert value_of(outer) == [[10, 12], [20, 22]]


def test_an_invocation_binds_by_name_in_any_order():
    call = (
        "<invocation>"
        + text("minus")
        + f'<binding><parameter name="b"/>{text("1")}</binding><binding><parameter name="a"/>{text("n")}</binding>'
        + "</invocation>"
    )
    source = model(
        given("n"),
        knowledge("minus", {"a": "number", "b": "number"}, text("a - b")),
        decision("d", call, inputs=("n",), calls=("minus",)),
    )
    assert run(source, "d", n=D(10)) == (D(9), [])


def test_an_invocation_of_a_built_in_function():
    call = (
        "<invocation>"
        + text("substring")
        + f'<binding><parameter name="string"/>{text("word")}</binding>'
        + f'<binding><parameter name="start position"/>{text("2")}</binding></invocation>'
    )
    assert value_of(call, word="foobar") == "oobar"


def test_an_invocation_with_a_wrong_name_is_null_and_told():
    call = f'<invocation>{text("f")}<binding><parameter name="z"/>{text("1")}</binding></invocation>'
    source = model(knowledge("f", {"a": ""}, text("a")), decision("d", call, calls=("f",)))
    value, codes = run(source, "d")
    assert value is None
    assert codes == ["wrong-arguments"]


def test_a_parameter_left_out_of_an_invocation_is_null():
    call = f'<invocation>{text("f")}<binding><parameter name="a"/>{text("1")}</binding></invocation>'
    source = model(knowledge("f", {"a": "", "b": ""}, text("b = null")), decision("d", call, calls=("f",)))
    assert run(source, "d") == (True, [])


def test_an_invocation_that_binds_nothing_leaves_all_parameters_out():
    call = f"<invocation>{text('f')}</invocation>"
    source = model(knowledge("f", {"a": "", "b": ""}, text("a = b")), decision("d", call, calls=("f",)))
    assert run(source, "d") == (True, [])


def test_an_empty_expression_is_null_and_told():
    value, codes = result_of(text(" "))
    assert (value, codes) == (None, ["no-logic"])


def test_a_binding_asks_for_the_type_it_names():
    typed_one = '<binding><parameter name="n" typeRef="number"/>{0}</binding>'
    call = "<invocation>" + text("function(n) n") + "{0}</invocation>"
    assert value_of(call.format(typed_one.format(text("[1]")))) == 1
    assert result_of(call.format(typed_one.format(text('"x"')))) == (None, ["type-mismatch"])
