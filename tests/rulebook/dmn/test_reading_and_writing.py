"""Models are read and written without loss, and nothing in a file can harm the reader."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from kit import KIT, needs_kit
from lxml import etree
from modelling import decision, given, item, model, text

from dugnad.rulebook.dmn import model as dmn
from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.evaluating import compile_model, library_of
from dugnad.rulebook.dmn.namespaces import MODEL
from dugnad.rulebook.dmn.reading import read, read_file
from dugnad.rulebook.dmn.writing import write

HEAD = f'<definitions xmlns="{MODEL}" name="m" namespace="https://example.no/m">'
EVERYTHING = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment is no content -->
<d:definitions xmlns:d="{MODEL}" xmlns:x="https://example.no/tool" xmlns="https://example.no/m" name="m" id="m"
    namespace="https://example.no/m" exporter="tool" exporterVersion="1" x:made="by hand">
  <d:description>two
  lines &amp; a sign</d:description>
  <d:extensionElements><x:a b="c" x:d="e">text<x:i>in</x:i> tail</x:a><x:empty/></d:extensionElements>
  <d:import name="other" namespace="https://example.no/other" importType="{MODEL}" locationURI="other.dmn"/>
  <d:itemDefinition name="Grade"><d:typeRef>string</d:typeRef>
    <d:allowedValues x:kind="enumeration"><d:text>"A", "B"</d:text></d:allowedValues></d:itemDefinition>
  <d:itemDefinition name="Change" isCollection="false"><d:functionItem outputTypeRef="number">
    <d:parameters name="n" typeRef="number"/></d:functionItem></d:itemDefinition>
  <d:decision name="d" id="d1"><d:question>Is it?</d:question><d:allowedAnswers>yes, no</d:allowedAnswers>
    <d:variable name="d" typeRef="Grade"/>
    <d:informationRequirement id="r1"><d:requiredInput href="#i1"/></d:informationRequirement>
    <d:authorityRequirement><d:requiredAuthority href="#k1"/></d:authorityRequirement>
    <d:decisionMaker href="#o1"/>
    <d:decisionTable hitPolicy="COLLECT" aggregation="SUM" preferredOrientation="Rule-as-Column" outputLabel="o">
      <d:input label="in"><d:inputExpression typeRef="number"><d:text>i</d:text></d:inputExpression>
        <d:inputValues><d:text>&gt; 0</d:text></d:inputValues></d:input>
      <d:output><d:defaultOutputEntry><d:text>0</d:text></d:defaultOutputEntry></d:output>
      <d:annotation name="law"/>
      <d:rule id="row1"><d:description>first</d:description><d:inputEntry><d:text>1</d:text></d:inputEntry>
        <d:outputEntry><d:text>  spaced  </d:text></d:outputEntry>
        <d:annotationEntry><d:text>§ 1</d:text></d:annotationEntry></d:rule>
    </d:decisionTable></d:decision>
  <d:decision name="boxes" id="d2"><d:conditional>
    <d:if><d:literalExpression><d:text>true</d:text></d:literalExpression></d:if>
    <d:then><d:for iteratorVariable="x"><d:in typeRef="Any" id="c1"><d:list/></d:in>
      <d:return><d:literalExpression/></d:return></d:for></d:then>
    <d:else><d:filter>
      <d:in><d:relation><d:column name="c"/><d:row><d:literalExpression/></d:row></d:relation></d:in>
      <d:match><d:some iteratorVariable="y"><d:in><d:list/></d:in><d:satisfies><d:every iteratorVariable="z">
        <d:in><d:list/></d:in><d:satisfies><d:literalExpression/></d:satisfies></d:every></d:satisfies></d:some></d:match>
      </d:filter></d:else></d:conditional></d:decision>
  <d:inputData name="i" id="i1"/>
  <d:businessKnowledgeModel name="f" id="f1"><d:encapsulatedLogic kind="FEEL"><d:formalParameter name="p"/>
    <d:invocation><d:literalExpression><d:text>g</d:text></d:literalExpression>
      <d:binding><d:parameter name="q"/>
      <d:context><d:contextEntry><d:literalExpression/></d:contextEntry></d:context></d:binding>
    </d:invocation></d:encapsulatedLogic></d:businessKnowledgeModel>
  <d:knowledgeSource name="law" id="k1" locationURI="https://lovdata.no">
    <d:type>law</d:type><d:owner href="#o1"/></d:knowledgeSource>
  <d:decisionService name="s" id="s1"><d:outputDecision href="#d1"/><d:inputData href="#i1"/></d:decisionService>
  <d:textAnnotation id="t1" textFormat="text/plain"><d:text>see</d:text></d:textAnnotation>
  <d:association id="a1" associationDirection="One"><d:sourceRef href="#d1"/><d:targetRef href="#t1"/></d:association>
  <d:group id="g1" name="frame"/>
  <d:elementCollection name="some"><d:drgElement href="#d1"/></d:elementCollection>
  <d:performanceIndicator name="speed" URI="https://example.no"><d:impactingDecision href="#d1"/></d:performanceIndicator>
  <d:organizationUnit name="us" id="o1"><d:decisionMade href="#d1"/></d:organizationUnit>
  <dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20230324/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
      xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/">
    <dmndi:DMNDiagram id="dia" name="all" useAlternativeInputDataShape="true"><dmndi:Size width="10.50" height="20"/>
      <dmndi:DMNShape id="sh" dmnElementRef="d1" isCollapsed="false"><dc:Bounds x="1" y="-2.5" width="3" height="4"/>
        <dmndi:DMNLabel sharedStyle="st"><dmndi:Text>d</dmndi:Text></dmndi:DMNLabel></dmndi:DMNShape>
      <dmndi:DMNEdge id="ed" dmnElementRef="r1"><di:waypoint x="1" y="2"/><di:waypoint x="3" y="4"/></dmndi:DMNEdge>
    </dmndi:DMNDiagram>
    <dmndi:DMNStyle id="st" fontSize="12" fontBold="true"><dmndi:FillColor red="1" green="2" blue="3"/></dmndi:DMNStyle>
  </dmndi:DMNDI>
</d:definitions>"""


