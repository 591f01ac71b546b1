"""(b) Min side and the desk's list at 1,000, 100,000 and 1,000,000 cases in the database, over HTTP with one client."""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from bench.families import make_norway
from bench.measuring import Report, percentile
from bench.stack import Stack, running
from bench.visitor import Visitor
from dugnad.cases.states import ON_DESK
from dugnad.connectors import norway
from dugnad.connectors.norway.reference import municipalities

SIZES = (1_000, 100_000, 1_000_000)
AIM_RATIO, AIM_P95_SECONDS = 1.3, 0.060
TIMES, WARM_UP = 300, 40
FEW, MANY, ON_ONE_DESK = 30, 1_000, 60
WORKER, BERGEN = "saksbehandler i Bergen", "4601"
SHARES = {  # of a hundred: most cases are closed
    "decided": 78, "review": 8, "waiting_applicant": 4, "withdrawn": 4, "forwarded": 3, "approval": 2, "waiting_register": 1,
}  # fmt: skip
STATUSES = [status for status, share in SHARES.items() for _ in range(share)]


def run() -> Report:
    """Fill a database of its own step by step and look at the same pages at each."""
    sizes = [size for size in SIZES if size <= int(os.environ.get("DUGNAD_BENCH_CASES", str(SIZES[-1])))]
    with tempfile.TemporaryDirectory(prefix="dugnad-bench-") as folder:
        home = Path(folder)
        few, many = make_norway(home / "norway.sqlite", families=2)
        worker = next(
            one for one in norway.test_persons(norway.Store(home / "norway.sqlite")) if one.key == WORKER
        )
        with running(home) as stack:
            pages = _pages(stack, few, many, worker.identity_number)
            measured = []
            for size in sizes:
                _fill(stack, size)
                measured.append({name: _look(visitor, address) for name, (visitor, address) in pages.items()})
    return _report(sizes, measured)


def _pages(stack: Stack, few: str, many: str, worker: str) -> dict[str, tuple[Visitor, str]]:
    """Whose browser looks at what. The same rows stand on each page at every size."""
    people = {"few": Visitor(stack.origin, few), "many": Visitor(stack.origin, many)}
    for visitor in people.values():
        visitor.log_in()
    staff = Visitor(stack.origin, worker)
    staff.log_in(at_work=True)
    with stack.connect() as connection:
        _functions(connection)
        for number, cases in ((few, FEW), (many, MANY)):
            _insert(
                connection,
                cases,
                person=f"(SELECT id FROM identity_person WHERE identity_number = '{number}')",
            )
        _insert(connection, ON_ONE_DESK, organisation=_of(BERGEN), status="'review'")
    return {
        f"Min side, {FEW} cases of one's own": (people["few"], "/min-side"),
        f"Min side, {MANY:,} cases of one's own": (people["many"], "/min-side"),
        f"mailbox, {MANY:,} letters of one's own": (people["many"], "/min-side/postkasse"),
        "the desk's list, Bergen": (staff, "/saker"),
    }


def _look(visitor: Visitor, address: str) -> list[float]:
    visitor.close()  # it may have been idle for a minute
    seconds = []
    for _ in range(WARM_UP + TIMES):
        began = time.perf_counter()
        answer = visitor.get(address)
        seconds.append(time.perf_counter() - began)
        assert answer.status == 200
        assert answer.address == address
    return seconds[WARM_UP:]


def _fill(stack: Stack, size: int) -> None:
    """Add cases and letters until there are `size` cases, as they lie after a while: analysed and vacuumed."""
    with stack.connect() as connection:
        (there,) = connection.execute("SELECT count(*) FROM cases_case").fetchone()  # type: ignore[misc]
        if there < size:
            _insert(connection, size - there)
        for table in ("cases_case", "dispatch_dispatch"):
            connection.execute(f"VACUUM (ANALYZE) {table}")
        connection.execute("CHECKPOINT")


