"""A drawing one can read: nothing lies on anything else, arrows lead one way, text stays in its box."""

import itertools
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.rulebook.dmn.diagram import Box, Drawing, Placed, Route, lay_out
from dugnad.rulebook.dmn.diagram_text import Style, boxed, width_of, wrapped
from dugnad.rulebook.dmn.services.outward.columns import beside

SIZES = st.tuples(st.integers(60, 190), st.integers(30, 110))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[tuple[str, str]]]:
    """Boxes and any links at all between them: circles, self-references and strangers among them."""
    sizes = draw(st.lists(SIZES, max_size=24))
    boxes = [Box(f"n{at}", *size) for at, size in enumerate(sizes)]
    names = st.sampled_from([box.key for box in boxes] + ["stranger"])
    return boxes, draw(st.lists(st.tuples(names, names), max_size=50))


def overlap(one: Placed, two: Placed) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def runs_through(route: Route, box: Placed) -> bool:
    """Whether any part of an arrow lies inside a box (its edges do not count); followed in small steps."""
    for (x1, y1), (x2, y2) in itertools.pairwise(route.points):
        for step in range(41):
            x, y = x1 + (x2 - x1) * step / 40, y1 + (y2 - y1) * step / 40
            if box.x + 0.5 < x < box.x + box.width - 0.5 and box.y + 0.5 < y < box.y + box.height - 0.5:
                return True
    return False


def assert_readable(drawing: Drawing) -> None:
    boxes = list(drawing.boxes.values())
    assert [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)] == []
    assert [(r.start, r.end, b.key) for r in drawing.routes for b in boxes if runs_through(r, b)] == []
    for box in boxes:
        assert box.x >= -0.001
        assert box.y >= -0.001
        assert box.x + box.width <= drawing.width + 0.001
        assert box.y + box.height <= drawing.height + 0.001
    for route in drawing.routes:
        for x, y in route.points:
            assert -0.001 <= x <= drawing.width + 0.001
            assert -0.001 <= y <= drawing.height + 0.001


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), across=st.integers(1, 8), upward=st.booleans())
def test_nothing_lies_on_anything_else(
    graph: tuple[list[Box], list[tuple[str, str]]], across: int, *, upward: bool
) -> None:
    boxes, links = graph
    drawing = lay_out(boxes, links, across=across, upward=upward)
    assert set(drawing.boxes) == {box.key for box in boxes}
    assert_readable(drawing)
    assert drawing == lay_out(boxes, links, across=across, upward=upward)


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_every_link_between_boxes_is_drawn_once_and_touches_both(
    graph: tuple[list[Box], list[tuple[str, str]]],
) -> None:
    boxes, links = graph
    keys = {box.key for box in boxes}
    drawing = lay_out(boxes, links)
    wanted = {pair for pair in links if set(pair) <= keys and pair[0] != pair[1]}
    assert {(route.start, route.end) for route in drawing.routes} == wanted
    assert len(drawing.routes) == len(wanted)
    for route in drawing.routes:
        for end, (x, y) in ((route.start, route.points[0]), (route.end, route.points[-1])):
            box = drawing.boxes[end]
            assert box.x <= x <= box.x + box.width
            assert min(abs(y - box.y), abs(y - box.y - box.height)) < 0.001


def test_three_boxes_in_a_row_stand_straight_below_each_other() -> None:
    boxes = [Box(key, 120, 40) for key in "abc"]
    drawing = lay_out(boxes, [("a", "b"), ("b", "c")])
    assert [drawing.boxes[key].layer for key in "abc"] == [0, 1, 2]
    assert len({round(box.x, 3) for box in drawing.boxes.values()}) == 1
    assert drawing.routes[0].points == ((60, 40), (60, 96))


def test_upward_puts_what_is_needed_at_the_bottom() -> None:
    boxes = [Box("income", 120, 40), Box("fee", 120, 40)]
    drawing = lay_out(boxes, [("income", "fee")], upward=True)
    assert drawing.boxes["income"].y > drawing.boxes["fee"].y
    assert drawing.routes[0].points[0] == (60, drawing.boxes["income"].y)


def test_eighty_boxes_keep_to_the_width_asked_for() -> None:
    boxes = [Box(f"n{at}", 150, 40 + at % 3 * 19) for at in range(80)]
    links = [(f"n{at // 3}", f"n{at}") for at in range(1, 80)] + [(f"n{at}", "n79") for at in range(0, 70, 7)]
    drawing = lay_out(boxes, links, across=6)
    layers = [box.layer for box in drawing.boxes.values()]
    assert max(layers.count(one) for one in layers) == 6
    assert_readable(drawing)


def test_a_tree_is_drawn_without_a_crossing() -> None:
    boxes = [Box(f"n{at}", 80, 40) for at in range(15)]
    drawing = lay_out(boxes, [(f"n{at}", f"n{(at - 1) // 2}") for at in range(1, 15)], across=8)
    for one, two in itertools.combinations(drawing.routes, 2):
        if drawing.boxes[one.start].layer == drawing.boxes[two.start].layer and one.end != two.end:
            begin, end = one.points[0][0] - two.points[0][0], one.points[-1][0] - two.points[-1][0]
            assert begin * end >= 0


def test_an_empty_diagram_is_no_fault() -> None:
    drawing = lay_out([], [])
    assert (drawing.width, drawing.height, drawing.routes) == (0.0, 0.0, ())


@given(st.text(string.ascii_letters + "æøå§-/. ", max_size=120), st.integers(60, 300), st.integers(1, 6))
def test_lines_fit_their_room_and_nothing_is_lost_but_at_an_ellipsis(text: str, room: int, most: int) -> None:
    lines = wrapped(text, room, 14, most)
    assert len(lines) <= most
    assert all(width_of(line, 14) <= room for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.text(string.ascii_letters + "æøå ", min_size=1, max_size=80), min_size=1, max_size=3))
def test_a_box_holds_its_lines(texts: list[str]) -> None:
    style = Style()
    box, lines = boxed("k", texts, style)
    assert box.height >= len(lines) * style.line
    assert all(width_of(line, style.size) <= box.width - 2 * style.beside + 1 for line in lines)
    assert box.width <= style.widest


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(SIZES, min_size=2, max_size=16),
    pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=20),
)
def test_two_columns_are_as_readable(sizes: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> None:
    half = len(sizes) // 2
    boxes = [Box(f"n{at}", *size) for at, size in enumerate(sizes)]
    links = [(f"n{left % half}", f"n{half + right % (len(sizes) - half)}") for left, right in pairs]
    drawing = beside(boxes, links)
    assert_readable(drawing)
    assert {(one.start, one.end) for one in drawing.routes} == set(links)
    assert set(drawing.boxes) == {end for pair in links for end in pair}
