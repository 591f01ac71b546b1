"""What the catalogue gives out: a loaded service, its questions and letters, an organisation's tailoring."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from dugnad.rulebook.located import Finding, Node, Place, Scalar
from dugnad.rulebook.rates import Rates
from dugnad.rulebook.rules.facts import Fact, FactBook
from dugnad.rulebook.rules.source import RuleSource
from dugnad.rulebook.ruleset import ControlPoint, Outcome, Patch, Ruleset, compile_ruleset

__all__ = [
    "Adopted",
    "Change",
    "Choice",
    "ControlPoint",
    "Fact",
    "FactBook",
    "Finding",
    "LetterPart",
    "LetterText",
    "LetterWording",
    "LoadedService",
    "Outcome",
    "Page",
    "PlaceSet",
    "Question",
    "RateConfirmed",
    "Restored",
    "Ruleset",
    "ServiceInfo",
    "Tailoring",
    "TailoringChangedError",
    "TailoringRefusedError",
    "Texts",
]

LANGUAGES = ("nb", "nn", "en")
COUNTY_GOVERNOR = "statsforvalteren"
OWN_BOARD = "klagenemnda"
Texts: TypeAlias = Mapping[str, str]
"""The same text by language: nb, nn, en (and se where official)."""


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """`service.yaml`. `answer_within`, `appeal_within` and `kept` are written as in the file: '1 month'.

    `appeal_to` is COUNTY_GOVERNOR (of the municipality's county), OWN_BOARD (the municipality's own) or a state body's code.
    """

    slug: str
    title: Texts
    summary: Texts
    result: Texts
    offered_by: str
    audience: str
    law: str
    life_events: tuple[str, ...]
    words: tuple[str, ...]
    automatic: bool
    renewal: str
    answer_within: str
    answer_law: str
    appeal_to: str
    appeal_within: str
    appeal_law: str
    kept: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    value: Scalar
    label: Texts


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind` is boolean, number, date, choice or text.

    `when` is FEEL: shown where it holds. `attach` and `note` map an answer to what must follow with it:
    a document, or a few words. `at_least` and `at_most` bound a number or date, `message` says so.
    """

    fact: str
    kind: str
    label: Texts
    why: Texts
    help: Texts
    when: str | None
    choices: tuple[Choice, ...]
    at_least: Decimal | date | None
    at_most: Decimal | date | None
    message: Texts
    optional: bool
    unit: str
    attach: Mapping[bool, Texts]
    note: Mapping[bool, Texts]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form: what is known already and shown with its source, and what is asked."""

    title: Texts
    intro: Texts
    shows: tuple[Fact, ...]
    asks: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class LetterWording:
    """The words of one outcome, with `{placeholders}`."""

    outcome: str
    title: Texts
    opening: Texts
    for_each: Texts
    reasons: Texts


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A part of a finished letter: `name` is opening, children, reasons, steps, validity, appeal …"""

    name: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterText:
    """A finished letter in one language: plain text, to be typeset."""

    language: str
    title: str
    parts: tuple[LetterPart, ...]


@dataclass(frozen=True, slots=True)
class Tailoring:
    """What one organisation has decided on the open places of one service.

    `invented` marks a demonstration nobody has decided. `seen` is, of each rate it confirms, the source that was seen.
    `digest` is the SHA-256 of the file's text.
    """

    service: str
    organisation: str
    decided_by: Mapping[str, str]
    valid_from: date
    invented: bool
    patch: Patch
    texts: Mapping[str, Texts]
    contact: Mapping[str, str]
    seen: Mapping[tuple[str, date], str]
    digest: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class RateConfirmed:
    """An organisation has seen the source of a shared rate, and stands for its value from `start`."""

    rate: str
    start: date
    source: str


@dataclass(frozen=True, slots=True)
class PlaceSet:
    """An organisation sets an open place from a day on. `value` is FEEL or a choice; `body` decided it, in `case`."""

    place: str
    start: date
    value: str
    body: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """An organisation goes back to what it had in an earlier version of its tailoring; 0: to the service as it is."""

    number: int


Change: TypeAlias = RateConfirmed | PlaceSet | Restored
"""One step in an organisation's tailoring."""


class TailoringChangedError(Exception):
    """Somebody else has changed the tailoring since it was read; nothing was written."""


class TailoringRefusedError(ValueError):
    """A tailoring does not fit the service; `findings` says why. Nothing was written."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{one.what}. {one.mend}" for one in findings))
        self.findings = findings


@dataclass(frozen=True)
class LoadedService:
    """A service read from its files; pickled and stored as those files.

    `version` is the SHA-256 of the files: the same files have the same version wherever they are read.
    """

    files: Mapping[str, str]
    version: str
    info: ServiceInfo
    book: FactBook
    pages: tuple[Page, ...]
    source: RuleSource
    rates: Rates
    letters: Mapping[str, LetterWording]
    common: Mapping[str, Texts]
    examples: Node
    _compiled: dict[str, Ruleset] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_compiled": {}}

    @property
    def slug(self) -> str:
        """The service's name in addresses and folders."""
        return self.info.slug

    def edition(self, tailoring: Tailoring | None = None) -> str:
        """Return the SHA-256 that names this version with this tailoring: what a case keeps."""
        if tailoring is None:
            return self.version
        return hashlib.sha256(f"{self.version}\n{tailoring.digest}".encode()).hexdigest()

    def ruleset(self, tailoring: Tailoring | None = None) -> Ruleset:
        """Return the rules, compiled once for each tailoring.

        Raises ValueError with the findings where they do not compile; a checked service always does.
        """
        edition = self.edition(tailoring)
        found = self._compiled.get(edition)
        if found is None:
            patch = tailoring.patch if tailoring else Patch()
            compiled, findings = compile_ruleset(self.source, self.book, self.rates, patch)
            if compiled is None:
                raise ValueError("; ".join(f"{one.file}:{one.line}: {one.what}" for one in findings))
            found = self._compiled[edition] = compiled
        return found


@dataclass(frozen=True, slots=True)
class Adopted:
    """A service as one organisation uses it."""

    service: LoadedService
    tailoring: Tailoring | None

    @property
    def edition(self) -> str:
        """The hash a case keeps."""
        return self.service.edition(self.tailoring)

    @property
    def ruleset(self) -> Ruleset:
        """The compiled rules."""
        return self.service.ruleset(self.tailoring)
