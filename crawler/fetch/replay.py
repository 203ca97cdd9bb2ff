"""Answers out of an archive: a request that carries a page gets that page, and no request leaves."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.archive.reader import ArchivedPage
from crawler.fetch.capture import CONTENT_ENCODING

_ARCHIVED = "archived"
_UNDONE = ("content-encoding", "transfer-encoding")

# For the spider that uses it. What else stands between a request and its answer would ask a server, or wait for one.
REPLAY_SETTINGS = {
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.fetch.replay.ReplayMiddleware": 1,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    },
    "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "http", "https", "s3")),
    "ROBOTSTXT_OBEY": False,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "RETRY_ENABLED": False,
    "COMPRESSION_ENABLED": False,
    "AUTOTHROTTLE_ENABLED": False,
    # Bytes of pages under way: enough to keep the workers busy, and few enough to be finished soon when it is stopped.
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 4_000_000,
}


def replay_meta(archived: ArchivedPage) -> dict[str, object]:
    """The meta of a request that is to be answered with this page."""
    return {_ARCHIVED: archived}


class ReplayMiddleware:
    """Downloader middleware, the first of all."""

    def process_request(self, request: Request) -> Response:
        """The archived response. Raises IgnoreRequest for a request that carries none."""
        archived = request.meta.pop(_ARCHIVED, None)
        if not isinstance(archived, ArchivedPage):
            raise IgnoreRequest(f"{request.url} is not in the archive")
        headers = [(name, value) for name, value in archived.headers if name.lower() not in _UNDONE]
        encodings = [value for name, value in archived.headers if name.lower() == "content-encoding"]
        request.meta[CONTENT_ENCODING] = [value.encode("latin-1", "replace") for value in encodings]
        response = Response(archived.url, archived.status, body=archived.body, protocol="HTTP/1.1")
        for name, value in headers:
            response.headers.appendlist(name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        return response
