"""What another editor adds to our own export is carried into the service's files, or said exactly where it is not."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.catalogue.loading import read_folder
from dugnad.rulebook.dmn.evaluating import compile_model, library_of
from dugnad.rulebook.dmn.model import (
    Decision,
    DecisionTable,
    Definitions,
    InformationItem,
    InputClause,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)
from dugnad.rulebook.dmn.reading import read
from dugnad.rulebook.dmn.services.inward.boxed import Note
from dugnad.rulebook.dmn.services.inward.importing import Imported, import_model
from dugnad.rulebook.dmn.services.inward.ranked import carried
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.writing import write

FEE = Path(__file__).parents[4] / "services/redusert-foreldrebetaling"


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    return read_folder(FEE)


@pytest.fixture(scope="module")
def xml(files: Mapping[str, str]) -> str:
    return write(export_service(files)).decode()


def back_with(xml: str, added: str) -> Imported:
    """Bring the export home with elements put in before the first decision."""
    at = xml.index("<decision ")
    return import_model(read(f"{xml[:at]}{added}{xml[at:]}"), file="endret.dmn")


def decision(id_: str, feel: str, *needs: str, law: str = "") -> str:
    wanted = "".join(
        f'<informationRequirement><required{"Input" if one.startswith("input_") else "Decision"} href="#{one}"/>'
        "</informationRequirement>"
        for one in needs
    )
    if law:
        wanted += f'<authorityRequirement><requiredAuthority href="#{law}"/></authorityRequirement>'
    variable = f'<variable name="{id_}"/>'
    return (
        f'<decision id="{id_}" name="{id_}">{variable}{wanted}'
        f"<literalExpression><text>{feel}</text></literalExpression></decision>"
    )


@pytest.mark.parametrize(
    ("needs", "section"),
    [
        (("decision_inntektstak",), "calculate"),
        (("decision_barn_nr",), "calculate each"),
        (("input_barnet",), "calculate each"),
        (("decision_vedtak",), "conclude"),
        ((), "calculate"),
    ],
)
def test_a_new_decision_becomes_a_step_where_it_belongs(
    files: Mapping[str, str], xml: str, needs: tuple[str, ...], section: str
) -> None:
    known = [part.split('"')[0] for part in xml.split('<knowledgeSource id="')[1:]]
    found = back_with(xml, decision("nytt ledd", "1 + 1", *needs, law=known[0]))
    rules = yaml.safe_load(found.files["rules.yaml"])
    assert rules[section]["nytt ledd"]["is"] == "1 + 1"
    assert rules[section]["nytt ledd"]["law"]
    assert [one.what for one in found.findings if "nytt ledd" in one.what] == [
        f"'nytt ledd' is new, and stands now in rules.yaml under '{section}'"
    ]
    kept = files["rules.yaml"].splitlines()
    assert [line for line in found.files["rules.yaml"].splitlines() if line in kept] == kept


def test_a_new_decision_of_the_decision_service_is_worked_out_for_each(xml: str) -> None:
    output = '<outputDecision href="#decision_til"/>'
    found = back_with(
        xml.replace(output, f'{output}<outputDecision href="#nytt ledd"/>'), decision("nytt ledd", "1")
    )
    assert yaml.safe_load(found.files["rules.yaml"])["calculate each"]["nytt ledd"] == {"is": "1"}


def test_new_decisions_that_need_each_other_stand_together(xml: str) -> None:
    found = back_with(
        xml,
        decision("ledd en", "barn nr * 2", "decision_barn_nr")
        + decision("ledd to", "ledd en + 1", "ledd en"),
    )
    rules = yaml.safe_load(found.files["rules.yaml"])
    assert rules["calculate each"]["ledd to"] == {"is": "ledd en + 1"}


def test_a_new_decision_that_fits_no_place_is_said_with_the_way_out(
    files: Mapping[str, str], xml: str
) -> None:
    found = back_with(xml, decision("alt", "1", "decision_vedtak", "decision_barn_nr"))
    assert found.files == files
    (one,) = found.findings
    assert (one.what, one.file, one.line > 1) == (
        "'alt' needs both what is worked out for each, and what is concluded of all",
        "endret.dmn",
        True,
    )
    assert one.mend.startswith("Divide it")


def test_a_new_input_is_said_with_the_line_to_write(files: Mapping[str, str], xml: str) -> None:
    found = back_with(
        xml,
        '<inputData id="n" name="ny opplysning"><variable name="ny opplysning" typeRef="number"/></inputData>',
    )
    assert found.files == files
    assert [one.mend for one in found.findings] == [
        "Add to facts.yaml: ny opplysning: { type: number, from: applicant, law: §, kept: 5 years }"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'name="heldagspris" typeRef="number"/>',
            'name="heldagspris" typeRef="string"/>',
            "has the type string",
        ),
        ('name="heldagspris">', 'name="heldagspris"><question>?</question>', "has question"),
    ],
)
def test_nothing_changed_beside_the_logic_is_lost_in_silence(
    files: Mapping[str, str], xml: str, old: str, new: str, said: str
) -> None:
    assert old in xml
    found = import_model(read(xml.replace(old, new)))
    assert found.files == files
    assert [said in one.what for one in found.findings] == [True]


def test_law_taken_from_a_decision_is_said(files: Mapping[str, str], xml: str) -> None:
    start = xml.index("<authorityRequirement", xml.index('id="decision_heldagspris"'))
    end = xml.index("</authorityRequirement>", start) + len("</authorityRequirement>")
    found = import_model(read(xml[:start] + xml[end:]))
    assert found.files == files
    assert any("'heldagspris' rests on" in one.what for one in found.findings)


def test_an_annotation_written_in_an_editor_that_shows_only_descriptions_lands_in_its_column(
    files: Mapping[str, str], xml: str
) -> None:
    """dmn-js shows and edits a rule's description as its annotation, and knows no annotation columns."""
    at = xml.index("<description>§ 3b nr. 1</description>")
    found = import_model(read(xml[:at] + xml[at:].replace("§ 3b nr. 1", "§ 3b nr. 1 første ledd", 1)))
    before, after = files["rules.yaml"].splitlines(), found.files["rules.yaml"].splitlines()
    changed = [
        new for old, new in zip(before, after, strict=True) if old.split() != new.split() and "---" not in new
    ]
    assert ["§ 3b nr. 1 første ledd" in line for line in changed] == [True]
    assert found.findings == ()


