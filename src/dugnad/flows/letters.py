"""Write letters: from an outcome, or by a person, in the municipality's name and the resident's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import cast
from uuid import UUID

import yaml

from dugnad.cases.types import CaseView
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import COUNTY_GOVERNOR, OWN_BOARD, Adopted, LetterPart, Outcome
from dugnad.dispatch import commands as dispatch
from dugnad.dispatch.commands import NewLetter
from dugnad.dispatch.types import (
    Block,
    Box,
    Branding,
    Bullets,
    Heading,
    Language,
    LetterContent,
    Paragraph,
    Recipient,
    Signatory,
    Signature,
    Step,
    Steps,
    Table,
)
from dugnad.rulebook.reasons.telling import in_short
from dugnad.rulebook.rules.words import format_date, format_value
from dugnad.rulebook.ruleset import Item
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo
from dugnad.tenancy import queries as organisations
from dugnad.tenancy.types import OrganisationView

_BOXED = {"appeal"}
_UNDER_HEADING = {"children", "steps", "law"}


def words(key: str, language: str, **values: str) -> str:
    """Return a fixed text of letters in the language."""
    return str(_texts()[key][language]).format(**values)


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return cast(
        "Mapping[str, Mapping[str, str]]",
        yaml.safe_load(Path(__file__).with_name("letters.yaml").read_text(encoding="utf-8")),
    )


def branding(
    organisation: OrganisationView, language: str, contact: Mapping[str, str] | None = None
) -> Branding:
    """Return the organisation as a letter shows it; `contact` comes from its tailoring."""
    found = contact or {}
    return Branding(
        name=organisation.name_in(language),
        colour=organisation.colour,
        orgnr=organisation.organisation_number,
        address=organisation.address,
        phone=found.get("phone", ""),
        email=found.get("email", ""),
        website=organisation.website,
    )


def appeal_body(adopted: Adopted, organisation: OrganisationView, language: str) -> str:
    """Return who decides an appeal of the organisation's decision, as the service says (`appeal.to`).

    statsforvalteren: the county governor of the municipality's county. klagenemnda: the municipality's own board
    (forvaltningsloven § 28, second paragraph). Else the state body of that code.
    """
    to = adopted.service.info.appeal_to
    if to == OWN_BOARD:
        return words("body.klagenemnda", language, organisation=organisation.name_in(language))
    if to != COUNTY_GOVERNOR:
        return organisations.organisation_by_code(to).name_in(language)
    if organisation.appeals_to is None:
        return words("body.statsforvalteren", language)
    return organisations.organisation(organisation.appeals_to).name_in(language)


def decision_letter(  # noqa: PLR0913 - a decision letter says who, to whom, what, why and until when
    adopted: Adopted,
    outcome: Outcome,
    *,
    organisation: OrganisationView,
    recipient: str,
    number: str,
    language: str,
    at: datetime,
    appeal_by: date,
    reasons: str = "",
    handlers: Sequence[str] = (),
) -> LetterContent:
    """Write the letter of a decision. `handlers` empty: made automatically, and it says so; `reasons`: a person's own."""
    contact = dict(adopted.tailoring.contact) if adopted.tailoring else {}
    reach = (
        ", ".join(value for key in ("phone", "email") if (value := contact.get(key))) or organisation.website
    )
    text = catalogue.letter(
        adopted,
        outcome,
        language,
        words={
            "klagefrist": format_date(appeal_by, language),
            "klageinstans": appeal_body(adopted, organisation, language),
            "kontakt": reach,
        },
        automatic=not handlers,
    )
    blocks = _blocks(adopted, outcome, text.parts, language, reasons)
    blocks.append(Signature(tuple(Signatory(name) for name in handlers)))
    return LetterContent(
        language=cast("Language", language),
        sender=branding(organisation, language, contact),
        recipient=Recipient(recipient),
        case_number=number,
        date=format_date(oslo(at), language),
        title=text.title,
        blocks=tuple(blocks),
        handlers=tuple(handlers),
    )


def send(
    kind: str,
    content: LetterContent,
    case: CaseView,
    *,
    by: Actor,
    at: datetime,
    decision_id: UUID | None = None,
) -> None:
    """Send a letter of a case to the one it is about, in the caller's transaction."""
    new = NewLetter(
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        service=case.service,
        kind=kind,
        content=content,
        case_id=case.id,
        decision_id=decision_id,
    )
    dispatch.create(letter=new, by=by, at=at)


