"""archive: the page of an article becomes a WARC record, which is written when the store accepts the article."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler import clock
from crawler.archive import archive_folder
from crawler.archive.files import ArchiveWriter, held, outdated_files
from crawler.archive.record import response_record
from crawler.crawl.run import CrawlRun
from crawler.items import Article, Page, RecordLocation
from crawler.store import StoreError

logger = logging.getLogger(__name__)

_MB = 1_000_000


class ArchivePipeline:
    """Gives each page its record and the store a place to keep it. Whatever fails here costs the record, not the page:
    it is told once, and the crawl's exit code says it."""

    def __init__(self, crawler: Crawler, run: CrawlRun, folder: Path) -> None:
        settings, spider = crawler.settings, crawler.spider
        assert spider is not None
        self._crawler = crawler
        self._store = run.store
        self._has_failed = False
        self._thread = ThreadPoolExecutor(1, "archive")  # one: articles must reach the store in the order they came
        self._files_checked = 1
        self._max_bytes = int(settings.getfloat("NEWS_ARCHIVE_MB") * _MB)
        self._max_days = settings.getfloat("NEWS_ARCHIVE_DAYS")
        self._writer = ArchiveWriter(
            folder,
            spider.name,
            max_bytes=int(settings.getfloat("NEWS_ARCHIVE_FILE_MB") * _MB),
            committed_end=run.store.archive_end,
            software=str(settings["USER_AGENT"]),
            operator=str(settings["NEWS_CONTACT"]),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured if pages are not to be kept."""
        folder = archive_folder(str(crawler.settings["NEWS_DB"]), str(crawler.settings["NEWS_ARCHIVE"]))
        run = crawler.get_extension(CrawlRun)
        if folder is None or run is None:
            raise NotConfigured
        pipeline = cls(crawler, run, folder)
        run.store.keep = pipeline.keep
        return pipeline

    async def process_item(self, item: Article) -> Article:
        """The item, its page's record made: outside the transaction, for it takes longer than writing it does."""
        page = item.page
        if page is not None and page.capture is not None and page.location is None:
            try:
                loop = asyncio.get_running_loop()
                page.capture.record = await loop.run_in_executor(self._thread, response_record, page)
            except Exception as error:  # whatever a server has sent: no record is worth a page
                page.capture = None
                self._complain(error)
        if self._writer.files_opened > self._files_checked:  # a run that fills many files must not wait for its end
            self._files_checked = self._writer.files_opened
            self._limit()
        return item

    def keep(self, page: Page) -> RecordLocation | None:
        """Write a page's record; where it is. Called by the store, before it commits the article."""
        if page.capture is None:
            return None
        try:
            return self._writer.append(page)
        except OSError as error:
            self._complain(error)
            return None

    def close_spider(self) -> None:
        """Called by Scrapy when the last item has passed."""
        self._thread.shutdown(wait=False)
        try:
            self._writer.close()
        except OSError as error:
            self._complain(error)
        self._limit()

    def _limit(self) -> None:
        """Delete what is over the limits, oldest first; first every trace of a file in the database."""
        folder, now = self._writer.folder, clock.now()
        try:
            for path in outdated_files(folder, max_bytes=self._max_bytes, max_days=self._max_days, now=now):
                with held(path) as is_ours:
                    if is_ours:
                        self._store.forget_archive_file(path.name)
                        path.unlink()
        except FileNotFoundError:  # no folder yet; or another crawl was faster
            return
        except (OSError, StoreError) as error:
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._crawler.stats.inc_value("run/errors")
            text = "archive: %s; articles are stored all the same, but the pages of some are not kept in %s"
            logger.error(text, error, self._writer.folder)
