"""The income of the last assessment, and what is said where there is none."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dugnad.connectors import norway
from dugnad.connectors.skattegrunnlaget.client import FIELDS, Skattegrunnlaget
from dugnad.connectors.transport import InProcess, Request, Response

from .conftest import Connect

Number = Callable[[str], str]
DAY = date(2026, 11, 1)


def values(connect: Connect, who: str, on: date = DAY) -> dict[str, Any]:
    return dict(connect("skattegrunnlaget").lookup([who], fields=FIELDS, on=on)[who].values)


def test_income_is_personal_income_and_capital_income_of_the_last_assessed_year(
    connect: Connect, number: Number
) -> None:
    assert values(connect, number("grense i Stord")) == {
        "personinntekt": Decimal(360_000),
        "kapitalinntekt": Decimal(6_667),
        "inntektsår": Decimal(2025),
        "fastsatt": True,
    }


def test_the_boundary_that_stord_published_for_2024(connect: Connect, number: Number) -> None:
    found = values(connect, number("grense i Stord"))
    assert found["personinntekt"] + found["kapitalinntekt"] == 366_667


def test_the_mother_in_stord_pays_less_than_the_price_by_the_six_per_cent_rule(
    connect: Connect, number: Number
) -> None:
    both = [values(connect, number(who)) for who in ("mor i Stord", "far i Stord")]
    household = sum(found["personinntekt"] + found["kapitalinntekt"] for found in both)
    assert household * 6 / 100 / 11 < 1200


def test_the_day_of_the_settlement_comes_with_the_income(connect: Connect, number: Number) -> None:
    who = number("mor i Stord")
    answer = connect("skattegrunnlaget").lookup([who], fields=FIELDS, on=DAY)[who]
    assert answer.valid_from["personinntekt"] == date(2026, 5, 13)


def test_without_an_assessment_there_is_no_income_not_even_zero(connect: Connect, number: Number) -> None:
    assert values(connect, number("uten skattefastsetting")) == {"fastsatt": False}


def test_before_the_settlement_the_year_before_counts(connect: Connect, number: Number) -> None:
    assert values(connect, number("mor i Stord"), on=date(2026, 5, 12))["inntektsår"] == 2024
    assert values(connect, number("mor i Stord"), on=date(2026, 5, 13))["inntektsår"] == 2025


def test_where_only_the_year_before_is_assessed_that_one_is_the_last(
    connect: Connect, population: Path, number: Number
) -> None:
    who = number("uten skattefastsetting")
    with norway.changes(population) as change:
        change.income(who, year=2024, personal=123_456)
    assert values(connect, who)["inntektsår"] == 2024
    assert values(connect, who)["personinntekt"] == 123_456


def test_an_assessment_older_than_two_years_is_no_longer_the_last_year(
    connect: Connect, population: Path, number: Number
) -> None:
    who = number("uten skattefastsetting")
    with norway.changes(population) as change:
        change.income(who, year=2023, personal=123_456)
    assert values(connect, who) == {"fastsatt": False}


def test_a_new_assessment_replaces_the_old_one(connect: Connect, population: Path, number: Number) -> None:
    who = number("nabo i Stord")
    with norway.changes(population) as change:
        change.income(who, year=2025, personal=300_000, capital=-4_000, settled=date(2026, 10, 30))
    found = values(connect, who)
    assert (found["personinntekt"], found["kapitalinntekt"]) == (300_000, -4_000)


def test_an_assessed_income_of_nothing_is_zero(connect: Connect, population: Path, number: Number) -> None:
    who = number("uten skattefastsetting")
    with norway.changes(population) as change:
        change.income(who, year=2025, personal=0)
    found = values(connect, who)
    assert (found["fastsatt"], found["personinntekt"], found["kapitalinntekt"]) == (True, 0, 0)


def test_unknown_persons_are_left_out(connect: Connect) -> None:
    assert connect("skattegrunnlaget").lookup(["00000000000"], fields=FIELDS, on=DAY) == {}


def test_an_entry_of_income_we_cannot_place_leaves_the_amounts_unknown(number: Number) -> None:
    who = number("mor i Stord")
    body = (
        f'{{"personidentifikator": "{who}", "inntektsaar": "2025", "skatteoppgjoersdato": "2026-05-13",'
        ' "grunnlag": [{"tekniskNavn": "personinntektLoenn", "beloep": 100, "kategori": "inntekt"},'
        ' {"tekniskNavn": "noeNytt", "beloep": 5, "kategori": "inntekt"},'
        ' {"tekniskNavn": "innskudd", "beloep": 7, "kategori": "formue"}]}'
    )

    def handler(request: Request) -> Response:
        return Response(200, {}, body.encode())

    register = Skattegrunnlaget(InProcess(handler), base_url="http://skatt")
    told = register.lookup([who], fields=FIELDS, on=DAY)[who].values
    assert told == {"fastsatt": True, "inntektsår": Decimal(2025)}
    body = body.replace('"noeNytt"', '"personinntektNaering"')
    assert register.lookup([who], fields=FIELDS, on=DAY)[who].values["personinntekt"] == 105


def test_the_path_is_the_one_skatteetaten_documents(number: Number, store: norway.Store) -> None:
    seen: list[str] = []

    def handler(request: Request) -> Response:
        seen.append(f"{request.method} {request.url}")
        return Response(404, {}, b'{"kode": "SSG-008", "melding": ""}')

    who = number("mor i Stord")
    Skattegrunnlaget(InProcess(handler), base_url="http://skatt").lookup([who], fields=FIELDS, on=DAY)
    path = "GET http://skatt/api/formueinntekt/summertskattegrunnlag/oppgjoer/kommuneforeldrebetaling"
    assert seen == [f"{path}/2025/{who}", f"{path}/2024/{who}"]
