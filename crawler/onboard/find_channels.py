"""Find the channels of a site: link tags, API, robots.txt, usual addresses, editions, section pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from crawler.discover import ChannelProblem, ChildDocument, discover, request_url
from crawler.discover.result import ChannelResult
from crawler.items import Candidate, ChannelKind
from crawler.onboard.found_channel import NOT_REQUESTED, FoundChannel
from crawler.onboard.homepage import HomePage, read_home_page
from crawler.onboard.probe import ProbeFailed, Prober, ProbeResponse
from crawler.profile import Channel, SiteProfile
from crawler.urls import absolute_url, canonical_or_none, host_of, origin_of

RESERVE = 8
"""Requests that are kept for sections and articles while channels are looked for."""

MAX_SECTIONS = 20
"""Section pages of a profile. This and the numbers below were chosen by hand."""

_MAX_CHILDREN = 3
"""Child sitemaps that are read, the newest first."""

_MAX_DECLARED = 3
_MAX_ROBOTS = 3
_MAX_LINKED = 2
_MAX_EDITIONS = 2
_FOREIGN_SHARE = 0.8
"""Share of a channel's entries that are on one other host, from which that host is taken as one of the site's."""

_FEED_PATHS = ("feed/", "rss.xml", "rss", "feed.xml", "atom.xml", "index.xml", "feed.json")
_SITEMAP_PATHS = ("sitemap.xml", "news-sitemap.xml", "sitemap_index.xml", "sitemap-news.xml")
_WORDPRESS_SITEMAP = "wp-sitemap.xml"
_NO_NEWS = re.compile(
    r"(?:image|video|author|tag|categor|page|product|static|misc)[\w-]*sitemap|"
    r"sitemap[\w-]*(?:image|video|author|tag|categor|product)",
    re.IGNORECASE,
)
# Hosts that carry links to a site without being part of it.
_OTHERS_HOSTS = re.compile(r"(?:^|\.)(?:facebook|twitter|x|t|youtube|instagram|telegram|whatsapp|google)\.\w+$")


class ChannelFinder:
    """Requests what may be a channel of a site, the most promising first, and only as much as is needed."""

    def __init__(self, prober: Prober, profile: SiteProfile, home: HomePage) -> None:
        """`profile`: what is known of the site so far; its hosts grow with what is found."""
        self.profile = profile
        self.found: list[FoundChannel] = []
        self.editions: list[HomePage] = []
        self._prober = prober
        self._home = home
        self._tried: set[str] = set()
        self._given_hosts = frozenset(profile.hosts)

    async def find(self) -> None:
        """Find feeds, APIs and sitemaps."""
        await self._try_all("feed", self._home.feeds[:_MAX_DECLARED], "link tag of the home page")
        if self._home.api is not None:
            await self._try("wordpress", self._home.api, "WordPress")
        for url in self._home.editions[:_MAX_EDITIONS]:
            await self._read_edition(url)
        robots = self._prober.robots(self._home.url)
        listed = [url for url in robots.sitemaps if not _NO_NEWS.search(url)] if robots is not None else []
        await self._try_all("sitemap", sorted(listed, key=lambda url: "news" not in url)[:_MAX_ROBOTS], "robots.txt")
        if not self._has("feed", "wordpress"):
            await self._try_all("feed", self._home.feed_links[:_MAX_LINKED], "link of the home page")
            await self._follow_pages_of_feeds()
        if not self._has("feed", "wordpress", "news_sitemap"):
            await self._try_usual("feed", _FEED_PATHS)
        if not self._has("sitemap", "news_sitemap", "wordpress"):
            await self._try_usual(
                "sitemap", ((_WORDPRESS_SITEMAP,) if self._home.is_wordpress else ()) + _SITEMAP_PATHS
            )

    async def read_section(self, url: str, source: str) -> FoundChannel | None:
        """Read a section page; None if it was read before or nothing more may be requested."""
        return await self._try("section", url, source, reserve=6)

    async def read_given(self, kind: ChannelKind, url: str, source: str) -> FoundChannel | None:
        """Read a channel that the user named or a profile has."""
        return await self._try(kind, url, source, reserve=0)

    def expect_sections(self, menu: Iterable[str]) -> None:
        """Take the other pages of a menu for section pages, if it is small and those that were read list articles."""
        urls = list(menu)
        read = [found for found in self.found if found.source == "menu"]
        if len(urls) > MAX_SECTIONS or not read or sum(found.is_usable for found in read) * 2 < len(read):
            return
        for url in urls:
            if (canonical_or_none(url) or url) not in self._tried:
                channel = Channel("section", url)
                self.found.append(FoundChannel(channel=channel, requested=url, source="menu", note=NOT_REQUESTED))

    def usable(self, *kinds: ChannelKind) -> list[FoundChannel]:
        """The channels that list something; only those of some kinds if kinds are given."""
        return [found for found in self.found if found.is_usable and (not kinds or found.channel.kind in kinds)]

    def _has(self, *kinds: ChannelKind) -> bool:
        return bool(self.usable(*kinds))

    async def _try_all(self, kind: ChannelKind, urls: Iterable[str], source: str) -> None:
        for url in urls:
            await self._try(kind, url, source)

    async def _try_usual(self, kind: ChannelKind, paths: Iterable[str]) -> None:
        """Try the usual addresses until one of them is a channel: below the home page, then at the root of the host."""
        bases = dict.fromkeys((self._home.url.partition("?")[0], origin_of(self._home.url) + "/"))
        for path in paths:
            for base in bases:
                url = absolute_url(path, base if base.endswith("/") else base + "/")
                found = await self._try(kind, url, "usual address", is_guess=True) if url else None
                if found is not None and found.is_usable:
                    return

    async def _read_edition(self, url: str) -> None:
        """Read the front page in another language, and the first feed that it declares."""
        if self._prober.budget.left <= RESERVE or host_of(url) != host_of(self._home.url):
            return
        try:
            response = await self._prober.get(url)
        except ProbeFailed:
            return
        edition = read_home_page(response.body, response.url, response.headers)
        self.editions.append(edition)
        await self._try_all("feed", edition.feeds[:1], f"link tag of {response.url}")

    async def _follow_pages_of_feeds(self) -> None:
        """Try the feeds that a page names which stands where a feed should be."""
        for found in [each for each in self.found if each.channel.kind == "feed" and each.problem]:
            try:
                response = await self._prober.get(found.channel.url)
            except ProbeFailed:
                continue
            page = read_home_page(response.body, response.url, response.headers)
            await self._try_all("feed", (page.feeds + page.feed_links)[:_MAX_LINKED], f"link of {response.url}")

    async def _try(
        self, kind: ChannelKind, url: str, source: str, *, is_guess: bool = False, reserve: int = RESERVE
    ) -> FoundChannel | None:
        """Request and read a channel. One that was only guessed and is not there is not reported."""
        key = canonical_or_none(url) or url
        if key in self._tried or self._prober.budget.left <= reserve:
            return None
        self._tried.add(key)
        found = FoundChannel(channel=Channel(kind, url), requested=url, source=source)
        try:
            response = await self._prober.get(request_url(found.channel))
            await self._read(found, response)
        except ProbeFailed as failed:
            found.problem = f"The request failed: {failed}."
        except ChannelProblem as problem:
            found.problem = str(problem)
        if found.is_usable or not is_guess:
            self.found.append(found)
        return found

    async def _read(self, found: FoundChannel, response: ProbeResponse) -> None:
        """Raises ChannelProblem."""
        if found.channel.kind != "wordpress":
            found.channel = Channel(found.channel.kind, response.url)
        result = self._discover(found.channel, response)
        found.candidates = result.candidates
        found.note = result.problems[0] if result.problems else None
        if found.channel.kind == "wordpress":
            total = response.headers.get("x-wp-total", "")
            found.total = int(total) if total.isascii() and total.isdecimal() and len(total) < 9 else None
            found.documents = 1
        elif children := [child for child in result.children if not child.is_next]:
            await self._read_children(found, children)
        found.is_paged = any(child.is_next for child in result.children)
        if found.channel.kind in ("sitemap", "feed"):
            found.channel = Channel(_kind_of(found, response), found.channel.url)
        if not found.candidates:
            found.problem = self._why_empty(result)
        elif not self.profile.owns(found.channel.url):
            self._own(host_of(found.channel.url))

    async def _read_children(self, found: FoundChannel, index: list[ChildDocument]) -> None:
        """Read the newest child sitemaps; one for news becomes a channel of its own."""
        children = sorted(index, key=lambda child: "news" not in child.channel.url)
        counts = []
        for child in children[:_MAX_CHILDREN]:
            if self._prober.budget.left <= RESERVE:
                break
            try:
                response = await self._prober.get(child.channel.url)
                result = self._discover(child.channel, response)
            except (ProbeFailed, ChannelProblem):
                continue
            news = FoundChannel(
                channel=child.channel,
                requested=child.channel.url,
                source=found.source,
                candidates=result.candidates,
            )
            if result.candidates and _is_news(result.candidates):
                news.channel = Channel("news_sitemap", child.channel.url)
                self.found.append(news)
            else:
                counts.append(len(result.candidates))
                found.candidates += result.candidates
        found.documents = 1 + len(index)
        if counts and len(index) > len(counts):
            found.total = round(sum(counts) / len(counts) * len(index))

    def _discover(self, channel: Channel, response: ProbeResponse) -> ChannelResult:
        """Read a document; if its links are on one other host, as part of the site. Raises ChannelProblem."""

        def read() -> ChannelResult:
            return discover(channel, response.body, self.profile, url=response.url, headers=response.headers)

        result = read()
        host = max(result.foreign_hosts, key=lambda name: result.foreign_hosts[name], default=None)
        if channel.kind == "section" or host is None or _OTHERS_HOSTS.search(host):
            return result
        if not self.profile.owns(channel.url):  # neither the channel nor its links are the site's
            return result
        if result.foreign_hosts[host] < _FOREIGN_SHARE * (len(result.candidates) + result.skipped["foreign"]):
            return result
        self._own(host)
        return read()

    def forget_unused_hosts(self, used: Iterable[str]) -> None:
        """Keep those of the hosts that were found which these URLs are on, and those that a profile had."""
        hosts = {host_of(url) for url in used}
        kept = tuple(host for host in self.profile.hosts if host in self._given_hosts or host in hosts)
        self.profile = replace(self.profile, hosts=kept)

    def _own(self, host: str) -> None:
        self.profile = replace(self.profile, hosts=(*self.profile.hosts, host))

    def _why_empty(self, result: ChannelResult) -> str:
        if result.foreign_hosts:
            host = max(result.foreign_hosts, key=lambda name: result.foreign_hosts[name])
            return f"It lists only pages of other sites, most of {host}."
        return "It lists no page."


def _is_news(candidates: list[Candidate]) -> bool:
    """Whether a sitemap is one for news: only those have titles and dates of publication."""
    return sum(one.published is not None or one.title is not None for one in candidates) * 2 > len(candidates)


def _kind_of(found: FoundChannel, response: ProbeResponse) -> ChannelKind:
    """The kind of a channel by its content, whatever it was requested as."""
    start = response.body[:4096].lstrip().lower()
    is_sitemap = b"<urlset" in start or b"<sitemapindex" in start or found.documents > 1
    if not is_sitemap and found.channel.kind == "feed":
        return "feed"
    if any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf", b"jsonfeed.org")):
        return "feed"
    return "news_sitemap" if found.candidates and _is_news(found.candidates) and found.documents == 1 else "sitemap"
