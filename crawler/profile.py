"""A site is data: read and check `sites/<name>.toml`. Every problem is told as a sentence with its way out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cssselect import HTMLTranslator, SelectorError

from crawler.items import ChannelKind
from crawler.urls import absolute_url, host_of, on_hosts, origin_of, readable_host, readable_url

# Key of the profile → kind of the channel, in the order in which they are asked: the freshest first.
CHANNEL_KEYS: dict[str, ChannelKind] = {
    "feeds": "feed",
    "news_sitemaps": "news_sitemap",
    "wordpress_apis": "wordpress",
    "sections": "section",
    "sitemaps": "sitemap",
}
SELECTOR_KEYS = ("body", "title", "authors", "published", "category", "remove")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class ProfileError(ValueError):
    """A profile that cannot be used; the message names file, key, value and the way out."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One discovery document of a site."""

    kind: ChannelKind
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteProfile:
    """One news site, as `sites/<name>.toml` describes it."""

    name: str
    title: str
    url: str
    """Home page, absolute."""

    language: str | None = None
    """ISO 639-1; for pages that do not say theirs."""

    timezone: str = "UTC"
    """IANA name; for dates that are printed without a zone."""

    enabled: bool = True
    """Whether scheduled crawls visit it. `scrapy crawl <name>` always does."""

    hosts: tuple[str, ...] = ()
    """Further hosts that belong to the site, as a feed's own; subdomains of `url`'s host need not be named."""

    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    wordpress_apis: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    article_url: re.Pattern[str] | None = None
    """Searched in the full URL, percent-encoded or readable. Decides for section pages and sitemaps, not for feeds."""

    delay: float | None = None
    """Seconds between two requests to one host, if the site wants another pace than the setting's."""

    min_interval: float | None = None
    max_interval: float | None = None
    """Minutes between two scheduled looks at the site, at least and at most, if not those of the settings."""

    allow_private: bool = False
    """Whether the site may be at a private address or on any port, as a test server's."""

    selectors: dict[str, str] = field(default_factory=dict)
    """XPath by field (written as CSS in the file), only where the generic extraction fails."""

    licence: str | None = None
    """What the site says of the use of its texts, for the card of a release."""

    tdm: str | None = None
    """What the site says of text and data mining, for the card of a release."""

    moved_to: str | None = None
    """Origin that stands in for the site's own hosts, as a test server's; see `at`."""

    def channels(self, kind: ChannelKind | None = None) -> list[Channel]:
        """The channels to ask, freshest kind first; only those of one kind if it is given."""
        return [
            Channel(channel_kind, self.here(url))
            for key, channel_kind in CHANNEL_KEYS.items()
            if kind in (None, channel_kind)
            for url in getattr(self, key)
        ]

    def at(self, address: str) -> SiteProfile:
        """The same site served from another address: every URL on its own hosts moves there. Raises ProfileError."""
        if absolute_url(address, "") is None:
            raise ProfileError(f"url={address!r} is no http or https address; write it like http://127.0.0.1:8000/")
        return replace(self, moved_to=origin_of(address))

    @property
    def home(self) -> str:
        """The home page, where the site is served now."""
        return self.here(self.url)

    @property
    def robots_url(self) -> str:
        """Where the site's robots.txt is."""
        return origin_of(self.home) + "/robots.txt"

    @property
    def own_hosts(self) -> frozenset[str]:
        """Hosts whose pages belong to the site, subdomains included; `www.` of the home page's host is left out."""
        if self.moved_to:
            return frozenset({host_of(self.moved_to)})
        return _own_hosts(self.url, self.hosts)

    def here(self, url: str) -> str:
        """A URL on the site's own hosts, where the site is served now (see `at`); other URLs unchanged."""
        if self.moved_to and on_hosts(url, _own_hosts(self.url, self.hosts)):
            return self.moved_to + url[len(origin_of(url)) :]
        return url

    def owns(self, url: str) -> bool:
        """Whether the URL is one of the site's own pages."""
        if self.moved_to:
            return origin_of(url) == self.moved_to
        return on_hosts(url, self.own_hosts)

    def is_article_url(self, url: str) -> bool:
        """Whether the URL matches `article_url`; with no pattern, whether it is on the site and not its home page."""
        if self.moved_to and url.startswith(self.moved_to + "/"):
            url = origin_of(self.url) + url[len(self.moved_to) :]
        if self.article_url is None:
            home = url.split("?")[0].rstrip("/") == self.url.rstrip("/")
            return not home and on_hosts(url, _own_hosts(self.url, self.hosts))
        return bool(self.article_url.search(url) or self.article_url.search(readable_url(url)))


def read_profile(path: Path) -> SiteProfile:
    """Read and check one profile. Raises ProfileError for anything that would make its crawl go wrong."""
    try:
        text = path.read_text("utf-8-sig")  # Notepad begins a UTF-8 file with a byte-order mark
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name}: cannot be read ({error}); it must be a UTF-8 text file") from error
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and what it forgets: figures by the thousand
        raise ProfileError(f"{path.name}: is no TOML ({error}); compare it with docs/profiles.md") from error
    return _Reader(path, data).profile()


