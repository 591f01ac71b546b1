"""The exported model, run by a DMN engine, says what the rules say; and where it cannot, it says so."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dugnad.catalogue.checking import load_folder, tailorings_of
from dugnad.catalogue.examples import example_facts
from dugnad.catalogue.types import LoadedService, Ruleset, Tailoring
from dugnad.rulebook.dmn.evaluating import Executable, Inputs, compile_model, library_of
from dugnad.rulebook.dmn.reading import read
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.writing import write
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.located import Node
from dugnad.rulebook.ruleset import Outcome

PROJECT = Path(__file__).parents[4]
WANTED = [("", "vedtak"), ("", "utfall"), ("", "må vurderes fordi")]


def bare(value: Value) -> Value:
    """What another engine is told: it has no unknown, only null."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Mapping):
        return {key: bare(child) for key, child in value.items()}
    return [bare(child) for child in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def service() -> LoadedService:
    return load_folder(PROJECT / "services/redusert-foreldrebetaling")


@pytest.fixture(scope="module", params=[False, True], ids=["with boxes", "for bpmn.io"])
def model(service: LoadedService, request: pytest.FixtureRequest) -> Executable:
    made = compile_model(library_of(read(write(export_service(service.files, for_bpmn_io=request.param)))))
    assert made.problems == ()
    return made


@pytest.fixture(scope="module")
def tailorings(service: LoadedService) -> Mapping[str, Tailoring]:
    return tailorings_of(service, PROJECT / "tailoring")[0]


def cases(service: LoadedService) -> list[Node]:
    section = service.examples.get("examples")
    return list(section.elements()) if section else []


def decided(service: LoadedService, rules: Ruleset, node: Node) -> tuple[Outcome, Inputs]:
    day = node.get("date")
    assert day is not None
    assert isinstance(day.value, date)
    facts = example_facts(service, node, day.value)
    outcome = rules.decide(facts, on=day.value)
    inputs = {name: bare(value) for name, value in service.book.complete(facts).items()}
    local = {f"lokal verdi av {name}": bare(outcome.known.get(name)) for name in rules.patch.open}
    told: Inputs = dict((*inputs.items(), *local.items()))
    return outcome, told


def hours_above_twenty(rules: Ruleset) -> bool:
    """Whether a municipality has a formula of its own for each child: it cannot be handed over as one value."""
    own = [text.text for dated in rules.patch.open.values() for _, text in dated]
    plain = rules.source.open["andel ved deltid"].otherwise.text
    return any("avtalt tid" in text and text != plain for text in own)


def test_all_examples_the_rules_decide_alone_come_out_the_same(
    service: LoadedService, model: Executable, tailorings: Mapping[str, Tailoring]
) -> None:
    alone = 0
    for node in cases(service):
        where = node.text("as in")
        rules = service.ruleset(tailorings[where] if where else None)
        if hours_above_twenty(rules):
            continue
        outcome, inputs = decided(service, rules, node)
        results, chosen, reasons = model.decide_all(WANTED, inputs)
        if not outcome.automatic:
            continue
        alone += 1
        # The model asks a person where a rate is missing, even where it would have changed nothing.
        reasons = [one for one in reasons if not one.startswith("sats mangler")]
        assert (chosen, reasons) == (outcome.outcome, []), node.text("name")
        assert len(results) == len(outcome.items)
        for theirs, ours in zip(results, outcome.items, strict=True):
            assert {name: theirs[name] for name in ours.values} == {
                name: bare(value) for name, value in ours.values.items()
            }, node.text("name")
    assert alone > 25


def test_where_the_rules_stop_the_model_says_that_a_person_must_look(
    service: LoadedService, model: Executable
) -> None:
    stopped = 0
    for node in cases(service):
        if node.text("as in"):
            continue
        outcome, inputs = decided(service, service.ruleset(), node)
        own = [stop for stop in outcome.stops if stop.name in {one.name for one in service.source.stops}]
        missing = [stop for stop in outcome.stops if stop.name == "sats mangler"]
        if own or missing:
            stopped += 1
            said = model.decide_all(WANTED, inputs)[2]
            assert {stop.name for stop in own} <= set(said), node.text("name")
            assert said, node.text("name")
    assert stopped > 8


def test_a_day_without_a_rate_gives_no_rate(model: Executable) -> None:
    assert model.decide("makspris", {"søknadsdato": date(2018, 8, 15)}) is None
    assert model.decide("makspris", {"søknadsdato": date(2024, 8, 15)}) == Decimal(2000)


def test_a_municipalitys_own_value_counts_within_its_bounds(model: Executable) -> None:
    day = date(2024, 8, 15)
    for own, counts in ((Decimal(1900), Decimal(1900)), (Decimal(2100), None), (None, Decimal(2000))):
        asked: Inputs = {"søknadsdato": day, "lokal verdi av kommunens pris": own}
        assert model.decide("kommunens pris", asked) == counts
