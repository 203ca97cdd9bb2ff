"""What settings of Scrapy name in `tests/settings_cases.py`: what a user may add or replace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.scheduler import Scheduler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.pipelines.files import FilesPipeline
from scrapy.settings import BaseSettings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.request import RequestFingerprinter

from crawler.crawl.download_handler import PoliteDownloadHandler
from crawler.items import Article


class Addon:
    """Adds a setting and a pipeline."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy."""
        settings.set("USER_AGENT", "Added/1", "addon")
        settings["ITEM_PIPELINES"][TitlePipeline] = 350


class TitlePipeline:
    """Counts the articles that reach it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """The item."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("tests/items")
        return item


class StatExtension:
    """Counts responses."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        assert crawler.stats is not None
        stats = crawler.stats
        extension = cls()
        extension.count = lambda: stats.inc_value("tests/responses")  # type: ignore[attr-defined]
        crawler.signals.connect(extension.count, signals.response_received)  # type: ignore[attr-defined]
        return extension


class SecondPageDropped:
    """Spider middleware that drops a request."""

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Called by Scrapy."""
        async for each in start:
            if not (isinstance(each, Request) and each.url.endswith("/1.html")):
                yield each


class FeedDropped:
    """Spider middleware that drops the requests for channels."""

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Called by Scrapy."""
        async for each in start:
            if not (isinstance(each, Request) and each.url.endswith(".xml")):
                yield each


class Raising:
    """Spider middleware that fails for articles."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Called by Scrapy."""
        async for each in result:
            if response.url.endswith(".html"):
                raise LookupError("no such thing")
            yield each


class HeaderMiddleware:
    """Downloader middleware that adds a header."""

    def process_request(self, request: Request) -> None:
        """Called by Scrapy."""
        request.headers["X-Own"] = "yes"


class CountingHandler(PoliteDownloadHandler):
    """The download handler, with one thing more."""

    async def download_request(self, request: Request) -> Response:
        """Called by Scrapy."""
        request.headers["X-Handler"] = "own"
        return await super().download_request(request)


class PicturePipeline(FilesPipeline):
    """Downloads the picture of each article."""

    def get_media_requests(self, item: Article, info: Any) -> list[Request]:
        """Called by Scrapy."""
        return [Request(item.image_url)] if item.image_url else []

    def item_completed(self, results: Any, item: Article, info: Any) -> Article:
        """Called by Scrapy."""
        return item


class OwnStats(MemoryStatsCollector):
    """A stats collector of the user."""


class OwnScheduler(Scheduler):
    """A scheduler of the user."""

    def enqueue_request(self, request: Request) -> bool:
        """Called by Scrapy."""
        assert self.stats is not None
        self.stats.inc_value("tests/enqueued")
        return super().enqueue_request(request)


class OwnFingerprinter(RequestFingerprinter):
    """Requests are the same if their paths are."""

    def fingerprint(self, request: Request) -> bytes:
        """Called by Scrapy."""
        return urlsplit(request.url).path.encode()
