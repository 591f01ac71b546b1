"""Letters as PDF: what a resident, a screen reader, an archive and a print service find in them."""

import dataclasses
import hashlib
import io
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from typesetting_samples import ALL, DECISION, RECEIPT

from dugnad.dispatch.types import Language, LetterContent
from dugnad.dispatch.typesetting import page_images, typeset, typeset_many
from pdfs import Word, pages_of, text_of, words_of

AT = datetime(2026, 11, 21, 13, 3, tzinfo=UTC)


@pytest.mark.parametrize("letter", ALL.values(), ids=ALL.keys())
def test_a_letter_declares_that_it_can_be_archived_and_read_aloud(letter: LetterContent) -> None:
    with pikepdf.open(io.BytesIO(typeset(letter, at=AT))) as pdf, pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")
        assert xmp["pdfuaid:part"] == "1"
        assert xmp["dc:title"] == letter.title
        assert xmp["dc:creator"] == [letter.sender.name]
        assert xmp["xmp:CreateDate"].startswith("2026-11-21T13:03:00")
        assert str(pdf.Root.Lang).startswith(letter.language)
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in pdf.Root


def test_the_cells_of_a_header_are_tagged_as_such() -> None:
    with pikepdf.open(io.BytesIO(typeset(DECISION, at=AT))) as pdf:
        roles = [
            str(thing.S) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing
        ]
    assert roles.count("/Table") == 2
    assert roles.count("/TH") == 7
    assert "/H1" in roles
    assert "/LI" in roles


def test_the_parts_of_a_decision_are_read_in_their_order() -> None:
    text = " ".join(text_of(typeset(DECISION, at=AT)).split())
    order = (
        "Stord kommune",
        "Ingebjørg Čáhppe-Ødegård",
        "Saksbehandlar: Automatisk behandla",
        "Vedtak om redusert foreldrebetaling",
        "2 749 kroner i månaden",
        "Åse Ødegård",
        "Slik kom vi fram til beløpet",
        "Seks prosent av inntekta",
        "Heimel: forskrift om foreldrebetaling i barnehagar § 3 b",
        "Henta frå",
        "Folkeregisteret",
        "Du kan klage",
        "tre veker",
        "inga underskrift",
    )
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_every_page_has_its_number_and_the_second_says_which_letter_it_belongs_to() -> None:
    first, second = pages_of(typeset(DECISION, at=AT))
    assert "Side 1 av 2" in first
    assert "Side 2 av 2" in second
    assert second.startswith("Stord kommune")
    assert "Vår referanse: 2026/1234-3" in second


def test_the_address_stands_in_the_window_of_a_c5_envelope_and_nothing_in_the_printers_margin() -> None:
    """The window: 15-120 mm from the left, 44-79 mm from the top; the margin of the print service: 18 mm."""
    placed: dict[str, Word] = {}
    for word in words_of(typeset(DECISION, at=AT)):
        placed.setdefault(word.text, word)
    for part in ("Ingebjørg", "Leirvikvegen", "5411"):
        box = placed[part]
        assert box.left >= 15, part
        assert box.right <= 120, part
        assert box.top >= 44, part
        assert box.bottom <= 79, part
    with Image.open(io.BytesIO(page_images(DECISION, at=AT, draft=False)[0])) as page:
        margin = page.convert("L").crop((0, 0, round(18 / 210 * page.width), page.height))
    assert margin.getextrema() == (255, 255)


def test_the_same_letter_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib, json, sys; from datetime import datetime;"
        "from dugnad.dispatch.types import LetterContent; from dugnad.dispatch.typesetting import typeset;"
        "letter = LetterContent.from_data(json.load(sys.stdin));"
        "print(hashlib.sha256(typeset(letter, at=datetime.fromisoformat(sys.argv[1]))).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program, AT.isoformat()],
        input=json.dumps(DECISION.to_data()),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout.strip()
    assert elsewhere == hashlib.sha256(typeset(DECISION, at=AT)).hexdigest()


def test_the_moment_is_the_documents_and_nothing_of_the_clock() -> None:
    later = AT.replace(hour=14)
    assert typeset(RECEIPT, at=AT) == typeset(RECEIPT, at=AT)
    assert typeset(RECEIPT, at=AT) != typeset(RECEIPT, at=later)


def test_threads_may_typeset_at_once() -> None:
    letters = [dataclasses.replace(RECEIPT, case_number=f"2026/{number}") for number in range(12)]
    alone = typeset_many(letters, at=AT)
    assert typeset_many(letters, at=AT, threads=3) == alone
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(typeset(RECEIPT, at=AT))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [typeset(RECEIPT, at=AT)] * 3


@pytest.mark.parametrize(
    ("language", "notice"),
    [("nb", "Dette er et utkast"), ("nn", "Dette er eit utkast"), ("en", "This is a draft")],
)
def test_a_preview_says_that_it_is_a_draft(language: Language, notice: str) -> None:
    letter = dataclasses.replace(DECISION, language=language)
    assert notice in text_of(typeset(letter, at=AT, draft=True))
    assert notice not in text_of(typeset(letter, at=AT))


def test_every_page_of_a_draft_is_marked_across() -> None:
    for image in page_images(DECISION, at=AT, draft=True):
        with Image.open(io.BytesIO(image)) as page:
            shades = page.convert("L").histogram()
        assert sum(shades[228:233]) > 5_000


def test_pages_can_be_seen_as_pictures() -> None:
    pages = page_images(DECISION, at=AT)
    assert len(pages) == 2
    with Image.open(io.BytesIO(pages[0])) as page:
        assert (page.format, page.width) == ("PNG", round(210 / 25.4 * 96))


def test_a_heading_is_never_left_alone_at_the_foot_of_a_page() -> None:
    heading = DECISION.blocks[2]
    paragraph = DECISION.blocks[6]
    for count in range(14, 24):
        letter = dataclasses.replace(RECEIPT, blocks=(paragraph,) * count + (heading, paragraph))
        pages = [page.split("Side ")[0].strip() for page in pages_of(typeset(letter, at=AT))]
        assert not any(page.endswith("Slik kom vi fram til beløpet") for page in pages)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        typeset(RECEIPT, at=AT.replace(tzinfo=None))
