"""Responses from an archive: a request has the page that answers it, and none is sent."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import default_settings

from crawler.archive.reader import ArchivedPage
from crawler.fetch.capture import CONTENT_ENCODING

_ARCHIVED = "archived"
_DECODED_BEFORE = ("content-encoding", "transfer-encoding")

# For the spider that uses it. The other components would send requests, or wait for a host.
REPLAY_SETTINGS = {
    "DOWNLOADER_MIDDLEWARES_BASE": default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.fetch.replay.ReplayMiddleware": 1,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    },
    "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "http", "https", "s3")),
    "ROBOTSTXT_OBEY": False,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "RETRY_ENABLED": False,
    "URLLENGTH_LIMIT": 0,  # a request that is never sent cannot be too long; Scrapy would discard it without an outcome
    "COMPRESSION_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    # Bytes of pages in work: enough to keep the workers busy, few enough to end soon when stopped. Chosen by hand.
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 4_000_000,
}


def replay_meta(archived: ArchivedPage) -> dict[str, object]:
    """The meta of a request for this page."""
    return {_ARCHIVED: archived}


class ReplayMiddleware:
    """Downloader middleware; it must be the first."""

    def process_request(self, request: Request) -> Response:
        """The archived response. Raises IgnoreRequest for a request without one."""
        archived = request.meta.pop(_ARCHIVED, None)
        if not isinstance(archived, ArchivedPage):
            raise IgnoreRequest(f"{request.url} is not in the archive")
        headers = [(name, value) for name, value in archived.headers if name.lower() not in _DECODED_BEFORE]
        encodings = [value for name, value in archived.headers if name.lower() == "content-encoding"]
        request.meta[CONTENT_ENCODING] = [value.encode("latin-1", "replace") for value in encodings]
        response = Response(archived.url, archived.status, body=archived.body, protocol="HTTP/1.1")
        for name, value in headers:
            response.headers.appendlist(name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        return response
