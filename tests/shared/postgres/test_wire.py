"""The short way to PostgreSQL: what was put off comes in order or not at all, errors are Django's, a lost server is found."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction

from database import Database
from dugnad.shared import postgres
from dugnad.shared.postgres import Json

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def table(database: Database) -> Iterator[None]:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE thing (n int PRIMARY KEY, word text); GRANT ALL ON thing TO dugnad_web")
        yield
        connection.close()
        owner.execute("DROP TABLE thing")


def words() -> list[str]:
    return [word for (word,) in postgres.rows("SELECT word FROM thing ORDER BY n")]


def test_every_kind_of_value_comes_back_as_it_went() -> None:
    values = [
        'æ "ø" \\å', uuid4(), True, 2**40, datetime(2026, 11, 21, 23, 59, 1, 123456, tzinfo=UTC), date(2026, 8, 1),
        Decimal("1.50"), b"\x00\xff", {"a": [1, None]}, ['x"\\,{}', "", None], [uuid4()],
    ]  # fmt: skip
    sql = """SELECT %s::text, %s::uuid, %s::boolean, %s::bigint, %s::timestamptz, %s::date, %s::numeric, %s::bytea,
                    %s::jsonb, %s::text[], %s::uuid[]"""
    for _ in range(2):  # prepared, and as prepared
        (row,) = postgres.rows(sql, values)
        assert list(row) == values
    assert postgres.rows("SELECT %s::jsonb, %s::text", [Json([1, "to"]), None]) == [((1, "to"), None)]


def test_a_small_number_first_does_not_bind_the_type_of_the_next() -> None:
    for number in (1, 2**60):
        assert postgres.rows("SELECT %s::bigint", [number]) == [(number,)]


def test_several_questions_are_answered_in_their_order() -> None:
    answers = postgres.together(
        ("SELECT 1", []), ("INSERT INTO thing VALUES (%s, %s)", [1, "en"]), ("SELECT word FROM thing", [])
    )
    assert [answer.rows for answer in answers] == [[(1,)], [], [("en",)]]
    assert answers[1].count == 1


def test_what_was_put_off_goes_before_the_next_statement_of_any_kind() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            postgres.later("INSERT INTO thing VALUES (%s, %s)", [1, "en"])
            cursor.execute("SELECT word FROM thing")
            assert cursor.fetchall() == [("en",)]
            postgres.later("INSERT INTO thing VALUES (%s, %s)", [2, "to"])
            cursor.executemany("INSERT INTO thing VALUES (%s, %s)", [(3, "tre")])
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [4, "fire"])
        assert words() == ["en", "to", "tre", "fire"]
        postgres.later("DELETE FROM thing WHERE n < %s", [4])
    assert words() == ["fire"]


def test_an_error_of_what_was_put_off_undoes_the_transaction() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 - the error comes with the commit
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [1, "en"])
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [1, "igjen"])
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [2, "to"])
    assert words() == []


def test_what_was_put_off_in_a_part_that_is_undone_never_happens() -> None:
    with transaction.atomic():
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [1, "en"])
        with pytest.raises(KeyError), transaction.atomic():  # noqa: PT012 - a part of the transaction
            postgres.later("INSERT INTO thing VALUES (%s, %s)", [2, "to"])
            raise KeyError
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [3, "tre"])
    assert words() == ["en", "tre"]
    with pytest.raises(KeyError), transaction.atomic():  # noqa: PT012 - all of it
        postgres.later("INSERT INTO thing VALUES (%s, %s)", [4, "fire"])
        raise KeyError
    assert words() == ["en", "tre"]


def test_outside_a_transaction_nothing_is_put_off() -> None:
    postgres.later("INSERT INTO thing VALUES (%s, %s)", [1, "en"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM thing")
        assert cursor.fetchone() == (1,)


def test_a_transaction_in_which_nothing_was_asked_never_began() -> None:
    def person() -> str:
        return str(postgres.rows("SELECT coalesce(current_setting('dugnad.person', true), '')")[0][0])

    assert person() == ""
    status = connection.connection.info
    with transaction.atomic():
        postgres.later("SELECT set_config('dugnad.person', %s, true)", ["x"], quiet=True)
        assert status.transaction_status == psycopg.pq.TransactionStatus.IDLE
    with transaction.atomic():
        assert person() == "", "who asks is told for one transaction only"
        postgres.later("SELECT set_config('dugnad.person', %s, true)", ["y"], quiet=True)
        assert person() == "y"
        assert status.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    assert person() == ""


def test_errors_are_djangos_and_the_connection_goes_on() -> None:
    with pytest.raises(ProgrammingError):
        postgres.rows("SELECT nothing_of_this_name")
    with pytest.raises(DataError, match="NUL"):
        postgres.rows("SELECT %s::text", ["a\0b"])
    with pytest.raises(TypeError, match="object"):
        postgres.rows("SELECT %s::text", [object()])
    with pytest.raises(ProgrammingError):
        postgres.together(("SELECT 1", []), ("SELECT nothing_of_this_name", []), ("SELECT 2", []))
    assert postgres.rows("SELECT 1") == [(1,)]


def test_statements_are_prepared_anew_after_all_were_dropped() -> None:
    assert words() == []
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert words() == []


def test_a_statement_that_takes_too_long_is_ended_and_the_connection_goes_on() -> None:
    with pytest.raises(OperationalError, match="statement timeout"), transaction.atomic():  # noqa: PT012
        postgres.later("SET LOCAL statement_timeout = 50")
        postgres.together(("SELECT 1", []), ("SELECT pg_sleep(10)", []), ("SELECT 2", []))
    assert postgres.rows("SELECT 3") == [(3,)]


def test_a_hundred_thousand_rows_are_an_answer_too() -> None:
    first, many = postgres.together(
        ("SELECT 1", []), ("SELECT n, n::text FROM generate_series(1, 100000) n", [])
    )
    assert first.rows == [(1,)]
    assert many.count == len(many.rows) == 100_000
    assert many.rows[-1] == (100_000, "100000")


def test_much_in_both_directions_does_not_stand_still() -> None:
    long = "x" * 3_000_000
    answers = postgres.together(*[("SELECT %s::text", [long])] * 5)
    assert [len(answer.rows[0][0]) for answer in answers] == [len(long)] * 5


def test_a_server_that_has_gone_is_found_before_the_next_request_and_reported_within_one() -> None:
    (pid,) = postgres.rows("SELECT pg_backend_pid()")[0]
    _end(pid)
    connection.close_if_unusable_or_obsolete()  # as at the start of a request
    (another,) = postgres.rows("SELECT pg_backend_pid()")[0]
    assert another != pid
    with pytest.raises(OperationalError), transaction.atomic():  # noqa: PT012 - it goes in the middle
        postgres.rows("SELECT 1")
        _end(another)
        postgres.rows("SELECT 2")
    connection.close_if_unusable_or_obsolete()
    assert postgres.rows("SELECT 3") == [(3,)]


def _end(pid: int) -> None:
    """End a server process from another connection, and wait until its socket is closed."""

    def end() -> None:
        postgres.rows("SELECT pg_terminate_backend(%s::int, 5000)", [pid])
        connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()


def test_an_answer_that_comes_with_the_next_question() -> None:
    def soon(sql: str) -> postgres.Soon[int]:
        return postgres.Soon(sql, [], lambda found: int(found[0][0]))

    assert soon("SELECT 1").now() == 1
    with transaction.atomic():
        first, second = soon("SELECT 1"), soon("SELECT count(*) FROM thing")
        assert not first.is_known
        assert postgres.rows("SELECT 3") == [(3,)]
        assert (first.now(), second.now()) == (1, 0)
        third = soon("SELECT 4")
        assert third.now() == 4
        last = soon("SELECT 5")
    assert last.now() == 5, "it came with the commit"
    with transaction.atomic():
        never = soon("SELECT 6")
    with pytest.raises(RuntimeError):
        never.now()
