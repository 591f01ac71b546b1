"""Make decisions again from what they stored: `dugnad replay CASE`."""

from uuid import UUID

from dugnad.catalogue import queries as catalogue
from dugnad.decisions import queries as decisions
from dugnad.decisions.commands import canonical, digest
from dugnad.decisions.types import DecisionView, Replay
from dugnad.flows.reckoning import Material, reckon


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
