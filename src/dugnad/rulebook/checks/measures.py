"""Units, checked before anything is calculated: formulas, cells, rates and tailored values against what they say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from dugnad.rulebook.checks.reading import Part, Reading, read_parts
from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node
from dugnad.rulebook.located import Finding
from dugnad.rulebook.rules.deciding import Ruleset
from dugnad.rulebook.units import DOUBTFUL, Unit, UnitConflict, bare_share, convert, unit_named, unit_of

_WITHOUT = ("", "number")
_SHARES = ("%", "fraction")
_STEPS = (Decimal(7), Decimal(12), Decimal(100))
"""From weeks to days, years to months, kroner to øre."""
_PASSES = 6
"""How many steps without a declared unit may lean on each other."""


def mixed_units(reading: Reading) -> Iterator[Finding]:
    """Find mix-ups in a service: kr and øre, month and year, an amount where hours should be."""
    measures = _Measures(reading)
    found = [(part, one) for part in _definitions_first(reading) for one in measures.part(part)]
    yield from _together(found)
    yield from measures.outputs_alike()
    yield from _shares(reading)


def _definitions_first(reading: Reading) -> Iterator[Part]:
    """Give the parts that make a name's value before those that only ask for it."""
    defining = [part for part in reading.parts if part.role in ("open", "formula", "output")]
    yield from defining
    yield from (part for part in reading.parts if part.role not in ("open", "formula", "output"))


def _together(found: Sequence[tuple[Part, Finding]]) -> Iterator[Finding]:
    """Tell the same of one step or open place once, at its first place."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for part, one in found:
        alike.setdefault((part.owner, part.name, one.what), []).append(one)
    for first, *others in alike.values():
        lines = sorted({one.line for one in others} - {first.line})
        also = (
            f" (also on {'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines))})"
            if lines
            else ""
        )
        yield replace(first, what=first.what + also)


def tailored_units(rules: Ruleset) -> Iterator[Finding]:
    """Find mix-ups in what an organisation has set: kr/år where the open place is kr/måned."""
    reading = read_parts(rules.source, rules.book, rules.rates, rules.patch)
    measures = _Measures(reading)
    tailored = {id(text) for dated in rules.patch.open.values() for _, text in dated}
    for part in reading.parts:
        if id(part.text) in tailored:
            yield from measures.part(part)


def known_unit(name: str) -> Unit | None:
    """Return the unit of this name, a quotient such as måned/år too; None for numbers without unit.

    Raises ValueError for a unit nobody knows.
    """
    if name in _WITHOUT:
        return None
    try:
        return unit_named(name)
    except ValueError:
        top, slash, bottom = name.partition("/")
        if not slash:
            raise
    powers = dict(unit_named(top).dimensions)
    powers |= {part: -power for part, power in unit_named(bottom).dimensions}
    return Unit(name, tuple(sorted(powers.items())))


@dataclass
class _Measures:
    """The units of one service: those declared, and those that follow for steps that declare none."""

    reading: Reading
    units: dict[str, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units = dict(_known(self.reading.words.units))
        source = self.reading.source
        silent = [name for name, step in source.steps.items() if not step.unit]
        for _ in range(_PASSES):
            found = {name: unit for name in silent if (unit := self.followed(name)) is not None}
            new = {name: unit for name, unit in found.items() if name not in self.units}
            for name, unit in new.items():
                self.units[name] = self.units[f"{source.result.list}.{name}"] = unit
            if not new:
                return

    def followed(self, name: str) -> Unit | None:
        """Return the unit of a step that declares none, where its formula or all its rows agree on one."""
        parts = [part for part in self.reading.of("step", name) if part.role in ("formula", "output")]
        found = [unit_of(part.node, self.units) for part in parts]
        units = [unit for unit in found if isinstance(unit, Unit)]
        alike = len(units) == len(found) and all(unit.same(units[0]) for unit in units)
        return units[0] if units and alike else None

    def part(self, part: Part) -> Iterator[Finding]:
        """Check one part against what is declared where it stands."""
        if part.role == "cell":
            yield from self.cell(part)
            return
        declared = ""
        if part.owner == "open":
            declared = self.reading.source.open[part.name].unit
        elif part.role in ("formula", "output"):
            declared = self.reading.source.steps[part.name].unit
        yield from self.judged(part, _unit_or_none(declared))

    def judged(self, part: Part, wanted: Unit | None) -> Iterator[Finding]:
        found = unit_of(part.node, self.units)
        if isinstance(found, UnitConflict):
            yield _conflict(part, found)
        elif found is not None and wanted is not None and not found.same(wanted):
            if not _changes_ore(part.node, found, wanted):
                what = f"this is {found.name}, but {wanted.name} is declared"
                yield Finding.at(part.place(), "unit", what, _declare(found, wanted))
                self.doubt(part.name)
        elif wanted is not None and wanted.name in _SHARES and (number := bare_share(part.node)) is not None:
            what = f"{number} is {number * 100:f} % where {wanted.name} is declared"
            yield Finding.at(part.place(), "unit", what, f"Write {number} %, or a fraction of 1.")

    def doubt(self, name: str) -> None:
        """Take a name's unit for unknown: what follows from it is no mistake of its own."""
        for known in (name, f"{self.reading.source.result.list}.{name}"):
            self.units[known] = DOUBTFUL

    def cell(self, part: Part) -> Iterator[Finding]:
        """Check a cell against its heading."""
        heading = next(
            (
                one
                for one in self.reading.of("step", part.name)
                if one.role == "heading" and one.column == part.column
            ),
            None,
        )
        found = unit_of(part.node, self.units)
        wanted = unit_of(heading.node, self.units) if heading is not None else None
        if isinstance(found, UnitConflict):
            yield _conflict(part, found)
        elif not isinstance(wanted, Unit):
            return
        elif isinstance(found, Unit) and not found.same(wanted):
            what = f"{wanted.name} is compared with {found.name}"
            yield Finding.at(part.place(), "unit", what, _convert(wanted, found))
        elif wanted.name in _SHARES:
            yield from _bare(part, wanted)

    def outputs_alike(self) -> Iterator[Finding]:
        """Find rows of a table without declared unit that give different units."""
        for name, step in self.reading.source.steps.items():
            outputs = [part for part in self.reading.of("step", name) if part.role == "output"]
            if step.unit or not outputs:
                continue
            first: dict[int, Unit] = {}
            for part in outputs:
                found = unit_of(part.node, self.units)
                if isinstance(found, Unit) and not first.setdefault(part.column, found).same(found):
                    what = f"this is {found.name}, but a row above gives {first[part.column].name}"
                    yield Finding.at(part.place(), "unit", what, _convert(found, first[part.column]))


