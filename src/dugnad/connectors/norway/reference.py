"""The real frame that synthetic persons are put into: municipalities, their sizes and postal codes."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SAMI_COUNTIES = frozenset({"18", "50", "55", "56"})


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of 2025. `language` is nb, nn or neutral; `sami` where it has an official Sámi name."""

    code: str
    name: str
    population: int
    language: str
    sami: bool
    postal_codes: tuple[tuple[str, str], ...]


def read(name: str) -> Any:
    """Read one of tenancy's reference files. It is data, so no module of tenancy is imported."""
    return json.loads((files("dugnad.tenancy") / "data" / name).read_text(encoding="utf-8"))


@cache
def municipalities() -> tuple[Municipality, ...]:
    """Return all 357 in order of code."""
    codes: dict[str, list[tuple[str, str]]] = {}
    for row in read("postal_codes.json"):
        codes.setdefault(row["municipality"], []).append((row["code"], row["place"]))
    return tuple(
        Municipality(
            code=row["code"],
            name=row["name"],
            population=row["population"],
            language=row["language"],
            sami=row["official"] != row["name"] and row["county"] in _SAMI_COUNTIES,
            postal_codes=tuple(sorted(codes[row["code"]])),
        )
        for row in sorted(read("municipalities.json"), key=lambda row: row["code"])
    )


def shares(persons: int, weights: tuple[int, ...], *, at_least: tuple[int, ...]) -> list[int]:
    """Divide `persons` by the method of the largest remainder, each part at least its minimum.

    Raises ValueError when the minima alone are more than `persons`.
    """
    spare = persons - sum(at_least)
    if spare < 0:
        raise ValueError(f"{persons} persons cannot fill minima of {sum(at_least)}")
    total = sum(weights)
    wanted = [max(0, persons * weight - low * total) for weight, low in zip(weights, at_least, strict=True)]
    whole_wanted = sum(wanted)
    if not whole_wanted:
        return list(at_least)
    parts = [spare * want // whole_wanted for want in wanted]
    rest = spare - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(spare * wanted[i] % whole_wanted), i))
    for i in by_remainder[:rest]:
        parts[i] += 1
    return [low + part for low, part in zip(at_least, parts, strict=True)]
