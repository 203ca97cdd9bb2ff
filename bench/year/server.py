"""The made-up sites on loopback addresses, at the simulated time and with their faults."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from bench.year import pages
from bench.year.faults import Faults
from bench.year.world import START, Site, Story

_LATE = timedelta(hours=6)
_IN_PLACE_OF_PAGES = ("soft_404", "login", "empty_shell")
_REFUSALS = {"pages_refused": 403, "pages_missing": 404}


class Served:
    """All sites at one moment. What they announced, and what they showed, is kept for the checks."""

    def __init__(self, sites: Sequence[Site], faults: Faults) -> None:
        self.now = START
        self.sites = {site.name: site for site in sites}
        self.faults = faults
        self.origins: dict[str, str] = {}
        self.announced: dict[tuple[str, int], datetime] = {}
        """Articles that a channel listed in an answer → when first."""

        self.met: Counter[str] = Counter()
        """Kind of fault → requests while a site had it."""

        self.requests = 0
        self.on_request: Callable[[int], None] = lambda _: None
        """Called with the number of each request since `requests` was set to 0."""

    def answer(self, site: Site, path: str, conditional: str | None) -> tuple[int, str, str, str | None] | None:
        """Status, type of the content, body, and ETag or the target of a redirect; None to close the connection."""
        self.requests += 1
        self.on_request(self.requests)
        faults = self.faults.active(site.name, self.now)
        self.met.update(faults)
        if "cut" in faults:
            return None
        for kind, status in (("outage", 503), ("refused", 403)):
            if kind in faults:
                return status, "text/html", f"<h1>{status}</h1>", None
        if path == "/robots.txt":
            return 200, "text/plain", f"User-agent: *\nDisallow:{' /' if 'robots' in faults else ''}\n", None
        if "maintenance" in faults:
            return 200, "text/html", pages.notice_page(site, "maintenance"), None
        if path in ("/feed.xml", "/sitemap.xml"):
            return self._channel(site, path, faults, conditional)
        return self._page(site, path, faults, conditional)

    def url(self, site: Site, story: Story, faults: set[str]) -> str:
        """The URL of an article, as the site has it now."""
        return self.origins[site.name] + pages.story_path(story, renamed="renamed" in faults)

    def _channel(
        self, site: Site, path: str, faults: set[str], conditional: str | None
    ) -> tuple[int, str, str, str | None]:
        if "frozen" in faults and conditional:
            return 304, "text/xml", "", conditional
        if path == "/feed.xml":
            stories = site.listed(self.now)
            dates = (self.now if "redated" in faults else story.published for story in stories)
            entries = [(self.url(site, story, faults), story, date) for story, date in zip(stories, dates, strict=True)]
            body = pages.feed(site, entries, self.now)
        else:
            stories = list(site.readable(self.now))
            body = pages.sitemap((self.url(site, story, faults), story) for story in stories)
        etag = '"frozen"' if "frozen" in faults else _etag(body)
        if etag == conditional:
            return 304, "text/xml", "", etag
        for story in stories:
            self.announced.setdefault((site.name, story.number), self.now)
        return 200, "text/xml", body, etag

    def _page(
        self, site: Site, path: str, faults: set[str], conditional: str | None
    ) -> tuple[int, str, str, str | None]:
        number = pages.story_number(path)
        home = pages.home_page(site, site.listed(self.now)[:8], self.now)
        if number is None:
            return (200, "text/html", home, None) if path == "/" else (404, "text/html", "<h1>Not found</h1>", None)
        for kind in _IN_PLACE_OF_PAGES:
            if kind in faults:
                return 200, "text/html", pages.notice_page(site, kind), None
        if "home_page" in faults:
            return 200, "text/html", home, None
        for kind, status in _REFUSALS.items():
            if kind in faults:
                return status, "text/html", f"<h1>{status}</h1>", None
        story = site.stories[number - 1] if number <= len(site.stories) else None
        version = story.version(self.now) if story is not None else None
        if story is None or version is None or ("late" in faults and self.now < story.published + _LATE):
            return 404, "text/html", "<h1>Not found</h1>", None
        url = self.url(site, story, faults)
        if "renamed" in faults and path.startswith("/news/"):
            return 301, "text/html", "", url
        body = pages.article_page(site, story, version, url, redesigned="redesign" in faults)
        etag = _etag(body)
        return (304, "text/html", "", etag) if etag == conditional else (200, "text/html", body, etag)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one packet
    timeout = 60
    served: ClassVar[Served]
    site: ClassVar[Site]

    def do_GET(self) -> None:
        answer = self.served.answer(self.site, urlsplit(self.path).path, self.headers.get("If-None-Match"))
        if answer is None:
            self.close_connection = True
            return
        status, kind, body, extra = answer
        data = body.encode()
        self.send_response_only(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if extra is not None:
            self.send_header("Location" if status == 301 else "ETag", extra)
        if status != 304:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Killed processes leave connections."""


@contextmanager
def serve(served: Served) -> Iterator[None]:
    """Serve all sites while the block runs; each has a port of its own."""
    with ExitStack() as stack:
        for site in served.sites.values():
            handler = type("Handler", (_Handler,), {"served": served, "site": site})
            server = stack.enter_context(_Server(("127.0.0.1", 0), handler))
            threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()
            stack.callback(server.shutdown)
            served.origins[site.name] = f"http://127.0.0.1:{server.server_port}"
        yield


def _etag(body: str) -> str:
    return f'"{hashlib.sha1(body.encode(), usedforsecurity=False).hexdigest()[:16]}"'
