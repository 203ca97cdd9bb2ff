"""archive: the page of an article becomes a WARC record, which is written when the store accepts the article."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.archive.record import response_record
from crawler.crawl.context import context_of
from crawler.crawl.page_archive import PageArchive
from crawler.crawl.run import run_of
from crawler.crawl.store_thread import StoreThread
from crawler.items import Article
from crawler.store import StoreError


class ArchivePipeline:
    """Makes the record of each page; the run hands the archive that writes it down to the store, with the batch.

    Whatever fails here costs the record, not the page: it is logged once, and the exit code of the crawl is not 0.
    """

    def __init__(self, archive: PageArchive, thread: StoreThread) -> None:
        self._archive = archive
        self._thread = thread
        self._executor = ThreadPoolExecutor(1, "archive")  # one: articles must reach the store in the order they came

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured if no pages are archived."""
        if context_of(crawler) is None or (run := run_of(crawler)).recorder.archive is None:
            raise NotConfigured
        return cls(run.recorder.archive, run.context.store_thread)

    async def process_item(self, item: Article) -> Article:
        """The item, with the record of its page: made outside the transaction, because compressing it takes longer
        than writing it."""
        page = item.page
        if page is not None and page.capture is not None and page.location is None:
            try:
                loop = asyncio.get_running_loop()
                page.capture.record = await loop.run_in_executor(self._executor, response_record, page)
            except Exception as error:  # whatever a server has sent: no record is worth a page
                page.capture = None
                self._archive.record_failure(error)
        if self._archive.has_new_file:
            await self._delete_outdated()
        return item

    def close_spider(self) -> None:
        """Called by Scrapy when the last item has passed."""
        self._executor.shutdown(wait=False)

    async def _delete_outdated(self) -> None:
        try:
            await self._thread.call(self._archive.delete_outdated)
        except StoreError:  # CrawlRun ends the crawl
            return
