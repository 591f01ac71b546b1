"""Text from people and registers is data: it can neither run, nor hide, nor break the page."""

import dataclasses
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typesetting_samples import ALL, DECISION, RECEIPT, STORD

from dugnad.dispatch.types import (
    Box,
    Branding,
    Bullets,
    Emphasis,
    Heading,
    LetterContent,
    LetterContentError,
    Paragraph,
    Recipient,
    Signatory,
    Signature,
    Strong,
    Table,
    marked,
)
from dugnad.dispatch.typesetting import typeset
from dugnad.dispatch.typesetting.wording import MISSING, line, shown
from pdfs import text_of, words_of

AT = datetime(2026, 11, 21, 13, 3, tzinfo=UTC)


def letter_of(text: str) -> LetterContent:
    """Give a letter with the text in every place that takes one."""
    return dataclasses.replace(
        RECEIPT,
        recipient=Recipient(text, (text,)),
        case_number=text,
        handlers=(text,),
        title=f"Om {text}",
        sender=dataclasses.replace(
            STORD, name=f"S {text}", address=(text,), email=text, website=text, phone=text
        ),
        blocks=(
            Paragraph(text),
            Paragraph((Strong(text), Emphasis(text), text)),
            Heading(text),
            Bullets((text,)),
            Table((text, text), ((text, text),), ("left", "right"), caption=text),
            Box(text, (text,)),
            Signature((Signatory(text, text),)),
        ),
    )


@pytest.mark.parametrize(
    "code",
    [
        '#read("/etc/passwd")',
        '#import "/etc/passwd": *',
        "$ x^2 $",
        "@reference",
        "<label>",
        "\\ \\u{1F600} \\#",
        "*ikke fet* _ikke kursiv_ `kode`",
        "= Ingen overskrift",
        '") #panic("',
        "]#panic()[",
        "#{while true {}}",
        "// ingen kommentar /* */",
        "https://example.no/#a?b=c&d=%20",
        "{page}",
    ],
)
def test_what_looks_like_code_is_printed_as_it_stands(code: str) -> None:
    letter = dataclasses.replace(RECEIPT, blocks=(Paragraph(f"Start {code} slutt"),))
    assert f"Start {code} slutt" in text_of(typeset(letter, at=AT))
    assert typeset(letter_of(code), at=AT)


@pytest.mark.parametrize(
    ("given_text", "seen"),
    [
        ("Hei 😀 du", f"Hei {MISSING} du"),
        ("שלום", "שלום"),
        ("سلام", "سلام"),
        ("ไทย", MISSING * 3),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\tb", "a b"),
        ("innbetalt\u202e001\u202c kr", "innbetalt001\xa0kr"),
        ("A\u030ase O\u0308rn", "Åse Örn"),
        ("㎏ a\u0323\u0308", "kg ạ̈"),
        ("\ud800", MISSING),
        ("\ue000", MISSING),
        ("Čáhcesuolu Ŋ Đ Ŧ Ž", "Čáhcesuolu Ŋ Đ Ŧ Ž"),
        ("2 000 kr, 30 % og § 3", "2\xa0000\xa0kr, 30\xa0% og §\xa03"),
    ],
)
def test_what_cannot_be_drawn_is_shown_to_be_missing_and_what_is_unseen_is_gone(
    given_text: str, seen: str
) -> None:
    assert shown(given_text) == seen


@pytest.mark.parametrize("name", ["سارة بنت أحمد", "שרה כהן", "Áilu Ŋáŋŋá Sæther-Åsø"])
def test_a_name_in_other_letters_is_set_and_can_be_read_out(name: str) -> None:
    pdf = typeset(letter_of(f"Brev til {name}."), at=AT)
    assert set(name) - {" "} <= set(unicodedata.normalize("NFKC", text_of(pdf)))


def test_a_word_of_ten_thousand_letters_stays_on_the_page() -> None:
    pdf = typeset(letter_of("x" * 10_000), at=AT)
    assert max(word.right for word in words_of(pdf)) <= 210


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_set(text: str) -> None:
    assert typeset(letter_of(text), at=AT).startswith(b"%PDF-")


@given(st.text(max_size=200))
def test_shown_text_is_drawable_and_stays_so(text: str) -> None:
    once = line(text)
    assert all(unicodedata.category(character) not in {"Cc", "Cs", "Co"} for character in once)
    assert line(once.replace("\u200b", "")) == once


def test_wording_is_marked_before_values_go_in() -> None:
    assert marked("Du får **{amount}** nå, {name}.", amount="1 **000** kr", name="**Per**") == (
        "Du får ",
        Strong("1 **000** kr"),
        " nå, **Per**.",
    )
    with pytest.raises(LetterContentError, match="amount"):
        marked("{amount}")


@pytest.mark.parametrize("letter", ALL.values(), ids=ALL.keys())
def test_a_letter_survives_storage(letter: LetterContent) -> None:
    assert LetterContent.from_data(letter.to_data()) == letter


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 2},
        {"blocks": [{"kind": "Script"}]},
        {"blocks": ["text"]},
        {"blocks": [{"kind": "Paragraph", "words": "x"}]},
        {"sender": {"name": "S"}},
        {"language": "xx"},
    ],
)
def test_a_damaged_letter_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(LetterContentError):
        LetterContent.from_data(DECISION.to_data() | damage)


def test_a_letter_that_cannot_be_accessible_is_refused_at_once() -> None:
    with pytest.raises(LetterContentError, match="title"):
        dataclasses.replace(RECEIPT, title=" ")
    with pytest.raises(LetterContentError, match="colour"):
        Branding("Stord kommune", "blue")
    with pytest.raises(LetterContentError, match="A table"):
        Table(("A", "B"), (("1",),), ("left", "right"))
