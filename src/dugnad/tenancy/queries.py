"""Reads of tenancy. Organisations are public and change at a reform, so each process keeps them."""

from functools import lru_cache
from uuid import UUID

from dugnad.tenancy import reference
from dugnad.tenancy.models import Organisation
from dugnad.tenancy.types import OrganisationView


class UnknownOrganisationError(LookupError):
    """No organisation has this id or code."""


def organisation(organisation_id: UUID) -> OrganisationView:
    """Return one organisation. Raises UnknownOrganisationError."""
    return _by_id(organisation_id)


def organisation_by_code(code: str) -> OrganisationView:
    """Return the organisation with this municipality number, county number or short name.

    Raises UnknownOrganisationError.
    """
    return _by_code(code)


def organisations(*, kind: str = "") -> list[OrganisationView]:
    """Return all organisations (of one kind), in Norwegian alphabetical order."""
    rows = Organisation.objects.order_by("sort_key", "code")
    return [_view(row) for row in (rows.filter(kind=kind) if kind else rows)]


def state_bodies() -> list[str]:
    """Return the codes of the state bodies of the reference data, also where there is no database."""
    return [row.code for row in reference.organisations() if row.kind == "stat"]


def forget() -> None:
    """Forget what this process has kept (after organisations were loaded)."""
    _by_id.cache_clear()
    _by_code.cache_clear()


@lru_cache(maxsize=2048)
def _by_id(organisation_id: UUID) -> OrganisationView:
    row = Organisation.objects.filter(id=organisation_id).first()
    if row is None:
        raise UnknownOrganisationError(str(organisation_id))
    return _view(row)


@lru_cache(maxsize=2048)
def _by_code(code: str) -> OrganisationView:
    row = Organisation.objects.filter(code=code).first()
    if row is None:
        raise UnknownOrganisationError(code)
    return _view(row)


def _view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        id=row.id,
        kind=row.kind,
        code=row.code,
        organisation_number=row.organisation_number,
        name=row.name,
        language_form=row.language_form,
        population=row.population,
        website=row.website,
        address=tuple(row.address),
        colour=row.colour,
        appeals_to=row.appeals_to_id,
    )
