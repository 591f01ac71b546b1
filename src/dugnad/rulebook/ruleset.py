"""Rules applied to facts: `compile_ruleset`, then `Ruleset.decide(facts, on=…) -> Outcome`."""

from dugnad.rulebook.rules.compiling import Patch
from dugnad.rulebook.rules.deciding import Ruleset, bounds_of, compile_ruleset
from dugnad.rulebook.rules.outcome import ControlPoint, Item, Outcome, Traced

__all__ = [
    "ControlPoint",
    "Item",
    "Outcome",
    "Patch",
    "Ruleset",
    "Traced",
    "bounds_of",
    "compile_ruleset",
]
