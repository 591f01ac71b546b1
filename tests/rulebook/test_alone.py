"""The rulebook on its own: the README's example runs with nothing of Dugnad's but the rulebook, and a wheel holds it."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import dugnad.rulebook

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "packages" / "rulebook"
NEEDS = ("yaml", "regex")
FOREIGN = ("django", "psycopg", "lxml", "sqlglot", "duckdb", "urllib3", "jsonschema")
SAID = """refused ('§ 1',) ['Row 1 does not apply: income is NOK\\xa0450,000, which is above “limit” (NOK\\xa0400,000).', \
'Row 2 applies, because no row above fits.']
['If income had been NOK\\xa0400,000 a year or less, the outcome would have been “granted” (§ 3b).']
"""


MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:fee" name="fee" id="d">
  <inputData name="Income" id="i"><variable name="Income" typeRef="number"/></inputData>
  <decision name="Fee" id="f"><variable name="Fee" typeRef="number"/>
    <informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
    <literalExpression id="l"><text>Income * 0.06 / 12</text></literalExpression>
  </decision>
</definitions>
"""
USER = """
from datetime import date
from pathlib import Path

from dugnad.rulebook import (
    Change, DmnError, Finding, Outcome, RulesError, Told, Value, account_data, check_folder, columns_of, coverage,
    evaluate, model_from_file, ruleset_from_folder, tell, what_would_change, wished,
)


def why(folder: Path, facts: dict[str, Value], day: date) -> list[str]:
    try:
        rules = ruleset_from_folder(folder)
    except RulesError as error:
        return [finding.what for finding in error.findings]
    outcome: Outcome = rules.decide(facts, on=day)
    told: tuple[Told, ...] = tell(rules, outcome, "nb")
    changes: tuple[Change, ...] = what_would_change(rules, facts, outcome, on=day)
    data: list[dict[str, object]] = account_data(rules, outcome)
    findings: tuple[Finding, ...] = check_folder(folder)
    reached, rows = coverage(rules, [("one", outcome)]).share("row")
    sql: str = columns_of(rules, on=day).sql
    wishes = [wished(rules, outcome, one, "nb") for one in changes]
    return [*(step.sentence for step in told), *wishes, sql, str(data), str(findings), f"{reached} of {rows}"]


def fee(path: Path) -> Value:
    try:
        return model_from_file(path).decide("Fee", {"Income": evaluate("1 + 1")})
    except DmnError as error:
        return str(error)
"""


