"""Dates as people write them in an option: exact, a month or a year, or counted back from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from crawler import clock

EXAMPLES = "2026-01-31, 2026-01, 2026, yesterday, 7 days, last week, or a time like 2026-01-31T18:00:00Z"

_PART_OF_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_PERIOD = re.compile(r"(this|last) (week|month|year)")
_LONG_AGO = re.compile(r"(\d{1,3}) ?(month|year)s?(?: ago)?")
_SHORT_UNIT = re.compile(r"(\d{1,4}) ?([hdw])\b")
_SHORT_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_MONTHS = 12


def read_moment(text: str, now: datetime | None = None) -> datetime:
    """The moment that a text means, aware, UTC. Raises ValueError.

    A time in ISO 8601 (in UTC if it has no time zone), or the first moment of a day, month or year, of `today`,
    `yesterday`, `this week`, `last month`, or of the day that is N days, weeks, months or years back; `3 hours`
    are exact. Days begin at midnight UTC, weeks on Monday. Words may be of any language in which dates of articles are
    read.
    """
    now = now or clock.now()
    words = " ".join(text.lower().split())
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if part := _PART_OF_DATE.fullmatch(words):
            return datetime(int(part[1]), int(part[2] or 1), 1, tzinfo=UTC)
        if period := _PERIOD.fullmatch(words):
            return _period(today, period[2], back=period[1] == "last")
        if ago := _LONG_AGO.fullmatch(words):
            return _months_before(today, int(ago[1]) * (_MONTHS if ago[2] == "year" else 1))
        return _exact(text.strip()) or _counted_back(_SHORT_UNIT.sub(_long_unit, words), now)
    except OverflowError as error:  # before the first or after the last day of the calendar
        raise ValueError(text) from error


def _exact(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _counted_back(words: str, now: datetime) -> datetime:
    """Read "yesterday", "7 days", "3 hours ago", "أمس", "منذ 3 أيام"."""
    from crawler.dates.read import read_date  # 10 ms, which few commands need

    for form in (words, f"{words} ago", f"منذ {words}"):
        # A date that is read without the current time is printed in figures: 1.2.2026 may be of two months.
        if read_date(form) is None and (read := read_date(form, now=now)):
            return read.value
    raise ValueError(words)


def _long_unit(match: re.Match[str]) -> str:
    return f"{match[1]} {_SHORT_UNITS[match[2]]}"


def _period(today: datetime, unit: str, *, back: bool) -> datetime:
    if unit == "week":
        return today - timedelta(days=today.weekday() + 7 * back)
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    return _months_before(first, (1 if unit == "month" else _MONTHS) * back)


def _months_before(day: datetime, months: int) -> datetime:
    """The same day some months earlier, or the last day of that month if it has fewer."""
    index = day.year * _MONTHS + day.month - 1 - months
    first = day.replace(year=index // _MONTHS, month=index % _MONTHS + 1, day=1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), next_month - timedelta(days=1))
