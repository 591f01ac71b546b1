from decimal import Decimal

import pytest

from dugnad.rulebook import UnitConflict, convert, parse, unit_named, unit_of

UNITS = {
    name: unit_named(unit)
    for name, unit in {
        "husholdningens inntekt": "kr/år",
        "kommunens pris": "kr/måned",
        "søskenrabatt": "%",
        "andel 20 timer": "fraction",
        "barn.avtalt tid": "timer/uke",
        "barn.pris": "kr/måned",
        "måneder igjen": "måneder",
    }.items()
}
NAMES = ("barn", "antall", *UNITS)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("husholdningens inntekt * 6 % / 11", "kr/måned"),
        ("min(kommunens pris, husholdningens inntekt * 6 % / 11)", "kr/måned"),
        ("kommunens pris * (1 - søskenrabatt)", "kr/måned"),
        ("if antall > 1 then kommunens pris else 0", "kr/måned"),
        ("kommunens pris * måneder igjen", "kr"),
        ("kommunens pris * 11", "kr/år"),
        ("kommunens pris * 10", "kr/måned"),
        ("round half up(kommunens pris * andel 20 timer, 0)", "kr/måned"),
        ("sum(for b in barn return b.pris * b.avtalt tid / 45 timer/uke)", "kr/måned"),
        ("sum(barn[avtalt tid > 20].pris)", "kr/måned"),
        ("kommunens pris + 100", "kr/måned"),
    ],
)
def test_the_unit_of_a_formula(text: str, unit: str) -> None:
    found = unit_of(parse(text, names=NAMES, dialect="dugnad"), UNITS)
    assert found is not None
    assert not isinstance(found, UnitConflict)
    assert found.same(unit_named(unit))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("min(kommunens pris, husholdningens inntekt)", ("kommunens pris", "husholdningens inntekt")),
        ("kommunens pris > 100 øre", ("kommunens pris", "100 øre")),
        ("kommunens pris - søskenrabatt", ("kommunens pris", "søskenrabatt")),
        ("if antall > 1 then kommunens pris else 5 kr", ("kommunens pris", "5 kr")),
        ("husholdningens inntekt / 10 + kommunens pris", ("husholdningens inntekt / 10", "kommunens pris")),
        ("barn[avtalt tid > 100 kr].pris", ("avtalt tid", "100 kr")),
        ("some b in barn satisfies b.pris > 45 timer/uke", ("b.pris", "45 timer/uke")),
        (
            "husholdningens inntekt in [1 kr/måned..5 kr/måned]",
            ("husholdningens inntekt", "[1 kr/måned..5 kr/måned]"),
        ),
    ],
)
def test_units_that_do_not_go_together_are_found_where_they_stand(text: str, parts: tuple[str, str]) -> None:
    found = unit_of(parse(text, names=NAMES, dialect="dugnad"), UNITS)
    assert isinstance(found, UnitConflict)
    assert tuple(text[start:end] for start, end in found.positions) == parts


@pytest.mark.parametrize("text", ["antall + 1", "kommunens pris > 100", "barn[1]", "true"])
def test_without_unit(text: str) -> None:
    assert unit_of(parse(text, names=NAMES), UNITS) is None


def test_conversion_is_exact() -> None:
    assert convert(Decimal(24000), unit_named("kr/år"), unit_named("kr/måned")) == 2000
    assert convert(Decimal("15.50"), unit_named("kr"), unit_named("øre")) == 1550
    with pytest.raises(ValueError, match="cannot be converted"):
        convert(Decimal(1), unit_named("timer/uke"), unit_named("kr"))
    with pytest.raises(ValueError, match="not a unit"):
        unit_named("dollar")
