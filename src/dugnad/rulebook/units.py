"""Units of amounts and times, checked before anything is calculated: kr is not øre, a year is not a month.

The rule is short:

* Adding, comparing and choosing need one unit; a number without unit takes the unit of the other side.
* Multiplying and dividing reckon with units as with fractions: ``kr/måned * måneder`` is kr, ``kr / kr`` a
plain number.
  A percentage or fraction changes no unit.
* An amount a year divided by the plain number 11 or 12 (the months one pays for) is an amount a month, and
the other
  way when multiplied; years times 12 are months, weeks times 7 days. kr and øre, weeks and months are not
  changed into each other: that is reported.
* A share (% or fraction) beside a plain number above one is reported: 30 is 3 000 %.

``unit_of`` gives None for a value without unit, or where the unit cannot be told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dugnad.rulebook.feel.grammar import nodes
from dugnad.rulebook.feel.grammar.nodes import Node, children
from dugnad.rulebook.feel.grammar.quantities import UNIT_SPELLINGS
from dugnad.rulebook.feel.values import CONTEXT

Dimensions = tuple[tuple[str, int], ...]
_SHARES = ("%", "fraction")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a product of kr, øre, timer, dager, uker, måneder, år to powers. ``name`` is how it is
    written.

    Two units are the same when their dimensions are: ``%`` and ``fraction`` both have none, being shares of
    one.
    """

    name: str
    dimensions: Dimensions = ()

    def same(self, other: "Unit") -> bool:
        """Tell whether values of both units may be added and compared as they stand."""
        return self.dimensions == other.dimensions or _DOUBTFUL in (self.dimensions, other.dimensions)


@dataclass(frozen=True, slots=True)
class UnitConflict:
    """Two units that do not go together; ``positions``: (start, end) of the parts with them.

    ``hint`` says more, where the mix-up is one of a share and a bare number.
    """

    left: Unit
    right: Unit
    positions: tuple[tuple[int, int], ...]
    hint: str = ""

    @property
    def message(self) -> str:
        """Say what is mixed."""
        return self.hint or f"{self.left.name} and {self.right.name} are mixed without conversion."


_PARTS = {"time": "timer", "dag": "dager", "uke": "uker", "måned": "måneder", "mnd": "måneder"}


def unit_named(text: str) -> Unit:
    """Give the unit written so: ``kr/måned``, ``%``, ``fraction``. Raises ValueError for an unknown one."""
    spelling = " ".join(text.split())
    name = spelling if spelling == "fraction" else UNIT_SPELLINGS.get(spelling)
    if name is None:
        raise ValueError(
            f"“{text}” is not a unit; known are {', '.join(sorted({*UNIT_SPELLINGS, 'fraction'}))}"
        )
    if name in _SHARES:
        return Unit(name)
    top, _, bottom = name.partition("/")
    powers = {_PARTS.get(top, top): 1}
    if bottom:
        powers[_PARTS.get(bottom, bottom)] = -1
    return Unit(name, tuple(sorted(powers.items())))


_NAMES = {unit_named(name).dimensions: name for name in UNIT_SPELLINGS.values() if name != "%"}
_FACTORS: dict[str, tuple[str, Fraction]] = {
    "øre": ("kr", Fraction(1, 100)),
    "uker": ("dager", Fraction(7)),
    "år": ("måneder", Fraction(12)),
}
PLAIN = Unit("number")
"""What is left when units cancel out."""
_DOUBTFUL: Dimensions = (("?", 1),)
DOUBTFUL = Unit("?", _DOUBTFUL)
"""The unit of what is declared as one thing and calculated as another: it goes with any, so that it is told once."""


