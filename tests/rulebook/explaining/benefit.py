"""A small benefit: who earns and owns little, and is of age, is granted; without a sentence of its own."""

from datetime import date
from decimal import Decimal
from typing import Any

from dugnad.rulebook.located import read
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.ruleset import Outcome, Patch, Ruleset, compile_ruleset

ON = date(2026, 9, 1)
FACTS = """
law: Testloven
facts:
  søknadsdato: { type: date, from: case }
  inntekt: { type: number, unit: kr/år, from: skattegrunnlaget, law: § 2, label: { nb: Inntekt, nn: Inntekt, en: Income } }
  formue: { type: number, unit: kr, from: skattegrunnlaget, law: § 2, label: { nb: Formue, nn: Formue, en: Wealth } }
  fødselsdato: { type: date, from: folkeregisteret, law: § 3, label: { nb: Født, nn: Fødd, en: Born } }
  eier boligen: { type: boolean, from: applicant, law: § 4, label: { nb: Eier boligen, nn: Eig bustaden, en: Owns the home } }
  under gjeldsordning: { type: boolean, from: applicant, law: § 5 }
"""
RATES = """
inntektsgrense:
  unit: kr/år
  law: § 2
  values: [{ from: 2021-08-01, value: 583650, source: en kommunal nettside }]
"""
RULES = """
law: Testloven
stop:
  gjeldsordning: { when: under gjeldsordning, law: § 5, why: { nb: Skjønn, nn: Skjønn, en: Discretion } }
calculate:
  alder: { is: søknadsdato.year - fødselsdato.year, law: § 3 }
  innenfor:
    table: |
      | F | inntekt          | formue     | alder | eier boligen | → innenfor | hjemmel |
      |---|------------------|------------|-------|--------------|------------|---------|
      |   | < inntektsgrense | <= 100000  | >= 18 | false        | true       | § 2     |
      |   | -                | -          | -     | -            | false      | § 6     |
  støtte:
    unit: kr/måned
    round: hele kroner ned
    law: § 7
    is: if innenfor then (inntektsgrense - inntekt) * 1 % else 0 kr/måned
conclude:
  utfall:
    table: |
      | F | innenfor | → utfall    | hjemmel |
      |---|----------|-------------|---------|
      |   | true     | "innvilget" |         |
      |   | -        | "avslag"    |         |
result: { outcome: utfall, refusals: [avslag], amount: støtte, better: higher }
"""


def ruleset(rules: str = RULES) -> Ruleset:
    rates, _ = read_rates(read(RATES, file="rates.yaml"))
    made, findings = compile_ruleset(
        read_rules(read(rules, file="rules.yaml")), read_facts(read(FACTS, file="facts.yaml")), rates, Patch()
    )
    assert findings == ()
    assert made is not None
    return made


def facts(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "søknadsdato": ON,
        "inntekt": Decimal(600_000),
        "formue": Decimal(50_000),
        "fødselsdato": date(1990, 5, 1),
        "eier boligen": False,
        "under gjeldsordning": False,
    }
    return known | {name.replace("_", " "): value for name, value in changes.items()}


def decide(rules: Ruleset, known: dict[str, Any]) -> Outcome:
    return rules.decide(known, on=ON)


def plain(text: str) -> str:
    """A sentence with ordinary spaces."""
    return text.replace("\u00a0", " ")
