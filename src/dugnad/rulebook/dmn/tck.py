"""The DMN Technology Compatibility Kit: its test cases run on this engine, one record per result node.

A case passes where the value is the expected one (numbers within 10⁻⁸, as the kit's own runner has it; all else
exactly) or, where the kit expects null or an error, where it is null.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from dugnad.rulebook.dmn.errors import DmnError
from dugnad.rulebook.dmn.evaluating import Executable, Inputs, compile_model, load
from dugnad.rulebook.dmn.reading import MAX_BYTES, safe_root
from dugnad.rulebook.feel.compiler import compile_expression
from dugnad.rulebook.feel.diagnostics import Fault
from dugnad.rulebook.feel.grammar.parser import parse
from dugnad.rulebook.feel.operators import bounded, equal
from dugnad.rulebook.feel.values import FunctionValue, Value, is_context
from dugnad.rulebook.trace import Recorder, as_json

_CLOSE = Decimal("1e-8")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_READ = {
    kind: compile_expression(parse(f"{function}(text)", names=("text",)))
    for kind, function in (
        ("date", "date"),
        ("time", "time"),
        ("dateTime", "date and time"),
        ("duration", "duration"),
        ("dayTimeDuration", "duration"),
        ("yearMonthDuration", "duration"),
    )
}


@dataclass(frozen=True, slots=True)
class Record:
    """The outcome of one result node. ``file`` is the test's path below the folder; ``expected`` and ``actual``
    are JSON (numbers, dates and durations as text, exactly); ``reason`` tells why there is no value.
    """

    file: str
    case: str
    node: str
    expected: Any
    actual: Any
    passed: bool
    reason: str = ""

    def as_data(self) -> dict[str, Any]:
        """Give the record as JSON-able data."""
        return asdict(self)


def test_files(folder: Path) -> list[Path]:
    """Give the kit's test files below a folder, in order."""
    return sorted(path for path in folder.rglob("*.xml") if path.is_file())


def run_file(path: Path, folder: Path, *, at: datetime) -> list[Record]:
    """Run all cases of one test file, as of the moment ``at``; a model that cannot be loaded fails every node, and says why."""
    file = path.relative_to(folder).as_posix()
    try:
        with path.open("rb") as stream:
            root = safe_root(stream.read(MAX_BYTES + 1), file=file)
    except (DmnError, OSError) as error:
        return [Record(file, "", "", None, None, passed=False, reason=str(error))]
    if _local(root) != "testCases":
        return []
    model = _model(path, root)
    return [
        _run_node(file, model, case, node, at)
        for case in root
        if _local(case) == "testCase"
        for node in case
        if _local(node) == "resultNode"
    ]


def _model(path: Path, root: etree._Element) -> Executable | str:
    """Make the model ready, or tell why it cannot be."""
    try:
        return compile_model(load(_model_path(path, root)))
    except DmnError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever one model does to the engine, the others are run
        return _broken(error)


def _broken(error: Exception) -> str:
    return f"The engine itself failed, which is a fault of ours: {type(error).__name__}: {error}"


def _model_path(path: Path, root: etree._Element) -> Path:
    named = next(((child.text or "").strip() for child in root if _local(child) == "modelName"), "")
    beside = path.parent / Path(named).name
    if named and beside.is_file():
        return beside
    models = sorted(path.parent.glob("*.dmn"))
    alike = [each for each in models if path.name.startswith(each.stem)]
    return (alike or models or [beside])[0]


def _run_node(
    file: str, model: Executable | str, case: etree._Element, node: etree._Element, at: datetime
) -> Record:
    name = node.get("name") or ""
    expected: Value = None
    if (node.get("errorResult") or "").strip() not in ("true", "1"):
        expected = next((_value(child) for child in node if _local(child) == "expected"), None)
    label = case.get("id") or case.get("name") or ""
    if isinstance(model, str):
        return Record(file, label, name, as_json(expected), None, passed=False, reason=model)
    recorder = Recorder()
    try:
        actual = _actual(model, case, node, recorder, at)
        bounded(actual)
        reason = "; ".join(dict.fromkeys(each.message for each in recorder.diagnostics[:3]))
    except (DmnError, Fault) as error:
        actual, reason = None, str(error)
    except Exception as error:  # noqa: BLE001 - whatever one case does to the engine, the others are run
        return Record(file, label, name, as_json(expected), None, passed=False, reason=_broken(error))
    passed = same(actual, expected)
    return Record(
        file, label, name, as_json(expected), as_json(actual), passed, reason if actual is None else ""
    )


def _actual(
    model: Executable, case: etree._Element, node: etree._Element, recorder: Recorder, at: datetime
) -> Value:
    inputs = _inputs(case)
    name, namespace = node.get("name") or "", node.get("namespace") or case.get("namespace") or ""
    kind, invoked = case.get("type") or "decision", case.get("invocableName") or name
    where = case.get("namespace") or ""
    if kind == "bkm":
        arguments = {key if isinstance(key, str) else key[1]: value for key, value in inputs.items()}
        return model.call(invoked, arguments, recorder, at=at, namespace=where)
    if kind == "decisionService":
        found = model.serve(invoked, inputs, recorder, at=at, namespace=where)
        return found[name] if name in found else model.served(invoked, found, namespace=where)
    return model.decide(name, inputs, recorder, at=at, namespace=namespace)


def _inputs(case: etree._Element) -> Inputs:
    found: dict[str | tuple[str, str], Value] = {}
    for node in case:
        if _local(node) == "inputNode":
            name, namespace = node.get("name") or "", node.get("namespace") or ""
            found[(namespace, name) if namespace else name] = _value(node)
    return found


def _value(element: etree._Element) -> Value:
    """Read a valueType: a value, components, or a list."""
    parts = [child for child in element if _local(child) in ("value", "component", "list")]
    if not parts or all(_nil(part) and _local(part) != "component" for part in parts):
        return None
    first = _local(parts[0])
    if first == "component":
        return {part.get("name") or "": None if _nil(part) else _value(part) for part in parts}
    if first == "list":
        return [_value(item) for item in parts[0] if _local(item) == "item"]
    return _simple(parts[0])


def _simple(element: etree._Element) -> Value:
    """Read a value by its XML Schema type."""
    text = element.text or ""
    kind = (element.get(_TYPE) or "string").rpartition(":")[2]
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind in _READ:
        value = _READ[kind]({"text": text.strip()})
        return text if value is None else value
    if kind == "string":
        return text
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def same(actual: Value, expected: Value) -> bool:
    """Tell whether a value is the expected one: numbers within 10⁻⁸, all else exactly."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= _CLOSE
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if is_context(actual) and is_context(expected):
        return set(actual) == set(expected) and all(same(actual[key], expected[key]) for key in expected)
    if actual is None or expected is None or isinstance(actual, FunctionValue):
        return actual is None and expected is None
    return type(actual) is type(expected) and equal(actual, expected) is True


def _nil(element: etree._Element) -> bool:
    return (element.get(_NIL) or "").strip() in ("true", "1")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def run_kit(
    folder: Path, *, at: datetime, done: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[Record]:
    """Run the whole kit below a folder; ``done`` is told how many of how many files are through."""
    files = test_files(folder)
    for number, path in enumerate(files, 1):
        yield from run_file(path, folder, at=at)
        done(number, len(files))
