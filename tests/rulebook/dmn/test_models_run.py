"""A model runs: decisions after what they require, functions, imports, inputs; and what is wrong is told."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

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
    run,
    service,
    text,
)

from dugnad.rulebook import Recorder
from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.evaluating import compile_model, load
from dugnad.rulebook.feel import unknown

BEFORE = "https://example.no/before"


def test_a_decision_runs_after_what_it_requires():
    source = model(
        given("income", "number"),
        decision("yearly", text("income * 12"), inputs=("income",)),
        decision("taxed", text("yearly * 0.78"), after=("yearly",)),
        decision("net", text("taxed - yearly * 0.08"), after=("taxed", "yearly")),
    )
    assert run(source, "net", income=D(1000)) == (D(8400), [])


def test_what_two_decisions_share_runs_once():
    source = executable(
        model(
            given("a", "number"),
            decision("shared", text("a + 1"), inputs=("a",)),
            decision("left", text("shared"), after=("shared",)),
            decision("right", text("shared"), after=("shared",)),
            decision("top", text("left + right"), after=("left", "right")),
        )
    )
    recorder = Recorder()
    assert source.decide("top", {"a": D(1)}, recorder) == 4
    assert [group["group"] for group in recorder.as_data()] == ["shared", "left", "right", "top"]


def test_a_long_chain_of_decisions_needs_no_deep_stack():
    chain = [decision("d0", text("1"))]
    chain += [decision(f"d{at}", text(f"d{at - 1} + 1"), after=(f"d{at - 1}",)) for at in range(1, 3000)]
    assert run(model(*chain), "d2999") == (D(3000), [])


def test_names_may_hold_spaces_and_signs():
    source = model(
        given("Teacher's evaluation", "string"),
        decision("what + how", text('Teacher\'s evaluation + "!"'), inputs=("Teacher's evaluation",)),
        decision("all", text("upper case(what + how)"), after=("what + how",)),
    )
    ready = executable(source)
    assert ready.decide("all", {"Teacher's evaluation": "good"}) == "GOOD!"


def test_only_what_is_required_can_be_named():
    source = model(given("a"), decision("seen", text("1")), decision("d", text("seen + 1")))
    value, codes = run(source, "d", a=D(1))
    assert value is None
    assert codes == ["syntax"]


def test_an_input_not_given_is_null():
    source = model(given("a"), decision("d", text("a = null"), inputs=("a",)))
    assert run(source, "d") == (True, [])


def test_an_unknown_input_stays_unknown():
    source = model(given("a", "number"), decision("d", text("a + 1"), inputs=("a",)))
    assert run(source, "d", a=unknown("a"))[0] == unknown("a")


def test_plain_numbers_are_taken_exactly_and_floats_refused():
    source = model(given("a", "number"), decision("d", text("a / 3"), inputs=("a",)))
    assert run(source, "d", a=1) == (D("0.3333333333333333333333333333333333"), [])
    assert run(source, "d", a=0.1)[1][0] == "type-mismatch"


def test_a_decision_without_logic_may_be_given():
    source = model(decision("said", kind="string"), decision("d", text('said + "!"'), after=("said",)))
    assert run(source, "d", said="yes") == ("yes!", [])
    value, codes = run(source, "said")
    assert value is None
    assert codes == ["no-logic"]


def test_a_function_calls_another_and_itself():
    source = model(
        knowledge("double", {"n": "number"}, text("n * 2")),
        knowledge(
            "power", {"n": "number"}, text("if n = 0 then 1 else double(power(n - 1))"), calls=("double",)
        ),
        decision("d", text("power(10)"), calls=("power",)),
    )
    assert run(source, "d") == (D(1024), [])


def test_a_function_is_called_by_name_from_outside():
    ready = executable(model(knowledge("sum of", {"a": "number", "b": "number"}, text("a + b"))))
    assert ready.call("sum of", {"a": D(1), "b": D(2)}) == 3


def test_functions_that_call_each_other_without_end_stop():
    source = model(
        knowledge("f", {"n": ""}, text("f(n) + f(n + 1)")),
        decision("d", text("f(1)"), calls=("f",)),
    )
    value, codes = run(source, "d")
    assert value is None
    assert set(codes) <= {"too-deep", "too-large"}
    assert codes


@pytest.mark.parametrize(
    "step", ["[X, X]", "{a: X, b: X}", "concatenate(X, X)", "string join([X, X])", "X + X"]
)
def test_values_that_double_sixty_times_end_in_bounded_time(step: str):
    chain = [decision("d0", text('"abcd"' if "+" in step or "join" in step else "[1, 2]"))]
    chain += [
        decision(f"d{at}", text(step.replace("X", f"d{at - 1}")), after=(f"d{at - 1}",))
        for at in range(1, 60)
    ]
    tree = item("Tree", "Tree", many=True)
    last = decision("last", text("d59 = d58"), after=("d59", "d58"))
    shown = decision("shown", text("d59"), after=("d59",), kind="Tree")
    ready = executable(model(tree, *chain, last, shown))
    recorder = Recorder()
    ready.decide("last", {}, recorder)
    assert "too-large" in [each.code for each in recorder.diagnostics]
    with_type = Recorder()
    assert not ready.decide("shown", {}, with_type)
    assert with_type.diagnostics


def test_boxes_and_expressions_nested_together_are_refused_or_run():
    box = text("(" * 90 + "1" + ")" * 90 + " + 1" * 90)
    for _ in range(90):
        box = f"<list>{box}</list>"
    with contextlib.suppress(DmnError):
        value, codes = run(model(decision("d", box)), "d")
        assert value or codes


def test_a_circle_of_decisions_is_refused_with_its_members():
    source = model(
        decision("a", text("c"), after=("c",)),
        decision("b", text("a"), after=("a",)),
        decision("c", text("b"), after=("b",)),
    )
    with pytest.raises(DmnError, match="a → c → b → a") as caught:
        executable(source)
    assert caught.value.line == 2


def test_a_reference_to_nothing_is_told_and_its_name_unknown():
    ready = executable(model(decision("d", text("gone"), after=("gone",))))
    assert any("refers to #_gone" in str(problem) for problem in ready.problems)
    assert ready.decide("d", {}) is None


def test_white_space_around_a_reference_is_no_part_of_it():
    """XML Schema collapses the white space of xsd:anyURI, which href is (DMN15.xsd)."""
    source = model(given("a"), decision("d", text("a"), inputs=("a",)))
    assert run(source.replace('href="#_a"', 'href="\n  #_a "'), "d", a=D(1)) == (1, [])


def test_a_problem_names_file_line_what_and_how_to_mend_it():
    source = model(decision("d", text("1 +\n * 2")))
    problem = executable(source).problems[0]
    assert (problem.file, problem.line) == ("model.dmn", 3)
    assert "“d” is not FEEL" in problem.what
    assert problem.mend


def test_a_misspelt_name_is_suggested():
    ready = executable(model(given("income"), decision("d", text("incone + 1"), inputs=("income",))))
    assert "Did you mean “income”?" in ready.problems[0].what


def test_a_diagnostic_has_its_place_in_the_model():
    ready = executable(model(given("a"), decision("d", text("1 +\n  (a / 0)"), inputs=("a",))))
    recorder = Recorder()
    ready.decide("d", {"a": D(1)}, recorder)
    place = ready.place(recorder.diagnostics[0])
    assert place is not None
    assert (place.file, place.line, place.element) == ("model.dmn", 4, "d")


def test_asking_for_what_is_not_there_is_answered_with_the_nearest_name():
    ready = executable(model(decision("discount", text("1"))))
    with pytest.raises(DmnError, match="Did you mean “discount”"):
        ready.decide("discuont", {})
    with pytest.raises(DmnError, match=r"The model urn:other has no “discount” to run. Look at"):
        ready.decide("discount", {}, namespace="urn:other")


def test_now_is_the_moment_the_caller_says_everywhere():
    source = model(
        knowledge("year of today", {}, text("today().year")),
        decision("inner", text("now().hour")),
        service("at work", ("inner",)),
        decision("d", text("[year of today(), at work(), now().minute]"), calls=("year of today", "at work")),
    )
    ready = executable(source)
    assert ready.decide("d", {}, at=datetime(2026, 11, 22, 13, 37, tzinfo=UTC)) == [2026, 13, 37]
    assert ready.call("year of today", {}, at=datetime(2030, 1, 1, tzinfo=UTC)) == 2030
    recorder = Recorder()
    assert ready.decide("inner", {}, recorder) is None
    assert "no-moment" in [each.code for each in recorder.diagnostics]


def test_java_is_refused_by_name():
    described = context(
        entry("class", text('"java.lang.Math"')), entry("method signature", text('"cos(double)"'))
    )
    box = function({"x": "number"}, described).replace(
        "<functionDefinition>", '<functionDefinition kind="Java">'
    )
    source = model(decision("d", context(entry("f", box), entry("", text("f(1)")))))
    ready = executable(source)
    recorder = Recorder()
    assert ready.decide("d", {}, recorder) is None
    assert recorder.diagnostics[0].code == "external-function"
    assert "java.lang.Math.cos(double)" in recorder.diagnostics[0].message


def test_another_language_is_refused_by_name():
    box = text("1 + 1").replace(
        "<literalExpression>", '<literalExpression expressionLanguage="http://groovy">'
    )
    value, codes = run(model(decision("d", box)), "d")
    assert (value, codes) == (None, ["foreign-language"])


def test_the_trace_tells_what_was_read_and_on_what_authority():
    source = model(
        '<knowledgeSource id="_law" name="barnehageloven § 20"/>',
        given("price", "number"),
        decision("fee", text("price * 0.7"), inputs=("price",), authority="law"),
    )
    recorder = Recorder()
    executable(source).decide("fee", {"price": D(2000)}, recorder)
    (group,) = recorder.as_data()
    assert group["group"] == "fee"
    (step,) = group["records"]
    assert step["expression"] == "price * 0.7"
    assert step["law"] == "barnehageloven § 20"
    assert step["inputs"] == {"price": "2000"}
    assert step["output"] == "1400.0"


def test_the_trace_shows_the_named_values_inside_a_box():
    box = context(entry("base", text("price * 11")), entry("", text("base * 0.7")))
    recorder = Recorder()
    source = model(given("price", "number"), decision("fee", box, inputs=("price",)))
    assert executable(source).decide("fee", {"price": D(100)}, recorder) == 770
    (group,) = recorder.as_data()
    inner, whole = group["records"]
    assert (inner["name"], inner["expression"], inner["inputs"]) == (
        "fee: base",
        "price * 11",
        {"price": "100"},
    )
    assert (inner["output"], whole["output"]) == ("1100", "770.0")


def test_two_elements_of_one_name_or_one_id_are_told():
    ready = executable(model(decision("d", text("1")), decision("d", text("2")), given("a"), given("a")))
    assert [problem.line for problem in ready.problems] == [3, 5]


def imported(name: str = "before", location: str = "") -> str:
    where = f' locationURI="{location}"' if location else ""
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    return f'<import name="{name}" namespace="{BEFORE}" importType="{kind}"{where}/>'


BASE = model(
    given("age", "number"),
    decision("grown up", text("age >= 18"), inputs=("age",)),
    knowledge("older", {"by": "number"}, text("by + 1")),
    namespace=BEFORE,
    name="before",
)


def test_an_imported_model_is_named_by_its_import():
    source = model(
        imported(),
        decision(
            "d",
            text("if before.grown up then before.older(before.age) else 0"),
            inputs=(f"{BEFORE}#age",),
            after=(f"{BEFORE}#grown up",),
            calls=(f"{BEFORE}#older",),
        ),
    )
    ready = executable(source, BASE)
    assert not ready.problems
    assert ready.decide("d", {"age": D(20)}) == 21
    assert ready.decide("d", {(BEFORE, "age"): D(17)}) == 0
    assert ready.decide("d", {"before": {"age": D(30)}}) == 31


def test_an_import_without_a_name_brings_its_names_in_as_they_are():
    source = model(imported(""), decision("d", text("not(grown up)"), after=(f"{BEFORE}#grown up",)))
    assert executable(source, BASE).decide("d", {"age": D(3)}) is True


def test_an_imported_service_is_called_under_its_import():
    base = model(
        given("age", "number"),
        decision("grown up", text("age >= 18"), inputs=("age",)),
        service("adult", ("grown up",), data=("age",)),
        namespace=BEFORE,
    )
    call = f"<invocation>{text('before.adult')}<binding><parameter name='age'/>{text('20')}</binding></invocation>"
    source = model(
        imported(),
        decision("d", text("[before.adult(17), before.adult(age: 18)]"), calls=(f"{BEFORE}#adult",)),
        decision("boxed", call, calls=(f"{BEFORE}#adult",)),
    )
    ready = executable(source, base)
    assert ready.decide("d", {}) == [False, True]
    assert ready.decide("boxed", {}) is True


def test_imported_types_are_named_by_their_import():
    base = model(item("Small", "number", allowed="< 10"), namespace=BEFORE)
    source = model(
        imported(),
        item("Pair", inside=component("first", "before.Small")),
        given("pair", "Pair"),
        decision("d", text("pair.first", "before.Small"), inputs=("pair",)),
        decision("e", text("3 instance of before.Small")),
        given("many", "list<before.Small>"),
        decision("f", text("many"), inputs=("many",)),
    )
    ready = executable(source, base)
    assert not ready.problems
    assert ready.decide("f", {"many": [D(3)]}) == [3]
    assert ready.decide("f", {"many": [D(30)]}) is None
    assert ready.decide("d", {"pair": {"first": D(3)}}) == 3
    assert ready.decide("d", {"pair": {"first": D(30)}}) is None
    assert ready.decide("e", {}) is True


def test_imported_files_are_found_by_location_or_by_namespace(tmp_path: Path):
    (tmp_path / "base file.dmn").write_text(BASE)
    wanted = decision("d", text("before.grown up"), after=(f"{BEFORE}#grown up",))
    for location in ("base file.dmn", ""):
        path = tmp_path / "main.dmn"
        path.write_text(model(imported(location=location), wanted))
        assert compile_model(load(path)).decide("d", {"age": D(40)}) is True


@pytest.mark.parametrize(
    "location", ["../outside.dmn", "/etc/passwd", "https://example.no/outside.dmn", "a/../../outside.dmn"]
)
def test_an_import_never_leaves_the_folder(tmp_path: Path, location: str):
    (tmp_path / "outside.dmn").write_text(BASE)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "main.dmn").write_text("\n" + model(imported(location=location)))
    with pytest.raises(DmnError, match="points outside the model's folder") as caught:
        load(inner / "main.dmn")
    assert caught.value.line == 3


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "outside.dmn").write_text(BASE)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "base.dmn").symlink_to(tmp_path / "outside.dmn")
    for location in ("base.dmn", ""):
        (inner / "main.dmn").write_text(model(imported(location=location)))
        with pytest.raises(DmnError):
            load(inner / "main.dmn")


def test_a_missing_import_is_told_where_it_is_asked_for(tmp_path: Path):
    (tmp_path / "main.dmn").write_text(model(imported()))
    with pytest.raises(DmnError, match="“before”") as caught:
        load(tmp_path / "main.dmn")
    assert caught.value.line == 2


def test_models_may_import_each_other_as_long_as_no_decision_does(tmp_path: Path):
    back = '<import name="main" namespace="https://example.no/model" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    (tmp_path / "a.dmn").write_text(
        model(
            imported(),
            decision("d", text("before.b + 1"), after=(f"{BEFORE}#b",)),
            decision("own", text("1")),
        )
    )
    (tmp_path / "b.dmn").write_text(
        model(
            back,
            decision("b", text("main.own + 1"), after=("https://example.no/model#own",)),
            namespace=BEFORE,
        )
    )
    assert compile_model(load(tmp_path / "a.dmn")).decide("d", {}) == 3
