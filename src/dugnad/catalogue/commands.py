"""Publish versions and take them into use."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from dugnad.catalogue import queries
from dugnad.catalogue.loading import read_folder, service_from_files
from dugnad.catalogue.models import Adoption, Edition, Version
from dugnad.catalogue.tailoring import tailoring_from_text
from dugnad.shared import ids
from dugnad.shared.actor import Actor


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

    organisations: (id, text of the tailoring or ""). Cases that run keep the edition they began with. Run as the owner.
    """
    service = queries.by_version(version)
    wanted: dict[UUID, Edition] = {}
    for organisation_id, text in organisations:
        tailoring = tailoring_from_text(text, service) if text else None
        wanted[organisation_id] = Edition(hash=service.edition(tailoring), version_id=version, tailoring=text)
    held = dict(Adoption.objects.filter(service=service.slug).values_list("organisation_id", "edition_id"))
    changed = {key: edition for key, edition in wanted.items() if held.get(key) != edition.hash}
    with transaction.atomic():
        Edition.objects.bulk_create(
            {one.hash: one for one in changed.values()}.values(), ignore_conflicts=True
        )
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
                for key, edition in changed.items()
            ],
            update_conflicts=True,
            unique_fields=["organisation", "service"],
            update_fields=["edition", "adopted_at", "adopted_by"],
        )
    return len(changed)
