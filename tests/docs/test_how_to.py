"""The short pages: those with commands do what they say, and no page leads nowhere."""

import re
from pathlib import Path
from shutil import copytree

import pytest
from reading import Reader
from walkthrough import steps

from portal import Portal

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
SERVICE = Path("services") / "redusert-foreldrebetaling"
PAGES = [DOCS / "README.md", *sorted(DOCS.glob("how-to/*.md")), *sorted(DOCS.glob("tutorials/*.md"))]


@pytest.mark.parametrize("page", ["tailor-a-service", "run-the-tests"])
def test_a_page_does_what_it_says(page: str, portal: Portal, tmp_path: Path) -> None:
    copytree(PROJECT / SERVICE, tmp_path / SERVICE)
    copytree(PROJECT / "tailoring", tmp_path / "tailoring")
    reader = Reader(portal, tmp_path)

    for step in steps(DOCS / "how-to" / f"{page}.md"):
        reader.follow(step)

    assert any(one.startswith("ran dugnad") for one in reader.done)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert links or page.name not in {"README.md", "first-service.md"}
    for link in links:
        assert (page.parent / link).exists(), link


def test_every_how_to_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in DOCS.glob("how-to/*.md"):
        assert f"(how-to/{page.name})" in index


def test_the_names_of_register_variables_are_those_that_are_read() -> None:
    from dugnad.config.wiring import _REGISTERS

    page = (DOCS / "how-to" / "connect-a-register.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`DUGNAD_(\w+)_URL`", page)) == {name.upper() for name in _REGISTERS}
