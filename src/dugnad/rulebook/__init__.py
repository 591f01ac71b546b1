"""Rules as law is written: FEEL, decision tables, dated rates, explanation; pure Python, exact decimals.

Everything an outsider needs stands here; what lies in the folders below may move.

* an expression: `compile_expression(parse("a + b", names=["a", "b"]))({"a": …, "b": …})`
* a decision table: `compile_table(Table(…))(values, Recorder())`
* a service: `ruleset_from_texts(rules=…, facts=…, rates=…).decide(facts, on=day) -> Outcome`
* why: `account` (as data), `in_short` (the sentences of a letter), `tell` (every step in words), and
  `what_would_change` with `wished` (the nearest fact that would have turned it, and the sentence that says so)

Numbers are `Decimal`, dates `date`, a fact nobody knows is left out or None: it stays unknown and is never a refusal.
Errors are `FeelSyntaxError`, `TableError` and `RulesError`, each with places in the text. No clock, no network, no
Django. Also on its own as the distribution `dugnad-rulebook`.
"""

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

__all__ = [
    "Cell",
    "Change",
    "Changed",
    "Compiled",
    "CompiledTable",
    "ControlPoint",
    "Diagnostic",
    "Entry",
    "ExplainedStep",
    "FeelSyntaxError",
    "Finding",
    "FunctionValue",
    "HitPolicy",
    "Input",
    "Item",
    "Months",
    "Node",
    "Outcome",
    "Output",
    "Patch",
    "Range",
    "Recorder",
    "Row",
    "RulesError",
    "Ruleset",
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
    "compile_expression",
    "compile_table",
    "convert",
    "explain",
    "free_names",
    "free_paths",
    "from_data",
    "in_short",
    "parse",
    "parse_unary_tests",
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
