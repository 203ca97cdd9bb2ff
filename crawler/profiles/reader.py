"""Validates one file `sites/<name>.toml`. Each error message says how to correct the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cssselect import HTMLTranslator, SelectorError

from crawler.profile import (
    CHANNEL_KEYS,
    PROFILE_NAME,
    PROFILE_NAME_RULE,
    DateOrder,
    RenderedPages,
    SiteProfile,
    own_hosts,
)
from crawler.profiles.request_keys import read_cookies, read_headers, read_proxy, read_user_agent
from crawler.profiles.settings_table import read_settings_table
from crawler.text import close_words
from crawler.toml_file import TomlValues
from crawler.urls import absolute_url, host_of, on_hosts, readable_host

SELECTOR_KEYS = ("body", "title", "authors", "published", "category", "remove")
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
RENDER_VALUES: tuple[RenderedPages, ...] = ("channels", "articles", "auto")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?")
_CLASS = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")
_REQUIRED = "is missing; every profile needs title and url"


class ProfileReader(TomlValues):
    """Validates one file."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        super().__init__(path.name, data)
        self.path = path

    def profile(self) -> SiteProfile:
        if not PROFILE_NAME.fullmatch(self.path.stem):
            name = re.sub(r"\W+", "_", self.path.stem.lower(), flags=re.ASCII).strip("_")
            hint = f"rename it to {name}.toml" if PROFILE_NAME.fullmatch(name) else "rename it, like daily_news.toml"
            self.fail("file name", self.path.stem, f"{PROFILE_NAME_RULE}; {hint}")
        known = {f.name for f in fields(SiteProfile)} - {"name", "moved_to"}
        self.check_keys(self.data, sorted(known))
        title = self.text("title", required=_REQUIRED)
        url = self.web_address("url", self.text("url", required=_REQUIRED)) or ""
        hosts = tuple(self.hosts())
        own = own_hosts(url, hosts) if url else None
        channels: dict[str, Any] = {key: tuple(self.channel_urls(key, own)) for key in CHANNEL_KEYS}
        cookies = read_cookies(self, own)
        article_url = self.pattern("article_url")
        if channels["sections"] and article_url is None:
            self.fail(
                "sections", self.data["sections"], "add article_url, which distinguishes articles from other links"
            )
        profile = SiteProfile(
            name=self.path.stem,
            title=title,
            url=url,
            language=self.language(),
            timezone=self.timezone(),
            dates=self.dates(),
            enabled=self.typed("enabled", bool, True),
            hosts=hosts,
            article_url=article_url,
            delay=self.number("delay", "seconds", 0, 600),
            min_interval=self.interval("min_interval"),
            max_interval=self.interval("max_interval"),
            allow_private=self.typed("allow_private", bool, False),
            verify_certificates=self.typed("verify_certificates", bool, True),
            cookies=cookies,
            headers=read_headers(self),
            user_agent=read_user_agent(self),
            proxy=read_proxy(self),
            settings=read_settings_table(self, needs_cookies=not isinstance(cookies, bool)),
            render=self.render(),
            selectors=self.selectors(),
            spider=self.spider(),
            licence=self.text("licence") or None,
            tdm=self.text("tdm") or None,
            **channels,
        )
        self.check()
        return profile

    def web_address(self, key: str, value: object) -> str | None:
        url = absolute_url(value, "") if isinstance(value, str) else None
        if url is None:
            with_scheme = f"https://{value}"
            is_host = isinstance(value, str) and _HOST.fullmatch(value) and absolute_url(with_scheme, "")
            hint = f"; did you mean {with_scheme!r}?" if is_host else ""
            self.fail(key, value, f"must be an absolute http or https URL{hint}")
        return url

    def hosts(self) -> Iterator[str]:
        for host in self.typed("hosts", list, []):
            ascii_host = host_of(f"https://{host}/") if isinstance(host, str) else ""
            if not ascii_host or host not in (ascii_host, readable_host(ascii_host), f"[{ascii_host}]"):
                self.fail("hosts", host, "must be a host name in lower case, like feeds.example.org")
            else:
                yield ascii_host

    def channel_urls(self, key: str, own: frozenset[str] | None) -> Iterator[str]:
        """`own`: the site's own hosts, if `url` says which these are."""
        for value in self.typed(key, list, []):
            url = self.web_address(key, value)
            if url is None:
                continue
            if own is not None and not on_hosts(url, own):
                self.fail(
                    key,
                    url,
                    f"is not on the site's own hosts; if it belongs to the site, add hosts = [{host_of(url)!r}]",
                )
            yield url

    def language(self) -> str | None:
        value = self.text("language")
        if value and not re.fullmatch(r"[a-z]{2}", value):
            self.fail("language", value, "must be a two-letter code of ISO 639-1, like ar or en")
        return value or None

    def timezone(self) -> str:
        value = self.text("timezone") or "UTC"
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):  # a path outside the database, one of its folders, an unknown name
            zones = available_timezones()
            city = value.lower().replace(" ", "_")
            close = [zone for zone in sorted(zones) if zone.lower().endswith(f"/{city}")] or (
                close_words(value, zones) if "/" in value else []
            )
            hint = f"; did you mean {' or '.join(close)}?" if close else ""
            self.fail("timezone", value, f"must be a name of the IANA time zone database, like Asia/Damascus{hint}")
        return value

    def dates(self) -> DateOrder | None:
        value = self.data.get("dates")
        order = next((known for known in DATE_ORDERS if known == value), None)
        if value is not None and order is None:
            self.fail("dates", value, "must be 'dmy' or 'mdy': the order of day and month in dates like 3/5/2024")
        return order

    def pattern(self, key: str) -> re.Pattern[str] | None:
        value = self.text(key)
        if not value:
            return None
        try:
            return re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            self.fail(key, value, f"is not a valid regular expression: {error}")
            return None

    def interval(self, key: str) -> float | None:
        value, longest = self.number(key, "minutes", 1, 10_080), self.data.get("max_interval")
        if key == "min_interval" and value is not None and isinstance(longest, int | float) and longest < value:
            self.fail(key, self.data[key], f"must not be more than max_interval, which is {longest:g}")
        return value

    def render(self) -> bool | RenderedPages:
        value = self.data.get("render", False)
        if not isinstance(value, bool) and value not in RENDER_VALUES:
            self.fail("render", value, f"must be true, false, or one of {', '.join(map(repr, RENDER_VALUES))}")
            return False
        if value == "channels" and not self.data.get("sections"):
            self.fail("render", value, "there are no sections; feeds, sitemaps and APIs are never rendered")
        return value if isinstance(value, bool) else next(known for known in RENDER_VALUES if known == value)

    def spider(self) -> str | None:
        value = self.text("spider")
        if value and not _CLASS.fullmatch(value):
            self.fail("spider", value, "must be the full name of a class, like my_spiders.wires.WireSpider")
        return value or None

    def selectors(self) -> dict[str, str]:
        selectors = {}
        given = self.typed("selectors", dict, {})
        self.check_keys(given, SELECTOR_KEYS, "selectors.")
        for key, value in given.items():
            try:
                selectors[key] = HTMLTranslator().css_to_xpath(value)
            except (SelectorError, TypeError, AttributeError, RecursionError) as error:
                self.fail(f"selectors.{key}", value, f"is not a valid CSS selector: {error}")
        return selectors
