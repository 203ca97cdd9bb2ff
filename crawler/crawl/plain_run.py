"""The crawl of a plain spider: its errors, the requests that were refused, and a run that begins with its first
article, so that a spider without articles opens no database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem, NotConfigured
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.crawl.context import context_of
from crawler.crawl.from_settings import check_clock
from crawler.crawl.own_context import CONTEXTS
from crawler.crawl.recorder import OutcomeRecorder
from crawler.crawl.report import REFUSED, is_without_response
from crawler.crawl.run import CrawlRun, run_of
from crawler.fetch.certificates import CertificateNotVerified
from crawler.fetch.failures import ForbiddenByRobots, HostAsksToWait, RobotsUnreachable, reason_of
from crawler.fetch.onsite import PrivateAddress
from crawler.items import Article
from crawler.scrapyext.feeds import has_feed_errors
from crawler.scrapyext.private import finish_idle_scraper
from crawler.scrapyext.spider_modules import is_plain
from crawler.store import StoreError

logger = logging.getLogger(__name__)

# Ours, about which Scrapy logs nothing: an IgnoreRequest is meant to be silent.
_REFUSALS = (CertificateNotVerified, ForbiddenByRobots, HostAsksToWait, PrivateAddress, RobotsUnreachable)

# How often it is checked whether a stop is held up. Chosen by hand.
_WATCH_SECONDS = 0.2

RecorderSource = Callable[[], Awaitable[OutcomeRecorder | None]]
"""The recorder of a crawl; None if the store cannot be used."""


class PlainRun:
    """Extension. Every plain spider has one, however it is started."""

    def __init__(self, crawler: Crawler) -> None:
        self.raw_arguments: dict[str, str] = {}
        """The arguments of the crawl as -a gave them, if a command started it."""

        self._crawler = crawler
        self._begun: asyncio.Task[CrawlRun | None] | None = None
        self._stop: asyncio.Future[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured for the spiders of sites, and for commands without a spider."""
        if crawler.spider is None or not is_plain(type(crawler.spider)):
            raise NotConfigured
        run, connect = cls(crawler), crawler.signals.connect
        connect(run.spider_opened, signals.spider_opened)
        connect(run.item_dropped, signals.item_dropped)
        connect(run.item_error, signals.item_error)
        connect(run.spider_error, signals.spider_error)
        connect(run.spider_closed, signals.spider_closed)
        return run

    async def recorder(self) -> OutcomeRecorder | None:
        """What records articles. The first call opens the store and begins a run; None if that fails, which ends the
        crawl."""
        if self._begun is None:
            self._begun = asyncio.ensure_future(self._begin())
        run = await asyncio.shield(self._begun)
        return run.recorder if run is not None else None

    def record_refusal(self, request: Request, error: Exception) -> None:
        """Count a request that was not sent, and log the first one of each reason."""
        reason, stats = reason_of(error), self._crawler.stats
        key = f"{REFUSED}{reason.code}"
        if not stats.get_value(key):
            logger.warning("%s was not requested: %s", request.url, reason.detail or reason.code)
        stats.inc_value(key)

    def spider_opened(self) -> None:
        """Signal."""
        self._watch = asyncio.ensure_future(self._watch_for_the_end())

    async def item_dropped(self, item: object, exception: DropItem) -> None:
        """Signal: an article that was dropped is an outcome."""
        if isinstance(item, Article) and await self.recorder() is not None:
            run = await self._run()
            assert run is not None
            await run.item_dropped(item, exception)

    async def item_error(self, item: object, failure: Failure) -> None:
        """Signal: a pipeline raised."""
        run = await self._run() if isinstance(item, Article) else None
        if run is not None:
            await run.item_error(item, failure)
        else:
            self._crawler.stats.inc_value("run/errors")

    def spider_error(self) -> None:
        """Signal: a callback raised."""
        self._crawler.stats.inc_value("run/errors")

    async def spider_closed(self, reason: str) -> None:
        """Signal: finish the run, and close the store."""
        if self._watch is not None:
            self._watch.cancel()
        if (run := await self._run()) is None:
            return
        await run.spider_closed(reason)
        thread = run.context.store_thread
        if thread.failure is not None:
            self._report(thread.failure)
        await CONTEXTS.leave(run.context)

    async def _watch_for_the_end(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            finish_idle_scraper(self._crawler)

    async def _run(self) -> CrawlRun | None:
        return await asyncio.shield(self._begun) if self._begun is not None else None

    async def _begin(self) -> CrawlRun | None:
        try:
            return await self._new_run()
        except StoreError as error:
            self._report(error)
            # Not awaited: it waits for the item that waits for this.
            self._stop = asyncio.ensure_future(self._crawler.stop_async())
            return None

    async def _new_run(self) -> CrawlRun:
        """A run that has begun. Raises StoreError."""
        spider, settings = self._crawler.spider, self._crawler.settings
        assert spider is not None
        # In a thread: it may take a while, and the responses of other requests go on.
        context = await asyncio.to_thread(CONTEXTS.join, settings)
        thread = context.store_thread
        try:
            if correction := await thread.call(check_clock, thread.store, settings):
                logger.warning("%s", correction)
            context.raw_arguments = self.raw_arguments
            run = CrawlRun.of(self._crawler, context, is_quiet=True)  # the command prints one line at the end
            with contextlib.suppress(CloseSpider):  # if a stop was requested meanwhile: the article is stored
                await run.spider_opened(spider)
            if thread.failure is not None:
                raise thread.failure
        except BaseException as error:
            await CONTEXTS.leave(context)
            raise (thread.failure or error) from None
        return run

    def _report(self, error: StoreError) -> None:
        logger.error("%s", error)
        self._crawler.stats.inc_value("run/errors")


class RefusedRequests:
    """Downloader middleware, the last one that sees an exception."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Report what Scrapy does not."""
        if isinstance(exception, _REFUSALS) and request.callback is not NO_CALLBACK:
            plain = self._crawler.get_extension(PlainRun)
            if plain is not None:
                plain.record_refusal(request, exception)


def recorder_source(crawler: Crawler) -> RecorderSource:
    """What gives a pipeline the recorder of its crawl. Raises NotConfigured for a crawl that records nothing."""
    if context_of(crawler) is not None:
        recorder = run_of(crawler).recorder

        async def existing() -> OutcomeRecorder:
            return recorder

        return existing
    plain = crawler.get_extension(PlainRun)
    if plain is None:
        raise NotConfigured
    return plain.recorder


def has_failed(crawler: Crawler) -> bool:
    """Whether the crawl of a plain spider that has ended did not do what it should: a callback, a pipeline, an export
    or the store failed, or it received no response at all."""
    stats = crawler.stats
    return bool(stats.get_value("run/errors")) or has_feed_errors(crawler) or is_without_response(stats.get_stats())
