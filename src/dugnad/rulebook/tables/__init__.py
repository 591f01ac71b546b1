"""Decision tables: from cells to a decision, with the row that gave it (DMN 1.5, chapter 8)."""

from dugnad.rulebook.tables.compiled import CompiledTable, compile_table
from dugnad.rulebook.tables.model import Cell, HitPolicy, Input, Output, Row, Table, TableError, TableProblem

__all__ = [
    "Cell",
    "CompiledTable",
    "HitPolicy",
    "Input",
    "Output",
    "Row",
    "Table",
    "TableError",
    "TableProblem",
    "compile_table",
]
