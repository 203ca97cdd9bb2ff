"""One line per event of an article, with its URL: Scrapy's own formatter prints whole items."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from crawler.items import Article


class OneLineLogFormatter(LogFormatter):
    """Lines that have the URL of an article, not its text. Items of other kinds are logged as by Scrapy."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """An article is on disk."""
        if not isinstance(item, Article):
            return super().scraped(item, response, spider)
        return {"level": logging.INFO, "msg": "stored %(url)s", "args": {"url": item.url}}

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A page was fetched and is not an article: no reason for a warning, unless the user has set a level."""
        scrapys = super().dropped(item, exception, response, spider)
        if not isinstance(item, Article):
            return scrapys
        is_set = (spider.crawler.settings.getpriority("DEFAULT_DROPITEM_LOG_LEVEL") or 0) > 0
        level = scrapys["level"] if is_set or getattr(exception, "log_level", None) else logging.INFO
        args = {"url": item.url, "reason": exception}
        return {"level": level, "msg": "dropped %(url)s: %(reason)s", "args": args}

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A pipeline raised; Scrapy adds the traceback."""
        if not isinstance(item, Article):
            return super().item_error(item, exception, response, spider)
        args = {"url": item.url, "error": exception}
        return {"level": logging.ERROR, "msg": "cannot store %(url)s: %(error)s", "args": args}
