"""Hostile files: a clear finding within bounded time and memory, measured in a process that has no more of either."""

import json
import resource
import subprocess
import sys

import pytest

MEMORY = 1 << 30
SECONDS = 30
CHILD = r"""
import json
from dugnad.rulebook.located import UnreadableError, read

ROW = "      | | [0..9] | true | 1 | 2 |\n"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
RATE = "    - { from: 2024-08-01, value: 1, source: x }\n"
CASES = {
    "table of 50 MB": lambda: "a: |\n" + ROW * (50_000_000 // len(ROW)),
    "a text of 50 MB": lambda: "a: " + "x" * 50_000_000,
    "10 000 lists deep": lambda: "[" * 10_000 + "]" * 10_000,
    "10 000 mappings deep": lambda: "".join(" " * n + "a:\n" for n in range(10_000))[:4_000_000],
    "10 000 dashes deep": lambda: "- " * 10_000 + "x",
    "10 000 braces deep": lambda: "{a: " * 10_000,
    "aliases upon aliases": lambda: BOMB,
    "100 000 rates": lambda: "r:\n  unit: kr\n  values:\n" + RATE * 100_000,
    "300 000 keys": lambda: "".join(f"k{n}: 1\n" for n in range(300_000)),
    "one key four million signs long": lambda: "k" * 3_999_000 + ": 1",
    "an open quotation mark and four million signs": lambda: 'a: "' + "x y: " * 790_000,
    "a sign that no text has": lambda: "a: b\x00c",
    "half a pair of signs": lambda: "a: \ud800",
    "only tabs": lambda: "\t" * 1_000_000,
    "only colons": lambda: ": " * 1_000_000,
    "a number of a million digits": lambda: "a: " + "9" * 1_000_000,
}
def told(text):
    try:
        node = read(text, file="rules.yaml")
    except UnreadableError as error:
        return [error.finding.code, error.finding.what]
    return ["read", str(node.get("a").value)[:5]]

print(json.dumps({name: told(case()) for name, case in CASES.items()}))
"""


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.fixture(scope="module")
def told() -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, check=False, preexec_fn=bounded
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("table of 50 MB", "file too large"),
        ("a text of 50 MB", "file too large"),
        ("10 000 lists deep", "more than 32 levels"),
        ("10 000 mappings deep", "more than 32 levels"),
        ("10 000 dashes deep", "more than 32 levels"),
        ("10 000 braces deep", "more than 32 levels"),
        ("aliases upon aliases", "anchors and aliases"),
        ("100 000 rates", "file too large"),
        ("300 000 keys", "more than 100000 values"),
        ("one key four million signs long", ""),
        ("an open quotation mark and four million signs", ""),
        ("a sign that no text has", "a sign that no text has"),
        ("half a pair of signs", "a sign that no text has"),
        ("only tabs", ""),
        ("only colons", ""),
    ],
)
def test_a_hostile_file_is_a_finding(told: dict[str, list[str]], name: str, what: str) -> None:
    code, words = told[name]
    assert code == "yaml"
    assert what in words


def test_a_number_too_long_to_be_one_stays_text(told: dict[str, list[str]]) -> None:
    assert told["a number of a million digits"] == ["read", "99999"]
