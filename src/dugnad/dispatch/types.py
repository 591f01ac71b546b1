"""What a letter says, as plain values: composed by whoever writes it, stored as JSON, typeset later.

Amounts, dates and periods come as finished text in the letter's language. Every string is data: nothing in
it is ever read as markup or code, except `**strong**` in wording given to `marked`.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, get_args

Language = Literal["nb", "nn", "en"]
Alignment = Literal["left", "right"]

FORMAT: Final = 1
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


class LetterContentError(ValueError):
    """A letter that cannot be typeset as it stands; the text names the part, never its words."""


@dataclass(frozen=True, slots=True)
class Strong:
    """A run of words that matter more than those around them."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A run of words set in italics: a title or a term."""

    text: str


Run = str | Strong | Emphasis
Text = str | tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a newline is a line break."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order, such as what to send in."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the letter, one level below its title."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `columns` gives each column's alignment (numbers stand to the right)."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[Alignment, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the header."""
        if not self.header or any(len(row) != len(self.header) for row in (*self.rows, self.columns)):
            raise LetterContentError(
                "A table needs a header, and as many cells and alignments in it as there are columns."
            )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation: what is done, in words and in figures, and the section of law for it."""

    title: str
    sentence: str = ""
    formula: str = ""
    result: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """How a number was reached, step by step."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the decision rests on, and where it was found."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision rests on, each with its source."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A framed part that must not be missed, such as how to appeal."""

    title: str
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, and as what."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands behind the letter; nobody: it was made automatically and says so."""

    signatories: tuple[Signatory, ...] = ()


Block = Paragraph | Bullets | Heading | Table | Steps | Facts | Box | Signature


@dataclass(frozen=True, slots=True)
class Branding:
    """The sender as shown: name in the letter's language, colour as `#rrggbb`, how to reach it."""

    name: str
    colour: str
    orgnr: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    website: str = ""

    def __post_init__(self) -> None:
        """Refuse a sender without a name or with a colour that is none."""
        if not self.name.strip():
            raise LetterContentError("The sender of a letter needs a name.")
        if not _COLOUR.fullmatch(self.colour):
            raise LetterContentError("The colour of a sender is written #rrggbb.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom; `address` is empty when the letter is digital or the address is protected."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterContent:
    """One letter. `handlers` empty: it was processed automatically, and the letter says so."""

    language: Language
    sender: Branding
    recipient: Recipient
    case_number: str
    date: str
    title: str
    blocks: tuple[Block, ...]
    handlers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a letter no accessible document can be made of (PDF/UA-1 7.1 wants language and title)."""
        if self.language not in get_args(Language):
            raise LetterContentError("A letter is written in nb, nn or en.")
        if not self.title.strip():
            raise LetterContentError("A letter needs a title.")
        if not all(isinstance(block, Block) for block in self.blocks):
            raise LetterContentError("A letter is made of blocks.")

    def to_data(self) -> dict[str, Any]:
        """Give the letter as JSON values; `from_data` gives it back unchanged."""
        return {"format": FORMAT} | {name: _plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Read what `to_data` gave. Raises `LetterContentError` for anything else."""
        if data.get("format") != FORMAT:
            raise LetterContentError(f"The letter is not stored in format {FORMAT}.")
        try:
            return cls(
                language=data["language"],
                sender=Branding(**_tuples(data["sender"])),
                recipient=Recipient(**_tuples(data["recipient"])),
                case_number=data["case_number"],
                date=data["date"],
                title=data["title"],
                blocks=tuple(_revive(block) for block in data["blocks"]),
                handlers=tuple(data["handlers"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise LetterContentError(
                "The stored letter misses a part, or has one of the wrong kind."
            ) from error


def marked(wording: str, **values: str) -> tuple[Run, ...]:
    """Give wording with `**strong**` parts as runs, `{name}` replaced by its value.

    The marks are read before the values go in, so a value is never read as a mark. Raises
    `LetterContentError` for a name without a value.
    """
    runs: list[Run] = []
    for index, part in enumerate(wording.split("**")):
        try:
            text = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], part)
        except KeyError as error:
            raise LetterContentError(f"The wording uses {error}, which has no value.") from error
        if text:
            runs.append(Strong(text) if index % 2 else text)
    return tuple(runs)


_KINDS: Final = {
    kind.__name__: kind
    for kind in (
        Paragraph,
        Bullets,
        Heading,
        Table,
        Steps,
        Step,
        Facts,
        Fact,
        Box,
        Signature,
        Signatory,
        Strong,
        Emphasis,
    )
}


def _plain(value: object) -> Any:
    """Give a value of a letter as JSON: tuples as lists, parts as objects that name their kind."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    slots = getattr(value, "__slots__", None)
    if slots is None:
        return value
    kind = type(value).__name__
    named = {"kind": kind} if kind in _KINDS else {}
    return named | {name: _plain(getattr(value, name)) for name in slots}


def _revive(value: Any) -> Any:
    """Give back what `_plain` made of a part of a letter."""
    if isinstance(value, list):
        return tuple(_revive(item) for item in value)
    if isinstance(value, dict):
        return _KINDS[value["kind"]](
            **{name: _revive(item) for name, item in value.items() if name != "kind"}
        )
    return value


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    """Give the named values of a flat part, lists as tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
