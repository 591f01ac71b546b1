"""Rules from texts, ready to decide: the shortest way in for whoever uses the rulebook alone."""

from collections.abc import Sequence

from dugnad.rulebook.located import Finding, UnreadableError, read
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.ruleset import Patch, Ruleset, bounds_of, compile_ruleset


class RulesError(ValueError):
    """The texts make no rules. `findings` has every error with file, line, what is wrong and how to mend it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            "\n".join(f"{one.file}:{one.line}:{one.column}: {one.what}. {one.mend}" for one in findings)
        )
        self.findings = tuple(findings)


def ruleset_from_texts(*, rules: str, facts: str, rates: str = "{}", patch: Patch | None = None) -> Ruleset:
    """Compile rules from the texts of `rules.yaml`, `facts.yaml` and `rates.yaml`.

    `patch` is what an organisation has tailored. Raises RulesError with every error at once. The files' form is
    checked by their JSON Schemas in the service library; here only what keeps the rules from running.
    """
    try:
        nodes = [
            read(text, file=file)
            for text, file in ((rules, "rules.yaml"), (facts, "facts.yaml"), (rates, "rates.yaml"))
        ]
    except UnreadableError as error:
        raise RulesError((error.finding,)) from None
    known_rates, wrong_rates = read_rates(nodes[2])
    made, wrong = compile_ruleset(read_rules(nodes[0]), read_facts(nodes[1]), known_rates, patch or Patch())
    beyond = bounds_of(made) if made is not None else ()
    findings = [one for one in (*wrong_rates, *wrong, *beyond) if one.severity == "error"]
    if made is None or findings:
        raise RulesError(findings)
    return made
