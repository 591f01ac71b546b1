"""Steps in words: the owner's sentence where there is one, else names, units and operators, in three languages."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from dugnad.catalogue.checking import load_folder, try_folder
from dugnad.rulebook.reasons.telling import in_short, tell
from rulebook.explaining.benefit import RULES, decide, facts, plain, ruleset

PROJECT = Path(__file__).resolve().parents[3]
SERVICES = sorted(path.parent for path in (PROJECT / "services").glob("*/rules.yaml"))


def told(name, language="nb", rules=RULES, **changes):
    made = ruleset(rules)
    return next(one for one in tell(made, decide(made, facts(**changes)), language) if one.name == name)


@pytest.mark.parametrize(
    ("language", "sentence", "row"),
    [
        (
            "nb",
            "Innenfor: nei. Det følger av rad 2 i tabellen, som gjelder i alle andre tilfeller.",
            "Rad 1 gjelder ikke: inntekt er 600 000 kr, ikke under inntektsgrense (583 650 kr).",
        ),
        (
            "nn",
            "Innenfor: nei. Det følgjer av rad 2 i tabellen, som gjeld i alle andre tilfelle.",
            "Rad 1 gjeld ikkje: inntekt er 600 000 kr, ikkje under inntektsgrense (583 650 kr).",
        ),
        (
            "en",
            "Innenfor: no. This follows from row 2 of the table, which applies in all other cases.",
            "Row 1 does not apply: income is NOK 600,000, not below inntektsgrense (NOK 583,650).",
        ),
    ],
)
def test_a_table_without_a_sentence_says_its_row_and_which_cell_failed(language, sentence, row) -> None:
    step = told("innenfor", language)
    assert plain(step.sentence) == sentence
    assert plain(step.rows[0]) == row
    assert not step.written_by_owner


def test_a_row_that_applies_says_every_cell() -> None:
    step = told("innenfor", inntekt=Decimal(500_000))
    assert plain(step.sentence) == (
        "Innenfor: ja. Det følger av rad 1 i tabellen: inntekt er under inntektsgrense (583 650 kr) og formue er "
        "høyst 100 000 kr og alder er minst 18 og svaret på «eier boligen» er nei."
    )
    assert step.law == "§ 2"


def test_a_formula_says_the_branch_taken_and_its_numbers() -> None:
    step = told("støtte", inntekt=Decimal(500_000))
    assert plain(step.sentence) == (
        "Støtte er 836 kr i måneden. Slik er det regnet ut: (inntektsgrense − inntekt) × 1 %."
    )
    assert plain(step.numbers) == "(583 650 kr − 500 000 kr) × 1 % = 836 kr"


def test_what_is_not_known_is_named() -> None:
    step = told("innenfor", inntekt=Decimal(1), formue=None)
    assert step.sentence == "Innenfor kan ikke avgjøres. Dette er ikke kjent: formue."
    assert step.rows[0] == "Rad 1 kan ikke avgjøres: formue er ikke kjent."


def test_what_a_person_has_set_is_said_to_be_so() -> None:
    assert told("innenfor", innenfor=True).sentence.startswith("Innenfor: En saksbehandler har vurdert")


def test_a_letter_of_a_service_without_sentences_tells_the_outcome_and_the_amount() -> None:
    made = ruleset()
    steps = in_short(made, decide(made, facts()), "nn")
    assert [(one.name, plain(one.sentence)) for one in steps] == [
        ("støtte", "Støtte er 0 kr i månaden, fordi svaret på «innenfor» er nei."),
        ("utfall", "Utfall er avslag. Det følgjer av rad 2 i tabellen, som gjeld i alle andre tilfelle."),
    ]


def test_a_letter_tells_the_owners_sentences_where_there_are_any() -> None:
    title = "{ nb: Støtten, nn: Støtta, en: The support }"
    says = '{ nb: "Du får {støtte}.", nn: "Du får {støtte}.", en: "You get {støtte}." }'
    words = f"    title: {title}\n    says: {says}\n"
    made = ruleset(RULES.replace("    law: § 7\n", f"    law: § 7\n{words}", 1))
    outcome = decide(made, facts(inntekt=Decimal(500_000)))
    assert [(one.title, plain(one.sentence), one.law) for one in in_short(made, outcome, "en")] == [
        ("The support", "You get NOK 836.", "§ 7")
    ]


CONDITIONS = {
    "inntekt > 1 and not(eier boligen)": "inntekt er over 1 og svaret på «eier boligen» er nei",
    "inntekt between 1 and 5 or formue != 3": "inntekt er fra 1 til 5 eller formue er ikke 3",
    "formue in (1, [2..5), > 9)": "formue er 1, fra 2 til under 5 eller over 9",
    "not(inntekt < formue)": "inntekt er minst formue (50 000 kr)",
    "inntekt is known": "inntekt er kjent",
    "(inntekt > 1 or formue > 2) and eier boligen = false": (
        "(inntekt er over 1 eller formue er over 2) og svaret på «eier boligen» er nei"
    ),
    "fødselsdato < date(søknadsdato.year, 8, 1)": "fødselsdato er under 1. august i året i søknadsdato",
    'string length("a") = 1': '«string length("a")» er 1',
    "count([inntekt, formue]) > 1": "antallet inntekt og formue er over 1",
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_are_said_in_words(condition) -> None:
    rules = RULES.replace("calculate:\n", f"calculate:\n  prøve:\n    is: >-\n      {condition}\n", 1)
    sentence = plain(told("prøve", rules=rules).sentence)
    assert sentence.endswith(f"Det er ja når {CONDITIONS[condition]}.")


ODD = {
    "if inntekt > 1 then 1 else 2": "Prøve er 1, fordi inntekt er over 1.",
    "for x in [1, 2] return x * 2": "Prøve er 2, 4. Slik er det regnet ut: «for x in [1, 2] return x * 2».",
    "[1, 2, 3][item > 1]": "Prøve er 2, 3. Slik er det regnet ut: 1, 2 og 3 der den er over 1.",
    "function(x) x + inntekt": "Prøve er function(x). Slik er det regnet ut: «function(x) x + inntekt».",
    "[1..5]": "Prøve er 1 – 5. Slik er det regnet ut: «[1..5]».",
    '@"P1Y2M"': "Prøve er 14 måneder.",
    '@"P2Y"': "Prøve er 2 år.",
    "null": "Prøve: Ikke fastsatt.",
    "1 / 0": "Prøve kunne ikke regnes ut.",
    "{a: 1, b: eier boligen}": "Prøve er a 1, b nei. Slik er det regnet ut: «{a: 1, b: eier boligen}».",
    "inntekt ** 2": "Prøve er 360000000000. Slik er det regnet ut: inntekt ^ 2.",
    "[]": "Prøve er ingen. Slik er det regnet ut: –.",
}


@pytest.mark.parametrize("formula", ODD)
def test_any_formula_is_told_readably_and_shows_nothing_from_inside(formula) -> None:
    rules = RULES.replace("calculate:\n", f"calculate:\n  prøve:\n    is: >-\n      {formula}\n", 1)
    step = told("prøve", rules=rules)
    assert plain(step.sentence) == ODD[formula]
    made = ruleset(rules)
    stored = decide(made, facts()).as_bytes().decode()
    assert "1990-05-01" not in stored.replace(
        '"fødselsdato":"1990-05-01"', ""
    )  # the function's frame is not written out
    assert " at 0x" not in stored


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_step_of_every_example_of_the_library_can_be_told(service, language) -> None:
    loaded = load_folder(service)
    untold = re.compile(r"None|Decimal|datetime|Unknown|[{}]|\bnull\b|  |\.\.$")
    report = try_folder(service)
    for example in report.results:
        if example.outcome is None:
            continue
        for step in tell(loaded.ruleset(), example.outcome, language):
            lines = (step.title, step.sentence, step.numbers, *step.rows)
            wrong = [line for line in lines if untold.search(line)]
            assert wrong == [], (example.name, step.name)
            assert step.sentence.endswith((".", "?", "!"))
