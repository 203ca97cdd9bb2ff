"""store: an Article and the outcome of its page are committed together."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from crawler.crawl.context import context_of
from crawler.crawl.recorder import OutcomeRecorder
from crawler.crawl.run import run_of
from crawler.items import Article, Page, PageResult


class NotStored(DropItem):
    """The store failed: the crawl ends, and the item must not count as stored."""


class NotTheArticle(DropItem):
    """The store has blocked the text, see crawler/store/articles/suspect.py: it must not be exported."""


class StorePipeline:
    """Hands articles to the run's recorder. An item that has passed is on disk."""

    def __init__(self, recorder: OutcomeRecorder) -> None:
        self._recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy, after the extensions are made. Raises NotConfigured for a crawl that records nothing."""
        if context_of(crawler) is None:
            raise NotConfigured
        return cls(run_of(crawler).recorder)

    async def process_item(self, item: Article) -> Article:
        """The item as it was stored, when it is committed."""
        page = item.page or Page(url=item.url, site=item.site)
        result = PageResult(page=page, article=item)
        if not await self._recorder.record_outcome(result, "store"):
            raise NotStored("the store failed; the next run requests the page again")
        if result.outcome == "blocked":
            raise NotTheArticle(f"{page.url}: {result.reason}; the stored text is unchanged")
        return result.article or item
