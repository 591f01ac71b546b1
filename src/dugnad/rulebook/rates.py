"""Dated rates: amounts that change by date, each with its source.

A value is in force from its `from` until the next one begins (or until its own `until`). A value marked
`verified: false` has a number but no seen source: it may be calculated with, but gives no automatic decision
until whoever decides has confirmed it. A day before the first value has no rate, and that is an error to
be seen, never a zero.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dugnad.rulebook.located import Finding, Node, Place

Confirmation = tuple[str, date]
"""Which value is confirmed: the name of the rate and the `from` of the value."""


@dataclass(frozen=True, slots=True)
class RateValue:
    """One amount: in force from `start`; `until` is its last day where the source gives one."""

    start: date
    value: Decimal
    source: str
    verified: bool
    place: Place
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A named amount over time, oldest first, in one unit."""

    name: str
    unit: str
    law: str
    values: tuple[RateValue, ...]
    place: Place

    def on(self, day: date) -> RateValue | None:
        """Return the value in force on `day`, or None where there is none."""
        at = bisect_right(self.values, day, key=lambda value: value.start)
        if at == 0:
            return None
        found = self.values[at - 1]
        return None if found.until is not None and day > found.until else found


@dataclass(frozen=True)
class Rates:
    """All rates of a service, with the confirmations that hold where it is used."""

    rates: Mapping[str, Rate]

    def on(self, day: date) -> Mapping[str, RateValue | None]:
        """Return every rate by name as it is on `day`; None for a rate that has no value that day."""
        return _on(self, day)

    def confirmed(self, confirmations: Collection[Confirmation]) -> "Rates":
        """Return the same rates with these values taken as verified."""
        chosen = frozenset(confirmations)
        return Rates({name: _confirm(rate, chosen) for name, rate in self.rates.items()})

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@lru_cache(maxsize=4096)
def _on(rates: Rates, day: date) -> Mapping[str, RateValue | None]:
    return {name: rate.on(day) for name, rate in rates.rates.items()}


def _confirm(rate: Rate, chosen: frozenset[Confirmation]) -> Rate:
    return replace(
        rate,
        values=tuple(
            replace(value, verified=True) if (rate.name, value.start) in chosen else value
            for value in rate.values
        ),
    )


def read_rates(node: Node) -> tuple[Rates, tuple[Finding, ...]]:
    """Read `rates.yaml`: { name: { unit, law, values: [{ from, value, source | verified: false }] } }.

    Gives the rates and what is wrong with them: no values, dates out of order or twice, a value without
    number, neither source nor `verified: false`.
    """
    findings: list[Finding] = []
    rates = {name: _read_rate(name, child, findings) for name, child in node.items()}
    return Rates(rates), tuple(findings)


def _read_rate(name: str, node: Node, findings: list[Finding]) -> Rate:
    listed = node.get("values")
    values = [_read_value(child, findings) for child in (listed.elements() if listed else ())]
    known = tuple(value for value in values if value is not None)
    findings.extend(_out_of_order(known))
    if not values:
        findings.append(
            Finding.at(
                node.place, "rate-empty", f"'{name}' has no values", "Add one with from, value and source."
            )
        )
    return Rate(name, node.text("unit") or "", node.text("law") or "", known, node.place)


def _read_value(node: Node, findings: list[Finding]) -> RateValue | None:
    findings.extend(_wrong_parts(node))
    start, value, until = (node.get(key) for key in ("from", "value", "until"))
    if not (start and isinstance(start.value, date)) or not (value and isinstance(value.value, Decimal)):
        return None
    source, verified = node.text("source") or "", node.text("verified") != "false"
    if verified and not source:
        mend = "Name the source, or write verified: false until someone has seen it."
        findings.append(Finding.at(node.place, "rate-source", "a verified rate needs its source", mend))
    last = until.value if until and isinstance(until.value, date) else None
    return RateValue(start.value, value.value, source, verified, node.place, last)


def _wrong_parts(node: Node) -> Iterable[Finding]:
    """Find a date that is none and a number that is none; in quotation marks both are texts."""
    for key, kind in (("from", date), ("value", Decimal), ("until", date), ("verified", bool)):
        one = node.get(key)
        if one is None and key in ("from", "value"):
            mend = "Write { from: 2026-08-01, value: 1200, source: … }."
            yield Finding.at(node.place, "rate-value", f"a rate needs {key}", mend)
        elif one is not None and not isinstance(one.value, kind):
            what = f"{key} is '{node.text(key) or ''}', which is no {_KINDS[kind]}"
            yield Finding.at(one.place, "rate-value", what, _HOW[kind])


_KINDS: Mapping[type, str] = {date: "date", Decimal: "number", bool: "truth value"}
_HOW: Mapping[type, str] = {
    date: "Write the day as 2026-08-01, without quotation marks.",
    Decimal: "Write only the number, as 1200 or 0.06, without quotation marks.",
    bool: "Write true or false.",
}


def _out_of_order(values: Iterable[RateValue]) -> Iterable[Finding]:
    previous: RateValue | None = None
    for value in values:
        if previous is not None and value.start <= previous.start:
            what = f"{value.start} does not come after {previous.start}"
            yield Finding.at(value.place, "rate-order", what, "Write the oldest value first, each date once.")
        previous = value
