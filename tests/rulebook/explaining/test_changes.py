"""What would have changed it: exact, verified, within what people may be told; and in words."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dugnad.catalogue.checking import load_folder, tailorings_of, try_folder
from dugnad.rulebook.reasons.changes import MOST_RUNS, is_refusal, what_would_change
from dugnad.rulebook.reasons.wishes import wished
from rulebook.explaining.benefit import ON, decide, facts, plain, ruleset
from rulebook.explaining.benefit import RULES as RULES_TEXT

PROJECT = Path(__file__).resolve().parents[3]
KINDERGARTEN = PROJECT / "services" / "redusert-foreldrebetaling"
SERVICES = sorted(
    path.parent for at in ("services", "bench/services") for path in (PROJECT / at).glob("*/rules.yaml")
)
RULES = ruleset()


def changes(**known):
    given_facts = facts(**known)
    outcome = decide(RULES, given_facts)
    return outcome, what_would_change(RULES, given_facts, outcome, on=ON)


def test_a_refusal_for_income_names_the_limit_the_row_and_the_law() -> None:
    outcome, (change,) = changes()
    (one,) = change.changed
    assert (one.name, one.before, one.after, one.edge) == (
        "inntekt",
        Decimal(600_000),
        Decimal(583_649),
        Decimal(583_650),
    )
    assert (change.outcome, change.step, change.row, change.law) == ("innvilget", "innenfor", 1, "§ 2")
    assert [cell.test for cell in change.failing] == ["< inntektsgrense"]
    assert plain(wished(RULES, outcome, change, "nb")) == (
        "Hvis inntekt hadde vært under 583 650 kr i året, ville utfallet ha blitt «innvilget» (§ 2)."
    )
    assert plain(wished(RULES, outcome, change, "nn", {"innvilget": "Du får støtte"})) == (
        "Om inntekt hadde vore under 583 650 kr i året, ville utfallet ha vorte «Du får støtte» (§ 2)."
    )
    assert plain(wished(RULES, outcome, change, "en")) == (
        "If income had been below NOK 583,650 a year, the outcome would have been “innvilget” (§ 2)."
    )


def test_a_limit_written_in_the_table_is_included_where_the_table_includes_it() -> None:
    outcome, (change,) = changes(inntekt=Decimal(1), formue=Decimal(250_000))
    assert change.changed[0].after == Decimal(100_000)
    assert plain(wished(RULES, outcome, change, "nb")) == (
        "Hvis formue hadde vært 100 000 kr eller mindre, ville utfallet ha blitt «innvilget» (§ 2)."
    )


def test_where_two_facts_stand_in_the_way_both_are_named() -> None:
    outcome, (change,) = changes(formue=Decimal(250_000))
    assert [(one.name, one.after) for one in change.changed] == [
        ("inntekt", Decimal(583_649)),
        ("formue", Decimal(100_000)),
    ]
    assert plain(wished(RULES, outcome, change, "nb")).startswith(
        "Hvis inntekt hadde vært under 583 650 kr i året og formue hadde vært 100 000 kr eller mindre, ville"
    )


def test_a_yes_or_no_is_told_as_a_fact() -> None:
    outcome, (change,) = changes(inntekt=Decimal(1), eier_boligen=True)
    assert plain(wished(RULES, outcome, change, "nb")) == (
        "Hvis svaret på «eier boligen» hadde vært nei, ville utfallet ha blitt «innvilget» (§ 2)."
    )


def test_a_date_of_birth_is_never_spoken_of_as_different() -> None:
    """The age it gives is: it is what the decision went by, and the section asks for it (§ 2: of age)."""
    outcome, (change,) = changes(inntekt=Decimal(1), fødselsdato=date(2015, 1, 1))
    assert [(one.name, one.before, one.after, one.edge) for one in change.changed] == [
        ("alder", Decimal(11), Decimal(18), Decimal(17))
    ]
    sentence = wished(RULES, outcome, change, "nb")
    assert sentence == "Hvis alder hadde vært 18 eller mer, ville utfallet ha blitt «innvilget» (§ 2)."
    assert "2015" not in str(change.as_data())


def test_what_would_only_bring_a_person_in_is_no_change() -> None:
    """A debt settlement is for a person to consider: no answer to that question is offered as a way round."""
    _, found = changes()
    assert all(one.name != "under gjeldsordning" for change in found for one in change.changed)


def test_an_unknown_fact_gives_no_outcome_and_so_no_change() -> None:
    _, found = changes(inntekt=None)
    assert found == ()


def test_of_what_was_granted_nothing_is_said_where_no_other_row_betters_it() -> None:
    _, found = changes(inntekt=Decimal(500_000))
    assert found == ()


@settings(max_examples=40, deadline=None)
@given(
    income=st.integers(0, 2_000_000),
    wealth=st.integers(0, 500_000),
    owns=st.booleans(),
)
def test_every_change_that_is_told_holds_when_decided_again(income, wealth, owns) -> None:
    known = facts(inntekt=Decimal(income), formue=Decimal(wealth), eier_boligen=owns)
    outcome = decide(RULES, known)
    found = what_would_change(RULES, known, outcome, on=ON)
    assert bool(found) == is_refusal(RULES, outcome)  # of age, so that something can always be named
    for change in found:
        different = {one.name: one.after for one in change.changed}
        assert decide(RULES, known | different).outcome == change.outcome == "innvilget"
        for one in change.changed:  # each is needed, and the next value is not enough
            assert is_refusal(RULES, decide(RULES, known | different | {one.name: one.edge}))


# The published figures: full price from 366 667 kr (Stord 2024), from 486 750 kr in 2016 (Larvik).
@pytest.mark.parametrize(
    ("example", "after"),
    [("Full pris fra 366 667 kr (Stord 2024)", 366_666), ("Full pris i 2016 fra 486 750 kr", 486_749)],
)
def test_the_kindergarten_fee_is_reduced_just_below_the_published_income(example, after) -> None:
    rules = load_folder(KINDERGARTEN).ruleset()
    outcome = next(one.outcome for one in try_folder(KINDERGARTEN).results if one.name == example)
    assert outcome is not None
    known = {name: outcome.known[name] for name, fact in rules.book.facts.items() if fact.of_list is None}
    (change,) = what_would_change(rules, known, outcome, on=outcome.on)
    assert (change.changed[0].name, change.changed[0].after) == ("husholdningens inntekt", Decimal(after))
    assert (change.step, change.row, change.law) == ("heldagspris", 1, "§ 3b nr. 1")


def test_a_search_stays_within_its_budget() -> None:
    decisions = 0

    class Counting(type(RULES)):  # type: ignore[misc] # the same rules, counted
        def decide(self, *args, **more):
            nonlocal decisions
            decisions += 1
            return super().decide(*args, **more)

    counted = object.__new__(Counting)
    counted.__dict__.update(RULES.__dict__)
    known = facts(formue=Decimal(250_000), eier_boligen=True)
    what_would_change(counted, known, decide(RULES, known), on=ON)
    assert 0 < decisions <= MOST_RUNS


def test_of_what_was_granted_the_nearest_row_that_betters_the_amount_is_told() -> None:
    """Two children, 700 000 kr: below 642 700 kr the older one has 20 free hours (§ 3c; the limit of 2024)."""
    service = load_folder(KINDERGARTEN)
    stord, _ = tailorings_of(service, PROJECT / "tailoring")
    rules = service.ruleset(stord["4614"])
    example = next(
        one.outcome for one in try_folder(KINDERGARTEN).results if one.name == "To barn, høy inntekt"
    )
    assert example is not None
    known = {name: example.known[name] for name, fact in rules.book.facts.items() if fact.of_list is None}
    outcome = rules.decide(known, on=example.on)
    change, *_ = what_would_change(rules, known, outcome, on=outcome.on)
    assert (change.step, change.key, change.law) == ("har gratis kjernetid", "barn-1", "§ 3c nr. 1")
    # Stord's price was 1 900 kr: 1 900 × (1 − 20/45) = 1 055,56, rounded down; the second pays 70 % as before
    assert change.amounts == {
        "barn-1": (Decimal(1900), Decimal(1055)),
        "barn-2": (Decimal(1330), Decimal(1330)),
    }
    assert plain(wished(rules, outcome, change, "nb")) == (
        "Hvis husholdningens inntekt hadde vært under 642 700 kr i året, ville beløpet for Ola ha vært høyst "
        "1 055 kr i måneden i stedet for 1 900 kr (§ 3c nr. 1)."
    )


def test_of_several_rows_that_come_to_one_amount_only_the_nearest_is_told() -> None:
    """900 000 kr in Stord 2026: below 692 400 kr 25/45 of 1 150 is 638 kr (§ 3c); below 210 834 kr it is 638 still."""
    service = load_folder(KINDERGARTEN)
    stord, _ = tailorings_of(service, PROJECT / "tailoring")
    rules = service.ruleset(stord["4614"])
    example = next(
        one.outcome
        for one in try_folder(KINDERGARTEN).results
        if one.name == "Mor med to barn på Stord i dag"
    )
    assert example is not None
    known = {name: example.known[name] for name, fact in rules.book.facts.items() if fact.of_list is None}
    adults = [
        {**one, "personinntekt": Decimal(0), "kapitalinntekt": Decimal(0)} for one in known["husholdning"]
    ]
    known["husholdning"] = [{**adults[0], "personinntekt": Decimal(900_000)}, *adults[1:]]
    known["barn"] = [
        {**one, "fødselsdato": date(2022, 3, 1), "avtalt tid": Decimal(45)} for one in known["barn"]
    ]
    outcome = rules.decide(known, on=example.on)
    found = what_would_change(rules, known, outcome, on=outcome.on)
    of_income = [one for one in found if one.changed[0].name == "husholdningens inntekt"]
    assert [(one.step, one.changed[0].edge) for one in of_income] == [
        ("har gratis kjernetid", Decimal(692_400))
    ]


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_change_told_of_every_example_of_the_library_holds(service: Path) -> None:
    rules = load_folder(service).ruleset()
    for example in try_folder(service).results:
        if example.outcome is None:
            continue
        known = {
            name: example.outcome.known[name]
            for name, fact in rules.book.facts.items()
            if fact.of_list is None
        }
        outcome = rules.decide(known, on=example.outcome.on)
        for change in what_would_change(rules, known, outcome, on=outcome.on):
            assert change.outcome
            assert all(one.after != one.before for one in change.changed)
            for language in ("nb", "nn", "en"):
                sentence = wished(rules, outcome, change, language)
                assert sentence.endswith(".")
                assert not re.search(r"None|Decimal|[{}]|  ", sentence), sentence


UNEVEN = """
law: Testloven
calculate:
  støtte:
    unit: kr/måned
    table: |
      | F | inntekt    | → støtte                                                          | hjemmel |
      |---|------------|-------------------------------------------------------------------|---------|
      |   | < 400000   | if inntekt > 200000 and inntekt < 350000 then 10 else 900         | § 7     |
      |   | < 1000000  | 700                                                               | § 8     |
      |   | -          | 0                                                                 | § 9     |
