"""The press: one Typst compiler a thread, the bundled fonts and nothing of the machine's own."""

import json
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from dugnad.dispatch.types import LetterContent
from dugnad.dispatch.typesetting.coverage import FONTS
from dugnad.dispatch.typesetting.layout import values

STANDARDS: Final = ("a-2a", "ua-1")
_HERE: Final = Path(__file__).parent
_QUOTED: Final = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^']*'|“[^”]*”")


class TypesettingError(RuntimeError):
    """Typst refused the letter, or set it with a warning; the text quotes nothing of the letter."""


class _Press(threading.local):
    """A compiler serves one thread at a time (it raises "Already borrowed"): each thread has its own."""

    def __init__(self) -> None:
        # 0.7 ms: the fonts are shared.
        self.compiler = typst.Compiler(
            input=str(_HERE / "letter.typ"), root=str(_HERE), font_paths=_fonts(), ignore_system_fonts=True
        )


@cache
def _fonts() -> Any:
    """Give the bundled fonts alone."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


_press: Final = _Press()


def typeset(letter: LetterContent, *, at: datetime, draft: bool = False) -> bytes:
    """Give the letter as PDF/A-2a and PDF/UA-1.

    `at` (aware) becomes the document's date; the same letter and `at` give the same bytes. `draft` marks
    every page and the head of the letter as a draft, for the case worker's preview. Safe to call from many
    threads, which run side by side (Typst gives up the interpreter lock). Raises `TypesettingError`.
    """
    (pdf,) = _set(letter, at=at, draft=draft, output="pdf")
    return pdf


def typeset_many(letters: Sequence[LetterContent], *, at: datetime, threads: int = 1) -> list[bytes]:
    """Give many letters as `typeset` does, in their order, on as many threads as asked for."""
    if threads == 1:
        return [typeset(letter, at=at) for letter in letters]
    with ThreadPoolExecutor(threads, thread_name_prefix="typesetting") as pool:
        return list(pool.map(lambda letter: typeset(letter, at=at), letters))


def page_images(letter: LetterContent, *, at: datetime, draft: bool = True, ppi: int = 96) -> list[bytes]:
    """Give each page of the letter as a PNG, for a preview where a PDF cannot be shown."""
    return _set(letter, at=at, draft=draft, output="png", ppi=ppi)


def _set(
    letter: LetterContent, *, at: datetime, draft: bool, output: Literal["pdf", "png"], ppi: int | None = None
) -> list[bytes]:
    """Run Typst on a letter and give its files; a warning is an error: it means that something is missing."""
    if at.tzinfo is None:
        raise ValueError("The time of a letter needs a time zone.")
    data = json.dumps(values(letter, draft=draft), ensure_ascii=False, separators=(",", ":"))
    try:
        made, warnings = _press.compiler.compile_with_warnings(
            format=output,
            ppi=ppi,
            sys_inputs={"letter": data},
            pdf_standards=list(STANDARDS) if output == "pdf" else [],
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise TypesettingError(_reason(error)) from None
    if warnings:
        raise TypesettingError(_reason(warnings[0]))
    if made is None:
        raise TypesettingError("Typst gave no document.")
    return made if isinstance(made, list) else [made]


def _reason(fault: Any) -> str:
    """Give what Typst said without what it quotes: a letter's words belong in no log."""
    return "Typst could not set the letter: " + _QUOTED.sub("…", str(fault.message).splitlines()[0])
