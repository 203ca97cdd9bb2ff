"""The made-up sites on loopback addresses, at the simulated time and with their faults."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from bench.year import channels, pages
from bench.year.faults import Faults
from bench.year.world import START, Site, Story

_LATE = timedelta(hours=6)
_IN_PLACE_OF_PAGES = ("soft_404", "login", "empty_shell")
_REFUSALS = {"pages_refused": 403, "pages_missing": 404}
_OVERFLOWING = 3
"""Articles in a feed that overflows, below the pinned one."""

_SECTION = 15
"""Articles in a section page."""

_COOKIE = "consent=1"


@dataclass(frozen=True)
class Request:
    """What the server looks at."""

    path: str
    query: str = ""
    etag: str | None = None
    """Of If-None-Match."""

    cookie: str = ""


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    body: str = ""
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


class Served:
    """All sites at one moment. What they announced is kept for the checks."""

    def __init__(self, sites: Sequence[Site], faults: Faults) -> None:
        self.now = START
        self.sites = {site.name: site for site in sites}
        self.faults = faults
        self.origins: dict[str, str] = {}
        """Name of a site → what its URLs begin with; sites that share a host have a first segment of their own."""

        self.announced: dict[tuple[str, int], datetime] = {}
        """Articles that a channel listed in an answer → when first."""

        self.announced_dead: set[tuple[str, int]] = set()
        """Articles that do not exist and that a channel listed."""

        self.met: Counter[str] = Counter()
        """Kind of fault → requests while a site had it."""

        self.is_network_down = False
        self.requests = 0
        self.on_request: Callable[[int], None] = lambda _: None
        """Called with the number of each request since `requests` was set to 0."""

    def answer(self, site: Site, request: Request) -> Answer | None:
        """The answer to a request below the origin of a site, or for the robots.txt of its host; None to close the
        connection."""
        self.requests += 1
        self.on_request(self.requests)
        faults = self.faults.active(site.name, self.now)
        self.met.update(faults)
        if self.is_network_down or "cut" in faults:
            return None
        for kind, status in (("outage", 503), ("refused", 403)):
            if kind in faults:
                return Answer(status, f"<h1>{status}</h1>")
        if request.path == "/robots.txt":
            return Answer(200, f"User-agent: *\nDisallow:{' /' if 'robots' in faults else ''}\n", "text/plain")
        if "maintenance" in faults:
            return Answer(200, pages.notice_page(site, "maintenance"))
        if request.path.endswith(".xml") or (request.path == pages.SECTION and "sectioned" in faults):
            return self._channel(site, faults, request)
        return self._page(site, faults, request)

    def url(self, site: Site, story: Story, faults: set[str]) -> str:
        """The URL of an article, as the site has it now."""
        return self.origins[site.name] + pages.story_path(story, renamed="renamed" in faults)

    def dated(self, site: Site, story: Story) -> datetime:
        """When an article was published, as its site says."""
        return story.published + self.faults.ahead(site.name, story.published)

    def _channel(self, site: Site, faults: set[str], request: Request) -> Answer | None:
        if "frozen" in faults and request.etag:
            return Answer(304, headers={"ETag": request.etag})
        failure = channels.break_of(site, request.path, self.now) if "broken" in faults else None
        if failure in ("cut", "stalled"):
            return None if failure == "cut" else STALLED
        if failure == "status":
            return Answer(500, "<h1>500</h1>")
        stories = self._listed(site, faults, request.path)
        if stories is None:
            return _NOT_FOUND
        if "patchy" in faults:
            stories = [story for story in stories if not channels.is_left_out(site, story, request.path)]
        is_lying = "lying" in faults and request.path == "/feed.xml"
        if request.path == "/feed.xml":
            body = self._feed(site, faults, stories, is_lying=is_lying)
        elif request.path == pages.SECTION:
            body = pages.section_page(site, [(self.url(site, story, faults), story) for story in stories], self.now)
        elif request.path == "/index.xml":
            children = site.sitemap_children(self.now)
            body = pages.sitemap_index((f"{self.origins[site.name]}/{name}.xml", changed) for name, changed in children)
        else:
            body = pages.sitemap((self.url(site, story, faults), self.dated(site, story)) for story in stories)
        if failure is not None:
            return Answer(200, channels.broken(body, failure), "text/xml")
        etag = '"frozen"' if "frozen" in faults else _etag(body)
        if etag == request.etag:
            return Answer(304, headers={"ETag": etag})
        for story in stories:
            self.announced.setdefault((site.name, story.number), self.now)
        if is_lying and stories:
            self.announced_dead |= {(site.name, number) for number in channels.dead_numbers(self.now)}
        return Answer(200, body, "text/html" if request.path == pages.SECTION else "text/xml", {"ETag": etag})

    def _feed(self, site: Site, faults: set[str], stories: list[Story], *, is_lying: bool) -> str:
        entries = [
            channels.Entry(
                self.url(site, story, faults), story, self.now if "redated" in faults else self.dated(site, story)
            )
            for story in stories
        ]
        if is_lying:
            entries = channels.lies(site, self.origins[site.name], entries, self.now)
        return pages.feed(site, ((entry.url, entry.story, entry.date) for entry in entries), self.now)

    def _listed(self, site: Site, faults: set[str], path: str) -> list[Story] | None:
        """The articles of a channel; None if the site does not have it."""
        if path == pages.SECTION:
            return site.listed(self.now)[:_SECTION]
        if path == "/feed.xml":
            newest = site.listed(self.faults.since(site.name, "stale", self.now) or self.now)
            return newest[-1:] + newest[:_OVERFLOWING] if "overflow" in faults else newest
        return site.in_sitemap(path.removeprefix("/").removesuffix(".xml"), self.now)

    def _page(self, site: Site, faults: set[str], request: Request) -> Answer:
        if "cookie_wall" in faults and (answer := self._consent(site, request)):
            return answer
        number = pages.story_at(request.path)
        if number is None:
            return self._home(site) if request.path == "/" else _NOT_FOUND
        for kind in _IN_PLACE_OF_PAGES:
            if kind in faults:
                return Answer(200, pages.notice_page(site, kind))
        if "home_page" in faults:
            return self._home(site)
        for kind, status in _REFUSALS.items():
            if kind in faults:
                return Answer(status, f"<h1>{status}</h1>")
        story = site.stories[number - 1] if number <= len(site.stories) else None
        version = story.version(self.now) if story is not None else None
        if story is None or version is None or ("late" in faults and self.now < story.published + _LATE):
            return _NOT_FOUND
        url = self.url(site, story, faults)
        if "renamed" in faults and request.path.startswith("/news/"):
            return Answer(301, headers={"Location": url})
        body = pages.article_page(
            site, story, version, url, dated=self.dated(site, story), redesigned="redesign" in faults
        )
        etag = _etag(body)
        return (
            Answer(304, headers={"ETag": etag}) if etag == request.etag else Answer(200, body, headers={"ETag": etag})
        )

    def _consent(self, site: Site, request: Request) -> Answer | None:
        """Without the cookie, each page leads to one that sets it and leads back."""
        origin = self.origins[site.name]
        if request.path == "/consent":
            to = parse_qs(request.query).get("to", ["/"])[0]
            return Answer(302, headers={"Location": origin + to, "Set-Cookie": f"{_COOKIE}; Path=/"})
        if _COOKIE in request.cookie:
            return None
        return Answer(302, headers={"Location": f"{origin}/consent?to={request.path}"})

    def _home(self, site: Site) -> Answer:
        return Answer(200, pages.home_page(site, site.listed(self.now)[:8], self.now))


_NOT_FOUND = Answer(404, "<h1>Not found</h1>")
STALLED = Answer(0)
"""The connection stays open, and nothing is sent."""


def _etag(body: str) -> str:
    return f'"{hashlib.sha1(body.encode(), usedforsecurity=False).hexdigest()[:16]}"'


def request_of(target: str, prefix: str, etag: str | None, cookie: str | None) -> Request:
    """A request for a site whose URLs begin with `prefix` on its host."""
    parts = urlsplit(target)
    return Request(parts.path.removeprefix(prefix), parts.query, etag, cookie or "")
