"""A small service in three texts, to be broken one thing at a time."""

from dugnad.rulebook.checks.reading import read_parts
from dugnad.rulebook.checks.service import check_rules
from dugnad.rulebook.located import Finding, read
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.ruleset import Patch, Ruleset, compile_ruleset

FACTS = """
law: Testloven
facts:
  søknadsdato: { type: date, from: case }
  inntekt: { type: number, unit: kr/år, from: skattegrunnlaget, law: § 2, kept: 5 years }
  alene: { type: boolean, from: applicant, law: § 4 }
  sivilstand: { type: text, from: folkeregisteret, law: § 4, kept: 5 years }
  barn:
    list of: person
    from: folkeregisteret
    law: § 3
    kept: 5 years
    entries: { bor her: boolean }
  barn.alder: { type: number, from: folkeregisteret, law: § 3, kept: 5 years }
"""
RATES = """
makspris:
  unit: kr/måned
  law: § 1
  values:
    - { from: 2024-08-01, value: 2000, source: stord.kommune.no }
"""
RULES = """
law: Testloven
stop:
  alene: { when: alene, law: § 4, why: { nb: Skjønn, nn: Skjønn, en: Discretion } }
calculate:
  tak: { is: inntekt * 6 % / 11, law: § 2, unit: kr/måned }
  pris:
    unit: kr/måned
    table: |
      | F | tak        | → pris                                    | hjemmel |
      |---|------------|-------------------------------------------|---------|
      |   | < makspris | if inntekt > 0 kr/år then tak else 0      | § 2     |
      |   | -          | makspris                                  | § 1     |
conclude:
  utfall: { is: 'if pris < makspris then "innvilget" else "avslag"', law: § 5 }
result: { outcome: utfall, refusals: [avslag], amount: pris, better: lower }
"""


def checked(
    rules: str = RULES, *, facts: str = FACTS, rates: str = RATES, information: bool = False
) -> list[Finding]:
    """Check three texts without compiling them."""
    book = read_facts(read(facts, file="facts.yaml"))
    known, _ = read_rates(read(rates, file="rates.yaml"))
    reading = read_parts(read_rules(read(rules, file="rules.yaml")), book, known)
    return sorted(one for one in check_rules(reading) if information or one.severity != "information")


def with_step(formula: str, more: str = "", *, section: str = "calculate") -> str:
    """Return the rules with one more step, `prøve`, that the outcome depends on."""
    step = f"  prøve:\n    is: {formula!r}\n{more}"
    changed = RULES.replace(f"{section}:\n", f"{section}:\n{step}", 1)
    return changed.replace("when: alene,", "when: alene or prøve = null,")


def with_table(table: str, more: str = "") -> str:
    """Return the rules with one more table, `prøve`, that the outcome depends on."""
    lines = "\n".join(f"      {line.strip()}" for line in table.strip().splitlines())
    step = f"  prøve:\n{more}    table: |\n{lines}\n"
    changed = RULES.replace("calculate:\n", f"calculate:\n{step}", 1)
    return changed.replace("when: alene,", "when: alene or prøve = null,")


def compiled(
    rules: str = RULES, *, facts: str = FACTS, rates: str = RATES, patch: Patch | None = None
) -> tuple[Ruleset | None, tuple[Finding, ...]]:
    """Compile three texts; gives the rules, or None and what is wrong."""
    book = read_facts(read(facts, file="facts.yaml"))
    known, _ = read_rates(read(rates, file="rates.yaml"))
    return compile_ruleset(read_rules(read(rules, file="rules.yaml")), book, known, patch or Patch())


def ruleset(rules: str = RULES, *, facts: str = FACTS, rates: str = RATES) -> Ruleset:
    """Compile three texts that are right."""
    made, findings = compiled(rules, facts=facts, rates=rates)
    assert not findings
    assert made is not None
    return made
