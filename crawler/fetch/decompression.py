"""Bodies that servers have compressed by gzip, decompressed by isal: in a third of the time that Scrapy takes."""

from __future__ import annotations

from typing import Any, Self

from isal import isal_zlib
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.statscollectors import StatsCollector


class GunzipMiddleware:
    """Downloader middleware below Scrapy's decompression. It does the same for whole bodies of one gzip member, and
    leaves all others to Scrapy: what is damaged, cut off, larger than a limit, or in another encoding."""

    def __init__(self, *, limits: tuple[int, ...], stats: StatsCollector) -> None:
        """`limits`: bytes from which Scrapy warns of a body or refuses it; 0 for none."""
        self._limits = limits
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured if bodies are to stay compressed, or if a user's settings say what
        decompresses them."""
        settings = crawler.settings
        own = map(str, settings.getdict("DOWNLOADER_MIDDLEWARES"))
        if not settings.getbool("COMPRESSION_ENABLED") or any("HttpCompressionMiddleware" in name for name in own):
            raise NotConfigured
        assert crawler.stats is not None
        limits = settings.getint("DOWNLOAD_MAXSIZE"), settings.getint("DOWNLOAD_WARNSIZE")
        return cls(limits=limits, stats=crawler.stats)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response with its decompressed body."""
        if request.method == "HEAD" or response.headers.getlist("Content-Encoding") != [b"gzip"]:
            return response
        own = (request.meta.get(name, 0) for name in ("download_maxsize", "download_warnsize"))
        body = _gunzipped(response.body, min(filter(None, (*self._limits, *own)), default=0))
        if body is None:
            return response
        self._stats.inc_value("httpcompression/response_bytes", len(body))
        self._stats.inc_value("httpcompression/response_count")
        del response.headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        changes: dict[str, Any] = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, body=body, **changes)


def _gunzipped(data: bytes, limit: int) -> bytes | None:
    """The data of the one member; None if there is something else, or as much as `limit` bytes."""
    stream = isal_zlib.decompressobj(wbits=31)
    try:
        body: bytes = stream.decompress(data, limit)
    except isal_zlib.error:  # type: ignore[misc]  # its type stubs say that it is not a class
        return None
    return body if stream.eof and not stream.unused_data and (not limit or len(body) < limit) else None
