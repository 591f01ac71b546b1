"""What the evaluator needs to be able to tell its errors."""

from typing import Protocol

from dugnad.rulebook.feel.diagnostics import Diagnostic


class DiagnosticSink(Protocol):
    """Anything with a list of diagnostics; ``rulebook.trace.Recorder`` is one."""

    diagnostics: list[Diagnostic]
