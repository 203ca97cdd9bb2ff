"""What the spiders have in common: the run that they record to, and the way from a response to an Article."""

from __future__ import annotations

import logging
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.context import RunContext
from crawler.crawl.recorder import OutcomeRecorder
from crawler.crawl.run import CrawlRun, run_of
from crawler.extract.workers.pool import ExtractionFailed, FetchedPage
from crawler.fetch.capture import capture
from crawler.fetch.response import header
from crawler.items import Article, Candidate, Page, PageResult
from crawler.profile import SiteProfile

logger = logging.getLogger(__name__)

STOPPED = "stopped"
"""Reason of a request that failed because the crawl was stopped."""


class ExtractingSpider(scrapy.Spider):
    """A spider whose pages are extracted in worker processes and recorded in a run."""

    raw_arguments: dict[str, str]
    """What -a gave, or a script to `crawl`."""

    def __init__(self, name: str | None = None, *, context: RunContext | None = None) -> None:
        """`context`: what this crawl uses. `scrapy fetch` and `scrapy shell` give none, and record nothing."""
        super().__init__(name)
        self.context = context

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.raw_arguments = {name: str(value) for name, value in kwargs.items() if name != "context"}
        return spider

    @property
    def run(self) -> CrawlRun:
        """The run of this crawl; exists from `start` on."""
        return run_of(self.crawler)

    @property
    def recorder(self) -> OutcomeRecorder:
        """What records the outcomes of pages."""
        return self.run.recorder

    async def article_of(
        self, response: Response, *, page: Page, profile: SiteProfile, candidate: Candidate
    ) -> Article | None:
        """The article of a response, for the pipelines; None if the page failed, with its outcome recorded."""
        assert page.fetched is not None
        page.capture = capture(response, candidate)
        templates = self.run.templates
        fetched = FetchedPage(
            body=response.body,
            content_type=header(response, "Content-Type") or None,
            url=response.url,
            profile=profile,
            candidate=candidate,
            fetched=page.fetched,
        )
        decide = await templates.decider(response.url, profile)
        try:
            article, use = await self.run.context.pool.extract_by_task(fetched, decide)
        except ExtractionFailed as error:
            logger.error("cannot extract %s: %s", response.url, error)
            result = PageResult(page=page, outcome="failed", reason=error.reason, retry=error.is_transient)
            await self.recorder.record_outcome(result, "extract")
            return None
        if use is not None:
            await templates.record(use, profile)
        article.page = page
        return article


def is_html(content_type: str) -> bool:
    """Whether the body behind a Content-Type header may be HTML. So may one without the header."""
    kind = content_type.split(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