def read_profiles(folder: Path) -> tuple[dict[str, SiteProfile], dict[str, str]]:
    """All profiles of a folder: the good ones by name, and the problem of each broken one by name."""
    good: dict[str, SiteProfile] = {}
    broken: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            good[path.stem] = read_profile(path)
        except ProfileError as error:
            broken[path.stem] = str(error)
    return good, broken


class _Reader:
    """The checks of one file, each with the file and key at hand for its message."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data

    def profile(self) -> SiteProfile:
        if not _NAME.fullmatch(self.path.stem):
            self.fail("file name", self.path.stem, "use small letters, digits and underscores, beginning with a letter")
        known = {f.name for f in fields(SiteProfile)} - {"name", "moved_to"}
        for key in self.data:
            if key not in known:
                self.fail(key, self.data[key], f"there is no such key; the keys are {', '.join(sorted(known))}")
        url = self.web_address("url", self.text("url", required=True))
        hosts = tuple(self.hosts())
        own = _own_hosts(url, hosts)
        channels: dict[str, Any] = {key: tuple(self.channel_urls(key, own)) for key in CHANNEL_KEYS}
        article_url = self.pattern("article_url")
        if channels["sections"] and article_url is None:
            self.fail("sections", self.data["sections"], "add article_url, which tells articles from other links")
        return SiteProfile(
            name=self.path.stem,
            title=self.text("title", required=True),
            url=url,
            language=self.language(),
            timezone=self.timezone(),
            enabled=self.typed("enabled", bool, True),
            hosts=hosts,
            article_url=article_url,
            delay=self.number("delay", "seconds", 0, 600),
            min_interval=self.interval("min_interval"),
            max_interval=self.interval("max_interval"),
            allow_private=self.typed("allow_private", bool, False),
            selectors=self.selectors(),
            licence=self.text("licence") or None,
            tdm=self.text("tdm") or None,
            **channels,
        )

    def fail(self, key: str, value: object, way_out: str) -> None:
        raise ProfileError(f"{self.path.name}: {key} = {value!r}: {way_out}")

    def typed(self, key: str, kind: type, default: Any) -> Any:
        value = self.data.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fail(key, value, f"must be a {_TOML_NAMES[kind]}")
        return value

    def text(self, key: str, *, required: bool = False) -> str:
        value = str(self.typed(key, str, "")).strip()
        if required and not value:
            self.fail(key, self.data.get(key), "is missing; every profile needs title and url")
        return value

    def web_address(self, key: str, value: object) -> str:
        found = absolute_url(value, "") if isinstance(value, str) else None
        if found is None:
            self.fail(key, value, "must be an absolute http or https URL")
        return str(found)

    def hosts(self) -> Iterator[str]:
        for host in self.typed("hosts", list, []):
            found = host_of(f"https://{host}/") if isinstance(host, str) else ""
            if not found or host not in (found, readable_host(found)):
                self.fail("hosts", host, "write each as a bare host name in small letters, like feeds.example.org")
            yield found

    def channel_urls(self, key: str, own: frozenset[str]) -> Iterator[str]:
        for value in self.typed(key, list, []):
            url = self.web_address(key, value)
            if not on_hosts(url, own):
                self.fail(
                    key, url, f"is not on the site's own hosts; if it belongs to it, add hosts = [{host_of(url)!r}]"
                )
            yield url

    def language(self) -> str | None:
        value = self.text("language")
        if value and not re.fullmatch(r"[a-z]{2}", value):
            self.fail("language", value, "write the two letters of ISO 639-1, like ar or en")
        return value or None

    def timezone(self) -> str:
        value = self.text("timezone") or "UTC"
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):  # a path outside the database, a folder of it, no such name
            self.fail("timezone", value, "write a name of the IANA time zone database, like Asia/Damascus")
        return value

    def pattern(self, key: str) -> re.Pattern[str] | None:
        value = self.text(key)
        if not value:
            return None
        try:
            return re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            self.fail(key, value, f"is no regular expression ({error})")
            raise

    def number(self, key: str, unit: str, least: float, most: float) -> float | None:
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.fail(key, value, f"must be a number of {unit} from {least:g} to {most:g}")
        return float(value)

    def interval(self, key: str) -> float | None:
        value, longest = self.number(key, "minutes", 1, 10_080), self.data.get("max_interval")
        if key == "min_interval" and value is not None and isinstance(longest, int | float) and longest < value:
            self.fail(key, self.data[key], f"must not be more than max_interval, which is {longest:g}")
        return value

    def selectors(self) -> dict[str, str]:
        found = {}
        for key, value in self.typed("selectors", dict, {}).items():
            if key not in SELECTOR_KEYS:
                self.fail(f"selectors.{key}", value, f"there is no such key; the keys are {', '.join(SELECTOR_KEYS)}")
            try:
                found[key] = HTMLTranslator().css_to_xpath(value)
            except (SelectorError, TypeError, AttributeError, RecursionError) as error:
                self.fail(f"selectors.{key}", value, f"is no CSS selector ({error})")
        return found


_TOML_NAMES = {str: "text in quotes", list: "list in square brackets", bool: "true or false", dict: "table"}


def _own_hosts(url: str, hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset({host_of(url).removeprefix("www."), *hosts})
