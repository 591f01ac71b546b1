"""One exact decision, with its reasons, its control points and its trace.

An unknown fact or any error on the path stops automation and says why; neither ever becomes a refusal. What
could be calculated all the same stands in the outcome as a draft for the case worker.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from dugnad.rulebook.feel.values import Unknown, Value, unknown
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rates import Rates
from dugnad.rulebook.rules.compiling import RATES, Compiler, Op, OpenOp, Patch, StepOp
from dugnad.rulebook.rules.facts import FactBook
from dugnad.rulebook.rules.names import Vocabulary, vocabulary
from dugnad.rulebook.rules.outcome import ControlPoint, Outcome
from dugnad.rulebook.rules.source import RuleSource, Scope
from dugnad.rulebook.rules.words import LANGUAGES, built_in
from dugnad.rulebook.rules.working import FAILED, NO_RATE, OUT_OF_BOUNDS, UNCONFIRMED, Pass, Plan
from dugnad.rulebook.trace import Recorder

MISSING = "opplysning mangler"
DISPUTED = "opplysning bestridt"


class Ruleset:
    """A service's rules with one organisation's tailoring, compiled; safe to share between threads."""

    def __init__(
        self, source: RuleSource, book: FactBook, rates: Rates, words: Vocabulary, plan: Plan, patch: Patch
    ) -> None:
        self.source = source
        self.book = book
        self.words = words
        self.rates = rates
        self.patch = patch
        self._plan = plan
        self._rates_on = lru_cache(maxsize=512)(self._look_up_rates)
        self._shared = tuple(name for name, step in source.steps.items() if step.scope != "each")

    def operations(self, scope: Scope) -> tuple[StepOp, ...]:
        """Return the steps of a scope in working order."""
        ops = {"common": self._plan.common, "each": self._plan.each, "after": self._plan.after}[scope]
        return tuple(op for op in ops if isinstance(op, StepOp))

    def decide(self, facts: Mapping[str, Value], *, on: date, disputed: Collection[str] = ()) -> Outcome:
        """Decide on `facts` as of the day `on`.

        `facts` is {name: value}; a list of persons is a list of {attribute: value}. What is absent or None is
        unknown. The name of a step for the whole application may stand among them: a person has set its
        value, and it is not calculated. `disputed` names facts the applicant says are wrong: they stop
        automation while the register's value stays in the draft.
        """
        known = self.book.complete(facts)
        steps = self.source.steps
        set_by = {name: facts[name] for name in facts if name in steps and facts[name] is not None}
        work = self._pass(known, set_by, on, soft=True)
        blocking = [name for name in sorted(work[0].missing) if work[0].reasons.get(name) == UNCONFIRMED]
        if blocking:
            work = self._pass(known, set_by, on, soft=False)
        return self._outcome(*work, blocking, sorted(disputed))

    def _pass(
        self, known: Mapping[str, Value], set_by: Mapping[str, Value], on: date, *, soft: bool
    ) -> tuple[Pass, dict[str, Value]]:
        work = Pass(self.source, self._plan, self._rates_on, on, set_by, soft=soft)
        values = dict(known)
        work.run(values)
        return work, values

    def _look_up_rates(self, day: Value, soft: bool) -> tuple[dict[str, Value], dict[str, str]]:  # noqa: FBT001 - a key of the cache
        names = self.rates.rates
        if type(day) is Unknown:
            return dict.fromkeys(names, day), {}
        found = self.rates.on(day) if type(day) is date else dict.fromkeys(names)
        values: dict[str, Value] = {}
        reasons: dict[str, str] = {}
        for name, rate in found.items():
            if rate is None:
                reasons[name], values[name] = NO_RATE, unknown(name)
            elif not rate.verified:
                reasons[name], values[name] = UNCONFIRMED, unknown(name) if soft else rate.value
            else:
                values[name] = rate.value
        return values, reasons

    def _outcome(
        self, work: Pass, values: dict[str, Value], unconfirmed: list[str], disputed: list[str]
    ) -> Outcome:
        chosen = values.get(self.source.result.outcome)
        in_force = self.rates.on(work.day) if type(work.day) is date else {}
        outcome = Outcome(
            on=work.on,
            outcome=chosen if isinstance(chosen, str) else None,
            items=work.items,
            values={name: values[name] for name in self._shared},
            known=values,
            stops=work.stops,
            unknown=tuple(sorted(work.missing)),
            diagnostics=tuple(work.diagnostics),
            control_points=work.points,
            rates={name: value for name, value in in_force.items() if value is not None},
            raw=tuple(work.raw),
        )
        if outcome.automatic and not (unconfirmed or disputed or work.missing or work.diagnostics):
            return outcome
        added = tuple(self._built_in_stops(outcome, work.reasons, unconfirmed, disputed))
        return replace(outcome, stops=(*outcome.stops, *added))

    def _built_in_stops(
        self, outcome: Outcome, reasons: Mapping[str, str], unconfirmed: list[str], disputed: list[str]
    ) -> Iterator[ControlPoint]:
        """Make the control points no service has to write."""
        concerns: dict[str, list[str]] = {UNCONFIRMED: unconfirmed, DISPUTED: disputed}
        for name in outcome.unknown:
            concerns.setdefault(reasons.get(name, MISSING), []).append(name)
        if outcome.diagnostics:
            concerns.setdefault(FAILED, []).extend(dict.fromkeys(step for step, _, _ in outcome.diagnostics))
        if outcome.stops:
            concerns.pop(MISSING, None)
        elif outcome.outcome is None and not any(concerns.values()):
            concerns[FAILED] = [self.source.result.outcome]
        for reason, names in sorted(concerns.items()):
            if names:
                laws = dict.fromkeys(law for law in map(self._law, names) if law)
                called = {
                    language: ", ".join(self._called(name, language) for name in names)
                    for language in LANGUAGES
                }
                why = built_in(reason, called)
                yield ControlPoint(reason, ", ".join(laws), why, concerns=tuple(names))

    def _called(self, name: str, language: str) -> str:
        """Return what people call a fact or a step; its name where it has no words."""
        fact, step = self.book.facts.get(name), self.source.steps.get(name)
        words = (fact.label if fact else None) or (step.title if step else None) or {}
        return words.get(language, name.rpartition(".")[2])

    def _law(self, name: str) -> str:
        source = self.source
        places = (
            self.book.facts.get(name),
            self.rates.rates.get(name),
            source.open.get(name),
            source.steps.get(name),
        )
        return next((one.law for one in places if one is not None), "")

    def counts(
        self, list_name: str, entry: Mapping[str, Value], known: Mapping[str, Value]
    ) -> bool | Unknown:
        """Tell whether an entry of a register's list counts, by the fact's `only when`.

        `entry` holds what stands in the list itself, `known` the facts known so far. Unknown while a fact it
        depends on is: nothing more is fetched about a person before it is clear that they count, and a list
        that may lack someone must not pass for a whole one. Unknown by the list's name after an error.
        """
        selector = self._plan.selectors.get(list_name)
        if selector is None:
            return True
        found = selector({**self.book.complete(known), **entry}, Recorder())
        return found if isinstance(found, bool | Unknown) else unknown(list_name)

    def out_of_bounds(self) -> Iterator[Finding]:
        """Find tailored values outside their bounds on the day they begin, as far as that needs no case."""
        for op in (*self._plan.common, *self._plan.each):
            if isinstance(op, OpenOp):
                yield from self._beyond(op)

    def _beyond(self, op: OpenOp) -> Iterator[Finding]:
        place = op.place
        limits = (("at least", place.at_least), ("at most", place.at_most))
        for start, text in self.patch.open.get(place.name, ()):
            work = Pass(self.source, self._plan, self._rates_on, start, {}, soft=False)
            work.day = start
            work.open(op, self._rates_on(start, False)[0])
            if work.reasons.get(place.name) == OUT_OF_BOUNDS:
                what = f"'{place.name}' is outside its bounds on {start}"
                mend = " and ".join(f"{word} {limit.text}" for word, limit in limits if limit)
                yield Finding.at(text.place, "bounds", what, f"It must be {mend}.")


def compile_ruleset(
    source: RuleSource, book: FactBook, rates: Rates, patch: Patch
) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Compile rules with a patch. Gives the ruleset, or None and every finding."""
    words = vocabulary(source, book, rates)
    compiler = Compiler(source, words, rates.rates, patch)
    steps, opens, stops = compiler.steps(), compiler.opens(), compiler.stops()
    selectors = compiler.selectors(book)
    over = compiler.formula(source.each_over, "common") if source.each_over else None
    upstream = compiler.upstream()
    ready: dict[str, Op] = {**steps}
    for name, op in opens.items():
        early = name in upstream
        steady = not op.reads if early else op.reads <= compiler.rates
        ready[name] = replace(op, early=early, steady=steady)
    orders = [compiler.order(scope, opens) for scope in ("common", "each", "after")]
    if compiler.findings:
        return None, tuple(compiler.findings)
    common, each, after = (
        tuple(None if name == RATES else ready[name] for name in order) for order in orders
    )
    plan = Plan(common, each, after, over[0] if over else None, stops, selectors, {})
    return Ruleset(source, book, rates.confirmed(patch.confirms), words, plan, patch), ()


def bounds_of(rules: Ruleset) -> tuple[Finding, ...]:
    """Return the tailored values that lie outside their bounds on the day they begin.

    Only what can be known without a case is checked here: constants against constants and rates. A formula
    that needs facts is bounded when it is used.
    """
    return tuple(rules.out_of_bounds())
