"""The extension that follows one crawl: its record in the store, and the outcomes that only signals report."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem, NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import clock
from crawler.crawl import report
from crawler.crawl.admission import Refusal
from crawler.crawl.batch import BatchWriter
from crawler.crawl.context import RunContext, context_of
from crawler.crawl.exit_code import UNHEALTHY
from crawler.crawl.from_settings import interval_bounds
from crawler.crawl.next_poll import finish_poll
from crawler.crawl.own_context import give_back, give_context, needs_context
from crawler.crawl.recorder import OutcomeRecorder
from crawler.crawl.stats import CrawlStats
from crawler.fetch.certificates import UNVERIFIED_HOSTS
from crawler.items import Article, Page, PageResult
from crawler.profile import Channel
from crawler.scrapyext.feeds import has_feed_errors
from crawler.store import StoreError
from crawler.text import fingerprint

if TYPE_CHECKING:
    from crawler.crawl.channels import Discovery
    from crawler.crawl.site_templates import SiteTemplates

logger = logging.getLogger(__name__)

# Scrapy has no signal that is sent when a stop is requested; this is how often, in seconds, it is checked. Chosen by
# hand: little beside the NEWS_STOP_SECONDS that a stop may take.
_WATCH_SECONDS = 0.2


class CrawlRun:
    """Begins and finishes the record of a run, and ends the crawl when the store has failed."""

    def __init__(
        self,
        crawler: Crawler,
        context: RunContext,
        recorder: OutcomeRecorder,
        templates: SiteTemplates,
        *,
        bounds: tuple[timedelta, timedelta],
        is_quiet: bool,
    ) -> None:
        """`bounds`: shortest and longest interval between two polls. `is_quiet`: print nothing."""
        self.context = context
        self.recorder = recorder
        self.discovery: Discovery | None = None
        """What the channels of this run answered; set by the spider when it starts."""

        self.templates = templates
        self._crawler = crawler
        self._bounds = bounds
        self._is_quiet = is_quiet
        self.started = clock.now()
        self._run_id: int | None = None
        self._recording: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._reason: str | None = None
        self._refusal: Refusal | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured for a crawl without a context: that of `scrapy fetch` or `shell`, or
        of a plain spider; and RuntimeError for one without a reactor, for which Scrapy replaces our download handler
        and the resolver."""
        spider, settings = crawler.spider, crawler.settings
        if spider is None or (context_of(crawler) is None and not needs_context(crawler, spider)):
            raise NotConfigured
        if not settings.getbool("TWISTED_REACTOR_ENABLED"):
            raise RuntimeError(
                "TWISTED_REACTOR_ENABLED must be True: only Twisted's reactor resolves no name to a private address"
            )
        run = cls.of(crawler, context_of(crawler) or give_context(crawler, spider))
        connect = crawler.signals.connect
        connect(run.spider_opened, signals.spider_opened)
        connect(run.engine_started, signals.engine_started)
        connect(run.request_sent, signals.request_reached_downloader)
        connect(run.response_received, signals.response_received)
        connect(run.item_dropped, signals.item_dropped)
        connect(run.item_error, signals.item_error)
        connect(run.spider_error, signals.spider_error)
        connect(run.spider_closed, signals.spider_closed)
        return run

    @classmethod
    def of(cls, crawler: Crawler, context: RunContext, *, is_quiet: bool = False) -> Self:
        """The run of a crawl that records to a context. The caller calls it for each signal. `is_quiet`: print nothing,
        whatever the settings say."""
        from crawler.crawl.page_archive import PageArchive  # heavy; every command imports this module
        from crawler.crawl.site_templates import SiteTemplates

        spider, settings = crawler.spider, crawler.settings
        assert spider is not None
        archive = PageArchive.from_settings(settings, context.store_thread.store, spider.name)
        batch = BatchWriter(
            context.store_thread,
            size=settings.getint("NEWS_BATCH_SIZE"),
            seconds=settings.getfloat("NEWS_BATCH_SECONDS"),
            archive=archive,
        )
        return cls(
            crawler,
            context,
            OutcomeRecorder(spider.name, context, CrawlStats(crawler.stats), batch, archive),
            SiteTemplates(context.store_thread, is_on=settings.getbool("NEWS_TEMPLATES") and not context.is_trial),
            bounds=interval_bounds(settings),
            is_quiet=is_quiet or report.is_quiet(settings),
        )

    async def spider_opened(self, spider: Spider) -> None:
        """Begin the record of the run. Scrapy awaits this before it calls the spider's `start`."""
        context, thread = self.context, self.context.store_thread
        context.progress.begin(self.recorder.stats)
        self._watch = asyncio.create_task(self._watch_for_the_end())
        try:
            if context.admission is not None and (refusal := await context.admission.refusal()) is not None:
                self._refusal = refusal
                logger.error("%s", refusal.message)
                raise CloseSpider(refusal.reason)
            self._run_id = await thread.call(
                thread.store.runs.begin,
                spider.name,
                context.raw_arguments,
                self.started,
                scheduler_run_id=context.scheduler_run_id,
            )
        except StoreError:
            raise CloseSpider("store_failed") from None
        self._crawler.stats.set_value("run/id", self._run_id)
        self.recorder.begin(self._run_id)
        if not self._crawler.crawling:  # it was stopped while the store waited for a lock
            raise CloseSpider("shutdown")

    async def engine_started(self) -> None:
        """Stop a crawl for which a stop was requested since the check in `spider_opened`."""
        if not self._crawler.crawling:
            await self._stop()

    def request_sent(self, request: Request) -> None:
        """Count a page when its request is sent."""
        page = request.cb_kwargs.get("page")
        if isinstance(page, Page) and not page.is_finished:
            self.recorder.stats.request(page.url)

    def response_received(self, response: Response, request: Request) -> None:
        """Count the response time of a page, and hosts whose certificates were accepted without verification."""
        self.context.answered.set()
        for host, problem in request.meta.get(UNVERIFIED_HOSTS, {}).items():
            self.recorder.stats.record_unverified(host, problem)
        seconds = request.meta.get("download_latency")
        if isinstance(request.cb_kwargs.get("page"), Page) and isinstance(seconds, float):
            self.recorder.stats.quality.record_time(seconds)

    async def item_dropped(self, item: object, exception: DropItem) -> None:
        """A pipeline dropped an article: its page is dropped for the reason that the exception's class has, or is
        blocked."""
        if not isinstance(item, Article) or item.page is None or item.page.is_finished:
            return
        reason = getattr(exception, "reason", type(exception).__name__)
        if item.page_type == "blocked":
            # A later request may get past a wall; a page that is not an article now will not be one then.
            result = PageResult(page=item.page, outcome="blocked", reason=reason, retry=True)
            await self.recorder.record_outcome(result, "fetch")
            return
        self.recorder.stats.quality.record_article(item)
        shown = fingerprint(item.body) if item.paragraphs else item.page.body_hash
        result = PageResult(page=item.page, outcome="dropped", reason=reason, shown=shown)
        await self.recorder.record_outcome(result, "validate")

    async def item_error(self, item: object, failure: Failure) -> None:
        """A pipeline raised: its page failed, and may be tried again."""
        if isinstance(item, Article) and item.page is not None and not item.page.is_finished:
            self.recorder.stats.count("run/errors")
            result = PageResult(page=item.page, outcome="failed", reason="pipeline_error", retry=True)
            await self.recorder.record_outcome(result, "run")

    def spider_error(self, response: Response | Failure | None) -> None:
        """A callback raised: its page failed, and its channel's document is finished: `start` waits for it."""
        self.recorder.stats.count("run/errors")
        request = getattr(response, "request", None)
        arguments = request.cb_kwargs if isinstance(request, Request) else {}
        page, channel = arguments.get("page"), arguments.get("channel")
        if isinstance(channel, Channel) and self.discovery is not None:
            self.discovery.record_failure(channel)
            self._record(self.discovery.finish(channel))
        if isinstance(page, Page) and not page.is_finished:
            self.fail_page(page, "callback_error")

    def fail_page(self, page: Page, reason: str) -> None:
        """Record that a page failed because of its spider; it may be tried again."""
        result = PageResult(page=page, outcome="failed", reason=reason, retry=True)
        self._record(self.recorder.record_outcome(result, "run"))

    async def spider_closed(self, reason: str) -> None:
        """Finish the record of the run and print the counts."""
        self._reason = reason
        await asyncio.gather(*self._recording, return_exceptions=True)
        if self._watch is not None and not self.context.stopping.is_set():  # else it waits for this to end
            self._watch.cancel()
        stats = self.recorder.stats
        stats.close()
        self.context.progress.end()
        try:
            await self._finish()
        except StoreError:
            logger.info("the record of the run is not finished: the store failed")
        self._crawler.stats.set_value("run/exit_code", self.exit_code)
        self._report()
        await give_back(self.context)

    def _report(self) -> None:
        stats, context = self.recorder.stats, self.context
        if context.admission is not None:  # stderr is the program's
            logger.info("%s", report.line(stats, self._site))
        elif not self._is_quiet and not context.is_trial:
            report.print_report((report.line if context.is_one_of_many else report.table)(stats, self._site))

    async def _finish(self) -> None:
        thread = self.context.store_thread
        if self.recorder.archive is not None:
            await thread.call(self.recorder.archive.close)
            self.recorder.count_archive_failure()
        await self.templates.save()
        discovery = self.discovery
        if discovery is not None:
            await self._record_outage(discovery.profile.name)
        if discovery is not None and self._reason == "finished" and discovery.is_whole_poll:
            success = discovery.usable > 0
            await thread.call(
                finish_poll,
                thread.store,
                discovery.profile,
                clock.now(),
                success=success,
                bounds=self._bounds,
                rounds=discovery.rounds,
                has_unread=discovery.has_unread,
            )
        if self._run_id is not None:
            finish_reason = self._finish_reason()
            await thread.call(thread.store.runs.finish, self._run_id, self._columns(), finish_reason, clock.now())

    async def _record_outage(self, site: str) -> None:
        """If all pages of this run failed alike, that is an outage, and its pages wait; if one was received, an outage
        has ended."""
        thread, outage = self.context.store_thread, self.recorder.outage
        outages = thread.store.outages
        if outage.reason is not None:
            await thread.call(outages.record, site, outage.reason, outage.failed, clock.now(), run_started=self.started)
        elif outage.has_received and outage.known is not None:
            await thread.call(outages.end, site, outage.failed)

    def _columns(self) -> dict[str, Any]:
        collected = self._crawler.stats
        return self.recorder.stats.columns() | {
            "requests": collected.get_value("downloader/request_count", 0),
            "bytes": collected.get_value("downloader/response_bytes", 0),
            "unreachable": int(self.is_unreachable),
            "outage": self.recorder.outage.reason if self.discovery is not None else None,
        }

    def _finish_reason(self) -> str | None:
        """Why the run ended, for its record."""
        if self.has_errors:
            return "failed"
        if self._reason != "finished":
            return self._reason
        return "unreachable" if self.is_unreachable else "unusable" if self.is_unusable else "finished"

    @property
    def exit_code(self) -> int:
        """What `rasid crawl` ends with after this crawl."""
        if self._refusal is not None:
            return self._refusal.exit_code
        if self.has_errors or self.is_unreachable or has_feed_errors(self._crawler):
            return 1
        return UNHEALTHY if self.is_unusable else 0

    @property
    def is_unusable(self) -> bool:
        """Whether the run came to its end although no channel gave an answer that can be used."""
        return self._reason == "finished" and self.discovery is not None and self.discovery.is_unusable

    @property
    def is_unreachable(self) -> bool:
        """Whether no channel gave any response: the site, or our own network, is down."""
        return self.discovery is not None and self.discovery.is_unreachable

    @property
    def has_errors(self) -> bool:
        """Whether something failed that is not the fault of a page: a callback or pipeline raised, the store failed."""
        errors = self._crawler.stats.get_value("run/errors", 0)
        return self.context.store_thread.failure is not None or errors > 0

    @property
    def _site(self) -> str:
        assert self._crawler.spider is not None
        return self._crawler.spider.name

    def _record(self, work: Coroutine[Any, Any, Any]) -> None:
        """For a signal that Scrapy does not await: `spider_closed` awaits it."""
        self._recording.add(asyncio.ensure_future(work))

    async def _watch_for_the_end(self) -> None:
        """When a stop is requested or the store fails, set `stopping` and stop the crawl."""
        failed = asyncio.create_task(self.context.store_thread.failed.wait())
        try:
            while self._crawler.crawling and not failed.done():
                await asyncio.wait({failed}, timeout=_WATCH_SECONDS)
        finally:
            failed.cancel()
        self.context.stopping.set()
        self.recorder.flush_immediately()
        if (failure := self.context.store_thread.failure) is not None:
            logger.info("the store failed: %s", failure)  # the command prints it at its end, once for all sites
        await self._stop()

    async def _stop(self) -> None:
        """Stop the crawl, also while its engine is being started: Crawler.stop_async ignores an engine that is not
        running yet, which then runs for ever."""
        await self._crawler.stop_async()
        with contextlib.suppress(RuntimeError):  # it is stopping already, or begins later: see `engine_started`
            await self._crawler.engine.stop_async()


def run_of(crawler: Crawler) -> CrawlRun:
    """The run of a crawl. Raises RuntimeError if it has none."""
    run = crawler.get_extension(CrawlRun)
    if run is None:
        raise RuntimeError(
            "this crawl has no run: a command for single pages started it, or the extension crawler.crawl.run.CrawlRun "
            "is switched off"
        )
    return run
