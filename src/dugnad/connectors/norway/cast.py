"""The named test persons of `cast.yaml`."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Born = tuple[int, int, int]  # years before the population's year, month, day

DEFAULT_INCOME = (480_000, 1_000)
STATSFORVALTEREN_VESTLAND = "statsforvalteren-vestland"
# (ward, guardian, extent) by key
GUARDIANS = (("person med verge", "verge", "personligeOgOekonomiskeInteresser"),)


@dataclass(frozen=True, slots=True)
class Place:
    """A kindergarten place: where, which of the municipality's kindergartens, hours a week."""

    municipality: str
    kindergarten: int
    hours: int


@dataclass(frozen=True, slots=True)
class Adult:
    """A grown-up of the cast. `income` is (personal, capital) in kroner, None where not assessed."""

    key: str
    given: str
    family: str
    sex: str
    born: Born
    civil: str
    language: str
    contact: str
    income: tuple[int, int] | None
    roles: tuple[tuple[str, str], ...]
    about: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the cast. `shared`: whose home is its second; `alone`: the only responsible parent."""

    key: str
    given: str
    sex: str
    born: Born
    parents: tuple[str, ...]
    place: Place | None
    shared: str | None
    alone: str | None


@dataclass(frozen=True, slots=True)
class House:
    """Who lives at one address."""

    municipality: str
    protection: str
    adults: tuple[Adult, ...]
    children: tuple[Child, ...]


@cache
def houses() -> tuple[House, ...]:
    """Return everyone, address by address, in the order of the file."""
    content = (files(__package__) / "cast.yaml").read_text(encoding="utf-8")
    return tuple(
        House(
            municipality=house["municipality"],
            protection=house.get("protection", "ugradert"),
            adults=tuple(_adult(key, adult) for key, adult in house["adults"].items()),
            children=tuple(_child(key, child) for key, child in house.get("children", {}).items()),
        )
        for house in yaml.load(content, Loader=yaml.CSafeLoader)
    )


def residents() -> Counter[str]:
    """Return how many of the cast live in each municipality."""
    return Counter(house.municipality for house in houses() for _ in (*house.adults, *house.children))


@cache
def adults() -> dict[str, Adult]:
    """Return the adults by key."""
    return {adult.key: adult for house in houses() for adult in house.adults}


def _adult(key: str, about: dict[str, Any]) -> Adult:
    given, family = about["name"].split(" ", 1)
    income = about.get("income", DEFAULT_INCOME)
    year, month, day = about["born"]
    return Adult(
        key=key,
        given=given,
        family=family,
        sex=about["sex"],
        born=(year, month, day),
        civil=about.get("civil", "ugift"),
        language=about.get("language", "nn"),
        contact=about.get("contact", "good"),
        income=None if income is None else (income[0], income[1]),
        roles=tuple((where, role) for where, role in about.get("roles", ())),
        about=about.get("about"),
    )


def _child(key: str, about: dict[str, Any]) -> Child:
    year, month, day = about["born"]
    return Child(
        key=key,
        given=about["name"],
        sex=about["sex"],
        born=(year, month, day),
        parents=tuple(about["parents"]),
        place=Place(*about["place"]) if "place" in about else None,
        shared=about.get("shared"),
        alone=about.get("alone"),
    )
