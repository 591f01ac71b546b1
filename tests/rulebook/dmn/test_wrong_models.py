"""A model with names, references or languages that cannot be meant: told with its line, and what can be run is run."""

import pytest
from modelling import (
    NAMESPACE,
    D,
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
    table,
    text,
    value_of,
)

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.namespaces import MODEL

OTHER = "https://example.no/other"


def problems(*sources: str) -> list[tuple[int, str]]:
    return [(each.line, each.what) for each in executable(*sources).problems]


def imports(name: str, namespace: str = OTHER, kind: str = MODEL) -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="{kind}"/>'


LIBRARY = model(
    given("a", "number"),
    decision("twice", text("a * 2"), inputs=("a",)),
    namespace=OTHER,
    name="library",
)


@pytest.mark.parametrize(
    ("elements", "line", "what"),
    [
        ((given("a"), service("s", ("a",))), 3, "“a”, which is input data, as a decision"),
        (
            (decision("d", text("1")), service("s", ("d",), data=("d",))),
            3,
            "“d”, which is a decision, as input data",
        ),
        ((given("a"), decision("d", text("a"), after=("a",))), 3, "input data, as a decision"),
        (
            (decision("b", text("1")), decision("d", text("b"), calls=("b",))),
            3,
            "as a business knowledge model",
        ),
        ((decision("d", text("1"), inputs=("gone",)),), 2, "which is not there"),
        (('<decision id="d" name="d"><informationRequirement/></decision>',), 2, "names nothing"),
        ((service("s", ("gone",)),), 2, "which is not there"),
        (('<inputData id="i" name="a"><variable name="b"/></inputData>',), 2, "called “b” by its variable"),
    ],
)
def test_a_reference_or_name_that_cannot_be_meant_is_told(elements: tuple[str, ...], line: int, what: str):
    found = problems(model(*elements))
    assert any(at == line and what in said for at, said in found), found


def test_a_service_whose_output_is_no_decision_still_answers():
    ready = executable(model(given("a"), decision("d", text("1")), service("s", ("a", "d"))))
    assert ready.serve("s", {"a": D(1)}) == {"d": 1}


def test_two_outputs_of_one_name_are_told_not_only_lost():
    own = decision("twice", text("1"))
    source = model(imports("library"), own, service("s", ("twice", f"{OTHER}#twice"), data=(f"{OTHER}#a",)))
    assert problems(source, LIBRARY) == [(4, "“s” has two outputs called “twice”, and keeps one of them.")]


def test_an_element_without_an_id_is_said_to_need_one():
    source = model('<inputData name="a"/>', decision("d", text("1")).replace("</decision>", "")
                   + '<informationRequirement><requiredInput href="#a"/></informationRequirement></decision>')  # fmt: skip
    (problem,) = executable(source).problems
    assert problem.mend == "References go by id: give “a” one."


ONCE = f'<binding><parameter name="n"/>{text("1")}</binding>'


@pytest.mark.parametrize(
    "box",
    [
        context(entry("a", text("1")), entry("a", text("2"))),
        context(entry("", text("1")), entry("", text("2"))),
        f"<invocation>{text('function(n) n')}{ONCE}{ONCE}</invocation>",
    ],
)
def test_what_is_said_twice_in_one_box_is_refused(box: str):
    value, codes = result_of(box)
    assert value is None
    assert codes[0] in ("syntax", "wrong-arguments")
    assert len(problems(model(decision("d", box)))) == 1


GROOVY = 'expressionLanguage="groovy"'


@pytest.mark.parametrize(
    "where", ["inputEntry", "outputEntry", "inputValues", "outputValues", "defaultOutputEntry"]
)
def test_a_cell_in_another_language_is_not_read_as_feel(where: str):
    box = table(("1",), ("o",), ("1", "1"), values={"o": "1"}, allowed={"1": "1"}, default="1")
    assert value_of(box) == 1
    assert result_of(box.replace(f"<{where}>", f"<{where} {GROOVY}>")) == (None, ["foreign-language"])


