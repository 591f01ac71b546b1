"""The drawings of a model (DMNDI): how the result comes about, what stops it, and what each part rests on."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from dugnad.rulebook.dmn.diagram import Drawing, Route, lay_out
from dugnad.rulebook.dmn.diagram_text import Style, boxed
from dugnad.rulebook.dmn.model import (
    Bounds,
    BusinessKnowledgeModel,
    DecisionService,
    Definitions,
    Diagram,
    DiagramEdge,
    DiagramShape,
    Drawings,
    DrgElement,
    Point,
    Size,
)
from dugnad.rulebook.dmn.model import Decision as DecisionElement
from dugnad.rulebook.dmn.model import KnowledgeSource as Source

_MARGIN = 24
_ABOVE = 96
"""Room at the top: editors lay the model's title over the drawing there."""
_ACROSS = 8
_STYLE = Style(size=12.0, line=16.0, widest=160.0, narrowest=110.0, beside=14.0, above=14.0)
Line = tuple[str, str, str]
"""A requirement: its id, what is required, who requires it."""


def drawings(model: Definitions) -> Drawings:
    """Draw a model: one diagram of the calculation, one of the control points, one of the authorities.

    An element may stand in several diagrams, as DMN allows; within one, nothing lies on anything else.
    """
    elements = {one.id or "": one for one in model.drg}
    lines = [line for one in model.drg for line in _lines(one) if line[1] in elements]
    stops = {key for key in elements if key.startswith(("stop_", "stopping_"))}
    sources = {key for key, one in elements.items() if isinstance(one, Source)}
    main = [line for line in lines if line[2] not in stops and line[1] not in sources]
    stopping = [line for line in lines if line[2] in stops and line[1] not in sources]
    resting = [line for line in lines if line[1] in sources]
    elsewhere = {end for line in (*stopping, *resting) for end in line[1:]} - {
        end for line in main for end in line[1:]
    }
    plain = elements.keys() - stops - sources - elsewhere
    asked = (
        ("Beregning", plain, main),
        ("Kontrollpunkter", stops | {line[1] for line in stopping}, stopping),
        ("Hjemler", sources | {line[2] for line in resting}, resting),
    )
    made = (
        _diagram(number, name, [elements[key] for key in elements if key in keys], wanted)
        for number, (name, keys, wanted) in enumerate(asked, 1)
        if keys
    )
    return Drawings(diagrams=tuple(made))


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


def _diagram(number: int, name: str, elements: Iterable[DrgElement], lines: Iterable[Line]) -> Diagram:
    boxes = [boxed(one.id or "", [one.name], _STYLE)[0] for one in elements]
    wanted = list(lines)
    drawing = lay_out(boxes, [(start, end) for _, start, end in wanted], across=_ACROSS, upward=True)
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
