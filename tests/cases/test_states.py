"""The state machine: what may follow what, and that a case always gets an end."""

import pytest

from dugnad.cases.states import CLOSED, ON_DESK, TRANSITIONS, Act, NotAllowedNowError, Status, after, diagram


def test_every_status_can_be_reached_and_every_open_one_left():
    reached = {Status.RECEIVED} | set(TRANSITIONS.values())
    assert reached == set(Status)
    assert {start for start, _ in TRANSITIONS} == set(Status) - CLOSED


def test_a_closed_case_stays_closed():
    for status in CLOSED:
        for act in Act:
            with pytest.raises(NotAllowedNowError):
                after(status, act)


def test_what_waits_for_somebody_is_on_the_desk_and_what_is_closed_is_not():
    assert set() == ON_DESK & CLOSED
    assert ON_DESK | CLOSED | {Status.RECEIVED} == set(Status)


def test_nothing_is_decided_by_a_person_without_a_second_pair_of_eyes():
    ways = {(start, act) for (start, act), end in TRANSITIONS.items() if end == Status.DECIDED}
    assert {act for _, act in ways} == {Act.DECIDE, Act.APPROVE}
    assert {start for start, act in ways if act == Act.APPROVE} == {Status.APPROVAL}


def test_the_diagram_shows_every_transition():
    lines = diagram().splitlines()
    for (start, act), end in TRANSITIONS.items():
        assert f"    {start} --> {end}: {act}" in lines
