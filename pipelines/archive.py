"""archive: the page of an article becomes a WARC record, which is written when the store accepts the article."""

from __future__ import annotations

import contextlib
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.archive import archive_folder
from crawler.archive.record import make_record
from crawler.crawl.plain_run import RecorderSource, recorder_source
from crawler.items import Article
from crawler.store import StoreError


class ArchivePipeline:
    """Makes the record of each page; the run hands the archive that writes it down to the store, with the batch.

    Whatever fails here costs the record, not the page: it is logged once, and the exit code of the crawl is not 0.
    """

    def __init__(self, recorder: RecorderSource) -> None:
        self._recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured if no pages are archived."""
        settings = crawler.settings
        if archive_folder(str(settings["NEWS_DB"]), str(settings["NEWS_ARCHIVE"])) is None:
            raise NotConfigured
        return cls(recorder_source(crawler))

    async def process_item(self, item: Any) -> Any:
        """The item; an article with the record of its page: made outside the transaction, because compressing it takes
        longer than writing it. Not in a thread: passing a page to one took as long as the record, 0.3 ms."""
        recorder = await self._recorder() if isinstance(item, Article) else None
        if recorder is None or recorder.archive is None:
            return item
        page = item.page
        if page is not None and page.capture is not None and page.location is None:
            try:
                make_record(page.capture, page)
            except Exception as error:  # whatever a server has sent: no record is worth a page
                page.capture = None
                recorder.archive.record_failure(error)
        if recorder.archive.has_new_file:
            with contextlib.suppress(StoreError):  # CrawlRun ends the crawl
                await recorder.delete_outdated()
        return item