def plain_letter(  # noqa: PLR0913 - see decision_letter
    *,
    title: str,
    texts: Sequence[str],
    organisation: OrganisationView,
    contact: Mapping[str, str] | None = None,
    recipient: str,
    number: str,
    language: str,
    at: datetime,
    handlers: Sequence[str] = (),
) -> LetterContent:
    """Write a letter of a few paragraphs: a receipt, a request, the answer to an appeal."""
    return LetterContent(
        language=cast("Language", language),
        sender=branding(organisation, language, contact),
        recipient=Recipient(recipient),
        case_number=number,
        date=format_date(oslo(at), language),
        title=title,
        blocks=(
            *(Paragraph(text) for text in texts),
            *((Signature(tuple(Signatory(name) for name in handlers)),) if handlers else ()),
        ),
        handlers=tuple(handlers),
    )


def paragraphs(text: str) -> list[str]:
    """Return a person's text as paragraphs."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def amounts(adopted: Adopted, outcome: Outcome, language: str) -> list[dict[str, str]]:
    """Return each item's result as finished text: name, amount, per ("i måneden", "i året" or nothing), from, to."""
    result = adopted.ruleset.source.result
    units = {name: step.unit for name, step in adopted.ruleset.source.steps.items()}
    per = f"per.{units.get(result.amount, '').partition('/')[2]}"

    def show(item: Item, name: str) -> str:
        return format_value(item.known[name], units.get(name, ""), language) if name in item.known else ""

    return [
        {
            "name": item.name,
            "amount": show(item, result.amount),
            "per": words(per, language) if per in _texts() else "",
            "from": show(item, result.start),
            "to": show(item, result.end),
        }
        for item in outcome.items
    ]


def _blocks(
    adopted: Adopted, outcome: Outcome, parts: Sequence[LetterPart], language: str, reasons: str
) -> list[Block]:
    blocks: list[Block] = []
    for part in parts:
        blocks.extend(_part(adopted, outcome, part, language))
        if part.name == "reasons" and reasons:
            blocks.append(Heading(words("assessment", language)))
            blocks.extend(Paragraph(one) for one in paragraphs(reasons))
    return blocks


def _part(adopted: Adopted, outcome: Outcome, part: LetterPart, language: str) -> list[Block]:
    if part.name in _BOXED:
        return [Box(words(part.name, language), part.paragraphs)]
    if part.name == "steps":
        return (
            [Heading(words("steps", language)), *_steps(adopted, outcome, language)]
            if part.paragraphs
            else []
        )
    if part.name == "children" and outcome.items:
        said = tuple(text for text in part.paragraphs if text)
        return [_table(adopted, outcome, language), *((Bullets(said),) if said else ())]
    blocks: list[Block] = [Paragraph(text) for text in part.paragraphs if text]
    return (
        [Heading(words(part.name, language)), *blocks] if part.name in _UNDER_HEADING and blocks else blocks
    )


def _table(adopted: Adopted, outcome: Outcome, language: str) -> Table:
    header = tuple(
        words(key, language) for key in ("column.name", "column.amount", "column.from", "column.to")
    )
    rows = tuple(
        (row["name"], f"{row['amount']} {row['per']}".strip(), row["from"], row["to"])
        for row in amounts(adopted, outcome, language)
    )
    return Table(header, rows, ("left", "right", "left", "left"), caption=words("children", language))


def _steps(adopted: Adopted, outcome: Outcome, language: str) -> list[Block]:
    """Return the steps for the whole, then for each item under its name."""
    names = {item.key: item.name for item in outcome.items}
    blocks: list[Block] = []
    together: dict[str | None, list[Step]] = {}
    for one in in_short(adopted.ruleset, outcome, language):
        together.setdefault(one.key, []).append(
            Step(title=one.title, sentence=one.sentence, formula=one.numbers, law=one.law)
        )
    for key, steps in together.items():
        if key is not None and names.get(key):
            blocks.append(Heading(names[key]))
        blocks.append(Steps(tuple(steps)))
    return blocks
