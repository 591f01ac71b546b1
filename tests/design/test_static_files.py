import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.template.backends.jinja2 import Jinja2

from dugnad.design import environment

STATIC = Path(environment.__file__).parent / "static"


def test_the_address_of_a_file_changes_with_its_bytes(jinja: Jinja2) -> None:
    digest = hashlib.sha256((STATIC / "dugnad.css").read_bytes()).hexdigest()
    assert environment.static("dugnad.css") == f"/static/dugnad.css?v={digest[:12]}"
    with pytest.raises(FileNotFoundError, match="no-such"):
        environment.static("no-such.css")


def test_every_packed_file_is_its_neighbour() -> None:
    packed = list(STATIC.rglob("*.gz"))
    assert packed
    for file in packed:
        assert gzip.decompress(file.read_bytes()) == file.with_suffix("").read_bytes()


def test_every_third_party_folder_has_its_licence() -> None:
    assert [
        folder.name for folder in (STATIC / "vendor").iterdir() if not (folder / "LICENSE").stat().st_size
    ] == []


def test_the_style_sheet_names_only_files_and_variables_that_exist() -> None:
    css = (STATIC / "dugnad.css").read_text("utf-8")
    theirs = "".join(file.read_text("utf-8") for file in (STATIC / "vendor").rglob("*.css"))
    for file in re.findall(r'url\("([^"]+)"\)', css):
        assert (STATIC / file).is_file()
    known = set(re.findall(r"(--[\w-]+):", css + theirs))
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= known


def test_compiled_templates_are_kept_from_one_start_to_the_next(tmp_path: Path, jinja: Jinja2) -> None:
    folder = tmp_path / "deep" / "templates"
    for _ in range(2):
        env = environment.environment(loader=jinja.env.loader, autoescape=True, bytecode_cache=folder)
        env.get_template("components.html")
        assert len(list(folder.iterdir())) == 1
