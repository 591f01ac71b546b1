"""`dugnad rules`: what a lawyer or a service owner sees at the terminal, and what bad input gets."""

import argparse
import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dugnad.cli.rules import command
from dugnad.cli.rules.asked.chosen import Chosen, chosen
from dugnad.cli.rules.asked.given import MOST_BYTES, from_file
from dugnad.cli.rules.asked.refused import RefusedError
from dugnad.cli.rules.terminal import write_whole

PROJECT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
SERVICE = str(PROJECT / "services" / SLUG)


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(list(words)))


@pytest.fixture(scope="module")
def service() -> Iterator[Chosen]:
    with chosen(SERVICE) as found:
        yield found


def test_show_prints_a_table_with_its_sections(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("show", SERVICE, "--step", "søskenrabatt") == 0
    said = capsys.readouterr().out
    assert "→ søskenrabatt" in said
    assert "rabatt barn nr 2" in said
    assert "§ 3a" in said
    assert "husholdningens inntekt" not in said


def test_show_prints_everything_in_working_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("show", SERVICE, "--lang", "en") == 0
    said = capsys.readouterr().out
    assert said.index("Household income") < said.index("Sibling discount") < said.index("utfall")
    assert "varig inntektsnedgang" in said  # a control point
    assert "kommunens pris" in said  # an open place


def test_run_decides_an_example_as_the_regulation_says(capsys: pytest.CaptureFixture[str]) -> None:
    # Stord 2024: two children, high income: 2 000 and 2 000 × (1 − 30 %) = 1 400 (FOR-2005-12-16-1478 § 3a)
    assert call("run", SERVICE, "--example", "To barn, høy inntekt") == 0
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert "2 000 kr" in said
    assert "1 400 kr" in said
    assert "§ 3a" in said


def test_run_gives_the_outcome_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("run", SERVICE, "--example", "To barn, høy inntekt", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["outcome"] == "søskenmoderasjon"
    assert [item["values"]["månedsbeløp"] for item in data["items"]] == ["2000", "1400"]


def test_run_takes_facts_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(
        '{"husholdning": [{"person": "mor", "personinntekt": "220000 kr/år"}]}', encoding="utf-8"
    )
    assert call("run", SERVICE, "--facts", str(facts), "--on", "2024-08-15") == 1  # a person must decide
    said = capsys.readouterr().out
    assert "Stoppet: skattegrunnlaget mangler" in said
    assert "ingen barn å søke for" not in said, "nobody has said whether there are any"


def test_a_part_of_a_name_is_enough_where_only_one_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("run", SERVICE, "--example", "fire barn") == 0
    assert call("run", SERVICE, "--example", "barn") == 2
    assert "examples have 'barn' in their name" in capsys.readouterr().err


BAD = {
    "NaN": ('{"husholdning": [{"personinntekt": NaN}]}', "NaN is no number"),
    "infinity": ('{"husholdning": [{"personinntekt": -Infinity}]}', "is no number"),
    "a huge exponent": ('{"husholdning": [{"personinntekt": 1e999999999}]}', "more than 30 digits"),
    "a huge number as text": (
        json.dumps({"husholdning": [{"personinntekt": "9" * 5_000}]}),
        "more than 30 digits",
    ),
    "a misspelt fact": ('{"barna stemmr": true}', "Did you mean 'barna stemmer'?"),
    "a misspelt attribute": ('{"barn": [{"avtalt tdi": 45}]}', "Did you mean 'avtalt tid'?"),
    "a text for a truth": ('{"barna stemmer": "ja"}', "must be true or false"),
    "a truth for a number": ('{"barn": [{"avtalt tid": true}]}', "must be a number in timer/uke"),
    "a number for a list": ('{"husholdning": 3}', "must be a list of persons"),
    "a text for a person": ('{"husholdning": ["mor"]}', "entry 1 of 'husholdning' must be an object"),
    "a wrong unit": ('{"barn": [{"avtalt tid": "45 kr"}]}', "must be a number in timer/uke"),
    "a day that is none": ('{"søknadsdato": "999999999-01-01"}', "must be a date like"),
    "the same fact twice": ('{"barna stemmer": true, "barna stemmer": false}', "given twice"),
    "no object": ("[1, 2]", "write one object"),
    "broken JSON": ('{"søker": ', "no JSON"),
    "ten thousand levels": ("[" * 10_000, "nested deeper than 32 levels"),
    "too many persons": (json.dumps({"barn": [{}] * 1_001}), "more than 1000 persons"),
    "more than two megabytes": (" " * (MOST_BYTES + 1), "larger than"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_facts_get_a_sentence_and_no_traceback(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, sentence = BAD[kind]
    facts = tmp_path / "facts.json"
    facts.write_text(text, encoding="utf-8")
    assert call("run", SERVICE, "--facts", str(facts), "--on", "2024-08-15") == 2
    assert sentence in capsys.readouterr().err


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["husholdning", "barn", "barna stemmer", "personinntekt", "avtalt tid", "fødselsdato"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.dictionaries(
        st.sampled_from(["husholdning", "barn", "søknadsdato", "ektefelle"]), JSON, max_size=3
    )
)
def test_any_json_is_decided_or_refused_in_words(
    data: dict[str, object], tmp_path: Path, service: Chosen
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(data), encoding="utf-8")
    with contextlib.suppress(RefusedError):
        given_facts = from_file(service, facts, date(2024, 8, 15), None).facts
        service.rules().decide(given_facts, on=date(2024, 8, 15))


def test_an_unknown_service_or_step_is_refused_with_the_nearest_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("show", "redusert-foreldrebetalin") == 2
    assert f"Did you mean '{SLUG}'?" in capsys.readouterr().err
    assert call("show", SERVICE, "--step", "søskenrabat") == 2
    assert "Did you mean 'søskenrabatt'?" in capsys.readouterr().err


def test_a_folder_that_does_not_load_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "services" / SLUG
    shutil.copytree(SERVICE, folder)
    (folder / "rates.yaml").write_text("makspris: [\n", encoding="utf-8")
    assert call("show", str(folder)) == 2
    said = capsys.readouterr().err
    assert "rates.yaml:" in said
    assert "dugnad rules check" in said


def test_cover_counts_rows_and_control_points(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("cover", SERVICE) == 0
    assert "Fire barn, fra nummer tre er plassen gratis" in " ".join(capsys.readouterr().out.split())


def test_bench_measures_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("bench", SERVICE, "--example", "To barn, høy inntekt", "--seconds", "0.1") == 0
    said = capsys.readouterr().out
    assert "decisions a second" in said
    assert "søskenrabatt" in said


def test_a_service_is_read_as_a_revision_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "services" / SLUG
    shutil.copytree(SERVICE, folder)
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    rules = folder / "rules.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("100 %            |", "90 %             |"),
        encoding="utf-8",
    )
    assert call("show", f"{folder}@HEAD", "--step", "søskenrabatt") == 0
    assert "100\u00a0%" in capsys.readouterr().out
    assert call("show", str(folder), "--step", "søskenrabatt") == 0
    assert "90\u00a0%" in capsys.readouterr().out
    assert call("show", f"{folder}@no-such-revision") == 2
    assert call("show", f"{folder}@-x") == 2


def test_explain_gives_the_account_and_the_changes_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    example = "Full pris fra 366 667 kr (Stord 2024)"
    assert call("explain", SERVICE, "--example", example, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    step = next(one for one in data["steps"] if one["step"] == "heldagspris")
    assert [(row["row"], row["outcome"]) for row in step["rows"]] == [(1, "not fulfilled"), (2, "fulfilled")]
    (change,) = data["would have changed it"]
    assert change["changed"][0]["after"] == "366666"
    assert (change["step"], change["row"], change["law"]) == ("heldagspris", 1, "§ 3b nr. 1")
    assert change["amounts"] == [{"key": "barn-1", "is": "2000", "would be": "1999"}]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_explain_tells_every_step_in_the_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("explain", SERVICE, "--example", "To barn, høy inntekt", "--lang", language) == 0
    said = capsys.readouterr().out
    wanted = {"nb": "Rad 1 gjelder ikke", "nn": "Rad 1 gjeld ikkje", "en": "Row 1 does not apply"}
    assert wanted[language] in said


def test_explain_in_short_has_no_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("explain", SERVICE, "--example", "To barn, høy inntekt", "--short") == 0
    assert "Rad 1" not in capsys.readouterr().out


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_show_reads_as_words_and_not_as_code(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("show", SERVICE, "--lang", language) == 0
    said = capsys.readouterr().out
    wanted = {"nb": "under kommunens pris", "nn": "under «kommunens pris»", "en": "below “kommunens pris”"}
    assert wanted[language] in said
    for sign in ("satisfies", "count(", '@"', " >= ", "!="):
        assert sign not in said
    assert call("show", SERVICE, "--lang", language, "--feel") == 0
    assert "= sum(husholdning.personinntekt) + sum(husholdning.kapitalinntekt)" in capsys.readouterr().out


def test_show_tells_who_decides_which_rates_hold_and_what_must_be_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call("show", SERVICE)
    said = " ".join(capsys.readouterr().out.replace("\u00a0", " ").split())
    assert "Minst 30 %, høyst 100 %. Ellers 30 %." in said  # rabatt barn nr 2, an open place
    assert "fra 1. august 2024 │ 2 000 kr i måneden │ stord.kommune.no" in said
    assert "│ fra 1. august 2025 │ 1 200 kr i måneden │ (kilden er ikke sett)" in said
    assert "Avslag: avslag. En lavere «månedsbeløp» er bedre for innbyggeren." in said
    assert "– personinntekt │ tall · kr/år │ skattegrunnlaget │ § 3e" in said


@pytest.mark.parametrize("width", ["60", "80"])
def test_a_narrow_terminal_breaks_lines_and_loses_nothing(
    width: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    call("show", SERVICE)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert not [line for line in lines if line.endswith("…")]
    assert "\x1b" not in "".join(lines)  # no colours in a pipe


def test_facts_are_given_as_arguments_alone_or_in_place_of_an_examples(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # 300 000 kr × 6 % / 11 = 1 636,36, rounded down (§ 3b nr. 1)
    example = ("--example", "Full pris fra 366 667")
    assert call("run", SERVICE, *example, "--fact", "husholdningens inntekt=300 000") == 0
    assert "1 636 kr" in capsys.readouterr().out.replace("\u00a0", " ")
    assert call("run", SERVICE, *example, "--fact", "varig inntektsnedgang=ja") == 1
    assert "Stoppet: varig inntektsnedgang" in capsys.readouterr().out
    assert call("run", SERVICE, "--fact", "ektefelle=kari, ola", "--fact", "barna stemmer=nei") == 1
    assert "barna stemmer ikke" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("oops", "Write --fact 'NAME=VALUE'"),
        ("barna stemer=ja", "Did you mean 'barna stemmer'?"),
        ("barna stemmer=kanskje", "must be true or false"),
        ("søknadsdato=i går", "søknadsdato"),
        ("barn=[{", "no JSON"),
        ("barn=[[[[", "no JSON"),
    ],
)
def test_a_fact_that_is_none_is_refused_in_a_sentence(
    fact: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("run", SERVICE, "--fact", fact) == 2
    assert said in capsys.readouterr().err


def test_without_a_case_one_is_told_where_to_find_some(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("explain", SERVICE) == 2
    assert f"dugnad rules show {SERVICE}" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "word"), [("nb", "Hjemmel"), ("nn", "Heimel"), ("en", "Law")])
def test_what_is_said_around_an_outcome_is_in_the_language(
    language: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call("run", SERVICE, "--example", "To barn, høy inntekt", "--lang", language)
    assert f"{word}: § 3d" in capsys.readouterr().out


def test_a_row_no_example_reaches_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "services" / SLUG
    shutil.copytree(SERVICE, folder)
    rules = folder / "rules.yaml"
    old = "|   | >= 3    | 100 %            |"
    text = rules.read_text(encoding="utf-8")
    two = "|   | 3       | 100 %            | § 3a    |\n      |   | >= 9    | 100 %            |"
    rules.write_text(text.replace(old, two), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 2
    assert call("cover", str(folder), "--only-gaps") == 1
    assert f"{folder}/rules.yaml:{line}:" in (said := capsys.readouterr().out)
    assert "no example reaches søskenrabatt, row 4: barn nr >= 9 → 100 % (§ 3a)" in said


def test_bench_gives_data_for_a_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("bench", SERVICE, "--example", "To barn, høy inntekt", "--seconds", "0.1", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["ways"]["decided and recorded"]["decisions a second"] > 0
    assert data["ways"]["decided and recorded"]["CPU seconds"] > 0
    assert "søskenrabatt" in [one["step"] for one in data["steps"]]


def test_examples_are_tried_for_a_machine_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "services" / SLUG
    shutil.copytree(SERVICE, folder)
    examples = folder / "examples.yaml"
    examples.write_text(
        examples.read_text(encoding="utf-8").replace("månedsbeløp: 2655", "månedsbeløp: 2654"),
        encoding="utf-8",
    )
    assert call("test", str(folder), "--json") == 1
    (told,) = json.loads(capsys.readouterr().out)["folders"]
    (failed,) = [one for one in told["examples"] if not one["passed"] and "2016" in one["name"]]
    assert failed["failures"][0]["file"] == f"{folder}/examples.yaml"


@pytest.mark.parametrize("word", ["check", "test"])
def test_check_and_test_take_a_name_and_suggest_the_nearest(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(word, SLUG) == 0
    assert call(word, SLUG[:-1]) == 1
    assert f"Did you mean '{SLUG}'?" in capsys.readouterr().err


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "results.json"
    write_whole(path, "first")

    def stopped(*_: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", stopped)
        with pytest.raises(KeyboardInterrupt):
            write_whole(path, "second")
    assert path.read_text(encoding="utf-8") == "first"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OSError, match="nowhere/x"):
        write_whole(tmp_path / "nowhere" / "x", "third")
