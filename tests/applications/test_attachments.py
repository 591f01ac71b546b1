"""What a resident may send in, what is refused and why, and what becomes of an image."""

import hashlib
import io
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import attachment_samples as made
import pikepdf
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dugnad.applications.attachments import (
    AttachmentRefusedError,
    Limits,
    MediaType,
    check,
    image,
    names,
    normalise,
    pdf,
)
from dugnad.applications.attachments.verdict import Code, Language
from pdfs import picture_of

AT = datetime(2026, 11, 21, 13, 3, tzinfo=UTC)
CAPTION = image.Caption("bilde.png", "Et bilde", "nb", AT)
FORBIDDEN = '*:"\\/<>|?'


def refusal(name: str, data: bytes, limits: Limits | None = None) -> AttachmentRefusedError:
    with pytest.raises(AttachmentRefusedError) as caught:
        check(name, data, limits=limits or Limits())
    return caught.value


@pytest.mark.parametrize(
    ("name", "data", "media_type", "pages"),
    [
        ("lønnsslipp.pdf", made.pdf(), "application/pdf", 1),
        ("skattemelding.PDF", made.pdf(3), "application/pdf", 3),
        ("lenker.pdf", made.pdf_with_links(), "application/pdf", 1),
        ("skjermbilde.png", made.picture("PNG"), "image/png", 1),
        ("bilde.jpeg", made.picture(), "image/jpeg", 1),
        ("bilde.jpg", made.photo(6), "image/jpeg", 1),
    ],
)
def test_what_may_be_sent_in(name: str, data: bytes, media_type: str, pages: int) -> None:
    accepted = check(name, data)
    assert (accepted.media_type, accepted.pages, accepted.name) == (media_type, pages, name)
    assert (accepted.size, accepted.sha256) == (len(data), hashlib.sha256(data).hexdigest())


REFUSED = {
    "empty": ("tom.pdf", b"", "empty"),
    "a picture called PDF": ("skann.pdf", made.picture(), "mislabelled"),
    "a PDF called picture": ("skann.jpg", made.pdf(), "mislabelled"),
    "a PNG called JPEG": ("skjerm.jpg", made.picture("PNG"), "mislabelled"),
    "a web page called PDF": ("regning.pdf", b"<!doctype html><script>alert(1)</script>", "mislabelled"),
    "a program": ("program.exe", b"MZ\x90\x00", "unknown-type"),
    "a Word document": ("brev.docx", made.archive(), "not-allowed-type"),
    "an iPhone picture": ("IMG_1.heic", b"\x00\x00\x00\x18ftypheic", "not-allowed-type"),
    "a PDF with junk before it": ("a.pdf", b"junk\n" + made.pdf(), "mislabelled"),
    "a password": ("a.pdf", made.pdf(lock=pikepdf.Encryption(owner="o", user="u")), "encrypted-pdf"),
    "restrictions": ("a.pdf", made.pdf(lock=pikepdf.Encryption(owner="o", user="")), "encrypted-pdf"),
    "a PDF cut off": ("a.pdf", made.pdf()[:-60], "broken-pdf"),
    "only the first line": ("a.pdf", b"%PDF-1.7\n", "broken-pdf"),
    "a PDF with a false table": ("a.pdf", made.pdf().replace(b"startxref\n", b"startxref\n9"), "broken-pdf"),
    "a PDF without pages": ("a.pdf", made.pdf(0), "broken-pdf"),
    "too many pages": ("a.pdf", made.pdf(201), "too-many-pages"),
    "both PDF and ZIP": ("a.pdf", made.pdf() + made.archive(), "two-formats"),
    "a JPEG cut off": ("a.jpg", made.picture()[:-500], "broken-image"),
    "a PNG cut off": ("a.png", made.picture("PNG")[:-500], "broken-image"),
    "only the mark of a JPEG": ("a.jpg", b"\xff\xd8\xff", "broken-image"),
    "a pixel bomb": ("a.png", made.bomb(), "too-many-pixels"),
    "a smaller pixel bomb": ("a.png", made.bomb(9_500), "too-many-pixels"),
}


