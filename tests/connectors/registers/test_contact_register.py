"""How a person may be reached. Digdir's own test persons are the measure, read where the reference lies."""

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dugnad.connectors import kontaktregisteret, norway
from dugnad.connectors.kontaktregisteret.client import FIELDS
from dugnad.connectors.transport import InProcess, Request

from .conftest import Connect

Number = Callable[[str], str]
DAY = date(2026, 11, 1)
# Beside the project, as all reference material: nothing says that it may be copied into it.
PUBLISHED = (
    Path(__file__).parents[4] / "shared/reference/krr/oppslagstjenesten_testdata_med_forventet_respons_0.xlsx"
)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def values(connect: Connect, who: str, on: date = DAY) -> dict[str, Any]:
    return dict(connect("kontaktregisteret").lookup([who], fields=FIELDS, on=on)[who].values)


def test_someone_with_fresh_contact_data_can_be_notified(connect: Connect, number: Number) -> None:
    assert values(connect, number("mor i Stord")) == {
        "kan varsles": True,
        "reservert": False,
        "språk": "nn",
        "e-post": "ingrid1@epost.example",
        "mobil": "+4700000001",
    }


def test_someone_reserved_is_not_notified(connect: Connect, number: Number) -> None:
    found = values(connect, number("reservert i KRR"))
    assert (found["reservert"], found["kan varsles"]) == (True, False)


def test_stale_contact_data_are_not_used(connect: Connect, number: Number) -> None:
    found = values(connect, number("søsken i to kommuner"))
    assert found["kan varsles"] is False
    assert not {"e-post", "mobil"} & set(found)


def test_someone_who_is_not_registered_cannot_be_notified(connect: Connect, number: Number) -> None:
    assert values(connect, number("person med verge")) == {"kan varsles": False}
    assert values(connect, "24079412372") == {"kan varsles": False}  # valid, but not of this population


@pytest.mark.parametrize(
    ("key", "language"), [("mor i Karasjok", "se"), ("engelskspråklig far", "en"), ("mor i Bergen", "nb")]
)
def test_the_language_is_the_one_chosen(connect: Connect, number: Number, key: str, language: str) -> None:
    assert values(connect, number(key))["språk"] == language


def test_eighteen_months_to_the_day_are_still_good(
    connect: Connect, population: Path, number: Number
) -> None:
    who = number("mor i Stord")
    with norway.changes(population) as change:
        change.contact(who, email="a@epost.example", email_updated="2020-01-01", email_verified="2025-05-01")
    assert values(connect, who)["e-post"] == "a@epost.example"
    # A day later the register is not asked anew, but the law still applies to what it said.
    assert "e-post" not in values(connect, who, on=date(2026, 11, 2))


def test_one_good_channel_is_enough(connect: Connect, population: Path, number: Number) -> None:
    who = number("mor i Stord")
    with norway.changes(population) as change:
        change.contact(
            who,
            email="a@epost.example",
            email_updated="2019-01-01",
            mobile="+4700000000",
            mobile_updated="2026-01-01",
        )
    assert values(connect, who) == {"kan varsles": True, "reservert": False, "mobil": "+4700000000"}


def test_more_than_a_thousand_are_asked_in_portions(connect: Connect, store: norway.Store) -> None:
    numbers = [f"{row[0]:011d}" for row in store.rows("SELECT number FROM person LIMIT 2100")]
    assert len(connect("kontaktregisteret").lookup(numbers, fields=["reservert"], on=DAY)) == 2100


def published_rows() -> list[dict[str, str]]:
    """Read the sheet: column letter -> text, one dict a test person."""
    if not PUBLISHED.is_file():
        return []
    with zipfile.ZipFile(PUBLISHED) as book:
        # Digdir's own file, from our reference folder.
        strings = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - see above
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - see above
    texts = ["".join(item.itertext()) for item in strings.iter(f"{SHEET}si")]
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells: dict[str, str] = {}
        for cell in row.iter(f"{SHEET}c"):
            value = cell.findtext(f"{SHEET}v")
            if value is not None:
                cells[cell.attrib["r"].rstrip("0123456789")] = (
                    texts[int(value)] if cell.get("t") == "s" else value
                )
        if cells.get("A", "").strip().isdecimal():
            rows.append({column: text.strip() for column, text in cells.items() if text.strip() != "-"})
    return rows


@pytest.mark.parametrize("row", published_rows(), ids=lambda row: row["P"])
def test_digdirs_published_test_persons(row: dict[str, str], population: Path, store: norway.Store) -> None:
    who, stale = row["A"], "18mnd" in row["P"]
    # The sheet shows what the register answers; its own record of a stale person is older than 18 months.
    dates = {
        "email_updated": row.get("H"),
        "email_verified": row.get("I"),
        "mobile_updated": row.get("E"),
        "mobile_verified": row.get("F"),
    }
    seen = max((text[:10] for text in dates.values() if text), default="2017-11-07")
    if stale or row.get("B") == "JA":
        dates = dict.fromkeys(dates, "2015-01-01" if stale else seen)
    with norway.changes(population) as change:
        change.person(who, name="Test Person", born=date(1990, 1, 1), sex="kvinne")
        change.contact(
            who,
            status=row["C"],
            reserved=int(row.get("B") == "JA"),
            email=row.get("J", "x@epost.example" if stale else None),
            mobile=row.get("G"),
            language=row.get("N"),
            language_updated=row.get("O"),
            **dates,
        )
    today = date.fromisoformat(seen)
    simulator = kontaktregisteret.simulator(store, today=lambda: today)
    asked = Request(
        "POST",
        "http://krr/rest/v2/personer",
        {"authorization": "Bearer x"},
        f'{{"personidentifikatorer": ["{who}"]}}'.encode(),
    )
    answer = simulator(asked).body.decode()
    for column, key in (
        ("B", "reservasjon"),
        ("C", "status"),
        ("D", "varslingsstatus"),
        ("J", "epostadresse"),
        ("G", "mobiltelefonnummer"),
        ("N", "spraak"),
    ):
        if column in row:
            assert f'"{key}":"{row[column]}"' in answer
        else:
            assert f'"{key}":' not in answer
    client = kontaktregisteret.Kontaktregisteret(InProcess(simulator), base_url="http://krr")
    told = client.lookup([who], fields=FIELDS, on=today)[who].values
    assert told["kan varsles"] is (row["D"] == "KAN_VARSLES")
    assert told.get("språk") == row.get("N")


def test_the_published_test_persons_were_there() -> None:
    if not PUBLISHED.is_file():
        pytest.skip(f"Digdir's test persons are not at {PUBLISHED}")
    assert len(published_rows()) == 19
