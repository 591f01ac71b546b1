"""The README shows what was measured, not what somebody once copied."""

import json
from pathlib import Path

from dugnad.rulebook.dmn.conformance import numbers_from, table_of

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_shows_the_counts_of_the_kit_as_they_were_published() -> None:
    counts = (ROOT / "docs" / "reference" / "conformance.json").read_text(encoding="utf-8")
    assert table_of(numbers_from(json.loads(counts))) in (ROOT / "README.md").read_text(encoding="utf-8")
