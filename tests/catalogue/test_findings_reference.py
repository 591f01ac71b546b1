"""Every code a finding can have is explained in docs/reference/findings.md, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "findings.md"
SOURCES = (
    "src/dugnad/catalogue",
    "src/dugnad/rulebook/checks",
    "src/dugnad/rulebook/rules",
    "src/dugnad/rulebook",
)
CODE_AT = {"at": 1, "wrong": 1, "Misuse": 0, "Problem": 1, "_unreadable": None, "Finding": 6}
"""Which argument of a call is a finding's code."""


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or called(node) not in CODE_AT:
            continue
        at = CODE_AT[called(node)]
        argument = node.args[at] if at is not None and len(node.args) > at else None
        for part in ast.walk(argument) if argument is not None else ():
            if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)*", str(part.value)):
                yield str(part.value)


def assigned(path: Path) -> Iterator[str]:
    """Give the codes that stand in `code, what = (…)` before the finding is made."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = [getattr(one, "id", "") for one in node.targets[0].elts]
            if names[:1] == ["code"]:
                for tuple_ in ast.walk(node.value):
                    if isinstance(tuple_, ast.Tuple) and isinstance(tuple_.elts[0], ast.Constant):
                        yield str(tuple_.elts[0].value)


def test_the_page_explains_every_code_and_no_other() -> None:
    files = {path for folder in SOURCES[:3] for path in (ROOT / folder).rglob("*.py")}
    files |= {ROOT / "src/dugnad/rulebook" / name for name in ("located.py", "rates.py")}
    used = {code for path in files for code in (*codes_in(path), *assigned(path))}
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))

    assert used - explained == set(), "explain these in docs/reference/findings.md"
    assert explained - used == set(), "these are found nowhere any more"
