"""How the files beside this one were made. Run once when the reference changes:

python src/dugnad/tenancy/data/prepare.py ../shared/reference/municipalities
"""  # noqa: INP001 - a script that lies beside its data, not a module of the package

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHANGE_DATE = "2024-01-01"
FORMS = {"Bokmål": "nb", "Nynorsk": "nn", "Nøytral": "neutral"}


def write(name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a JSON array with one object a line, so that a change is readable in a diff."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (HERE / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def read_csv(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Read a CSV file with a header line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def plain(name: str) -> str:
    """Take SSB's county in parentheses away: `Haram (Møre og Romsdal)` -> `Haram`."""
    return name.rsplit(" (", 1)[0]


def changes_of_2024(source: Path) -> list[dict[str, str]]:
    """List the code changes of 1 January 2024. An old code may have two successors (Ålesund and Haram)."""
    rows = read_csv(source / "ssb_kommune_changetable_1972_2024.csv")
    return [
        {"old": row["oldCode"], "new": row["newCode"], "name": plain(row["newName"])}
        for row in rows
        if row["changeOccurred"] == CHANGE_DATE
    ]


def organisation_numbers(source: Path, changes: list[dict[str, str]]) -> dict[str, str]:
    """Carry organisation numbers from the 2023 codes to the 2024 codes.

    Where a municipality was split, the one that kept the name kept the number; the new one (Haram) has none.
    """
    successors: dict[str, list[dict[str, str]]] = {}
    for change in changes:
        successors.setdefault(change["old"], []).append(change)
    numbers: dict[str, str] = {}
    for row in read_csv(source / "orgnr_kommunenummer_2023.csv", ";"):
        new = successors.get(row["targetCode"], [{"new": row["targetCode"], "name": row["targetName"]}])
        kept = new if len(new) == 1 else [change for change in new if change["name"] == row["targetName"]]
        for change in kept:
            numbers[change["new"]] = row["sourceCode"]
    return numbers


def municipalities(source: Path, numbers: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """Give one row a municipality. `official` is the name the municipality itself puts first, often Sámi."""
    for row in json.loads((source / "municipalities-2025.json").read_text(encoding="utf-8")):
        yield {
            "code": row["id"],
            "name": row["name_no"],
            "official": row["name"],
            "county": row["id"][:2],
            "centre": row["adm_center"],
            "population": row["population"],
            "language": FORMS[row["language"]],
            "organisation_number": numbers.get(row["id"]),
            "website": row["url"],
        }


def main(source: Path) -> None:
    """Write all four files."""
    changes = changes_of_2024(source)
    write("municipality_changes_2024.json", changes)
    write("municipalities.json", municipalities(source, organisation_numbers(source, changes)))
    counties = json.loads((source / "counties-2025.json").read_text(encoding="utf-8"))
    write("counties.json", ({"code": c["id"], "name": c["name"], "website": c["url"]} for c in counties))
    codes = json.loads((source / "postal-codes-2026.json").read_text(encoding="utf-8"))
    write(
        "postal_codes.json",
        ({"code": c["code"], "place": c["place"], "municipality": c["id"]} for c in codes),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
