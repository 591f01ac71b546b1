"""The rulebook for a program of your own: an expression, a folder, a DMN file, everyone by column; each in one call.

Nothing of lxml, sqlglot or a database is imported before a call needs it: `model_from_file` needs the extra `dmn`,
`columns_of` and `not_by_column` the extra `columns`.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dugnad.rulebook.feel import Compiled, Value, compile_expression, parse, to_value
from dugnad.rulebook.located import Finding, UnreadableError, read
from dugnad.rulebook.opening import ruleset_from_texts
from dugnad.rulebook.rates import read_rates
from dugnad.rulebook.rules.facts import read_facts
from dugnad.rulebook.rules.source import read_rules
from dugnad.rulebook.rules.words import placeholders
from dugnad.rulebook.ruleset import Patch, Ruleset, bounds_of, compile_ruleset
from dugnad.rulebook.trace import Recorder

if TYPE_CHECKING:
    from dugnad.rulebook.columns import ServiceColumns
    from dugnad.rulebook.dmn import Executable

_FILES = ("rules.yaml", "facts.yaml", "rates.yaml")
_KEY = re.compile(r"([^\s{},:][^{},:\n]*):")


def evaluate(
    expression: str, values: Mapping[str, Any] | None = None, recorder: Recorder | None = None
) -> Value:
    """Return the value of a FEEL expression: `evaluate("0.1 + a", {"a": Decimal("0.2")})` is Decimal("0.3").

    `values` by name, names of several words too; numbers are int or Decimal, lists and contexts may hold them. An error
    in the expression's meaning (1 / 0) gives None and a diagnostic in `recorder`. Raises FeelSyntaxError, with places,
    where it cannot be read, TypeError for a float, which is not exact. Compiled once for an expression and its names.
    """
    known = {name: to_value(value) for name, value in (values or {}).items()}
    return _compiled(expression, frozenset(known))(known, recorder or Recorder())


@lru_cache(maxsize=1024)
def _compiled(expression: str, names: frozenset[str]) -> Compiled:
    return compile_expression(parse(expression, names=names), names=names)


def ruleset_from_folder(folder: Path, *, patch: Patch | None = None) -> Ruleset:
    """Compile the rules of a service folder: its `rules.yaml` and `facts.yaml`, and `rates.yaml` where there is one.

    Raises RulesError with every error at once, FileNotFoundError where one of the first two is not there.
    """
    rules, facts, rates = _texts(folder)
    return ruleset_from_texts(rules=rules, facts=facts, rates=rates, patch=patch)


def check_folder(folder: Path) -> tuple[Finding, ...]:
    """Return what is wrong with the rules of a service folder, as `check_texts`. Raises FileNotFoundError.

    A name in braces in another file of the folder (a letter, say) counts as used, one in `examples.yaml` as tried.
    """
    rules, facts, rates = _texts(folder)
    others = [path for path in sorted(folder.rglob("*.yaml")) if path.name not in _FILES]
    mentioned = {path.name: path.read_text(encoding="utf-8") for path in others}
    return check_texts(
        rules=rules,
        facts=facts,
        rates=rates,
        elsewhere={name for text in mentioned.values() for name in placeholders(text)},
        tried=set(_KEY.findall(mentioned.get("examples.yaml", ""))),
    )


def check_texts(
    *,
    rules: str,
    facts: str,
    rates: str = "{}",
    patch: Patch | None = None,
    elsewhere: Collection[str] = (),
    tried: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Return everything wrong in rules without a case: names, types, units, gaps and overlaps, what is never used.

    Sorted by file and line, each with how to mend it; `severity` is error, warning or information. None where all is
    well. `elsewhere` are the names that are used outside these texts, `tried` those that examples look at.
    """
    from dugnad.rulebook.checks.reading import read_parts  # noqa: PLC0415 - whoever only decides need not load it
    from dugnad.rulebook.checks.service import check_rules  # noqa: PLC0415 - as above

    try:
        nodes = [read(text, file=name) for name, text in zip(_FILES, (rules, facts, rates), strict=True)]
    except UnreadableError as error:
        return (error.finding,)
    source, book = read_rules(nodes[0]), read_facts(nodes[1])
    known, wrong = read_rates(nodes[2])
    made, findings = compile_ruleset(source, book, known, patch or Patch())
    beyond = bounds_of(made) if made is not None else ()
    checked = check_rules(read_parts(source, book, known, patch or Patch()), elsewhere=elsewhere, tried=tried)
    return tuple(sorted({*wrong, *findings, *beyond, *checked}))


def model_from_file(path: Path) -> "Executable":
    """Open a DMN 1.1 to 1.5 file with all it imports: `model_from_file(path).decide("Fee", {"Income": 1})`.

    Raises DmnError, with file, line and how to mend it; ImportError without the extra `dmn`.
    """
    with extra("dmn"):
        from dugnad.rulebook.dmn import compile_model, load  # noqa: PLC0415 - lxml is an extra
    return compile_model(load(path))


def columns_of(rules: Ruleset, *, on: date, database: str = "duckdb") -> "ServiceColumns":
    """Return a service as one SQL statement over everyone, as of the day `on`, for duckdb, postgres or spark.

    `.sql` is the statement, `.layout.tables(…)` the relations it reads. Raises NotCompiled, with place and reason, for
    what no column can follow (`not_by_column` gives all such places); ImportError without the extra `columns`.
    """
    with extra("columns"):
        from dugnad.rulebook.columns import TARGETS, Asked, compile_service  # noqa: PLC0415 - sqlglot is an extra
    return compile_service(Asked(rules, on), TARGETS[database])


def not_by_column(rules: Ruleset) -> Sequence[Finding]:
    """Return each place in the rules that no column can follow, and why. ImportError without the extra `columns`."""
    with extra("columns"):
        from dugnad.rulebook.columns import reasons  # noqa: PLC0415 - sqlglot is an extra
    return reasons(rules)


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Say which extra is missing, where an import within finds nothing."""
    try:
        yield
    except ModuleNotFoundError as error:
        message = f"{error.name} is not installed: pip install 'dugnad-rulebook[{name}]'"
        raise ImportError(message, name=error.name) from error


def _texts(folder: Path) -> tuple[str, str, str]:
    rates = folder / "rates.yaml"
    return (
        (folder / "rules.yaml").read_text(encoding="utf-8"),
        (folder / "facts.yaml").read_text(encoding="utf-8"),
        rates.read_text(encoding="utf-8") if rates.is_file() else "{}",
    )
