"""Whom a list holds: a list that may lack someone is unknown, never shorter than it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from dugnad.facts.gathering import gather
from dugnad.facts.ports import REGISTERS, RegisterAnswer
from dugnad.rulebook import Ruleset, ruleset_from_texts

ON = date(2026, 11, 30)
MOTHER, LODGER = "01810012345", "02810012345"
FACTS = """
facts:
  bor sammen: { type: boolean, from: applicant, label: { nb: Bor sammen } }
  voksne:
    list of: person
    from: folkeregisteret
    includes: søker
    included as: { relasjon: søker, slekt: false }
    entries: { relasjon: text, slekt: boolean }
    only when: relasjon = "ektefelle" or (relasjon = "annen" and bor sammen and not(slekt))
"""
RULES = "conclude: { antall: { is: count(voksne) } }\nresult: { outcome: antall }"


class Folkeregisteret:
    """Answers with one other adult at the address."""

    name = "folkeregisteret"

    def __init__(self, other: Mapping[str, object]) -> None:
        self.other = {"person": LODGER, **other}

    def lookup(
        self, identity_numbers: Sequence[str], *, fields: Collection[str], on: date
    ) -> Mapping[str, RegisterAnswer]:
        assert (list(identity_numbers), on) == ([MOTHER], ON)
        assert "voksne" in fields
        return {MOTHER: RegisterAnswer({"voksne": [self.other]})}


@pytest.fixture
def rules() -> Ruleset:
    return ruleset_from_texts(rules=RULES, facts=FACTS)


@pytest.mark.parametrize(
    ("other", "answers", "adults"),
    [
        ({"relasjon": "ektefelle"}, {}, 2),
        ({"relasjon": "annen", "slekt": False}, {"bor sammen": True}, 2),
        ({"relasjon": "annen", "slekt": True}, {"bor sammen": True}, 1),
        ({"relasjon": "annen", "slekt": False}, {"bor sammen": False}, 1),
        # Not answered yet: nobody asks the registers about the lodger before that.
        ({"relasjon": "annen", "slekt": False}, {}, 1),
        ({"relasjon": "annen"}, {"bor sammen": False}, 1),
        # The register does not say what the law asks, and there is nobody else to ask.
        ({"relasjon": "annen"}, {"bor sammen": True}, None),
        ({}, {"bor sammen": True}, None),
        ({"slekt": False}, {"bor sammen": False}, None),
    ],
)
def test_an_adult_nobody_can_tell_about_makes_the_household_unknown(
    rules: Ruleset,
    monkeypatch: pytest.MonkeyPatch,
    other: dict[str, Any],
    answers: dict[str, Any],
    adults: int | None,
) -> None:
    monkeypatch.setitem(REGISTERS, "folkeregisteret", Folkeregisteret(other))
    found = gather(rules, applicant=MOTHER, known=answers, on=ON).values
    assert (len(found["voksne"]) if "voksne" in found else None) == adults
