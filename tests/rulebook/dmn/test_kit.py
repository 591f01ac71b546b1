"""The DMN Technology Compatibility Kit on this engine; and how its results are counted."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from kit import KIT, needs_kit
from modelling import decision, given, knowledge, model, service, text

from dugnad.rulebook.dmn import Executable, Library, compile_model, tck
from dugnad.rulebook.dmn.conformance import Share, numbers_from, numbers_of, table_of
from dugnad.rulebook.dmn.namespaces import MODEL as DMN
from dugnad.rulebook.dmn.tck import Record, run_file, run_kit, same

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "conformance.json"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@needs_kit
def test_all_of_level_2_and_all_of_level_3_but_what_is_java():
    records = list(run_kit(KIT, at=AT))
    left = {record.file.split("/")[1] for record in records if not record.passed}
    assert left <= {"0076-feel-external-java"}
    two, three = numbers_of(records).levels
    assert two.all.passed == two.all.of > 100
    assert three.all.of > 2000
    assert three.value.of > 1000
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert numbers_of(records) == numbers_from(published), (
        "run `dugnad dmn tck … --numbers` and `dugnad docs`"
    )


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>m.dmn</modelName>
  <testCase id="1">
    <inputNode name="a"><value xsi:type="xsd:decimal">1.50</value></inputNode>
    <resultNode name="plus"><expected><value xsi:type="xsd:decimal">2.5</value></expected></resultNode>
    <resultNode name="wrong"><expected><value xsi:type="xsd:string">x</value></expected></resultNode>
    <resultNode name="null" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>
    <resultNode name="day"><expected><value xsi:type="xsd:date">2026-05-17</value></expected></resultNode>
    <resultNode name="all"><expected><list>
      <item><component name="b"><value xsi:type="xsd:boolean">true</value></component></item>
      <item><value xsi:nil="true"/></item></list></expected></resultNode>
    <resultNode name="nobody"><expected><value xsi:type="xsd:string">x</value></expected></resultNode>
  </testCase>
  <testCase id="2" type="decisionService" invocableName="s">
    <inputNode name="a"><value xsi:type="xsd:decimal">1</value></inputNode>
    <resultNode name="plus"><expected><value xsi:type="xsd:decimal">2</value></expected></resultNode>
  </testCase>
</testCases>"""
MODEL = model(
    given("a", "number"),
    decision("plus", text("a + 1"), inputs=("a",)),
    decision("wrong", text('"y"')),
    decision("null", text("1 / 0")),
    decision("day", text('date("2026-05-17")')),
    decision("all", text("[{b: true}, null]")),
    service("s", ("plus",), data=("a",)),
)


@pytest.fixture
def records(tmp_path: Path) -> dict[tuple[str, str], Record]:
    (tmp_path / "compliance-level-2" / "one").mkdir(parents=True)
    (tmp_path / "compliance-level-2" / "one" / "m.dmn").write_text(MODEL)
    path = tmp_path / "compliance-level-2" / "one" / "m-test.xml"
    path.write_text(CASES)
    return {(record.case, record.node): record for record in run_file(path, tmp_path, at=AT)}


def test_one_record_per_result_node_with_its_path_below_the_folder(records: dict[tuple[str, str], Record]):
    plus = records["1", "plus"]
    assert plus.file == "compliance-level-2/one/m-test.xml"
    assert (plus.expected, plus.actual, plus.passed) == ("2.5", "2.50", True)
    assert records["1", "all"].expected == [{"b": True}, None]
    assert records["2", "plus"].passed


def test_another_value_does_not_pass(records: dict[tuple[str, str], Record]):
    assert not records["1", "wrong"].passed
    assert records["1", "wrong"].actual == "y"


def test_null_is_expected_as_null_and_an_error_passes_as_null(records: dict[tuple[str, str], Record]):
    assert records["1", "null"].expected is None
    assert records["1", "null"].passed


OTHER = "https://example.no/other"
CALLS = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>m.dmn</modelName>
  <testCase id="{0}" type="{0}" invocableName="{1}" {2}>
    <inputNode name="n" {2}><value xsi:type="xsd:decimal">1</value></inputNode>
    <resultNode name="{1}"><expected><value {3}</value></expected></resultNode>
  </testCase>