def example() -> str:
    found = re.search(
        r"^```python\n(.*?)^```",
        (PACKAGE / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert found is not None
    return found[1]


def room(folder: Path) -> Path:
    """A folder with the two libraries the rulebook needs, and nothing else."""
    folder.mkdir()
    for name in NEEDS:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        (folder / name).symlink_to(Path(spec.origin).parent)
    return folder


def run_alone(folder: Path, program: str) -> str:
    """Run a program that sees the standard library and `folder`, no site-packages, no environment."""
    start = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    command = [sys.executable, "-I", "-S", "-c", start + program]
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_of_the_readme_runs_without_anything_else_of_dugnad(tmp_path: Path) -> None:
    alone = room(tmp_path / "alone")
    (alone / "dugnad").mkdir()
    (alone / "dugnad" / "rulebook").symlink_to(PROJECT / "src" / "dugnad" / "rulebook")
    proof = f"\nprint([name for name in sys.modules if name.partition('.')[0] in {FOREIGN}])"
    assert run_alone(alone, example() + proof) == SAID + "[]\n"


def test_the_example_is_as_short_as_it_says() -> None:
    assert len(example().splitlines()) <= 20
    assert SAID.replace("\\xa0", " ") in (PACKAGE / "README.md").read_text(encoding="utf-8")


def test_what_needs_an_extra_says_which_and_all_else_works_without(tmp_path: Path) -> None:
    alone = room(tmp_path / "alone")
    (alone / "dugnad").mkdir()
    (alone / "dugnad" / "rulebook").symlink_to(PROJECT / "src" / "dugnad" / "rulebook")
    program = f"""
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
import dugnad.rulebook as book
parts = [name.split(".")[2] for name in sys.modules if name.startswith("dugnad.rulebook.")]
light = [name for name in parts if name in ("checks", "columns", "dmn")]
folder = Path({str(PROJECT / "services" / "redusert-foreldrebetaling")!r})
rules = book.ruleset_from_folder(folder)
print(light, book.evaluate("0.1 + a", {{"a": Decimal("0.2")}}), {{one.severity for one in book.check_folder(folder)}})
print(book.coverage(rules, []).share("row")[0], book.TableError.__name__)
for ask in (lambda: book.model_from_file(Path("a.dmn")), lambda: book.DmnError, lambda: book.not_by_column(rules)):
    try:
        ask()
    except ImportError as error:
        print(error)
"""
    assert run_alone(alone, program).splitlines() == [
        "[] 0.3 {'information'}",
        "0 TableError",
        "lxml is not installed: pip install 'dugnad-rulebook[dmn]'",
        "lxml is not installed: pip install 'dugnad-rulebook[dmn]'",
        "sqlglot is not installed: pip install 'dugnad-rulebook[columns]'",
    ]


def test_a_dmn_file_is_decided_from_the_one_public_place(tmp_path: Path) -> None:
    path = tmp_path / "fee.dmn"
    path.write_text(MODEL, encoding="utf-8")
    recorder = dugnad.rulebook.Recorder()
    model = dugnad.rulebook.model_from_file(path)
    assert model.decide("Fee", {"Income": Decimal(400_000)}, recorder) == Decimal(2_000)
    assert recorder.diagnostics == []
    path.write_text(MODEL.replace("0.06", "0.06 *"), encoding="utf-8")
    broken = dugnad.rulebook.model_from_file(path)
    assert [(one.file, one.line) for one in broken.problems] == [("fee.dmn", 5)]
    path.write_text("<definitions", encoding="utf-8")
    with pytest.raises(dugnad.rulebook.DmnError):
        dugnad.rulebook.model_from_file(path)


def test_a_service_becomes_a_statement_for_each_database_from_the_one_public_place() -> None:
    rules = dugnad.rulebook.ruleset_from_folder(PROJECT / "bench/services/forebyggende-hjemmebesok")
    assert dugnad.rulebook.not_by_column(rules) == ()
    statements = {
        name: dugnad.rulebook.columns_of(rules, on=date(2026, 8, 1), database=name).sql
        for name in ("duckdb", "postgres", "spark")
    }
    assert all(sql.startswith("WITH") for sql in statements.values())
    assert len(set(statements.values())) == len(statements)


def test_what_is_wrong_in_rules_is_told_with_its_place_and_how_to_mend_it() -> None:
    facts = "facts: { income: { type: number, unit: kr/år, from: tax } }"
    rules = """conclude:
  outcome:
    table: |
      | U | income    | → outcome |
      |---|-----------|-----------|
      |   | < 400000  | "granted" |
      |   | > 400000  | "refused" |
result: { outcome: outcome, refusals: [refused] }
"""
    gap, *_ = dugnad.rulebook.check_texts(rules=rules, facts=facts)
    assert (gap.file, gap.line) == ("rules.yaml", 4)
    assert "400000" in gap.what.replace(" ", "").replace("\u00a0", "")
    assert gap.mend
    (unreadable,) = dugnad.rulebook.check_texts(rules="a: [", facts=facts)
    assert unreadable.file == "rules.yaml"
    with pytest.raises(FileNotFoundError):
        dugnad.rulebook.check_folder(PROJECT / "docs")


def test_the_lines_of_the_how_to_run_and_come_to_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    page = (PROJECT / "docs/how-to/use-the-rulebook-alone.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    known: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "use-the-rulebook-alone.md", "exec"), known)  # noqa: S102 - our own page
    assert known["evaluate"]("sum(fees) / count(fees)", {"fees": [1200, Decimal("999.50")]}) == Decimal(
        "1099.75"
    )
    assert known["fee"] == Decimal(2_000)
    assert [(row["outcome"], row["annotations"]["law"]) for row in known["rows"]] == [
        ("not fulfilled", "§ 3b"),
        ("fulfilled", "§ 1"),
    ]
    assert (known["errors"], known["left_to_the_exact_evaluator"]) == ([], ())
    (wish,) = known["wishes"]
    assert wish.replace("\u00a0", " ") in page
    assert known["statement"].startswith("WITH")


def test_a_float_is_refused_rather_than_rounded() -> None:
    with pytest.raises(TypeError, match="floats are not exact"):
        dugnad.rulebook.evaluate("a", {"a": 0.1})


@pytest.mark.slow
def test_a_users_own_file_is_typed_against_the_public_face(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    (tmp_path / "dugnad").mkdir()
    (tmp_path / "dugnad" / "rulebook").symlink_to(PROJECT / "src" / "dugnad" / "rulebook")
    options = [
        "--strict",
        "--config-file=",
        "--cache-dir",
        str(tmp_path / "cache"),
        "--explicit-package-bases",
    ]
    command = [sys.executable, "-m", "mypy", *options, "user.py"]
    environment = {**os.environ, "MYPYPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert "user.py" not in done.stdout, done.stdout
    assert done.returncode == 0, done.stdout


def test_everything_public_is_named_once_and_is_there() -> None:
    names = dugnad.rulebook.__all__
    assert sorted(set(names)) == sorted(names)
    assert all(getattr(dugnad.rulebook, name, None) is not None for name in names)


@pytest.mark.slow
def test_a_wheel_holds_the_rulebook_typed_and_works_beside_the_whole(tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not on the path; it builds the wheels")
    # The rulebook's wheel is made from its source distribution, as an index would: it must hold all it needs.
    for source, kinds in ((PACKAGE, ()), (PROJECT, ("--wheel",))):
        command = [uv, "build", *kinds, "--out-dir", str(tmp_path), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode and "hatchling" in done.stderr:
            pytest.skip("hatchling cannot be had without a network")
        assert done.returncode == 0, done.stderr
    (own,) = tmp_path.glob("dugnad_rulebook-*.whl")
    (whole,) = tmp_path.glob("dugnad-*.whl")
    with zipfile.ZipFile(own) as wheel:
        names = wheel.namelist()
    assert "dugnad/rulebook/py.typed" in names
    assert "dugnad/__init__.py" not in names
    assert all(name.startswith(("dugnad/rulebook/", "dugnad_rulebook-")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert (PACKAGE / "LICENSE").read_bytes() == (PROJECT / "LICENSE").read_bytes()
    for at, order in enumerate(((own,), (own, whole), (whole, own))):
        place = room(tmp_path / str(at))
        for one in order:
            with zipfile.ZipFile(one) as wheel:
                wheel.extractall(place)
        assert run_alone(place, example()) == SAID
    assert sysconfig.get_path("purelib") not in run_alone(
        tmp_path / "0", "import dugnad.rulebook; print(sys.path)"
    )
