"""A draft as its pages need it, and what was typed into one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from dugnad.applications import queries as applications
from dugnad.applications.types import ApplicationView, AttachmentView
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, Page, Question
from dugnad.design.texts import t
from dugnad.facts import queries as facts
from dugnad.facts.types import CollectionView
from dugnad.flows.correcting import dispute_key, disputed_paths
from dugnad.flows.problems import MOST_CHARACTERS, NOTE, Problem, read_answer, visible
from dugnad.identity.types import SessionView
from dugnad.pages.resident.door import sight
from dugnad.pages.resident.wording import Group, dispute_label, fact_label, groups, register, said, typed

ANSWER, NOTED, DISPUTE, FILE = "answer.", "note.", "dispute.", "file."


@dataclass(frozen=True, slots=True)
class Paper:
    """A draft with its rules, its facts and what is attached."""

    application: ApplicationView
    adopted: Adopted
    found: CollectionView
    attachments: tuple[AttachmentView, ...]

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that ask; the summary comes after them."""
        return self.adopted.service.pages

    @property
    def away(self) -> list[str]:
        """The registers that did not answer when the facts were fetched."""
        return [register(name) for name in sorted(self.found.unavailable)]

    def known(self, page: Page) -> list[Group]:
        """Return what the registers know of this page, person by person."""
        book = self.adopted.service.book
        return groups(facts.shown(self.found, page.shows), book, self.application.disputes)

    def empty_lists(self, page: Page) -> list[str]:
        """Return the lists of persons on this page that the registers know nobody in."""
        book = self.adopted.service.book
        lists = dict.fromkeys(fact.of_list for fact in page.shows if fact.of_list)
        return [
            fact_label(name, book)
            for name in lists
            if not self.found.values.get(name) and book.facts[name].source not in self.found.unavailable
        ]

    def disputable(self, page: Page) -> dict[str, str]:
        """Return what may be said to be wrong on a page, key → label: the lists it shows, then each person's own facts."""
        book = self.adopted.service.book
        lists = dict.fromkeys(fact.of_list for fact in page.shows if fact.of_list)
        found = {name: fact_label(name, book) for name in lists if book.facts[name].dispute}
        shows = [fact for fact in page.shows if fact.dispute]
        lines = sorted(
            facts.shown(self.found, shows),
            key=lambda one: [*_order(one.path), shows.index(book.facts[one.name])],
        )
        return found | {
            dispute_key(book.facts[one.name], one.person_id): dispute_label(one.path, self.found.values, book)
            for one in lines
        }

    def disputed(self) -> list[tuple[str, str]]:
        """Return what was said to be wrong: label and words."""
        return [(self.dispute_label(key), words) for key, words in sorted(self.application.disputes.items())]

    def dispute_label(self, key: str) -> str:
        """Return what a dispute is about."""
        (path,) = disputed_paths([key], self.found)
        return dispute_label(path, self.found.values, self.adopted.service.book)

    def attached(self, fact: str) -> list[AttachmentView]:
        """Return what was attached to a question."""
        return [one for one in self.attachments if one.question == fact]


def _order(path: str) -> tuple[str, int]:
    """Put the facts of one person together."""
    owner, _, rest = path.partition(".")
    index = rest.partition(".")[0]
    return owner, int(index) if index.isdecimal() else 0


@dataclass(slots=True)
class Typed:
    """What came with a form: `raw` as typed, by field; what of it can be saved; and what is wrong with the rest."""

    revision: int
    raw: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    wrong: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What goes with an answer: its value ("ja", "nei"), words to write or a document to add, and whether it applies now."""

    answer: str
    note: str
    attach: str
    applies: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page shows it."""

    number: int
    fact: str
    kind: str
    label: str
    why: str
    help: str
    unit: str
    optional: bool
    choices: tuple[tuple[str, str], ...]
    value: str
    note: str
    error: str
    note_error: str
    file_error: str
    follow_ups: tuple[FollowUp, ...]
    attached: tuple[AttachmentView, ...]
    shown: bool


def load(session: SessionView, application_id: UUID) -> Paper:
    """Read an application of one's own with all that belongs to it; a page that does not exist where it is not."""
    with sight(session):
        attached = applications.attachments_soon(application_id=application_id)
        application = applications.application(application_id)
        return Paper(
            application=application,
            adopted=catalogue.by_edition(application.edition),
            found=facts.collection(application.collection_id),
            attachments=tuple(attached.now()),
        )


