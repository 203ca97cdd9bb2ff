"""The reservation of text and data mining that a host declares for its paths in /.well-known/tdmrep.json (TDMRep).

Requested only if NEWS_RESPECT_DIRECTIVES contains tdm or NEWS_TDM_FILES is set, after the first page of a host, and
cached between runs as robots.txt is.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler import clock
from crawler.crawl.store_thread import StoreThread
from crawler.fetch.failures import CrawlStopped
from crawler.store.hosts import HostFile
from crawler.urls import netloc_of

PATH = "/.well-known/tdmrep.json"
# Longer files reserve nothing: nobody wrote such a list of paths by hand. Chosen by hand.
_MAX_BYTES = 200_000


class TdmUnknown(Exception):
    """A host does not send its file, and there is no earlier one: whether it reserves its pages is unknown."""


class TdmFiles:
    """The files of the hosts of one crawl, each requested at most once."""

    def __init__(self, crawler: Crawler, thread: StoreThread, max_age: timedelta) -> None:
        """`max_age`: an older file is requested again."""
        self._crawler = crawler
        self._thread = thread
        self._max_age = max_age
        self._files: dict[str, asyncio.Future[bytes]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, thread: StoreThread) -> Self:
        """For the settings of a crawler."""
        return cls(crawler, thread, timedelta(hours=crawler.settings.getfloat("NEWS_ROBOTS_HOURS")))

    async def file(self, url: str) -> bytes:
        """The file of the host of a page. Raises TdmUnknown, CrawlStopped, StoreError."""
        host = netloc_of(url)
        if host not in self._files:
            self._files[host] = asyncio.ensure_future(self._file(url, host))
        return await asyncio.shield(self._files[host])

    async def _file(self, url: str, host: str) -> bytes:
        cached = await self._thread.call(self._thread.store.hosts.tdm, host)
        if cached is not None and timedelta() <= clock.now() - cached.fetched < self._max_age:
            return cached.body
        request = Request(
            f"{urlsplit(url).scheme}://{host}{PATH}", callback=NO_CALLBACK, meta={"dont_obey_robotstxt": True}
        )
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
            problem = f"HTTP {response.status}" if response.status >= 500 or response.status == 429 else None
        except CrawlStopped:
            raise
        except Exception as error:  # whatever Scrapy raises for a request that fails
            problem = str(error) or type(error).__name__
        if problem is not None:
            if cached is not None:
                return cached.body
            raise TdmUnknown(f"{request.url}: {problem}")
        body = response.body if response.status < 300 and len(response.body) <= _MAX_BYTES else b""
        tdm = HostFile(body=body, status=response.status, fetched=clock.now())
        await self._thread.call(self._thread.store.hosts.record_tdm, host, tdm)
        return body
