"""Tell how a decision came about, in the reader's language, from what was stored with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dugnad.catalogue import queries as catalogue
from dugnad.decisions.types import DecisionView
from dugnad.facts import queries as facts
from dugnad.facts.types import CollectionView, ShownFact
from dugnad.flows import letters
from dugnad.flows.reckoning import Material, reckon
from dugnad.rulebook.rules.explaining import ExplainedStep, explain


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision in words.

    amounts: name, amount, per, from and to of each item, as finished text. steps: item's name ("" for the whole) and its steps
    in working order. laws: the sections it rests on. facts: what was known, with sources. disputed: facts the applicant
    had said were wrong.
    """

    outcome: str
    title: str
    amounts: tuple[dict[str, str], ...]
    steps: tuple[tuple[str, tuple[ExplainedStep, ...]], ...]
    laws: tuple[str, ...]
    facts: tuple[ShownFact, ...]
    disputed: tuple[str, ...]


def explained(decision: DecisionView, language: str) -> Explained:
    """Make the decision again from its own edition, facts and date, and explain it in `language`."""
    adopted = catalogue.by_edition(decision.edition)
    made_of = Material.from_data(decision.facts)
    outcome = reckon(adopted, made_of)
    names = {item.key: item.name for item in outcome.items}
    together: dict[str | None, list[ExplainedStep]] = {}
    for step in explain(adopted.ruleset, outcome, language):
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
    )


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
