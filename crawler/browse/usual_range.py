"""How many articles a site usually has on a day: its own past, by the day of the week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

WEEKS = 8
"""Weeks before a day that say what is usual on it; as many as the health rules look back."""

_MIN_WEEKS = 4
"""With fewer weeks nothing is called usual. Chosen by hand; no measurement."""

_WITHOUT_EXTREMES = 6
"""From this number of weeks on the lowest and the highest count are left out: one holiday and one election do not widen
the range. Chosen by hand; no measurement."""


def usual_range(counts: Mapping[str, int], day: date, first: date) -> tuple[int, int] | None:
    """The lowest and the highest usual number of articles on a day: those on the same day of the week in the eight
    weeks before, from the day `first` on. None if that are too few. `counts`: articles by day; without one: 0."""
    days = [day - timedelta(weeks=number) for number in range(1, WEEKS + 1)]
    past = sorted(counts.get(earlier.isoformat(), 0) for earlier in days if earlier >= first)
    if len(past) < _MIN_WEEKS:
        return None
    return (past[1], past[-2]) if len(past) >= _WITHOUT_EXTREMES else (past[0], past[-1])