</testCases>"""


@pytest.mark.parametrize(
    ("kind", "called", "where", "expected"),
    [
        ("decisionService", "s", "", 'xsi:type="xsd:decimal">2'),
        ("decisionService", "s", OTHER, 'xsi:type="xsd:decimal">101'),
        ("decisionService", "words", "", 'xsi:nil="true">'),
        ("bkm", "f", "", 'xsi:type="xsd:decimal">2'),
        ("bkm", "f", OTHER, 'xsi:type="xsd:decimal">101'),
    ],
)
def test_a_service_or_function_is_that_of_the_namespace_and_gives_its_own_type(
    tmp_path: Path, kind: str, called: str, where: str, expected: str
):
    """testCases.xsd: a case names what it invokes; 10.3.2.9.4: what that gives has its type, else is null."""
    for name, more in (("m", 1), ("other", 100)):
        elements = (
            given("n", "number"),
            decision("plus", text(f"n + {more}"), inputs=("n",)),
            service("s", ("plus",), data=("n",)),
            service("words", ("plus",), data=("n",), kind="string"),
            knowledge("f", {"n": "number"}, text(f"n + {more}")),
        )
        namespace = OTHER if name == "other" else "https://example.no/m"
        imported = f'<import name="other" namespace="{OTHER}" importType="{DMN}"/>' if name == "m" else ""
        (tmp_path / f"{name}.dmn").write_text(model(imported, *elements, namespace=namespace))
    path = tmp_path / "m-test.xml"
    path.write_text(CALLS.format(kind, called, f'namespace="{where}"' if where else "", expected))
    (record,) = run_file(path, tmp_path, at=AT)
    assert record.passed, record


def test_a_node_that_is_not_there_fails_with_the_reason(records: dict[tuple[str, str], Record]):
    assert not records["1", "nobody"].passed
    assert "no “nobody”" in records["1", "nobody"].reason


def test_a_model_that_cannot_be_loaded_fails_every_node_and_says_why(tmp_path: Path):
    (tmp_path / "m.dmn").write_text("<definitions>")
    (tmp_path / "m-test.xml").write_text(CASES)
    records = run_file(tmp_path / "m-test.xml", tmp_path, at=AT)
    assert len(records) == 7
    assert not any(record.passed for record in records)
    assert all("m.dmn" in record.reason for record in records)


def test_values_and_nulls_are_counted_apart(records: dict[tuple[str, str], Record]):
    numbers = numbers_of(records.values())
    (level,) = numbers.levels
    assert (level.name, level.all, level.value, level.null) == (
        "level 2",
        Share(5, 7),
        Share(4, 6),
        Share(1, 1),
    )
    assert numbers_from(numbers.as_data()) == numbers
    assert "| level 2 | 5 of 7 (71.42 %) |" in table_of(numbers)


def test_numbers_are_the_same_within_the_kits_own_precision():
    assert same(Decimal("0.123456789"), Decimal("0.12345678"))
    assert not same(Decimal("0.1234"), Decimal("0.1235"))
    assert not same(Decimal(1), "1")
    assert not same(True, Decimal(1))
    assert not same({"a": Decimal(1)}, {"a": Decimal(1), "b": None})
    assert not same([], None)


CASE = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>{0}.dmn</modelName><testCase id="1"><resultNode name="d"><expected><value xsi:type="x:decimal">2</value></expected>
</resultNode></testCase></testCases>"""


def test_one_broken_model_never_stops_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    models = {
        "a-broken": "<a",
        "b-circle": model(decision("d", text("d"), after=("d",))),
        "c-missing": None,
        "d-fault": model(decision("d", text("2")), name="fault"),
        "e-good": model(decision("d", text("2"))),
    }
    for name, source in models.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}-test.xml").write_text(CASE.format(name))
        if source is not None:
            (tmp_path / name / f"{name}.dmn").write_text(source)
    (tmp_path / "f.xml").write_text("<testCases")

    def failing(library: Library) -> Executable:
        if library.models[library.main].name == "fault":
            raise RuntimeError("out of order")
        return compile_model(library)

    monkeypatch.setattr(tck, "compile_model", failing)
    found = {record.file.partition("/")[0]: record for record in run_kit(tmp_path, at=AT)}
    assert [found[name].passed for name in (*models, "f.xml")] == [False, False, False, False, True, False]
    assert all(record.reason for record in found.values() if not record.passed)
    assert "fault of ours" in found["d-fault"].reason
