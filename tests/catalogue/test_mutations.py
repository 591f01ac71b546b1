"""One thing broken in the real service: exactly that is found, at the very line and column."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from dugnad.catalogue.checking import check_folder, format_findings

ROOT = Path(__file__).resolve().parents[2]
SLUG = "redusert-foreldrebetaling"
MUTATIONS = yaml.safe_load((Path(__file__).parent / "mutations.yaml").read_text(encoding="utf-8"))
FOLLOWS = {"example", "unreached"}
"""What any mistake may bring: examples that come out otherwise, rows that no example reaches any more."""


@pytest.mark.parametrize("one", MUTATIONS, ids=lambda one: f"{one['code']}: {one['after'].strip()[:50]}")
def test_one_thing_broken_is_one_finding(tmp_path: Path, one: dict[str, Any]) -> None:
    copytree(ROOT / "services" / SLUG, tmp_path / "services" / SLUG)
    copytree(ROOT / "tailoring", tmp_path / "tailoring")
    path = tmp_path / "services" / SLUG / one["file"]
    text = path.read_text(encoding="utf-8")
    assert one["before"] in text
    changed = text.replace(one["before"], one["after"], 1)
    path.write_text(changed, encoding="utf-8")

    findings = [found for found in check_folder(tmp_path / "services" / SLUG) if found.code not in FOLLOWS]

    assert {found.code for found in findings} - {*one.get("beside", ())} == {one["code"]}, format_findings(
        findings
    )
    assert all(found.mend for found in findings)
    told = [found for found in findings if found.code == one["code"] and one.get("says", "") in found.what]
    assert told, format_findings(findings)
    if "at" in one:
        (found,) = told
        line = changed.splitlines()[found.line - 1]
        assert (found.file, line[found.column - 1 :][: len(one["at"])]) == (one["file"], one["at"])
