"""The moments of named exports: time zones, days of the week, and the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule.export_times import PERIODS, ExportTimes

DAMASCUS, BERLIN, KATHMANDU = (ZoneInfo(name) for name in ("Asia/Damascus", "Europe/Berlin", "Asia/Kathmandu"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "at", "zone", "now", "last", "following"),
    [
        ("day", time(7), DAMASCUS, "2026-11-27 03:59", "2026-11-26 04:00", "2026-11-27 04:00"),
        ("day", time(7), DAMASCUS, "2026-11-27 04:00", "2026-11-27 04:00", "2026-11-28 04:00"),
        ("day", time(0), KATHMANDU, "2026-11-27 18:20", "2026-11-27 18:15", "2026-11-28 18:15"),
        ("monday", time(7), UTC, "2026-11-27 12:00", "2026-11-23 07:00", "2026-11-30 07:00"),
        ("friday", time(7), UTC, "2026-11-27 06:00", "2026-11-20 07:00", "2026-11-27 07:00"),
        ("hour", time(0), KATHMANDU, "2026-11-27 12:20", "2026-11-27 12:15", "2026-11-27 13:15"),
        # Clocks go from 02:00 to 03:00: 02:30 is an hour later on this day, and once.
        ("day", time(2, 30), BERLIN, "2026-03-29 00:59", "2026-03-28 01:30", "2026-03-29 01:30"),
        ("day", time(2, 30), BERLIN, "2026-03-29 01:30", "2026-03-29 01:30", "2026-03-30 00:30"),
        # Clocks go from 03:00 to 02:00: 02:30 is twice, the first one counts.
        ("day", time(2, 30), BERLIN, "2026-10-25 00:45", "2026-10-25 00:30", "2026-10-26 01:30"),
        ("day", time(2, 30), BERLIN, "2026-10-25 01:45", "2026-10-25 00:30", "2026-10-26 01:30"),
    ],
)
def test_the_moments_around_a_time(every: str, at: time, zone: ZoneInfo, now: str, last: str, following: str) -> None:
    times = ExportTimes(every, at, zone)
    assert (times.last(utc(now)), times.next(utc(now))) == (utc(last), utc(following))


@given(
    st.sampled_from(PERIODS), st.times(), st.sampled_from([DAMASCUS, BERLIN, KATHMANDU, UTC]),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
)  # fmt: skip
def test_a_moment_follows_the_other(every: str, at: time, zone: ZoneInfo, when: datetime) -> None:
    times, now = ExportTimes(every, at.replace(second=0, microsecond=0), zone), when.replace(tzinfo=UTC)
    last, following = times.last(now), times.next(now)
    assert last <= now < following
    assert times.last(following - timedelta(seconds=1)) == last
    assert times.last(following) == following
