"""The decision requirements graph and all that stands beside it (DMN 1.5, chapters 6 and 7)."""

# ruff: noqa: RUF009 - the calls only describe fields; what they give is frozen

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dugnad.rulebook.dmn.model.base import Element, Import, InformationItem, Named, Raw, Reference
from dugnad.rulebook.dmn.model.diagram import Drawings
from dugnad.rulebook.dmn.model.expressions import Expression, FunctionDefinition, UnaryTests
from dugnad.rulebook.dmn.model.shape import attribute, group, groups, part, parts, text


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem(Element):
    """tFunctionItem: the type of a function."""

    tag: ClassVar[str] = "functionItem"

    parameters: tuple[InformationItem, ...] = parts("parameters", "InformationItem")
    output_type_ref: str | None = attribute("outputTypeRef")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition(Named):
    """tItemDefinition: a type: another one with constraints, a structure, or a function."""

    tag: ClassVar[str] = "itemDefinition"

    type_ref: str | None = text("typeRef")
    allowed_values: UnaryTests | None = part("allowedValues", "UnaryTests")
    type_constraint: UnaryTests | None = part("typeConstraint", "UnaryTests")
    components: tuple["ItemDefinition", ...] = parts("itemComponent", "ItemDefinition")
    function: FunctionItem | None = part("functionItem", "FunctionItem")
    type_language: str | None = attribute("typeLanguage")
    is_collection: bool | None = attribute("isCollection", "boolean")


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequirement(Element):
    """tInformationRequirement: a value this decision needs; exactly one of the two is given."""

    tag: ClassVar[str] = "informationRequirement"

    required_decision: Reference | None = part("requiredDecision", "Reference")
    required_input: Reference | None = part("requiredInput", "Reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeRequirement(Element):
    """tKnowledgeRequirement: a function this decision or function calls."""

    tag: ClassVar[str] = "knowledgeRequirement"

    required_knowledge: Reference = part("requiredKnowledge", "Reference", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRequirement(Element):
    """tAuthorityRequirement: where this comes from; exactly one of the three is given."""

    tag: ClassVar[str] = "authorityRequirement"

    required_decision: Reference | None = part("requiredDecision", "Reference")
    required_input: Reference | None = part("requiredInput", "Reference")
    required_authority: Reference | None = part("requiredAuthority", "Reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrgElement(Named):
    """tDRGElement: a node of the graph."""

    groups: ClassVar[tuple[str, ...]] = ("drg",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(DrgElement):
    """tDecision; without ``expression`` it has no logic yet."""

    tag: ClassVar[str] = "decision"

    question: str | None = text("question")
    allowed_answers: str | None = text("allowedAnswers")
    variable: InformationItem | None = part("variable", "InformationItem")
    information: tuple[InformationRequirement, ...] = parts(
        "informationRequirement", "InformationRequirement"
    )
    knowledge: tuple[KnowledgeRequirement, ...] = parts("knowledgeRequirement", "KnowledgeRequirement")
    authority: tuple[AuthorityRequirement, ...] = parts("authorityRequirement", "AuthorityRequirement")
    supported_objectives: tuple[Reference, ...] = parts("supportedObjective", "Reference")
    impacted_indicators: tuple[Reference, ...] = parts("impactedPerformanceIndicator", "Reference")
    makers: tuple[Reference, ...] = parts("decisionMaker", "Reference")
    owners: tuple[Reference, ...] = parts("decisionOwner", "Reference")
    using_processes: tuple[Reference, ...] = parts("usingProcess", "Reference")
    using_tasks: tuple[Reference, ...] = parts("usingTask", "Reference")
    expression: Expression | None = group("expression")


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledgeModel(DrgElement):
    """tBusinessKnowledgeModel: a function that decisions call."""

    tag: ClassVar[str] = "businessKnowledgeModel"

    variable: InformationItem | None = part("variable", "InformationItem")
    logic: FunctionDefinition | None = part("encapsulatedLogic", "FunctionDefinition")
    knowledge: tuple[KnowledgeRequirement, ...] = parts("knowledgeRequirement", "KnowledgeRequirement")
    authority: tuple[AuthorityRequirement, ...] = parts("authorityRequirement", "AuthorityRequirement")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService(DrgElement):
    """tDecisionService: decisions offered together, to people, to programs and, as a function, to FEEL."""

    tag: ClassVar[str] = "decisionService"

    variable: InformationItem | None = part("variable", "InformationItem")
    output_decisions: tuple[Reference, ...] = parts("outputDecision", "Reference")
    encapsulated_decisions: tuple[Reference, ...] = parts("encapsulatedDecision", "Reference")
    input_decisions: tuple[Reference, ...] = parts("inputDecision", "Reference")
    input_data: tuple[Reference, ...] = parts("inputData", "Reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(DrgElement):
    """tInputData: a value given from outside."""

    tag: ClassVar[str] = "inputData"

    variable: InformationItem | None = part("variable", "InformationItem")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource(DrgElement):
    """tKnowledgeSource: an authority: a law, a policy, a person."""

    tag: ClassVar[str] = "knowledgeSource"

    authority: tuple[AuthorityRequirement, ...] = parts("authorityRequirement", "AuthorityRequirement")
    type: str | None = text("type")
    owner: Reference | None = part("owner", "Reference")
    location: str | None = attribute("locationURI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact(Element):
    """tArtifact: what only explains."""

    groups: ClassVar[tuple[str, ...]] = ("artifact",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Artifact):
    """tGroup: a frame around elements."""

    tag: ClassVar[str] = "group"

    name: str | None = attribute("name")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAnnotation(Artifact):
    """tTextAnnotation; ``text_format`` None is text/plain."""

    tag: ClassVar[str] = "textAnnotation"

    text: str | None = text("text")
    text_format: str | None = attribute("textFormat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Artifact):
    """tAssociation: joins an element and an annotation; ``direction`` None, One or Both."""

    tag: ClassVar[str] = "association"

    source: Reference = part("sourceRef", "Reference", required=True)
    target: Reference = part("targetRef", "Reference", required=True)
    direction: str | None = attribute("associationDirection")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCollection(Named):
    """tElementCollection: elements under one name."""

    tag: ClassVar[str] = "elementCollection"

    elements: tuple[Reference, ...] = parts("drgElement", "Reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessContextElement(Named):
    """tBusinessContextElement."""

    groups: ClassVar[tuple[str, ...]] = ("business",)

    uri: str | None = attribute("URI")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceIndicator(BusinessContextElement):
    """tPerformanceIndicator: what decisions are measured by."""

    tag: ClassVar[str] = "performanceIndicator"

    impacting: tuple[Reference, ...] = parts("impactingDecision", "Reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationUnit(BusinessContextElement):
    """tOrganizationUnit: who makes and owns decisions."""

    tag: ClassVar[str] = "organizationUnit"

    made: tuple[Reference, ...] = parts("decisionMade", "Reference")
    owned: tuple[Reference, ...] = parts("decisionOwned", "Reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions(Named):
    """tDefinitions: a whole model. ``prefixes`` are the namespaces declared at its head; ``spelling`` are DMN's own
    namespaces as an earlier version names them (1.5's, that version's); ``above`` and ``below`` are the comments and
    processing instructions before and after it.
    """

    tag: ClassVar[str] = "definitions"

    imports: tuple[Import, ...] = parts("import", "Import")
    item_definitions: tuple[ItemDefinition, ...] = parts("itemDefinition", "ItemDefinition")
    drg: tuple[DrgElement, ...] = groups("drg")
    artifacts: tuple[Artifact, ...] = groups("artifact")
    collections: tuple[ElementCollection, ...] = parts("elementCollection", "ElementCollection")
    business: tuple[BusinessContextElement, ...] = groups("business")
    drawings: Drawings | None = part("DMNDI", "Drawings", prefix="dmndi")
    expression_language: str | None = attribute("expressionLanguage")
    type_language: str | None = attribute("typeLanguage")
    namespace: str = attribute("namespace", required=True)
    exporter: str | None = attribute("exporter")
    exporter_version: str | None = attribute("exporterVersion")
    prefixes: tuple[tuple[str, str], ...] = ()
    spelling: tuple[tuple[str, str], ...] = ()
    above: tuple[Raw, ...] = ()
    below: tuple[Raw, ...] = ()

    def of(self, *kinds: type[DrgElement]) -> Iterator[DrgElement]:
        """Give the nodes of these kinds, in the order they are written."""
        return (element for element in self.drg if isinstance(element, kinds))

    def find(self, id_: str) -> DrgElement | None:
        """Give the node with this id."""
        return next((element for element in self.drg if element.id == id_), None)