def renewed(session: SessionView, paper: Paper, saved: ApplicationView, *, files: bool = False) -> Paper:
    """Return the paper after a save; read anew where the facts were fetched again, or where files came or went."""
    if files or saved.collection_id != paper.application.collection_id:
        return load(session, saved.id)
    return replace(paper, application=saved)


def read(paper: Paper, page: Page, post: Mapping[str, str]) -> Typed:
    """Read what was typed on a page. A field that did not come is left as it is; an empty one is taken out."""
    revision = post.get("revision", "")
    found = Typed(int(revision) if revision.isdecimal() else paper.application.revision)
    for question in page.asks:
        name = ANSWER + question.fact
        if name in post:
            found.raw[name] = post[name]
            value, code = read_answer(question, post[name])
            if code:
                found.wrong.append(Problem(question.fact, code))
            else:
                found.answers[question.fact] = value
        _read_words(found, post, NOTED + question.fact, question.fact + NOTE, found.answers)
    for key in paper.disputable(page):
        _read_words(found, post, DISPUTE + key, key, found.disputes)
    return found


def _read_words(found: Typed, post: Mapping[str, str], name: str, key: str, into: dict[str, Any]) -> None:
    """Read a text of one's own; a dispute that is emptied is taken back, a note that is emptied is taken out."""
    if name not in post:
        return
    found.raw[name] = post[name]
    words = post[name].strip()
    if len(words) > MOST_CHARACTERS:
        found.wrong.append(Problem(key if into is found.answers else name, "long"))
    else:
        into[key] = words if into is found.disputes else words or None


def asked(paper: Paper, page: Page, raw: Mapping[str, str], errors: Mapping[str, str]) -> list[Asked]:
    """Return the questions of a page with their values: as typed (`raw`, by field), else as saved."""
    shown = {question.fact for question in visible(paper.adopted, page, paper.application.answers)}
    return [
        _asked(paper, question, number, raw, errors, shown=question.fact in shown)
        for number, question in enumerate(page.asks)
    ]


def _asked(
    paper: Paper,
    question: Question,
    number: int,
    raw: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    shown: bool,
) -> Asked:
    fact, answers = question.fact, paper.application.answers
    value = raw.get(ANSWER + fact, typed(answers.get(fact)))
    return Asked(
        number=number,
        fact=fact,
        kind=question.kind,
        label=said(question.label),
        why=said(question.why),
        help=said(question.help),
        unit=question.unit,
        optional=question.optional,
        choices=tuple((str(one.value), said(one.label)) for one in question.choices),
        value=value,
        note=raw.get(NOTED + fact, typed(answers.get(fact + NOTE))),
        error=errors.get(ANSWER + fact, ""),
        note_error=errors.get(NOTED + fact, ""),
        file_error=errors.get(FILE + fact, ""),
        follow_ups=_follow_ups(question, value),
        attached=tuple(paper.attached(fact)),
        shown=shown,
    )


def _follow_ups(question: Question, value: str) -> tuple[FollowUp, ...]:
    found = []
    for answer in (True, False):
        note, attach = said(question.note.get(answer, {})), said(question.attach.get(answer, {}))
        if note or attach:
            found.append(FollowUp(typed(answer), note, attach, value == typed(answer)))
    return tuple(found)


def field_of(problem: Problem) -> str:
    """Return the name of the field a problem stands beside."""
    if problem.field.startswith(DISPUTE):
        return problem.field
    return (
        NOTED + problem.field.removesuffix(NOTE) if problem.field.endswith(NOTE) else ANSWER + problem.field
    )


def sentences(paper: Paper, found: Sequence[Problem]) -> dict[str, str]:
    """Return what is wrong, by field, as a sentence that says how to mend it."""
    questions = {question.fact: question for page in paper.pages for question in page.asks}
    told: dict[str, str] = {}
    for problem in found:
        question = questions.get(problem.field.removesuffix(NOTE))
        if problem.code == "bounds" and question is not None and question.message:
            told[field_of(problem)] = said(question.message)
        else:
            label = said(question.label) if question else ""
            told[field_of(problem)] = _sentence(problem.code, label)
    return told


def _sentence(code: str, label: str) -> str:
    if code == "long":
        return t("resident.problem.long", limit=MOST_CHARACTERS)
    if code in {"missing", "note"}:
        return t("resident.problem.missing" if code == "missing" else "resident.problem.note", question=label)
    return t(f"resident.problem.{code}")
