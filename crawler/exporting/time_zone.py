"""The time zone that times are shown in, and that exports are scheduled by."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crawler.text import close_words


class ZoneError(ValueError):
    """A time zone that does not exist; the message says what may be meant."""


def local_zone() -> tzinfo:
    """The time zone of this computer; UTC if it has none that is known."""
    from tzlocal import get_localzone  # here, because every command imports this module

    try:
        return get_localzone()
    except (ZoneInfoNotFoundError, ValueError):  # TZ names a zone that does not exist
        return UTC


def parse_zone(name: str) -> ZoneInfo:
    """The time zone with an IANA name. Raises ZoneError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cities = {zone.rpartition("/")[2]: zone for zone in available_timezones()}
        city = name.rpartition("/")[2].strip().replace(" ", "_").title()
        close = [city] if city in cities else close_words(city, list(cities))
        hint = f"; did you mean {' or '.join(cities[city] for city in close)}?" if close else ""
        raise ZoneError(f"must be a time zone like Asia/Damascus{hint}") from None
