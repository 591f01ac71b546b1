"""What the judgement of a service's tables says, as findings."""

from collections.abc import Collection, Iterator

from dugnad.rulebook.checks.reading import Reading
from dugnad.rulebook.checks.tables.judging import Context, judge
from dugnad.rulebook.checks.tables.regions.axis import ANYTHING, Domain
from dugnad.rulebook.checks.tables.regions.feasible import Bounds
from dugnad.rulebook.checks.tables.telling import Told
from dugnad.rulebook.checks.types.inference import Inference
from dugnad.rulebook.checks.types.model import Type
from dugnad.rulebook.checks.types.service import ServiceTypes
from dugnad.rulebook.feel import free_names
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rules.source import Step
from dugnad.rulebook.tables import Table

_SINGLE_KINDS = 1
_SHAPING = ("formula", "heading", "output")
"""The parts of a step that make its value what it is."""


def judged_tables(types: ServiceTypes) -> Iterator[Finding]:
    """Find gaps, overlaps, rows that never decide and columns that decide nothing, in every table."""
    reading = types.reading
    unread = unread_steps(reading)
    for name, table in reading.tables.items():
        step = reading.source.steps[name]
        if step.table is None or _leans_on(reading, name, unread) or _unread(types, name, table):
            continue
        found = judge(table, context_of(types, step))
        yield from Told(types.reading, step, step.table, table, found).findings()


def unread_steps(reading: Reading) -> frozenset[str]:
    """Return the steps of which something cannot be parsed, and those that lean on them: what they give is not known."""
    steps = reading.source.steps
    found = {
        name
        for name, step in steps.items()
        if not any(part.role in ("formula", "output") for part in reading.of("step", name))
        and (step.formula is not None or step.table is not None)
    }
    while True:
        more = {name for name in steps if name not in found and _leans_on(reading, name, found)}
        if not more:
            return frozenset(found)
        found |= more


def _leans_on(reading: Reading, name: str, steps: Collection[str]) -> bool:
    parts = reading.of("step", name) if steps else ()
    return any(not free_names(part.node).isdisjoint(steps) for part in parts if part.role in _SHAPING)


def _unread(types: ServiceTypes, name: str, table: Table) -> bool:
    """Tell whether a cell could not be parsed, or says something else than was meant: that is told already."""
    cells = [part for part in types.reading.of("step", name) if part.role == "cell"]
    return len(cells) < len(table.rows) * len(table.inputs) or any(
        problem.code == "dash" for part in cells for problem in types.problems_of(part)
    )


def context_of(types: ServiceTypes, step: Step) -> Context:
    """Return what is known around a step's table: its names, its inputs' domains, its names' bounds."""
    reading = types.reading
    names = reading.words.by_scope[step.scope]

    def type_of(node: Node) -> Type:
        return Inference(lambda name: types.name(name, step.scope), lambda _node: "").of(node, {})

    def scalar(node: Node) -> bool:
        found = type_of(node)
        return (
            isinstance(node, nodes.Name | nodes.Path)
            if not found.kinds
            else not found.can_be(("list", "range"))
        )

    def bounds(text: str) -> Bounds:
        found = types.name(text, step.scope)
        return (found.low, found.high) if found is not None else (None, None)

    headings = [part for part in reading.of("step", step.name) if part.role == "heading"]
    domains = [domain_of(types.part(part), reading.words.units.get(part.written, "")) for part in headings]
    return Context(names, domains, scalar, bounds)


def domain_of(found: Type, unit: str = "") -> Domain:
    """Return what an input can be, from what is known of its type."""
    if len(found.present) != _SINGLE_KINDS:
        return Domain(unit=unit) if unit else ANYTHING
    (kind,) = found.present
    values = None
    if found.values is not None:
        values = tuple(sorted(found.values))
    return Domain(kind, found.whole, found.low, found.high, values, found.nullable, unit)
