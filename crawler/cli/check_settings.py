"""Validate our settings from all sources before anything is crawled."""

from __future__ import annotations

import os
from pathlib import Path

from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

from crawler import clock
from crawler.clock import parse_now
from crawler.fetch.signatures import identity_path
from crawler.home import VARIABLE, Home, HomeError, find_home, no_home
from crawler.profiles.setting_rules import CHECKED, component_problem, type_problem, unknown_setting, value_problem
from crawler.user_settings import local_settings, make_importable, read_settings_file


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


def check_settings_files(home: Home) -> None:
    """Raise UsageError for a settings.toml or settings_local.py that cannot be read, that has an unknown name, a number
    for a text, or a component that cannot be imported."""
    make_importable(home)
    try:
        of_file, of_module = read_settings_file(home), local_settings(home.settings_module)
    except HomeError as error:
        raise UsageError(str(error), print_help=False) from error
    for path, values in ((home.settings_file, of_file), (home.settings_module, of_module)):
        for name, value in values.items():
            if problem := unknown_setting(name) or type_problem(name, value) or component_problem(name, value):
                raise UsageError(f"{path}: {problem}", print_help=False)


def check_settings(settings: BaseSettings) -> None:
    """Raise UsageError for a setting of ours with an invalid value, or one of Scrapy with which no crawl can begin."""
    if "NEWS_HOME" in os.environ or settings.getpriority("NEWS_HOME") != SETTINGS_PRIORITIES["project"]:
        raise UsageError(f"NEWS_HOME: choose the home with --home FOLDER or {VARIABLE}", print_help=False)
    if settings["NEWS_HOME"]:
        check_settings_files(Home(Path(settings["NEWS_HOME"])))
    for name in CHECKED:
        if problem := value_problem(name, settings[name]):
            raise UsageError(problem, print_help=False)
    _check_scrapys(settings)
    _check_now(settings["NEWS_NOW"], os.environ.get("NEWS_NOW", ""))


def check_identity(settings: BaseSettings) -> None:
    """Raise UsageError for a key file with which requests cannot be signed; for commands that send some."""
    path = identity_path(settings)
    if path is None:
        return
    from crawler.identity.keys import IdentityError, read_identity  # heavy, and most homes have no keys

    try:
        read_identity(path).key_at(clock.now())
    except IdentityError as error:
        raise UsageError(f"NEWS_IDENTITY: {error}", print_help=False) from error


def _check_scrapys(settings: BaseSettings) -> None:
    """Raise UsageError for a setting of Scrapy with which no crawl can begin; Scrapy shows tracebacks."""
    if settings["TWISTED_REACTOR"] != default_settings.TWISTED_REACTOR:
        raise UsageError(
            f"TWISTED_REACTOR={settings['TWISTED_REACTOR']!r}: must be {default_settings.TWISTED_REACTOR!r}, because a "
            "crawl uses asyncio",
            print_help=False,
        )
    if not settings.getbool("TWISTED_REACTOR_ENABLED"):
        raise UsageError(
            "TWISTED_REACTOR_ENABLED must be True: without Twisted's reactor, nothing keeps a crawl out of private "
            "networks",
            print_help=False,
        )
    if settings.get("CONCURRENT_REQUESTS_PER_IP"):
        raise UsageError(
            "CONCURRENT_REQUESTS_PER_IP is not supported by Scrapy any more; set CONCURRENT_REQUESTS_PER_DOMAIN",
            print_help=False,
        )


def ineffective_settings(settings: BaseSettings) -> list[str]:
    """A sentence about each setting of Scrapy that is set and has no effect on a crawl of ours."""
    sentences = {
        "DNS_TIMEOUT": "names are resolved by the system, with its own time limit; DOWNLOAD_TIMEOUT limits the whole "
        "request",
    }
    default = SETTINGS_PRIORITIES["default"]
    return [
        f"{name} has no effect: {why}"
        for name, why in sentences.items()
        if (settings.getpriority(name) or default) > default
    ]


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