def content(element: etree._Element) -> tuple[object, ...]:
    """Give what an XML element says, apart from prefixes and layout."""
    inside = [content(child) for child in element]
    said = element.text or ""
    if inside and not said.strip():
        said = ""
    tail = (element.tail or "").strip()
    return (element.tag, sorted(element.attrib.items()), said, tail, inside)


def parsed(data: bytes | str) -> etree._Element:
    parser = etree.XMLParser(remove_comments=True, resolve_entities=False)
    return etree.fromstring(data.encode() if isinstance(data, str) else data, parser)


def test_everything_dmn_has_comes_back_as_it_was():
    read_once = read(EVERYTHING)
    written = write(read_once)
    assert read(written) == read_once
    assert content(parsed(written)) == content(parsed(EVERYTHING))


@needs_kit
def test_what_is_written_is_valid_by_the_schema():
    schema = etree.XMLSchema(etree.parse(str(KIT / "DMN15.xsd")))
    schema.assertValid(parsed(write(read(EVERYTHING))))


@needs_kit
def test_every_model_of_the_kit_comes_back_as_it_was_and_valid():
    schema = etree.XMLSchema(etree.parse(str(KIT / "DMN15.xsd")))
    paths = sorted(KIT.rglob("*.dmn"))
    assert len(paths) > 100
    for path in paths:
        read_once = read_file(path)
        written = write(read_once)
        assert read(written) == read_once, path
        assert content(parsed(written)) == content(parsed(path.read_bytes())), path
        schema.assertValid(parsed(written))


