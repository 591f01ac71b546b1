"""The drawing (DMN Diagram Interchange 1.5): where every element stands. Lengths are in pixels, y downwards."""

# ruff: noqa: RUF009 - the calls only describe fields; what they give is frozen

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from dugnad.rulebook.dmn.model.base import Part, Raw
from dugnad.rulebook.dmn.model.shape import Prefix, attribute, group, groups, part, parts, raw, text

Alignment = Literal["start", "end", "center"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Color(Part):
    """dc:Color, each 0-255."""

    prefix: ClassVar[Prefix] = "dc"

    red: int = attribute("red", "integer", required=True)
    green: int = attribute("green", "integer", required=True)
    blue: int = attribute("blue", "integer", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point(Part):
    """dc:Point."""

    prefix: ClassVar[Prefix] = "dc"

    x: Decimal = attribute("x", "decimal", required=True)
    y: Decimal = attribute("y", "decimal", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size(Part):
    """dc:Dimension."""

    prefix: ClassVar[Prefix] = "dc"

    width: Decimal = attribute("width", "decimal", required=True)
    height: Decimal = attribute("height", "decimal", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds(Part):
    """dc:Bounds: the upper left corner and the size."""

    prefix: ClassVar[Prefix] = "dc"

    x: Decimal = attribute("x", "decimal", required=True)
    y: Decimal = attribute("y", "decimal", required=True)
    width: Decimal = attribute("width", "decimal", required=True)
    height: Decimal = attribute("height", "decimal", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style(Part):
    """dmndi:DMNStyle."""

    tag: ClassVar[str] = "DMNStyle"
    groups: ClassVar[tuple[str, ...]] = ("style",)
    prefix: ClassVar[Prefix] = "dmndi"

    extension: tuple[Raw, ...] | None = raw("extension", prefix="di")
    fill: Color | None = part("FillColor", "Color", prefix="dmndi")
    stroke: Color | None = part("StrokeColor", "Color", prefix="dmndi")
    font: Color | None = part("FontColor", "Color", prefix="dmndi")
    id: str | None = attribute("id")
    font_family: str | None = attribute("fontFamily")
    font_size: Decimal | None = attribute("fontSize", "decimal")
    italic: bool | None = attribute("fontItalic", "boolean")
    bold: bool | None = attribute("fontBold", "boolean")
    underline: bool | None = attribute("fontUnderline", "boolean")
    strike_through: bool | None = attribute("fontStrikeThrough", "boolean")
    label_horizontal: Alignment | None = attribute("labelHorizontalAlignement")
    label_vertical: Alignment | None = attribute("labelVerticalAlignment")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramElement(Part):
    """di:DiagramElement: what is drawn; ``style`` its own, ``shared_style`` the id of one in DMNDI."""

    prefix: ClassVar[Prefix] = "dmndi"

    extension: tuple[Raw, ...] | None = raw("extension", prefix="di")
    style: Style | None = group("style")
    id: str | None = attribute("id")
    shared_style: str | None = attribute("sharedStyle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(DiagramElement):
    """dmndi:DMNLabel."""

    bounds: Bounds | None = part("Bounds", "Bounds", prefix="dc")
    text: str | None = text("Text", prefix="dmndi")


@dataclass(frozen=True, slots=True, kw_only=True)
class DividerLine(DiagramElement):
    """dmndi:DMNDecisionServiceDividerLine: output decisions above, the others below."""

    waypoints: tuple[Point, ...] = parts("waypoint", "Point", prefix="di")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramShape(DiagramElement):
    """dmndi:DMNShape: the box of a DRG element, an annotation or a group. ``element`` is its id."""

    tag: ClassVar[str] = "DMNShape"
    groups: ClassVar[tuple[str, ...]] = ("drawn",)

    bounds: Bounds | None = part("Bounds", "Bounds", prefix="dc")
    drawn_label: Label | None = part("DMNLabel", "Label", prefix="dmndi")
    divider: DividerLine | None = part("DMNDecisionServiceDividerLine", "DividerLine", prefix="dmndi")
    element: str = attribute("dmnElementRef", required=True)
    listed_input: bool | None = attribute("isListedInputData", "boolean")
    collapsed: bool | None = attribute("isCollapsed", "boolean")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramEdge(DiagramElement):
    """dmndi:DMNEdge: the line of a requirement or an association. ``element`` is its id."""

    tag: ClassVar[str] = "DMNEdge"
    groups: ClassVar[tuple[str, ...]] = ("drawn",)

    waypoints: tuple[Point, ...] = parts("waypoint", "Point", prefix="di")
    drawn_label: Label | None = part("DMNLabel", "Label", prefix="dmndi")
    element: str = attribute("dmnElementRef", required=True)
    source: str | None = attribute("sourceElement")
    target: str | None = attribute("targetElement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram(DiagramElement):
    """dmndi:DMNDiagram: one drawing."""

    size: Size | None = part("Size", "Size", prefix="dmndi")
    drawn: tuple[DiagramShape | DiagramEdge, ...] = groups("drawn")
    name: str | None = attribute("name")
    documentation: str | None = attribute("documentation")
    resolution: Decimal | None = attribute("resolution", "decimal")
    alternative_input_shape: bool | None = attribute("useAlternativeInputDataShape", "boolean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings(Part):
    """dmndi:DMNDI: the drawings of a model and the styles they share."""

    prefix: ClassVar[Prefix] = "dmndi"

    diagrams: tuple[Diagram, ...] = parts("DMNDiagram", "Diagram", prefix="dmndi")
    styles: tuple[Style, ...] = parts("DMNStyle", "Style", prefix="dmndi")
