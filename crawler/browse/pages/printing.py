"""Functions for the templates of articles, which print values in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, tzinfo
from functools import partial
from typing import Any

from babel import Locale
from babel.dates import format_timedelta
from markupsafe import Markup

from crawler.browse.surroundings import profiles, zone_of
from crawler.browse.times import time_element

_SITE_CHARS = 200
"""Characters of a site's name that are printed: other tools may write any."""


def printing(locale: str) -> dict[str, Any]:
    """The functions by the names that the templates use. The profiles are looked at once for a page, not for each
    site that it names."""
    known, languages = profiles(), Locale.parse(locale).languages

    def zone(site: str) -> tzinfo:
        return zone_of(known.get(site))

    def site_title(site: str) -> str:
        return known[site].title if site in known else site[:_SITE_CHARS]

    return {
        "when": partial(_when, locale, zone),
        "published": partial(_published, locale, zone),
        "duration": partial(_duration, locale),
        "site_title": site_title,
        "language_name": lambda code: languages.get(code, code),
    }


def bounded(value: Any, least: float, most: float) -> Any:
    """A number of the database within bounds; None for any other value. To print 1E300 takes seconds."""
    if not isinstance(value, int | float):
        return None
    return min(max(value, least), most)


def _when(locale: str, zone: Callable[[str], tzinfo], text: str | None, site: str, *, short: bool = False) -> Markup:
    """A time in the zone of a site."""
    return time_element(text, zone(site), locale, short=short)


def _published(locale: str, zone: Callable[[str], tzinfo], row: Any, *, short: bool = False) -> Markup:
    """When an article was published, otherwise first seen. `row`: a Hit, or a row of the table as a dict."""
    get = row.get if isinstance(row, dict) else partial(getattr, row)
    published = get("published")
    only_day = published is not None and get("published_precision") == "day"
    of_site = zone(str(get("site")))
    return time_element(published or get("first_seen"), of_site, locale, only_day=only_day, short=short)


def _duration(locale: str, seconds: float) -> str:
    """A length of time, without its sign."""
    try:
        delta = timedelta(seconds=abs(seconds))
    except OverflowError:
        delta = timedelta.max
    return format_timedelta(delta, threshold=1.5, locale=locale)
