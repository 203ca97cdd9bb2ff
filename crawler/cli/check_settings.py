"""Validate our settings from all sources before anything is crawled."""

from __future__ import annotations

import os

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.clock import parse_now
from crawler.crawl.from_settings import list_setting
from crawler.fetch.directives import DIRECTIVES

# Listed here, because a value from the environment replaces the default and with it its type.
WHOLE_NUMBERS = frozenset(
    {
        "NEWS_BATCH_SIZE",
        "NEWS_BOILERPLATE_PAGES",
        "NEWS_EXTRACT_WORKERS",
        "NEWS_MAX_ATTEMPTS",
        "NEWS_MAX_CHANNEL_PAGES",
        "NEWS_MIN_BODY_CHARS",
    }
)
NUMBERS = frozenset(
    {
        "NEWS_ARCHIVE_DAYS",
        "NEWS_ARCHIVE_FILE_MB",
        "NEWS_ARCHIVE_MB",
        "NEWS_BATCH_SECONDS",
        "NEWS_CLOCK_HOURS",
        "NEWS_DB_TIMEOUT",
        "NEWS_EXTRACT_SECONDS",
        "NEWS_FUTURE_HOURS",
        "NEWS_MAX_CRAWL_DELAY",
        "NEWS_MAX_INTERVAL",
        "NEWS_MAX_RETRY_AFTER_HOURS",
        "NEWS_MIN_INTERVAL",
        "NEWS_RETRY_MINUTES",
        "NEWS_ROBOTS_HOURS",
        "NEWS_ROBOTS_WAIT_DAYS",
        "NEWS_SITEMAP_HOURS",
        "NEWS_STOP_SECONDS",
        "NEWS_WAIT_SECONDS",
        "NEWS_YOUNG_DAYS",
    }
)
# With 0 of these a crawl would never end, or do nothing.
_NOT_ZERO = frozenset(
    {"NEWS_BATCH_SIZE", "NEWS_EXTRACT_SECONDS", "NEWS_EXTRACT_WORKERS", "NEWS_MAX_ATTEMPTS", "NEWS_MAX_CHANNEL_PAGES"}
)

_MAX_NUMBER = 1e9
"""Larger numbers of hours are beyond the range of Python's dates."""


def check_settings(settings: BaseSettings) -> None:
    """Raise UsageError for a setting of ours with an invalid value."""
    for name in sorted(WHOLE_NUMBERS | NUMBERS):
        number = _number(settings[name], whole=name in WHOLE_NUMBERS)
        if number is None or number < 0 or (number == 0 and name in _NOT_ZERO):
            what = "a whole number" if name in WHOLE_NUMBERS else "a number"
            least = "above 0" if name in _NOT_ZERO else "0 or more"
            raise UsageError(f"{name}={settings[name]!r} must be {what}, {least}", print_help=False)
    for age in list_setting(settings, "NEWS_RECHECK_HOURS"):
        if not _number(age, whole=False) or float(age) < 0:
            raise UsageError(f"NEWS_RECHECK_HOURS: {age!r} must be a number of hours, above 0", print_help=False)
    for word in list_setting(settings, "NEWS_RESPECT_DIRECTIVES"):
        if word not in DIRECTIVES:  # a misspelt one would silently not be respected
            raise UsageError(
                f"NEWS_RESPECT_DIRECTIVES: {word!r} must be one of {', '.join(DIRECTIVES)}", print_help=False
            )
    _check_now(settings["NEWS_NOW"], os.environ.get("NEWS_NOW", ""))


def _check_now(value: object, text: str) -> None:
    """`text`: what the environment contains."""
    if value and value != text:  # worker processes would have another time than this one
        raise UsageError(f"NEWS_NOW={value!r}: set it in the environment, not with -s", print_help=False)
    try:
        if text:
            parse_now(text)
    except ValueError as error:
        way_out = "must be a time with its zone, like 2027-03-01T12:00:00Z"
        raise UsageError(f"NEWS_NOW={text!r} {way_out}", print_help=False) from error


def _number(value: object, *, whole: bool) -> float | None:
    try:
        number = int(str(value)) if whole else float(str(value))
    except ValueError:
        return None
    return number if abs(number) <= _MAX_NUMBER else None  # false for "nan" as well
