"""What another program than ours finds in a PDF: PDFium, which browsers open PDFs with."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby

import pypdfium2
from PIL import Image

MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A word and the box it is drawn in, in millimetres from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@contextmanager
def opened(pdf: bytes) -> Iterator[list[pypdfium2.PdfPage]]:
    """Give the pages, and close them: PDFium's memory is not Python's."""
    with ExitStack() as stack:
        document = pypdfium2.PdfDocument(pdf)
        stack.callback(document.close)
        pages = list(document)
        for page in pages:
            stack.callback(page.close)
        yield pages


def pages_of(pdf: bytes) -> list[str]:
    """Give each page's text in reading order."""
    with opened(pdf) as pages:
        return [page.get_textpage().get_text_range() for page in pages]


def text_of(pdf: bytes) -> str:
    """Give the whole text in reading order."""
    return "\n".join(pages_of(pdf))


def words_of(pdf: bytes) -> list[Word]:
    """Give every word of every page with its place."""
    with opened(pdf) as pages:
        return [word for page in pages for word in _words(page)]


def _words(page: pypdfium2.PdfPage) -> Iterator[Word]:
    text = page.get_textpage()
    marks = [(text.get_text_range(index, 1), index) for index in range(text.count_chars())]
    for space, run in groupby(marks, key=lambda mark: not mark[0].strip()):
        if space:
            continue
        letters = list(run)
        boxes = [text.get_charbox(index) for _, index in letters]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        height = page.get_height()
        yield Word(
            "".join(letter for letter, _ in letters),
            min(lefts) / MM,
            (height - max(tops)) / MM,
            max(rights) / MM,
            (height - min(bottoms)) / MM,
        )


def picture_of(pdf: bytes) -> Image.Image:
    """Draw the first page, 20 points an inch."""
    with opened(pdf) as pages:
        return pages[0].render(scale=20 / 72).to_pil()