def test_a_model_made_in_code_is_written():
    drawn = dmn.Drawings(
        diagrams=(
            dmn.Diagram(
                drawn=(
                    dmn.DiagramShape(
                        element="d",
                        bounds=dmn.Bounds(
                            x=Decimal(1), y=Decimal(2), width=Decimal(3), height=Decimal("4.5")
                        ),
                    ),
                )
            ),
        )
    )
    made = dmn.Definitions(
        name="m",
        namespace="https://example.no/m",
        drg=(dmn.Decision(id="d", name="d", expression=dmn.LiteralExpression(text="1 < 2")),),
        drawings=drawn,
    )
    again = read(write(made))
    assert again.drg == made.drg
    assert again.drawings == made.drawings
    assert compile_model(library_of(again)).decide("d", {}) is True


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        MODEL,
    ],
)
def test_every_version_since_the_first_is_read_and_written_as_itself_or_as_the_last(namespace: str):
    source = model(given("a", "number"), decision("d", text("a + 1"), inputs=("a",))).replace(
        MODEL, namespace
    )
    found = read(source)
    assert compile_model(library_of(found)).decide("d", {"a": Decimal(1)}) == 2
    assert parsed(write(found)).tag == f"{{{namespace}}}definitions"
    assert parsed(write(found, version="1.5")).tag == f"{{{MODEL}}}definitions"
    assert read(write(found)) == found


OF_2019 = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:feel="https://www.omg.org/spec/DMN/20191111/FEEL/"
    xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
    name="m" namespace="https://example.no/m" expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
  <import name="o" namespace="https://example.no/o" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
  <decision id="d" name="d"><literalExpression expressionLanguage="http://www.omg.org/spec/FEEL/20140401">
    <text>1</text></literalExpression></decision>
  <dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="d"><dc:Bounds x="1" y="1" width="9" height="9"/>
  </dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>"""


def test_a_model_of_an_older_version_is_written_back_in_its_own():
    assert content(parsed(write(read(OF_2019)))) == content(parsed(OF_2019))


def test_a_model_is_written_in_another_version_only_on_request():
    newest = write(read(OF_2019), version="1.5").decode()
    assert "20191111" not in newest
    assert newest.count("20230324") == 6
    assert content(parsed(write(read(newest), version="1.3"))) == content(
        parsed(
            OF_2019.replace(
                "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"
            )
        )
    )


@pytest.mark.parametrize(
    "inside",
    [
        decision("d", "<conditional><if><list/></if><then><list/></then><else><list/></else></conditional>"),
        item("T", "number", rule="? > 1"),
    ],
)
def test_what_a_version_has_not_is_not_written_in_it(inside: str):
    with pytest.raises(DmnError, match="it came with"):
        write(read(model(inside)), version="1.3")


def test_an_import_of_the_first_version_goes_by_its_prefix():
    source = model(
        '<import namespace="https://example.no/o" importType="http://www.omg.org/spec/DMN/20151101/dmn.xsd"/>'
    )
    (each,) = read(source.replace("<definitions ", '<definitions xmlns:old="https://example.no/o" ')).imports
    assert each.name == "old"


REMARKS = f"""<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="dmn.css"?><!-- above --><!-- all -->
<definitions xmlns="{MODEL}" xmlns:x="https://example.no/tool" name="m" namespace="https://example.no/m">
  <!-- before the description -->
  <description>what</description>
  <extensionElements><!-- in an extension --><x:a>one<!-- within -->two<?tool in?></x:a><?tool out?></extensionElements>
  <?tool before="d"?>
  <decision id="d" name="d" x:made="by hand">
    <!-- before the box -->
    <decisionTable x:color="red">
      <input><inputExpression><text x:lines="1">a</text></inputExpression></input>
      <x:note>between</x:note>
      <output/>
      <!-- before the rule --><!-- and again -->
      <rule><inputEntry><text>1</text></inputEntry><!-- between cells --><outputEntry><text>2</text></outputEntry></rule>
      <!-- the end of the table -->
    </decisionTable>
  </decision>
  <!-- <decision name="put aside"/> -->
  <decision id="e" name="e"/>
  <!-- the end -->
