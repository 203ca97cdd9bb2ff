"""The spider of every site: discover → request → extract → yield Article. The pipelines do the rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler.arguments import CrawlArguments
from crawler.discover import ChannelProblem, discover, request_url, sitemaps_of_robots
from crawler.extract.pool import ExtractionFailed, ExtractionPool, FetchedPage
from crawler.fetch.capture import capture
from crawler.fetch.failures import failure_reason
from crawler.items import Article, Candidate, Page, PageResult
from crawler.profile import Channel, SiteProfile
from crawler.run import CrawlRun
from crawler.store import PendingPage
from crawler.urls import canonical_url

logger = logging.getLogger(__name__)


class NewsSpider(scrapy.Spider):
    """Crawls one site as its profile describes it. The spider loader makes a subclass of it for each profile."""

    profile: SiteProfile
    extraction: ExtractionPool

    def __init__(self, name: str | None = None, **given: str) -> None:
        super().__init__(name)
        self.given = given
        self.arguments = CrawlArguments.parse(given)
        if self.arguments.url:
            self.profile = self.profile.at(self.arguments.url)
        self._asked: set[str] = set()
        self._unanswered = 0
        self._discovered = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.extraction = ExtractionPool(
            workers=crawler.settings.getint("NEWS_EXTRACT_WORKERS"),
            seconds=crawler.settings.getfloat("NEWS_EXTRACT_SECONDS"),
        )
        crawler.signals.connect(spider.extraction.close, signals.spider_closed)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Tell sites who crawls them; a USER_AGENT given with -s wins."""
        super().update_settings(settings)
        settings.set("USER_AGENT", f"Rasid/0.1 (+{settings['NEWS_CONTACT']})", priority="spider")

    @property
    def run(self) -> CrawlRun:
        """The record of this run, and its store."""
        run = self.crawler.get_extension(CrawlRun)
        assert run is not None, "the extension crawler.run.CrawlRun is switched off"
        return run

    async def start(self) -> AsyncIterator[Request]:
        """First the channels; when all have answered, the pages that are due, newest first, as the engine has room."""
        for request in self.first_requests():
            yield request
        await self._discovered.wait()
        for page in self.due_pages():
            if self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            yield self.page_request(page)

    # -- discover ------------------------------------------------------------------------------------------------------

    def first_requests(self) -> Iterator[Request]:
        """Requests for the profile's channels, or for robots.txt and its sitemaps if it names none."""
        channels = self.profile.channels(self.arguments.channel)
        if channels:
            yield from (self.channel_request(channel) for channel in channels)
        elif not self.profile.channels():
            yield self._discovery_request(self.profile.robots_url, callback=self.parse_robots)
        else:
            logger.warning("%s has no channel of kind %s", self.name, self.arguments.channel)
        if not self._unanswered:
            self._discovered.set()

    def channel_request(self, channel: Channel) -> Request:
        """The request for a channel's document."""
        return self._discovery_request(request_url(channel), callback=self.parse_channel, channel=channel)

    def parse_robots(self, response: Response) -> Iterator[Request]:
        """The sitemaps that robots.txt names."""
        try:
            sitemaps = [self.profile.here(url) for url in sitemaps_of_robots(response.body, response.url)]
            if not sitemaps:
                self._channel_problem(Channel("sitemap", response.url), "robots.txt names no sitemap; add a channel")
            for url in sitemaps:
                yield from self._follow(Channel("sitemap", url))
        finally:
            self._answered()

    def parse_channel(self, response: Response, channel: Channel) -> Iterator[Request]:
        """Commit what a channel names before any of it is requested, then ask the documents it leads to."""
        try:
            headers = {
                name.decode("latin-1").lower(): value[0].decode("latin-1") for name, value in response.headers.items()
            }
            found = discover(
                channel, response.body, self.profile, url=response.url, headers=headers, since=self.arguments.since
            )
            for problem in found.problems:
                self._channel_problem(channel, problem)
            self.run.outcomes.skipped.update(found.skipped)
            self.run.advertise(
                channel,
                found.candidates,
                status=response.status,
                problem="; ".join(found.problems) or None,
                again=self.arguments.force,
            )
            for follow in found.follow:
                yield from self._follow(follow.channel)
        except ChannelProblem as problem:
            self._channel_failed(channel, str(problem), response.status)
        finally:
            self._answered()

    def discovery_failed(self, failure: Failure) -> None:
        """A channel did not answer; the others go on."""
        try:
            request: Request = failure.request  # type: ignore[attr-defined]
            reason = failure_reason(failure)
            channel = request.cb_kwargs.get("channel") or Channel("sitemap", request.url)
            self._channel_failed(channel, f"{reason.word} {reason.detail}".rstrip(), reason.status)
        finally:
            self._answered()

    def _discovery_request(self, url: str, **kwargs: Any) -> Request:
        callback = kwargs.pop("callback")
        self._asked.add(canonical_url(url))
        self._unanswered += 1
        return Request(url, callback=callback, errback=self.discovery_failed, cb_kwargs=kwargs, priority=10)

    def _follow(self, channel: Channel) -> Iterator[Request]:
        url = request_url(channel)
        if canonical_url(url) in self._asked:  # a sitemap index that names itself or its parent
            return
        if len(self._asked) >= self.crawler.settings.getint("NEWS_MAX_CHANNEL_PAGES"):
            self.run.outcomes.skipped["channel_page_over_limit"] += 1
            return
        yield self.channel_request(channel)

    def _answered(self) -> None:
        self._unanswered -= 1
        if not self._unanswered:
            self._discovered.set()

    def _channel_failed(self, channel: Channel, problem: str, status: int | None) -> None:
        self._channel_problem(channel, problem)
        self.run.advertise(channel, [], status=status, problem=problem)

    def _channel_problem(self, channel: Channel, problem: str) -> None:
        logger.warning("channel %s: %s", channel.url, problem)
        self.run.outcomes.channel_problems += 1

    # -- fetch and extract ---------------------------------------------------------------------------------------------

    def due_pages(self) -> Iterator[PendingPage]:
        """The pages to request in this run: all that are pending, those of earlier runs included, newest first."""
        skipped = self.run.outcomes.skipped
        handed = 0
        for page in self.run.store.pending(self.name):
            dated = page.candidate.published or page.candidate.modified
            if not self.profile.owns(self.profile.here(page.candidate.url)):
                skipped["at_another_address"] += 1
            elif self.arguments.since and dated and dated < self.arguments.since:
                skipped["too_old"] += 1
            elif self.arguments.max_articles is not None and handed >= self.arguments.max_articles:
                skipped["over_max_articles"] += 1
            else:
                handed += 1
                yield page

    def page_request(self, pending: PendingPage) -> Request:
        """The request for an article's page."""
        return Request(
            self.profile.here(pending.candidate.url),
            callback=self.parse_article,
            errback=self.page_failed,
            cb_kwargs={"page": Page(url=pending.url, site=self.name), "candidate": pending.candidate},
        )

    async def parse_article(self, response: Response, page: Page, candidate: Candidate) -> AsyncIterator[Article]:
        """The article of a page, for the pipelines; a page without one ends here, with its reason."""
        page.final_url, page.status, page.fetched = response.url, response.status, datetime.now(UTC)
        page.capture = capture(response, candidate)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not is_html(content_type):
            await self.run.settle(PageResult(page=page, outcome="dropped", reason="not_html"))
            return
        fetched = FetchedPage(
            body=response.body,
            content_type=content_type or None,
            url=response.url,
            profile=self.profile,
            candidate=candidate,
            fetched=page.fetched,
        )
        try:
            article = await self.extraction.extract(fetched)
        except ExtractionFailed as error:
            logger.error("cannot extract %s: %s", response.url, error)
            await self.run.settle(PageResult(page=page, outcome="failed", reason=error.reason))
            return
        article.page = page
        yield article

    async def page_failed(self, failure: Failure) -> None:
        """A request gave no page: that is its outcome."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page: Page = request.cb_kwargs["page"]
        reason = failure_reason(failure)
        page.status, page.fetched = reason.status, datetime.now(UTC)
        logger.info("failed %s: %s %s", request.url, reason.word, reason.detail)
        await self.run.settle(PageResult(page=page, outcome="failed", reason=reason.word, retry=reason.passing))


def is_html(content_type: str) -> bool:
    """Whether a Content-Type header may stand before an HTML page; a missing one may."""
    kind = content_type.split(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
