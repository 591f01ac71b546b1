"""One thing broken in the real service: exactly that is found, at the very line and column."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from dugnad.catalogue import checking
from dugnad.catalogue.examples import ExampleReport
from dugnad.catalogue.types import Finding

ROOT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
MUTATIONS = yaml.safe_load((Path(__file__).parent / "mutations.yaml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def no_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run no examples: that they come out otherwise is a consequence, and tested elsewhere."""
    monkeypatch.setattr(checking, "run_examples", lambda _service, _tailorings: ExampleReport(()))


def told_as(findings: list[Finding]) -> str:
    return checking.format_findings(findings)


@pytest.mark.parametrize("one", MUTATIONS, ids=lambda one: f"{one['code']}: {one['after'].strip()[:50]}")
def test_one_thing_broken_is_one_finding(tmp_path: Path, one: dict[str, Any]) -> None:
    copytree(ROOT / "services" / SLUG, tmp_path / "services" / SLUG)
    copytree(ROOT / "tailoring", tmp_path / "tailoring")
    path = tmp_path / "services" / SLUG / one["file"]
    text = path.read_text(encoding="utf-8")
    assert one["before"] in text
    changed = text.replace(one["before"], one["after"], 1)
    path.write_text(changed, encoding="utf-8")

    findings = checking.check_folder(tmp_path / "services" / SLUG)

    assert {found.code for found in findings} - {*one.get("beside", ())} == {one["code"]}, told_as(findings)
    assert all(found.mend for found in findings)
    told = [found for found in findings if found.code == one["code"] and one.get("says", "") in found.what]
    assert told, told_as(findings)
    if "at" in one:
        (found,) = told
        line = changed.splitlines()[found.line - 1]
        assert (found.file, line[found.column - 1 :][: len(one["at"])]) == (one["file"], one["at"])
