"""Apply an edition's rules to stored facts: the one place where facts, answers and a person's corrections meet.

And again, from what a decision stored: `dugnad replay CASE`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from dugnad.applications.types import ApplicationView
from dugnad.catalogue import queries as catalogue
from dugnad.catalogue.types import Adopted, Outcome
from dugnad.decisions import queries as decisions
from dugnad.decisions.commands import canonical, digest
from dugnad.decisions.types import DecisionView, Replay
from dugnad.facts.types import CollectionView
from dugnad.flows.correcting import corrected_facts, disputed_facts, disputed_paths, told_apart


@dataclass(frozen=True, slots=True)
class Material:
    """All a decision rests on, as JSON values; stored with it, so that it can be made again.

    facts: name → value. disputed: register facts the applicant says are wrong, by path (see `correcting`).
    corrected: facts and steps a person set, by path (see `correcting`).
    sources: register → when it was asked.
    """

    on: date
    facts: Mapping[str, Any]
    disputed: tuple[str, ...] = ()
    corrected: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "on": self.on.isoformat(),
            "facts": dict(self.facts),
            "disputed": list(self.disputed),
            "corrected": dict(self.corrected),
            "sources": dict(self.sources),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Material":
        """Read what `to_data` gave."""
        return cls(
            on=date.fromisoformat(data["on"]),
            facts=data["facts"],
            disputed=tuple(data["disputed"]),
            corrected=data["corrected"],
            sources=data["sources"],
        )


def material(
    adopted: Adopted,
    application: ApplicationView,
    found: CollectionView,
    *,
    applicant: str,
    municipality: str,
    on: date,
    corrected: Mapping[str, Any] | None = None,
) -> Material:
    """Put together what the rules read. applicant: identity number; municipality: number of the deciding municipality."""
    registers = {fact.source for fact in adopted.service.book.facts.values()} - {
        "case",
        "applicant",
        "case worker",
    }
    return Material(
        on=on,
        facts={
            **found.values,
            **{
                name: value
                for name, value in application.answers.items()
                if name in adopted.service.book.facts
            },
            "søker": applicant,
            "vår kommune": municipality,
            "søknadsdato": on.isoformat(),
        },
        disputed=disputed_paths(application.disputes, found),
        corrected=dict(corrected or {}),
        sources={
            register: found.fetched_at.isoformat() for register in sorted(registers - set(found.unavailable))
        },
    )


def reckon(adopted: Adopted, made_of: Material) -> Outcome:
    """Apply the rules. The same edition and material give the same outcome, at any later time."""
    facts = corrected_facts(adopted, made_of.facts, made_of.corrected)
    outcome = adopted.ruleset.decide(facts, on=made_of.on, disputed=disputed_facts(made_of.disputed))
    return told_apart(adopted, outcome, made_of.disputed, made_of.facts)


def replay(case_id: UUID) -> list[Replay]:
    """Return, for each decision of the case in scope, the stored digest and the one it has when made again."""
    return [again(one) for one in reversed(decisions.of_case(case_id))]


def again(decision: DecisionView) -> Replay:
    """Make one decision again with its own edition, facts and date."""
    outcome = reckon(catalogue.by_edition(decision.edition), Material.from_data(decision.facts))
    made = digest(
        edition=decision.edition,
        engine=decision.engine,
        on=decision.date,
        facts=canonical(decision.facts),
        outcome=canonical(outcome.as_data()),
    )
    return Replay(decision.id, decision.digest, made)