def _bare(part: Part, wanted: Unit) -> Iterator[Finding]:
    """Find plain numbers above one in a cell under a share."""
    for test in part.node.tests if isinstance(part.node, nodes.UnaryTests) else ():
        ends = (test.low, test.high) if isinstance(test, nodes.RangeOf) else (test,)
        for end in ends:
            node = end.operand if isinstance(end, nodes.Test) else end
            number = bare_share(node)
            if number is not None:
                what = f"{number} is {number * 100:f} % under a heading in {wanted.name}"
                yield Finding.at(
                    part.place(node.start), "unit", what, f"Write {number} %, or a fraction of 1."
                )


def _shares(reading: Reading) -> Iterator[Finding]:
    """Find rates declared as a share that are more than the whole: 6 where 0.06 is meant."""
    for rate in reading.rates.rates.values():
        for value in rate.values if rate.unit in _SHARES else ():
            if value.value > 1:
                what = f"{value.value} is {value.value * 100:f} % as {rate.unit}: a share is written as a fraction"
                mend = f"Write {value.value / 100:f}."
                yield Finding.at(value.place, "unit", what, mend)


def _changes_ore(node: Node, found: Unit, wanted: Unit) -> bool:
    """Allow `kr * 100` where øre is declared, and `øre / 100` where kr is."""
    if not isinstance(node, nodes.Arithmetic) or not isinstance(node.right, nodes.Literal):
        return False
    one, other = ("kr", "øre") if node.op == "*" else ("øre", "kr") if node.op == "/" else ("", "")
    changed = tuple(sorted((other if name == one else name, power) for name, power in found.dimensions))
    return node.right.value == Decimal(100) and bool(one) and changed == wanted.dimensions


def _known(units: Mapping[str, str]) -> Iterator[tuple[str, Unit]]:
    for name, written in units.items():
        unit = _unit_or_none(written)
        if unit is not None:
            yield name, unit


def _unit_or_none(written: str) -> Unit | None:
    """Take an unknown unit for none: `known_unit` lets the check report it where it is declared."""
    try:
        return known_unit(written)
    except ValueError:
        return None


def _conflict(part: Part, found: UnitConflict) -> Finding:
    start = found.positions[-1][0] if found.positions else 0
    mend = "Write the share with %." if found.hint else _convert(found.left, found.right)
    return Finding.at(part.place(start), "unit", found.message, mend)


def _declare(found: Unit, wanted: Unit) -> str:
    """Say how to come from one unit to the other."""
    for source, target, how in ((found, wanted, "Multiply"), (wanted, found, "Divide")):
        factor = _factor(source, target)
        if factor in _STEPS and wanted.name not in _SHARES:
            paid = found.name.startswith("kr/") and how == "Divide"
            months = ", or by the months one pays for" if paid else ""
            return f"{how} by {factor:f}{months}, or declare {found.name}."
    return f"They measure different things: mend the calculation, or declare {found.name}."


def _convert(left: Unit, right: Unit) -> str:
    """Say how two units stand to each other."""
    for one, other in ((left, right), (right, left)):
        factor = _factor(one, other)
        if factor in _STEPS:
            return f"Convert one of them: 1 {one.name} is {factor:f} {other.name}."
    return "They measure different things: take something else for one of them, or declare its right unit."


def _factor(source: Unit, target: Unit) -> Decimal | None:
    try:
        return convert(Decimal(1), source, target)
    except ValueError:
        return None
