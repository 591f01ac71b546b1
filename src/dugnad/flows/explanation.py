"""Tell how a decision came about, in the reader's language, from what was stored with it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, Outcome
from dugnad.decisions.types import DecisionView
from dugnad.facts import queries as facts
from dugnad.facts.types import CollectionView, ShownFact
from dugnad.flows import letters
from dugnad.flows.correcting import corrected_facts, disputed_facts
from dugnad.flows.reckoning import Material, reckon
from dugnad.rulebook.reasons.changes import is_refusal, what_would_change
from dugnad.rulebook.reasons.telling import Told, in_short, tell
from dugnad.rulebook.reasons.wishes import wished
from dugnad.rulebook.rules.explaining import ExplainedStep


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision in words.

    amounts: name, amount, per, from and to of each item, as finished text. steps: item's name ("" for the whole) and its steps
    in working order. laws: the sections it rests on. facts: what was known, with sources. disputed: facts the applicant
    had said were wrong. whole: every step, also those without a sentence of their own; empty unless asked for. wishes: what
    would have changed it, as sentences; of what was granted only with the whole.
    """

    outcome: str
    title: str
    amounts: tuple[dict[str, str], ...]
    steps: tuple[tuple[str, tuple[ExplainedStep, ...]], ...]
    laws: tuple[str, ...]
    facts: tuple[ShownFact, ...]
    disputed: tuple[str, ...]
    whole: tuple[tuple[str, tuple[Told, ...]], ...] = ()
    wishes: tuple[str, ...] = ()


def explained(decision: DecisionView, language: str, *, whole: bool = False) -> Explained:
    """Make the decision again from its own edition, facts and date, and explain it in `language`.

    whole: tell every step, with every row of every table. That costs some milliseconds, so only where it is shown.
    """
    adopted = catalogue.by_edition(decision.edition)
    made_of = Material.from_data(decision.facts)
    outcome = reckon(adopted, made_of)
    names = {item.key: item.name for item in outcome.items}
    together: dict[str | None, list[ExplainedStep]] = {}
    for step in in_short(adopted.ruleset, outcome, language):
        together.setdefault(step.key, []).append(step)
    shown = [fact for page in adopted.service.pages for fact in page.shows]
    wording = adopted.service.letters.get(outcome.outcome or "")
    return Explained(
        outcome=outcome.outcome or "",
        title=wording.title.get(language, "") if wording else "",
        amounts=tuple(letters.amounts(adopted, outcome, language)),
        steps=tuple((names.get(key or "", ""), tuple(steps)) for key, steps in together.items()),
        laws=tuple(outcome.because),
        facts=tuple(facts.shown(_known(decision, made_of), shown)),
        disputed=made_of.disputed,
        whole=_whole(adopted, outcome, language) if whole else (),
        wishes=_wishes(adopted, made_of, outcome, language)
        if whole or is_refusal(adopted.ruleset, outcome)
        else (),
    )


def _whole(adopted: Adopted, outcome: Outcome, language: str) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    """Return every step, for the household and for each item, in the order they were worked out."""
    names = {item.key: item.name for item in outcome.items}
    told = tell(adopted.ruleset, outcome, language)
    return tuple(
        (names.get(key or "", ""), tuple(steps)) for key, steps in groupby(told, lambda step: step.key)
    )


def _wishes(adopted: Adopted, made_of: Material, outcome: Outcome, language: str) -> tuple[str, ...]:
    """Return what would have changed it. A decision is never stored with this: it is worked out anew each time."""
    known = corrected_facts(adopted, made_of.facts, made_of.corrected)
    found = what_would_change(
        adopted.ruleset, known, outcome, on=made_of.on, disputed=disputed_facts(made_of.disputed)
    )
    titles = {name: letter.title.get(language, name) for name, letter in adopted.service.letters.items()}
    return tuple(wished(adopted.ruleset, outcome, change, language, titles) for change in found)


def _known(decision: DecisionView, made_of: Material) -> CollectionView:
    """Return the decision's own facts as a collection; a register that was not asked is not named."""
    values: dict[str, Any] = {**made_of.facts, **made_of.corrected}
    asked = [datetime.fromisoformat(at) for at in made_of.sources.values()]
    return CollectionView(
        id=decision.id,
        person_id=decision.person_id,
        fetched_at=max(asked, default=decision.decided_at),
        values=values,
        valid_from={},
        unavailable={},
        persons={},
    )
