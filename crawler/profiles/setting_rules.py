"""What is wrong with the name or the value of a setting, wherever it is set."""

from __future__ import annotations

import difflib
from numbers import Real
from urllib.parse import urlsplit

from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

from crawler.home import docs_page
from crawler.settings import defaults
from crawler.usage import DIRECTIVES
from crawler.user_settings import parts_of

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

_URLS = frozenset({"NEWS_PING", "NEWS_NTFY", "NEWS_WEBHOOK"})

CHECKED = (*sorted(WHOLE_NUMBERS | NUMBERS), *sorted(_URLS), *sorted(_LISTS))
"""Settings of which not every value can be used."""

# Tables of components: those with their paths as keys and numbers as values, and those with paths as values.
_BY_PATH = frozenset(
    {"ADDONS", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES", "SPIDER_CONTRACTS", "SPIDER_MIDDLEWARES"}
)
_BY_NAME = frozenset({"DOWNLOAD_HANDLERS", "FEED_EXPORTERS", "FEED_STORAGES"})


def unknown_setting(name: str) -> str | None:
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


def type_problem(name: str, value: object) -> str | None:
    """What is wrong with the type of a value from a file, in one sentence; None if nothing is."""
    kinds = str | list if name in _LISTS else str
    if isinstance(defaults.get(name), str) and not isinstance(value, kinds):
        return f"{name} = {value!r}: must be a text in quotes"
    usual = defaults.get(name, getattr(default_settings, name, None))
    if isinstance(usual, bool):
        if not isinstance(value, bool) and value not in (None, 0, 1, "0", "1", "True", "true", "False", "false"):
            return f"{name} = {value!r}: must be true or false"
    elif isinstance(usual, int | float) and value is not None and (isinstance(value, bool) or not _is_number(value)):
        return f"{name} = {value!r}: must be a number"
    return None


def value_problem(name: str, value: object) -> str | None:
    """What is wrong with the value of a setting, in one sentence; None if nothing is."""
    if name in WHOLE_NUMBERS | NUMBERS:
        number = _number(value, whole=name in WHOLE_NUMBERS)
        if number is None or number < 0 or (number == 0 and name in _NOT_ZERO):
            what = "a whole number" if name in WHOLE_NUMBERS else "a number"
            least = "above 0" if name in _NOT_ZERO else "0 or more"
            return f"{name}={value!r} must be {what}, {least}"
    if name in _URLS and value and not _is_web_url(str(value)):
        return f"{name} must be a URL that begins with https:// or http://"
    if name == "NEWS_RECHECK_HOURS":
        for age in parts_of(value):
            if not _number(age, whole=False) or float(age) < 0:
                return f"NEWS_RECHECK_HOURS: {age!r} must be a number of hours, above 0"
    if name == "NEWS_RESPECT_DIRECTIVES":
        for word in parts_of(value):
            if word not in DIRECTIVES:  # a misspelt one would silently not be respected
                return f"NEWS_RESPECT_DIRECTIVES: {word!r} must be one of {', '.join(DIRECTIVES)}"
    return None


def component_problem(name: str, value: object) -> str | None:
    """What is wrong with a table of components, in one sentence; None if nothing is."""
    if name not in _BY_PATH | _BY_NAME:
        return None
    if not isinstance(value, dict):
        return f"{name} = {value!r}: must be a table of components"
    for key, of_key in value.items():
        component = key if name in _BY_PATH else of_key
        if name in _BY_PATH and (isinstance(of_key, bool) or not isinstance(of_key, Real | None)):
            return f"{name}: the value of {key} is {of_key!r}, and must be a number that gives the order, or None"
        try:
            if of_key is not None and isinstance(component, str):
                load_object(component)
        except Exception as error:  # whatever the module raises when it is imported
            reason = " ".join(str(error).split())
            return f"{name}: {component} cannot be imported: {type(error).__name__}: {reason}"
    return None


def _is_web_url(text: str) -> bool:
    """Whether a message can be sent to it. The value is not shown: it may contain a password."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    try:
        return float(str(value)) == float(str(value))
    except ValueError:
        return False


def _number(value: object, *, whole: bool) -> float | None:
    try:
        number = int(str(value)) if whole else float(str(value))
    except ValueError:
        return None
    return number if abs(number) <= _MAX_NUMBER else None  # false for "nan" as well
