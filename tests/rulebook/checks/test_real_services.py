"""Real services broken in one place as a tired lawyer or developer would: exactly that is told, at its line."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dugnad.rulebook.checks.reading import read_parts
from dugnad.rulebook.checks.service import check_rules
from dugnad.rulebook.located import Finding, UnreadableError, read
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.ruleset import Patch, compile_ruleset

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = {
    path.parent.name: path.parent
    for path in (
        *(ROOT / "services").glob("*/rules.yaml"),
        *(ROOT / "bench" / "services").glob("*/rules.yaml"),
    )
}
FILES = ("rules.yaml", "facts.yaml", "rates.yaml")
MUTATIONS = yaml.safe_load((Path(__file__).parent / "mutations.yaml").read_text(encoding="utf-8"))


@lru_cache
def texts_of(service: str) -> dict[str, str]:
    return {name: (FOLDERS[service] / name).read_text(encoding="utf-8") for name in FILES}


def found_in(texts: dict[str, str]) -> list[Finding]:
    try:
        rules, facts, rates = (read(texts[name], file=name) for name in FILES)
    except UnreadableError as error:
        return [error.finding]
    source, book = read_rules(rules), read_facts(facts)
    known, wrong = read_rates(rates)
    _, unfit = compile_ruleset(source, book, known, Patch())
    # letters and examples are not read here: what only they use is not told
    beside = check_rules(read_parts(source, book, known))
    told = (one for one in beside if one.code != "unused" and one.severity != "information")
    return sorted({*wrong, *unfit, *told})


@pytest.mark.parametrize("service", FOLDERS)
def test_a_service_as_it_is_has_nothing_to_mend(service: str) -> None:
    assert found_in(texts_of(service)) == []


@pytest.mark.parametrize("one", MUTATIONS, ids=lambda one: f"{one['service']}: {one['after'].strip()[:50]}")
def test_one_mistake_is_one_finding_at_its_place(one: dict[str, Any]) -> None:
    text = texts_of(one["service"])[one["file"]]
    assert one["before"] in text
    changed = text.replace(one["before"], one["after"], 1)

    (found,) = found_in({**texts_of(one["service"]), one["file"]: changed})

    assert (found.code, found.what) == (one["code"], one.get("what", found.what))
    line = {**texts_of(one["service"]), one["file"]: changed}[found.file].splitlines()[found.line - 1]
    assert (found.file, line[found.column - 1 :][: len(one["at"])]) == (one.get("in", one["file"]), one["at"])
    assert found.mend
