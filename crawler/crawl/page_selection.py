"""Which of a site's pages a run requests, in which order, and why it leaves the others for a later run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from scrapy.crawler import Crawler

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.awaiting import is_set_in_time
from crawler.crawl.channels import Discovery
from crawler.crawl.outage import PROBES
from crawler.crawl.politeness import politeness_of
from crawler.crawl.recorder import OutcomeRecorder
from crawler.crawl.run import CrawlRun
from crawler.crawl.unlikely import UnlikelyPages
from crawler.profile import SiteProfile
from crawler.store import PendingPage
from crawler.store.set_aside import KnownShape
from crawler.urls import netloc_of


class PageSelection:
    """The pages of one run."""

    def __init__(
        self,
        crawler: Crawler,
        run: CrawlRun,
        recorder: OutcomeRecorder,
        *,
        profile: SiteProfile,
        arguments: CrawlArguments,
        discovery: Discovery,
    ) -> None:
        self._crawler = crawler
        self._politeness = politeness_of(crawler)
        self._run = run
        self._recorder = recorder
        self._profile = profile
        self._arguments = arguments
        self._discovery = discovery
        self._thread = run.context.store_thread
        self._unlikely = UnlikelyPages(thread=self._thread, profile=profile, wait_for_outcomes=self._wait_for_outcomes)
        self._selected = 0
        """Pages that were handed out."""

    async def due_pages(self) -> AsyncIterator[PendingPage]:
        """The pages to request in this run, those of earlier runs included: the pending ones newest first, then the
        articles to recheck. In an outage a few of them first: the others follow if those show that it is over."""
        thread, stats, now, site = self._thread, self._recorder.stats, clock.now(), self._profile.name
        store = thread.store
        stats.skip("retry_later", await thread.call(store.pages.count_waiting, site, now))
        stats.planned = await thread.call(store.pages.count_due, site, now)
        outage = self._recorder.outage
        outage.known = await thread.call(store.outages.get, site, now)
        if outage.known is not None and not outage.known.is_over_limit:
            async for page in self._select(now, limit=PROBES):
                yield page
            await self._wait_for_outcomes()
            if not outage.has_received:
                stats.skip("site_outage", await thread.call(store.pages.count_due, site, now))
                return
            await thread.call(store.outages.end, site, outage.failed)
        await self._unlikely.begin(now)
        async for page in self._select(now):
            yield page

    async def _select(self, now: datetime, *, limit: int | None = None) -> AsyncIterator[PendingPage]:
        """Of the pages that are due, those that this run requests; the others are counted, unless there is a limit."""
        pages_of_store, selected = self._thread.store.pages, 0
        for pages in (pages_of_store.pending, pages_of_store.rechecks):
            async for page, shape in self._thread.iterate(self._with_shapes, pages(self._profile.name, now)):
                if limit is not None and selected == limit:
                    return
                reason = await self._skip_reason(page)
                may_set_aside = reason is None and limit is None and not self._arguments.force
                if may_set_aside and await self._unlikely.set_aside(page, shape):
                    reason = "unlikely_article"
                if reason is None:
                    selected += 1
                    self._selected += 1
                    yield page
                elif limit is None:
                    self._recorder.stats.skip(reason)

    def _with_shapes(self, pages: Iterator[PendingPage]) -> Iterator[tuple[PendingPage, KnownShape | None]]:
        """Each page, and what is known of pages with such URLs."""
        for page in pages:
            yield page, self._unlikely.known_shape(page)

    async def _wait_for_outcomes(self) -> None:
        """Wait until all pages that were requested have their outcome, or the crawl is stopped. A page whose request a
        spider middleware dropped has none in this run."""
        recorder, stopping = self._recorder, self._run.context.stopping
        while sum(recorder.stats.outcomes.values()) < self._selected and not stopping.is_set():
            recorder.recorded.clear()
            if not await is_set_in_time(recorder.recorded, self._crawler):
                return

    async def _skip_reason(self, page: PendingPage) -> str | None:
        """Why a page is not requested in this run; None if it is."""
        arguments, dated = self._arguments, page.candidate.published or page.candidate.modified
        url = self._profile.here(page.candidate.url)
        await self._politeness.load_host_state(netloc_of(url))
        if self._politeness.must_wait_long(netloc_of(url)):
            return "host_asks_to_wait"
        if self._discovery.is_unreachable:
            return "site_unreachable"
        if self._recorder.outage.must_stop:
            return "site_outage"
        if not self._profile.owns(url):
            return "not_on_site"
        if arguments.since and dated and dated < arguments.since:
            return "too_old"
        if arguments.max_articles is not None and self._selected >= arguments.max_articles:
            return "over_max_articles"
        return None
