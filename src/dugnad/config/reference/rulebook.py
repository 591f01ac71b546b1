"""The public face of the rulebook: every name it exports, with signature and docstring."""

import dataclasses
import enum
import inspect
import re
import types
from collections.abc import Callable, Iterator, Mapping

import dugnad.rulebook

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Expressions": (
        "evaluate", "parse", "parse_unary_tests", "compile_expression", "Compiled", "Node", "free_names", "free_paths",
    ),
    "Values": (
        "Value", "to_value", "Unknown", "unknown", "Months", "Range", "FunctionValue",
        "Unit", "unit_named", "unit_of", "convert", "UnitConflict",
    ),
    "Decision tables": (
        "Table", "HitPolicy", "Input", "Output", "Row", "Cell", "compile_table", "CompiledTable", "TableError", "TableProblem",
    ),
    "Services": (
        "ruleset_from_folder", "ruleset_from_texts", "Ruleset", "Patch", "from_data", "to_data",
        "Outcome", "Item", "ControlPoint", "Traced", "RulesError",
    ),
    "The trace": ("Recorder", "Step", "Diagnostic", "as_json", "account", "account_data", "Entry"),
    "Why, in words": ("in_short", "tell", "Told", "explain", "ExplainedStep"),
    "What would have changed it": ("what_would_change", "wished", "Change", "Changed"),
    "Are the rules right?": ("check_folder", "check_texts", "Finding", "coverage", "Coverage", "FeelSyntaxError"),
    "DMN files (extra `dmn`)": ("model_from_file", "Executable", "DmnError"),
    "Everyone by column (extra `columns`)": ("columns_of", "not_by_column", "ServiceColumns", "NotCompiled"),
}  # fmt: skip
_VALUE = """`Decimal`, `str`, `bool`, `date`, `datetime`, `time`, `timedelta`, `Months`, `Range`, `list`, `dict`,
`FunctionValue`, `Unknown` or None (FEEL's null). For the type checker: `Any`."""
_MODULES = re.compile(r"\b(?:dugnad|collections|decimal|datetime|pathlib|typing)(?:\.\w+)*\.(?=\w)")


def rulebook_page() -> str:
    """Return the page; every exported name stands on it once."""
    lines = ["# The rulebook's public face", "", f"From `dugnad.rulebook`. {_intro()}", ""]
    for title, names in GROUPS.items():
        lines += [f"## {title}", ""]
        for name in names:
            lines += [*_about(name, getattr(dugnad.rulebook, name)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _intro() -> str:
    said = (dugnad.rulebook.__doc__ or "").split("\n\n")[-1]
    return " ".join(said.split())


def _about(name: str, thing: Callable[..., object]) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    if name == "Value":
        yield _VALUE
        return
    yield f"```python\n{name}{_signature(thing)}\n```"
    yield ""
    yield inspect.getdoc(thing) or ""
    if inspect.isclass(thing) and not issubclass(thing, enum.Enum):
        yield from _methods(thing)


def _signature(thing: Callable[..., object]) -> str:
    if inspect.isclass(thing) and issubclass(thing, enum.Enum):
        return f": {' | '.join(one.name for one in thing)}"
    if inspect.isclass(thing) and not (dataclasses.is_dataclass(thing) or issubclass(thing, Exception)):
        return ""
    return _plain(str(inspect.signature(thing)))


def _methods(kind: type) -> Iterator[str]:
    found = [
        (name, member)
        for name, member in vars(kind).items()
        if not name.startswith("_") and isinstance(member, types.FunctionType | property)
    ]
    if found:
        yield ""
    for name, member in found:
        said = " ".join((inspect.getdoc(member) or "").split("\n\n")[0].split())
        signature = "" if isinstance(member, property) else _plain(str(inspect.signature(member)))
        yield f"- `.{name}{signature.replace('(self, ', '(').replace('(self)', '()')}` {said}"


def _plain(text: str) -> str:
    """Return types by their own names, without the modules they live in."""
    return re.sub(r"ForwardRef\('(\w+)'\)", r"\1", _MODULES.sub("", text))
