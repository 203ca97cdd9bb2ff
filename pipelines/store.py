"""store: an Article and its page's outcome are committed together."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.crawl.run import CrawlRun
from crawler.items import Article, Page, PageResult


class NotKept(DropItem):
    """The database failed: the crawl ends, and the item must not pass for stored."""


class StorePipeline:
    """Hands articles to the run's store. An item that has passed is on disk."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy, after the extensions are made."""
        run = crawler.get_extension(CrawlRun)
        if run is None:
            raise RuntimeError("the extension crawler.crawl.run.CrawlRun is switched off; StorePipeline needs it")
        return cls(run)

    async def process_item(self, item: Article) -> Article:
        """The item as it was stored, when it is committed."""
        page = item.page or Page(url=item.url, site=item.site)
        result = PageResult(page=page, article=item)
        if not await self._run.settle(result):
            raise NotKept("the database failed; the page is fetched again by the next run")
        return result.article or item
