"""Reads of cases. A list costs its page: keyset pages over an index that begins with the right to see."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from dugnad.cases.models import Case, Note
from dugnad.cases.types import (
    CaseGoneError,
    CaseLine,
    CaseView,
    DeskCounts,
    DeskFilter,
    NoteView,
    Page,
    RequestView,
)
from dugnad.shared.collation import sort_key
from dugnad.shared.postgres import Soon, rows, select, select_soon

_LINE = (
    "id",
    "number",
    "kind",
    "person_name",
    "service",
    "status",
    "stops",
    "assigned_to",
    "assigned_name",
    "is_late",
    "opened_at",
    "due",
    "organisation_id",
)
_LAST = "\U0010ffff"
DESK_COUNT_LIMIT = 100


def case(case_id: UUID) -> CaseView:
    """Return one case in sight. Raises CaseGoneError."""
    for found in select(CaseView, "cases_case WHERE id = %s", [case_id]):
        return found
    raise CaseGoneError(str(case_id))


def case_of_application(application_id: UUID) -> CaseView | None:
    """Return the case an application opened, if it was sent."""
    found = select(
        CaseView,
        "cases_case WHERE application_id = %s AND parent_id IS NULL ORDER BY id LIMIT 1",
        [application_id],
    )
    return found[0] if found else None


def of_person(person_id: UUID, *, before: UUID | None = None, limit: int = 10) -> list[CaseLine]:
    """Return the person's cases in all organisations, newest first."""
    rows = Case.objects.filter(person_id=person_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_line(row) for row in rows.order_by("-id").values_list(*_LINE)[:limit]]


def appeals_of(case_id: UUID) -> list[CaseLine]:
    """Return the appeals of a case."""
    return appeals_of_soon(case_id).now()


def appeals_of_soon(case_id: UUID) -> Soon[list[CaseLine]]:
    """Ask for the appeals of a case with the next question."""
    return select_soon(CaseLine, "cases_case WHERE parent_id = %s ORDER BY id", [case_id])


def desk(
    organisation_id: UUID,
    services: tuple[str, ...],
    wanted: DeskFilter,
    *,
    me: UUID,
    after: str = "",
    limit: int = 25,
) -> Page:
    """Return what needs a person, the nearest deadline first; with `text`, closed cases too, newest first.

    after: the cursor of the page before. Raises ValueError for a cursor that is none of ours.
    """
    rows = Case.objects.filter(organisation_id=organisation_id)
    if wanted.service or len(services) == 1:
        rows = rows.filter(service=wanted.service or services[0])
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.stop:
        rows = rows.filter(stops__contains=[{"name": wanted.stop}])
    if wanted.assigned:
        rows = rows.filter(assigned_to=me) if wanted.assigned == "me" else rows.filter(assigned_to=None)
    if wanted.text:
        return _found(rows, wanted.text.strip(), after, limit)
    rows = rows.filter(on_desk=True).order_by("due", "id")
    if after:
        day, _, last = after.partition("_")
        due, last_id = date.fromisoformat(day), UUID(last)
        rows = rows.filter(due__gte=due).exclude(due=due, id__lte=last_id)
    lines = [_line(row) for row in rows.values_list(*_LINE)[: limit + 1]]
    cursor = f"{lines[limit - 1].due.isoformat()}_{lines[limit - 1].id}" if len(lines) > limit else ""
    return Page(tuple(lines[:limit]), cursor)


# Ordered as the indexes are: without it PostgreSQL gathers the whole desk before it takes the first hundred.
_COUNTS = """SELECT
    (SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE organisation_id = %s AND on_desk AND assigned_to = %s
                           ORDER BY due, id LIMIT %s) mine),
    (SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE organisation_id = %s AND on_desk AND assigned_to IS NULL
                           ORDER BY assigned_to, due, id LIMIT %s) unassigned),
    (SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE organisation_id = %s AND on_desk
                           ORDER BY due, id LIMIT %s) every)"""


def desk_counts(organisation_id: UUID, *, me: UUID) -> DeskCounts:
    """Return how many cases on the desk are mine, nobody's, and in all."""
    most = DESK_COUNT_LIMIT
    ((mine, unassigned, every),) = rows(
        _COUNTS, [organisation_id, me, most, organisation_id, most, organisation_id, most]
    )
    return DeskCounts(mine, unassigned, every)


def _found(rows, text: str, after: str, limit: int) -> Page:  # type: ignore[no-untyped-def]  # noqa: ANN001 - query set
    key = sort_key(text)
    rows = rows.filter(Q(number=text) | Q(name_key__gte=key, name_key__lt=key + _LAST)).order_by("-id")
    if after:
        rows = rows.filter(id__lt=UUID(after))
    lines = [_line(row) for row in rows.values_list(*_LINE)[: limit + 1]]
    return Page(tuple(lines[:limit]), str(lines[limit - 1].id) if len(lines) > limit else "")


def notes(case_id: UUID) -> list[NoteView]:
    """Return the internal notes of a case, oldest first; residents see none (row-level security)."""
    return [
        NoteView(row.text, row.author_name, row.at)
        for row in Note.objects.filter(case_id=case_id).order_by("id")
    ]


def requests(case_id: UUID) -> list[RequestView]:
    """Return what was asked for in a case, oldest first."""
    return requests_soon(case_id).now()


def requests_soon(case_id: UUID) -> Soon[list[RequestView]]:
    """Ask what was asked for in a case with the next question."""
    return select_soon(RequestView, "cases_informationrequest WHERE case_id = %s ORDER BY id", [case_id])


def view(row: Case) -> CaseView:
    """Return a row as a plain value."""
    return CaseView(
        id=row.id,
        number=row.number,
        kind=row.kind,
        parent_id=row.parent_id,
        application_id=row.application_id,
        decision_id=row.decision_id,
        person_id=row.person_id,
        person_name=row.person_name,
        organisation_id=row.organisation_id,
        service=row.service,
        edition=row.edition,
        status=row.status,
        stops=tuple(row.stops),
        proposal=row.proposal,
        assigned_to=row.assigned_to,
        assigned_name=row.assigned_name,
        grounds=row.grounds,
        is_late=row.is_late,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        due=row.due,
        closed_at=row.closed_at,
        expected=row.expected,
    )


def _line(row: tuple[object, ...]) -> CaseLine:
    values = dict(zip(_LINE, row, strict=True))
    values["stops"] = tuple(values["stops"])  # type: ignore[arg-type]  # a JSON list
    return CaseLine(**values)  # type: ignore[arg-type]  # the columns above, in their order


def id_of_number(organisation_id: UUID, number: str) -> UUID | None:
    """Return the case with this number in the organisation, if it is in sight."""
    row = (
        Case.objects.filter(organisation_id=organisation_id, number=number)
        .values_list("id", flat=True)
        .first()
    )
    return UUID(str(row)) if row else None
