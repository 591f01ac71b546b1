"""How much of the compatibility kit passes: counts by level, values and nulls apart, and what is left."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dugnad.rulebook.dmn.tck import Record

_LEVEL = "compliance-level-"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many passed."""

    passed: int
    of: int

    @property
    def percent(self) -> str:
        """The share in percent with two decimals, rounded down: 100 means all."""
        if not self.of:
            return "–"
        hundredths = self.passed * 10_000 // self.of
        return f"{hundredths // 100}.{hundredths % 100:02d} %"

    def __str__(self) -> str:
        return f"{self.passed} of {self.of} ({self.percent})"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the kit: all result nodes, those that expect a value, those that expect null or an error."""

    name: str
    all: Share
    value: Share
    null: Share


@dataclass(frozen=True, slots=True)
class Left:
    """A model of the kit in which something does not pass; ``reason`` is that of the first node."""

    model: str
    failed: int
    reason: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The counts of one run."""

    levels: tuple[Level, ...]
    left: tuple[Left, ...]

    def as_data(self) -> dict[str, Any]:
        """Give the counts as JSON-able data."""
        return asdict(self)


def numbers_of(records: Iterable[Record]) -> Numbers:
    """Count records by the level in their path."""
    by_level: dict[str, list[Record]] = {}
    by_model: dict[str, list[Record]] = {}
    for record in records:
        by_level.setdefault(_level(record.file), []).append(record)
        if not record.passed:
            by_model.setdefault(_model(record.file), []).append(record)
    levels = (_counted(name, found) for name, found in sorted(by_level.items()))
    left = (Left(model, len(found), found[0].reason) for model, found in sorted(by_model.items()))
    return Numbers(tuple(levels), tuple(left))


def numbers_from(data: Mapping[str, Any]) -> Numbers:
    """Read counts as ``as_data`` gave them. Raises KeyError or TypeError for anything else."""
    levels = (
        Level(each["name"], *(Share(**each[kind]) for kind in ("all", "value", "null")))
        for each in data["levels"]
    )
    return Numbers(tuple(levels), tuple(Left(**each) for each in data["left"]))


def _counted(name: str, records: list[Record]) -> Level:
    return Level(
        name,
        _share(records),
        _share([record for record in records if record.expected is not None]),
        _share([record for record in records if record.expected is None]),
    )


def _share(records: list[Record]) -> Share:
    return Share(sum(record.passed for record in records), len(records))


def _level(file: str) -> str:
    found = next((part for part in file.split("/") if part.startswith(_LEVEL)), "")
    return f"level {found.removeprefix(_LEVEL)}" if found else "all"


def _model(file: str) -> str:
    return file.split("/")[-2] if "/" in file else file


def table_of(numbers: Numbers) -> str:
    """Give the counts as a Markdown table, as the README and the reference page show them."""
    lines = [
        "| level | all result nodes | expecting a value | expecting null or an error |",
        "|---|---:|---:|---:|",
    ]
    lines += [f"| {each.name} | {each.all} | {each.value} | {each.null} |" for each in numbers.levels]
    return "\n".join(lines) + "\n"