conclude:
  utfall: { is: 'if støtte > 0 then "innvilget" else "avslag"' }
result: { outcome: utfall, refusals: [avslag], amount: støtte, better: higher }
"""


def test_where_less_would_not_always_do_only_the_one_value_is_told() -> None:
    """Below 400 000 kr one gets 900 kr, but not all the way down: so the sentence speaks of one income only."""
    rules = ruleset(UNEVEN)
    known = facts(inntekt=Decimal(500_000))
    outcome = decide(rules, known)
    (change,) = what_would_change(rules, known, outcome, on=ON)
    assert (change.changed[0].after, change.changed[0].bound) == (Decimal(399_999), "exactly")
    assert plain(wished(rules, outcome, change, "nb")) == (
        "Hvis inntekt hadde vært 399 999 kr i året, ville beløpet ha vært 900 kr i måneden i stedet for "
        "700 kr (§ 7)."
    )


def test_rules_without_tables_are_answered_too() -> None:
    formula = """
law: Testloven
conclude:
  utfall: { law: § 2, is: 'if inntekt < inntektsgrense then "innvilget" else "avslag"' }
result: { outcome: utfall, refusals: [avslag] }
"""
    rules, known = ruleset(formula), facts()
    outcome = decide(rules, known)
    (change,) = what_would_change(rules, known, outcome, on=ON)
    assert (change.changed[0].after, change.step, change.row, change.law) == (
        Decimal(583_649),
        "utfall",
        0,
        "§ 2",
    )


def test_which_outcomes_are_refusals_is_said_and_never_guessed_from_their_names() -> None:
    rules = ruleset(RULES_TEXT.replace('"avslag"', '"nei"').replace("[avslag]", "[nei]"))
    known = facts()
    outcome = decide(rules, known)
    assert outcome.outcome == "nei"
    (change,) = what_would_change(rules, known, outcome, on=ON)
    assert change.outcome == "innvilget"

    unsaid = ruleset(RULES_TEXT.replace("refusals: [avslag], ", ""))
    assert decide(unsaid, known).outcome == "avslag"
    assert not is_refusal(unsaid, decide(unsaid, known))


@pytest.mark.parametrize(("better", "amounts"), [("higher", (700, 900)), ("lower", None)])
def test_which_way_an_amount_is_better_is_said_and_never_guessed(better, amounts) -> None:
    """900 kr instead of 700 betters a benefit; of a price it would be no thing to wish for."""
    rules = ruleset(UNEVEN.replace("better: higher", f"better: {better}"))
    known = facts(inntekt=Decimal(500_000))
    found = what_would_change(rules, known, decide(rules, known), on=ON)
    told = [change.amounts[None] for change in found]
    assert told == ([] if amounts is None else [tuple(map(Decimal, amounts))])
