"""The spider of every site: discover → request → extract → yield Article. The pipelines do the rest."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.channels import Discovery
from crawler.crawl.context import RunContext
from crawler.crawl.from_settings import list_setting
from crawler.crawl.page_selection import PageSelection
from crawler.crawl.rendering import RENDER
from crawler.crawl.tdm import TdmFiles, TdmUnknown
from crawler.discover import ChannelProblem, ChannelResult, ChildDocument, discover, request_url
from crawler.fetch.certificates import certificate_problem
from crawler.fetch.directives import directives
from crawler.fetch.failures import CrawlStopped, FailureReason, failure_reason
from crawler.fetch.response import all_headers, header, headers_of, redirects_of, validators_of
from crawler.fetch.robots_txt import RobotsTxt
from crawler.fetch.user_agent import set_user_agent
from crawler.items import Article, Candidate, Page, PageResult
from crawler.profile import Channel, SiteProfile
from crawler.store import EnqueueResult, PendingPage, StoreError
from crawler.urls import is_home
from spiders.extracting import ExtractingSpider, is_html

logger = logging.getLogger(__name__)

# WordPress answers with this status for a page of posts that does not exist any more: X-WP-TotalPages of the page
# before was too high. The body distinguishes it from other errors.
WORDPRESS_BAD_REQUEST = HTTPStatus.BAD_REQUEST
NO_SUCH_PAGE = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
"""What a site answers that is asked for the page after the last one of a feed or section."""

STOPPED = "stopped"

MAX_RENDERED_AGAIN = 50
"""Pages without text that `render = "auto"` requests again in a run: galleries and films have none either. Chosen by
hand."""


class NewsSpider(ExtractingSpider):
    """Crawls one site as its profile describes it. The spider loader makes a subclass of it for each profile."""

    profile: SiteProfile
    discovery: Discovery
    respected: frozenset[str]
    """Robots directives that keep a page from being stored."""

    is_failing = False
    """Whether no channel could be used at the last poll."""

    rendered_again = 0
    """Pages that were requested again because they had no text; for `render = "auto"`."""

    min_body_chars: int
    max_channel_pages: int
    pages_back: int
    sitemap_age: timedelta
    tdm: TdmFiles | None = None
    """What hosts reserve, if that is respected."""

    def __init__(self, name: str | None = None, *, context: RunContext | None = None, **raw_arguments: str) -> None:
        super().__init__(name, context=context)
        self.arguments = CrawlArguments.parse(raw_arguments)
        if self.arguments.url:
            self.profile = self.profile.at(self.arguments.url)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider, settings = super().from_crawler(crawler, *args, **kwargs), crawler.settings
        spider.respected = frozenset(list_setting(settings, "NEWS_RESPECT_DIRECTIVES"))
        spider.min_body_chars = settings.getint("NEWS_MIN_BODY_CHARS")
        spider.max_channel_pages = settings.getint("NEWS_MAX_CHANNEL_PAGES")
        spider.pages_back = settings.getint("NEWS_PAGES_BACK")
        spider.sitemap_age = timedelta(hours=settings.getfloat("NEWS_SITEMAP_HOURS"))
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Tell sites who crawls them, unless USER_AGENT is set. A subclass that overrides this must call it."""
        super().update_settings(settings)
        set_user_agent(settings)

    def begin(self) -> None:
        """Make what the callbacks use. Called once, when the run exists and before any request: by `start`, and by the
        commands that request a page of their own choice, `parse` and `check`."""
        context = self.run.context
        self.discovery = self.run.discovery = Discovery(
            thread=context.store_thread,
            stats=self.recorder.stats,
            profile=self.profile,
            arguments=self.arguments,
            max_documents=self.max_channel_pages,
            sitemap_age=self.sitemap_age,
            pages_back=self.pages_back,
        )
        if "tdm" in self.respected:
            self.tdm = TdmFiles.from_crawler(self.crawler, context.store_thread)

    async def start(self) -> AsyncIterator[Request]:
        """First the channels; when all of them are finished, those that fill gaps; then the pages that are due, newest
        first, as fast as the engine takes them."""
        self.begin()
        context = self.run.context
        selection = PageSelection(
            self.crawler,
            self.run,
            self.recorder,
            profile=self.profile,
            arguments=self.arguments,
            discovery=self.discovery,
        )
        with contextlib.suppress(StoreError):  # CrawlRun ends the crawl
            site = await context.store_thread.call(context.store_thread.store.sites.state, self.name)
            self.is_failing = site is not None and site.failures > 0
            for channel in await self.first_channels():
                yield await self.channel_request(channel)
            await self.discovery.finished.wait()
            for channel in await self.discovery.gap_channels():
                yield await self.channel_request(channel)
            await self.discovery.finished.wait()
            await self.discovery.close_gaps()
            async for page in selection.due_pages():
                if self.crawler.engine.needs_backout():
                    await self.crawler.signals.wait_for(signals.scheduler_empty)
                yield self.page_request(page)

    # -- discover ------------------------------------------------------------------------------------------------------

    async def first_channels(self) -> list[Channel]:
        """The profile's channels, or robots.txt with its sitemaps if the profile has none."""
        channels = await self.discovery.first_channels()
        if not self.profile.channels():
            return [Channel("sitemap", self.profile.robots_url)]
        if not self.profile.channels(self.arguments.channel):
            logger.warning("%s has no channel of kind %s", self.name, self.arguments.channel)
        return channels

    async def channel_request(self, channel: Channel) -> Request:
        """The request for a channel's document; a conditional one if the document was read before."""
        self.discovery.begin(channel)
        state = await self.discovery.state(channel)
        is_rendered = self.profile.renders_channel(channel.kind)
        is_wordpress = channel.kind == "wordpress"
        return Request(
            request_url(channel),
            callback=self.parse_robots if channel.url == self.profile.robots_url else self.parse_channel,
            errback=self.channel_failed,
            cb_kwargs={"channel": channel},
            headers={} if is_rendered else state.validators.headers,
            meta={
                **({RENDER: "list"} if is_rendered else {}),
                "handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED, *([WORDPRESS_BAD_REQUEST] if is_wordpress else [])],
                # A site that was down at the last poll is tried once: a dead host must not hold a place of `rasid due`
                # for three time limits. One that is up again is polled as usual next time.
                **({"max_retry_times": 0} if self.is_failing else {}),
            },
            priority=10,
        )

    async def parse_robots(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """Request the sitemaps that robots.txt lists."""
        async with self.discovery.finishing(channel):
            sitemaps = [self.profile.here(url) for url in RobotsTxt.parse(response.body, response.url).sitemaps]
            if not sitemaps:
                problem = "robots.txt lists no sitemap; add a channel to the profile"
                self.discovery.record_failure(channel, problem=problem)
                self._report_problem(channel, problem)
            documents = [ChildDocument(channel=Channel("sitemap", url)) for url in sitemaps]
            for document in await self.discovery.in_turn(documents, channel):
                if await self.discovery.should_request(document, channel, EnqueueResult(0, 0, frozenset())):
                    yield await self.channel_request(document.channel)

    async def parse_channel(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """Commit what a channel lists before any of it is requested, then request the documents that it leads to."""
        async with self.discovery.finishing(channel):
            if await self.discovery.record_if_unchanged(channel, response.status, response.body):
                return
            since = self.arguments.since
            try:
                result = discover(
                    channel,
                    response.body,
                    self.profile,
                    url=response.url,
                    headers=headers_of(response),
                    since=since,
                )
            except ChannelProblem as problem:
                if self.discovery.is_further_page(channel):  # as a page with an error in place of a 404
                    self.discovery.record_end(channel, is_last=True)
                else:
                    await self._record_failure(channel, str(problem), response.status)
                return
            for reason, number in result.skipped.items():
                self.recorder.stats.skip(reason, number)
            enqueued = await self._enqueue(response, channel, result)
            self.discovery.record_read(channel, validators_of(response), result, enqueued)
            for document in await self.discovery.in_turn(result.children, channel):
                if await self.discovery.should_request(document, channel, enqueued):
                    yield await self.channel_request(document.channel)

    async def _enqueue(self, response: Response, channel: Channel, result: ChannelResult) -> EnqueueResult:
        """Commit what a document lists, and report what is wrong with it."""
        if self.discovery.is_further_page(channel):  # the last one may list nothing
            return await self.recorder.enqueue_further(result.candidates, again=self.arguments.force)
        for text in result.problems:
            self._report_problem(channel, text)
        return await self.recorder.enqueue(
            channel,
            result.candidates,
            order=result.order,
            status=response.status,
            problem="; ".join(result.problems) or None,
            again=self.arguments.force,
            is_conditional=_is_conditional(response),
            completion=self.discovery.completion(validators_of(response), result),
            foreign_hosts=result.hosts_to_add() if channel.kind != "section" else None,
        )

    async def channel_failed(self, failure: Failure) -> None:
        """A channel's document was not sent; the other channels go on."""
        channel: Channel = failure.request.cb_kwargs["channel"]  # type: ignore[attr-defined]
        async with self.discovery.finishing(channel):
            reason = failure_reason(failure)
            if reason.code == STOPPED:
                self.discovery.record_stopped(channel)
            elif self.discovery.is_further_page(channel) and not reason.is_transient:
                # Whatever the reason, robots.txt among them: such a page is not to be had, and the feed has no problem.
                self.discovery.record_end(channel, is_last=reason.status in NO_SUCH_PAGE)
            else:
                problem = f"{reason.code} {reason.detail}".rstrip()
                await self._record_failure(channel, problem, reason.status, reason)

    async def _record_failure(
        self, channel: Channel, problem: str, status: int | None, reason: FailureReason | None = None
    ) -> None:
        self.discovery.record_failure(channel, reason, problem)
        self._report_problem(channel, problem)
        if not self.discovery.is_further_page(channel):
            await self.recorder.enqueue(channel, [], status=status, problem=problem)

    def _report_problem(self, channel: Channel, problem: str) -> None:
        logger.warning("channel %s: %s", channel.url, problem)
        self.recorder.stats.count("discover/channel_problems")

    # -- fetch and extract ---------------------------------------------------------------------------------------------

    def page_request(self, pending: PendingPage) -> Request:
        """The request for an article's page; a conditional one if its article is stored."""
        # What a server says of a page without its scripts says nothing about the text.
        headers = {} if self.profile.renders_articles else pending.validators.headers
        return Request(
            self.profile.here(pending.candidate.url),
            callback=self.parse_article,
            errback=self.page_failed,
            cb_kwargs={
                "page": Page(url=pending.url, site=self.name, is_retry=pending.is_retry),
                "candidate": pending.candidate,
            },
            headers=headers,
            meta={
                **({RENDER: "page"} if self.profile.renders_articles else {}),
                "handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED] if headers else [],
                "known": pending,
            },
        )

    async def parse_article(
        self, response: Response, page: Page, candidate: Candidate
    ) -> AsyncIterator[Article | Request]:
        """The article of a page, for the pipelines; the outcome of a page without an article is recorded here. A page
        without text may be requested again, to be rendered."""
        page.final_url, page.status, page.fetched = response.url, response.status, clock.now()
        page.redirects = redirects_of(response)
        page.certificate_problem = certificate_problem(response)
        try:
            result = await self._without_article(response, page)
        except (CrawlStopped, StoreError):  # the next run requests the page again
            return
        if result is not None:
            await self.recorder.record_outcome(result, "fetch")
            return
        article = await self.article_of(response, page=page, profile=self.profile, candidate=candidate)
        if article is not None and self._lacks_its_scripts(response, article):
            yield self._rendered_request(response)
        elif article is not None:
            yield article

    def _lacks_its_scripts(self, response: Response, article: Article) -> bool:
        """Whether a page has no text, and may have one when its scripts have run. A wall is not rendered."""
        return (
            self.profile.render == "auto"
            and self.rendered_again < MAX_RENDERED_AGAIN
            and RENDER not in response.meta
            and len(article.body) < self.min_body_chars
            and article.page_type not in ("blocked", "error")
            and b"<script" in response.body
        )

    def _rendered_request(self, response: Response) -> Request:
        """The request for a page that had no text."""
        assert response.request is not None
        self.rendered_again += 1
        request = response.request.replace(meta={**response.meta, RENDER: "page"})
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)
        return request

    async def _without_article(self, response: Response, page: Page) -> PageResult | None:
        """The outcome of a page from which no article is extracted: it is unchanged, forbids that, or is not HTML."""
        known: PendingPage = response.meta["known"]
        if response.status == HTTPStatus.NOT_MODIFIED:
            return _unchanged(page, known)
        validators = validators_of(response)
        page.etag, page.last_modified, page.body_hash = (
            validators.etag,
            validators.last_modified,
            validators.body_hash,
        )
        if known.validators.body_hash == page.body_hash:
            return _unchanged(page, known)
        try:
            is_reserved = self.tdm is not None and await self.tdm.reserves(response.url)
        except TdmUnknown as error:
            logger.info("not stored %s: %s", response.url, error)
            return PageResult(page=page, outcome="failed", reason="tdm_unknown", retry=True)
        page.directives = directives(all_headers(response), response.body, reserved=is_reserved)
        if respected := self.respected.intersection(page.directives):
            return PageResult(page=page, outcome="dropped", reason=f"directive_{min(respected)}")
        if page.redirects and is_home(response.url) and not is_home(page.url):
            return PageResult(page=page, outcome="dropped", reason="home_page")
        if not is_html(header(response, "Content-Type")):
            return PageResult(page=page, outcome="dropped", reason="not_html")
        return None

    async def page_failed(self, failure: Failure) -> None:
        """A request gave no page."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page: Page = request.cb_kwargs["page"]
        reason = failure_reason(failure)
        if reason.code == STOPPED:  # the next run requests the page again
            return
        page.status, page.fetched, page.not_before = reason.status, clock.now(), reason.until
        logger.info("failed %s: %s %s", request.url, reason.code, reason.detail)
        result = PageResult(page=page, outcome="failed", reason=reason.code, retry=reason.is_transient)
        await self.recorder.record_outcome(result, "fetch")


def _is_conditional(response: Response) -> bool:
    """Whether the request of a response had validators."""
    return response.request is not None and any(
        name in response.request.headers for name in ("If-None-Match", "If-Modified-Since")
    )


def _unchanged(page: Page, known: PendingPage) -> PageResult:
    """The outcome of a page that is the same as at its last request."""
    if known.dropped is None:
        return PageResult(page=page, outcome="unchanged")
    return PageResult(page=page, outcome="dropped", reason=known.dropped, shown=known.validators.body_hash)
