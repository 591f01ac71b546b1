"""A service written as DMN is valid DMN, comes back as the very same files, and keeps what another editor changed."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from dugnad.catalogue.loading import read_folder, version_of
from dugnad.rulebook.dmn.evaluating import compile_model, library_of
from dugnad.rulebook.dmn.model import Decision, DecisionService, DecisionTable, KnowledgeSource
from dugnad.rulebook.dmn.reading import read
from dugnad.rulebook.dmn.services.inward.importing import import_model
from dugnad.rulebook.dmn.services.names import identifier
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.writing import write

FEE = Path(__file__).parents[4] / "services/redusert-foreldrebetaling"
XSD = Path("/work/shared/reference/dmn-tck/TestCases/DMN15.xsd")


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    return read_folder(FEE)


@pytest.fixture(scope="module")
def xml(files: Mapping[str, str]) -> str:
    return write(export_service(files)).decode()


def test_the_same_service_comes_back_to_the_letter(files: Mapping[str, str], xml: str) -> None:
    back = import_model(read(xml))
    assert back.slug == "redusert-foreldrebetaling"
    assert back.files == files
    assert version_of(back.files) == version_of(files)
    assert back.findings == ()


def test_the_same_service_comes_back_from_the_version_editors_open(files: Mapping[str, str]) -> None:
    back = import_model(read(write(export_service(files, for_bpmn_io=True), version="1.3")))
    assert (back.files, back.findings) == (files, ())


def test_a_rounded_table_is_a_decision_of_its_own_there_and_our_table_here(files: Mapping[str, str]) -> None:
    xml = write(export_service(files, for_bpmn_io=True), version="1.3").decode()
    assert "<context>" not in xml
    start = xml.index('name="månedsbeløp urundet"')
    table = xml[start : xml.index("</decision>", start)]
    assert table.count("<rule>") > 1
    old = re.findall(r"<outputEntry>\s*<text>([^<]+)</text>", table)[-1]
    back = import_model(
        read(xml[:start] + xml[start:].replace(f"<text>{old}</text>", f"<text>{old} + 1</text>", 1))
    )
    before, after = files["rules.yaml"].splitlines(), back.files["rules.yaml"].splitlines()
    changed = [
        new for was, new in zip(before, after, strict=True) if was.split() != new.split() and "---" not in new
    ]
    assert [f"{old} + 1" in line for line in changed] == [True]
    assert back.findings == ()


def test_a_rounded_formula_changed_on_its_one_line_is_changed_in_ours(files: Mapping[str, str]) -> None:
    xml = write(export_service(files, for_bpmn_io=True), version="1.3").decode()
    old = "{urundet: kommunens pris * andel av heldag, avrundet:"
    assert xml.count(old) == 1
    back = import_model(read(xml.replace(old, old.replace("heldag,", "heldag * 2,"))))
    before, after = files["rules.yaml"].splitlines(), back.files["rules.yaml"].splitlines()
    assert [new for was, new in zip(before, after, strict=True) if was != new] == [
        "    is: kommunens pris * andel av heldag * 2"
    ]


@pytest.mark.skipif(not XSD.exists(), reason="OMG's schema stands in ../shared, which is not here")
def test_the_export_is_valid_by_omgs_schema(xml: str) -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    schema.assertValid(etree.fromstring(xml.encode()))


def test_tables_stay_tables_with_the_law_as_annotation(files: Mapping[str, str]) -> None:
    model = export_service(files)
    price = model.find("decision_heldagspris")
    assert isinstance(price, Decision)
    assert isinstance(price.expression, DecisionTable)
    assert [one.name for one in price.expression.annotations] == ["hjemmel"]
    assert [rule.annotations[0].text for rule in price.expression.rules] == ["§ 3b nr. 1", "§ 1"]
    sources = [one for one in model.drg if isinstance(one, KnowledgeSource)]
    where = {one.name: one.location for one in sources}
    assert where["FOR-2005-12-16-1478 § 3d"] == "https://lovdata.no/forskrift/2005-12-16-1478/%C2%A73d"


def test_only_standard_feel_is_left(files: Mapping[str, str]) -> None:
    model = export_service(files)
    cap, age = model.find("decision_inntektstak"), model.find("decision_alder_i_barnehageaaret")
    assert isinstance(cap, Decision)
    assert isinstance(age, Decision)
    assert getattr(cap.expression, "text", "") == "husholdningens inntekt * 0.06 / betalingsmåneder"
    assert getattr(age.expression, "text", "") == "barnehageåret starter.year - barnet.fødselsdato.year"


def test_each_child_is_a_decision_service_called_once_for_each(files: Mapping[str, str]) -> None:
    model = export_service(files)
    (service,) = [one for one in model.drg if isinstance(one, DecisionService)]
    assert "#decision_maanedsbeloep" in {one.href for one in service.output_decisions}
    results = model.find("decision_vedtak")
    assert isinstance(results, Decision)
    assert getattr(results.expression, "text", "").startswith("for barnet in barn det søkes for return ")


@pytest.mark.parametrize(
    ("old", "new", "file", "line"),
    [
        ("&gt;= 3</text>", "&gt;= 4</text>", "rules.yaml", "| >= 4    | 100 %            | § 3a    |"),
        (
            "* 0.06 / bet",
            "* 0.05 / bet",
            "rules.yaml",
            "is: husholdningens inntekt * 0.05 / betalingsmåneder",
        ),
        ("<text>533500<", "<text>533600<", "rates.yaml", "value: 533600, source: gjennestadbarnehage.no }"),
        (
            "<text>barna stemmer = false<",
            "<text>barna stemmer != true<",
            "rules.yaml",
            "when: barna stemmer != true",
        ),
        (
            "<text>fullpris for barnet - m",
            "<text>fullpris for barnet + m",
            "rules.yaml",
            "is: fullpris for barnet + månedsbeløp",
        ),
    ],
)
def test_a_change_made_elsewhere_lands_in_its_line_and_nowhere_else(
    files: Mapping[str, str], xml: str, old: str, new: str, file: str, line: str
) -> None:
    assert xml.count(old) == 1
    back = import_model(read(xml.replace(old, new)))
    assert {name for name in files if back.files[name] != files[name]} == {file}
    before, after = files[file].splitlines(), back.files[file].splitlines()
    changed = [new_line for old_line, new_line in zip(before, after, strict=True) if old_line != new_line]
    assert len(changed) == 1
    assert line in changed[0]
    assert all("A rate is never overwritten" in one.mend for one in back.findings)
    assert bool(back.findings) == (file == "rates.yaml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name="heldagspris">', 'name="dagspris">', "has another name"),
        (
            "if lokal verdi av avrunding = null",
            "if lokal verdi av avrunding != null",
            "worked out from other things",
        ),
        ("Hjemmel: § 3b nr. 1. Enhet", "Hjemmel: § 4. Enhet", "has another description"),
    ],
)
def test_what_has_no_place_is_listed_with_its_line(
    files: Mapping[str, str], xml: str, old: str, new: str, said: str
) -> None:
    assert old in xml
    back = import_model(read(xml.replace(old, new, 1)), file="endret.dmn")
    assert back.files == files
    assert [one for one in back.findings if said in one.what and one.line > 1 and one.file == "endret.dmn"]


def test_a_new_and_a_removed_decision_are_both_said(xml: str) -> None:
    start = xml.index('<decision id="decision_til"')
    end = xml.index("</decision>", start) + len("</decision>")
    changed = (
        xml[:start] + xml[start:end].replace("decision_til", "mine").replace('"til"', '"ny"') + xml[end:]
    )
    said = " ".join(one.what for one in import_model(read(changed)).findings)
    assert "'ny' is new, and stands now in rules.yaml under 'calculate'" in said
    assert "'til' was taken out of the model" in said


@pytest.mark.parametrize("name", ["../../hjemme.yaml", "/etc/passwd", "letters/../../x.yaml", ".git/config"])
def test_a_model_cannot_name_files_outside_its_folder(xml: str, name: str) -> None:
    hostile = xml.replace('<dugnad:file name="CHANGELOG.md">', f'<dugnad:file name="{name}">')
    assert hostile != xml
    back = import_model(read(hostile))
    assert name not in back.files
    assert any(name in one.what for one in back.findings)


def test_a_model_cannot_name_its_folder_as_it_likes(xml: str) -> None:
    back = import_model(read(xml.replace("service: redusert-foreldrebetaling", "service: ../../redusert")))
    assert back.slug == "redusert"


def test_a_model_whose_own_files_are_broken_is_taken_as_any_other(xml: str) -> None:
    back = import_model(read(xml.replace("rates on: gjelder fra", "rates on: [gjelder fra")))
    assert any("cannot be read" in one.what for one in back.findings)
    assert "inntektstak:" in back.files["rules.yaml"]


def test_ids_are_such_as_every_editor_takes(xml: str) -> None:
    ids = re.findall(r' (?:id|dmnElementRef)="([^"]*)"', xml)
    assert [one for one in ids if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", one)] == []
    own = re.findall(r' id="([^"]*)"', xml)
    assert len(own) == len(set(own))


@pytest.mark.parametrize(
    ("one", "two"),
    [("a b", "a_b"), ("ø", "oe"), ("aå", "åa"), ("pris (ny)", "pris  ny "), ("Å", "AA"), ("a.b", "a b")],
)
def test_two_names_never_share_an_id(one: str, two: str) -> None:
    assert identifier("step", one) != identifier("step", two)


def test_the_values_a_fact_can_have_are_its_type_there_and_here_again(files: Mapping[str, str]) -> None:
    name = "  vår kommune: { type: text,"
    assert files["facts.yaml"].count(name) == 1
    facts = files["facts.yaml"].replace(name, f"{name} one of: ['4613', den «nye»],")
    changed = {**files, "facts.yaml": facts}
    model = export_service(changed)
    (kind,) = [one for one in model.item_definitions if one.name == "vår kommune verdi"]
    assert kind.allowed_values is not None
    assert kind.allowed_values.text == '"4613", "den «nye»"'
    ready = compile_model(library_of(model))
    assert ready.problems == ()
    assert import_model(read(write(model))).files == changed
