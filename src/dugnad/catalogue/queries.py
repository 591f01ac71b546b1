"""Reads of the catalogue. Versions and editions never change, so a process compiles each once and keeps it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from dugnad.catalogue.loading import service_from_files
from dugnad.catalogue.models import Adoption, Edition, TailoringVersion, Version
from dugnad.catalogue.tailoring import tailoring_from_text
from dugnad.catalogue.types import Adopted, LetterText, LoadedService, Outcome, ServiceInfo
from dugnad.catalogue.wording import compose_letter
from dugnad.shared.postgres import rows as rows_of

_KEEP_SECONDS = 5.0
_NEWEST = "SELECT hash FROM catalogue_version WHERE service = %s ORDER BY number DESC LIMIT 1"


class NotAdoptedError(LookupError):
    """The organisation has not taken the service into use."""


@dataclass(frozen=True, slots=True)
class AdoptionView:
    """Who uses which edition of a service."""

    organisation_id: UUID
    service: str
    edition: str
    version: int
    tailored: bool
    adopted_at: datetime
    adopted_by: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A published version of a service."""

    hash: str
    number: int
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class TailoringView:
    """One step in an organisation's tailoring. `change`: kind (files, confirm, set, restore) and what it was about.

    `decided_name` is empty where the files were loaded.
    """

    number: int
    text: str
    change: Mapping[str, str | int]
    edition: str
    decided_at: datetime
    decided_name: str


def adopted(organisation_id: UUID, service: str) -> Adopted:
    """Return a service as the organisation uses it now. Raises NotAdoptedError."""
    edition = _editions(organisation_id, _moment()).get(service)
    if edition is None:
        raise NotAdoptedError(service)
    return by_edition(edition)


def services_of(organisation_id: UUID) -> tuple[str, ...]:
    """Return the services the organisation has taken into use."""
    return tuple(_editions(organisation_id, _moment()))


@lru_cache(maxsize=1024)
def by_edition(edition: str) -> Adopted:
    """Return the service and tailoring a case was begun with. Raises LookupError, also where name and content disagree."""
    row = Edition.objects.filter(hash=edition).first()
    if row is None:
        raise LookupError(edition)
    service = by_version(row.version_id)
    found = Adopted(service, tailoring_from_text(row.tailoring, service) if row.tailoring else None)
    if found.edition != edition:
        raise LookupError(edition)
    return found


@lru_cache(maxsize=256)
def by_version(version: str) -> LoadedService:
    """Return one published version, compiled. Raises LookupError."""
    row = Version.objects.filter(hash=version).first()
    if row is None:
        raise LookupError(version)
    return service_from_files(row.files)


def services() -> list[ServiceInfo]:
    """Return the newest version of every published service, by title."""
    return list(_services(_moment()))


def newest(service: str) -> LoadedService:
    """Return the newest version of a service. Raises LookupError."""
    for (found,) in rows_of(_NEWEST, [service]):
        return by_version(found)
    raise LookupError(service)


def letter(
    adopted: Adopted, outcome: Outcome, language: str, *, words: Mapping[str, str], automatic: bool
) -> LetterText:
    """Return the wording of an outcome's letter in nb, nn or en; see `wording.compose_letter`."""
    return compose_letter(
        adopted.service, adopted.ruleset, outcome, language, words=words, automatic=automatic
    )


def adoptions(service: str = "", organisation_id: UUID | None = None) -> list[AdoptionView]:
    """Return who has taken what into use."""
    rows = Adoption.objects.select_related("edition__version").order_by("service", "organisation_id")
    if service:
        rows = rows.filter(service=service)
    if organisation_id:
        rows = rows.filter(organisation_id=organisation_id)
    return [
        AdoptionView(
            row.organisation_id,
            row.service,
            row.edition_id,
            row.edition.version.number,
            bool(row.edition.tailoring),
            row.adopted_at,
            row.adopted_by,
        )
        for row in rows
    ]


def versions(service: str) -> list[VersionView]:
    """Return the published versions of a service, newest first."""
    rows = Version.objects.filter(service=service).order_by("-number")[:50]
    return [VersionView(row.hash, row.number, row.published_at, row.published_by) for row in rows]


def tailorings(organisation_id: UUID, service: str) -> list[TailoringView]:
    """Return what the organisation has decided, step by step, newest first; at most the last 100 steps."""
    rows = TailoringVersion.objects.filter(organisation_id=organisation_id, service=service)
    return [_tailoring(row) for row in rows.order_by("-number")[:100]]


def tailoring(organisation_id: UUID, service: str, number: int) -> TailoringView:
    """Return one of these steps. Raises LookupError."""
    row = TailoringVersion.objects.filter(
        organisation_id=organisation_id, service=service, number=number
    ).first()
    if row is None:
        raise LookupError(number)
    return _tailoring(row)


def newest_tailorings(service: str) -> dict[UUID, TailoringView]:
    """Return the newest step of every organisation that has one."""
    rows = TailoringVersion.objects.filter(service=service).order_by("organisation_id", "-number")
    return {row.organisation_id: _tailoring(row) for row in rows.distinct("organisation_id")}


def _tailoring(row: TailoringVersion) -> TailoringView:
    return TailoringView(row.number, row.text, row.change, row.edition_id, row.decided_at, row.decided_name)


def forget_adoptions() -> None:
    """Forget what this process has kept of adoptions, after one was changed here."""
    _editions.cache_clear()


def forget() -> None:
    """Forget what this process has kept of adoptions and editions."""
    by_edition.cache_clear()
    by_version.cache_clear()
    _editions.cache_clear()
    _services.cache_clear()


def _moment() -> int:
    """Return a number that changes every few seconds: an adoption made elsewhere is seen within that time."""
    return int(time.monotonic() / _KEEP_SECONDS)


@lru_cache(maxsize=4096)
def _editions(organisation_id: UUID, moment: int) -> dict[str, str]:
    del moment
    rows = Adoption.objects.filter(organisation_id=organisation_id).order_by("service")
    return dict(rows.values_list("service", "edition_id"))


@lru_cache(maxsize=2)
def _services(moment: int) -> tuple[ServiceInfo, ...]:
    del moment
    hashes = Version.objects.order_by("service", "-number").distinct("service").values_list("hash", flat=True)
    return tuple(sorted((by_version(one).info for one in hashes), key=lambda info: info.title["nb"]))
