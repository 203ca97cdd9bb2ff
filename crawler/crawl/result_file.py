"""NEWS_RESULT_FILE: how a crawl ended, for the program that started it."""

from __future__ import annotations

import contextlib
import json
import logging
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.crawl.context import context_of
from crawler.crawl.store_thread import StoreThread
from crawler.store import StoreError

logger = logging.getLogger(__name__)


class ResultFile:
    """Extension. A file that cannot be written costs the result, not the crawl: it is logged."""

    def __init__(self, path: Path, crawler: Crawler, thread: StoreThread) -> None:
        self._path = path
        self._crawler = crawler
        self._thread = thread
        self._first_change = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy, after CrawlRun is made. Raises NotConfigured without the setting, and for a crawl that
        records nothing."""
        path, context = str(crawler.settings["NEWS_RESULT_FILE"]), context_of(crawler)
        if not path or context is None:
            raise NotConfigured
        file = cls(Path(path), crawler, context.store_thread)
        crawler.signals.connect(file.spider_opened, signals.spider_opened)
        crawler.signals.connect(file.spider_closed, signals.spider_closed)
        return file

    async def spider_opened(self) -> None:
        """Signal: remember what was stored before."""
        with contextlib.suppress(StoreError):  # CrawlRun ends the crawl
            self._first_change, *_ = await self._thread.call(self._thread.store.exports.newest_changes)

    async def spider_closed(self, reason: str) -> None:
        """Signal: every article has passed the pipelines, so it is committed."""
        result: dict[str, Any] = {"finish_reason": reason, "run_id": self._crawler.stats.get_value("run/id")}
        with contextlib.suppress(StoreError):
            last, *_ = await self._thread.call(self._thread.store.exports.newest_changes)
            database = str(self._thread.store.path.absolute())
            result |= {"database": database, "changes": [self._first_change, last]}
        result["stats"] = self._crawler.stats.get_stats()
        try:
            self._path.write_text(json.dumps(result, default=str, ensure_ascii=False), "utf-8")
        except OSError as error:
            logger.error("NEWS_RESULT_FILE=%s cannot be written: %s", self._path, error.strerror)
