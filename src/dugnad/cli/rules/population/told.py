"""A sweep told at a terminal: the whole in sentences, outcomes and municipalities in tables, and as data."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from dugnad.cli.rules.population.sweeping import Account
from dugnad.cli.rules.population.tally import Place, Tally
from dugnad.cli.rules.terminal import console, table
from dugnad.connectors.norway.reference import municipalities
from dugnad.rulebook.feel.values import Value
from dugnad.rulebook.rules.facts import to_data

SHOWN = 15
_PER = {"måned": "a month", "år": "a year", "uke": "a week"}


def show(tally: Tally, per: str) -> None:
    """Print the figures. per: what an amount is per, as the unit has it."""
    paper, per = console(), _PER.get(per, "")
    for sentence in (*_figures(tally.whole, per), *_basis(tally)):
        paper.print(sentence, markup=False)
    moves = [(old, new, f"{count:,}") for (old, new), count in tally.moves.most_common()]
    if moves:
        paper.print(table("Outcomes that change", ("from", "to", "residents"), moves))
    names = {one.code: one.name for one in municipalities()}
    places = tally.by_change()
    rows = [
        (
            names.get(code, code),
            *(f"{number:,}" for number in (place.residents, place.changed, place.outcome)),
            f"{place.difference:+,.0f}",
        )
        for code, place in places[:SHOWN]
    ]
    if rows:
        several = f"The {SHOWN} of {len(places)} municipalities with most"
        title = several if len(places) > SHOWN else "Municipalities"
        headings = ("municipality", "residents", "with a change", "another outcome", f"kr {per}".strip())
        paper.print(table(title, headings, rows))


def as_data(tally: Tally) -> dict[str, object]:
    """Return the figures as JSON can hold them; amounts as text."""
    account = tally.account
    return {
        "whole": _place(tally.whole),
        "municipalities": {code: _place(place) for code, place in tally.by_change()},
        "outcomes": [
            {"from": old, "to": new, "residents": count} for (old, new), count in tally.moves.most_common()
        ],
        "failed": dict(tally.failed),
        "basis": {
            "as of": account.as_of.isoformat(),
            "persons": account.persons,
            "everybody answers": {name: to_data(value) for name, value in account.answers.items()},
            "unknown to all": list(account.unknown),
            "decided exactly": account.exactly,
            "not by column": account.reasons,
            "seconds": round(account.seconds, 1),
        },
    }


def _place(place: Place) -> dict[str, object]:
    return {**asdict(place), "difference": place.difference}


def _figures(whole: Place, per: str) -> Iterator[str]:
    yield (
        f"\n{whole.changed:,} of {whole.residents:,} residents live in a household where something changes:"
        f" {whole.outcome:,} get another outcome ({whole.refused:,} are refused who were not, {whole.granted:,} no"
        f" longer are), {whole.amount:,} another amount ({whole.better:,} a better one, {whole.worse:,} a worse one),"
        f" {whole.to_person:,} now go to a person."
    )
    yield (
        f"The sum goes from {whole.before:,.0f} to {whole.after:,.0f} kr {per}".rstrip()
        + f": {whole.difference:+,.0f} kr."
    )


def _basis(tally: Tally) -> Iterator[str]:
    account = tally.account
    answers = "; ".join(f"{name}: {_said(value)}" for name, value in account.answers.items())
    yield (
        f"{tally.whole.households:,} households of a synthetic Norway of {account.persons:,} living persons, families"
        f" and incomes as of {account.as_of}. Everybody is taken to answer: {answers}."
    )
    if account.unknown:
        yield f"No register here tells of {', '.join(account.unknown)}: unknown for everybody."
    yield f"{_way(account)} {account.seconds:,.1f} s."
    if tally.failed:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in tally.failed.most_common())
        yield f"Households that could not be decided, and are left out: {kinds}."


def _way(account: Account) -> str:
    if not account.reasons:
        return f"Calculated by column; {account.exactly:,} answers in doubt were decided exactly."
    which = {"gammel": "The old version", "ny": "The new version"}
    told = " ".join(f"{which[one]} was decided exactly: {reason}." for one, reason in account.reasons.items())
    return (
        f"{told} {account.exactly:,} answers by column were in doubt, and decided exactly."
        if account.exactly
        else told
    )


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value}" if isinstance(value, Decimal | date | str) else str(to_data(value))
