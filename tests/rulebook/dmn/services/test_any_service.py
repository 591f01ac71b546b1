"""Whatever a service says: its export is valid, comes back to the letter, and a DMN engine gets the same values."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from invented import FACTS, Invented, services
from lxml import etree

from dugnad.rulebook.dmn.evaluating import Inputs, compile_model, library_of
from dugnad.rulebook.dmn.reading import read
from dugnad.rulebook.dmn.services.inward.importing import import_model
from dugnad.rulebook.dmn.services.names import feel_name
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.services.parts import read_parts
from dugnad.rulebook.dmn.writing import write
from dugnad.rulebook.feel.values import Unknown, Value
from dugnad.rulebook.ruleset import Patch, compile_ruleset

XSD = Path("/work/shared/reference/dmn-tck/TestCases/DMN15.xsd")
SCHEMA = etree.XMLSchema(etree.parse(XSD)) if XSD.exists() else None
"""OMG's schema; where ../shared is not, its validity is not tried here."""
quickly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quickly
@given(services())
def test_there_and_back(service: Invented) -> None:
    model = export_service(service.files)
    xml = write(model)
    if SCHEMA is not None:
        SCHEMA.assertValid(etree.fromstring(xml))
    plain = write(export_service(service.files, for_bpmn_io=True), version="1.3")
    for written in (xml, plain):
        back = import_model(read(written))
        assert back.files == service.files
        assert back.findings == ()
    again, first = read_parts(back.files), read_parts(service.files)
    assert (again.source, again.book, again.rates.rates) == (first.source, first.book, first.rates.rates)


@quickly
@given(services(), FACTS)
def test_the_model_says_what_the_rules_say(service: Invented, facts: dict[str, Any]) -> None:
    parts = read_parts(service.files)
    rules, wrong = compile_ruleset(parts.source, parts.book, parts.rates, Patch())
    assert rules is not None, wrong
    people = [
        {"person": str(at), **one, "alder": Decimal(one["alder"])} for at, one in enumerate(facts["folk"])
    ]
    given_facts: dict[str, Value] = {**facts, "folk": people}
    outcome = rules.decide(given_facts, on=date(2026, 1, 1))
    model = compile_model(library_of(export_service(service.files)))
    inputs: Inputs = dict((*given_facts.items(), ("vedtaksdato", date(2026, 1, 1))))
    theirs = model.decide_all([("", feel_name(name)) for name in (*service.steps, "vedtak")], inputs)
    ours = [outcome.known[name] for name in service.steps]
    assert theirs[:-1] == [None if isinstance(value, Unknown) else value for value in ours]
    per_person = [{**item.values} for item in outcome.items]
    assert [{name: one[name] for name in ("per person", "er ung")} for one in theirs[-1]] == per_person


@quickly
@given(services())
def test_one_cell_changed_elsewhere_changes_one_line_here(service: Invented) -> None:
    xml = write(export_service(service.files)).decode()
    changed = xml.replace("<text>count(vedtak)</text>", "<text>count(vedtak) + 1</text>")
    back = import_model(read(changed))
    before, after = service.files["rules.yaml"].splitlines(), back.files["rules.yaml"].splitlines()
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert pairs == [("    is: count(vedtak)", "    is: count(vedtak) + 1")]