def test_an_annotation_changed_elsewhere_counts_more_than_the_description_left_as_it_was(xml: str) -> None:
    old = "<annotationEntry>\n          <text>§ 3b nr. 1</text>"
    assert xml.count(old) == 1
    found = import_model(read(xml.replace(old, old.replace("nr. 1", "nr. 4"))))
    assert "| § 3b nr. 4 |" in found.files["rules.yaml"]


def table_of(rows: list[tuple[str, str]], policy: str, values: str, default: str) -> DecisionTable:
    return DecisionTable(
        hit_policy=policy,  # type: ignore[arg-type] - one of the names below
        inputs=(InputClause(expression=LiteralExpression(text="n")),),
        outputs=(
            OutputClause(
                values=UnaryTests(text=values) if values else None,
                default=LiteralExpression(text=default) if default else None,
            ),
        ),
        rules=tuple(
            Rule(inputs=(UnaryTests(text=when),), outputs=(LiteralExpression(text=gives),))
            for when, gives in rows
        ),
    )


def result_of(table: DecisionTable, number: int) -> object:
    model = Definitions(
        name="m",
        namespace="https://example.no/m",
        drg=(Decision(id="d", name="d", expression=LiteralExpression(text="1")),),
    )
    bare = Decision(id="n", name="n", variable=InformationItem(name="n"))
    source = write(replace(model, drg=(bare, replace(model.drg[0], expression=table)))).decode()  # type: ignore[call-arg]
    needs = '<informationRequirement><requiredDecision href="#n"/></informationRequirement>'
    source = source.replace('<decision id="d" name="d">', f'<decision id="d" name="d">{needs}')
    return compile_model(library_of(read(source))).decide("d", {"n": Decimal(number)})


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["-", "> 3", "< 5", "4", "[2..6]"]), st.sampled_from(['"a"', '"b"', '"c"', '"d"'])
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["PRIORITY", "OUTPUT ORDER"]), st.integers(0, 7))
def test_priorities_said_by_the_order_of_rows_give_the_same(
    rows: list[tuple[str, str]], policy: str, number: int
) -> None:
    said: list[str] = []
    table = table_of(rows, policy, '"c", "a", "d", "b"', "")
    made = carried(table, Note(lambda _part, what, _mend: said.append(what)))
    assert made.hit_policy == {"PRIORITY": "FIRST", "OUTPUT ORDER": "RULE ORDER"}[policy]
    assert result_of(made, number) == result_of(table, number)
    assert len(said) == 1


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_a_default_said_as_a_last_row_gives_the_same(policy: str) -> None:
    table = table_of([("> 5", '"a"')], policy, '"a"' if policy == "PRIORITY" else "", '"a"')
    made = carried(table, Note(lambda _part, _what, _mend: None))
    assert [result_of(made, number) for number in (1, 9)] == [result_of(table, number) for number in (1, 9)]
    assert made.outputs[0].default is None


def test_what_cannot_be_ranked_beforehand_is_said() -> None:
    said: list[str] = []
    table = table_of([("-", '"a" + "b"'), ("-", "string(n)")], "PRIORITY", '"ab"', "")
    assert carried(table, Note(lambda _part, what, _mend: said.append(what))) == table
    assert "policy PRIORITY is not carried" in said[0]


def test_priorities_set_on_a_table_of_ours_are_carried_into_its_rows(xml: str) -> None:
    start = xml.index("<decisionTable", xml.index('id="decision_har_gratis_kjernetid"'))
    head, table = xml[:start], xml[start:]
    table = table.replace("<decisionTable ", "<decisionTable ", 1)
    policy = table[: table.index(">")]
    changed = table.replace(policy, policy.replace('hitPolicy="FIRST"', 'hitPolicy="PRIORITY"'), 1)
    output = changed[changed.index("<output ") : changed.index("/>", changed.index("<output ")) + 2]
    with_values = output.replace("/>", "><outputValues><text>false, true</text></outputValues></output>")
    found = import_model(read(head + changed.replace(output, with_values, 1)))
    assert any("its policy PRIORITY is carried as FIRST" in one.what for one in found.findings)
    assert "outputValues" not in found.files["rules.yaml"]
