"""Rates over time: days without a value, rates that end before others, values nobody has confirmed."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from dugnad.rulebook.located import Finding
from dugnad.rulebook.rates import Rate, Rates, RateValue

_DAY = timedelta(days=1)
_LEAP = 10
"""Times as much or as little that no rate changes at once."""


def gaps_in_time(rates: Rates) -> Iterator[Finding]:
    """Find days on which a rate has no value, though it has one before and after, or others still have one."""
    open_ended = [rate.name for rate in rates.rates.values() if rate.values and rate.values[-1].until is None]
    for rate in rates.rates.values():
        for first, last, after in _empty(rate):
            place = rate.values[after].place
            what = f"'{rate.name}' has no value from {first} to {last}: a decision for those days stops"
            mend = "Add the value with its source, or leave it: the rules then ask a person."
            yield Finding.at(place, "rate-gap", what, mend, "information")
        end = rate.values[-1].until if rate.values else None
        others = [name for name in open_ended if name != rate.name]
        if end is not None and others:
            what = f"'{rate.name}' ends on {end}, while '{others[0]}' goes on: every decision after that day stops"
            yield Finding.at(rate.values[-1].place, "rate-ends", what, "Add the next value.", "warning")
        yield from _overlapping(rate)
        yield from _leaping(rate)


def _empty(rate: Rate) -> Iterator[tuple[date, date, int]]:
    """Give the periods between two values that neither covers, with the number of the value after."""
    for at, value in enumerate(rate.values[1:], 1):
        before = rate.values[at - 1].until
        if before is not None and before + _DAY < value.start:
            yield before + _DAY, value.start - _DAY, at


def _overlapping(rate: Rate) -> Iterator[Finding]:
    for at, value in enumerate(rate.values):
        if value.until is not None and value.until < value.start:
            what = f"'{rate.name}' ends on {value.until}, before it begins on {value.start}"
            yield Finding.at(value.place, "rate-order", what, "Let until come after from.")
        elif at and rate.values[at - 1].start < value.start <= (rate.values[at - 1].until or date.min):
            end = rate.values[at - 1].until
            what = f"the value before is in force until {end}, and this one from {value.start}"
            yield Finding.at(
                value.place, "rate-overlap", what, "Let the one end the day before the next.", "warning"
            )


def _leaping(rate: Rate) -> Iterator[Finding]:
    """Find a value many times the one before: øre for kr, a year for a month, a digit too many."""
    told: RateValue | None = None
    for before, value in pairwise(rate.values):
        least, most = sorted((abs(before.value), abs(value.value)))
        if least and most / least >= _LEAP and before is not told:
            told = value
            what = f"'{rate.name}' goes from {before.value:f} to {value.value:f} on {value.start}: {most / least:.0f} times"
            mend = f"Check the number; it is measured in {rate.unit}." if rate.unit else "Check the number."
            yield Finding.at(value.place, "rate-leap", what, mend, "warning")