def convert(value: Decimal, source: Unit, target: Unit) -> Decimal:
    """Convert exactly between kr and øre, years and months, weeks and days, and what is made of them.

    Raises ValueError between units of different things; months and weeks have no fixed length in each other.
    """
    have, want = _reduced(source.dimensions), _reduced(target.dimensions)
    if have[1] != want[1]:
        raise ValueError(f"{source.name} cannot be converted to {target.name}")
    factor = have[0] / want[0]
    return CONTEXT.divide(CONTEXT.multiply(value, Decimal(factor.numerator)), Decimal(factor.denominator))


def _reduced(dimensions: Dimensions) -> tuple[Fraction, Dimensions]:
    factor = Fraction(1)
    powers: dict[str, int] = {}
    for name, power in dimensions:
        base, size = _FACTORS.get(name, (name, Fraction(1)))
        factor *= size**power
        powers[base] = powers.get(base, 0) + power
    return factor, tuple(sorted((name, power) for name, power in powers.items() if power))


def _product(left: Unit, right: Unit, sign: int) -> Unit:
    if _DOUBTFUL in (left.dimensions, right.dimensions):
        return DOUBTFUL
    if not right.dimensions:
        return left
    if not left.dimensions and sign > 0:
        return right
    powers = dict(left.dimensions)
    for name, power in right.dimensions:
        powers[name] = powers.get(name, 0) + sign * power
    dimensions = tuple(sorted((name, power) for name, power in powers.items() if power))
    if not dimensions:
        return PLAIN
    return Unit(_NAMES.get(dimensions, _written(dimensions)), dimensions)


def _written(dimensions: Dimensions) -> str:
    """Write a unit that has no name as people do: kr²/måned/år."""
    top = "·".join(_powered(name, power) for name, power in dimensions if power > 0)
    bottom = [_powered(_ONE.get(name, name), -power) for name, power in dimensions if power < 0]
    return "/".join([top or "1", *bottom])


def _powered(name: str, power: int) -> str:
    return name if power == 1 else f"{name}{_POWERS.get(power, f'^{power}')}"


_POWERS = {2: "²", 3: "³"}
_ONE = {"timer": "time", "dager": "dag", "uker": "uke", "måneder": "måned"}


Found = Unit | UnitConflict | None
_FIRST_ARGUMENT = frozenset(
    {
        *("abs", "ceiling", "decimal", "distinct values", "flatten", "floor", "remove", "reverse", "sort"),
        *("round down", "round half down", "round half up", "round up", "sublist"),
    }
)
"""Functions whose result has the unit of their first argument."""
_ALL_ARGUMENTS = frozenset(
    {"append", "concatenate", "max", "mean", "median", "min", "mode", "modulo", "stddev", "sum", "union"}
)
"""Functions whose arguments must have one unit, which the result has too."""
_SOUGHT = frozenset({"index of", "list contains"})
"""Functions that look for one value among others: of one unit, with a result that has none."""
_LENGTHS = {"years": "år", "months": "måneder", "days": "dager", "hours": "timer"}
"""What the parts of a duration are measured in."""
_STEPS: Mapping[tuple[str, str, int, int], str] = {
    ("/", "år", -1, 11): "måneder",
    ("/", "år", -1, 12): "måneder",
    ("*", "måneder", -1, 11): "år",
    ("*", "måneder", -1, 12): "år",
    ("*", "år", 1, 12): "måneder",
    ("/", "måneder", 1, 12): "år",
    ("*", "uker", 1, 7): "dager",
    ("/", "dager", 1, 7): "uker",
}
"""Multiplying and dividing by a plain number that changes one part of a unit: (sign, part, power, number) → part."""


def unit_of(node: Node, units: Mapping[str, Unit]) -> Found:
    """Find the unit of an expression's value.

    ``units`` gives the units of names and of dotted paths (``"barn.avtalt tid"``). Returns the Unit, None
    where there is
    none or it cannot be told, or the first UnitConflict in the order of the text.
    """
    return _Reckoning(units).of(node, {})


