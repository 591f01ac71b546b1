"""A letter's content as the values its template reads: labels in the language, every text fit to be set."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from dugnad.dispatch.types import (
    Alignment,
    Block,
    Box,
    Branding,
    Bullets,
    Emphasis,
    Facts,
    Heading,
    Language,
    LetterContent,
    Paragraph,
    Run,
    Signature,
    Step,
    Steps,
    Strong,
    Table,
    Text,
)
from dugnad.dispatch.typesetting.wording import CELL, MISSING, line, short, shown

# The sender's column holds about this many characters.
_CONTACT: Final = 36
# No address is longer; Typst refuses links beyond what a PDF can hold.
_ADDRESS: Final = 250
_REGION: Final = {"nb": "NO", "nn": "NO", "en": "GB"}
_TEXTS: Final = Path(__file__).parent / "texts.yaml"
# A framed part of about half a page is kept whole; a longer one may run over two pages.
_KEPT_WHOLE: Final = 1800


def values(letter: LetterContent, *, draft: bool) -> dict[str, Any]:
    """Give what `letter.typ` reads of a letter, as JSON values."""
    labels = _labels(letter.language)
    handlers = ", ".join(map(short, letter.handlers)) or labels["automatic"]
    meta = (("reference", short(letter.case_number)), ("date", short(letter.date)), ("handler", handlers))
    return {
        "lang": letter.language,
        "region": _REGION[letter.language],
        "labels": labels,
        "draft": draft,
        "title": short(letter.title) or MISSING,
        "sender": short(letter.sender.name) or MISSING,
        "colour": letter.sender.colour,
        "contact": _contact(letter.sender, labels),
        "recipient": [short(part) for part in (letter.recipient.name, *letter.recipient.address)],
        "case": short(letter.case_number),
        "meta": [[labels[name], value] for name, value in meta if value],
        "blocks": [_block(block) for block in letter.blocks if not _empty(block)],
    }


@cache
def _labels(language: Language) -> dict[str, str]:
    """Give the fixed words in a language, without the prefix of their keys."""
    texts: dict[str, dict[str, str]] = yaml.safe_load(_TEXTS.read_text("utf-8"))
    return {key.removeprefix("letter."): text[language] for key, text in texts.items()}


def _contact(sender: Branding, labels: dict[str, str]) -> list[list[str]]:
    """Give the lines that tell how to reach the sender, each with the address it leads to, or nothing."""
    lines = [[part, ""] for part in sender.address]
    if sender.phone:
        lines.append([f"{labels['phone']} {sender.phone}", ""])
    if sender.email:
        lines.append([sender.email, f"mailto:{sender.email}"])
    if sender.website:
        name = sender.website.removeprefix("https://")
        lines.append([name, f"https://{name}"])
    if sender.orgnr:
        lines.append([f"{labels['orgnr']} {sender.orgnr}", ""])
    return [[short(text, _CONTACT), address if len(address) <= _ADDRESS else ""] for text, address in lines]


def _empty(block: Block) -> bool:
    """Tell whether a block is a heading without words: PDF/UA-1 knows no such heading."""
    return isinstance(block, Heading) and not line(block.text)


def _block(block: Block) -> dict[str, Any]:
    """Give one block of the letter under the name its template has for it."""
    return {"kind": type(block).__name__} | _parts(block)


def _parts(block: Block) -> dict[str, Any]:
    """Give the parts of one block."""
    parts: dict[str, Any]
    match block:
        case Paragraph(text):
            parts = {"text": _rich(text)}
        case Bullets(items):
            parts = {"items": [_rich(item) for item in items]}
        case Heading(text):
            parts = {"text": line(text)}
        case Table(header, rows, columns, caption):
            parts = _cells(header, rows, columns) | {"caption": line(caption)}
        case Steps(steps):
            parts = {"steps": [_step(step) for step in steps]}
        case Facts(facts):
            parts = {"rows": [_lines((fact.label, fact.value, fact.source)) for fact in facts]}
        case Box(title, paragraphs):
            length = sum(len(_words(run)) for text in paragraphs for run in _runs(text))
            texts = [_rich(text) for text in paragraphs]
            parts = {"title": line(title), "paragraphs": texts, "long": length > _KEPT_WHOLE}
        case Signature(signatories):
            parts = {"signatories": [{"name": line(who.name), "role": line(who.role)} for who in signatories]}
    return parts


def _cells(
    header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], columns: tuple[Alignment, ...]
) -> dict[str, Any]:
    """Give a table's cells; a column of figures is as wide as they are, the others share what is left."""
    lines = [[short(cell, CELL) for cell in header], *map(_lines, rows)]
    narrow = [
        side == "right" and all(len(row[index]) <= CELL for row in lines)
        for index, side in enumerate(columns)
    ]
    return {"header": lines[0], "rows": lines[1:], "columns": columns, "narrow": narrow}


def _step(step: Step) -> dict[str, str]:
    """Give one step of a calculation."""
    return {name: line(getattr(step, name)) for name in ("title", "sentence", "formula", "result", "law")}


def _lines(cells: tuple[str, ...]) -> list[str]:
    """Give the cells of a row."""
    return [line(cell, CELL) for cell in cells]


def _runs(text: Text) -> tuple[Run, ...]:
    """Give a text as its runs."""
    return (text,) if isinstance(text, str) else text


def _words(run: Run) -> str:
    """Give the words of a run without its style."""
    return run if isinstance(run, str) else run.text


def _rich(text: Text) -> str | list[Any]:
    """Give a text as the template reads it: a string, or runs with their style and None for a line break."""
    if isinstance(text, str) and "\n" not in text and "\r" not in text:
        return shown(text)
    parts: list[Any] = []
    for run in _runs(text):
        style = {Strong: "strong", Emphasis: "emphasis"}.get(type(run), "")
        for index, words in enumerate(shown(_words(run)).split("\n")):
            parts += [None] if index else []
            parts += [[style, words] if style else words]
    return parts
