"""`dugnad rules diff`: what changed in words, and for whom, where and for how much."""

import argparse
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from dugnad.cli.rules import command
from dugnad.cli.rules.asked.chosen import chosen
from dugnad.cli.rules.comparing import differences
from dugnad.cli.rules.diff import sweep
from dugnad.cli.rules.population.households import Household, households, opened, ordinary_answers
from dugnad.cli.rules.population.paper import Sheet, borders, drawn, page
from dugnad.cli.rules.population.sweeping import Compared, Question, Result, Side, exactly
from dugnad.cli.rules.population.tally import tallied
from dugnad.connectors import norway
from dugnad.connectors.norway.reference import municipalities

PROJECT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
SERVICE = PROJECT / "services" / SLUG
NAME = "barn.fornavn:            { type: text, from: folkeregisteret,"
ON = date(2026, 11, 21)


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(list(words)))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the service with some texts replaced: `changed(("rules.yaml", "old", "new"))`."""

    def make(*changes: tuple[str, str, str]) -> Path:
        folder = tmp_path / "services" / SLUG
        shutil.copytree(SERVICE, folder, dirs_exist_ok=True)
        for file, old, new in changes:
            path = folder / file
            before = path.read_text(encoding="utf-8")
            assert old in before
            path.write_text(before.replace(old, new, 1), encoding="utf-8")
        return folder

    return make


def said(folder: Path) -> list[tuple[str, str, str]]:
    with chosen(str(SERVICE)) as old, chosen(str(folder)) as new:
        return [(one.part, one.name, one.what) for one in differences(old.service, new.service)]


def test_the_same_service_has_no_differences(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("diff", str(SERVICE), str(SERVICE)) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_a_row_is_told_with_its_number_and_both_texts(changed: Callable[..., Path]) -> None:
    folder = changed(("rules.yaml", "| >= 3    | 100 %            |", "| >= 3    | 90 %             |"))
    assert said(folder) == [
        ("step", "søskenrabatt", "row 3 was >= 3 | 100 % | § 3a, and is >= 3 | 90 % | § 3a")
    ]


def test_new_and_lost_rows_are_told_as_such(changed: Callable[..., Path]) -> None:
    row = "|   | >= 3    | 100 %            | § 3a    |"
    two = "|   | 3       | 60 %             | § 3a    |\n      |   | >= 4    | 100 %            | § 3a    |"
    folder = changed(("rules.yaml", row, two))
    assert said(folder) == [
        ("step", "søskenrabatt", "row 3 was >= 3 | 100 % | § 3a, and is 3 | 60 % | § 3a"),
        ("step", "søskenrabatt", "row 4 is new: >= 4 | 100 % | § 3a"),
    ]


def test_formulas_rates_facts_questions_and_texts_are_each_told(changed: Callable[..., Path]) -> None:
    folder = changed(
        ("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * 5 %"),
        ("rates.yaml", "value: 642700, source: stord.kommune.no", "value: 650000, source: Lovdata"),
        ("facts.yaml", f"{NAME} law: § 3e", f"{NAME} law: § 3a"),
        ("rules.yaml", "title: { nb: Søskenmoderasjon,", "title: { nb: Søskenrabatt,"),
        ("letters/avslag.yaml", "nb: Du får ikke redusert foreldrebetaling", "nb: Søknaden er avslått"),
        ("examples.yaml", "  - name: Lav inntekt\n", "  - name: Svært lav inntekt\n"),
    )  # fmt: skip
    found = said(folder)
    assert ("fact", "barn.fornavn", "law was § 3e, and is § 3a") in found
    assert any(one[:2] == ("step", "inntektstak") and "* 5 %" in one[2] for one in found)
    assert (
        "rate",
        "grense gratis kjernetid",
        "from 2024-08-01: value was 642700, and is 650000",
    ) in found
    assert ("title", "etter søskenmoderasjon", "nb: was Søskenmoderasjon, is Søskenrabatt") in found
    assert any(one[0] == "letter" and "Søknaden er avslått" in one[2] for one in found)
    assert ("example", "Svært lav inntekt", "is new") in found
    assert ("example", "Lav inntekt", "is gone") in found


def test_where_a_row_stands_in_the_file_is_no_difference(changed: Callable[..., Path]) -> None:
    assert (
        said(changed(("rules.yaml", "law: FOR-2005-12-16-1478\n", "# moved\n\nlaw: FOR-2005-12-16-1478\n")))
        == []
    )


def test_differences_are_written_as_data_too(
    changed: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = changed(("rates.yaml", "value: 1200, verified: false", "value: 1150, verified: false"))
    assert call("diff", str(SERVICE), str(folder), "--json") == 1
    data = json.loads(capsys.readouterr().out)
    assert data["changed"] == [
        {"part": "rate", "name": "makspris", "what": "from 2025-08-01: value was 1200, and is 1150"}
    ]


# ── Over a population ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened("1000", tmp_path_factory.mktemp("norway"))


def side() -> Side:
    with chosen(str(SERVICE)) as found:
        return Side(found.service, found.tailorings)


def test_every_home_with_an_adult_is_asked_once(people: Path) -> None:
    found = households(people, ON)
    assert len({one.applicant for one in found}) == len(found) > 300
    assert all(one.residents >= 1 for one in found)
    thinned = households(people, ON, 50)
    assert len(thinned) == 50
    assert set(thinned) <= set(found)


def test_what_nobodys_register_knows_is_answered_as_the_examples_begin() -> None:
    assert ordinary_answers(side().service) == {
        "samboer uten felles barn": False,
        "varig inntektsnedgang": False,
        "barna stemmer": True,
    }


def compared(code: str, before: str, after: str, *, outcome: str = "innvilget") -> Compared:
    return Compared(
        code,
        3,
        Result("innvilget", Decimal(before), stopped=False),
        Result(outcome, Decimal(after), stopped=False),
    )


def test_figures_add_up_by_municipality() -> None:
    tally = tallied(
        [
            compared("4614", "1000", "900"),
            compared("4614", "1000", "1000"),
            compared("0301", "500", "700", outcome="avslag"),
        ]
    )
    assert (tally.whole.residents, tally.whole.changed, tally.whole.outcome) == (9, 6, 3)
    assert tally.whole.difference == Decimal(100)
    assert [(code, place.difference) for code, place in tally.by_change()] == [
        ("0301", Decimal(200)),
        ("4614", Decimal(-100)),
    ]
    assert tally.moves == {("innvilget", "avslag"): 3}


def test_a_household_that_cannot_be_decided_counts_only_among_those() -> None:
    nothing = Result(None, None, stopped=True)
    tally = tallied([compared("4614", "1000", "900"), Compared("4614", 2, nothing, nothing, "ValueError")])
    assert (tally.whole.households, tally.whole.residents) == (1, 3)
    assert tally.failed == {"ValueError": 1}


def test_the_page_and_the_map_show_every_municipality_and_escape_what_they_are_given() -> None:
    tally = tallied([compared("4614", "1000", "900"), compared("0301", "1", "1")])
    names = {one.code: one.name for one in municipalities()} | {"4614": "Stord <script>"}
    sheet = Sheet("Tjeneste & mer", "x@HEAD~1", "x", "2026-11-21", "To husholdninger.", "i måneden", names)
    svg = etree.fromstring(drawn(sheet, tally).encode(), etree.XMLParser(resolve_entities=False))
    titles = [one.text for one in svg.iter("{*}title")]
    assert len(titles) == len(borders()["paths"]) == 357
    assert "Stord <script>: 3 av 3 innbyggere, −100 kr i måneden" in [
        str(one).replace("\u00a0", " ") for one in titles
    ]
    written = page(sheet, tally)
    assert "<script>" not in written
    assert "Tjeneste &amp; mer" in written
    assert "Kartverket, CC BY 4.0" in written
    shades = {one.get("fill") for one in svg.iter("{*}path")}
    assert len(shades) == 2  # one municipality with a change, all others without


def test_borders_are_those_of_the_municipalities_of_today() -> None:
    assert set(borders()["paths"]) == {one.code for one in municipalities()}


def test_the_sweeper_is_whichever_one_is_given(people: Path) -> None:
    def unchanged(
        question: Question, asked: Sequence[Household], told: Callable[[int], None]
    ) -> Iterator[Compared]:
        for done, one in enumerate(asked, 1):
            same = Result(None, None, stopped=False)
            told(done)
            yield Compared(one.municipality, one.residents, same, same)

    asked = households(people, ON, 10)
    tally = sweep(Question(side(), side(), people, ON), asked, unchanged)
    assert (tally.whole.households, tally.whole.changed) == (10, 0)


@pytest.mark.slow
def test_a_sweep_decides_as_an_application_would(people: Path, changed: Callable[..., Path]) -> None:
    """Ingrid in Stord pays 612 + 771 kr (§ 3a, 3b, 3c); with five per cent instead of six she would pay less."""
    store = norway.Store(people)
    mother = next(one for one in norway.test_persons(store) if one.key == "mor i Stord")
    store.close()
    folder = changed(("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * 5 %"))
    with chosen(str(folder)) as found:
        question = Question(side(), Side(found.service, side().tailorings), people, ON)
    (one,) = exactly(1)(question, [Household(mother.identity_number, "4614", 4)], lambda _done: None)
    assert one.old == Result("innvilget", Decimal(612 + 771), stopped=False)
    # 202 000 kr × 5 % / 11 = 918,18; Nora 918,18 × 25/45 = 510,10; Odin 918,18 × 70 % = 642,73
    assert one.new == Result("innvilget", Decimal(510 + 642), stopped=False)


@pytest.mark.slow
def test_a_diff_over_a_population_writes_a_page_and_a_map(
    people: Path, changed: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = changed(("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * 5 %"))
    words = ("--population", str(people), "--households", "60", "--on", "2026-11-21", "--processes", "1")
    assert call("diff", str(SERVICE), str(folder), *words, "--json", "--out", str(tmp_path / "out")) == 1
    data = json.loads(capsys.readouterr().out)
    places = data["municipalities"].values()
    assert data["whole"]["households"] == 60
    assert sum(place["changed"] for place in places) == data["whole"]["changed"] > 0
    assert sum(Decimal(place["difference"]) for place in places) == Decimal(data["whole"]["difference"]) < 0
    assert (tmp_path / "out" / "index.html").is_file()
    assert (tmp_path / "out" / "map.svg").is_file()


@pytest.mark.parametrize("asked", ["12", "99999999999", "no-such-file.sqlite", "-5"])
def test_a_population_that_is_none_is_refused_in_a_sentence(
    asked: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUGNAD_HOME", str(tmp_path))
    assert call("diff", str(SERVICE), str(SERVICE), f"--population={asked}") == 2
    assert "synthetic Norway" in capsys.readouterr().err
