"""SiteProfile: what the file `sites/<name>.toml` says of a site. crawler/profiles/ reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from crawler.environment import missing_variable
from crawler.items import ChannelKind
from crawler.urls import absolute_url, host_of, on_hosts, origin_of, readable_host, readable_url

# Key of the profile → kind of the channel, in the order of requests: the most up-to-date kind first.
CHANNEL_KEYS: dict[str, ChannelKind] = {
    "feeds": "feed",
    "news_sitemaps": "news_sitemap",
    "wordpress_apis": "wordpress",
    "sections": "section",
    "sitemaps": "sitemap",
}
RenderedPages = Literal["channels", "articles", "auto"]
DateOrder = Literal["dmy", "mdy"]
PROFILE_NAME = re.compile(r"[a-z][a-z0-9_]*")
PROFILE_NAME_RULE = "must consist of lower-case letters, digits and underscores and begin with a letter"


class ProfileError(ValueError):
    """A profile that cannot be used; the message has the file, key and value and says how to correct it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A document in which a site lists its articles."""

    kind: ChannelKind
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCookie:
    """A cookie that a profile sets."""

    name: str
    value: str = field(repr=False)
    """May name variables of the environment."""

    host: str | None = None
    """One of the site's hosts, subdomains included; None for all of them."""

    path: str = "/"


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteProfile:
    """A news site, as described in `sites/<name>.toml`."""

    name: str
    title: str
    url: str
    """Home page, absolute."""

    language: str | None = None
    """ISO 639-1; for pages that do not declare their language."""

    timezone: str = "UTC"
    """IANA name; for dates that are printed without a time zone."""

    dates: DateOrder | None = None
    """The order of numeric dates that can be read in two ways, as 3/5/2024: `dmy` or `mdy` (March 5)."""

    enabled: bool = True
    """Whether `rasid due` crawls it. `rasid crawl <name>` always does."""

    hosts: tuple[str, ...] = ()
    """Further hosts of the site, like the host of its feed. Subdomains of the host of `url` are included anyway."""

    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    wordpress_apis: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    article_url: re.Pattern[str] | None = None
    """Searched in the full URL, percent-encoded or readable. Selects articles in section pages and sitemaps, not in
    feeds."""

    delay: float | None = None
    """Seconds between two requests to one host, in place of DOWNLOAD_DELAY."""

    min_interval: float | None = None
    max_interval: float | None = None
    """Minutes between two scheduled polls, at least and at most, in place of the settings."""

    allow_private: bool = False
    """Whether the site may have a private IP address and any port, like a test server."""

    verify_certificates: bool = True
    """Whether the site's TLS certificates must be valid."""

    cookies: bool | tuple[SiteCookie, ...] = True
    """Whether the site's cookies are sent back during a crawl; cookies that are sent from the beginning."""

    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Headers of each request to the site. The values may name variables of the environment."""

    user_agent: str | None = None
    """In place of USER_AGENT; may name variables of the environment."""

    proxy: str | None = field(default=None, repr=False)
    """URL of the proxy for all requests of its crawl; may name variables of the environment."""

    settings: dict[str, Any] = field(default_factory=dict)
    """Settings of Scrapy and of ours for its crawl. Texts may name variables of the environment."""

    render: bool | RenderedPages = False
    """Which pages are taken as they are after their scripts have run: `channels` (the section pages), `articles`, both
    (true), or articles that have no text otherwise (`auto`)."""

    selectors: dict[str, str] = field(default_factory=dict)
    """Field → XPath (a CSS selector in the file), for fields that the generic extraction does not find."""

    spider: str | None = None
    """Full name of the class of its spider, like `my_spiders.wires.WireSpider`."""

    licence: str | None = None
    """The site's terms for the use of its texts, for the data card of a release."""

    tdm: str | None = None
    """The site's terms for text and data mining, for the data card of a release."""

    moved_to: str | None = None
    """Origin that replaces the site's own hosts, like that of a test server; see `at`."""

    @property
    def own_cookies(self) -> tuple[SiteCookie, ...]:
        """The cookies that the profile sets."""
        return () if isinstance(self.cookies, bool) else self.cookies

    @property
    def missing_variable(self) -> str | None:
        """The first key whose value names a variable that is not set, in a sentence that says so; None if all are."""
        texts: dict[str, Any] = {f"headers.{name}": value for name, value in self.headers.items()}
        texts |= {f"cookies.{cookie.name}": cookie.value for cookie in self.own_cookies}
        texts |= {"user_agent": self.user_agent, "proxy": self.proxy}
        texts |= {f"settings.{name}": value for name, value in self.settings.items()}
        for key, text in texts.items():
            if isinstance(text, str) and (variable := missing_variable(text)):
                return f"{self.name}.toml: {key} needs the environment variable {variable}, which is not set"
        return None

    def is_sent_secrets(self, url: str) -> bool:
        """Whether its headers and cookies are sent with a request for a URL: to its own hosts, and never without TLS if
        its home page has it."""
        return self.owns(url) and (url.startswith("https:") or not self.home.startswith("https:"))

    @property
    def renders_articles(self) -> bool:
        """Whether all articles are rendered."""
        return self.render in (True, "articles")

    @property
    def may_render_articles(self) -> bool:
        """Whether articles without text are rendered at least."""
        return self.renders_articles or self.render == "auto"

    def renders_channel(self, kind: ChannelKind) -> bool:
        """Whether the documents of a kind of channel are rendered: the others are not pages."""
        return kind == "section" and self.render in (True, "channels")

    def channels(self, kind: ChannelKind | None = None) -> list[Channel]:
        """The channels, most up-to-date kind first; only those of one kind if it is given."""
        return [
            Channel(channel_kind, self.here(url))
            for key, channel_kind in CHANNEL_KEYS.items()
            if kind in (None, channel_kind)
            for url in getattr(self, key)
        ]

    def at(self, url: str) -> SiteProfile:
        """The same site at another origin, to which all URLs on its own hosts are moved. Raises ProfileError."""
        if absolute_url(url, "") is None:
            raise ProfileError(f"url={url!r} is not an http or https URL; write it like http://127.0.0.1:8000/")
        return replace(self, moved_to=origin_of(url))

    @property
    def home(self) -> str:
        """The URL of the home page, moved if the site is (see `at`)."""
        return self.here(self.url)

    @property
    def robots_url(self) -> str:
        """The URL of the site's robots.txt."""
        return origin_of(self.home) + "/robots.txt"

    @property
    def own_hosts(self) -> frozenset[str]:
        """Hosts whose pages belong to the site, subdomains included. The home page's host is without its `www.`."""
        if self.moved_to:
            return frozenset({host_of(self.moved_to)})
        return own_hosts(self.url, self.hosts)

    def here(self, url: str) -> str:
        """Move a URL on the site's own hosts if the site is moved (see `at`); other URLs are unchanged."""
        if self.moved_to and on_hosts(url, own_hosts(self.url, self.hosts)):
            return self.moved_to + url[len(origin_of(url)) :]
        return url

    def owns(self, url: str) -> bool:
        """Whether the URL is on the site's own hosts."""
        if self.moved_to:
            return origin_of(url) == self.moved_to
        return on_hosts(url, self.own_hosts)

    def is_article_url(self, url: str) -> bool:
        """Whether the URL matches `article_url`; without a pattern, whether it is on the site and not its home page."""
        if self.moved_to and url.startswith(self.moved_to + "/"):
            url = origin_of(self.url) + url[len(self.moved_to) :]
        if self.article_url is None:
            home = url.split("?")[0].rstrip("/") == self.url.rstrip("/")
            return not home and on_hosts(url, own_hosts(self.url, self.hosts))
        return bool(self.article_url.search(url) or self.article_url.search(readable_url(url)))


def own_hosts(url: str, hosts: tuple[str, ...]) -> frozenset[str]:
    """The hosts of a home page, without its `www.`, and the further ones of a profile."""
    return frozenset({host_of(url).removeprefix("www."), *hosts})


def foreign_hosts_hint(host: str, links: int, site: str) -> str:
    """What to do about a host that has many links of a channel and is not one of the site's."""
    name = readable_host(host)
    are = "links of a channel are" if links != 1 else "link of a channel is"
    return (
        f'{links} {are} on {name} and left out; if it belongs to the site, add "{name}" to hosts in sites/{site}.toml'
    )
