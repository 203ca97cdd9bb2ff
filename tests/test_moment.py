"""Dates as people write them in options."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.crawl.moment import read_moment

NOW = datetime(2026, 11, 27, 22, 50, 30, tzinfo=UTC)
"""A Friday."""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", "2026-01-01T00:00:00"),
        ("2026-11", "2026-11-01T00:00:00"),
        ("2026-1", "2026-01-01T00:00:00"),
        ("2026-11-10", "2026-11-10T00:00:00"),
        ("2026-11-10 18:30", "2026-11-10T18:30:00"),
        ("2026-11-10T01:00+03:00", "2026-11-09T22:00:00"),
        ("today", "2026-11-27T00:00:00"),
        (" Yesterday ", "2026-11-26T00:00:00"),
        ("yesterday at 14:05", "2026-11-26T14:05:00"),
        ("7 days", "2026-11-20T00:00:00"),
        ("7 days ago", "2026-11-20T00:00:00"),
        ("7d", "2026-11-20T00:00:00"),
        ("2 weeks", "2026-11-13T00:00:00"),
        ("24h", "2026-11-26T22:50:00"),
        ("3 hours", "2026-11-27T19:50:00"),
        ("this week", "2026-11-23T00:00:00"),
        ("last week", "2026-11-16T00:00:00"),
        ("this month", "2026-11-01T00:00:00"),
        ("last month", "2026-10-01T00:00:00"),
        ("this year", "2026-01-01T00:00:00"),
        ("last  year", "2025-01-01T00:00:00"),
        ("9 months", "2026-02-27T00:00:00"),
        ("1 year", "2025-11-27T00:00:00"),
        ("أمس", "2026-11-26T00:00:00"),
        ("٧ أيام", "2026-11-20T00:00:00"),
        ("منذ 3 أيام", "2026-11-24T00:00:00"),
    ],
)
def test_a_date_in_words_is_the_first_moment_of_its_day_or_period_in_utc(text: str, moment: str) -> None:
    assert read_moment(text, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_month_without_the_same_day_gives_its_last_day() -> None:
    assert read_moment("1 month", datetime(2026, 3, 31, 12, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)


def test_last_month_in_january_is_december() -> None:
    assert read_moment("last month", datetime(2026, 1, 31, 12, tzinfo=UTC)) == datetime(2025, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "soon",
            "31.1.2026",
            "1.2.2026",
            "2026-13",
            "2026-02-30",
            "0000",
            "days",
            "-3 days",
            "99999999 days",
        ),
        *(
            "9999 years",
            "some days",
            "0001-01-01T00:00:00+14:00",
            "now()",
            "x" * 10_000,
            "1 " * 5_000,
            "\x00",
            "\ud800",
        ),
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_what_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[\s\S]*"):
        read_moment(text, NOW)


def test_a_time_without_a_zone_is_in_utc_and_the_current_time_is_the_default() -> None:
    assert read_moment("today").tzinfo is UTC
    assert read_moment("today") <= datetime.now(UTC)
