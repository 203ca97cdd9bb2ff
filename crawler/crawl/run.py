"""The run of one spider: opens the store, brings every page to its outcome, keeps the record, prints the table."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.batch import BatchWriter
from crawler.crawl.from_settings import interval_bounds, open_store
from crawler.crawl.next_poll import plan_next_poll
from crawler.crawl.progress import Progress
from crawler.crawl.stats import Outcomes
from crawler.items import Article, Candidate, Page, PageResult
from crawler.profile import Channel, SiteProfile
from crawler.store import Advertised, Store, StoreError

if TYPE_CHECKING:
    from crawler.crawl.channels import Discovery

logger = logging.getLogger(__name__)


class CrawlRun:
    """Extension; spider and pipelines ask `crawler.get_extension(CrawlRun)` for it."""

    def __init__(self, crawler: Crawler, store: Store) -> None:
        """Begin the record of the run. Raises StoreError."""
        self.store = store
        self.outcomes = Outcomes()
        self.broken: StoreError | None = None
        """Set when the database failed during the run: nothing more can be kept."""

        self.discovery: Discovery | None = None
        """What the channels of this run answered; set by the spider when it starts."""

        spider, settings = crawler.spider, crawler.settings
        assert spider is not None
        self._crawler = crawler
        self._site = spider.name
        self._is_one_of_many = bool(getattr(spider, "is_one_of_many", False))
        self._run_id = store.begin_run(
            spider.name, getattr(spider, "given", {}), clock.now(), scheduler_run_id=getattr(spider, "round_id", None)
        )
        self._batch = BatchWriter(
            store,
            size=settings.getint("NEWS_BATCH_SIZE"),
            seconds=settings.getfloat("NEWS_BATCH_SECONDS"),
            run_id=self._run_id,
        )
        self._settling: set[asyncio.Future[bool]] = set()
        self._ending: asyncio.Future[None] | None = None
        self._progress: Progress = getattr(spider, "progress", None) or Progress(spider.name)
        self._progress.begin(self.outcomes)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises StoreError if the database cannot be used."""
        run = cls(crawler, open_store(crawler.settings))
        connect = crawler.signals.connect
        connect(run.request_sent, signals.request_reached_downloader)
        connect(run.response_received, signals.response_received)
        connect(run.item_dropped, signals.item_dropped)
        connect(run.item_error, signals.item_error)
        connect(run.spider_error, signals.spider_error)
        connect(run.spider_closed, signals.spider_closed)
        return run

    def request_sent(self, request: Request) -> None:
        """Count a page when its request goes out."""
        page = request.cb_kwargs.get("page")
        if isinstance(page, Page) and not page.has_ended:
            self.outcomes.request(page.url)

    def advertise(
        self,
        channel: Channel,
        candidates: list[Candidate],
        *,
        status: int | None,
        problem: str | None,
        again: bool = False,
    ) -> Advertised:
        """Commit and count what a channel named; what became of it."""
        now = clock.now()
        try:
            found = self.store.advertise(
                self._site, channel.kind, channel.url, candidates, now, status=status, problem=problem, again=again
            )
        except StoreError as error:
            self.give_up(error)
            return Advertised(0, 0, frozenset())
        self.outcomes.discovered += found.new
        self.outcomes.known |= found.done
        if found.gap:
            logger.warning("channel %s: names nothing that it named before; asking what came between", channel.url)
            self.outcomes.gaps += 1
        return found

    async def settle(self, result: PageResult) -> bool:
        """Commit how a page ended and count it. The one way to an outcome. False if it is not kept: the database
        failed, so that the page stays as it was and the crawl ends; or the page had ended before."""
        page = result.page
        if page.has_ended:  # a spider's mistake, as two articles of one page; counting both would hide it
            logger.error(
                "%s ended a second time (%s); only its first end counts", page.url, result.outcome or "article"
            )
            self._crawler.stats.inc_value("run/errors")
            return False
        page.has_ended = True  # before anything is waited for
        self.outcomes.request(page.url)  # for one that robots.txt or the site's hosts forbade, and so never left
        if self.broken is not None:
            return False
        try:
            await self._batch.write(result)
        except StoreError as error:
            self.give_up(error)
            return False
        except Exception:
            page.has_ended = False  # the database refused it: it is to end as failed
            raise
        if result.article is not None:
            self.outcomes.quality.judge(result.article)
        self.outcomes.settle(result)
        self._progress.show()
        return True

    async def item_dropped(self, item: object, exception: DropItem) -> None:
        """A pipeline dropped an article: its page ends as dropped, for the reason that the exception's class names, or
        as blocked."""
        if not isinstance(item, Article) or item.page is None or item.page.has_ended:
            return
        reason = getattr(exception, "reason", type(exception).__name__)
        if item.page_type == "blocked":
            # A wall may let us pass another time; what is no article will be none then either.
            await self.settle(PageResult(page=item.page, outcome="blocked", reason=reason, retry=True))
            return
        self.outcomes.quality.judge(item)
        await self.settle(PageResult(page=item.page, outcome="dropped", reason=reason))

    async def item_error(self, item: object, failure: Failure) -> None:
        """A pipeline raised: its page ends as failed, and may be tried again."""
        if isinstance(item, Article) and item.page is not None and not item.page.has_ended:
            self._crawler.stats.inc_value("run/errors")
            if self.broken is None:
                await self.settle(PageResult(page=item.page, outcome="failed", reason="pipeline_error", retry=True))

    def spider_error(self, response: Response | Failure | None) -> None:
        """A callback raised: the page it was for ends as failed; a channel's document has been dealt with, or `start`
        would wait for it for ever."""
        request = getattr(response, "request", None)
        said = request.cb_kwargs if isinstance(request, Request) else {}
        page, channel = said.get("page"), said.get("channel")
        if isinstance(channel, Channel) and self.discovery is not None:
            self.discovery.failed(channel)
            self.discovery.answered(channel)
        if isinstance(page, Page) and self.broken is None and not page.has_ended:
            result = PageResult(page=page, outcome="failed", reason="callback_error", retry=True)
            self._settling.add(asyncio.ensure_future(self.settle(result)))  # Scrapy does not await this signal

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Close the record and print the table."""
        await asyncio.gather(*self._settling, return_exceptions=True)
        self._progress.end()
        try:
            if self.broken is None:
                self._plan_next_poll(spider, reason)
                ended = "failed" if self.has_errors else reason
                self.store.end_run(self._run_id, self._columns(), ended, clock.now())
        except StoreError as error:
            self.give_up(error)
        finally:
            self.store.close()
        if self._is_watched():
            print_table(self.outcomes.line(spider.name) if self._is_one_of_many else self.outcomes.table(spider.name))

    def _plan_next_poll(self, spider: Spider, reason: str) -> None:
        """Keep how the look at the site went, if it was a whole one at the site itself."""
        profile, arguments = getattr(spider, "profile", None), getattr(spider, "arguments", None)
        if self.discovery is None or not isinstance(profile, SiteProfile) or not isinstance(arguments, CrawlArguments):
            return
        if reason != "finished" or arguments.url or arguments.channel or arguments.since:
            return
        now, success = clock.now(), self.discovery.usable > 0
        bounds = interval_bounds(self._crawler.settings)
        planned = plan_next_poll(self.store, profile, now, success=success, bounds=bounds)
        self.store.sites.record_poll(self._site, now, success=success, next_poll=planned)

    def _columns(self) -> dict[str, Any]:
        stats = self._crawler.stats
        return self.outcomes.columns() | {
            "requests": stats.get_value("downloader/request_count", 0),
            "bytes": stats.get_value("downloader/response_bytes", 0),
            "unreachable": int(self.is_unreachable),
        }

    def response_received(self, response: Response, request: Request) -> None:
        """Signal: count how long pages take to come."""
        seconds = request.meta.get("download_latency")
        if isinstance(request.cb_kwargs.get("page"), Page) and isinstance(seconds, float):
            self.outcomes.quality.time(seconds)

    def hurry(self) -> None:
        """The crawl was stopped: what is fetched is committed at once, nothing waits for a full batch."""
        if self.broken is None:
            self._batch.hurry()

    @property
    def is_unreachable(self) -> bool:
        """Whether not one channel gave any answer: the site, or our own network, is down."""
        return self.discovery is not None and self.discovery.is_unreachable

    @property
    def has_errors(self) -> bool:
        """Whether something went wrong that is no page's fault: a callback or pipeline raised, the database failed."""
        stats = self._crawler.stats
        return bool(self.broken or stats.get_value("spider_exceptions/count") or stats.get_value("run/errors"))

    def _is_watched(self) -> bool:
        """Whether anybody wants to hear of a run that went well: not with -L ERROR, as from cron."""
        settings = self._crawler.settings
        level = logging.getLevelName(str(settings["LOG_LEVEL"]).upper())
        return settings.getbool("LOG_ENABLED") and (not isinstance(level, int) or level <= logging.WARNING)

    def give_up(self, error: StoreError) -> None:
        """Nothing more can be kept: say why, once, and stop."""
        if self.broken is None:
            self.broken = error
            if not self._is_one_of_many:  # `scrapy due` says it once for all
                logger.critical("%s", error)
            # Not among `_settling`, for which the end waits: this one waits for the end.
            self._ending = asyncio.ensure_future(self._crawler.stop_async())


def print_table(table: str) -> None:
    """On stderr, where the log is: stdout may be an export."""
    sys.stderr.write(table + "\n")
