"""All sites that are due, in one process: several at a time, each with its lock, its pace and its own failures."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler import clock
from crawler.crawl.context import RunContext
from crawler.crawl.from_settings import interval_bounds
from crawler.crawl.lock import SiteLock
from crawler.crawl.next_poll import finish_poll, is_due
from crawler.crawl.run import run_of
from crawler.profile import SiteProfile
from crawler.scrapyext.feeds import UnusableFeeds, has_feed_errors
from crawler.scrapyext.site_settings import CopiedSettings
from crawler.scrapyext.spider_loader import ProfileSpiderLoader, SpiderNotLoaded
from crawler.store import Store, StoreError
from crawler.store.sites import SiteState

logger = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds after which a site that has not answered no longer keeps others from being crawled. Chosen by hand: most
sites answer their first request sooner."""

_MAX_UNANSWERED = 3
"""Sites without an answer that are crawled beside each site that answers; further ones take its place. They cost
memory, and may answer all at once. Chosen by hand; no measurement."""


@dataclass(kw_only=True, slots=True)
class SchedulerRun:
    """How the sites of one `rasid due` ended, by name."""

    crawled: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    """Of these, the sites of which no channel gave a response."""

    not_requested: list[str] = field(default_factory=list)
    """Of `crawled`, the sites to which no request was sent, because the stored robots.txt forbids it: they say nothing
    about the network."""

    locked: list[str] = field(default_factory=list)
    """Sites that another process was crawling."""

    crashed: list[str] = field(default_factory=list)
    """Sites whose crawl had an error of the crawler itself."""

    left: list[str] = field(default_factory=list)
    """Sites that were not begun, because the process was stopped."""


