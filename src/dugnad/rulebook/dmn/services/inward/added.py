"""What another editor added to our own export: decisions become steps where they belong, inputs a line to write."""

from collections.abc import Callable, Iterator

from dugnad.rulebook.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    DrgElement,
    InputData,
    KnowledgeSource,
)
from dugnad.rulebook.dmn.services.inward import yaml_text
from dugnad.rulebook.dmn.services.inward.inputs import KINDS
from dugnad.rulebook.dmn.services.inward.steps import Taken, step_of
from dugnad.rulebook.dmn.services.outward.exporting import Exporter
from dugnad.rulebook.rules.source import SECTIONS, Scope

_SECTION = {scope: section for section, scope in SECTIONS.items()}
Added = Decision | BusinessKnowledgeModel


class Additions:
    """Carries what is new in a model into the text of rules.yaml; `take` hears of what cannot be carried."""

    def __init__(
        self, exporter: Exporter, model: Definitions, take: Taken, spelling: Callable[[str], str]
    ) -> None:
        self.exporter = exporter
        self.model = model
        self.take = take
        self.spelling = spelling
        self.scopes: dict[str, Scope] = {
            one.decision.id or "": one.scope for one in exporter.written.values()
        } | {exporter.person_id: "each"}
        self.each = {
            to.id
            for service in model.drg
            if isinstance(service, DecisionService)
            for to in (*service.output_decisions, *service.encapsulated_decisions)
        }
        self.after = {one.id for one in model.drg if one.name in (exporter.results, exporter.stopping)}

    def into(self, rules: str, new: list[DrgElement]) -> str:
        """Return rules.yaml with the new decisions and functions as steps."""
        steps = [one for one in new if isinstance(one, Added)]
        taken = self._names()
        laws = {
            need.required_authority.id for one in steps for need in one.authority if need.required_authority
        }
        for one in steps:
            scope = self._scope(one, {other.id for other in steps})
            name = self.spelling(one.name)
            if scope is None:
                what = f"'{one.name}' needs both what is worked out for each, and what is concluded of all"
                self.take(one, what, "Divide it: one decision for each person, one for the whole.")
            elif name in taken:
                self.take(one, f"'{one.name}' is new and has a name that is taken", "Give it another name.")
            else:
                taken.add(name)
                step = step_of(self.model, one, self.take, self.spelling)
                rules = yaml_text.add(rules, _SECTION[scope], step)
                what = f"'{one.name}' is new, and stands now in rules.yaml under '{_SECTION[scope]}'"
                self.take(
                    one, what, "Look it over: a model cannot say its title, its words and its rounding."
                )
        for other in new:
            if not isinstance(other, Added) and other.id not in laws:
                self.take(other, *_told(other))
        return rules

    def _names(self) -> set[str]:
        parts = self.exporter.parts
        return {*parts.source.steps, *parts.source.open, *parts.rates.rates, *parts.book.facts}

    def _scope(self, one: Added, new: set[str | None]) -> Scope | None:
        """Return where a new decision belongs by what it needs; None where it needs what no place has."""
        found: set[Scope] = {"each"} if one.id in self.each else set()
        seen: set[str] = set()
        waiting = list(_needs(one))
        while waiting:
            id_ = waiting.pop()
            if id_ in seen:
                continue
            seen.add(id_)
            found.add("after" if id_ in self.after else self.scopes.get(id_, "common"))
            other = self.model.find(id_) if id_ in new else None
            waiting += _needs(other) if isinstance(other, Added) else ()
        if {"each", "after"} <= found:
            return None
        return next((scope for scope in ("after", "each") if scope in found), "common")


def _needs(one: Added) -> Iterator[str]:
    if isinstance(one, Decision):
        for need in one.information:
            to = need.required_decision or need.required_input
            if to is not None:
                yield to.id
    yield from (need.required_knowledge.id for need in one.knowledge)


def _told(one: DrgElement) -> tuple[str, str]:
    """Return what is said of a new element that is no step: what is left out, and the very lines to write."""
    if isinstance(one, InputData):
        kind = KINDS.get((one.variable.type_ref if one.variable else "") or "", "text")
        line = f"{one.name}: {{ type: {kind}, from: applicant, law: §, kept: 5 years }}"
        return (
            f"'{one.name}' is a new input, and a model cannot say where it comes from",
            f"Add to facts.yaml: {line}",
        )
    if isinstance(one, KnowledgeSource):
        mend = f"Write law: {one.name} at the step in rules.yaml that rests on it."
        return f"'{one.name}' is a new source of law that no new decision rests on", mend
    kind = "decision service" if isinstance(one, DecisionService) else "element"
    return (
        f"the {kind} '{one.name}' is new, and a service's files have no place for it",
        "Keep it in the model.",
    )
