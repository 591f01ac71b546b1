"""What passes of the DMN Technology Compatibility Kit, from the counts that `dugnad dmn tck` wrote down."""

import json
from pathlib import Path

from dugnad.rulebook.dmn.conformance import numbers_from, table_of

COUNTS = Path(__file__).resolve().parents[4] / "docs" / "reference" / "conformance.json"


def conformance_page() -> str:
    """Return the page."""
    numbers = numbers_from(json.loads(COUNTS.read_text(encoding="utf-8")))
    left = [
        f"| {each.model} | {each.failed} | {each.reason.replace('|', '/')} |" for each in numbers.left
    ] or ["| nothing | 0 | |"]
    return "\n".join(
        [
            "# Conformance to DMN 1.5",
            "",
            "The [DMN Technology Compatibility Kit](https://github.com/dmn-tck/tck) is a collection of models with the",
            "results that every engine should give. This is what ours gives: all of level 2, and the models of level 3 that",
            "lie in the folder of reference material. An engine that always answers null would pass the last column.",
            "",
            table_of(numbers),
            "A result node passes where the value is the expected one (numbers within 10⁻⁸, as in the kit's own runner; all",
            "else exactly) or, where the kit expects null or an error, where it is null.",
            "",
            "## What does not pass",
            "",
            "| model | result nodes | reason |",
            "|---|---:|---|",
            *left,
            "",
            "Functions in Java are refused on purpose: a rule that residents are bound by is written where it can be read.",
            "",
            "## Run it again",
            "",
            "```",
            "dugnad dmn tck ../shared/reference/dmn-tck/TestCases --results results.json \\",
            "    --numbers docs/reference/conformance.json",
            "dugnad docs",
            "```",
            "",
            "`results.json` has one record per result node: `file` (path below the folder), `case`, `node`, `expected`,",
            "`actual`, `passed`, and `reason` where there is no value. Numbers, dates and durations are text, exactly.",
            "",
        ]
    )
