"""Items of spiders on the way to the pipelines: those that count as articles become Articles with their page."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import clock
from crawler.crawl.context import context_of
from crawler.crawl.run import run_of
from crawler.fetch.capture import capture
from crawler.item_fields import ItemError, article_of, complete, is_article
from crawler.items import Article, Candidate, Page
from crawler.urls import canonical_or_none

logger = logging.getLogger(__name__)


class ArticleItems:
    """Spider middleware, the one next to the engine: those of the user see the items as the spider made them."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._takes_others = crawler.settings.getbool("NEWS_ARTICLE_ITEMS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """What the spider's `start` yields."""
        async for item in start:
            if (result := self._result(item, None)) is not None:
                yield result

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        """What a callback yields."""
        for item in result:
            if (made := self._result(item, response)) is not None:
                yield made

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """What an asynchronous callback yields."""
        async for item in result:
            if (made := self._result(item, response)) is not None:
                yield made

    def _result(self, item: Any, response: Response | None) -> Any:
        """The item, or the article that it counts as; None if a field of that cannot be read, which is reported."""
        is_own = isinstance(item, Article)
        if isinstance(item, Request) or (is_own and item.extractor is not None):
            return item
        requested = _requested_page(response)
        try:
            if is_own:
                complete(item)
            elif self._takes_others and ItemAdapter.is_item(item) and is_article(adapter := ItemAdapter(item)):
                assert self._crawler.spider is not None
                item = article_of(adapter, self._crawler.spider.name)
            else:
                return item
        except ItemError as error:
            self._refuse(error, response, requested)
            return None
        return self._with_page(item, response, requested)

    def _with_page(self, article: Article, response: Response | None, requested: Page | None) -> Article:
        if article.page is None:
            article.page = requested or self._page_of(article, response)
        if article.page is requested and response is not None and response.request is not None:
            candidate = response.request.cb_kwargs.get("candidate")
            article.page.capture = capture(response, candidate if isinstance(candidate, Candidate) else None)
        return article

    def _page_of(self, article: Article, response: Response | None) -> Page:
        """The page of an article: the response, if that has its URL. One of an API or a list does not."""
        page = Page(url=article.url, site=article.site, fetched=clock.now())
        if response is None or response.request is None:
            return page
        if article.url in (canonical_or_none(response.url), canonical_or_none(response.request.url)):
            page.final_url, page.status, page.capture = response.url, response.status, capture(response)
        return page

    def _refuse(self, error: ItemError, response: Response | None, page: Page | None) -> None:
        """Report an item that cannot be stored; the exit code of the crawl will be 1."""
        where = response.url if response is not None else "an item of start()"
        logger.error("%s: the item counts as an article and is not stored: %s", where, error)
        self._crawler.stats.inc_value("run/errors")
        if page is not None and context_of(self._crawler) is not None:
            run_of(self._crawler).fail_page(page, "item_error")


def _requested_page(response: Response | None) -> Page | None:
    """The page of a site that was requested, if it has no article yet."""
    request = response.request if response is not None else None
    page = request.cb_kwargs.get("page") if request is not None else None
    return page if isinstance(page, Page) and not page.is_finished and page.capture is None else None
