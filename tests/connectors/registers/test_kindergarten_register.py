"""Who has a place in kindergarten: the grounds of every fee."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dugnad.connectors import norway
from dugnad.connectors.barnehageregisteret.client import FIELDS

from .conftest import Connect

Number = Callable[[str], str]
DAY = date(2026, 11, 1)


def children(connect: Connect, parent: str) -> list[str]:
    answer = connect("folkeregisteret").lookup([parent], fields=["barn"], on=DAY)
    return [child["person"] for child in answer[parent].values["barn"]]


def places(connect: Connect, parent: str) -> list[dict[str, Any]]:
    numbers = children(connect, parent)
    answer = connect("barnehageregisteret").lookup(numbers, fields=FIELDS, on=DAY)
    return [dict(answer[number].values) for number in numbers]


def test_both_children_of_the_mother_in_stord_have_full_time_places(connect: Connect, number: Number) -> None:
    oldest, youngest = places(connect, number("mor i Stord"))
    for child in (oldest, youngest):
        assert (child["har plass"], child["kommune"], child["avtalt tid"]) == (True, "4614", Decimal(45))
        assert child["plass fra"] <= DAY
        assert child["barnehage"].endswith("barnehage")
        assert child["pris"] == 1200
    # § 3c: free hours from 1 August of the year a child turns two: the oldest is past it, the youngest not.
    assert (oldest["skolestart"], youngest["skolestart"]) == (date(2028, 8, 1), date(2031, 8, 1))


def test_siblings_may_go_in_different_municipalities_and_part_time(connect: Connect, number: Number) -> None:
    in_stord, in_fitjar = places(connect, number("søsken i to kommuner"))
    assert (in_stord["kommune"], in_stord["avtalt tid"]) == ("4614", 24)
    assert (in_fitjar["kommune"], in_fitjar["avtalt tid"]) == ("4615", 45)


def test_siblings_may_go_in_different_kindergartens_of_one_municipality(
    connect: Connect, number: Number
) -> None:
    three = places(connect, number("tre barn i barnehage"))
    assert len({place["barnehage"] for place in three}) == 2
    assert {place["kommune"] for place in three} == {"4614"}


def test_a_protected_child_is_not_found_through_its_kindergarten(connect: Connect, number: Number) -> None:
    (fortrolig,) = places(connect, number("fortrolig adresse"))
    assert "barnehage" not in fortrolig
    assert (fortrolig["kommune"], fortrolig["avtalt tid"]) == ("4614", 45)
    (strict,) = places(connect, number("strengt fortrolig adresse"))
    assert not {"barnehage", "kommune"} & set(strict)
    assert strict["har plass"] is True


def test_a_child_without_a_place(connect: Connect, population: Path, number: Number) -> None:
    (child,) = children(connect, number("mor i Bergen"))
    with norway.changes(population) as change:
        change.no_kindergarten_place(child)
    assert places(connect, number("mor i Bergen")) == [{"har plass": False, "skolestart": date(2029, 8, 1)}]


def test_a_child_that_changes_municipality(connect: Connect, population: Path, number: Number) -> None:
    (child,) = children(connect, number("mor i Bergen"))
    with norway.changes(population) as change:
        change.move_to_municipality(child, municipality="4614", on=date(2026, 10, 1))
        change.kindergarten_place(child, municipality="4614", price=900, since=date(2026, 10, 1))
    (place,) = places(connect, number("mor i Bergen"))
    assert (place["kommune"], place["plass fra"], place["pris"]) == ("4614", date(2026, 10, 1), 900)


def test_unknown_children_are_left_out(connect: Connect) -> None:
    assert connect("barnehageregisteret").lookup(["00000000000"], fields=FIELDS, on=DAY) == {}


def test_the_places_of_the_population_are_plausible(connect: Connect, store: norway.Store) -> None:
    rows = store.rows("SELECT number FROM person WHERE born BETWEEN '2021-01-01' AND '2025-12-31'")
    numbers = [f"{row[0]:011d}" for row in rows]
    answer = connect("barnehageregisteret").lookup(numbers, fields=FIELDS, on=DAY)
    with_place = [found.values for found in answer.values() if found.values["har plass"]]
    # SSB: 93-94 per cent of children from one to five years had a place in 2023-2025.
    assert 0.88 < len(with_place) / len(numbers) < 0.98
    assert {place["avtalt tid"] for place in with_place} <= {20, 24, 30, 32, 41, 45}
