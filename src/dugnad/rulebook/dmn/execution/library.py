"""A model with the models it imports. Files are looked for in the model's own folder and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.model import Definitions, Import
from dugnad.rulebook.dmn.namespaces import MODEL, current
from dugnad.rulebook.dmn.reading import read_file

MAX_MODELS = 100
"""Models read for one; more is a mistake."""


@dataclass(frozen=True, slots=True)
class Library:
    """``main`` is the namespace asked for; ``models`` are all, by namespace, with the files' names."""

    main: str
    models: Mapping[str, Definitions]
    files: Mapping[str, str]


def library_of(definitions: Definitions, *imported: Definitions, file: str = "model.dmn") -> Library:
    """Put models together that have been read already. Raises DmnError where an import is not among them."""
    models = {definitions.namespace: definitions} | {each.namespace: each for each in imported}
    files = dict.fromkeys(models, file) | {each.namespace: f"{each.name}.dmn" for each in imported}
    library = Library(definitions.namespace, models, files)
    for namespace, model in models.items():
        for each in dmn_imports(model):
            if each.namespace not in models:
                raise _not_found(files[namespace], each)
    return library


def load(path: Path) -> Library:
    """Read a model and all it imports, directly or not. Raises DmnError."""
    search = _Search(path.resolve().parent)
    main = read_file(path)
    search.take(main, path.name)
    waiting = [main]
    while waiting:
        model = waiting.pop()
        missing = (each for each in dmn_imports(model) if each.namespace not in search.models)
        waiting.extend(search.find(each, search.files[model.namespace]) for each in missing)
    return Library(main.namespace, search.models, search.files)


def dmn_imports(model: Definitions) -> list[Import]:
    """Give the imports of DMN models; those of other kinds (PMML, XML Schema) are not read."""
    return [each for each in model.imports if current(each.import_type) == MODEL]


def _not_found(file: str, wanted: Import) -> DmnError:
    what = f"The imported model “{wanted.name}” ({wanted.namespace}) is not there."
    return DmnError(
        file, wanted.line, what, "Put its file into the same folder, or mend namespace and locationURI."
    )


@dataclass(slots=True)
class _Search:
    folder: Path
    models: dict[str, Definitions] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    seen: dict[Path, Definitions | None] = field(default_factory=dict)

    def take(self, model: Definitions, file: str) -> Definitions:
        """Add a model."""
        self.models[model.namespace] = model
        self.files[model.namespace] = file
        return model

    def find(self, wanted: Import, file: str) -> Definitions:
        """Find an imported model: by its location, else by its namespace among the files beside."""
        if len(self.models) >= MAX_MODELS:
            raise DmnError(
                file, wanted.line, f"More than {MAX_MODELS} models import each other.", "Join some."
            )
        for path in self.candidates(wanted, file):
            model = self.read(path)
            if model is not None and model.namespace == wanted.namespace:
                return self.take(model, path.name)
        raise _not_found(file, wanted)

    def candidates(self, wanted: Import, file: str) -> list[Path]:
        """Give the files to look into. Raises DmnError for a location outside the folder."""
        beside = sorted(self.folder.glob("*.dmn"))[: 10 * MAX_MODELS]
        beside = [path for path in beside if path.resolve().is_relative_to(self.folder)]
        if not wanted.location:
            return beside
        named = (self.folder / wanted.location).resolve()
        if "://" in wanted.location or not named.is_relative_to(self.folder):
            what = f"The import “{wanted.name}” points outside the model's folder."
            raise DmnError(
                file, wanted.line, what, "Put the file beside the model, and name it in locationURI."
            )
        return [named, *beside] if named.is_file() else beside

    def read(self, path: Path) -> Definitions | None:
        """Read a file once; None for one that is no model."""
        if path not in self.seen:
            try:
                self.seen[path] = read_file(path)
            except DmnError:
                self.seen[path] = None
        return self.seen[path]
