"""Decision tables in models: every hit policy, defaults, allowed values, types, annotations (DMN 1.5, chapter 8)."""

import pytest
from modelling import (
    D,
    component,
    context,
    decision,
    entry,
    executable,
    given,
    item,
    knowledge,
    model,
    result_of,
    run,
    table,
    text,
    value_of,
)

from dugnad.rulebook import Recorder, Value

AGES = (("< 18", '"child"', "1"), (">= 18", '"grown"', "3"), (">= 67", '"old"', "2"))


def ages(policy: str, aggregation: str = "", **more: str) -> str:
    rows = [(row[0], row[2]) if aggregation else row[:2] for row in AGES]
    values = {"o": '"old", "grown", "child"'} if policy in ("PRIORITY", "OUTPUT ORDER") else None
    return table(("age",), ("o",), *rows, policy=policy, aggregation=aggregation, values=values, **more)


@pytest.mark.parametrize(
    ("policy", "aggregation", "at_70", "at_30"),
    [
        ("FIRST", "", "grown", "grown"),
        ("PRIORITY", "", "old", "grown"),
        ("COLLECT", "", ["grown", "old"], ["grown"]),
        ("RULE ORDER", "", ["grown", "old"], ["grown"]),
        ("OUTPUT ORDER", "", ["old", "grown"], ["grown"]),
        ("COLLECT", "SUM", D(5), D(3)),
        ("COLLECT", "MIN", D(2), D(3)),
        ("COLLECT", "MAX", D(3), D(3)),
        ("COLLECT", "COUNT", D(2), D(1)),
    ],
)
def test_hit_policies(policy: str, aggregation: str, at_70: Value, at_30: Value):
    assert value_of(ages(policy, aggregation), age=D(70)) == at_70
    assert value_of(ages(policy, aggregation), age=D(30)) == at_30


def test_unique_rows_that_overlap_are_null_and_told_with_their_numbers():
    source = model(given("age"), decision("d", ages("UNIQUE"), inputs=("age",)))
    recorder = Recorder()
    assert executable(source).decide("d", {"age": D(70)}, recorder) is None
    assert recorder.diagnostics[0].code == "overlap"
    assert "2, 3" in recorder.diagnostics[0].message


def test_any_rows_must_agree():
    same = table(("a",), ("o",), ("> 1", '"x"'), ("> 2", '"x"'), policy="ANY")
    other = table(("a",), ("o",), ("> 1", '"x"'), ("> 2", '"y"'), policy="ANY")
    assert value_of(same, a=D(3)) == "x"
    assert result_of(other, a=D(3)) == (None, ["overlap"])


def test_no_row_is_null_and_told_or_the_default():
    box = table(("a",), ("o",), ("1", '"x"'))
    assert result_of(box, a=D(2)) == (None, ["no-row"])
    assert result_of(table(("a",), ("o",), ("1", '"x"'), default='"none"'), a=D(2)) == ("none", [])


def test_several_outputs_are_a_context():
    box = table(("a",), ("left", "right side"), ("1", '"x"', "a + 1"), ("2", '"y"', "0"))
    assert value_of(box, a=D(1)) == {"left": "x", "right side": 2}
    collected = box.replace("UNIQUE", "COLLECT")
    assert value_of(collected, a=D(2)) == [{"left": "y", "right side": 0}]


def test_priority_over_several_outputs_goes_from_left_to_right():
    box = table(
        ("a",), ("p", "q"), ("> 0", '"low"', '"yes"'), ("> 1", '"high"', '"no"'), ("> 2", '"high"', '"yes"'),
        policy="PRIORITY", values={"p": '"high", "low"', "q": '"yes", "no"'},
    )  # fmt: skip
    assert value_of(box, a=D(3)) == {"p": "high", "q": "yes"}
    assert value_of(box, a=D(2)) == {"p": "high", "q": "no"}