</definitions>
<!-- below --><?last one?>
"""


def remarks(source: bytes | str) -> list[tuple[str, str]]:
    """Give comments and instructions with what stands right behind them, in order."""
    tree = etree.fromstring(source if isinstance(source, bytes) else source.encode()).getroottree()
    found = []
    for each in tree.xpath("//comment() | //processing-instruction()"):
        after = each.getnext()
        found.append(
            (etree.tostring(each, with_tail=False).decode(), "" if after is None else str(after.tag))
        )
    return found


def test_comments_and_what_others_wrote_come_back_where_they_were():
    written = write(read(REMARKS))
    assert remarks(written) == remarks(REMARKS)
    assert content(parsed(written)) == content(parsed(REMARKS))
    assert read(written) == read(REMARKS)


def test_a_comment_within_a_text_is_kept_before_it_and_the_text_is_whole():
    source = model(
        "<decision name='d'><literalExpression><text>1 +<!-- why --> 2</text></literalExpression></decision>"
    )
    found = read(source)
    (one,) = found.drg
    assert isinstance(one, dmn.Decision)
    assert isinstance(one.expression, dmn.LiteralExpression)
    assert one.expression.text == "1 + 2"
    assert b"<!-- why -->" in write(found)


def test_a_comment_stays_when_what_it_stood_before_is_taken_out():
    found = read(REMARKS)
    written = write(replace(found, drg=found.drg[:1]))
    assert b"put aside" in written


def test_elements_know_their_line():
    source = model(given("a"), "", decision("d", text("1")))
    assert [element.line for element in read(source).drg] == [2, 4]


@pytest.mark.parametrize(
    ("inside", "line", "what"),
    [
        ("<decision/>", 1, "decision has no name"),
        ("\n<decisoin name='d'/>", 2, "Did you mean decision"),
        ("\n\n<itemDefinition name='a' isCollection='ja'/>", 3, "must be a boolean"),
        ("words", 1, "text beside definitions"),
        ("<decision name='d'><list/><list/></decision>", 1, "second list"),
        (
            "<decision name='d'><literalExpression><text a='b'/></literalExpression></decision>",
            1,
            "has the attribute a",
        ),
        ("<decision name='d'><description>a<b/></description></decision>", 1, "more than text"),
        ("<extensionElements>words</extensionElements>", 1, "text beside extensionElements"),
        ("\n<decision name='d'><decisionTable hitpolicy='FIRST'/></decision>", 2, "Did you mean hitPolicy"),
        ("<decision>", 1, "not XML"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_how_to_mend_it(inside: str, line: int, what: str):
    with pytest.raises(DmnError, match=what) as caught:
        read(f"{HEAD}{inside}</definitions>", file="rules.dmn")
    assert (caught.value.file, caught.value.line) == ("rules.dmn", line)
    assert caught.value.mend


def test_a_file_that_is_not_dmn():
    with pytest.raises(DmnError, match="not with DMN's definitions"):
        read("<html/>")


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(DmnError, match=r"gone\.dmn"):
        read_file(tmp_path / "gone.dmn")


def test_a_control_character_is_refused_when_writing():
    made = dmn.Definitions(name="\x00", namespace="https://example.no/m")
    with pytest.raises(DmnError, match="control character"):
        write(made)


def test_an_extension_without_a_namespace_keeps_its_own():
    source = f'{HEAD}<extensionElements><a xmlns="">x</a></extensionElements></definitions>'
    assert read(write(read(source))).extensions == read(source).extensions


@settings(max_examples=60, deadline=None)
@given_any(
    st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 20), st.sampled_from("cpf")), min_size=1, max_size=12
    )
)
def test_whatever_stands_between_elements_stays_where_it_is(marks: list[tuple[int, int, str]]):
    root = etree.fromstring(EVERYTHING.encode())
    places = [each for each in root.iter(etree.Element) if len(each) and "example.no" not in str(each.tag)]
    for number, (at, where, kind) in enumerate(marks):
        parent = places[at % len(places)]
        mark = {
            "c": etree.Comment(f"no. {number}"),
            "p": etree.ProcessingInstruction("tool", f"no={number}"),
            "f": etree.Element("{https://example.no/tool}mark", no=str(number)),
        }[kind]
        parent.insert(where % (len(parent) + 1), mark)
    source = etree.tostring(root.getroottree())
    written = write(read(source))
    assert remarks(written) == remarks(source)
    assert content(parsed(written)) == content(parsed(source))
