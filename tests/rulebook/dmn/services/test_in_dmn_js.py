"""The export in the most used open editor, dmn-js: opened without a warning, saved, brought home with nothing lost.

Needs the editor, which is no part of the project; `docs/how-to/exchange-dmn.md` says how to run it.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dugnad.catalogue.loading import read_folder
from dugnad.rulebook.dmn.reading import read
from dugnad.rulebook.dmn.services.inward.importing import import_model
from dugnad.rulebook.dmn.services.outward.exporting import export_service
from dugnad.rulebook.dmn.writing import write

PROJECT = Path(__file__).parents[4]
EDITOR = Path(os.environ.get("DUGNAD_DMN_JS", "/nowhere")) / "node_modules"
SERVICES = sorted(path.parent for path in PROJECT.glob("*/services/*/service.yaml")) + sorted(
    path.parent for path in PROJECT.glob("services/*/service.yaml")
)
needs_editor = pytest.mark.skipif(
    not (EDITOR / "dmn-moddle").is_dir(), reason="DUGNAD_DMN_JS names no folder with dmn-js and dmn-moddle"
)
SAVED = """
import {DmnModdle} from 'dmn-moddle';
import fs from 'fs';
const moddle = new DmnModdle();
const found = await moddle.fromXML(fs.readFileSync(0, 'utf8'));
if (found.warnings.length) throw new Error(found.warnings[0].message);
process.stdout.write((await moddle.toXML(found.rootElement, {format: true})).xml);
"""
PAGE = """<!doctype html><meta charset="utf-8"><div id="c" style="height:100vh"></div>
<script src="file://{script}"></script><script>
(async () => {{ try {{
  const viewer = new DmnJS({{container: '#c'}});
  const opened = await viewer.importXML({xml});
  for (const view of viewer.getViews()) await viewer.open(view);
  document.title = 'opened ' + viewer.getViews().length + ' warned ' + opened.warnings.length;
}} catch (error) {{ document.title = 'failed ' + error.message; }} }})();
</script>"""


def exported(folder: Path) -> bytes:
    return write(export_service(read_folder(folder), for_bpmn_io=True), version="1.3")


@needs_editor
@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_what_the_editor_saves_comes_home_whole(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(EDITOR)
    script = tmp_path / "saved.mjs"
    script.write_text(SAVED, encoding="utf-8")
    saved = subprocess.run(["node", script], input=exported(folder), capture_output=True, check=True).stdout
    back = import_model(read(saved))
    assert (back.files, back.findings) == (read_folder(folder), ())


@needs_editor
@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_the_editor_opens_every_view_without_a_warning(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = json.dumps(exported(folder).decode()).replace("</", "<\\/")
    script = EDITOR / "dmn-js/dist/dmn-viewer.development.js"
    page.write_text(PAGE.format(script=script, xml=text), encoding="utf-8")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ]
    flags += ["--disable-background-networking", "--disable-component-update", "--virtual-time-budget=20000"]
    browser = [os.environ.get("CHROMIUM", "chromium"), *flags, f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [*browser, "--dump-dom", page.as_uri()], capture_output=True, check=True, timeout=120
    )
    title = shown.stdout.decode().partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("opened ")
    assert title.endswith(" warned 0")
