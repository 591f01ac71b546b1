"""`dugnad rules diff --population`: for whom, where and for how much; by column as the exact evaluator decides."""

import argparse
import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import etree

from dugnad.cli.rules import command
from dugnad.cli.rules.asked.chosen import chosen
from dugnad.cli.rules.population import sweeping
from dugnad.cli.rules.population.paper import Sheet, borders, drawn, page
from dugnad.cli.rules.population.people import opened, ordinary_answers
from dugnad.cli.rules.population.sweeping import Account, Question, Side, swept
from dugnad.cli.rules.population.tally import Place, Tally, tallied
from dugnad.connectors import norway
from dugnad.connectors.norway.columns import about, write_columns
from dugnad.connectors.norway.reference import municipalities
from dugnad.rulebook.columns import NotCompiled

PROJECT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
SERVICE = PROJECT / "services" / SLUG
ON = norway.DEFAULT_AS_OF
LESS = ("rules.yaml", "husholdningens inntekt * 6 %", "husholdningens inntekt * 5 %")
CHANGES = {
    "five per cent": LESS,
    "maximum price": ("rates.yaml", "value: 1200, verified: false", "value: 1150, verified: false"),
    "rounding": ("rules.yaml", "round: avrunding", "round: øre nærmeste"),
    "another fact": ("facts.yaml", "    if not found: false\n    law: § 3e", "    law: § 3e"),
}


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(list(words)))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the service with a text replaced: `changed("rules.yaml", "old", "new")`."""

    def make(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "services" / SLUG
        shutil.copytree(SERVICE, folder, dirs_exist_ok=True)
        path = folder / file
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened("2000", tmp_path_factory.mktemp("norway"))


def side(folder: Path = SERVICE) -> Side:
    with chosen(str(folder)) as found, chosen(str(SERVICE)) as own:
        return Side(found.service, own.tailorings)


def counted(question: Question, said: list[str] | None = None) -> Tally:
    def bars(_title: str) -> Any:
        return nullcontext(lambda _done, _of: None)

    with swept(question, bars, (said if said is not None else []).append) as found:
        return tallied(found, refusals=["avslag"], better="lower")


def households(people: Path) -> int:
    with duckdb.connect(str(people), read_only=True) as connection:
        return int((connection.execute("SELECT count(*) FROM husstand").fetchone() or (0,))[0])


def figures(tally: Tally) -> tuple[object, ...]:
    return tally.whole, tally.places, tally.moves, tally.failed


def without_columns(*_: object) -> None:
    raise NotCompiled("pris", None, 0, "it is not to be")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_by_column_and_exactly_give_the_same_figures(
    people: Path, changed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, change: tuple[str, str, str]
) -> None:
    monkeypatch.setattr(sweeping, "PORTION", 700)
    monkeypatch.setattr("dugnad.cli.rules.population.exactly.READ_AT_ONCE", 300)
    question = Question(side(), side(changed(*change)), people, ON)
    by_column = counted(question)
    assert by_column.whole.households == households(people)
    assert not by_column.account.reasons
    assert by_column.account.exactly > 0  # some stand in doubt, and are decided exactly
    monkeypatch.setattr(sweeping, "compile_service", without_columns)
    exactly = counted(question)
    assert set(exactly.account.reasons) == {"gammel", "ny"}
    assert figures(by_column) == figures(exactly)


def test_a_family_in_stord_pays_what_an_application_would_say(
    people: Path, changed: Callable[..., Path]
) -> None:
    """Ingrid in Stord pays 612 + 771 kr (§ 3a, 3b, 3c); with five per cent instead of six she would pay less."""
    question = Question(side(), side(changed(*LESS)), people, ON)
    with swept(question, lambda _: nullcontext(lambda _done, _of: None), print) as found:
        (mother,) = (one for one in norway.test_persons(_store(people)) if one.key == "mor i Stord")
        row = found.connection.execute(
            "SELECT før.utfall, før.øre, etter.øre FROM gammel.svar AS før JOIN ny.svar AS etter USING (k)"
            " JOIN norge.husstand USING (k) WHERE person = ?",
            [mother.identity_number],
        ).fetchone()
    # 202 000 kr × 5 % / 11 = 918,18; Nora 918,18 × 25/45 = 510,10; Odin 918,18 × 70 % = 642,73
    assert row == ("innvilget", (612 + 771) * 100, (510 + 642) * 100)


def _store(people: Path) -> norway.Store:
    return norway.Store(people.with_suffix(".sqlite"))


@pytest.mark.parametrize("most", [1, 50, 10_000])
def test_so_many_households_are_asked_evenly_chosen(
    people: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(sweeping, "compile_service", without_columns)
    monkeypatch.setattr(Side, "rules", without_columns)
    tally = counted(Question(side(), side(), people, ON, most=most))
    assert sum(tally.failed.values()) == min(most, households(people))


def test_what_nobodys_register_knows_is_answered_as_the_examples_begin(people: Path) -> None:
    answers = {"samboer uten felles barn": False, "varig inntektsnedgang": False, "barna stemmer": True}
    assert ordinary_answers(side().service) == answers
    assert counted(Question(side(), side(), people, ON, most=1)).account.answers == answers


def test_a_service_that_no_column_can_follow_says_why_and_how_long_it_takes(
    people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "compile_service", without_columns)
    monkeypatch.setattr("dugnad.cli.rules.population.exactly.FEW", 10)
    said: list[str] = []
    counted(Question(side(), side(), people, ON, most=40), said)
    assert said[0].startswith("The old version cannot be calculated by column (“pris”: it is not to be).")
    assert " seconds; --households N asks only so many" in said[0]
    assert len(said) == 2


def test_one_that_cannot_be_decided_is_counted_and_stops_nobody(
    people: Path, changed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = Side.rules

    def failing(self: Side, municipality: str) -> Any:
        if municipality == "4614":
            raise RuntimeError
        return rules(self, municipality)

    monkeypatch.setattr(sweeping, "compile_service", without_columns)
    monkeypatch.setattr(Side, "rules", failing)
    tally = counted(Question(side(), side(changed(*LESS)), people, ON))
    assert set(tally.failed) == {"RuntimeError"}
    assert "4614" not in tally.places
    assert tally.whole.households == sum(place.households for place in tally.places.values()) > 900


def test_better_and_worse_are_what_the_service_says_they_are(
    people: Path, changed: Callable[..., Path]
) -> None:
    question = Question(side(), side(changed(*LESS)), people, ON)
    with swept(question, lambda _: nullcontext(lambda _done, _of: None), print) as found:
        price = tallied(found, refusals=["avslag"], better="lower").whole
        benefit = tallied(found, refusals=["innvilget"], better="higher").whole
    assert (price.better, price.worse) == (benefit.worse, benefit.better)
    assert price.better > price.worse == 0
    assert (price.granted, price.refused) == (benefit.refused, benefit.granted)


def test_a_diff_over_a_population_writes_a_page_and_a_map(
    people: Path, changed: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--population", str(people), "--on", ON.isoformat(), "--processes", "1")
    out = tmp_path / "out"
    assert call("diff", str(SERVICE), str(changed(*LESS)), *words, "--json", "--out", str(out)) == 1
    data = json.loads(capsys.readouterr().out)
    places = data["municipalities"].values()
    assert sum(place["changed"] for place in places) == data["whole"]["changed"] > 0
    assert sum(Decimal(place["difference"]) for place in places) == Decimal(data["whole"]["difference"]) < 0
    assert data["basis"]["everybody answers"]["varig inntektsnedgang"] is False
    assert (out / "index.html").is_file()
    assert (out / "map.svg").is_file()


def test_a_population_of_either_kind_will_do(tmp_path: Path) -> None:
    source, columns, home = tmp_path / "norway.sqlite", tmp_path / "norway.duckdb", tmp_path / "home"
    norway.generate(source, persons=1_000)
    write_columns(source, columns)
    assert opened(str(columns), home) == columns
    made = opened(str(source), home)
    assert about(made) == about(columns) is not None
    assert opened(str(source), home) == made  # written once
    assert list(home.iterdir()) == [made]


@pytest.mark.parametrize("asked", ["12", "99999999999", "no-such-file.sqlite", "-5", "half.duckdb"])
def test_a_population_that_is_none_is_refused_in_a_sentence(
    asked: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUGNAD_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "half.duckdb").write_bytes(b"SQLite format 3\0 and no more")
    assert call("diff", str(SERVICE), str(SERVICE), f"--population={asked}") == 2
    assert "synthetic Norway" in capsys.readouterr().err


# ── On paper ──────────────────────────────────────────────────────────────────────────────────────────────────────


def made_up() -> Tally:
    tally = Tally(Account(date(2026, 11, 1), 5_000, {"barna stemmer": True}, ("pris",)))
    tally.places = {
        "4614": Place(2, 3, changed=3, amount=3, better=3, before=Decimal(1000), after=Decimal(900)),
        "0301": Place(1, 4, before=Decimal(1), after=Decimal(1)),
    }
    tally.whole = Place(3, 7, changed=3, amount=3, better=3, before=Decimal(1001), after=Decimal(901))
    return tally


def test_the_page_and_the_map_show_every_municipality_and_escape_what_they_are_given() -> None:
    names = {one.code: one.name for one in municipalities()} | {"4614": "Stord <script>"}
    sheet = Sheet("Tjeneste & mer", "x@HEAD~1", "x", date(2026, 11, 21), "i måneden", names)
    svg = etree.fromstring(drawn(sheet, made_up()).encode(), etree.XMLParser(resolve_entities=False))
    titles = [one.text for one in svg.iter("{*}title")]
    assert len(titles) == len(borders()["paths"]) == 357
    assert "Stord <script>: 3 av 3 innbyggere, −100 kr i måneden" in [
        str(one).replace("\u00a0", " ") for one in titles
    ]
    written = page(sheet, made_up())
    assert "<script>" not in written
    assert "Tjeneste &amp; mer" in written
    assert "Kartverket, CC BY 4.0" in written
    shades = [one.get("class") for one in svg.iter("{*}path")]
    assert (shades.count("s5"), shades.count(None)) == (1, 356)  # one municipality with a change
    words = " ".join(str(one.text) for one in svg.iter("{*}text"))
    assert "ingen endring til 100,0 % " in words  # what the shades mean
    assert "Kartverket, CC BY 4.0" in words  # also where the map stands alone
    assert "barna stemmer: ja" in written  # what was assumed
    assert "Ingen av registrene her vet pris" in written


def test_borders_are_those_of_the_municipalities_of_today() -> None:
    assert set(borders()["paths"]) == {one.code for one in municipalities()}


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("Query interrupted"), duckdb.InterruptException()]
)
def test_who_presses_ctrl_c_is_told_so_and_nothing_else(
    people: Path,
    error: BaseException,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """While DuckDB works, Ctrl-C reaches Python as an error of its own."""

    def stopped(*_: object) -> None:
        raise error

    monkeypatch.setattr(sweeping, "compile_service", without_columns)
    monkeypatch.setattr(sweeping, "decided_again", lambda *_, **_more: stopped())
    words = ("--population", str(people), "--out", str(tmp_path / "out"))
    assert call("diff", str(SERVICE), str(SERVICE), *words) == 130
    assert capsys.readouterr() == ("", "Stopped.\n")
    assert not (tmp_path / "out").exists()