class DueProcess(AsyncCrawlerProcess):
    """Crawls the sites that are due, a number of them at a time, until all are done or a stop is requested."""

    def __init__(self, settings: Settings, context: RunContext, *, jobs: int, max_time: float | None) -> None:
        """`context`: what the crawls share. `jobs`: sites at a time. `max_time`: seconds after which the process stops
        as if by a signal."""
        super().__init__(CopiedSettings.of(settings))
        self.result = SchedulerRun()
        self._context = context
        self._thread = context.store_thread
        self._jobs = jobs
        self._max_time = max_time
        self._bounds = interval_bounds(settings)
        self._is_stopping = False
        self._queue: deque[str] = deque()
        self._workers: asyncio.Future[list[None]] | None = None

    def crawl_all(self, sites: list[str]) -> SchedulerRun:
        """Crawl the sites in this order; returns when all have ended. Raises StoreError."""
        self._queue = deque(sites)
        self.start()
        self.result.left += self._queue
        return self.result

    async def join(self) -> None:
        """Called by `start`, which ends with it: crawl the queue."""
        timer = asyncio.create_task(self._stop_in_time()) if self._max_time is not None else None
        try:
            self._workers = asyncio.gather(*(self._crawl_in_turn() for _ in range(self._jobs)))
            await self._workers
            await super().join()
        finally:
            if timer is not None:
                timer.cancel()

    async def stop(self) -> None:
        """Called by Scrapy at the first signal: end the crawls in progress, begin no other. The second signal does not
        wait for them."""
        is_first, self._is_stopping = not self._is_stopping, True
        await super().stop()
        if is_first and self._workers is not None:
            await asyncio.wait({self._workers})

    async def _stop_in_time(self) -> None:
        await asyncio.sleep(self._max_time or 0)
        await self.stop()

    async def _crawl_in_turn(self) -> None:
        """Crawl one site after the other. One that does not answer is left to itself: the next one begins beside it."""
        unanswered: set[asyncio.Task[None]] = set()
        while self._queue and not self._is_stopping:
            answered = asyncio.Event()
            crawl = asyncio.create_task(self._crawl_site(self._queue.popleft(), answered))
            first = asyncio.create_task(answered.wait())
            await asyncio.wait({crawl, first}, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            first.cancel()
            if answered.is_set() or crawl.done():
                await crawl
            else:
                unanswered.add(crawl)
            while len(unanswered) > _MAX_UNANSWERED:
                _, unanswered = await asyncio.wait(unanswered, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*unanswered)

    async def _crawl_site(self, site: str, answered: asyncio.Event) -> None:
        """Crawl a site if no other process crawls it or has just done so. Whatever fails concerns this site alone, but
        for the store: it fails for all sites. `answered`: set at its first response."""
        lock = SiteLock(self._thread.store.path, site)
        try:
            if not lock.acquire():
                self.result.locked.append(site)
            elif await self._thread.call(is_site_due, self._profile(site), self._thread.store, self._bounds[1]):
                self.result.crawled.append(site)
                await self._run_spider(site, answered)
        except StoreError as error:
            self._is_stopping = True
            self._thread.fail(error)  # it may be that of a lock file
        except (SpiderNotLoaded, UnusableFeeds) as error:
            logger.error("%s", error.args[0])
            await self._record_crash(site)
        except Exception:
            logger.exception("%s: the crawl ended with an error of the crawler itself; the other sites go on", site)
            await self._record_crash(site)
        finally:
            lock.release()

    async def _run_spider(self, site: str, answered: asyncio.Event) -> None:
        crawler = self.create_crawler(site)
        # What waits is of one crawl; the rest of the context is shared.
        await self.crawl(crawler, context=replace(self._context, stopping=asyncio.Event(), answered=answered))
        run = run_of(crawler)
        if self._thread.failure is not None:
            raise self._thread.failure
        if run.has_errors and run.discovery is None:
            await self._record_crash(site)
        elif run.has_errors or has_feed_errors(crawler):
            self.result.crashed.append(site)
        elif run.is_unreachable:
            self.result.unreachable.append(site)
        elif not crawler.stats.get_value("downloader/request_count"):
            self.result.not_requested.append(site)

    async def _record_crash(self, site: str) -> None:
        """A crawl that did not get as far as its channels: the site backs off as one whose channels give no
        response."""
        self.result.crashed.append(site)
        profile, store = self._profile(site), self._thread.store
        try:
            await self._thread.call(finish_poll, store, profile, clock.now(), success=False, bounds=self._bounds)
        except StoreError:
            self._is_stopping = True

    def _profile(self, site: str) -> SiteProfile:
        assert isinstance(self.spider_loader, ProfileSpiderLoader)
        return self.spider_loader.profiles[site]


def due_sites(profiles: dict[str, SiteProfile], store: Store, longest_interval: timedelta) -> list[str]:
    """Names of the sites that are due. Those that have waited longest come first. The others are not to wait for those
    that were down at their last poll, and last come those that were never crawled: a first crawl takes long.
    `longest_interval`: for a profile without its own."""
    states, now = store.sites.states(), clock.now()
    waiting: list[tuple[bool, bool, str, str]] = []
    for name, profile in profiles.items():
        state = states.get(name)
        if _is_due(profile, state, now, longest_interval):
            since = state.next_poll.isoformat() if state is not None and state.next_poll is not None else ""
            is_failing = state is not None and state.failures > 0
            waiting.append((state is None or state.last_poll is None, is_failing, since, name))
    return [name for *_, name in sorted(waiting)]


def is_site_due(profile: SiteProfile, store: Store, longest_interval: timedelta) -> bool:
    """Whether one site is still due; another process may have crawled it since the round began. Reads the state of
    this site alone: a round asks once for each of its sites."""
    return _is_due(profile, store.sites.state(profile.name), clock.now(), longest_interval)


def _is_due(profile: SiteProfile, state: SiteState | None, now: datetime, longest_interval: timedelta) -> bool:
    longest = longest_interval if profile.max_interval is None else timedelta(minutes=profile.max_interval)
    return state is None or is_due(state.next_poll, now, longest)
