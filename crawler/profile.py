"""Site profiles: read and validate `sites/<name>.toml`. Each error message says how to correct the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from cssselect import HTMLTranslator, SelectorError

from crawler.home import docs_page, program
from crawler.items import ChannelKind
from crawler.text import close_words
from crawler.toml_file import TomlFileError, TomlValues, read_toml
from crawler.urls import absolute_url, host_of, on_hosts, origin_of, readable_host, readable_url, variant_key

# Key of the profile → kind of the channel, in the order of requests: the most up-to-date kind first.
CHANNEL_KEYS: dict[str, ChannelKind] = {
    "feeds": "feed",
    "news_sitemaps": "news_sitemap",
    "wordpress_apis": "wordpress",
    "sections": "section",
    "sitemaps": "sitemap",
}
SELECTOR_KEYS = ("body", "title", "authors", "published", "category", "remove")
RenderedPages = Literal["channels", "articles", "auto"]
RENDER_VALUES: tuple[RenderedPages, ...] = ("channels", "articles", "auto")
PROFILE_NAME = re.compile(r"[a-z][a-z0-9_]*")
PROFILE_NAME_RULE = "must consist of lower-case letters, digits and underscores and begin with a letter"
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?")
_REQUIRED = "is missing; every profile needs title and url"


class ProfileError(ValueError):
    """A profile that cannot be used; the message has the file, key and value and says how to correct it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A document in which a site lists its articles."""

    kind: ChannelKind
    url: str


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

    cookies: bool = True
    """Whether the site's cookies are sent back during a crawl."""

    render: bool | RenderedPages = False
    """Which pages are taken as they are after their scripts have run: `channels` (the section pages), `articles`, both
    (true), or articles that have no text otherwise (`auto`)."""

    selectors: dict[str, str] = field(default_factory=dict)
    """Field → XPath (a CSS selector in the file), for fields that the generic extraction does not find."""

    licence: str | None = None
    """The site's terms for the use of its texts, for the data card of a release."""

    tdm: str | None = None
    """The site's terms for text and data mining, for the data card of a release."""

    moved_to: str | None = None
    """Origin that replaces the site's own hosts, like that of a test server; see `at`."""

    @property
    def renders_articles(self) -> bool:
        """Whether all articles are rendered."""
        return self.render in (True, "articles")

    @property
    def may_render_articles(self) -> bool:
        """Whether articles without text are rendered at least."""
        return self.renders_articles or self.render == "auto"

    def renders_channel(self, kind: ChannelKind) -> bool:
        """Whether the documents of a kind of channel are rendered: the others are no pages."""
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
        return _own_hosts(self.url, self.hosts)

    def here(self, url: str) -> str:
        """Move a URL on the site's own hosts if the site is moved (see `at`); other URLs are unchanged."""
        if self.moved_to and on_hosts(url, _own_hosts(self.url, self.hosts)):
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
            return not home and on_hosts(url, _own_hosts(self.url, self.hosts))
        return bool(self.article_url.search(url) or self.article_url.search(readable_url(url)))


def read_profile(path: Path) -> SiteProfile:
    """Read and validate one profile. Raises ProfileError."""
    try:
        return _Reader(path, read_toml(path, docs_page("profiles"))).profile()
    except TomlFileError as error:
        raise ProfileError(str(error)) from error


def read_profiles(folder: Path) -> tuple[dict[str, SiteProfile], dict[str, str]]:
    """Read all profiles of a folder: the valid ones by name, and the error messages of the others by name. Of two
    profiles for one site, the second one in the order of the alphabet is an error."""
    profiles: dict[str, SiteProfile] = {}
    problems: dict[str, str] = {}
    owners: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            profile = read_profile(path)
            _check_owner(profile, owners)
            profiles[path.stem] = profile
        except ProfileError as error:
            problems[path.stem] = str(error)
    return profiles, problems


def foreign_hosts_hint(host: str, links: int, site: str) -> str:
    """What to do about a host that has many links of a channel and is not one of the site's."""
    name = readable_host(host)
    are = "links of a channel are" if links != 1 else "link of a channel is"
    return (
        f'{links} {are} on {name} and left out; if it belongs to the site, add "{name}" to hosts in sites/{site}.toml'
    )


def _check_owner(profile: SiteProfile, owners: dict[str, str]) -> None:
    """Raise ProfileError if an earlier profile has the same home page or the same channel. `owners`: URL → the profile
    that has it."""
    urls = {url: f"url = {url!r}" for url in [profile.url]}
    urls |= {channel.url: f"{channel.kind} {channel.url!r}" for channel in profile.channels()}
    for url, what in urls.items():
        owner = owners.get(variant_key(url))
        if owner is not None:
            raise ProfileError(
                f"{profile.name}.toml: {what} belongs to {owner}.toml as well. A site has one profile: delete one of "
                f"the two. If {owner} was renamed to {profile.name}, delete {owner}.toml and run `{program()} "
                f"rename-site {owner} {profile.name}`. If they are parts of one site, give each the URL and channels "
                "of its section"
            )
    owners |= {variant_key(url): profile.name for url in urls}


class _Reader(TomlValues):
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
        own = _own_hosts(url, hosts) if url else None
        channels: dict[str, Any] = {key: tuple(self.channel_urls(key, own)) for key in CHANNEL_KEYS}
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
            enabled=self.typed("enabled", bool, True),
            hosts=hosts,
            article_url=article_url,
            delay=self.number("delay", "seconds", 0, 600),
            min_interval=self.interval("min_interval"),
            max_interval=self.interval("max_interval"),
            allow_private=self.typed("allow_private", bool, False),
            verify_certificates=self.typed("verify_certificates", bool, True),
            cookies=self.typed("cookies", bool, True),
            render=self.render(),
            selectors=self.selectors(),
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


def _own_hosts(url: str, hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset({host_of(url).removeprefix("www."), *hosts})