def test_priority_takes_the_order_of_the_type_where_the_column_has_none():
    rank = item("Rank", "string", allowed='"high", "low"')
    box = table(("a",), ("o",), ("> 0", '"low"'), ("> 1", '"high"'), policy="PRIORITY", kinds={"o": "Rank"})
    assert value_of(box, rank, a=D(2)) == "high"


def test_cells_of_every_kind():
    box = table(
        ("a", "b"),
        ("o",),
        ("[1..3)", '"x", "y"', "1"),
        ("not(1, 2, 3)", "-", "2"),
        ("? * 2 = 6", 'starts with(?, "z")', "3"),
        ("limit", "null", "4"),
    )

    def at(a: Value, b: Value) -> Value:
        return value_of(box, a=a, b=b, limit=D(3))

    assert at(D(2), "y") == 1
    assert at(D(9), "q") == 2
    assert at(D(3), "zz") == 3
    assert at(D(3), None) == 4


def test_a_value_outside_the_input_values_is_null_and_told():
    box = table(("a",), ("o",), ('"x"', "1"), ("-", "2"), policy="FIRST", allowed={"a": '"x", "y"'})
    assert result_of(box, a="y") == (D(2), [])
    assert result_of(box, a="z") == (None, ["not-allowed"])


def test_an_output_has_its_type():
    box = table(("a",), ("o",), ("1", '"x"'), ("2", "[2]"), kinds={"o": "number"})
    assert result_of(box, a=D(1)) == (None, ["type-mismatch"])
    assert result_of(box, a=D(2)) == (D(2), [])


def test_a_table_inside_a_context_and_a_function_sees_the_names_around():
    inner = table(("b",), ("o",), ("> a", '"more"'), ("<= a", '"less"'))
    box = context(entry("b", text("a + 1")), entry("says", inner), entry("", text('says + "!"')))
    assert value_of(box, a=D(3)) == "more!"
    source = model(
        knowledge(
            "compared", {"b": "number", "c": "number"}, table(("b",), ("o",), ("> c", "c"), ("<= c", "b"))
        ),
        decision("d", text("[compared(1, 2), compared(5, 2)]"), calls=("compared",)),
    )
    assert run(source, "d") == ([D(1), D(2)], [])


def test_a_table_inside_a_filter_sees_the_item():
    people = item("Person", inside=component("age", "number"))
    box = (
        f"<filter><in>{text('people')}</in>"
        f"<match>{table(('age',), ('o',), ('< limit', 'true'), ('>= limit', 'false'))}</match></filter>"
    )
    found = value_of(box, people, people=[{"age": D(1)}, {"age": D(9)}], limit=D(5))
    assert found == [{"age": 1}]


def test_a_table_that_calls_itself_without_end_stops():
    loop = table(("n",), ("o",), ("< 0", "0"), (">= 0", "f(n) + f(n)"))
    source = model(knowledge("f", {"n": "number"}, loop), decision("d", text("f(1)"), calls=("f",)))
    value, codes = run(source, "d")
    assert value is None
    assert codes


def test_every_wrong_cell_is_told_with_its_row():
    source = model(
        given("a"), decision("d", table(("a",), ("o",), ("> >", "1"), ("2", "nobody")), inputs=("a",))
    )
    said = " ".join(problem.what for problem in executable(source).problems)
    assert "row 1" in said
    assert "row 2" in said
    assert "nobody" in said


def test_the_trace_shows_rows_cells_and_annotations():
    box = table(("age",), ("o",), ("< 18", '"child"'), (">= 18", '"grown"')).replace(
        "<rule>", '<annotation name="law"/><rule>', 1
    )
    box = box.replace(
        "</outputEntry></rule>", "</outputEntry><annotationEntry><text>§ 1</text></annotationEntry></rule>"
    )
    recorder = Recorder()
    source = model(given("age", "number"), decision("d", box, inputs=("age",)))
    executable(source).decide("d", {"age": D(20)}, recorder)
    (group,) = recorder.as_data()
    (record,) = group["records"]
    assert record["matched"] == [2]
    assert record["inputs"] == {"age": "20"}
    assert record["output"] == "grown"
    assert [row["outcome"] for row in record["rows"]] == ["not fulfilled", "fulfilled"]
    assert record["rows"][1]["annotations"] == {"law": "§ 1"}


