"""The types of a whole service: facts as declared, rates by their values, steps as they follow from these."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dugnad.rulebook.checks.reading import Part, Reading
from dugnad.rulebook.checks.types.inference import Inference
from dugnad.rulebook.checks.types.model import (
    ANY,
    BOOLEAN,
    COUNT,
    DATE,
    NUMBER,
    TEXT,
    Type,
    either,
    entry,
    list_of,
    texts,
)
from dugnad.rulebook.checks.types.problems import Problem, of_value
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.facts import Fact
from dugnad.rulebook.rules.source import Scope
from dugnad.rulebook.tables import HitPolicy, Table

_OF_FACTS = {"number": NUMBER, "text": TEXT, "boolean": BOOLEAN, "date": DATE, "list": list_of(TEXT)}
_LISTING = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
Found = tuple[Part, Problem]


class ServiceTypes:
    """Types by name, worked out when asked for. `choices` are the answers a question allows, by fact.

    `problems` are those of every part of the service, found along the way.
    """

    def __init__(self, reading: Reading, choices: Mapping[str, Sequence[Value]] | None = None) -> None:
        self.reading = reading
        self.choices = choices or {}
        self._steps: dict[str, Type] = {}
        self._opens: dict[str, Type] = {}
        self._working: set[str] = set()
        self._problems: dict[int, tuple[Problem, ...]] = {}
        self._parts: dict[int, Type] = {}

    def fact(self, name: str) -> Type:
        """Return the type of a fact: what it is declared as, and what it can be where that is listed."""
        fact = self.reading.book.facts[name]
        if fact.kind == "persons":
            return list_of(
                entry({one.attribute: self.fact(one.name) for one in self.reading.book.attributes(name)})
            )
        return self._chosen(fact, _OF_FACTS.get(fact.kind, ANY))

    def _chosen(self, fact: Fact, type_: Type) -> Type:
        allowed = [*(fact.one_of or self.choices.get(fact.name, ()))]
        if not allowed or type_ not in (TEXT, NUMBER):
            return type_
        if fact.if_not_found is not None:
            allowed.append(fact.if_not_found)
        made = of_value(allowed[0])
        for value in allowed[1:]:
            made = either(made, of_value(value))
        return made if made.kinds == type_.kinds else type_

    def rate(self, name: str) -> Type:
        """Return the type of a rate: between the least and the greatest it has been."""
        values = [one.value for one in self.reading.rates.rates[name].values]
        if not values:
            return NUMBER
        whole = all(value == value.to_integral_value() for value in values)
        return replace(NUMBER, low=min(values), high=max(values), whole=whole)

    def open(self, name: str) -> Type:
        """Return the type of an open place: of what holds otherwise, within its bounds."""
        if name not in self._opens:
            place = self.reading.source.open[name]
            made = texts(place.one_of) if place.one_of else self._once(name, lambda: self._opened(name))
            self._opens[name] = made
        return self._opens[name]

    def _opened(self, name: str) -> Type:
        by_role = {part.role: self.part(part) for part in reversed(self.reading.of("open", name))}
        made = by_role.get("open", ANY)
        if not made.is_only("number"):
            return replace(made, values=None)
        least, most = by_role.get("at least", ANY).low, by_role.get("at most", ANY).high
        low = least if least is None or made.low is None else min(least, made.low)
        high = most if most is None or made.high is None else max(most, made.high)
        return replace(
            NUMBER, low=None if made.low is None else low, high=None if made.high is None else high
        )

    def step(self, name: str) -> Type:
        """Return the type of a step's value."""
        if name not in self._steps:
            self._steps[name] = self._once(name, lambda: self._stepped(name))
        return self._steps[name]

    def _once(self, name: str, work: Callable[[], Type]) -> Type:
        """Work something out; ANY where it depends on itself, or leans on more steps than there is room for."""
        if name in self._working:
            return ANY
        self._working.add(name)
        try:
            return work()
        except RecursionError:
            return ANY
        finally:
            self._working.discard(name)

    def _stepped(self, name: str) -> Type:
        parts = self.reading.of("step", name)
        formula = next((part for part in parts if part.role == "formula"), None)
        made = self.part(formula) if formula is not None else ANY
        table = self.reading.tables.get(name)
        if table is not None:
            made = self._tabled(table, [part for part in parts if part.role == "output"])
        step = self.reading.source.steps[name]
        if step.round is not None and made.is_only("number"):
            made = replace(
                made, values=None, low=made.low if made.low is None or made.low >= 0 else None, high=None
            )
        return made

    def _tabled(self, table: Table, outputs: Sequence[Part]) -> Type:
        if table.hit_policy is HitPolicy.COUNT:
            return COUNT
        columns: list[Type | None] = [None] * len(table.outputs)
        for part in outputs:
            found, before = self.part(part), columns[part.column]
            columns[part.column] = found if before is None else either(before, found)
        made = [one if one is not None else ANY for one in columns]
        value = (
            made[0]
            if len(made) == 1
            else entry({output.name: one for output, one in zip(table.outputs, made, strict=True)})
        )
        if table.hit_policy is HitPolicy.SUM and value.is_only("number"):
            return NUMBER
        return list_of(value) if table.hit_policy in _LISTING else value

    def name(self, name: str, scope: Scope) -> Type | None:
        """Return the type of a name as a scope sees it; None for a name nobody has given."""
        own = self._own(name, scope)
        if own is not None:
            return own
        source, book = self.reading.source, self.reading.book
        if name in source.steps:
            return self.step(name)
        if name in self.reading.rates.rates:
            return self.rate(name)
        if name in source.open:
            return self.open(name)
        return self.fact(name) if name in book.facts and book.facts[name].of_list is None else None

    def _own(self, name: str, scope: Scope) -> Type | None:
        """Return what only this scope has: the item decided for and its attributes, or the list of results."""
        source = self.reading.source
        if scope == "each" and name not in source.steps:
            item = self.item()
            return item if name == source.called else item.attribute(name) if item.fields else None
        if scope == "after" and name == source.result.list and source.each_over is not None:
            return list_of(self.result())
        return None

    def item(self) -> Type:
        """Return the type of what is decided for."""
        parts = self.reading.of("rules", "decide for each")
        found = self._once("decide for each", lambda: self.part(parts[0])) if parts else ANY
        return found.item or ANY if found.is_only("list") else ANY

    def result(self) -> Type:
        """Return the type of one result: the item with what was worked out for it."""
        steps = {
            name: self.step(name) for name, one in self.reading.source.steps.items() if one.scope == "each"
        }
        item = self.item()
        return entry({**dict(item.fields or ()), **steps}) if item.fields is not None else ANY

    def part(self, part: Part) -> Type:
        """Return the type of a part, keeping what is wrong in it."""
        key = id(part)
        if key not in self._parts:
            inference = self._inference(part)
            self._parts[key] = (
                inference.of(part.node, {}) if part.role != "cell" else self._cell(part, inference)
            )
            self._problems[key] = tuple(inference.problems)
        return self._parts[key]

    def problems_of(self, part: Part) -> tuple[Problem, ...]:
        """Return what is wrong in a part."""
        self.part(part)
        return self._problems[id(part)]

    def _inference(self, part: Part) -> Inference:
        if part.role == "only when":
            return Inference(lambda name: self._entry_name(part.name, name), part.said)
        return Inference(lambda name: self.name(name, part.scope), part.said)

    def _entry_name(self, list_name: str, name: str) -> Type | None:
        dotted = f"{list_name}.{name}"
        facts = self.reading.book.facts
        known = dotted if dotted in facts else name
        return self.fact(known) if known in facts else None

    def _cell(self, part: Part, inference: Inference) -> Type:
        heading = self.heading(part.name, part.column)
        if heading is not None:
            node = heading.node
            said = inference.said
            inference.said = lambda one: heading.written if one is node else said(one)
            inference.cell(part.node, (node, self.part(heading)))
        return BOOLEAN

    def heading(self, step: str, column: int) -> Part | None:
        """Return a heading of a step's table."""
        listed = self.reading.of("step", step)
        return next((one for one in listed if one.role == "heading" and one.column == column), None)

    def problems(self) -> Iterator[Found]:
        """Give everything wrong with the types of a service, each with the part it stands in."""
        told: set[tuple[str, int, str]] = set()
        for part in self.reading.parts:
            self.part(part)
            for problem in self._problems[id(part)]:
                key = (part.name, part.column, problem.code)
                if part.role == "cell" and problem.code == "may-be-null" and key in told:
                    continue
                told.add(key)
                yield part, problem
