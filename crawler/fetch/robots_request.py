"""The request for a robots.txt: redirects to other hosts are followed, and only the beginning is received."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.onsite import PAGE_RESOURCE, ROBOTS_REQUEST
from crawler.rights.robots_lines import MAX_BYTES

# Before all other requests, as in Scrapy's own middleware: the other requests of the host wait for this one.
_PRIORITY = 1000
# RFC 9309, 2.3.1.2: at least five redirects in a row are followed.
_MAX_REDIRECTS = 5


def robots_request(origin: str, cause: Request) -> Request:
    """The request for the robots.txt of an origin, which another request waits for."""
    inherited = {name: cause.meta[name] for name in ("max_retry_times", PAGE_RESOURCE) if name in cause.meta}
    meta = {
        "dont_obey_robotstxt": True,
        "allow_offsite": True,  # for Scrapy's filter, which plain spiders have: the other request has passed it
        ROBOTS_REQUEST: origin,
        "redirect_ttl": _MAX_REDIRECTS,
        **inherited,
    }
    return Request(f"{origin}/robots.txt", priority=_PRIORITY, meta=meta, callback=NO_CALLBACK)


@contextmanager
def beginning_only(crawler: Crawler, origin: str) -> Iterator[None]:
    """While the block runs, the responses to the robots request of this origin end after MAX_BYTES. A larger file would
    otherwise fail, and so close its site (RFC 9309, 2.5)."""
    limit = _Limit(origin)
    handlers = ((limit.headers_received, signals.headers_received), (limit.bytes_received, signals.bytes_received))
    for handler, signal in handlers:
        crawler.signals.connect(handler, signal)
    try:
        yield
    finally:
        for handler, signal in handlers:
            crawler.signals.disconnect(handler, signal)


class _Limit:
    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._received = 0

    def headers_received(self, headers: Headers, request: Request) -> None:
        """Signal: a response begins. A compressed one keeps the general limit: it must be decompressed whole."""
        if request.meta.get(ROBOTS_REQUEST) != self._origin:
            return
        self._received = 0
        if "Content-Encoding" in headers:
            request.meta.pop("download_maxsize", None)
        else:
            request.meta["download_maxsize"] = 0

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Signal: a part of a response. Raises StopDownload, which the handler awaits."""
        if request.meta.get(ROBOTS_REQUEST) != self._origin or request.meta.get("download_maxsize") != 0:
            return
        self._received += len(data)
        if self._received >= MAX_BYTES:
            raise StopDownload(fail=False)
