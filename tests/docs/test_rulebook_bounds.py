"""The bounds a page names are those of the code."""

import re
from pathlib import Path

from dugnad.rulebook import located
from dugnad.rulebook.dmn import reading
from dugnad.rulebook.feel import bounds, operators, values, wide
from dugnad.rulebook.feel.builtins import lists
from dugnad.rulebook.feel.grammar import cursor, tokens
from dugnad.rulebook.tables import prepare

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-rulebook-alone.md"


def test_the_page_names_the_bounds_there_are() -> None:
    named = re.findall(r"^\| .+ \| ([0-9,]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert operators.MAX_TEXT == lists.MAX_ITEMS
    assert [int(one.replace(",", "")) for one in named] == [
        tokens.MAX_LENGTH,
        cursor.MAX_NESTING,
        bounds.MAX_WORK,
        bounds.MAX_LEVELS,
        lists.MAX_ITEMS,
        values.MAX_LEVELS_OF_VALUES,
        wide.MAX_YEAR,
        prepare.MAX_CELLS,
        located.MAX_CHARACTERS,
        reading.MAX_BYTES,
    ]
