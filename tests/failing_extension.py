"""An extension for the settings of a test's crawl: the store fails while the engine is being started."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl.context import context_of
from crawler.store import StoreError


class FailsAtStart:
    """Between the opening of the spider and the start of its engine."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        return extension

    async def engine_started(self) -> None:
        """Signal. The engine waits for it before it is running."""
        context = context_of(self._crawler)
        assert context is not None
        context.store_thread.fail(StoreError("the disk is full"))
        await asyncio.wait_for(context.stopping.wait(), 10)
        await asyncio.sleep(0)  # whoever was told has acted
