"""Whole numbers divided and rounded, each of FEEL's ways."""

from dataclasses import dataclass

from sqlglot import exp

from dugnad.rulebook.columns.cells import whole
from dugnad.rulebook.columns.cells.sql import binary, both, choice, inside
from dugnad.rulebook.columns.cells.target import Target
from dugnad.rulebook.columns.cells.whole import Int


@dataclass(frozen=True, slots=True)
class Rounding:
    """Rounds `top / under` to a whole number."""

    target: Target
    top: Int
    under: Int

    def by(self, way: str) -> Int:
        """Round the named way."""
        one = {"floor": self.floor, "ceiling": self.ceiling, "half even": self.half_even}.get(way)
        if one is not None:
            return one()
        if self.top.low >= 0:
            return self._of_size(way)
        size = Rounding(self.target, whole.absolute(self.top), self.under)
        return whole.multiply(size._of_size(way), whole.sign(self.top), self.target)

    def _of_size(self, way: str) -> Int:
        return {"down": self.floor, "up": self.ceiling, "half up": self.half_up, "half down": self.half_down}[
            way
        ]()

    def floor(self) -> Int:
        """Round towards minus infinity."""
        return whole.divide_down(self.top, self.under, self.target)

    def ceiling(self) -> Int:
        """Round towards plus infinity."""
        flipped = Rounding(self.target, whole.negative(self.top, self.target), self.under)
        return whole.negative(flipped.floor(), self.target)

    def _doubled(self, shift: int) -> "Rounding":
        two = Int.of(2, self.target)
        top = whole.multiply(self.top, two, self.target)
        half = whole.multiply(self.under, Int.of(shift, self.target), self.target)
        return Rounding(
            self.target, whole.add(top, half, self.target), whole.multiply(self.under, two, self.target)
        )

    def half_up(self) -> Int:
        """Round a half up; for sizes."""
        return self._doubled(1).floor()

    def half_down(self) -> Int:
        """Round a half down; for sizes."""
        return self._doubled(-1).ceiling()

    def half_even(self) -> Int:
        """Round a half to the even neighbour."""
        doubled = self._doubled(1)
        up = doubled.floor()
        zero = Int.of(0, self.target).sql
        rest = whole.rest(doubled.top, doubled.under, self.target)
        odd = whole.remainder(up, Int.of(2, self.target), self.target)
        back = both(binary(exp.EQ, rest.sql, zero), binary(exp.NEQ, odd.sql, zero))
        one = Int.of(1, self.target)
        less = exp.Sub(this=inside(up.sql), expression=one.sql)
        return Int(choice([(back, less)], up.sql), up.low - 1, up.high, up.wide)