def _functions(connection: psycopg.Connection) -> None:
    """Arrays to draw from: a municipality by its population, a status by its share."""
    codes = [one.code for one in municipalities() for _ in range(1 + one.population // 1_000)]
    connection.execute("CREATE SCHEMA bench")
    connection.execute("CREATE SEQUENCE bench.number")
    connection.execute(
        "CREATE TABLE bench.draw AS SELECT array_agg(o.id) AS organisations, %s::text[] AS statuses"
        " FROM unnest(%s::text[]) AS code JOIN tenancy_organisation o USING (code)",
        [STATUSES, codes],
    )


def _insert(
    connection: psycopg.Connection,
    count: int,
    *,
    person: str = "uuidv7()",
    organisation: str = "d.organisations[1 + floor(random() * cardinality(d.organisations))::int]",
    status: str = "d.statuses[1 + floor(random() * cardinality(d.statuses))::int]",
) -> None:
    """Write so many cases, each with a letter in the mailbox."""
    connection.execute("SET session_replication_role = replica")
    on_desk = sql.SQL(", ").join(map(sql.Literal, sorted(ON_DESK)))
    query = sql.SQL(_INSERT).format(
        person=sql.SQL(person), organisation=sql.SQL(organisation), status=sql.SQL(status), on_desk=on_desk,
        count=sql.Literal(count),
    )  # fmt: skip
    connection.execute(query)


def _of(code: str) -> str:
    return f"(SELECT id FROM tenancy_organisation WHERE code = '{code}')"


_INSERT = """
WITH drawn AS MATERIALIZED (
    SELECT uuidv7() AS id, {person} AS person, {organisation} AS organisation, {status} AS status, random() AS chance,
           now() - random() * interval '900 days' AS opened, g, (SELECT max(edition_id) FROM catalogue_adoption) AS edition
    FROM bench.draw d, generate_series(1, {count}) AS g
), cases AS (
    INSERT INTO cases_case (id, number, kind, person_id, person_name, name_key, service, edition, status, on_desk, stops,
                            assigned_name, grounds, is_late, opened_at, changed_at, due, closed_at, organisation_id)
    SELECT id, 'b/' || nextval('bench.number'), 'application', person, 'Kari Nordmann', md5(id::text),
           'redusert-foreldrebetaling', edition, status, status IN ({on_desk}), '[]', '', '', false, opened, opened,
           (opened + interval '1 month')::date,
           CASE WHEN status IN ('decided', 'withdrawn', 'forwarded') THEN opened END, organisation
    FROM drawn
)
INSERT INTO dispatch_dispatch (id, person_id, organisation_id, service, case_id, kind, title, search_text, content,
                               state, attempts, next_attempt_at, trouble, notice, created_at, delivered_at, opened_at)
SELECT uuidv7(), person, organisation, 'redusert-foreldrebetaling', id, 'decision', 'Vedtak om redusert foreldrebetaling',
       'vedtak om redusert foreldrebetaling', '{{}}', 'delivered', 0, opened, '', 'sent', opened, opened,
       CASE WHEN chance < 0.9 THEN opened END
FROM drawn
"""


def _report(sizes: Sequence[int], measured: Sequence[dict[str, list[float]]]) -> Report:
    columns = [f"{size:,} cases: {what}" for size in sizes for what in ("p50 ms", "p95 ms")]
    report = Report("lists: a page at one client", ("", *columns, "p50, largest of smallest"))
    ratios = []
    for name, smallest in measured[0].items():
        cells: list[object] = []
        for found in measured:
            cells += [
                f"{1000 * percentile(found[name], 0.5):.1f}",
                f"{1000 * percentile(found[name], 0.95):.1f}",
            ]
        ratios.append(percentile(measured[-1][name], 0.5) / percentile(smallest, 0.5))
        report.add(name, *cells, f"{ratios[-1]:.2f}")
    worst = max(percentile(seconds, 0.95) for found in measured for seconds in found.values())
    report.notes.append(
        f"The baseline is the same page with {sizes[0]:,} cases in the database; the page shows the same rows at every size."
        f" Aim: at most {AIM_RATIO} times it, p95 below {1000 * AIM_P95_SECONDS:.0f} ms."
        f" Here: {max(ratios):.2f} at worst, p95 {1000 * worst:.0f} ms at worst."
    )
    return report
