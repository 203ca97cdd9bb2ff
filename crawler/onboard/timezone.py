"""Guess the time zone of a site from the dates that it prints and from its country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global

from crawler.text import word_set

_OFFSET_STEP = timedelta(minutes=15)
"""Offsets from UTC are multiples of this (Nepal: 5:45)."""

_MAX_OFFSET = timedelta(hours=14)
_TOLERANCE = timedelta(minutes=4)
"""Difference between the date on the page and that in the feed that is not an offset. Chosen by hand."""

# Country domains whose code is not the country's, and those that are sold all over the world.
_COUNTRY_OF_DOMAIN = {"uk": "GB", "eu": None, "su": "RU"}
_WORLDWIDE = word_set("ac ai am cc co cx dj fm gg im io is la ly me ms mu nu sc sh so st tk to tv vc ws")
# Of countries with several zones, those of most of their media; by hand. The order of CLDR is none of importance.
_MAIN_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto"),
    *("America/Sao_Paulo", "America/Mexico_City", "America/Argentina/Buenos_Aires", "America/Santiago"),
    *("Asia/Almaty", "Asia/Gaza", "Asia/Jakarta", "Asia/Shanghai", "Australia/Sydney", "Europe/Berlin"),
    *("Europe/Kyiv", "Europe/Lisbon", "Europe/Madrid", "Europe/Moscow", "Pacific/Auckland"),
)
_MIN_SHARE = 0.8
"""Share of the dates that must agree on an offset."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A moment, and the offset from UTC that the site gave for it."""

    moment: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """A time zone, and what it was concluded from."""

    name: str
    """IANA name."""

    reason: str
    """A sentence for the comment in the profile."""

    is_certain: bool
    """Whether both the dates and the country say so, or the dates leave one possibility."""


def country_of_host(host: str) -> str | None:
    """The country (ISO 3166) of a host's top-level domain; None for a generic one."""
    domain = host.rpartition(".")[2].lower()
    if domain in _COUNTRY_OF_DOMAIN:
        return _COUNTRY_OF_DOMAIN[domain]
    if len(domain) != 2 or domain in _WORLDWIDE:
        return None
    return domain.upper() if domain.upper() in get_global("territory_zones") else None


def offset_between(printed: datetime, actual: datetime) -> timedelta | None:
    """The offset of a local time, read as if it were UTC, from the same moment in UTC; None if it cannot be one."""
    difference = printed - actual
    steps = round(difference / _OFFSET_STEP)
    if abs(difference) > _MAX_OFFSET or abs(difference - steps * _OFFSET_STEP) > _TOLERANCE:
        return None
    return steps * _OFFSET_STEP


def guess_zone(
    sightings: Iterable[Sighting],
    *,
    country: str | None,
    country_from: str = "",
    language: str | None,
    preferred: str | None = None,
) -> ZoneGuess:
    """The zone in which the dates of a site have the offsets that were seen. `country_from`: where the country is
    from, for the reason. `preferred`: a zone that somebody says; it holds unless the dates contradict."""
    # Many systems give all dates in UTC: that says nothing about the site.
    every = list(sightings)
    seen = [sighting for sighting in every if sighting.offset]
    common = [offset for offset, count in Counter(one.offset for one in seen).most_common(2)]
    seen = [sighting for sighting in seen if sighting.offset in common]
    offsets = " and ".join(_text(offset) for offset in sorted({one.offset for one in seen}))
    if preferred is not None and _fits(preferred, seen):
        return ZoneGuess(preferred, f"its dates have {offsets}" if seen else "no date contradicts it", bool(seen))
    if country is None and language is not None:
        country, country_from = _only_country(language), f"the language {language}"
    zones = sorted(get_global("territory_zones").get(country or "", ()), key=_rank)
    if seen:
        fitting = [zone for zone in zones if _fits(zone, seen)]
        if fitting:
            return ZoneGuess(fitting[0], f"its dates have {offsets}, and {country_from} says {country}", True)
        return _fixed_zone(Counter(one.offset for one in seen).most_common(1)[0][0], offsets)
    if zones:
        sure = "the only zone" if len(zones) == 1 else f"a guess: the first of {len(zones)} zones"
        return ZoneGuess(zones[0], f"{sure} of {country}, which {country_from} says", len(zones) == 1)
    if every:
        return ZoneGuess("UTC", "its dates are in UTC", False)
    return ZoneGuess("UTC", "unknown: neither the dates nor the address of the site say another one", False)


def _rank(zone: str) -> int:
    return _MAIN_ZONES.index(zone) if zone in _MAIN_ZONES else len(_MAIN_ZONES)


def _fits(zone: str, seen: list[Sighting]) -> bool:
    info = ZoneInfo(zone)
    right = sum(one.moment.astimezone(info).utcoffset() == one.offset for one in seen)
    return right >= len(seen) * _MIN_SHARE


def _fixed_zone(offset: timedelta, offsets: str) -> ZoneGuess:
    hours, rest = divmod(round(offset.total_seconds()), 3600)
    if rest:
        return ZoneGuess("UTC", f"its dates have {offsets}, which no zone without a country has", False)
    # In these names the sign is that of POSIX: Etc/GMT-3 is ahead of UTC.
    name = f"Etc/GMT{'-' if hours > 0 else '+'}{abs(hours)}"
    return ZoneGuess(name, f"a guess: its dates have {offsets}, and the country is unknown", False)


def _text(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _only_country(language: str) -> str | None:
    """The country of a language that is official in one country only."""
    countries = [
        country
        for country, languages in get_global("territory_languages").items()
        if languages.get(language, {}).get("official_status") == "official"
    ]
    return countries[0] if len(countries) == 1 else None
