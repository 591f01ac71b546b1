"""DMN 1.5: models as data, read from and written to XML, and run on the rulebook's own FEEL and tables.

``compile_model(load(path)).decide("Name", {"Input": value}, recorder)`` runs a decision with all it requires;
``read`` and ``write`` are the model and its XML, without loss. Everything wrong is a ``DmnError``, or null and a
diagnostic in the recorder.
"""

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.evaluating import Executable, Inputs, Library, Place, compile_model, library_of, load
from dugnad.rulebook.dmn.reading import read, read_file
from dugnad.rulebook.dmn.writing import write

__all__ = [
    "DmnError",
    "Executable",
    "Inputs",
    "Library",
    "Place",
    "compile_model",
    "library_of",
    "load",
    "read",
    "read_file",
    "write",
]
