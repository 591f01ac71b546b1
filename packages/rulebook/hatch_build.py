# ruff: noqa: INP001 - a build script beside its pyproject.toml, in no package
"""Builds dugnad-rulebook from the one source tree: nothing is copied into this folder.

In the repository the source lies in src/dugnad/rulebook; in a source distribution, where this hook put it, in
dugnad/rulebook. `dugnad` itself gets no __init__.py here: alone it is a namespace, beside the distribution `dugnad`
that one's __init__.py holds.
"""

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PLACE = "dugnad/rulebook"
_STAMP = "VERSION"


class VersionHook(MetadataHookInterface):
    """The version is that of the whole project, so that the two distributions of one commit fit together."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Read it from the repository, or from what the source distribution carries."""
        stamp = HERE / _STAMP
        if stamp.is_file():
            metadata["version"] = stamp.read_text(encoding="utf-8").strip()
            return
        whole = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
        metadata["version"] = whole["project"]["version"]


class SourceHook(BuildHookInterface):
    """Takes the source tree in."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the package; to a source distribution the version too."""
        del version
        carried = HERE / PLACE
        source = carried if carried.is_dir() else REPOSITORY / "src" / PLACE
        if not source.is_dir():
            message = (
                f"the source of the rulebook is neither in {carried} nor in the repository around {HERE}"
            )
            raise FileNotFoundError(message)
        build_data["force_include"][str(source)] = PLACE
        if self.target_name == "sdist":
            build_data["force_include"][str(_stamped(self))] = _STAMP


def _stamped(hook: BuildHookInterface) -> Path:
    place = Path(hook.directory) / _STAMP
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{hook.metadata.version}\n", encoding="utf-8")
    return place
