"""The table `settings` of a profile: any setting that can differ from site to site."""

from __future__ import annotations

from typing import Any

from crawler.environment import template_problem
from crawler.profiles.request_keys import Shown
from crawler.toml_file import TomlValues
from crawler.user_settings import with_none

# Ours that each crawl reads for itself; the others belong to the process, the database or the archive of all sites.
PER_SITE = frozenset(
    {
        "NEWS_ARTICLE_ITEMS",
        "NEWS_BATCH_SECONDS",
        "NEWS_BATCH_SIZE",
        "NEWS_CONTACT",
        "NEWS_FUTURE_HOURS",
        "NEWS_MAX_CHANNEL_PAGES",
        "NEWS_MIN_BODY_CHARS",
        "NEWS_PAGES_BACK",
        "NEWS_RENDER_SECONDS",
        "NEWS_RESPECT_DIRECTIVES",
        "NEWS_ROBOTS_HOURS",
        "NEWS_SITEMAP_HOURS",
        "NEWS_STOP_SECONDS",
        "NEWS_WAIT_SECONDS",
    }
)
# Ours that a key of the profile sets.
_KEYS = {
    "NEWS_ALLOW_PRIVATE": "allow_private",
    "NEWS_MAX_INTERVAL": "max_interval",
    "NEWS_MIN_INTERVAL": "min_interval",
}
# Scrapy's that are read before there is a spider, or that the process has once:
# https://docs.scrapy.org/en/latest/topics/settings.html#pre-crawler-settings and #reactor-settings
_BEFORE = frozenset(
    {"COMMANDS_MODULE", "NEWSPIDER_MODULE", "SPIDER_LOADER_CLASS", "SPIDER_LOADER_WARN_ONLY", "SPIDER_MODULES"}
    | {"DEFAULT_ITEM_CLASS", "EDITOR", "FORCE_CRAWLER_PROCESS", "TEMPLATES_DIR"}
)
_OF_PROCESS = frozenset(
    {"ASYNCIO_EVENT_LOOP", "TWISTED_REACTOR", "TWISTED_REACTOR_ENABLED", "REACTOR_THREADPOOL_MAXSIZE"}
    | {"DNS_RESOLVER", "DNS_TIMEOUT", "DNSCACHE_ENABLED", "DNSCACHE_SIZE", "TWISTED_DNS_RESOLVER"}
    | {"LOG_DATEFORMAT", "LOG_ENABLED", "LOG_ENCODING", "LOG_FILE", "LOG_FILE_APPEND", "LOG_FORMAT", "LOG_LEVEL"}
    | {"LOG_SHORT_NAMES", "LOG_STDOUT", "LOG_VERSIONS"}
)


def read_settings_table(values: TomlValues, *, needs_cookies: bool) -> dict[str, Any]:
    """The settings of a profile. `needs_cookies`: whether it has cookies to send."""
    table = values.typed("settings", dict, {})
    for name, value in table.items():
        problem = _problem(name, value)
        if problem is None and name == "COOKIES_ENABLED" and not value and needs_cookies:
            problem = "the cookies of the profile would not be sent; remove one of the two"
        if problem:
            # A $ that begins no name may be in a password.
            is_secret = isinstance(value, str) and template_problem(value) is not None
            values.fail(f"settings.{name}", Shown.HIDDEN if is_secret else value, problem)
    return {name: with_none(value) if isinstance(value, dict) else value for name, value in table.items()}


def _problem(name: str, value: object) -> str | None:
    """Why a setting cannot be used; None if it can."""
    # Loaded for a profile with settings only: it imports Scrapy and our settings.
    from crawler.profiles.setting_rules import component_problem, type_problem, unknown_setting, value_problem

    if problem := unknown_setting(name):
        return problem.replace(f"unknown setting {name}", "unknown setting")
    if key := _KEYS.get(name):
        return f"use the key {key}"
    if name.startswith("NEWS_") and name not in PER_SITE:
        return "concerns all sites; set it in settings.toml"
    if name in _BEFORE:
        return "is read before there is a spider; set it in settings.toml"
    if name in _OF_PROCESS:
        return "a process has it once, for all its sites; set it in settings.toml or with -s"
    if isinstance(value, str) and (problem := template_problem(value)):
        return problem
    problem = type_problem(name, value) or value_problem(name, value) or component_problem(name, value)
    for repeated in (f"{name} = {value!r}: ", f"{name}={value!r} ", f"{name}: "):
        problem = problem and problem.removeprefix(repeated)
    return problem
