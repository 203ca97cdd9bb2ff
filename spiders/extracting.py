"""What the spiders have in common: the record of the run, and the way from a response to an Article."""

from __future__ import annotations

import logging
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.run import CrawlRun
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool, FetchedPage
from crawler.fetch.capture import capture
from crawler.fetch.response import header
from crawler.items import Article, Candidate, Page, PageResult
from crawler.profile import SiteProfile

logger = logging.getLogger(__name__)


class ExtractingSpider(scrapy.Spider):
    """A spider whose pages are extracted in worker processes and end in a run's record."""

    extraction: ExtractionPool

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not hasattr(cls, "extraction"):  # `scrapy due` shares one pool among its spiders
            spider.extraction = ExtractionPool(
                workers=crawler.settings.getint("NEWS_EXTRACT_WORKERS"),
                seconds=crawler.settings.getfloat("NEWS_EXTRACT_SECONDS"),
            )
            crawler.signals.connect(spider.extraction.close, signals.spider_closed)
        return spider

    @property
    def run(self) -> CrawlRun:
        """The record of this run, and its store."""
        run = self.crawler.get_extension(CrawlRun)
        assert run is not None, "the extension crawler.crawl.run.CrawlRun is switched off"
        return run

    async def article_of(
        self, response: Response, *, page: Page, profile: SiteProfile, candidate: Candidate
    ) -> Article | None:
        """The article of a page that came, for the pipelines; None if the page ended without one, with its reason."""
        assert page.fetched is not None
        page.capture = capture(response, candidate)
        fetched = FetchedPage(
            body=response.body,
            content_type=header(response, "Content-Type") or None,
            url=response.url,
            profile=profile,
            candidate=candidate,
            fetched=page.fetched,
        )
        try:
            article = await self.extraction.extract(fetched)
        except ExtractionFailed as error:
            logger.error("cannot extract %s: %s", response.url, error)
            await self.run.settle(PageResult(page=page, outcome="failed", reason=error.reason))
            return None
        article.page = page
        return article


def is_html(content_type: str) -> bool:
    """Whether a Content-Type header may stand before an HTML page; a missing one may."""
    kind = content_type.split(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
