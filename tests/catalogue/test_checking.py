"""What is wrong in a folder is said at once: file, line, what, how to mend it."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from dugnad.catalogue.checking import check_folder, format_findings, try_folder
from dugnad.catalogue.loading import BrokenServiceError, load_service, read_folder, version_of
from dugnad.catalogue.tailoring import examine_tailoring
from dugnad.catalogue.types import LoadedService

ROOT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(ROOT / "services" / SLUG, tmp_path / "services" / SLUG)
    copytree(ROOT / "tailoring", tmp_path / "tailoring")
    return tmp_path / "services" / SLUG


@pytest.fixture
def change(folder: Path) -> Change:
    def run(file: str, before: str, after: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return run


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "what"),
    [
        ("service.yaml", "for: person", "for: persons", "form", "not one of"),
        ("service.yaml", "offered by:", "offerd by:", "unknown-key", "offerd by"),
        ("service.yaml", "service: redusert", "service: reduser", "slug", "folder"),
        ("facts.yaml", "type: date, from: case", "type: dat, from: case", "form", "dat"),
        ("facts.yaml", "of: husholdning", "of: hushold", "unknown-name", "hushold"),
        (
            "facts.yaml",
            "law: § 2\n    kept: 5 years\n",
            "kept: 5 years\n",
            "legal-basis",
            "barn.avtalt tid",
        ),
        (
            "facts.yaml",
            "  barna stemmer: ",
            "  skonr: { type: number, from: folkeregisteret, law: § 3, kept: 5 years }\n  barna stemmer: ",
            "unused",
            "skonr",
        ),
        (
            "facts.yaml",
            "  barna stemmer: ",
            "  ønsker plass: { type: boolean, from: applicant, law: § 3 }\n  barna stemmer: ",
            "not-asked",
            "ønsker plass",
        ),
        ("service.yaml", "to: statsforvalteren", "to: statsforvaltern", "appeal-body", "statsforvaltern"),
        ("questions.yaml", "fact: barna stemmer", "fact: bostedskommune", "asks-known", "folkeregisteret"),
        ("questions.yaml", "fact: barna stemmer", "fact: barna stemer", "unknown-name", "barna stemer"),
        (
            "questions.yaml",
            "      - fact: varig inntektsnedgang\n",
            "      - fact: varig inntektsnedgang\n        when: samboer uten feles barn\n",
            "feel",
            "samboer uten feles barn",
        ),
        ("questions.yaml", "barn.navn, ", "barn.fornavn, ", "no-label", "barn.fornavn"),
        ("questions.yaml", "barn.navn, ", "barn.adressebeskyttelse, ", "never-shown", "adressebeskyttelse"),
        ("questions.yaml", "          nn: Er dette barna dine i barnehage?\n", "", "language", "nn"),
        ("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens innntekt * 6 %", "feel", "innntekt"),
        ("rules.yaml", "fordelt på {betalingsmåneder}", "fordelt på {måneder}", "placeholder", "måneder"),
        ("rules.yaml", "  samlet månedsbeløp:", "  makspris:", "clash", "a rate and a step"),
        ("rules.yaml", '"avslag"  ', '"nei"     ', "no-letter", "nei"),
        (
            "rules.yaml",
            "result: { list: vedtak, outcome: utfall",
            "result: { outcome: utfal",
            "unknown-name",
            "utfal",
        ),
        ("rules.yaml", "refusals: [avslag], ", "", "unsaid", "which outcomes are refusals"),
        ("rules.yaml", "refusals: [avslag]", "refusals: [avslått]", "unknown-name", "avslått"),
        ("rules.yaml", "better: lower, ", "", "unsaid", "which way 'månedsbeløp' is better"),
        ("rules.yaml", "better: lower", "better: lowest", "form", "lowest"),
        (
            "rules.yaml",
            "is: husholdningens inntekt * 6 % / betalingsmåneder",
            "is: husholdningens inntekt * 6 %",
            "unit",
            "kr/år, but kr/måned",
        ),
        ("rules.yaml", "| >= 41      | 1 ", "| >= 41 kr   | 1 ", "unit", "timer/uke is compared with kr"),
        ("rules.yaml", "søskenrabatt > 0", "søskenrabatt > 0 kr", "unit", "mixed"),
        (
            "rules.yaml",
            "| >= 41      | 1 ",
            "| >= 40      | 1 ",
            "overlap",
            "avtalt tid from 40 to below 41 timer/uke",
        ),
        ("rules.yaml", "| >= 41      | 1 ", "| > 41       | 1 ", "gap", "avtalt tid is 41"),
        ("rules.yaml", "      |   | 2       | rabatt barn nr 2 | § 3a    |\n", "", "gap", "barn nr is 2"),
        ("rates.yaml", "unit: kr/måned", "unit: kr/år", "unit", "kr/år"),
        ("rates.yaml", "unit: kr/måned", "unit: kr/mnth", "unknown-unit", "kr/mnth"),
        ("rates.yaml", "source: lundasen-barnehage.no", "verified: true", "form", "verified"),
        ("letters/avslag.yaml", "{samlet månedsbeløp}", "{samla beløp}", "placeholder", "samla beløp"),
        ("letters/avslag.yaml", "  nn: Du får ikkje redusert foreldrebetaling\n", "", "language", "nn"),
        ("examples.yaml", "månedsbeløp: 1999", "månedsbeløp: 1998", "example", "1999"),
        ("examples.yaml", "personinntekt: 366666 kr/år", "personinntekt: mye", "example", "personinntekt"),
    ],
)
def test_a_mistake_is_found_with_its_place(
    folder: Path, change: Change, file: str, before: str, after: str, code: str, what: str
) -> None:
    change(file, before, after)

    findings = check_folder(folder)

    found = next((one for one in findings if one.code == code and what in one.what), None)
    assert found is not None, format_findings(findings)
    assert found.file == ("rules.yaml" if after == "unit: kr/år" else file)
    assert found.mend


def test_all_mistakes_are_reported_at_once(folder: Path, change: Change) -> None:
    change("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens innntekt * 6 %")
    change("rules.yaml", "round: avrunding", "round: omtrent")
    change("questions.yaml", "fact: barna stemmer", "fact: bostedskommune")

    assert {"feel", "rounding", "asks-known"} <= {one.code for one in check_folder(folder)}


def test_an_example_that_reaches_a_row_is_missed_when_it_goes(folder: Path, change: Change) -> None:
    change("examples.yaml", 'given: { bostedskommune: "4613" }', "given: {}")
    change(
        "examples.yaml", "expect: { stops at: søkeren bor i en annen kommune }", "expect: { utfall: avslag }"
    )

    findings = check_folder(folder)

    assert [(one.severity, one.code) for one in findings] == [("warning", "unreached")]
    assert "søkeren bor i en annen kommune" in findings[0].what


def test_a_row_no_example_reaches_is_pointed_at(folder: Path, change: Change) -> None:
    change(
        "rules.yaml",
        "|   | >= 3    | 100 %            | § 3a    |",
        "|   | [3..9]  | 100 %            | § 3a    |\n      |   | > 9     | 100 %            | § 3a    |",
    )
    lines = (folder / "rules.yaml").read_text(encoding="utf-8").splitlines()

    (found,) = check_folder(folder)

    assert found.code == "unreached"
    assert lines[found.line - 1].startswith("      |   | > 9 ")


def test_a_misspelt_name_in_a_table_is_pointed_at(folder: Path, change: Change) -> None:
    change("rules.yaml", "| 2       | rabatt barn nr 2 |", "| 2       | rabatt barn nr to |")
    lines = (folder / "rules.yaml").read_text(encoding="utf-8").splitlines()

    (found,) = (one for one in check_folder(folder) if one.code == "feel")

    assert lines[found.line - 1][found.column - 1 :].startswith("to |")


def test_a_gap_beside_a_rate_names_the_rate(folder: Path, change: Change) -> None:
    change("rules.yaml", "| F | inntektstak      | → heldagspris", "| U | inntektstak      | → heldagspris")
    change(
        "rules.yaml", "|   | -                | kommunens pris |", "|   | > kommunens pris | kommunens pris |"
    )

    gaps = [one for one in check_folder(folder) if one.code == "gap"]

    assert [one.what for one in gaps] == [
        "no row of 'heldagspris' decides: inntektstak equal to kommunens pris"
    ]


def test_a_misspelt_fact_in_an_example_is_no_unknown_fact(folder: Path, change: Change) -> None:
    change("examples.yaml", "personinntekt: 366667 kr/år", "personinntekten: 366667 kr/år")

    (found,) = check_folder(folder)

    assert found.what == "there is no fact 'personinntekten' in 'husholdning'"
    assert found.mend == "Did you mean 'personinntekt'?"


def test_broken_yaml_says_the_line(folder: Path) -> None:
    (folder / "rates.yaml").write_text("makspris: [\n  {\n", encoding="utf-8")

    found = load_service(folder)

    assert isinstance(found, list)
    assert [(one.file, one.code) for one in found] == [("rates.yaml", "yaml")]


def test_a_missing_file_and_a_file_that_is_no_text(folder: Path) -> None:
    (folder / "rates.yaml").unlink()
    assert {one.code for one in check_folder(folder)} == {"missing-file"}

    (folder / "rates.yaml").write_bytes(b"\xff\xfe\x00")
    assert {one.code for one in check_folder(folder)} == {"encoding"}


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        check_folder(Path("/nowhere/at-all"))


def test_line_ends_do_not_make_a_new_version(folder: Path) -> None:
    before = version_of(read_folder(folder))
    path = folder / "service.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert version_of(read_folder(folder)) == before


def test_any_change_makes_a_new_version(folder: Path, change: Change) -> None:
    before = version_of(read_folder(folder))
    change("letters/avslag.yaml", "for høy", "altfor høy")

    assert version_of(read_folder(folder)) != before


def test_examples_are_run_from_a_folder(folder: Path, change: Change) -> None:
    assert try_folder(folder).passed

    change("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * 7 %")
    report = try_folder(folder)
    assert not report.passed
    assert any("inntektstak" in one.what or "månedsbeløp" in one.what for one in report.findings)


def test_a_broken_folder_cannot_be_tried(folder: Path, change: Change) -> None:
    change("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * ")

    with pytest.raises(BrokenServiceError):
        try_folder(folder)


@pytest.fixture(scope="module")
def service() -> LoadedService:
    found = load_service(ROOT / "services" / SLUG)
    assert isinstance(found, LoadedService)
    return found


@pytest.mark.parametrize(
    ("before", "after", "code", "what"),
    [
        ("value: 1150 kr/måned", "value: 1250 kr/måned", "bounds", "kommunens pris"),
        ("value: 1150 kr/måned", "value: 1150 kr/år", "unit", "kr/år"),
        ("  andel 20 timer: 20 / 45", "  andel 20 timer: 1.2", "bounds", "andel 20 timer"),
        ("  andel 20 timer:", "  andel tjue timer:", "not-open", "andel tjue timer"),
        ("  andel 20 timer: 20 / 45", "  andel 20 timer: 20 / timer", "feel", "timer"),
        ("rate: makspris", "rate: maxpris", "unknown-rate", "maxpris"),
        ("value: 1200,", "value: 1250,", "rate-differs", "1200"),
        ("from: 2025-08-01, value: 1200", "from: 2025-08-02, value: 1200", "rate-date", "2025-08-02"),
        ("{ from: 2024-08-01, value: 1900", "{ from: 2026-08-01, value: 900", "order", "kommunens pris"),
        ("service: redusert", "service: reduser", "service", "reduser"),
        ("decided by:", "decided:", "unknown-key", "decided"),
    ],
)
def test_a_tailoring_beyond_what_is_open_is_found(
    service: LoadedService, before: str, after: str, code: str, what: str
) -> None:
    text = (ROOT / "tailoring" / "4614" / f"{SLUG}.yaml").read_text(encoding="utf-8")
    assert before in text

    _, findings = examine_tailoring(text.replace(before, after, 1), service, file="tailoring.yaml")

    assert any(one.code == code and what in one.what for one in findings), format_findings(findings)


def test_findings_read_well(folder: Path, change: Change) -> None:
    change("questions.yaml", "fact: barna stemmer", "fact: barna stemer")

    text = format_findings(check_folder(folder))

    assert "questions.yaml\n" in text
    assert "there is no fact 'barna stemer'" in text
    assert "Did you mean 'barna stemmer'?" in text
    assert text.endswith("1 error, 0 warnings")
    assert format_findings([]) == "No findings."


def test_a_tailored_value_of_another_kind_is_found_in_its_own_file(folder: Path) -> None:
    path = folder.parents[1] / "tailoring" / "4614" / f"{SLUG}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("andel 20 timer: 20 / 45", "andel 20 timer: barna stemmer", 1), encoding="utf-8"
    )

    (found,) = [one for one in check_folder(folder) if one.code == "type"]

    assert found.file == f"tailoring/4614/{SLUG}.yaml"
    assert found.what == "'andel 20 timer' is a number; this is true or false"
