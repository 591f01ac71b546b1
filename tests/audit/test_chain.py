"""The log is a chain: whoever changes, removes or slips in a row afterwards is found out."""

import threading
import time
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections, transaction

from dugnad.audit import commands as audit
from dugnad.audit.types import Record
from dugnad.shared.actor import Actor
from dugnad.shared.postgres import rows

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BY = Actor.system("test")
PERSON = UUID(int=1)


def write(count=3):
    with transaction.atomic():
        audit.record(
            *(Record(action=f"a{n}", purpose="p", person_id=PERSON) for n in range(count)), by=BY, at=NOW
        )


def seal():
    """Seal as the worker does: again, while a transaction elsewhere on the same server holds it back."""
    for _ in range(400):
        if sealed := audit.seal(at=NOW):
            return sealed
        time.sleep(0.05)
    return 0


@pytest.fixture
def as_worker(database, transactional_db):
    """Seal and verify as the worker, who may read all rows and writes the blocks."""
    place = connections["default"].settings_dict
    connection.close()
    place["USER"] = "dugnad_worker"
    yield
    connection.close()
    place["USER"] = "dugnad_web"


def tamper(database, sql):
    with psycopg.connect(database.superuser, autocommit=True) as strong:
        strong.execute("SET session_replication_role = replica")  # past the write-once trigger
        strong.execute(sql)


def test_a_whole_chain_verifies(as_worker):
    for _ in range(3):
        write()
        assert seal() == 3
    found = audit.verify()
    assert (found.blocks, found.sealed, found.unsealed, found.broken) == (3, 9, 0, None)


def test_rows_that_are_not_sealed_yet_are_counted(as_worker):
    write()
    seal()
    write(2)
    assert audit.verify().unsealed == 2


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE audit_entry SET purpose = 'other' WHERE action = 'a1'", "a row was changed"),
        ("UPDATE audit_entry SET actor_name = 'x' WHERE action = 'a0'", "a row was changed"),
        ("DELETE FROM audit_entry WHERE action = 'a2'", "the block sealed 3 rows, there are 2"),
        (
            """INSERT INTO audit_entry (transaction, at, action, is_look, actor, actor_name, service, purpose, detail)
               SELECT transaction, at, 'slipped in', false, 'x', '', '', '', '{}' FROM audit_entry LIMIT 1""",
            "the block sealed 3 rows, there are 4",
        ),
        ("DELETE FROM audit_block WHERE number = 1", "a block is missing"),
        ("UPDATE audit_block SET digest = repeat('0', 64) WHERE number = 1", "a row was changed"),
    ],
)
def test_tampering_is_found(as_worker, database, sql, reason):
    write()
    seal()
    with transaction.atomic():
        audit.record(Record(action="later", purpose="p"), by=BY, at=NOW)
    seal()
    tamper(database, sql)
    found = audit.verify()
    assert found.broken == 1
    assert found.reason == reason


def test_a_transaction_that_commits_late_is_sealed_later_and_never_lost(as_worker):
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            audit.record(Record(action="slow", purpose="p"), by=BY, at=NOW)
            rows("SELECT 1")  # with it goes the row, which would else wait for the commit
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    write()  # commits while the slow one, with lower numbers, is still open
    assert audit.seal(at=NOW) == 0
    go_on.set()
    thread.join()
    assert seal() == 4
    assert audit.verify().broken is None


def test_two_sealers_at_once_make_one_block(as_worker):
    write()
    results = []

    def one():
        results.append(audit.seal(at=NOW))
        connection.close()

    while not any(results):  # held back while a transaction elsewhere on the server is open
        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(results)[-2:] == [0, 3]
    assert audit.verify().broken is None


def test_a_block_is_bounded_and_never_splits_a_transaction(as_worker, monkeypatch):
    monkeypatch.setattr(audit, "BLOCK_ENTRIES", 5)
    for _ in range(4):
        write(3)
    write(8)  # larger than a block: stays whole
    sealed = []
    while audit.verify().unsealed:
        sealed.append(seal())
    assert sum(sealed) == 20
    assert all(count % 3 == 0 or count == 8 for count in sealed)
    assert audit.verify().broken is None
