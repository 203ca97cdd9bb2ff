"""The time zone that times are shown in, and that exports are scheduled by."""

from __future__ import annotations

import difflib
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tzlocal import get_localzone

from crawler.crawl.arguments import ArgumentError


def local_zone() -> tzinfo:
    """The time zone of this computer; UTC if it has none that is known."""
    try:
        return get_localzone()
    except (ZoneInfoNotFoundError, ValueError):  # TZ names a zone that does not exist
        return UTC


def parse_zone(name: str, option: str) -> ZoneInfo:
    """The time zone with an IANA name. Raises ArgumentError that names the option, with a suggestion."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cities = {zone.rpartition("/")[2].lower(): zone for zone in available_timezones()}
        near = difflib.get_close_matches(name.rpartition("/")[2].lower().replace(" ", "_"), cities, n=1)
        hint = f"; did you mean {cities[near[0]]}?" if near else ""
        raise ArgumentError(f"{option} {name}: must be a time zone like Asia/Damascus{hint}") from None
