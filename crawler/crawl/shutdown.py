"""Shutdown in seconds: no further requests, and pending responses are awaited for a short time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl.context import context_of
from crawler.fetch.failures import CrawlStopped
from crawler.scrapyext.private import flush_download_queues

T = TypeVar("T")


class Shutdown:
    """Extension. Scrapy itself waits for all queued and pending requests."""

    def __init__(self, crawler: Crawler, stopping: asyncio.Event, *, grace_seconds: float) -> None:
        """`stopping`: set when a stop is requested. `grace_seconds`: how long pending responses are awaited."""
        self._crawler = crawler
        self._grace_seconds = grace_seconds
        self._stopping = stopping
        self._grace_is_over = asyncio.Event()
        self._end: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        context = context_of(crawler)  # without one, as in `scrapy shell`, the crawl ends as Scrapy's do
        stopping = context.stopping if context is not None else asyncio.Event()
        shutdown = cls(crawler, stopping, grace_seconds=crawler.settings.getfloat("NEWS_STOP_SECONDS"))
        crawler.signals.connect(shutdown.engine_started, signals.engine_started)
        crawler.signals.connect(shutdown.engine_stopped, signals.engine_stopped)
        return shutdown

    def engine_started(self) -> None:
        """Signal."""
        self._end = asyncio.ensure_future(self._end_in_time())

    def engine_stopped(self) -> None:
        """Signal."""
        if self._end is not None:
            self._end.cancel()

    async def sleep(self, seconds: float) -> None:
        """Wait before a request is sent. Raises CrawlStopped if a stop is requested, or was before."""
        if seconds > 0 and not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)
        if self._stopping.is_set():
            raise CrawlStopped("not requested: the crawl was stopped")

    async def limit(self, download: Coroutine[Any, Any, T]) -> T:
        """The result of a download. Raises CrawlStopped when the grace of a stopped crawl is over before."""
        task = asyncio.ensure_future(download)
        grace_is_over = asyncio.ensure_future(self._grace_is_over.wait())
        try:
            await asyncio.wait({task, grace_is_over}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise CrawlStopped("no response when the crawl was stopped")
            return task.result()
        finally:
            grace_is_over.cancel()
            task.cancel()

    async def _end_in_time(self) -> None:
        await self._stopping.wait()
        flush_download_queues(self._crawler)
        await asyncio.sleep(self._grace_seconds)
        self._grace_is_over.set()


def shutdown_of(crawler: Crawler) -> Shutdown:
    """The shutdown of a crawl. Raises RuntimeError if the extension is switched off."""
    shutdown = crawler.get_extension(Shutdown)
    if shutdown is None:
        raise RuntimeError("the extension crawler.crawl.shutdown.Shutdown is switched off; downloads need it")
    return shutdown
