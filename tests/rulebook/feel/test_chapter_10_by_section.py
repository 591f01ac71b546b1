"""DMN 1.5, chapter 10.3, section by section: the lines of ``chapter_10``, each ``expression => value`` or ``=> syntax``."""

from pathlib import Path

import pytest
from feel_runs import evaluate
from test_at_the_edges import same

from dugnad.rulebook.feel import FeelSyntaxError

LINES = [
    (file.stem, line)
    for file in sorted((Path(__file__).parent / "chapter_10").glob("*.txt"))
    for line in file.read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("section", "line"), LINES)
def test_it_gives_what_the_section_says(section: str, line: str) -> None:
    text, _, wanted = line.rpartition(" => ")
    if wanted == "syntax":
        with pytest.raises(FeelSyntaxError):
            evaluate(text)
        return
    found = evaluate(text)
    assert same(found, evaluate(wanted)), f"{section}: {found}"