@pytest.mark.parametrize(("name", "data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(name: str, data: bytes, code: str) -> None:
    assert refusal(name, data).code == code


@pytest.mark.parametrize(
    "change",
    [
        "script on opening",
        "script on a page",
        "script by name",
        "script in a chain",
        "start a program",
        "send a form",
        "file inside",
        "film",
        "form of one maker",
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(change: str) -> None:
    assert refusal("a.pdf", made.pdf_with(change)).code == "has-active-content"


def test_a_pdf_that_unpacks_beyond_the_memory_bound_ends_in_its_own_process() -> None:
    limits = Limits(memory=400_000_000)
    assert refusal("a.pdf", made.stream_bomb(500), limits).code == "broken-pdf"
    assert check("a.pdf", made.pdf(), limits=limits).pages == 1


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("look", 1)

    monkeypatch.setattr(subprocess, "run", late)
    assert refusal("a.jpg", made.picture()).code == "broken-image"


def test_a_moving_picture_is_refused_rather_than_cut_to_its_first_frame() -> None:
    frames = [Image.new("L", (9, 9), shade) for shade in (0, 255)]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    assert refusal("a.png", file.getvalue()).code == "animated-image"


def test_a_large_upload_is_read_no_further_than_the_limit() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"\0" * size

    upload = Endless()
    with pytest.raises(AttachmentRefusedError) as caught:
        check("video.pdf", upload, limits=Limits(megabytes=1))
    assert (caught.value.code, caught.value.params) == ("too-large", {"limit": 1})
    assert upload.given == 1024 * 1024 + 1


def test_a_file_is_given_back_where_it_was() -> None:
    file = io.BytesIO(made.pdf())
    assert check("a.pdf", file).size == len(file.getvalue())
    assert file.tell() == 0


def test_a_pdf_is_kept_byte_for_byte() -> None:
    data = made.pdf_with_links()
    assert normalise(check("a.pdf", data), data, at=AT) == data


def drawn(data: bytes, name: str) -> Iterator[Image.Image]:
    """Give the images in the PDF made of an image."""
    with pikepdf.open(io.BytesIO(normalise(check(name, data), data, at=AT))) as file:
        for thing in file.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                yield pikepdf.PdfImage(thing).as_pil_image()


def test_an_image_becomes_an_archive_pdf_with_its_name_as_title() -> None:
    data = made.picture("PNG")
    result = normalise(check("kvittering.png", data), data, at=AT)
    assert result == normalise(check("kvittering.png", data), data, at=AT)
    with pikepdf.open(io.BytesIO(result)) as file, file.open_metadata() as xmp:
        assert len(file.pages) == 1
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
        assert xmp["dc:title"] == "kvittering.png"
        assert xmp["xmp:CreateDate"].startswith("2026-11-21T13:03:00")


@pytest.mark.parametrize(
    ("orientation", "dark"), [(1, (0, 50)), (3, (150, 50)), (6, (50, 0)), (8, (50, 150))]
)
def test_a_photo_stands_upright_and_tells_neither_place_nor_owner(
    orientation: int, dark: tuple[int, int]
) -> None:
    data = made.photo(orientation)
    result = normalise(check("bilde.jpg", data), data, at=AT)
    assert not any(secret in result for secret in (b"Nordmann", b"GPS", b"Exif"))
    (picture,) = drawn(data, "bilde.jpg")
    assert not picture.getexif()
    grey = picture.convert("L")
    across = (grey.width - 1 - dark[0], grey.height - 1 - dark[1])
    assert grey.crop((*dark, dark[0] + 1, dark[1] + 1)).tobytes()[0] < 50
    assert grey.crop((*across, across[0] + 1, across[1] + 1)).tobytes()[0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_every_kind_of_png_can_be_drawn(mode: str) -> None:
    data = made.picture("PNG", mode=mode)
    assert len(list(drawn(data, "a.png"))) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_a_very_large_image_is_drawn_as_fine_as_paper_shows(mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (8_000, 40)).save(file, "PNG")
    (picture,) = drawn(file.getvalue(), "a.png")
    assert picture.width == 3508


@pytest.mark.parametrize(("language", "word"), [("nb", "Bilde"), ("nn", "Bilete"), ("en", "Image")])
def test_a_screen_reader_says_that_it_is_an_image(language: Language, word: str) -> None:
    data = made.picture()
    with pikepdf.open(io.BytesIO(normalise(check("tur.jpg", data), data, at=AT, language=language))) as file:
        told = [
            str(thing.Alt)
            for thing in file.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
        assert str(file.Root.Lang).startswith(language)
    assert told[0].startswith(word)
    assert told[0].endswith("tur.jpg")


def test_what_one_sees_through_is_white_on_paper() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    (picture,) = drawn(file.getvalue(), "a.png")
    assert picture.convert("L").getextrema() == (255, 255)


def test_deep_grey_keeps_its_shades() -> None:
    file = io.BytesIO()
    Image.new("I;16", (20, 20), 0x8000).save(file, "PNG")
    (picture,) = drawn(file.getvalue(), "a.png")
    assert picture.convert("L").getextrema() == (128, 128)


def test_a_colour_print_jpeg_can_be_drawn() -> None:
    (picture,) = drawn(made.picture(mode="CMYK"), "trykk.jpg")
    assert picture.mode == "RGB"


def test_other_bytes_than_the_accepted_ones_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="accepted"):
        normalise(check("a.pdf", made.pdf()), made.pdf(2), at=AT)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\Kari\\lønn.pdf", "lønn.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a*b:c"d<e>f|g?.pdf', "a_b_c_d_e_f_g_.pdf"),
        ("lønn\x00\u202efdp.pdf", "lønnfdp.pdf"),
        ("", "vedlegg.pdf"),
        (".pdf", "vedlegg.pdf"),
        ("...", "vedlegg.pdf"),
        ("lønn mars 3.2026", "lønn mars 3.2026.pdf"),
        ("faktura.exe", "faktura.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 222 + ".pdf"),
        ("A\u030are.pdf", "Åre.pdf"),
    ],
)
def test_a_name_is_made_fit_for_every_system(name: str, kept: str) -> None:
    assert check(name, made.pdf()).name == kept


@given(st.text(max_size=400), st.sampled_from(["application/pdf", "image/png", "image/jpeg"]))
def test_no_name_breaks_the_rules_of_a_dispatch(name: str, media_type: MediaType) -> None:
    kept = names.safe_name(name, media_type)
    assert 5 <= len(kept) <= 226
    assert not set(FORBIDDEN) & set(kept)
    assert kept.isprintable()
    assert names.claimed_type(kept) == media_type
    assert names.safe_name(kept, media_type) == kept


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_random_bytes_are_refused_and_nothing_else_happens(noise: bytes, start: bytes) -> None:
    for look in (
        lambda: pdf.pages_of(start + noise, Limits()),
        lambda: image.examine(start + noise, "image/png", Limits()),
        lambda: image.examine(start + noise, "image/jpeg", Limits()),
    ):
        with pytest.raises(AttachmentRefusedError):
            look()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_taken_or_refused_and_nothing_else_happens(data: st.DataObject) -> None:
    samples = (made.pdf(2), made.pdf_with_links(), made.picture(size=(20, 20)), made.picture("PNG", (20, 20)))
    damaged = bytearray(data.draw(st.sampled_from(samples)))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for look in (
        lambda: pdf.pages_of(bytes(damaged), Limits()),
        lambda: image.as_pdf(bytes(damaged), "image/png", CAPTION, Limits()),
        lambda: image.as_pdf(bytes(damaged), "image/jpeg", CAPTION, Limits()),
    ):
        with suppress(AttachmentRefusedError):
            assert look()


def test_every_refusal_has_its_words_in_three_languages() -> None:
    file = Path(names.__file__).with_name("texts.yaml")
    texts = yaml.safe_load(file.read_text("utf-8"))
    assert set(texts) == {f"attachment.{code}" for code in get_args(Code)} | {
        "attachment.limits",
        "attachment.picture",
    }
    for words in texts.values():
        assert set(words) == {"nb", "nn", "en"}
        assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in words.values()}) == 1


def test_the_answer_says_what_is_needed_to_mend_it() -> None:
    assert refusal("a.pdf", made.pdf(201)).params == {"pages": 201, "limit": 200}
    assert refusal("a.pdf", made.picture()).params == {"claimed": "PDF"}
    assert refusal("a.docx", made.archive()).params == {"found": "Word, Excel, ZIP"}
    assert refusal("a.png", made.bomb()).params == {"limit": 80}


def test_the_pages_of_a_drawn_image_can_be_read_by_other_programs() -> None:
    data = made.picture()
    assert picture_of(normalise(check("a.jpg", data), data, at=AT)).width > 100
