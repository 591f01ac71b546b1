"""A service as exporting and importing see it: its files, and the records they hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from dugnad.rulebook.located import Node, read
from dugnad.rulebook.rates import Rates, read_rates
from dugnad.rulebook.rules.facts import FactBook, read_facts
from dugnad.rulebook.rules.names import Vocabulary, vocabulary
from dugnad.rulebook.rules.source import RuleSource, read_rules


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """A service folder's files by name, and what rules.yaml, facts.yaml and rates.yaml say."""

    files: Mapping[str, str]
    about: Node
    source: RuleSource
    book: FactBook
    rates: Rates
    words: Vocabulary

    @property
    def slug(self) -> str:
        """The service's name in addresses and folders."""
        return self.about.text("service") or "service"

    @property
    def title(self) -> str:
        """What the service is called in Bokmål."""
        return self.about.text("title", "nb") or self.slug

    @property
    def law(self) -> str:
        """The act the service rests on."""
        return self.source.law or self.about.text("law") or ""


def read_parts(files: Mapping[str, str]) -> ServiceParts:
    """Read the files of a service that `dugnad check` accepts. Raises UnreadableError for broken YAML and
    KeyError where a file is missing.
    """
    about, rules, facts, rates = (
        read(files[name], file=name) for name in ("service.yaml", "rules.yaml", "facts.yaml", "rates.yaml")
    )
    source, book, (known, _) = read_rules(rules), read_facts(facts), read_rates(rates)
    return ServiceParts(files, about, source, book, known, vocabulary(source, book, known))
