"""A model made in another editor becomes the skeleton of a service; what has no place is said with its line."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from dugnad.catalogue.loading import examine_files
from dugnad.rulebook.dmn.reading import read, read_file
from dugnad.rulebook.dmn.services.inward.foreign import slug_of
from dugnad.rulebook.dmn.services.inward.importing import Imported, import_model

KIT = Path("/work/shared/reference/dmn-tck/TestCases")
HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="Støtte til lag" namespace="urn:x">'

MODEL = f"""{HEAD}
  <itemDefinition name="Slag"><typeRef>string</typeRef>
    <allowedValues><text>"idrett", "musikk"</text></allowedValues></itemDefinition>
  <itemDefinition name="Lag">
    <itemComponent name="medlemmer"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="slag"><typeRef>Slag</typeRef></itemComponent>
  </itemDefinition>
  <itemDefinition name="Kamp"><itemComponent name="mål"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="sted"><typeRef>Lag</typeRef></itemComponent></itemDefinition>
  <itemDefinition name="Kamper" isCollection="true"><typeRef>Kamp</typeRef></itemDefinition>
  <itemDefinition name="Andel"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues></itemDefinition>
  <inputData id="i3" name="kamper"><variable name="kamper" typeRef="Kamper"/></inputData>
  <inputData id="i4" name="andel"><variable name="andel" typeRef="Andel"/></inputData>
  <inputData id="i1" name="lag"><variable name="lag" typeRef="Lag"/></inputData>
  <inputData id="i2" name="tid"><variable name="tid" typeRef="time"/></inputData>
  <knowledgeSource id="k1" name="LOV-2018-06-22-83 § 5" locationURI="https://example.org/loven"/>
  <decision id="d2" name="støtte">
    <description>Støtte per medlem.</description>
    <variable name="støtte" typeRef="number"/>
    <informationRequirement id="r1"><requiredDecision href="#d1"/></informationRequirement>
    <authorityRequirement id="r2"><requiredAuthority href="#k1"/></authorityRequirement>
    <knowledgeRequirement id="r3"><requiredKnowledge href="#b1"/></knowledgeRequirement>
    <invocation><literalExpression><text>ganget</text></literalExpression>
      <binding><parameter name="sats"/><literalExpression><text>sats</text></literalExpression></binding>
      <binding><parameter name="antall"/><literalExpression><text>lag.medlemmer</text></literalExpression></binding>
    </invocation>
  </decision>
  <decision id="d1" name="sats">
    <informationRequirement id="r4"><requiredInput href="#i1"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>lag.slag</text></inputExpression>
        <inputValues><text>"idrett", "musikk"</text></inputValues></input>
      <output name="sats"/>
      <annotation name="hjemmel"/>
      <rule><inputEntry><text>"idrett"</text></inputEntry><outputEntry><text>50</text></outputEntry>
        <annotationEntry><text>§ 5</text></annotationEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>30</text></outputEntry>
        <annotationEntry><text>§ 6</text></annotationEntry></rule>
    </decisionTable>
  </decision>
  <businessKnowledgeModel id="b1" name="ganget">
    <encapsulatedLogic><formalParameter name="antall"/><formalParameter name="sats"/>
      <conditional><if><literalExpression><text>antall &gt; 0</text></literalExpression></if>
        <then><literalExpression><text>antall * sats</text></literalExpression></then>
        <else><literalExpression><text>0</text></literalExpression></else></conditional>
    </encapsulatedLogic>
  </businessKnowledgeModel>
  <decisionService id="s1" name="tjenesten"><outputDecision href="#d2"/></decisionService>
  <textAnnotation id="t1"><text>Husk dette</text></textAnnotation>
</definitions>"""


def boxed(expression: str) -> str:
    return f'{HEAD}<decision id="d" name="svar">{expression}</decision></definitions>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


SUMMED = """<list><decisionTable hitPolicy='COLLECT' aggregation='SUM'>
  <input><inputExpression><text>2</text></inputExpression></input><output/>
  <rule><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
