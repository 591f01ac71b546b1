"""Identifiers: version 7, rising, never twice."""

from datetime import UTC, datetime, timedelta

from dugnad.shared import ids

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_it_is_a_version_7_of_the_rfc_variant_with_its_time_in_front():
    made = ids.new(NOW)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(NOW.timestamp() * 1000)


def test_within_one_millisecond_they_rise():
    made = [ids.new(NOW) for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_later_time_sorts_after_an_earlier():
    assert ids.new(NOW) < ids.new(NOW + timedelta(milliseconds=1))
