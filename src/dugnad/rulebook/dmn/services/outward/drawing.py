"""The drawings of a model (DMNDI): how the result comes about, what stops it, and what each part rests on."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from dugnad.rulebook.dmn.diagram import Box, Drawing, Route, lay_out
from dugnad.rulebook.dmn.diagram_text import Style, boxed
from dugnad.rulebook.dmn.model import (
    Association,
    Bounds,
    BusinessKnowledgeModel,
    DecisionService,
    Definitions,
    Diagram,
    DiagramEdge,
    DiagramShape,
    Drawings,
    DrgElement,
    InputData,
    Point,
    Size,
    TextAnnotation,
)
from dugnad.rulebook.dmn.model import Decision as DecisionElement
from dugnad.rulebook.dmn.model import KnowledgeSource as Source
from dugnad.rulebook.dmn.services.outward.columns import beside

_MARGIN = 24
_ABOVE = 96
"""Room at the top: editors lay the model's title over the drawing there."""
_ACROSS = 8
_WIDEST = 1600.0
LAWS = "Hjemler"
_STYLE = Style(size=12.0, line=16.0, widest=160.0, narrowest=110.0, beside=14.0, above=14.0)
_WITH_A_SIGN = Style(size=12.0, line=16.0, widest=250.0, narrowest=130.0, beside=32.0, above=14.0)
"""Decisions: editors lay the sign of a table or a formula into the upper left corner."""
_SIGN = 14
"""Pixels more above and below where the words are broken."""
_APART = 14
"""Pixels between arrows that come into one box."""
_NOTE = Style(size=12.0, line=16.0, widest=230.0, narrowest=110.0, beside=14.0, above=8.0, most_lines=8)
Drawn: TypeAlias = DrgElement | TextAnnotation
Line = tuple[str, str, str]
"""A requirement: its id, what is required, who requires it."""


def drawings(model: Definitions, *, services: bool = True) -> Drawings:
    """Draw a model: one diagram of the calculation, one of the control points, one of the authorities, and one of the
    facts no rule reads.

    An element may stand in several diagrams, as DMN allows; within one, nothing lies on anything else. Without
    `services` a decision service is left out: editors of the bpmn.io family draw it as an empty frame.
    """
    elements = {one.id or "": one for one in model.drg if services or not isinstance(one, DecisionService)}
    lines = [line for one in model.drg for line in _lines(one) if {line[1], line[2]} <= elements.keys()]
    lines += [(one.id or "", one.target.id, one.source.id) for one in _remarks(model)]
    stops = {key for key in elements if key.startswith(("stop_", "stopping_"))}
    sources = {key for key, one in elements.items() if isinstance(one, Source)}
    main = [line for line in lines if line[2] not in stops and line[1] not in sources]
    stopping = [line for line in lines if line[2] in stops and line[1] not in sources]
    resting = [line for line in lines if line[1] in sources]
    elsewhere = {end for line in (*stopping, *resting) for end in line[1:]} - {
        end for line in main for end in line[1:]
    }
    plain = elements.keys() - stops - sources - elsewhere
    drawn = {end for line in main for end in line[1:]}
    alone = {key for key in plain - drawn if isinstance(elements[key], InputData)}
    plain = (plain - alone) | (drawn - elements.keys())
    asked: tuple[tuple[str, Collection[str], list[Line]], ...] = (
        ("Beregning", plain, main),
        ("Kontrollpunkter", stops | {line[1] for line in stopping}, stopping),
        (LAWS, sources | {line[2] for line in resting}, resting),
        ("Opplysninger reglene ikke leser", alone, []),
    )
    known: dict[str, Drawn] = elements | {one.id or "": one for one in _notes(model)}
    made = (
        _diagram(number, name, [known[key] for key in known if key in keys], wanted)
        for number, (name, keys, wanted) in enumerate(asked, 1)
        if keys
    )
    return Drawings(diagrams=tuple(made))


def _remarks(model: Definitions) -> Iterator[Association]:
    return (one for one in model.artifacts if isinstance(one, Association))


def _notes(model: Definitions) -> Iterator[TextAnnotation]:
    return (one for one in model.artifacts if isinstance(one, TextAnnotation))


def _lines(one: DrgElement) -> Iterator[Line]:
    me = one.id or ""
    if isinstance(one, DecisionElement):
        for need in one.information:
            to = need.required_decision or need.required_input
            if to is not None:
                yield need.id or "", to.id, me
    if isinstance(one, DecisionElement | BusinessKnowledgeModel):
        yield from ((need.id or "", need.required_knowledge.id, me) for need in one.knowledge)
    if isinstance(one, DecisionElement | BusinessKnowledgeModel | Source):
        for authority in one.authority:
            to = authority.required_authority or authority.required_decision or authority.required_input
            if to is not None:
                yield authority.id or "", to.id, me


def _diagram(number: int, name: str, elements: Iterable[Drawn], lines: Iterable[Line]) -> Diagram:
    wanted = list(lines)
    coming = Counter(end for _, _, end in wanted)
    boxes = [_box(one, coming[one.id or ""]) for one in elements]
    links = [(start, end) for _, start, end in wanted]
    drawing = (
        beside(boxes, links)
        if name == LAWS
        else lay_out(boxes, links, across=_ACROSS, widest=_WIDEST, upward=True)
    )
    ids = {(start, end): id_ for id_, start, end in wanted}
    services = {one.id for one in elements if isinstance(one, DecisionService)}
    shapes = (_shape(number, drawing, key, collapsed=key in services) for key in drawing.boxes)
    edges = (_edge(number, ids[route.start, route.end], route) for route in drawing.routes)
    return Diagram(
        id=f"diagram_{number}",
        name=name,
        size=Size(width=_at(drawing.width + _MARGIN), height=_at(drawing.height + _MARGIN, _ABOVE)),
        drawn=(*shapes, *edges),
    )


def _box(one: Drawn, coming: int) -> Box:
    """Return a box wide enough for its words and for the arrows that come into it."""
    said = (one.text or "") if isinstance(one, TextAnnotation) else one.name
    style = _NOTE if isinstance(one, TextAnnotation) else _STYLE
    if isinstance(one, DecisionElement):
        style = _WITH_A_SIGN
    box, lines = boxed(one.id or "", [said], style)
    if isinstance(one, DecisionElement) and len(lines) > 1:
        # An editor may break the words elsewhere, even nowhere: the middle of the box must be below the sign.
        box = replace(box, height=box.height + 2 * _SIGN)
    return replace(box, width=max(box.width, _APART * (coming + 1)))


def _shape(number: int, drawing: Drawing, key: str, *, collapsed: bool) -> DiagramShape:
    box = drawing.boxes[key]
    return DiagramShape(
        id=f"shape_{number}_{key}",
        element=key,
        collapsed=True if collapsed else None,
        bounds=Bounds(
            x=_at(box.x), y=_at(box.y, _ABOVE), width=Decimal(int(box.width)), height=Decimal(int(box.height))
        ),
    )


def _edge(number: int, id_: str, route: Route) -> DiagramEdge:
    points = tuple(Point(x=_at(x), y=_at(y, _ABOVE)) for x, y in route.points)
    return DiagramEdge(id=f"edge_{number}_{id_}", element=id_, waypoints=points)


def _at(length: float, margin: int = _MARGIN) -> Decimal:
    return Decimal(str(round(length + margin, 1)))
