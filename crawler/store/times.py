"""Times as the store writes them: ISO 8601 in UTC, seconds, `2021-11-23T12:35:10Z`. They sort as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload


@overload
def to_text(moment: datetime) -> str: ...
@overload
def to_text(moment: datetime | None) -> str | None: ...
def to_text(moment: datetime | None) -> str | None:
    """An aware datetime as text; None stays None."""
    # Not strftime: its %Y writes the year 1 as "1", which neither sorts nor reads back.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z" if moment else None


def from_text(text: str | None) -> datetime | None:
    """The datetime of a text that `to_text` wrote; None stays None."""
    return datetime.fromisoformat(text) if text else None


def parse_day(text: str) -> tuple[datetime, datetime]:
    """The beginning of a day in UTC and of the next; two equal moments if the text is not a day."""
    try:
        day = datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)
        return day, day + timedelta(days=1)
    except (ValueError, OverflowError):
        never = datetime.min.replace(tzinfo=UTC)
        return never, never
