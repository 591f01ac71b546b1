"""Types and conversions (DMN 1.5, 10.3.2.9): what a value conforms to, and what it becomes where a type is asked."""

from datetime import UTC, date, datetime

import pytest
from feel_runs import D, evaluate, evaluated

from dugnad.rulebook.feel import (
    PLAIN_TYPES,
    Constrained,
    ContextType,
    Fault,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    coerced,
    parse_type,
    resolve,
    unknown,
)

NUMBER, STRING, DATE = PLAIN_TYPES["number"], PLAIN_TYPES["string"], PLAIN_TYPES["date"]
MOMENT, ANY, NULL = PLAIN_TYPES["date and time"], PLAIN_TYPES["Any"], PLAIN_TYPES["Null"]
EMPLOYEE = ContextType({"id": NUMBER, "name": STRING}, "Employee")
WIDER = ContextType({"id": NUMBER, "name": STRING, "age": NUMBER})
PLACES = Constrained(STRING, lambda value: value in ("Stord", "Tysnes"), "kommune")
TYPES: dict[str, FeelType] = {"Employee": EMPLOYEE, "kommune i Vestland": PLACES, "lib.tVekt": NUMBER}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("number", NUMBER),
        ("list<number>", ListType(NUMBER)),
        ("list<list<date and time>>", ListType(ListType(MOMENT))),
        ("range<days and time duration>", RangeType(PLAIN_TYPES["days and time duration"])),
        ("context<id: number, name: string>", EMPLOYEE),
        ("function<number, string> -> boolean", FunctionType((NUMBER, STRING), PLAIN_TYPES["boolean"])),
        ("function<> -> Any", FunctionType((), ANY)),
        ("Employee", EMPLOYEE),
        ("list<kommune i Vestland>", ListType(PLACES)),
        ("lib.tVekt", NUMBER),
        ("dateTime", MOMENT),
        ("list", None),
        ("function", None),
        ("function<number>", None),
        ("Unknown", None),
        ("list<Unknown>", None),
    ],
)
def test_a_type_is_read_as_written(written: str, kind: FeelType | None) -> None:
    assert resolve(parse_type(written, types=TYPES), TYPES) == kind


@pytest.mark.parametrize(
    ("lower", "upper", "conforms"),
    [  # the examples of table 44
        (NUMBER, NUMBER, True),
        (STRING, DATE, False),
        (DATE, MOMENT, False),
        (EMPLOYEE, ContextType({"name": STRING, "id": NUMBER}), True),
        (EMPLOYEE, WIDER, False),
        (WIDER, EMPLOYEE, True),
        (ListType(NUMBER), ListType(STRING), False),
        (ListType(WIDER), ListType(EMPLOYEE), True),
        (ListType(WIDER), WIDER, False),
        (RangeType(NUMBER), RangeType(STRING), False),
        (FunctionType((EMPLOYEE,), WIDER), FunctionType((EMPLOYEE,), EMPLOYEE), True),
        (FunctionType((EMPLOYEE,), EMPLOYEE), FunctionType((WIDER,), EMPLOYEE), True),
        (FunctionType((WIDER,), EMPLOYEE), FunctionType((EMPLOYEE,), EMPLOYEE), False),
        (PLACES, STRING, True),
        (STRING, PLACES, False),
        (NULL, EMPLOYEE, True),
        (EMPLOYEE, ANY, True),
    ],
)
def test_one_type_conforms_to_another(lower: FeelType, upper: FeelType, conforms: bool) -> None:  # noqa: FBT001
    assert lower.under(upper) is conforms


@pytest.mark.parametrize(
    ("value", "kind", "result"),
    [
        (D(1), NUMBER, D(1)),
        (None, NUMBER, None),
        ([D(1)], NUMBER, D(1)),
        (D(1), ListType(NUMBER), [D(1)]),
        (date(2024, 1, 1), MOMENT, datetime(2024, 1, 1, tzinfo=UTC)),
        ([date(2024, 1, 1)], MOMENT, datetime(2024, 1, 1, tzinfo=UTC)),
        (date(2024, 1, 1), ListType(MOMENT), [datetime(2024, 1, 1, tzinfo=UTC)]),
        ([D(1), None], ListType(NUMBER), [D(1), None]),
        ("Stord", PLACES, "Stord"),
        (["Stord"], PLACES, "Stord"),
        ({"id": D(1), "name": None, "more": D(2)}, EMPLOYEE, {"id": D(1), "name": None, "more": D(2)}),
        (unknown("x"), NUMBER, unknown("x")),
    ],
)
def test_a_value_is_converted_where_a_type_is_asked_for(
    value: object, kind: FeelType, result: object
) -> None:
    assert coerced(value, kind) == result


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1", NUMBER),
        ([D(1), D(2)], NUMBER),
        ([D(1), "a"], ListType(NUMBER)),
        ("Oslo", PLACES),
        ({"id": D(1)}, EMPLOYEE),
        (datetime(2024, 1, 1, tzinfo=UTC), DATE),
    ],
)
def test_what_does_not_fit_is_told(value: object, kind: FeelType) -> None:
    with pytest.raises(Fault) as wrong:
        coerced(value, kind)
    assert wrong.value.code == "type-mismatch"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{id: 1, name: null} instance of Employee", True),
        ("{id: 1} instance of Employee", False),
        ('"Stord" instance of kommune i Vestland', True),
        ('"Oslo" instance of kommune i Vestland', False),
        ("1 instance of lib.tVekt and true", True),
        ('(function(e: Employee) e.name)({id: 1, name: "x"})', "x"),
        ("(function(e: Employee) e.name)(1)", None),
    ],
)
def test_a_models_own_types_are_used_by_name(text: str, value: object) -> None:
    assert evaluate(text, types=TYPES) == value


def test_a_type_without_its_parts_is_null_and_told() -> None:
    assert evaluated("[1] instance of list") == (None, ["unknown-type"])
