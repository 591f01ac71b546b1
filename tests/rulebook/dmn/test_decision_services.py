"""Decision services: offered as a whole, and called as functions (DMN 1.5, 6.3.10 and 10.4)."""

import pytest
from modelling import D, decision, executable, given, model, run, service, text

from dugnad.rulebook import Recorder
from dugnad.rulebook.dmn.errors import DmnError

PRICES = (
    given("price", "number"),
    given("children", "number"),
    decision("discount", text("if children > 1 then 0.3 else 0"), inputs=("children",), kind="number"),
    decision("fee", text("price * (1 - discount)"), inputs=("price",), after=("discount",), kind="number"),
    decision("yearly fee", text("fee * 11"), after=("fee",), kind="number"),
)


def test_a_service_runs_what_it_holds_and_gives_its_outputs_by_name():
    source = model(
        *PRICES, service("fees", ("fee", "yearly fee"), inside=("discount",), data=("price", "children"))
    )
    found = executable(source).serve("fees", {"price": D(1000), "children": D(2)})
    assert found == {"fee": 700, "yearly fee": 7700}


def test_a_service_with_one_output_is_a_function_with_its_value():
    source = model(
        *PRICES,
        service("fee for", ("fee",), inside=("discount",), data=("price", "children")),
        decision("by place", text("fee for(1000, 2)"), calls=("fee for",)),
        decision("by name", text("fee for(children: 1, price: 500)"), calls=("fee for",)),
    )
    assert run(source, "by place") == (D(700), [])
    assert run(source, "by name") == (D(500), [])


def test_a_service_with_two_outputs_gives_a_context():
    source = model(
        *PRICES,
        service("fees", ("fee", "discount"), data=("price", "children")),
        decision("d", text("fees(1000, 3).discount"), calls=("fees",)),
    )
    assert run(source, "d") == (D("0.3"), [])


def test_a_decision_given_to_a_service_is_not_run_but_taken():
    source = model(
        *PRICES,
        service("fee with", ("fee",), decisions=("discount",), data=("price",)),
        decision("d", text("fee with(1000, 0.5)"), calls=("fee with",)),
    )
    assert run(source, "d") == (D(500), [])
    assert executable(source).serve("fee with", {"price": D(10), "discount": D("0.1")}) == {"fee": 9}


def test_a_service_sees_nothing_of_its_caller():
    source = model(
        *PRICES,
        service("fee for", ("fee",), inside=("discount",), data=("price", "children")),
        decision("d", text("[fee for(1000, 1), fee]"), after=("fee",), calls=("fee for",)),
    )
    assert run(source, "d", price=D(100), children=D(2)) == ([D(1000), D(70)], [])


def test_a_service_called_twice_runs_twice():
    source = model(
        *PRICES,
        service("fee for", ("fee",), inside=("discount",), data=("price", "children")),
        decision("d", text("for n in [1, 2] return fee for(100, n)"), calls=("fee for",)),
    )
    assert run(source, "d") == ([D(100), D(70)], [])


def test_a_service_called_with_too_few_arguments_is_null_and_told():
    source = model(
        *PRICES,
        service("fee for", ("fee",), data=("price", "children")),
        decision("d", text("fee for(1)"), calls=("fee for",)),
    )
    assert run(source, "d") == (None, ["wrong-arguments"])


def test_an_argument_of_the_wrong_type_is_null_and_told():
    source = model(*PRICES, service("fees", ("fee",), data=("price", "children")))
    recorder = Recorder()
    found = executable(source).serve("fees", {"price": "much", "children": D(1)}, recorder)
    assert found == {"fee": None}
    assert recorder.diagnostics[0].code == "type-mismatch"
    assert "price" in recorder.diagnostics[0].message


def test_a_service_within_a_service():
    source = model(
        *PRICES,
        service("inner", ("fee",), inside=("discount",), data=("price", "children")),
        given("n", "number"),
        decision("twice", text("inner(n, 2) * 2"), inputs=("n",), calls=("inner",)),
        service("outer", ("twice",), data=("n",)),
        decision("d", text("outer(1000)"), calls=("outer",)),
    )
    assert run(source, "d") == (D(1400), [])


def test_services_that_call_each_other_without_end_stop():
    source = model(
        given("n", "number"),
        decision("a", text("again(n + 1)"), inputs=("n",), calls=("again",)),
        service("again", ("a",), data=("n",)),
    )
    value, codes = run(source, "a", n=D(1))
    assert value is None
    assert set(codes) <= {"too-deep", "too-large"}
    assert codes


def test_the_trace_of_a_service_shows_its_decisions_inside_the_one_that_called():
    source = model(
        *PRICES,
        service("fee for", ("fee",), inside=("discount",), data=("price", "children")),
        decision("d", text("fee for(1000, 2)"), calls=("fee for",)),
    )
    recorder = Recorder()
    executable(source).decide("d", {}, recorder)
    (outer,) = recorder.as_data()
    assert [each.get("group") for each in outer["records"]] == ["discount", "fee", None]


def test_a_service_nobody_offers():
    with pytest.raises(DmnError, match="no “fee”"):
        executable(model(service("fees", ()))).serve("fee", {})
