"""All sites that are due, in one process: several side by side, each under its lock, each at its own pace and risk."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler import clock
from crawler.crawl.from_settings import interval_bounds
from crawler.crawl.lock import SiteLock
from crawler.crawl.next_poll import is_due, plan_next_poll
from crawler.crawl.progress import Progress
from crawler.crawl.run import CrawlRun
from crawler.profile import SiteProfile
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.store import Store, StoreError

if TYPE_CHECKING:
    from crawler.extract.workers.pool import ExtractionPool

logger = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class Round:
    """What became of the sites of one `scrapy due`, by name."""

    crawled: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    """Of these, those of which no channel answered."""

    busy: list[str] = field(default_factory=list)
    """Another process was crawling them."""

    crashed: list[str] = field(default_factory=list)
    """Something of ours failed."""

    broken: StoreError | None = None
    """Why nothing more could be kept."""

    left: list[str] = field(default_factory=list)
    """The time was over before their turn."""


class DueProcess(AsyncCrawlerProcess):
    """Runs the spiders of the sites that are due, so many at once, until all are done or it is told to stop."""

    def __init__(self, settings: Settings, store: Store, *, jobs: int, max_time: float | None, round_id: int) -> None:
        """`max_time`: seconds after which it stops as if by a signal."""
        super().__init__(settings)
        self.round = Round()
        self._store = store
        self._jobs = jobs
        self._round_id = round_id
        self._max_time = max_time
        self._stopping = False
        self._queue: deque[str] = deque()

    def crawl_all(self, sites: list[str], extraction: ExtractionPool) -> Round:
        """Crawl the sites in this order; returns when all have ended."""
        self._queue = deque(sites)
        self._extraction = extraction
        self._progress = Progress("due", len(sites))
        loop = asyncio.get_event_loop()
        self._work = loop.create_task(self._crawl_queue())
        self.start(stop_after_crawl=False)
        self.round.left += self._queue
        return self.round

    async def stop(self) -> None:
        """Called by Scrapy at the first signal: end the crawls under way, begin no other."""
        self._stopping = True
        await super().stop()

    async def _crawl_queue(self) -> None:
        timer = asyncio.create_task(self._stop_in_time()) if self._max_time is not None else None
        try:
            await asyncio.gather(*(self._crawl_in_turn() for _ in range(self._jobs)))
        finally:
            if timer is not None:
                timer.cancel()
            self._stop_reactor()

    async def _stop_in_time(self) -> None:
        await asyncio.sleep(self._max_time or 0)
        await self.stop()

    async def _crawl_in_turn(self) -> None:
        while self._queue and not self._stopping:
            await self._crawl_site(self._queue.popleft())

    async def _crawl_site(self, site: str) -> None:
        """Crawl one site if nobody else does or has just done so. Whatever happens costs this site alone."""
        lock = SiteLock(self._store.path, site)
        try:
            if not lock.acquire():
                self.round.busy.append(site)
            elif site in due_sites({site: self._profile(site)}, self._store, self.settings):
                self.round.crawled.append(site)
                await self._run_spider(site)
        except StoreError as error:  # it fails the others as well
            self.round.broken = self.round.broken or error
            await self.stop()
        except Exception:
            logger.exception("%s: its crawl ended with an error of ours; the other sites go on", site)
            await self._note_crash(site)
        finally:
            lock.release()

    async def _run_spider(self, site: str) -> None:
        spider = self.spider_loader.load(site)
        spider.extraction = self._extraction  # type: ignore[attr-defined]
        spider.progress = self._progress  # type: ignore[attr-defined]
        spider.is_one_of_many = True  # type: ignore[attr-defined]
        spider.round_id = self._round_id  # type: ignore[attr-defined]
        crawler = self.create_crawler(spider)
        await self.crawl(crawler)
        run = crawler.get_extension(CrawlRun)
        if run is not None and run.broken is not None:
            raise run.broken
        if run is None or (run.has_errors and run.discovery is None):
            await self._note_crash(site)
        elif run.has_errors:
            self.round.crashed.append(site)
        elif run.is_unreachable:
            self.round.unreachable.append(site)

    async def _note_crash(self, site: str) -> None:
        """A crawl that never came to its channels: it backs off as one does whose channels do not answer."""
        self.round.crashed.append(site)
        now, bounds = clock.now(), interval_bounds(self.settings)
        try:
            planned = plan_next_poll(self._store, self._profile(site), now, success=False, bounds=bounds)
            self._store.sites.record_poll(site, now, success=False, next_poll=planned)
        except StoreError as error:
            self.round.broken = self.round.broken or error
            await self.stop()

    def _profile(self, site: str) -> SiteProfile:
        assert isinstance(self.spider_loader, ProfileSpiderLoader)
        return self.spider_loader.profiles[site]


def due_sites(profiles: dict[str, SiteProfile], store: Store, settings: Settings) -> list[str]:
    """Names of the sites that are due, those that wait longest first, those that were never crawled last: their first
    crawl takes long, and the others shall not wait for it."""
    states, now = store.sites.states(), clock.now()
    default = interval_bounds(settings)[1]
    waiting: list[tuple[bool, str, str]] = []
    for name, profile in profiles.items():
        state = states.get(name)
        longest = default if profile.max_interval is None else timedelta(minutes=profile.max_interval)
        if state is None or is_due(state.next_poll, now, longest):
            since = state.next_poll.isoformat() if state is not None and state.next_poll is not None else ""
            waiting.append((state is None or state.last_poll is None, since, name))
    return [name for _, _, name in sorted(waiting)]
