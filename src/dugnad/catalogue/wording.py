"""Questions and letters as the files say them, and a finished letter from an outcome."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from dugnad.catalogue.types import (
    Choice,
    LetterPart,
    LetterText,
    LetterWording,
    LoadedService,
    Page,
    Question,
    ServiceInfo,
    Texts,
)
from dugnad.rulebook.located import Node, Scalar, texts_by_language
from dugnad.rulebook.reasons.telling import in_short
from dugnad.rulebook.rules.explaining import worded
from dugnad.rulebook.rules.facts import FactBook
from dugnad.rulebook.rules.words import fill
from dugnad.rulebook.ruleset import Item, Outcome, Ruleset

COMMON_LETTER = "felles"
_LAST_PARTS = ("validity", "next year", "duty", "automatic", "appeal", "contact")


def read_info(node: Node) -> ServiceInfo:
    """Read `service.yaml`."""
    return ServiceInfo(
        slug=node.text("service") or "",
        title=texts_by_language(node.get("title")),
        summary=texts_by_language(node.get("summary")),
        result=texts_by_language(node.get("result")),
        offered_by=node.text("offered by") or "",
        audience=node.text("for") or "",
        law=node.text("law") or "",
        life_events=_words(node.get("life events")),
        words=_words(node.get("words")),
        automatic=node.text("decision") == "automatic",
        renewal=node.text("renewal") or "",
        answer_within=node.text("deadline", "answer") or "",
        answer_law=node.text("deadline", "law") or "",
        appeal_to=node.text("appeal", "to") or "",
        appeal_within=node.text("appeal", "within") or "",
        appeal_law=node.text("appeal", "law") or "",
        kept=texts_by_language(node.get("kept")),
    )


def _words(node: Node | None) -> tuple[str, ...]:
    return tuple(str(child.value) for child in node.elements()) if node else ()


def read_pages(node: Node, book: FactBook) -> tuple[Page, ...]:
    """Read `questions.yaml`; names that are no facts are left out here and found by the check."""
    listed = node.get("pages")
    return tuple(_page(child, book) for child in (listed.elements() if listed else ()))


def _page(node: Node, book: FactBook) -> Page:
    shown = _words(node.get("shows"))
    asked = node.get("asks")
    return Page(
        title=texts_by_language(node.get("title")),
        intro=texts_by_language(node.get("intro")),
        shows=tuple(book.facts[name] for name in shown if name in book.facts),
        asks=tuple(_question(child, book) for child in (asked.elements() if asked else ())),
    )


def _question(node: Node, book: FactBook) -> Question:
    name = node.text("fact") or ""
    fact = book.facts.get(name)
    choices = node.get("choices")
    return Question(
        fact=name,
        kind="choice" if choices else fact.kind if fact else "text",
        label=texts_by_language(node.get("label")),
        why=texts_by_language(node.get("why")),
        help=texts_by_language(node.get("help")),
        when=node.text("when"),
        choices=tuple(_choice(child) for child in choices.elements()) if choices else (),
        at_least=_bound(node.get("at least")),
        at_most=_bound(node.get("at most")),
        message=texts_by_language(node.get("message")),
        optional=node.text("optional") == "true",
        unit=fact.unit if fact else "",
        attach=dict(_after_answer(node, "attach")),
        note=dict(_after_answer(node, "note")),
    )


def _choice(node: Node) -> Choice:
    value = node.get("value")
    plain: Scalar = value.value if value and not isinstance(value.value, list | dict) else None
    return Choice(plain, texts_by_language(node.get("label")))


def _bound(node: Node | None) -> Decimal | date | None:
    return node.value if node is not None and isinstance(node.value, Decimal | date) else None


def _after_answer(node: Node, what: str) -> Iterator[tuple[bool, Texts]]:
    for answer, key in ((True, "when yes"), (False, "when no")):
        texts = texts_by_language(node.get(key, what))
        if texts:
            yield answer, texts


def read_letter(outcome: str, node: Node) -> LetterWording:
    """Read `letters/<outcome>.yaml`."""
    return LetterWording(
        outcome=outcome,
        title=texts_by_language(node.get("title")),
        opening=texts_by_language(node.get("opening")),
        for_each=texts_by_language(node.get("for each child")),
        reasons=texts_by_language(node.get("reasons")),
    )


def compose_letter(
    service: LoadedService,
    rules: Ruleset,
    outcome: Outcome,
    language: str,
    *,
    words: Mapping[str, str],
    automatic: bool,
) -> LetterText:
    """Write the letter of an outcome in nb, nn or en.

    `words` fills what no rule knows: `klagefrist`, `klageinstans` and `kontakt`, as finished text. `automatic` is false where
    a person decided. Raises KeyError where the outcome has no wording.
    """
    wording = service.letters[outcome.outcome or ""]

    def say(texts: Texts, item: Item | None = None) -> str:
        return fill(
            texts.get(language, ""),
            lambda name: words[name] if name in words else worded(rules, outcome, item, name, language),
        )

    parts = [LetterPart("opening", (say(wording.opening),))]
    said = tuple(say(wording.for_each, item) for item in outcome.items) if wording.for_each else ()
    parts.append(LetterPart("children", said))
    parts.append(LetterPart("reasons", (say(wording.reasons),)))
    parts.append(LetterPart("steps", tuple(_steps(rules, outcome, language))))
    last = [name for name in _LAST_PARTS if name in service.common and (automatic or name != "automatic")]
    parts.extend(LetterPart(name, (say(service.common[name]),)) for name in last)
    parts.append(LetterPart("law", (", ".join((service.info.law, *outcome.because)),)))
    return LetterText(language, say(wording.title), tuple(parts))


def _steps(rules: Ruleset, outcome: Outcome, language: str) -> Iterator[str]:
    names = {item.key: item.name for item in outcome.items}
    for step in in_short(rules, outcome, language):
        who = f"{names.get(step.key, '')}: " if step.key is not None and len(names) > 1 else ""
        law = f" ({step.law})" if step.law else ""
        yield f"{who}{step.sentence}{law}"
