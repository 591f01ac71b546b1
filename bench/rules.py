"""(c) One decision by the rulebook, with its trace, beside the same rule written by hand in Python."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from bench.measuring import Report, cpu_each
from bench.stack import PROJECT
from dugnad.catalogue.loading import read_folder, service_from_files
from dugnad.catalogue.tailoring import load_tailoring
from dugnad.rulebook.ruleset import Ruleset

AIM_MICROSECONDS = 200
ON = date(2026, 11, 21)
SERVICE = "redusert-foreldrebetaling"


def run() -> Report:
    """Measure both on the family of the story: two adults, two children."""
    rules, facts = ruleset(), family()
    outcome = rules.decide(facts, on=ON)
    amounts = [item.values["månedsbeløp"] for item in outcome.items]
    assert outcome.automatic, (outcome.stops, outcome.diagnostics)
    assert amounts == by_hand(facts) == [Decimal(612), Decimal(771)], amounts
    with_trace = cpu_each(lambda: rules.decide(facts, on=ON), rounds=9, times=500)
    stored = cpu_each(lambda: rules.decide(facts, on=ON).as_data(), rounds=9, times=200)
    hand = cpu_each(lambda: by_hand(facts), rounds=9, times=5_000)
    report = Report("rules: one decision, two children", ("", "CPU µs", "of the hand-written rule"))
    for name, seconds in (
        ("hand-written Python, no trace, no unknowns (baseline)", hand),
        ("the rulebook, every step and table row recorded", with_trace),
        ("the same, and the trace as the data that is stored", stored),
    ):
        report.add(name, seconds * 1e6, seconds / hand)
    report.notes.append(f"Aim: at most {AIM_MICROSECONDS} µs with trace. Here: {with_trace * 1e6:.0f} µs.")
    return report


def ruleset() -> Ruleset:
    """The service's rules with Stord's tailoring."""
    service = service_from_files(read_folder(PROJECT / "services" / SERVICE))
    return service.ruleset(load_tailoring(PROJECT / "tailoring" / "4614" / f"{SERVICE}.yaml", service))


def family() -> dict[str, Any]:
    """The mother in Stord: 202,000 kr in all, a girl born in 2022 and a boy born in 2025, both 45 hours a week."""
    adult = {"adressebeskyttelse": "ugradert", "inntektsår": Decimal(2025)}
    child = {
        "foreldre": ["mor", "far"],
        "foreldreansvar": True,
        "delt bosted": False,
        "bor på adressen": True,
        "adressebeskyttelse": "ugradert",
        "har plass": True,
        "barnehage": "Solkroken",
        "barnehagens kommune": "4614",
        "avtalt tid": Decimal(45),
        "plass fra": date(2024, 8, 1),
    }
    names = {"mor": (148_500, 1_100, None), "far": (52_000, 400, "ektefelle")}
    born = {"Nora": date(2022, 5, 6), "Odin": date(2025, 2, 11)}
    return {
        "søker": "mor",
        "vår kommune": "4614",
        "søknadsdato": ON,
        "bostedskommune": "4614",
        "ektefelle": ["far"],
        "husholdning": [
            {
                **adult,
                **({"relasjon": relation, "bostedsadresse fra": date(2022, 9, 23)} if relation else {}),
                "person": name,
                "navn": name,
                "personinntekt": Decimal(own),
                "kapitalinntekt": Decimal(capital),
            }
            for name, (own, capital, relation) in names.items()
        ],
        "barn": [
            {**child, "person": name, "navn": name, "fornavn": name, "fødselsdato": day}
            for name, day in born.items()
        ],
        "samboer uten felles barn": False,
        "varig inntektsnedgang": False,
        "barna stemmer": True,
    }


def by_hand(facts: Mapping[str, Any]) -> list[Decimal]:
    """The fee as a programmer would write it for this one service: nothing unknown, nothing explained."""
    income = sum((one["personinntekt"] + one["kapitalinntekt"] for one in facts["husholdning"]), Decimal(0))
    applied = facts["søknadsdato"]
    year = applied.year if applied.month >= 6 else applied.year - 1
    price, limit = Decimal(1_150), Decimal(692_400)
    price = min(price, income * 6 / 100 / 11)
    at_kindergarten = [one for one in facts["barn"] if one["har plass"]]
    amounts = []
    for child in at_kindergarten:
        siblings = [
            one
            for one in at_kindergarten
            if one is not child
            and one["barnehagens kommune"] == child["barnehagens kommune"]
            and (one["bor på adressen"] or one["delt bosted"])
            and set(one["foreldre"]) & set(child["foreldre"])
        ]
        number = 1 + sum(one["fødselsdato"] < child["fødselsdato"] for one in siblings)
        amount = price * (1, Decimal("0.7"), 0)[min(number, 3) - 1]
        if income < limit and year - child["fødselsdato"].year >= 2:
            amount *= 1 - Decimal(20) / 45
        if child["avtalt tid"] < 41:
            amount *= child["avtalt tid"] / 45
        amounts.append(amount.to_integral_value(ROUND_FLOOR))
    return amounts
