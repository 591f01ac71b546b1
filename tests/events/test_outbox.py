"""Events commit with their change, count without gaps per subject, and are read in one order that never changes."""

import threading
import time
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction

from dugnad.events import commands as events
from dugnad.events import queries
from dugnad.events.types import Happening
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PERSON, SUBJECT = UUID(int=1), UUID(int=2)


def append(*types, subject=SUBJECT):
    with scope(Scope(person=PERSON)):
        events.append(
            *(Happening(one) for one in types),
            subject=subject,
            organisation_id=None,
            service="s",
            person_id=PERSON,
            at=NOW,
        )


def read(cursor="0-0", limit=1000, *, least=0):
    """Read as a consumer does: again, while a transaction elsewhere on the same server holds the feed back."""
    for _ in range(400):
        with scope(Scope(person=PERSON)):
            found = queries.feed(cursor, limit=limit)
        if len(found.events) >= least:
            break
        time.sleep(0.05)
    return found


@pytest.mark.django_db(transaction=True)
def test_each_subject_counts_from_one_without_gaps():
    append("case.opened", "case.decided")
    append("case.opened", subject=UUID(int=3))
    append("case.appealed")
    with scope(Scope(person=PERSON)):
        assert [(e.sequence, e.type) for e in queries.history(SUBJECT)] == [
            (1, "case.opened"),
            (2, "case.decided"),
            (3, "case.appealed"),
        ]


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_its_change_when_that_is_undone():
    class UndoError(Exception):
        pass

    def begin_and_undo():
        with scope(Scope(person=PERSON)):
            happening = Happening("case.opened")
            events.append(
                happening, subject=SUBJECT, organisation_id=None, service="s", person_id=PERSON, at=NOW
            )
            raise UndoError

    with pytest.raises(UndoError):
        begin_and_undo()
    assert read().events == ()


@pytest.mark.django_db(transaction=True)
def test_a_reader_misses_nothing_although_transactions_commit_out_of_order():
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with scope(Scope(person=PERSON)):
            events.append(
                Happening("slow"),
                subject=UUID(int=9),
                organisation_id=None,
                service="s",
                person_id=PERSON,
                at=NOW,
            )
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    append("quick")
    first = read()
    go_on.set()
    thread.join()
    second = read(first.cursor, least=2 - len(first.events))
    seen = [event.type for event in (*first.events, *second.events)]
    assert sorted(seen) == ["quick", "slow"]
    assert read(second.cursor).events == ()


@pytest.mark.django_db(transaction=True)
def test_the_feed_pages_by_cursor():
    append("a", "b", "c")
    first = read(limit=2, least=2)
    rest = read(first.cursor, least=1)
    assert [e.type for e in (*first.events, *rest.events)] == ["a", "b", "c"]


@pytest.mark.django_db(transaction=True)
def test_a_cloud_event_has_what_cloudevents_1_0_requires():
    append("case.opened")
    event = read(least=1).events[0].cloud_event("https://dugnad.example")
    assert event["specversion"] == "1.0"
    assert {"id", "source", "type"} <= set(event)
    assert event["subject"] == str(SUBJECT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cursor", ["x", "", "1", "a-b"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor):
    with pytest.raises(ValueError), transaction.atomic():  # noqa: PT011 - any ValueError
        queries.feed(cursor)
