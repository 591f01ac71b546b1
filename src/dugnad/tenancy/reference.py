"""Norway's organisations from the reference data beside this file (see `data/README.md` for sources and licences)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from dugnad.tenancy.types import STATE_BODIES, OrganisationRow

_DATA = Path(__file__).parent / "data"

# The ten offices that take appeals of municipal decisions, and the counties each serves (statsforvalteren.no).
_COUNTY_GOVERNORS = {
    "statsforvalteren-ostfold-buskerud-oslo-akershus": (
        "Statsforvalteren i Østfold, Buskerud, Oslo og Akershus",
        ("03", "31", "32", "33"),
    ),
    "statsforvalteren-innlandet": ("Statsforvalteren i Innlandet", ("34",)),
    "statsforvalteren-vestfold-telemark": ("Statsforvalteren i Vestfold og Telemark", ("39", "40")),
    "statsforvalteren-agder": ("Statsforvalteren i Agder", ("42",)),
    "statsforvalteren-rogaland": ("Statsforvalteren i Rogaland", ("11",)),
    "statsforvalteren-vestland": ("Statsforvalteren i Vestland", ("46",)),
    "statsforvalteren-more-romsdal": ("Statsforvalteren i Møre og Romsdal", ("15",)),
    "statsforvalteren-trondelag": ("Statsforvalteren i Trøndelag", ("50",)),
    "statsforvalteren-nordland": ("Statsforvalteren i Nordland", ("18",)),
    "statsforvalteren-troms-finnmark": ("Statsforvalteren i Troms og Finnmark", ("55", "56")),
}
_LANGUAGE_FORM = {"nb": "nb", "nn": "nn"}
# Colours that keep 4.5:1 against white; a municipality sets its own by tailoring.
_COLOURS = ("#1b4f72", "#1e6b52", "#7a2e3a", "#4a3f7a", "#5c4a1f", "#0b5563", "#6b2d5c", "#2f5d1e")


def organisations() -> list[OrganisationRow]:
    """Return state bodies, counties and all municipalities."""
    state = [
        OrganisationRow(code, "stat", {"nb": nb, "nn": nb, "en": en})
        for code, (nb, en) in STATE_BODIES.items()
    ]
    governors = [
        OrganisationRow(
            code,
            "stat",
            {
                "nb": name,
                "nn": name.replace("Statsforvalteren", "Statsforvaltaren"),
                "en": name.replace("Statsforvalteren i", "County Governor of"),
            },
        )
        for code, (name, _) in _COUNTY_GOVERNORS.items()
    ]
    counties = [_county(row) for row in _read("counties.json")]
    return [*state, *governors, *counties, *(_municipality(row) for row in _read("municipalities.json"))]


def _county(row: dict[str, Any]) -> OrganisationRow:
    name = row["name"]
    body = "Oslo kommune" if name == "Oslo" else f"{name} fylkeskommune"
    return OrganisationRow(
        f"fylke-{row['code']}",
        "fylkeskommune",
        {"nb": body, "nn": body, "en": "City of Oslo" if name == "Oslo" else f"{name} County"},
        website=row.get("website") or "",
    )


def _municipality(row: dict[str, Any]) -> OrganisationRow:
    code, name = row["code"], row["name"]
    postal = _post_office(code)
    return OrganisationRow(
        code,
        "kommune",
        {"nb": f"{name} kommune", "nn": f"{name} kommune", "en": f"{name} Municipality"},
        organisation_number=row.get("organisation_number") or "",
        language_form=_LANGUAGE_FORM.get(row.get("language", ""), ""),
        population=row["population"],
        website=row.get("website") or "",
        address=("Rådhuset", postal) if postal else ("Rådhuset",),
        colour=_COLOURS[int(code) % len(_COLOURS)],
        county=f"fylke-{row['county']}",
        appeals_to=next(code for code, (_, served) in _COUNTY_GOVERNORS.items() if row["county"] in served),
    )


def _post_office(code: str) -> str:
    """Return the first postal code and place of the municipality's centre, or of the municipality."""
    rows = _postal_codes().get(code, [])
    centre = next((row["centre"] for row in _read("municipalities.json") if row["code"] == code), "")
    found = [row for row in rows if row["place"].casefold() == centre.casefold()] or rows
    return f"{found[0]['code']} {found[0]['place']}" if found else ""


@cache
def _postal_codes() -> dict[str, list[dict[str, Any]]]:
    by_municipality: dict[str, list[dict[str, Any]]] = {}
    for row in _read("postal_codes.json"):
        by_municipality.setdefault(row["municipality"], []).append(row)
    return by_municipality


@cache
def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return rows
