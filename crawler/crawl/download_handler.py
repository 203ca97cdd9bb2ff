"""The last step before the network, which requests for robots.txt, redirects and retries pass as well: each waits for
its host's slot, and none is sent after the crawl was stopped."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from crawler.crawl.politeness import politeness_of
from crawler.crawl.shutdown import shutdown_of
from crawler.fetch.certificates import VerifyingHandler
from crawler.fetch.failures import CrawlStopped
from crawler.fetch.onsite import PrivateAddress
from crawler.fetch.resolver import ADDRESSES
from crawler.store import StoreError
from crawler.urls import host_of, netloc_of


class PoliteDownloadHandler:
    """Download handler around the one that sends the requests."""

    lazy = False

    def __init__(self, crawler: Crawler, handler: VerifyingHandler) -> None:
        self._crawler = crawler
        self._handler = handler
        self._places: dict[str, asyncio.Semaphore] = {}
        """Download slot → the places for requests in progress."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler, VerifyingHandler.from_crawler(crawler))

    async def download_request(self, request: Request) -> Response:
        """The response. Raises HostAsksToWait, CrawlStopped, PrivateAddress, CertificateNotVerified, and what Scrapy's
        handler raises."""
        async with self._place(request):
            return await self._download(request)

    def _place(self, request: Request) -> asyncio.Semaphore:
        """CONCURRENT_REQUESTS_PER_DOMAIN, or what DOWNLOAD_SLOTS says of the request's slot. Scrapy 2.19 keeps it only
        where there is a delay: it takes every waiting request before the first of them counts as being downloaded."""
        name = request.meta["download_slot"]
        if name not in self._places:
            assert self._crawler.engine is not None
            slots = self._crawler.engine.downloader.slots
            self._places[name] = asyncio.Semaphore(slots[name].concurrency)
        return self._places[name]

    async def _download(self, request: Request) -> Response:
        politeness, shutdown = politeness_of(self._crawler), shutdown_of(self._crawler)
        host = netloc_of(request.url)
        try:
            await politeness.wait_for_slot(host, shutdown)
        except StoreError as error:  # it ends the crawl; the request stays pending
            raise CrawlStopped(f"{request.url} was not requested: the store failed") from error
        try:
            response = await shutdown.limit(self._handler.download_request(request))
        except CannotResolveHostError as error:
            if host_of(request.url) in ADDRESSES.refused:
                has_profile = hasattr(self._crawler.spider, "profile")
                setting = "allow_private = true in the profile" if has_profile else "NEWS_ALLOW_PRIVATE = True"
                raise PrivateAddress(f"{host} leads to a private address; {setting} allows it") from error
            raise
        await politeness.handle_response(host, response)
        return response

    async def close(self) -> None:
        """Called by Scrapy."""
        await self._handler.close()
