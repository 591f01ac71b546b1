"""Steps in words: the owner's sentence where there is one, else names, units and operators, in three languages."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from dugnad.catalogue.checking import load_folder, try_folder
from dugnad.rulebook.reasons.changes import what_would_change
from dugnad.rulebook.reasons.telling import in_short, tell
from rulebook.explaining.benefit import ON, RULES, decide, facts, plain, ruleset

PROJECT = Path(__file__).resolve().parents[3]
KINDERGARTEN = PROJECT / "services" / "redusert-foreldrebetaling"
SERVICES = sorted(
    path.parent for at in ("services", "bench/services") for path in (PROJECT / at).glob("*/rules.yaml")
)

tried = cache(try_folder)


def told(name, language="nb", rules=RULES, **changes):
    made = ruleset(rules)
    return next(one for one in tell(made, decide(made, facts(**changes)), language) if one.name == name)


@pytest.mark.parametrize(
    ("language", "sentence", "row"),
    [
        (
            "nb",
            "Innenfor: nei. Det følger av rad 2 i tabellen, som gjelder når ingen rad over passer.",
            "Rad 1 gjelder ikke: inntekt er 600 000 kr, ikke under inntektsgrense (583 650 kr).",
        ),
        (
            "nn",
            "Innenfor: nei. Det følgjer av rad 2 i tabellen, som gjeld når inga rad over passar.",
            "Rad 1 gjeld ikkje: inntekt er 600 000 kr, ikkje under «inntektsgrense» (583 650 kr).",
        ),
        (
            "en",
            "Innenfor: no. This follows from row 2 of the table, which applies when no row above fits.",
            "Row 1 does not apply: income is NOK 600,000, not below “inntektsgrense” (NOK 583,650).",
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
        "Innenfor: ja. Det følger av rad 1 i tabellen: inntekt er 500 000 kr, som er under inntektsgrense (583 650 kr), "
        "og formue er 50 000 kr, som er høyst 100 000 kr, og alder er 36, som er minst 18, og svaret på «eier boligen» "
        "er nei."
    )
    assert step.law == "§ 2"


def test_a_formula_says_the_branch_taken_and_its_numbers() -> None:
    step = told("støtte", inntekt=Decimal(500_000))
    assert plain(step.sentence) == (
        "Støtte: 836 kr i måneden. Slik er det regnet ut: (inntektsgrense − inntekt) × 1 %."
    )
    assert plain(step.numbers) == "(583 650 kr − 500 000 kr) × 1 % = 836,50 kr, avrundet til 836 kr"


def test_what_is_not_known_is_named() -> None:
    step = told("innenfor", inntekt=Decimal(1), formue=None)
    assert step.sentence == "Innenfor kan ikke avgjøres. Dette er ikke kjent: formue."
    assert step.rows[0] == "Rad 1 kan ikke avgjøres: formue er ikke kjent."


@pytest.mark.parametrize(
    ("language", "last"),
    [
        ("nb", "Rad 2 gjelder bare hvis ingen rad over passer."),
        ("nn", "Rad 2 gjeld berre dersom inga rad over passar."),
        ("en", "Row 2 applies only if no row above fits."),
    ],
)
def test_a_row_below_one_that_cannot_be_decided_is_not_said_to_apply(language, last) -> None:
    assert plain(told("innenfor", language, inntekt=None).rows[-1]) == last


def test_what_a_person_has_set_is_said_to_be_so() -> None:
    assert told("innenfor", innenfor=True).sentence == (
        "En saksbehandler har vurdert saken og satt «innenfor» til ja."
    )


def test_a_letter_of_a_service_without_sentences_tells_the_outcome_and_the_amount() -> None:
    made = ruleset()
    steps = in_short(made, decide(made, facts()), "nn")
    assert [(one.name, plain(one.sentence)) for one in steps] == [
        ("innenfor", "Nei, fordi inntekt er 600 000 kr, ikkje under «inntektsgrense» (583 650 kr)."),
        ("støtte", "0 kr i månaden, fordi svaret på «innenfor» er nei."),
        ("utfall", "Avslag, fordi svaret på «innenfor» er nei."),
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
    "inntekt > 1 and not(eier boligen)": "inntekt (600 000 kr) er over 1 kr og svaret på «eier boligen» er nei",
    "inntekt between 1 and 5 or formue != 3": "inntekt er fra 1 kr til 5 kr eller formue (50 000 kr) ikke er 3 kr",
    "formue in (1, [2..5), > 9)": "formue er 1 kr, fra 2 kr til under 5 kr eller over 9 kr",
    "not(formue in (1, 2))": "formue ikke er 1 kr eller 2 kr",
    "not(inntekt < formue)": "inntekt (600 000 kr) er minst formue (50 000 kr)",
    "inntekt is known": "inntekt er kjent",
    "inntekt is unknown or true": "inntekt ikke er kjent eller ja er sant",
    "(inntekt > 1 or formue > 2) and eier boligen = false": (
        "(inntekt (600 000 kr) er over 1 kr eller formue (50 000 kr) er over 2 kr) og svaret på «eier boligen» er nei"
    ),
    "not(inntekt < 1 or eier boligen)": "inntekt (600 000 kr) er minst 1 kr og svaret på «eier boligen» er nei",
    "fødselsdato < date(søknadsdato.year, 8, 1)": "fødselsdato er før 1. august i samme år som søknadsdato",
    "fødselsdato <= date(søknadsdato.year - 1, 12, 31)": "fødselsdato er senest 31. desember året før søknadsdato",
    'fødselsdato + @"P18Y" <= søknadsdato': "18 år etter fødselsdato er senest søknadsdato (1. september 2026)",
    "some x in [1, 2] satisfies x > 1": "det for minst én i 1 og 2 er slik at den er over 1",
    "not(every x in [1, 2] satisfies x > 3)": "det ikke for alle i 1 og 2 er slik at den er over 3",
    "not(not(eier boligen)) or true": "svaret på «eier boligen» er ja eller ja er sant",
    'string length("a") = 1': '«string length("a")» er 1',
    'contains("abc", "b")': '«contains("abc", "b")» er sant',
    "inntekt - (formue - 1) > 2": "inntekt − (formue − 1) er over 2",
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_are_said_in_words(condition) -> None:
    rules = RULES.replace("calculate:\n", f"calculate:\n  prøve:\n    is: >-\n      {condition}\n", 1)
    sentence = plain(told("prøve", rules=rules).sentence)
    assert sentence.endswith(f"Svaret er ja når {CONDITIONS[condition]}.")


ODD = {
    "if inntekt > 1 then 1 else 2": "Prøve: 1, fordi inntekt (600 000 kr) er over 1 kr.",
    "for x in [1, 2] return x * 2": "Prøve: 2, 4. Det er «for x in [1, 2] return x * 2».",
    "[1, 2, 3][item > 1]": "Prøve: 2, 3. Det er 1, 2 og 3 der den er over 1.",
    "function(x) x + inntekt": "Prøve: function(x). Det er «function(x) x + inntekt».",
    "[1..5]": "Prøve: 1 – 5. Det er «[1..5]».",
    '@"P1Y2M"': "Prøve: 14 måneder.",
    '@"P2Y"': "Prøve: 2 år.",
    '@"P78Y3M"': "Prøve: 78 år og 3 måneder.",
    '@"P1DT5H"': "Prøve: 1 dag og 5 timer.",
    '@"PT0S"': "Prøve: 0 sekunder.",
    "years and months duration(fødselsdato, søknadsdato)": (
        "Prøve: 36 år og 4 måneder. Det er tiden fra fødselsdato til søknadsdato."
    ),
    "null": "Prøve: ikke fastsatt.",
    "1 / 0": "Prøve kunne ikke regnes ut.",
    "{a: 1, b: eier boligen}": "Prøve: a 1, b nei. Det er «{a: 1, b: eier boligen}».",
    "inntekt ** 2": "Prøve: 360 000 000 000. Slik er det regnet ut: inntekt ^ 2.",
    "-(formue + 1)": "Prøve: −50 001. Slik er det regnet ut: −(formue + 1).",
    "max(fødselsdato, søknadsdato)": (
        "Prøve: 1. september 2026. Det er det seneste av fødselsdato og søknadsdato (1. september 2026)."
    ),
    "min(inntekt, formue)": "Prøve: 50 000. Det er det minste av inntekt (600 000 kr) og formue (50 000 kr).",
    '"01830512345"': "Prøve: –.",
    "[]": "Prøve: ingen. Det er –.",
    "123456789012345678901234567890.1234": "Prøve: 123456789012345678901234567890,1234.",
    "date(2017, 13, 31)": "Prøve kunne ikke regnes ut.",
    "if date(2017, 13, 31) is unknown then 1 else 2": "Prøve: 1, fordi «date(2017, 13, 31)» ikke er kjent.",
    "10 ** 200": "Prøve: 1E+200. Slik er det regnet ut: 10 ^ 200.",
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
    # "Ikke minst" is another word in Norwegian; nothing is said of an amount nobody knows; no number from inside.
    untold = re.compile(
        r"None|Decimal|datetime|Unknown|[{}]|\bnull\b|  |\.\.$|ikke minst|ikkje minst|-\d|\d{5}|kjent i "
    )
    report = tried(service)
    for example in report.results:
        if example.outcome is None:
            continue
        for step in tell(loaded.ruleset(), example.outcome, language):
            lines = (step.title, step.sentence, step.numbers, *step.rows)
            wrong = [line for line in lines if untold.search(line)]
            assert wrong == [], (example.name, step.name)
            assert step.sentence.endswith((".", "?", "!"))


def example(name, language):
    """The short form of an example of the kindergarten fee: step → sentence, numbers, law."""
    rules = load_folder(KINDERGARTEN).ruleset()
    outcome = next(one.outcome for one in tried(KINDERGARTEN).results if one.name == name)
    assert outcome is not None
    return {one.name: one for one in in_short(rules, outcome, language)}


def test_an_amount_is_never_shown_as_the_one_it_is_compared_with() -> None:
    """366 666 kr × 6 % / 11 = 1 999,99636: below the price of 2 000 kr, and to the øre the same (Stord 2024)."""
    said = example("Én krone under grensen gir lavere pris", "nb")
    assert plain(said["inntektstak"].numbers) == "366 666 kr × 6 % / 11 = 1 999,996 kr"
    assert plain(said["heldagspris"].sentence) == (
        "Kommunens pris er 2 000 kr. Dere betaler det laveste av den og seks prosent av inntekten, 1 999,996 kr."
    )
    far = example("To barn, høy inntekt", "nb")  # 3 818,1818…: beside nothing, so to the øre
    assert plain(far["inntektstak"].numbers) == "700 000 kr × 6 % / 11 = 3 818,18 kr"


def test_what_is_refused_names_the_section_it_would_have_been_granted_by() -> None:
    said = example("Full pris fra 366 667 kr (Stord 2024)", "nb")
    assert (
        said["etter gratis kjernetid"].law == "§ 3c nr. 1"
    )  # the row that says no has no section of its own
    assert said["månedsbeløp"].law == "§ 1"  # that of the price it is made of


def test_of_what_is_not_known_no_sentence_is_made_up() -> None:
    name = next(
        one.name
        for one in tried(KINDERGARTEN).results
        if one.outcome is not None and "husholdning.personinntekt" in one.outcome.unknown
    )
    said = example(name, "nn")["inntektstak"]
    assert said.sentence == "Dette kan ikkje avgjerast enno. Dette er ikkje kjent: personinntekt."
    assert said.numbers == ""


def test_a_lone_amount_is_no_calculation_and_a_rounding_is_told() -> None:
    made = ruleset(RULES.replace("round: hele kroner ned", "round: hele kroner opp"))
    steps = tell(made, decide(made, facts(inntekt=Decimal(500_000))), "en")
    told_of = {one.name: plain(one.numbers) for one in steps}
    assert told_of["støtte"] == "(NOK 583,650 − NOK 500,000) × 1% = NOK 836.50, rounded to NOK 837"
    assert told_of["utfall"] == ""


def test_whole_numbers_of_a_program_are_told_as_decimals_are() -> None:
    made = ruleset()
    as_int, as_decimal = facts(inntekt=500_000, formue=50_000), facts(inntekt=Decimal(500_000))
    assert tell(made, decide(made, as_int), "nb") == tell(made, decide(made, as_decimal), "nb")
    refused = [facts(inntekt=600_000, formue=50_000), facts()]
    first, second = (what_would_change(made, known, decide(made, known), on=ON) for known in refused)
    assert first == second != ()


GATHERED = {
    "U": "Prøve: 1 kr. Det følger av rad 1 i tabellen: inntekt er 600 000 kr, som er under 700 000 kr.",
    "A": "Prøve: 1 kr. Det følger av radene 1 og 2 i tabellen.",
    "C+": "Prøve: 2 kr. Det er summen av radene 1 og 2 i tabellen.",
    "C>": "Prøve: 1 kr. Det er det største av radene 1 og 2 i tabellen.",
    "C#": "Prøve: 2 kr. Det er antallet rader i tabellen som gjelder (1 og 2).",
}


@pytest.mark.parametrize("policy", GATHERED)
def test_how_a_table_gathers_its_rows_is_told(policy) -> None:
    second = ">= 700000" if policy == "U" else "not(5, 6)"
    rows = ("---|---|---|---", "  | < 700000 | 1 | § 1", f"  | {second} | 1 | § 2")
    lines = "\n      ".join(f"| {row} |" for row in (f"{policy} | inntekt | → prøve | hjemmel", *rows))
    rules = RULES.replace(
        "calculate:\n", f"calculate:\n  prøve:\n    unit: kr\n    table: |\n      {lines}\n", 1
    )
    step = told("prøve", rules=rules)
    assert plain(step.sentence) == GATHERED[policy]
    if policy == "C#":
        assert [plain(row) for row in step.rows] == [
            "Rad 1 gjelder: inntekt er 600 000 kr, som er under 700 000 kr.",
            "Rad 2 gjelder: inntekt er 600 000 kr, som ikke er 5 kr eller 6 kr.",
        ]
