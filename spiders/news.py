"""The spider of every site: discover → request → extract → yield Article. The pipelines do the rest."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from inspect import isawaitable
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.channels import Discovery
from crawler.crawl.context import RunContext
from crawler.crawl.date_order import with_proven_order
from crawler.crawl.page_selection import PageSelection
from crawler.crawl.rendering import RENDER
from crawler.crawl.rights import RightsReader
from crawler.crawl.session import mark_login
from crawler.crawl.tdm import TdmUnknown
from crawler.fetch.certificates import certificate_problem
from crawler.fetch.failures import CrawlStopped, FailureReason, FetchFailed, failure_reason, reason_of
from crawler.fetch.response import header, redirects_of, validators_of
from crawler.fetch.user_agent import set_user_agent
from crawler.item_fields import is_article
from crawler.items import Article, Candidate, Outcome, Page, PageResult
from crawler.rights.page import priced_signal
from crawler.store import PendingPage, StoreError
from crawler.urls import is_home
from crawler.usage import PageRights
from crawler.user_settings import parts_of
from spiders.discovering import DiscoveringSpider
from spiders.extracting import STOPPED, is_html

logger = logging.getLogger(__name__)

MAX_RENDERED_AGAIN = 50
"""Pages without text that `render = "auto"` requests again in a run: galleries and films have none either. Chosen by
hand."""


class NewsSpider(DiscoveringSpider):
    """Crawls one site as its profile describes it. The spider loader makes a subclass of it for each profile."""

    respected: frozenset[str]
    """Robots directives that keep a page from being stored."""

    rendered_again = 0
    """Pages that were requested again because they had no text; for `render = "auto"`."""

    min_body_chars: int
    max_channel_pages: int
    pages_back: int
    sitemap_age: timedelta
    rights: RightsReader
    """What pages say of their uses; made by `begin`."""

    def __init__(self, name: str | None = None, *, context: RunContext | None = None, **raw_arguments: object) -> None:
        super().__init__(name, context=context)
        self.arguments = CrawlArguments.parse(raw_arguments)
        if domains := getattr(self, "allowed_domains", None):
            self.profile = replace(self.profile, hosts=(*self.profile.hosts, *domains))
        if self.arguments.url:
            self.profile = self.profile.at(self.arguments.url)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider, settings = super().from_crawler(crawler, *args, **kwargs), crawler.settings
        spider.respected = frozenset(parts_of(settings["NEWS_RESPECT_DIRECTIVES"]))
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
        self.rights = RightsReader.from_crawler(self.crawler, context.store_thread)

    async def start(self) -> AsyncIterator[Request]:
        """First the channels; when all of them are finished, those that fill gaps; then the pages that are due, newest
        first, as fast as the engine takes them."""
        context = self.run.context
        with contextlib.suppress(StoreError):  # CrawlRun ends the crawl
            self.profile = await context.store_thread.call(with_proven_order, self.profile, context.store_thread.store)
        self.begin()
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
            await self.documents_finished()
            for channel in await self.discovery.gap_channels():
                yield await self.channel_request(channel)
            await self.documents_finished()
            await self.discovery.close_gaps()
            async for page in selection.due_pages():
                if self.crawler.engine.needs_backout():
                    await self.crawler.signals.wait_for(signals.scheduler_empty)
                yield self.page_request(page)

    async def log_in(self) -> None:
        """Override it, and `is_logged_out`, for a site that asks for a login: requests of its own (`fetch`) begin the
        session. It is called before any other request is sent, and when the session has ended. Whatever it raises is
        the reason `login_failed` of all requests."""

    def is_logged_out(self, response: Response) -> bool:
        """Override it together with `log_in`: whether a response shows that there is no session, as a form, a redirect
        to one or a status does. Its request is then sent once more after a login."""
        return False

    async def fetch(self, request: Request | str) -> Response:
        """The response to a further request, such as for the second part of an article: with the same rules of
        robots.txt, delays and hosts as all others. Raises FetchFailed, also for a status other
        than 2xx that is not in the `handle_httpstatus_list` of its meta."""
        request = mark_login(Request(request) if isinstance(request, str) else request)
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever Scrapy raises for a request that fails
            raise FetchFailed(request.url, reason_of(error)) from error
        if not 200 <= response.status < 300 and response.status not in request.meta.get("handle_httpstatus_list", ()):
            raise FetchFailed(request.url, reason_of(HttpError(response, f"HTTP {response.status}")))
        return response

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
                "handle_httpstatus_list": [*([HTTPStatus.NOT_MODIFIED] if headers else []), *self.allowed_codes],
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
        article = await self._read(response, page, candidate)
        if isinstance(article, Article) and self._lacks_its_scripts(response, article):
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
        request = response.request.replace(meta={**response.meta, RENDER: "page"}, dont_filter=True)
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
        is_unchanged = known.validators.body_hash == page.body_hash
        try:
            # Also of an unchanged page: its headers and robots.txt may have changed.
            await self.rights.read(response, page, known.candidate)
        except TdmUnknown as error:
            if is_unchanged:
                return _unchanged(page, known)
            logger.info("not stored %s: %s", response.url, error)
            return PageResult(page=page, outcome="failed", reason="tdm_unknown", retry=True)
        if is_unchanged:
            return _unchanged(page, known)
        if respected := self.respected.intersection(page.directives):
            return PageResult(page=page, outcome="dropped", reason=f"directive_{min(respected)}")
        if page.redirects and is_home(response.url) and not is_home(page.url):
            return PageResult(page=page, outcome="dropped", reason="home_page")
        return None

    async def _read(self, response: Response, page: Page, candidate: Candidate) -> Any:
        """The article of a page, or an item that counts as one; None if it has none, with its outcome recorded, or if
        the crawl was stopped."""
        try:
            result: Any = self.read_article(response, candidate)
            article = await result if isawaitable(result) else result  # it may be a plain method
        except FetchFailed as error:  # a further request of the page
            await self._record_failure_of(page, error.reason, response.url)
            return None
        if isinstance(article, Article):
            article.page = page
        elif article is None and not page.is_finished:
            await self.recorder.record_outcome(PageResult(page=page, outcome="dropped", reason="no_article"), "extract")
        elif article is not None and not (ItemAdapter.is_item(article) and is_article(ItemAdapter(article))):
            raise TypeError("read_article must return an Article, an item with url, title and body, or None")
        return article

    async def read_article(self, response: Response, candidate: Candidate) -> Any:
        """Override it for articles that only the site's own code can read, or that need further requests (`fetch`). It
        returns an Article, an item with the fields of one, like a dict, or None if the page has none. What the base
        class returns is a page's HTML, extracted."""
        page: Page = response.cb_kwargs["page"]
        if not is_html(header(response, "Content-Type")):
            await self.recorder.record_outcome(PageResult(page=page, outcome="dropped", reason="not_html"), "fetch")
            return None
        return await self.article_of(response, page=page, profile=self.profile, candidate=candidate)

    async def page_failed(self, failure: Failure) -> None:
        """A request gave no page."""
        request: Request = failure.request  # type: ignore[attr-defined]
        await self._record_failure_of(request.cb_kwargs["page"], failure_reason(failure), request.url)

    async def _record_failure_of(self, page: Page, reason: FailureReason, url: str) -> None:
        if reason.code == STOPPED:  # the next run requests the page again
            return
        page.status, page.fetched, page.not_before = reason.status, clock.now(), reason.until
        logger.info("failed %s: %s %s", url, reason.code, reason.detail)
        is_priced = reason.status == HTTPStatus.PAYMENT_REQUIRED
        if is_priced:
            page.rights = PageRights((priced_signal(),))
        outcome: Outcome = "priced" if is_priced else "failed"
        result = PageResult(page=page, outcome=outcome, reason=reason.code, retry=reason.is_transient)
        await self.recorder.record_outcome(result, "fetch")


def _unchanged(page: Page, known: PendingPage) -> PageResult:
    """The outcome of a page that is the same as at its last request."""
    if known.dropped is None:
        return PageResult(page=page, outcome="unchanged")
    return PageResult(page=page, outcome="dropped", reason=known.dropped, shown=known.validators.body_hash)