def test_allowed_values_in_another_language_admit_nothing_and_are_told():
    narrowed = item("T", "number", allowed="1").replace("<allowedValues>", f"<allowedValues {GROOVY}>")
    source = model(narrowed, given("a", "T"), decision("d", text("a"), inputs=("a",)))
    assert run(source, "d", a=D(1)) == (None, ["type-mismatch"])
    assert "groovy" in problems(source)[0][1]


@pytest.mark.parametrize("language", ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401"])
def test_feel_by_any_of_its_names(language: str):
    named = text("1").replace("<literalExpression>", f'<literalExpression expressionLanguage="{language}">')
    assert value_of(named) == 1


def test_a_function_of_a_kind_nobody_knows_is_refused():
    made = function({"n": ""}, text("n")).replace("<functionDefinition", '<functionDefinition kind="Cobol"')
    assert result_of(context(entry("f", made), entry("", text("f(1)")))) == (None, ["external-function"])


def test_a_model_that_is_referred_to_must_be_imported():
    middle = model(
        imports("library"), decision("m", text("1")), namespace="https://example.no/middle", name="middle"
    )
    source = model(
        imports("middle", "https://example.no/middle"), decision("d", text("1"), after=(f"{OTHER}#twice",))
    )
    assert problems(source, middle, LIBRARY) == [
        (3, "“d” refers to “twice” of a model that is not imported here.")
    ]


@pytest.mark.parametrize(
    ("elements", "what"),
    [
        ((imports("library"), imports("library", NAMESPACE)), "second import"),
        ((imports("library"), imports("again")), "is imported already, as “library”"),
        ((imports("library"), given("library")), "also the name of an import"),
        ((imports(""), given("a")), "also the name of an element of “library”"),
        ((imports("library"), imports("x", "https://example.no/x", "text/plain")), "which is not read here"),
    ],
)
def test_names_that_imports_make_unclear_are_told(elements: tuple[str, ...], what: str):
    assert [what in said for _, said in problems(model(*elements), LIBRARY)] == [True]


def test_an_input_with_the_name_of_an_import_is_never_written_into():
    source = model(
        imports("library"),
        given("library"),
        decision("d", text("library.twice"), inputs=("library",), after=(f"{OTHER}#twice",)),
    )
    mine = {"twice": D(1)}
    assert run(executable(source, LIBRARY), "d", library=mine, a=D(4)) == (8, [])
    assert mine == {"twice": 1}


def test_inputs_of_one_name_in_two_models_are_kept_apart():
    source = model(
        imports("library"),
        given("a"),
        decision("d", text("[library.twice, a]"), inputs=("a",), after=(f"{OTHER}#twice",)),
    )
    ready = executable(source, LIBRARY)
    assert ready.decide("d", {"library": {"a": D(5)}, "a": D(1)}) == [10, 1]
    assert ready.decide("d", {(OTHER, "a"): D(5), (NAMESPACE, "a"): D(1)}) == [10, 1]
    assert ready.decide("d", {"a": D(1)}) == [None, 1]


def test_a_circle_through_an_import_is_refused_with_its_members():
    one = model(imports("library"), decision("x", text("1"), after=(f"{OTHER}#y",)))
    other = model(
        imports("one", NAMESPACE),
        decision("y", text("1"), after=(f"{NAMESPACE}#x",)),
        namespace=OTHER,
        name="library",
    )
    with pytest.raises(DmnError, match="x → y → x"):
        executable(one, other)


def test_functions_may_need_each_other_in_a_circle():
    even = knowledge("even n", {"n": ""}, text("if n = 0 then true else odd n(n - 1)"), calls=("odd n",))
    odd = knowledge("odd n", {"n": ""}, text("if n = 0 then false else even n(n - 1)"), calls=("even n",))
    assert run(model(even, odd, decision("d", text("even n(10)"), calls=("even n",))), "d") == (True, [])
