"""What is usual for a site on a day of the week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crawler.browse.usual_range import usual_range

DAY = date(2026, 3, 1)
LONG_AGO = date(2025, 1, 1)


def past(*counts: int) -> dict[str, int]:
    """Articles one week before DAY, two weeks before it ..."""
    return {(DAY - timedelta(weeks=number)).isoformat(): count for number, count in enumerate(counts, 1)}


@pytest.mark.parametrize(
    ("counts", "first", "usual"),
    [
        ((10, 12, 11, 13, 9, 0, 99, 12), LONG_AGO, (9, 13)),  # a holiday and an election do not widen the range
        ((10, 12, 11, 13), DAY - timedelta(weeks=4), (10, 13)),
        ((10, 12, 11, 13), DAY - timedelta(weeks=3), None),  # too short a past
        ((5,), DAY - timedelta(weeks=7), (0, 0)),  # days without an article count: it was known already
        ((), DAY + timedelta(days=1), None),
    ],
)
def test_the_range_is_that_of_the_same_days_before(
    counts: tuple[int, ...], first: date, usual: tuple[int, int] | None
) -> None:
    assert usual_range(past(*counts), DAY, first) == usual


def test_other_days_of_the_week_do_not_count() -> None:
    counts = past(*[10] * 8) | {(DAY - timedelta(days=number)).isoformat(): 99 for number in range(1, 7)}
    assert usual_range(counts, DAY, LONG_AGO) == (10, 10)