def test_a_list_type_on_a_column_that_collects_is_that_of_the_whole():
    words = item("Words", "string", many=True)
    box = table(("a",), ("o",), ("> 0", '"x"'), ("> 1", '"y"'), policy="COLLECT", kinds={"o": "Words"})
    assert result_of(box, words, kind="Words", a=D(2)) == (["x", "y"], [])


def test_an_output_outside_the_output_values_is_null_and_told():
    box = table(("a",), ("o",), ("1", '"x"'), ("2", '"z"'), values={"o": '"x", "y"'})
    assert result_of(box, a=D(1)) == ("x", [])
    assert result_of(box, a=D(2)) == (None, ["type-mismatch"])


def test_counting_rows_asks_nothing_of_their_outputs():
    box = table(
        ("a",),
        ("o",),
        ("> 0", '"x"'),
        ("> 1", '"y"'),
        policy="COLLECT",
        aggregation="COUNT",
        kinds={"o": "number"},
    )
    assert result_of(box, a=D(2)) == (D(2), [])


GRADE = item("Grade", "string", allowed='"high", "low"')
BOTH = (("-", '"low"'), ("-", '"high"'))


@pytest.mark.parametrize("where", ["the column", "the decision", "the table", "an entry", "a made type"])
def test_priority_goes_by_the_type_wherever_it_is_said(where: str):
    named = {"o": "Grade"} if where == "the column" else {}
    box = table((), ("o",), *(row[1:] for row in BOTH), policy="PRIORITY", kinds=named)
    if where == "the table":
        box = box.replace("<decisionTable ", '<decisionTable typeRef="Grade" ')
    if where == "an entry":
        box = context(entry("g", box, "Grade"), entry("", text("g")))
    kind = {"the decision": "Grade", "a made type": "Mine"}.get(where, "")
    assert result_of(box, GRADE, item("Mine", "Grade"), kind=kind) == ("high", [])


def test_priority_of_several_outputs_goes_by_the_parts_of_the_type():
    box = table((), ("grade", "points"), ('"low"', "1"), ('"high"', "2"), policy="PRIORITY")
    kind = item("Result", inside=component("grade", "Grade") + component("points", "number"))
    assert value_of(box, GRADE, kind, kind="Result") == {"grade": "high", "points": 2}


@pytest.mark.parametrize(
    ("policy", "aggregation"),
    [("COLLECT", ""), ("COLLECT", "COUNT"), ("COLLECT", "SUM"), ("RULE ORDER", ""), ("UNIQUE", "")],
)
def test_no_row_is_null_under_every_policy_counting_too(policy: str, aggregation: str):
    """10.3.2.10: where no rule is hit, the result is the default output, or null; an empty list or 0 is neither."""
    rows = {"policy": policy, "aggregation": aggregation}
    assert result_of(table(("1",), ("o",), ("2", "1"), **rows)) == (None, ["no-row"])
    assert value_of(table(("1",), ("o",), ("2", "1"), default="0", **rows)) == 0


def test_two_outputs_of_one_name_are_refused_not_lost():
    assert result_of(table((), ("o", "o"), ("1", "2"))) == (None, ["syntax"])


@pytest.mark.parametrize("orientation", ["Rule-as-Row", "Rule-as-Column", "CrossTable"])
def test_how_a_table_is_drawn_changes_nothing(orientation: str):
    box = table(("a",), ("o",), ("1", "1"), ("2", "2"))
    assert (
        value_of(
            box.replace("<decisionTable", f'<decisionTable preferredOrientation="{orientation}"'), a=D(2)
        )
        == 2
    )
