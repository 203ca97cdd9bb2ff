"""Validate our settings from all sources before anything is crawled."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

from crawler.clock import parse_now
from crawler.crawl.from_settings import list_setting
from crawler.fetch.directives import DIRECTIVES
from crawler.home import VARIABLE, Home, HomeError, docs_page, find_home, no_home, read_settings
from crawler.settings import defaults

# Listed here, because a value from the environment replaces the default and with it its type.
WHOLE_NUMBERS = frozenset(
    {
        "NEWS_BATCH_SIZE",
        "NEWS_BOILERPLATE_PAGES",
        "NEWS_EXTRACT_WORKERS",
        "NEWS_MAX_ATTEMPTS",
        "NEWS_MAX_CHANNEL_PAGES",
        "NEWS_MIN_BODY_CHARS",
        "NEWS_PAGES_BACK",
        "NEWS_RENDER_PAGES",
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
        "NEWS_RENDER_SECONDS",
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
    {
        "NEWS_BATCH_SIZE",
        "NEWS_EXTRACT_SECONDS",
        "NEWS_EXTRACT_WORKERS",
        "NEWS_MAX_ATTEMPTS",
        "NEWS_MAX_CHANNEL_PAGES",
        "NEWS_RENDER_PAGES",
        "NEWS_RENDER_SECONDS",
    }
)

_MAX_NUMBER = 1e9
"""Larger numbers of hours are beyond the range of Python's dates."""


_LISTS = frozenset({"NEWS_RECHECK_HOURS", "NEWS_RESPECT_DIRECTIVES"})

_SIMILAR = 0.75
"""Similarity (difflib) from which an unknown name is taken for a misspelt one. Chosen by hand: SITEMAP_HOURS for
NEWS_SITEMAP_HOURS has 0.84, and the name of an extension's setting, which we cannot know, about 0.5."""


class NoHomeError(UsageError):
    """No home exists, and none was named."""


def check_home(settings: BaseSettings) -> None:
    """Raise NoHomeError if no home exists, unless the settings name the folder of profiles and the database, and
    UsageError if a folder is named that is not a home."""
    try:
        has_home = find_home() is not None
    except HomeError as error:
        raise UsageError(str(error), print_help=False) from error
    if not has_home and not all(_is_explicit(settings, name) for name in ("NEWS_SITES", "NEWS_DB")):
        raise NoHomeError(no_home(), print_help=False)


def _is_explicit(settings: BaseSettings, name: str) -> bool:
    return name in os.environ or settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]


def check_settings_file(home: Home) -> None:
    """Raise UsageError for a settings.toml that cannot be read, that has an unknown name, or a number for a text."""
    try:
        values = read_settings(home)
    except HomeError as error:
        raise UsageError(str(error), print_help=False) from error
    for name, value in values.items():
        problem = _unknown(name)
        kinds = str | list if name in _LISTS else str
        if problem is None and isinstance(defaults.get(name), str) and not isinstance(value, kinds):
            problem = f"{name} = {value!r}: must be a text in quotes"
        if problem:
            raise UsageError(f"{home.settings_file}: {problem}", print_help=False)


def _unknown(name: str) -> str | None:
    """What is wrong with the name of a setting; None if nothing is."""
    known = {*defaults, *(name for name in dir(default_settings) if name.isupper())}
    if name in known:
        return None
    full_names = {name.removeprefix("NEWS_"): name for name in known} | {name: name for name in known}
    near = difflib.get_close_matches(name.upper(), full_names, 1, _SIMILAR)
    if near:
        return f"unknown setting {name}; did you mean {full_names[near[0]]}?"
    if name.isupper() and not name.startswith("NEWS_"):  # it may belong to an extension
        return None
    return f"unknown setting {name}; {docs_page('settings')} lists the settings"


def check_settings(settings: BaseSettings) -> None:
    """Raise UsageError for a setting of ours with an invalid value."""
    if "NEWS_HOME" in os.environ or settings.getpriority("NEWS_HOME") != SETTINGS_PRIORITIES["project"]:
        raise UsageError(f"NEWS_HOME: choose the home with --home FOLDER or {VARIABLE}", print_help=False)
    if settings["NEWS_HOME"]:
        check_settings_file(Home(Path(settings["NEWS_HOME"])))
    for name in sorted(WHOLE_NUMBERS | NUMBERS):
        number = _number(settings[name], whole=name in WHOLE_NUMBERS)
        if number is None or number < 0 or (number == 0 and name in _NOT_ZERO):
            what = "a whole number" if name in WHOLE_NUMBERS else "a number"
            least = "above 0" if name in _NOT_ZERO else "0 or more"
            raise UsageError(f"{name}={settings[name]!r} must be {what}, {least}", print_help=False)
    for name in ("NEWS_PING", "NEWS_NTFY", "NEWS_WEBHOOK"):
        if settings[name] and not _is_web_url(str(settings[name])):
            raise UsageError(f"{name} must be a URL that begins with https:// or http://", print_help=False)
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


def _is_web_url(text: str) -> bool:
    """Whether a message can be sent to it. The value is not shown: it may contain a password."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _number(value: object, *, whole: bool) -> float | None:
    try:
        number = int(str(value)) if whole else float(str(value))
    except ValueError:
        return None
    return number if abs(number) <= _MAX_NUMBER else None  # false for "nan" as well
