"""Sizes a reader can hold, names that say something, and no promise left in the code (DESIGN §3)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (PROJECT / "src/dugnad").rglob("*.py") if "migrations" not in path.parts)
MODULE_LINES = 400
FUNCTION_LINES = 40
FOLDER_FILES = 12
EMPTY_NAMES = {"utils", "helpers", "managers", "util", "helper", "misc", "common"}
PROMISES = re.compile(r"#.*\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]) + r")\b")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the end; what explains it to the reader is not counted."""
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    explained = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - explained


def short(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_modules_are_at_most_400_lines() -> None:
    lines = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: count for path, count in lines.items() if count > MODULE_LINES} == {}


def test_functions_are_at_most_40_lines() -> None:
    long = {
        f"{short(path)}:{node.lineno} {node.name}": length
        for path in SOURCES
        for node in functions(path)
        if (length := lines_of(node)) > FUNCTION_LINES
    }
    assert long == {}


def test_folders_hold_at_most_twelve_modules() -> None:
    counts: dict[str, int] = {}
    for path in SOURCES:
        counts[short(path.parent)] = counts.get(short(path.parent), 0) + (path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > FOLDER_FILES} == {}


def test_no_module_is_named_after_nothing() -> None:
    assert [short(path) for path in SOURCES if {path.stem, *path.parts} & EMPTY_NAMES] == []


def test_no_promise_stands_in_for_work() -> None:
    ours = [
        *SOURCES,
        *(PROJECT / "tests").rglob("*.py"),
        *(PROJECT / "bench").rglob("*.py"),
        PROJECT / "bootstrap.py",
    ]
    found = [
        f"{short(path)}:{number}"
        for path in ours
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PROMISES.search(line)
    ]
    assert found == []
