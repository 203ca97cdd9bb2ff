"""The spider of every site: discover → request → extract → yield Article. The pipelines do the rest."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import chain
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.channels import Discovery
from crawler.crawl.download_handler import PACE, recall
from crawler.crawl.from_settings import list_setting
from crawler.crawl.tdm import TdmFiles, TdmUnknown
from crawler.discover import ChannelProblem, Follow, discover, request_url
from crawler.fetch.directives import directives
from crawler.fetch.failures import CrawlStopped, FailureReason, failure_reason
from crawler.fetch.response import all_headers, header, headers_of, validators_of
from crawler.fetch.robots_txt import RobotsTxt
from crawler.fetch.user_agent import user_agent
from crawler.items import Article, Candidate, Page, PageResult, Validators
from crawler.profile import Channel, SiteProfile
from crawler.store import Advertised, PendingPage, StoreError
from crawler.urls import netloc_of
from spiders.extracting import ExtractingSpider, is_html

logger = logging.getLogger(__name__)

NOT_MODIFIED = 304
# How WordPress answers for a page of posts that is no more: X-WP-TotalPages of the page before was too many. What
# stands in the answer tells it from other mistakes.
WORDPRESS_SAYS = 400
STOPPED = "stopped"


class NewsSpider(ExtractingSpider):
    """Crawls one site as its profile describes it. The spider loader makes a subclass of it for each profile."""

    profile: SiteProfile
    discovery: Discovery
    respected: frozenset[str]
    """Robots directives that keep a page from being stored."""

    tdm: TdmFiles | None = None
    """What hosts reserve, if that is respected."""

    def __init__(self, name: str | None = None, **given: str) -> None:
        super().__init__(name)
        self.given = given
        self.arguments = CrawlArguments.parse(given)
        if self.arguments.url:
            self.profile = self.profile.at(self.arguments.url)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.respected = frozenset(list_setting(crawler.settings, "NEWS_RESPECT_DIRECTIVES"))
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Tell sites who crawls them; a USER_AGENT given with -s wins."""
        super().update_settings(settings)
        settings.set("USER_AGENT", user_agent(settings), priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """First the channels; when all have answered, those that fill gaps; then the pages that are due, newest first,
        as the engine has room."""
        self.discovery = self.run.discovery = Discovery(
            store=self.run.store,
            outcomes=self.run.outcomes,
            profile=self.profile,
            arguments=self.arguments,
            max_documents=self.crawler.settings.getint("NEWS_MAX_CHANNEL_PAGES"),
            sitemap_age=timedelta(hours=self.crawler.settings.getfloat("NEWS_SITEMAP_HOURS")),
        )
        if "tdm" in self.respected:
            self.tdm = TdmFiles(self.crawler, self.run.store)
        try:
            for request in self.first_requests():
                yield request
            await self.discovery.finished.wait()
            for channel in self.discovery.fillers():
                yield self.channel_request(channel)
            await self.discovery.finished.wait()
            self.discovery.close_gaps()
            for page in self.due_pages():
                if self.crawler.engine.needs_backout():
                    await self.crawler.signals.wait_for(signals.scheduler_empty)
                yield self.page_request(page)
        except StoreError as error:
            self.run.give_up(error)

    # -- discover ------------------------------------------------------------------------------------------------------

    def first_requests(self) -> Iterator[Request]:
        """Requests for the profile's channels, or for robots.txt and its sitemaps if it names none."""
        channels = self.discovery.first()
        if not self.profile.channels():
            channels = [Channel("sitemap", self.profile.robots_url)]
        elif not self.profile.channels(self.arguments.channel):
            logger.warning("%s has no channel of kind %s", self.name, self.arguments.channel)
        yield from (self.channel_request(channel) for channel in channels)

    def channel_request(self, channel: Channel) -> Request:
        """The request for a channel's document; a conditional one if it was read before."""
        self.discovery.asking(channel)
        readable = [NOT_MODIFIED, WORDPRESS_SAYS] if channel.kind == "wordpress" else [NOT_MODIFIED]
        return Request(
            request_url(channel),
            callback=self.parse_robots if channel.url == self.profile.robots_url else self.parse_channel,
            errback=self.discovery_failed,
            cb_kwargs={"channel": channel},
            headers=self.discovery.state(channel).validators.headers,
            meta={"handle_httpstatus_list": readable},
            priority=10,
        )

    def parse_robots(self, response: Response, channel: Channel) -> Iterator[Request]:
        """The sitemaps that robots.txt names."""
        try:
            sitemaps = [self.profile.here(url) for url in RobotsTxt.parse(response.body, response.url).sitemaps]
            if not sitemaps:
                self._channel_problem(channel, "robots.txt names no sitemap; add a channel")
            follow = [Follow(channel=Channel("sitemap", url)) for url in sitemaps]
            yield from self._follow(channel, follow, Advertised(0, 0, frozenset()))
        except StoreError as error:
            self.run.give_up(error)
        finally:
            self.discovery.answered(channel)

    def parse_channel(self, response: Response, channel: Channel) -> Iterator[Request]:
        """Commit what a channel names before any of it is requested, then ask the documents it leads to."""
        try:
            if self.discovery.is_unchanged(channel, response.status, response.body):
                return
            found = discover(
                channel,
                response.body,
                self.profile,
                url=response.url,
                headers=headers_of(response),
                since=self.arguments.since,
            )
            for problem in found.problems:
                self._channel_problem(channel, problem)
            self.run.outcomes.skipped.update(found.skipped)
            advertised = self.run.advertise(
                channel,
                found.candidates,
                status=response.status,
                problem="; ".join(found.problems) or None,
                again=self.arguments.force,
            )
            self.discovery.was_read(channel, validators_of(response), found, advertised)
            yield from self._follow(channel, found.follow, advertised)
        except ChannelProblem as problem:
            self._channel_failed(channel, str(problem), response.status)
        except StoreError as error:
            self.run.give_up(error)
        finally:
            self.discovery.answered(channel)

    def discovery_failed(self, failure: Failure) -> None:
        """A channel did not answer; the others go on."""
        channel: Channel = failure.request.cb_kwargs["channel"]  # type: ignore[attr-defined]
        try:
            reason = failure_reason(failure)
            if reason.word == STOPPED:
                return
            self._channel_failed(channel, f"{reason.word} {reason.detail}".rstrip(), reason.status, reason)
        finally:
            self.discovery.answered(channel)

    def _follow(self, parent: Channel, follow: list[Follow], found: Advertised) -> Iterator[Request]:
        for document in follow:
            if self.discovery.wants(document, parent, found):
                yield self.channel_request(document.channel)

    def _channel_failed(
        self, channel: Channel, problem: str, status: int | None, reason: FailureReason | None = None
    ) -> None:
        self.discovery.failed(channel, reason)
        self._channel_problem(channel, problem)
        self.run.advertise(channel, [], status=status, problem=problem)

    def _channel_problem(self, channel: Channel, problem: str) -> None:
        logger.warning("channel %s: %s", channel.url, problem)
        self.run.outcomes.channel_problems += 1

    # -- fetch and extract ---------------------------------------------------------------------------------------------

    def due_pages(self) -> Iterator[PendingPage]:
        """The pages to request in this run, those of earlier runs included: the pending ones newest first, then the
        articles to be looked at again."""
        store, skipped, now = self.run.store, self.run.outcomes.skipped, clock.now()
        skipped["to_be_tried_later"] += store.count_waiting(self.name, now)
        max_wait = self.crawler.settings.getfloat("NEWS_WAIT_SECONDS")
        self.run.outcomes.planned = store.count_due(self.name, now)
        handed = 0
        for page in chain(store.pending(self.name, now), store.looks(self.name, now)):
            dated = page.candidate.published or page.candidate.modified
            url = self.profile.here(page.candidate.url)
            recall(netloc_of(url), store, self.crawler.settings)
            if PACE.held(netloc_of(url)) > max_wait:
                skipped["host_asks_to_wait"] += 1
            elif self.discovery.is_unreachable:
                skipped["site_unreachable"] += 1
            elif not self.profile.owns(url):
                skipped["at_another_address"] += 1
            elif self.arguments.since and dated and dated < self.arguments.since:
                skipped["too_old"] += 1
            elif self.arguments.max_articles is not None and handed >= self.arguments.max_articles:
                skipped["over_max_articles"] += 1
            else:
                handed += 1
                yield page

    def page_request(self, pending: PendingPage) -> Request:
        """The request for an article's page; a conditional one if its article is stored."""
        return Request(
            self.profile.here(pending.candidate.url),
            callback=self.parse_article,
            errback=self.page_failed,
            cb_kwargs={"page": Page(url=pending.url, site=self.name), "candidate": pending.candidate},
            headers=pending.validators.headers,
            meta={
                "handle_httpstatus_list": [NOT_MODIFIED] if pending.is_look else [],
                "known": pending.validators,
            },
        )

    async def parse_article(self, response: Response, page: Page, candidate: Candidate) -> AsyncIterator[Article]:
        """The article of a page, for the pipelines; a page without one ends here, with its reason."""
        page.final_url, page.status, page.fetched = response.url, response.status, clock.now()
        page.redirects = response.meta.get("redirect_urls", [])
        known: Validators = response.meta["known"]
        if response.status == NOT_MODIFIED:
            await self.run.settle(PageResult(page=page, outcome="unchanged"))
            return
        said = validators_of(response)
        page.etag, page.last_modified, page.body_hash = said.etag, said.last_modified, said.body_hash
        if known.body_hash == page.body_hash:
            await self.run.settle(PageResult(page=page, outcome="unchanged"))
            return
        try:
            reserved = self.tdm is not None and await self.tdm.reserves(response.url)
        except TdmUnknown as error:
            logger.info("not stored %s: %s", response.url, error)
            await self.run.settle(PageResult(page=page, outcome="failed", reason="tdm_unknown", retry=True))
            return
        except CrawlStopped:  # the next crawl takes it up
            return
        except StoreError as error:
            self.run.give_up(error)
            return
        page.directives = directives(all_headers(response), response.body, reserved=reserved)
        if respected := self.respected.intersection(page.directives):
            await self.run.settle(PageResult(page=page, outcome="dropped", reason=f"directive_{min(respected)}"))
            return
        if not is_html(header(response, "Content-Type")):
            await self.run.settle(PageResult(page=page, outcome="dropped", reason="not_html"))
            return
        article = await self.article_of(response, page=page, profile=self.profile, candidate=candidate)
        if article is not None:
            yield article

    async def page_failed(self, failure: Failure) -> None:
        """A request gave no page: that is its outcome."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page: Page = request.cb_kwargs["page"]
        reason = failure_reason(failure)
        if reason.word == STOPPED:  # the next crawl takes it up
            return
        page.status, page.fetched, page.not_before = reason.status, clock.now(), reason.until
        logger.info("failed %s: %s %s", request.url, reason.word, reason.detail)
        await self.run.settle(PageResult(page=page, outcome="failed", reason=reason.word, retry=reason.passing))