def bare_share(node: Node) -> Decimal | None:
    """Return the number where a node is a plain number that can be no share: more than one, without %."""
    number = node.operand if isinstance(node, nodes.Negate) else node
    if isinstance(number, nodes.Literal) and number.unit is None and isinstance(number.value, Decimal):
        return number.value if number.value > 1 else None
    return None


def _no_share(share: tuple[Unit, Node], part: Node) -> UnitConflict | None:
    """Find a percentage or fraction beside a plain number that would be hundreds of per cent."""
    unit, node = share
    number = bare_share(part)
    if unit.name not in _SHARES or number is None:
        return None
    hint = f"{number} beside a share ({unit.name}) is {number * 100:f} %: write {number} % for a percentage."
    return UnitConflict(unit, PLAIN, ((node.start, node.end), (part.start, part.end)), hint)


_Local = Mapping[str, str]


class _Reckoning:
    """One walk; ``local`` says which fact a loop's variable or a filter's item comes from."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units

    def of(self, node: Node, local: _Local) -> Found:
        rule = _RULES.get(type(node))
        return rule(self, node, local) if rule else self.inside(list(children(node)), local)

    def inside(self, parts: list[Node], local: _Local) -> UnitConflict | None:
        """Give the first conflict within parts whose units have nothing to do with each other."""
        found = (self.of(part, local) for part in parts)
        return next((item for item in found if isinstance(item, UnitConflict)), None)

    def alike(self, parts: list[Node], local: _Local) -> Found:
        """Give the one unit of parts that must agree; a part without unit agrees with all."""
        seen: tuple[Unit, Node] | None = None
        for part in parts:
            unit = self.of(part, local)
            if isinstance(unit, UnitConflict):
                return unit
            if unit is None:
                continue
            if seen is not None and not seen[0].same(unit):
                return UnitConflict(seen[0], unit, ((seen[1].start, seen[1].end), (part.start, part.end)))
            seen = seen or (unit, part)
        if seen is None:
            return None
        return next((found for part in parts if (found := _no_share(seen, part)) is not None), seen[0])

    def valueless(self, parts: list[Node], local: _Local) -> UnitConflict | None:
        found = self.alike(parts, local)
        return found if isinstance(found, UnitConflict) else None

    def literal(self, node: nodes.Literal, _local: _Local) -> Found:
        return unit_named(node.unit) if node.unit else None

    def name(self, node: nodes.Name, local: _Local) -> Found:
        return self.units.get(local.get(node.name, node.name))

    def source(self, node: Node, local: _Local) -> str | None:
        """Give the dotted path a node's value comes from, where it comes from one."""
        if isinstance(node, nodes.Name):
            return local.get(node.name, node.name)
        if isinstance(node, nodes.Path):
            base = self.source(node.base, local)
            return f"{base}.{node.name}" if base else None
        return self.source(node.base, local) if isinstance(node, nodes.Filter) else None

    def path(self, node: nodes.Path, local: _Local) -> Found:
        if isinstance(node.base, nodes.ContextOf) and node.name in node.base.keys:
            return self.of(node.base.items[node.base.keys.index(node.name)], local)
        path = self.source(node, local)
        conflict = self.inside([node.base], local)
        if conflict is not None or (path is not None and path in self.units):
            return conflict or self.units[path or ""]
        return unit_named(_LENGTHS[node.name]) if node.name in _LENGTHS else None

    def filter(self, node: nodes.Filter, local: _Local) -> Found:
        base = self.source(node.base, local)
        inner = dict(local)
        if base:
            inner["item"] = base
            inner |= {path[len(base) + 1 :]: path for path in self.units if path.startswith(f"{base}.")}
        conflict = self.inside([node.condition], inner)
        return conflict or self.of(node.base, local)

    def arithmetic(self, node: nodes.Arithmetic, local: _Local) -> Found:
        if node.op in "+-":
            return self.alike([node.left, node.right], local)
        left, right = self.of(node.left, local), self.of(node.right, local)
        for found in (left, right):
            if isinstance(found, UnitConflict):
                return found
        if node.op == "**" or isinstance(left, UnitConflict) or isinstance(right, UnitConflict):
            return None
        changed = self.converted(node, left, right)
        if changed is not None:
            return changed
        if left is None and right is None:
            return None
        return _product(left or PLAIN, right or PLAIN, 1 if node.op == "*" else -1)

    def converted(self, node: nodes.Arithmetic, left: Unit | None, right: Unit | None) -> Unit | None:
        """Apply the numbers that change a unit: ``kr/år / 11``, ``kr/måned * 12``, ``uker * 7``."""
        unit, by, number = (left, right, node.right) if left is not None else (right, left, node.left)
        if unit is None or by is not None or not isinstance(number, nodes.Literal):
            return None
        if not isinstance(number.value, Decimal) or (node.op == "/" and left is None):
            return None
        for part, power in unit.dimensions:
            other = _STEPS.get((node.op, part, power, int(number.value)))
            if other is not None and number.value == int(number.value):
                changed = tuple(sorted((other if name == part else name, p) for name, p in unit.dimensions))
                return Unit(_NAMES.get(changed, _written(changed)), changed)
        return None

    def choice(self, node: nodes.If, local: _Local) -> Found:
        return self.inside([node.condition], local) or self.alike([node.yes, node.no], local)

    def membership(self, node: nodes.In, local: _Local) -> Found:
        return self.valueless([node.operand, *node.tests], local)

    def call(self, node: nodes.Call, local: _Local) -> Found:
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        arguments = list(node.arguments)
        if name in _FIRST_ARGUMENT and arguments:
            return self.inside(arguments[1:], local) or self.of(arguments[0], local)
        if name in _ALL_ARGUMENTS:
            return self.alike(arguments, local)
        if name in _SOUGHT:
            return self.valueless(arguments, local)
        return self.inside(arguments, local)

    def bound(self, iterations: tuple[nodes.Iteration, ...], local: _Local) -> dict[str, str]:
        inner = dict(local)
        for iteration in iterations:
            source = self.source(iteration.source, inner)
            inner[iteration.name] = source or f"local {iteration.name}"
        return inner

    def loop(self, node: nodes.For, local: _Local) -> Found:
        sources = [iteration.source for iteration in node.iterations]
        return self.inside(sources, local) or self.of(node.body, self.bound(node.iterations, local))

    def quantified(self, node: nodes.Quantified, local: _Local) -> Found:
        sources = [iteration.source for iteration in node.iterations]
        return self.inside([*sources], local) or self.inside([node.body], self.bound(node.iterations, local))


_RULES: Mapping[type[Node], Callable[[_Reckoning, Any, _Local], Found]] = {
    nodes.Literal: _Reckoning.literal,
    nodes.Name: _Reckoning.name,
    nodes.Path: _Reckoning.path,
    nodes.Filter: _Reckoning.filter,
    nodes.Negate: lambda walk, node, local: walk.of(node.operand, local),
    nodes.Arithmetic: _Reckoning.arithmetic,
    nodes.If: _Reckoning.choice,
    nodes.Compare: lambda walk, node, local: walk.valueless([node.left, node.right], local),
    nodes.Between: lambda walk, node, local: walk.valueless([node.operand, node.low, node.high], local),
    nodes.In: _Reckoning.membership,
    nodes.RangeOf: lambda walk, node, local: walk.alike([node.low, node.high], local),
    nodes.Test: lambda walk, node, local: walk.of(node.operand, local),
    nodes.UnaryTests: lambda walk, node, local: walk.alike(list(node.tests), local),
    nodes.ListOf: lambda walk, node, local: walk.alike(list(node.items), local),
    nodes.Call: _Reckoning.call,
    nodes.For: _Reckoning.loop,
    nodes.Quantified: _Reckoning.quantified,
}
