"""Rules as law is written: FEEL, decision tables, dated rates, explanation; pure Python, exact decimals.

Everything an outsider needs stands here; what lies in the folders below may move. You have, and you call:

* an expression: `evaluate("a + b", {"a": 1, "b": 2})`; many times the same: `compile_expression(parse(text, names=…))`
* a decision table: `compile_table(Table(…))(values, Recorder())`
* a service: `ruleset_from_folder(path)` or `ruleset_from_texts(…)`; then `rules.decide(facts, on=day) -> Outcome`
* why: `account` and `account_data` (the trace as data), `in_short` (the sentences of a letter), `tell` (every step in
  words), and `what_would_change` with `wished` (the nearest fact that would have turned it, and the sentence for it)
* rules to try: `check_folder`, `check_texts` (what is wrong, where, how to mend it), `coverage` (rows nobody tried)
* a DMN file: `model_from_file(path).decide(name, inputs)` — the extra `dmn`
* a whole population: `columns_of(rules, on=day).sql`, `not_by_column(rules)` — the extra `columns`

Numbers are `Decimal`, dates `date`, a fact nobody knows is left out or None: it stays unknown and is never a refusal.
Errors are `FeelSyntaxError`, `TableError`, `RulesError` and `DmnError`, each with places in the text. No clock, no
network, no Django. Also on its own as the distribution `dugnad-rulebook`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dugnad.rulebook.alone import (
    check_folder,
    check_texts,
    columns_of,
    evaluate,
    extra,
    model_from_file,
    not_by_column,
    ruleset_from_folder,
)
from dugnad.rulebook.feel import (
    Compiled,
    Diagnostic,
    FeelSyntaxError,
    FunctionValue,
    Months,
    Node,
    Range,
    Unknown,
    Value,
    compile_expression,
    free_names,
    free_paths,
    parse,
    parse_unary_tests,
    to_value,
    unknown,
)
from dugnad.rulebook.located import Finding
from dugnad.rulebook.opening import RulesError, ruleset_from_texts
from dugnad.rulebook.reasons.account import Entry, account, account_data
from dugnad.rulebook.reasons.changes import what_would_change
from dugnad.rulebook.reasons.difference import Change, Changed
from dugnad.rulebook.reasons.telling import Told, in_short, tell
from dugnad.rulebook.reasons.wishes import wished
from dugnad.rulebook.rules.explaining import ExplainedStep, explain
from dugnad.rulebook.rules.facts import from_data, to_data
from dugnad.rulebook.ruleset import ControlPoint, Item, Outcome, Patch, Ruleset, Traced
from dugnad.rulebook.tables import (
    Cell,
    CompiledTable,
    HitPolicy,
    Input,
    Output,
    Row,
    Table,
    TableError,
    TableProblem,
    compile_table,
)
from dugnad.rulebook.trace import Recorder, Step, as_json
from dugnad.rulebook.units import Unit, UnitConflict, convert, unit_named, unit_of

if TYPE_CHECKING:
    from dugnad.rulebook.checks.coverage import Coverage, coverage
    from dugnad.rulebook.columns import NotCompiled, ServiceColumns
    from dugnad.rulebook.dmn import DmnError, Executable

_LATER = {
    "Coverage": "checks.coverage",
    "DmnError": "dmn",
    "Executable": "dmn",
    "NotCompiled": "columns",
    "ServiceColumns": "columns",
    "coverage": "checks.coverage",
}
"""What is imported when it is asked for: it takes time, or the extra of its folder's name."""


def __getattr__(name: str) -> Any:
    """Import what few need. Raises ImportError where its extra is not installed."""
    if name not in _LATER:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    with extra(_LATER[name]):
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


__all__ = [
    "Cell",
    "Change",
    "Changed",
    "Compiled",
    "CompiledTable",
    "ControlPoint",
    "Coverage",
    "Diagnostic",
    "DmnError",
    "Entry",
    "Executable",
    "ExplainedStep",
    "FeelSyntaxError",
    "Finding",
    "FunctionValue",
    "HitPolicy",
    "Input",
    "Item",
    "Months",
    "Node",
    "NotCompiled",
    "Outcome",
    "Output",
    "Patch",
    "Range",
    "Recorder",
    "Row",
    "RulesError",
    "Ruleset",
    "ServiceColumns",
    "Step",
    "Table",
    "TableError",
    "TableProblem",
    "Told",
    "Traced",
    "Unit",
    "UnitConflict",
    "Unknown",
    "Value",
    "account",
    "account_data",
    "as_json",
    "check_folder",
    "check_texts",
    "columns_of",
    "compile_expression",
    "compile_table",
    "convert",
    "coverage",
    "evaluate",
    "explain",
    "free_names",
    "free_paths",
    "from_data",
    "in_short",
    "model_from_file",
    "not_by_column",
    "parse",
    "parse_unary_tests",
    "ruleset_from_folder",
    "ruleset_from_texts",
    "tell",
    "to_data",
    "to_value",
    "unit_named",
    "unit_of",
    "unknown",
    "what_would_change",
    "wished",
]
