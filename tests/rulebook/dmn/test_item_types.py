"""Item definitions as types: constraints, collections, functions, conversions (DMN 1.5, 7.3.3 and 10.3.2.9)."""

from datetime import UTC, date, datetime

import pytest
from modelling import (
    D,
    component,
    context,
    decision,
    entry,
    executable,
    function,
    given,
    item,
    knowledge,
    model,
    result_of,
    run,
    service,
    text,
)

from dugnad.rulebook import Value

GRADE = item("Grade", "string", allowed='"A", "B", "C"')
PERSON = item("Person", inside=component("name", "string") + component("age", "number", allowed="[0..120]"))


def typed(kind: str, value: Value, *items: str) -> tuple[Value, list[str]]:
    """Give what an input of this type becomes when it is given this value."""
    return run(model(*items, given("a", kind), decision("d", text("a"), inputs=("a",))), "d", a=value)


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("number", D(1), D(1)),
        ("string", D(1), None),
        ("number", "1", None),
        ("boolean", True, True),
        ("date", date(2026, 1, 2), date(2026, 1, 2)),
        ("date", "2026-01-02", None),
        ("Any", D(1), D(1)),
        ("context", {"a": D(1)}, {"a": D(1)}),
        ("context", D(1), None),
        ("list", [D(1), "b"], [D(1), "b"]),
    ],
)
def test_an_input_conforms_to_its_type_or_is_null(kind: str, value: Value, result: Value):
    found, codes = typed(kind, value)
    assert found == result
    assert bool(codes) is (result is None)


def test_a_type_nobody_defined_is_told():
    ready = executable(model(given("a", "Nothing"), decision("d", text("a"), inputs=("a",))))
    assert "no type “Nothing”" in ready.problems[0].what


def test_a_list_of_one_is_taken_out_and_a_single_value_put_in():
    numbers = item("Numbers", "number", many=True)
    assert typed("number", [D(1)]) == (D(1), [])
    assert typed("Numbers", D(1), numbers) == ([D(1)], [])
    assert typed("number", [D(1), D(2)])[0] is None


def test_a_date_becomes_its_midnight_in_utc():
    assert typed("date and time", date(2026, 5, 17)) == (datetime(2026, 5, 17, tzinfo=UTC), [])


def test_allowed_values():
    assert typed("Grade", "A", GRADE) == ("A", [])
    assert typed("Grade", None, GRADE) == (None, [])
    value, codes = typed("Grade", "F", GRADE)
    assert (value, codes) == (None, ["type-mismatch"])


def test_allowed_values_narrow_each_item_and_a_constraint_the_whole():
    few = item("Few", "number", allowed="> 0", rule="count(?) < 3", many=True)
    assert typed("Few", [D(1), D(2)], few) == ([D(1), D(2)], [])
    assert typed("Few", [D(1), D(-2)], few)[0] is None
    assert typed("Few", [D(1), D(2), D(3)], few)[0] is None


def test_a_constraint_on_a_single_value():
    even = item("Even", "number", rule="even(?)")
    assert typed("Even", D(2), even)[0] == 2
    assert typed("Even", D(3), even)[0] is None


def test_a_type_made_of_another_keeps_its_constraints():
    better = item("Better", "Grade", allowed='not("C")')
    assert typed("Better", "A", GRADE, better)[0] == "A"
    assert typed("Better", "C", GRADE, better)[0] is None
    assert typed("Better", "F", GRADE, better)[0] is None


def test_a_structure_needs_its_parts_and_may_have_more():
    kari = {"name": "Kari", "age": D(30)}
    assert typed("Person", kari, PERSON)[0] == kari
    assert typed("Person", kari | {"city": "Bergen"}, PERSON)[0] is not None
    assert typed("Person", {"name": "Kari"}, PERSON)[0] is None
    assert typed("Person", kari | {"age": D(130)}, PERSON)[0] is None
    assert typed("Person", kari | {"age": None}, PERSON)[0] == kari | {"age": None}


def test_a_component_is_a_type_of_its_own_to_others():
    assert typed("Person.age", D(12), PERSON)[0] == 12
    assert typed("Person.age", D(121), PERSON)[0] is None


def test_a_list_of_a_type_is_known_wherever_the_type_stands():
    """7.3.2: a type is found by its name; in which order the definitions are written says nothing."""
    few = item("Few", "list&lt;Small&gt;")
    small = item("Small", "number", allowed="< 3")
    for items in ((few, small), (small, few)):
        assert typed("Few", [D(1), D(2)], *items) == ([D(1), D(2)], [])
        assert typed("Few", [D(1), D(7)], *items)[0] is None
        assert typed("list<Small>", [D(7)], *items)[0] is None
    pair = item("Pair", "context&lt;first: Small, second: number&gt;")
    assert typed("Pair", {"first": D(7), "second": D(7)}, pair, small)[0] is None


def test_a_structure_that_speaks_of_itself():
    family = item("Family", inside=component("name", "string") + component("children", "Family", many=True))
    kari = {"name": "Kari", "children": [{"name": "Ola", "children": []}]}
    assert typed("Family", kari, family)[0] == kari
    wrong = {"name": "Kari", "children": [{"name": D(1), "children": []}]}
    assert typed("Family", wrong, family)[0] is None


