"""A sweep by the exact evaluator: in order, the same with one process and with two, one failure stops nobody else."""

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from dugnad.catalogue.checking import load_folder
from dugnad.rulebook.columns.relations import APPLICANTS, Layout
from dugnad.rulebook.columns.sweeping import PORTION, Chooses, left, sweep
from rulebook.columns.mixing import Mixer

HOUSING = Path(__file__).parents[3] / "bench" / "services" / "stotte-til-bolig"
ON = date(2026, 11, 21)


def prepare(folder: Path) -> Chooses:
    rules = load_folder(folder).ruleset()
    return lambda _facts: rules


def test_two_processes_say_the_same_as_one_and_in_order():
    applicants = list(enumerate(Mixer(load_folder(HOUSING), seed=5).applicants(PORTION + 60)))
    told: list[tuple[int, int | None]] = []
    one = list(sweep(partial(prepare, HOUSING), applicants, ON))
    two = list(
        sweep(
            partial(prepare, HOUSING),
            iter(applicants),
            ON,
            processes=2,
            total=len(applicants),
            progress=lambda done, total: told.append((done, total)),
        )
    )
    assert one == two
    assert [swept.key for swept in two] == [key for key, _ in applicants]
    assert told == [(PORTION, PORTION + 60), (PORTION + 60, PORTION + 60)]


def test_an_error_is_the_result_of_one_applicant():
    good = Mixer(load_folder(HOUSING), seed=5).applicant()
    found = list(sweep(partial(prepare, HOUSING), [(1, good), (2, {"barn": 7}), (3, good)], ON))
    assert found[1].failed is not None
    assert found[1].outcome is None
    assert (found[0].outcome, found[0].items) == (found[2].outcome, found[2].items)


def test_time_left():
    assert left(10, 100, 300) == 20
    assert left(10, 0, 300) == float("inf")


def test_facts_come_back_from_the_rows_as_they_were():
    service = load_folder(HOUSING)
    layout = Layout(service.book, {})
    facts = {
        "søker": "mor",
        "søknadsdato": ON,
        "boutgift": Decimal("8123.45"),
        "husholdning": [{"person": "mor", "personinntekt": Decimal(1)}],
        "barn": [],
    }
    main: dict[str, object] = {}
    entries: dict[str, list[dict[str, object]]] = {}
    for relation, row in layout.rows(1, facts):
        names = [fact.attribute for fact in layout.facts(None if relation == APPLICANTS else relation)]
        if relation == APPLICANTS:
            main = dict(zip(["k", "apart", *names], row, strict=True))
        else:
            entries.setdefault(relation, []).append(dict(zip(["k", "p", *names], row, strict=True)))
    found = layout.restore(main, entries)
    rules = service.ruleset()
    assert rules.decide(found, on=ON).as_bytes() == rules.decide(facts, on=ON).as_bytes()
