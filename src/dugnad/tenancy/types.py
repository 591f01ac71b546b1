"""Plain values of tenancy."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

STATE_BODIES: Mapping[str, tuple[str, str]] = {
    "digdir": ("Digitaliseringsdirektoratet", "Norwegian Digitalisation Agency"),
    "skatteetaten": ("Skatteetaten", "Norwegian Tax Administration"),
    "udir": ("Utdanningsdirektoratet", "Norwegian Directorate for Education and Training"),
}
"""The state bodies that services name, by code: name in Norwegian and in English."""


@dataclass(frozen=True, slots=True)
class Scope:
    """On whose behalf one transaction reads and writes.

    person: whose own rows may be touched, in every organisation. organisation + services: staff (or a job) that
    touches that organisation's rows of those services. Nothing set: no rows.
    """

    person: UUID | None = None
    organisation: UUID | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as pages, letters and lists show it."""

    id: UUID
    kind: str
    code: str
    organisation_number: str
    name: Mapping[str, str]
    language_form: str
    population: int
    website: str
    address: tuple[str, ...]
    colour: str
    appeals_to: UUID | None

    def name_in(self, language: str) -> str:
        """Return the name in the language, bokmål where it has none."""
        return self.name.get(language) or self.name["nb"]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as set-up loads it; `county` and `appeals_to` are codes of others, or empty."""

    code: str
    kind: str
    name: Mapping[str, str]
    organisation_number: str = ""
    language_form: str = ""
    population: int = 0
    website: str = ""
    address: tuple[str, ...] = ()
    colour: str = "#1b4f72"
    county: str = ""
    appeals_to: str = ""
