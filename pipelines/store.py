"""store: an Article and the outcome of its page are committed together."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.crawl.plain_run import RecorderSource, recorder_source
from crawler.items import Article, Page, PageResult


class NotStored(DropItem):
    """The store failed: the crawl ends, and the item must not count as stored."""


class NotTheArticle(DropItem):
    """The store has blocked the text, see crawler/store/articles/suspect.py: it must not be exported."""


class StorePipeline:
    """Hands articles to the run's recorder. An article that has passed is on disk; other items pass as they are."""

    def __init__(self, recorder: RecorderSource) -> None:
        self._recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy, after the extensions are made. Raises NotConfigured for a crawl that records nothing."""
        return cls(recorder_source(crawler))

    async def process_item(self, item: Any) -> Any:
        """The item; an article as it was stored, when it is committed."""
        if not isinstance(item, Article):
            return item
        page = item.page or Page(url=item.url, site=item.site)
        result = PageResult(page=page, article=item)
        recorder = await self._recorder()
        if recorder is None or not await recorder.record_outcome(result, "store"):
            raise NotStored("the store failed; the next run requests the page again")
        page.capture = None  # it is archived, and what follows has no use for bytes
        if result.outcome == "blocked":
            raise NotTheArticle(f"{page.url}: {result.reason}; the stored text is unchanged")
        stored = result.article or item
        stored.identity = None  # nor for what the store has compared
        return stored
