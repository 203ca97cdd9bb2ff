"""The moments of a named export, like every day at 07:00 in Damascus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS = ("hour", "day", *WEEKDAYS)


@dataclass(frozen=True, slots=True)
class ExportTimes:
    """Regular moments in a time zone."""

    every: str
    """One of PERIODS."""

    at: time
    """Of an hourly export, only the minutes count."""

    zone: tzinfo

    def last(self, now: datetime) -> datetime:
        """The last moment up to now, in UTC."""
        return max(moment for moment in self._around(now) if moment <= now)

    def next(self, now: datetime) -> datetime:
        """The first moment after now, in UTC."""
        return min(moment for moment in self._around(now) if moment > now)

    def __str__(self) -> str:
        if self.every == "hour":
            return f"every hour at minute {self.at.minute}"
        return f"every {self.every.capitalize() if self.every in WEEKDAYS else 'day'} at {self.at:%H:%M} ({self.zone})"

    def _around(self, now: datetime) -> list[datetime]:
        """The moments from a period before now to a period after it."""
        local = now.astimezone(self.zone)
        if self.every == "hour":
            this = local.replace(minute=self.at.minute, second=0, microsecond=0).astimezone(UTC)
            return [this + timedelta(hours=hours) for hours in (-1, 0, 1)]
        days = (local.date() + timedelta(days=number) for number in range(-8, 9))
        return [self._on(day) for day in days if self.every == "day" or WEEKDAYS[day.weekday()] == self.every]

    def _on(self, day: date) -> datetime:
        # In UTC before it is compared: Python compares two local times of one zone without their offsets. A time that
        # the zone leaves out in spring is an hour later, one that it has twice in autumn is the first.
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)