</decisionTable></list>"""


@pytest.fixture(scope="module")
def brought() -> Imported:
    return import_model(read(MODEL), file="lag.dmn")


def rules(found: Imported) -> Mapping[str, Mapping[str, str]]:
    calculate: Mapping[str, Mapping[str, str]] = yaml.safe_load(found.files["rules.yaml"])["calculate"]
    return calculate


def test_inputs_become_facts_of_the_applicant_and_questions(brought: Imported) -> None:
    facts = yaml.safe_load(brought.files["facts.yaml"])["facts"]
    assert facts["lag.medlemmer"]["type"] == "number"
    assert facts["lag.slag"] == {
        "type": "text",
        "from": "applicant",
        "law": "LOV-2018-06-22-83 § 5",
        "kept": "5 years",
        "one of": ["idrett", "musikk"],
    }
    asks = {one["fact"]: one for one in yaml.safe_load(brought.files["questions.yaml"])["pages"][0]["asks"]}
    assert facts["kamper"]["list of"] == "person"
    assert facts["kamper"]["entries"] == {"mål": "number", "sted": "text"}
    assert (asks["andel"]["at least"], asks["andel"]["at most"]) == (0, 100)
    assert "kamper" not in asks
    assert [choice["value"] for choice in asks["lag.slag"]["choices"]] == ["idrett", "musikk"]


def test_decisions_become_steps_in_the_order_of_need(brought: Imported) -> None:
    steps = rules(brought)
    assert list(steps) == ["ganget", "sats", "støtte"] or list(steps) == ["sats", "ganget", "støtte"]
    assert steps["ganget"]["is"] == "function(antall, sats) if antall > 0 then antall * sats else 0"
    assert steps["støtte"]["is"] == "ganget(lag.medlemmer, sats)"
    assert steps["støtte"]["law"] == "LOV-2018-06-22-83 § 5"
    assert steps["sats"]["table"].splitlines() == [
        "| F | lag.slag | → sats | hjemmel |",
        "|---|----------|--------|---------|",
        '|   | "idrett" | 50     | § 5     |',
        "|   | -        | 30     | § 6     |",
    ]


def test_the_skeleton_loads_and_decides_when_it_has_a_rate(brought: Imported) -> None:
    rates = "støttesats: { unit: kr, law: § 1, values: [{ from: 2026-01-01, value: 1, source: x }] }\n"
    service, found = examine_files({**brought.files, "rates.yaml": rates})
    assert [one for one in found if one.severity == "error"] == []
    assert service is not None
    facts = {"lag.medlemmer": Decimal(12), "lag.slag": "idrett", "tid": "18:00"}
    outcome = service.ruleset().decide(facts, on=service.rates.rates["støttesats"].values[0].start)
    assert outcome.known["støtte"] == Decimal(600)


@pytest.mark.parametrize(
    "said",
    [
        "'kamper.sted' is more than one value; it stands as text",
        "'tid' is the type time, which no fact can be",
        "the decision service 'tjenesten' is not carried",
        "the address of 'LOV-2018-06-22-83 § 5' is not carried: https://example.org/loven",
        "a TextAnnotation has no place in a service",
        'the values allowed in the column \'lag.slag\' are not carried: "idrett", "musikk"',
    ],
)
def test_what_has_no_place_is_said_with_its_line(brought: Imported, said: str) -> None:
    (one,) = [finding for finding in brought.findings if said in finding.what]
    assert one.file == "lag.dmn"
    assert one.line > 1
    assert one.mend


@pytest.mark.parametrize(
    ("box", "feel"),
    [
        (f"<list>{literal('1')}{literal('2')}</list>", "[1, 2]"),
        (
            "<context><contextEntry><variable name='a'/>" + literal("1") + "</contextEntry><contextEntry>"
            + literal("a + 1") + "</contextEntry></context>",
            "{a: 1, resultat: a + 1}.resultat",
        ),
        (
            "<relation><column name='x'/><column name='y'/><row>" + literal("1") + literal("2") + "</row></relation>",
            "[{x: 1, y: 2}]",
        ),
        (f"<filter><in>{literal('[1, 2]')}</in><match>{literal('item &gt; 1')}</match></filter>", "([1, 2])[item > 1]"),
        (
            f"<for iteratorVariable='x'><in>{literal('[1, 2]')}</in><return>{literal('x * 2')}</return></for>",
            "for x in [1, 2] return x * 2",
        ),
        (
            f"<every iteratorVariable='x'><in>{literal('[1]')}</in><satisfies>{literal('x &gt; 0')}</satisfies></every>",
            "every x in [1] satisfies x > 0",
        ),
        (
            SUMMED,
            "[sum(concatenate(if (2) in (> 1) then [5] else []))]",
        ),
        (
            SUMMED.replace("SUM", "COUNT"),
            "[if ((2) in (> 1)) then count(concatenate(if (2) in (> 1) then [5] else [])) else null]",
        ),
        (SUMMED.replace("&gt; 1", "not (1)"), "[sum(concatenate(if not((2) in (1)) then [5] else []))]"),
        (
            f"<for><in>{literal('[1, 2]')}</in><return>{literal('item * 2')}</return></for>",
            "for item in [1, 2] return item * 2",
        ),
        (
            "<context><contextEntry><variable name='resultat'/>" + literal("1") + "</contextEntry><contextEntry>"
            + literal("resultat + 1") + "</contextEntry></context>",
            "{resultat: 1, resultat_: resultat + 1}.resultat_",
        ),
        (
            f"<invocation>{literal('function(x) x + 1')}<binding><parameter name='x'/>{literal('2')}</binding></invocation>",
            "(function(x) x + 1)(x: 2)",
        ),
        (f"<invocation>{literal('function() 1 // en')}</invocation>", "(function() 1 // en\n)()\n"),
        (literal("1").replace("><", " expressionLanguage='http://www.omg.org/spec/FEEL/20140401'><", 1), "1"),
        (f"<list>{literal('1 // en')}{literal('2')}</list>", "[1 // en\n, 2]\n"),
    ],
)  # fmt: skip
def test_boxes_become_the_feel_they_stand_for(box: str, feel: str) -> None:
    assert rules(import_model(read(boxed(box))))["svar"]["is"] == feel


ROW = "<relation><column name='x'/><column name='y'/><row>" + literal("1") + "</row></relation>"
NUMBERS = "<itemDefinition name='Tall' isCollection='true'><typeRef>number</typeRef></itemDefinition>"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            boxed("<decisionTable><output/><rule><outputEntry expressionLanguage='groovy'><text>1</text>"
                  "</outputEntry></rule></decisionTable>"),
            "a cell is written in groovy",
        ),
        (boxed(ROW), "a row has 1 cells for 2 columns"),
        (boxed(literal("1")).replace("namespace=", 'expressionLanguage="groovy" namespace='), "stand in groovy"),
        (
            f"{HEAD}{NUMBERS}<inputData name='a'><variable name='a' typeRef='Tall'/></inputData></definitions>",
            "'a' is a list of number; it stands as a list of texts",
        ),
    ],
)  # fmt: skip
def test_what_is_carried_in_part_is_said(source: str, said: str) -> None:
    assert [said in one.what for one in import_model(read(source)).findings] == [True]


def test_two_elements_of_one_id_are_both_carried() -> None:
    same = (
        f"{HEAD}<inputData id='i' name='a'/><decision id='i' name='b'>{literal('1')}</decision></definitions>"
    )
    assert rules(import_model(read(same))) == {"b": {"is": "1"}}


def test_a_function_in_java_is_refused_by_name() -> None:
    found = import_model(read(boxed(f"<functionDefinition kind='Java'>{literal('1')}</functionDefinition>")))
    assert rules(found)["svar"]["is"] == "null"
    assert any("a function in Java is not run by Dugnad" in one.what for one in found.findings)


def test_a_comment_in_a_formula_does_not_swallow_the_rest() -> None:
    found = import_model(read(boxed(literal("1 // en\n+ 2"))))
    assert rules(found)["svar"]["is"].splitlines() == ["1 // en", "+ 2"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Støtte til lag", "støtte-til-lag"), ("Loan  (EU) 2.0", "loan-eu-2-0"), ("!!", "tjeneste")],
)
def test_a_name_becomes_a_folder(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.skipif(not KIT.exists(), reason="the compatibility kit stands in ../shared, which is not here")
def test_every_model_of_the_kit_becomes_a_folder_that_reads_or_is_explained() -> None:
    for path in sorted(KIT.rglob("*.dmn")):
        found = import_model(read_file(path), file=path.name)
        _, wrong = examine_files(found.files)
        assert all(one.what and one.mend and one.line for one in (*found.findings, *wrong)), path.name
        assert "yaml" not in {one.code for one in wrong}, path.name


def test_comments_and_marks_of_other_programs_are_said_to_stay_behind() -> None:
    source = MODEL.replace("<inputData", "<!-- husk tilsyn --><inputData", 1).replace(
        '<decision id="d2"', '<!-- to --><?tool a?><decision xmlns:x="urn:x" x:made="by hand" id="d2"'
    )
    said = [
        one.what for one in import_model(read(source)).findings if "has no place in a service" in one.what
    ]
    assert [one for one in said if "TextAnnotation" not in one] == [
        "the comment “husk tilsyn” (and 1 more) has no place in a service",
        "the instruction “tool a” has no place in a service",
        "the attribute of another program “made” has no place in a service",
    ]
