"""The rulebook on its own: the README's example runs with nothing of Dugnad's but the rulebook, and a wheel holds it."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import dugnad.rulebook

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "packages" / "rulebook"
NEEDS = ("yaml", "regex")
FOREIGN = ("django", "psycopg", "lxml", "sqlglot", "duckdb", "urllib3", "jsonschema")
SAID = """avslag 2000.00 ('§ 1',)
Fee: NOK 2,000 a month. This follows from row 2 of the table, which applies when no row above fits.
Row 1 does not apply: income is NOK 450,000, not below “limit” (NOK 400,000).
Row 2 applies, because no row above fits.
Outcome: avslag, because income (NOK 450,000) is at least “limit” (NOK 400,000).
If income had been below NOK 400,000 a year, the outcome would have been “innvilget” (§ 3b).
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
    return done.stdout.replace("\u00a0", " ")


def test_the_example_of_the_readme_runs_without_anything_else_of_dugnad(tmp_path: Path) -> None:
    alone = room(tmp_path / "alone")
    (alone / "dugnad").mkdir()
    (alone / "dugnad" / "rulebook").symlink_to(PROJECT / "src" / "dugnad" / "rulebook")
    proof = f"\nprint([name for name in sys.modules if name.partition('.')[0] in {FOREIGN}])"
    assert run_alone(alone, example() + proof) == SAID + "[]\n"


def test_the_example_is_as_short_as_it_says() -> None:
    statements = [
        node for node in ast.parse(example()).body if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert len(example().splitlines()) <= 32
    assert len(statements) <= 8


def test_everything_public_is_named_once_and_is_there() -> None:
    names = dugnad.rulebook.__all__
    assert sorted(set(names)) == sorted(names)
    assert all(getattr(dugnad.rulebook, name, None) is not None for name in names)


@pytest.mark.slow
def test_a_wheel_holds_the_rulebook_typed_and_works_beside_the_whole(tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not on the path; it builds the wheels")
    for source in (PACKAGE, PROJECT):
        command = [uv, "build", "--wheel", "--out-dir", str(tmp_path), str(source)]
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
    for at, order in enumerate(((own,), (own, whole), (whole, own))):
        place = room(tmp_path / str(at))
        for one in order:
            with zipfile.ZipFile(one) as wheel:
                wheel.extractall(place)
        assert run_alone(place, example()) == SAID
    assert sysconfig.get_path("purelib") not in run_alone(
        tmp_path / "0", "import dugnad.rulebook; print(sys.path)"
    )
