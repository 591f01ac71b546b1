"""Publish versions and take them into use."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.catalogue import queries
from dugnad.catalogue.loading import BrokenServiceError, read_folder, service_from_files
from dugnad.catalogue.models import Adoption, Edition, TailoringVersion, Version
from dugnad.catalogue.tailoring import amended, tailoring_from_text
from dugnad.catalogue.types import (
    Change,
    LoadedService,
    PlaceSet,
    RateConfirmed,
    Restored,
    TailoringChangedError,
    TailoringRefusedError,
)
from dugnad.shared import ids
from dugnad.shared.actor import Actor
from dugnad.shared.calendar import oslo


def publish(*, files: Mapping[str, str], by: Actor, at: datetime) -> tuple[str, int]:
    """Publish the files of one service, checked by the caller; returns hash and number.

    The same files are the same version: publishing them again changes nothing. Run as the owner.
    """
    service = service_from_files(files)
    found = Version.objects.filter(hash=service.version).first()
    if found is not None:
        return found.hash, found.number
    with transaction.atomic():
        newest = Version.objects.select_for_update().filter(service=service.slug).order_by("-number").first()
        row = Version.objects.create(
            hash=service.version,
            service=service.slug,
            number=newest.number + 1 if newest else 1,
            files=dict(files),
            published_at=at,
            published_by=by.label(),
        )
    return row.hash, row.number


def publish_folder(*, folder: Path, by: Actor, at: datetime) -> tuple[str, int]:
    """Publish the files of a folder; see `publish`."""
    return publish(files=read_folder(folder), by=by, at=at)


def adopt(*, version: str, organisations: Iterable[tuple[UUID, str]], by: Actor, at: datetime) -> int:
    """Take a published version into use by organisations; returns how many changed edition.

    organisations: (id, text of the tailoring or ""). The text is where an organisation begins: once it has decided
    something itself, its own tailoring goes on, and where that no longer fits the new version it keeps the edition it
    has. Cases that run keep the edition they began with. Run as the owner.
    """
    service = queries.by_version(version)
    wanted = dict(organisations)
    newest = queries.newest_tailorings(service.slug)
    held = dict(Adoption.objects.filter(service=service.slug).values_list("organisation_id", "edition_id"))
    editions: dict[UUID, Edition] = {}
    steps: list[TailoringVersion] = []
    for key, text in wanted.items():
        last = newest.get(key)
        if last is not None and last.change["kind"] != "files":
            edition = _still_fits(service, last.text)
        else:
            edition = _edition(service, text)
            if text != (last.text if last else ""):
                steps.append(_step(key, service.slug, edition, last, {"kind": "files"}, "", by, at))
        if edition is not None and held.get(key) != edition.hash:
            editions[key] = edition
    with transaction.atomic():
        Edition.objects.bulk_create(
            {one.hash: one for one in editions.values()}.values(), ignore_conflicts=True
        )
        TailoringVersion.objects.bulk_create(steps)
        Adoption.objects.bulk_create(
            [
                Adoption(
                    id=ids.new(at),
                    organisation_id=key,
                    service=service.slug,
                    edition_id=edition.hash,
                    adopted_at=at,
                    adopted_by=by.label(),
                )
                for key, edition in editions.items()
            ],
            update_conflicts=True,
            unique_fields=["organisation", "service"],
            update_fields=["edition", "adopted_at", "adopted_by"],
        )
    return len(editions)


def tailor(
    *,
    organisation: tuple[UUID, str],
    service: str,
    change: Change,
    based_on: int,
    name: str,
    by: Actor,
    at: datetime,
) -> int:
    """Take one step in an organisation's tailoring; the next application goes by it. Returns the step's number.

    organisation: id and code. based_on: the number of the version the change was made from; name: the member of
    staff. Checked as a file is. Runs in the organisation's own scope. Raises NotAdoptedError, LookupError for what is not
    there, TailoringRefusedError with the findings, TailoringChangedError where somebody else was first.
    """
    organisation_id, code = organisation
    held = (
        Adoption.objects.select_for_update().filter(organisation_id=organisation_id, service=service).first()
    )
    if held is None:
        raise queries.NotAdoptedError(service)
    last = next(iter(queries.tailorings(organisation_id, service)), None)
    if (last.number if last else 0) != based_on:
        raise TailoringChangedError
    adopted = queries.by_edition(held.edition_id)
    if isinstance(change, Restored):
        text = queries.tailoring(organisation_id, service, change.number).text if change.number else ""
    else:
        text = amended(adopted, change, organisation=code, on=oslo(at))
    try:
        edition = _edition(adopted.service, text)
    except BrokenServiceError as error:
        raise TailoringRefusedError(error.findings) from None
    Edition.objects.bulk_create([edition], ignore_conflicts=True)
    row = _step(organisation_id, service, edition, last, _told(change), name, by, at)
    row.save(force_insert=True)
    held.edition_id, held.adopted_at, held.adopted_by = edition.hash, at, by.label()
    held.save(update_fields=["edition", "adopted_at", "adopted_by"])
    audit.record(_entry(row), by=by, at=at)
    transaction.on_commit(queries.forget_adoptions)
    return row.number


def _edition(service: LoadedService, text: str) -> Edition:
    """Return the version with this tailoring, tried on. Raises BrokenServiceError."""
    tailoring = tailoring_from_text(text, service) if text else None
    return Edition(hash=service.edition(tailoring), version_id=service.version, tailoring=text)


def _still_fits(service: LoadedService, text: str) -> Edition | None:
    """Return the version with what the organisation has decided itself, or None where it no longer fits."""
    try:
        return _edition(service, text)
    except BrokenServiceError:
        return None


def _entry(row: TailoringVersion) -> Record:
    return Record(
        action="catalogue.tailored",
        purpose="Lokal tilpasning",
        organisation_id=row.organisation_id,
        service=row.service,
        actor_name=row.decided_name,
        detail={"number": row.number, "edition": row.edition_id, **row.change},
    )


def _step(
    organisation_id: UUID,
    service: str,
    edition: Edition,
    last: queries.TailoringView | None,
    change: Mapping[str, str | int],
    name: str,
    by: Actor,
    at: datetime,
) -> TailoringVersion:
    return TailoringVersion(
        id=ids.new(at),
        organisation_id=organisation_id,
        service=service,
        number=last.number + 1 if last else 1,
        edition_id=edition.hash,
        text=edition.tailoring,
        change=dict(change),
        decided_at=at,
        decided_by=by.label(),
        decided_name=name,
    )


def _told(change: Change) -> dict[str, str | int]:
    """Return a change as it is stored, and shown in the log."""
    if isinstance(change, RateConfirmed):
        return {
            "kind": "confirm",
            "rate": change.rate,
            "from": change.start.isoformat(),
            "source": change.source,
        }
    if isinstance(change, PlaceSet):
        return {
            "kind": "set",
            "place": change.place,
            "from": change.start.isoformat(),
            "value": change.value,
            "body": change.body,
            "case": change.case,
        }
    return {"kind": "restore", "to": change.number}