def test_a_type_that_is_nothing_but_itself_is_told():
    ready = executable(model(item("A", "B"), item("B", "A"), given("a", "A")))
    assert any("defined by itself" in problem.what for problem in ready.problems)


def test_a_broken_constraint_is_told_and_nothing_conforms():
    source = model(
        item("A", "number", allowed="> >"), given("a", "A"), decision("d", text("a"), inputs=("a",))
    )
    ready = executable(source)
    assert "not FEEL" in ready.problems[0].what
    assert ready.decide("d", {"a": D(1)}) is None


def test_a_decision_gives_a_value_of_its_type_or_null():
    assert result_of(text("[1]"), kind="number") == (D(1), [])
    assert result_of(text('"a"'), kind="number") == (None, ["type-mismatch"])
    assert result_of(text("1", "string")) == (None, ["type-mismatch"])


def test_a_function_takes_and_gives_values_of_its_types():
    source = model(
        knowledge("f", {"a": "number"}, text("a"), kind="string"),
        knowledge("g", {"a": "string"}, text("a + a"), kind="string"),
        decision("wrong result", text("f(1)"), calls=("f",)),
        decision("wrong argument", text("g(1)"), calls=("g",)),
        decision("from a list", text('g(["x"])'), calls=("g",)),
    )
    assert run(source, "wrong result") == (None, ["type-mismatch"])
    assert run(source, "wrong argument") == (None, ["type-mismatch"])
    assert run(source, "from a list") == ("xx", [])


def test_an_entry_of_a_context_has_a_type():
    value, codes = result_of(context(entry("a", text("[1]"), "number"), entry("b", text('"x"'), "number")))
    assert value == {"a": 1, "b": None}
    assert codes == ["type-mismatch"]


FUNCTION = (
    '<itemDefinition name="Change"><functionItem outputTypeRef="number">'
    '<parameters name="n" typeRef="number"/></functionItem></itemDefinition>'
)


def test_a_function_as_a_type():
    apply = knowledge("apply", {"change": "Change"}, text("change(2)"), kind="number")
    source = model(
        FUNCTION,
        apply,
        decision("fits", text("apply(function(n: number) n * 3)"), calls=("apply",)),
        decision("too many", text("apply(function(n: number, m: number) n)"), calls=("apply",)),
        decision("no function", text("apply(1)"), calls=("apply",)),
    )
    assert run(source, "fits") == (D(6), [])
    assert run(source, "too many")[0] is None
    assert run(source, "no function")[0] is None


@pytest.mark.parametrize("kind", ["Change", "number"])
def test_a_function_gives_what_its_variable_says_as_a_function_type_or_as_that_of_its_result(kind: str):
    """7.3.4, 10.3.2.9.4: what a function gives has the type of its result, else is null."""
    name = '<businessKnowledgeModel id="_f" name="f">'
    made = knowledge("f", {"a": ""}, text("a"))
    source = model(
        FUNCTION,
        made.replace(name, f'{name}<variable name="f" typeRef="{kind}"/>'),
        decision("d", text('[f(1), f([2]), f("x")]'), calls=("f",)),
    )
    assert run(source, "d") == ([1, 2, None], ["type-mismatch"])


def test_a_boxed_function_takes_a_type_of_the_model():
    box = context(entry("f", function({"g": "Grade"}, text("g"))), entry("", text('[f("A"), f("F")]')))
    assert result_of(box, GRADE)[0] == ["A", None]


def test_instance_of_a_type_of_the_model():
    box = text('[{name: "Kari", age: 3} instance of Person, "F" instance of Grade, 3 instance of Person.age]')
    assert result_of(box, PERSON, GRADE) == ([True, False, True], [])


def test_a_service_asks_its_types_of_its_arguments():
    source = model(
        PERSON,
        given("who", "Person"),
        decision("name of", text("who.name"), inputs=("who",)),
        service("naming", ("name of",), data=("who",)),
        decision("d", text('naming({name: "Kari", age: 3})'), calls=("naming",)),
        decision("e", text('naming("Kari")'), calls=("naming",)),
    )
    assert run(source, "d") == ("Kari", [])
    assert run(source, "e") == (None, ["type-mismatch"])


def test_names_that_older_models_gave_to_types():
    old = model(given("a", "f:string"), decision("d", text("a"), inputs=("a",))).replace(
        "<definitions ", '<definitions xmlns:f="http://www.omg.org/spec/FEEL/20140401" '
    )
    assert run(old, "d", a="x") == ("x", [])
    assert typed("dayTimeDuration", D(1))[0] is None


def test_types_that_stand_too_deep_in_each_other_are_told_and_admit_nothing():
    chain = [item(f"T{at}", f"T{at - 1}" if at else "number") for at in range(900)]
    ready = executable(
        model(*chain, given("a", "T899"), given("b", "T9"), decision("d", text("[a, b]"), inputs=("a", "b")))
    )
    assert ready.decide("d", {"a": D(1), "b": D(1)}) == [None, 1]
    assert any("more than 100 types deep" in each.what for each in ready.problems)
