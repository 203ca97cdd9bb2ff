"""One line per event, with its URL: Scrapy's own formatter prints whole items."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from crawler.items import Article


class OneLineLogFormatter(LogFormatter):
    """Lines that have the URL of an article, not its text."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """An article is on disk."""
        return {"level": logging.INFO, "msg": "stored %(url)s", "args": {"url": _url(item)}}

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A page was fetched and is not an article."""
        args = {"url": _url(item), "reason": exception}
        return {"level": logging.INFO, "msg": "dropped %(url)s: %(reason)s", "args": args}

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A pipeline raised; Scrapy adds the traceback."""
        args = {"url": _url(item), "error": exception}
        return {"level": logging.ERROR, "msg": "cannot store %(url)s: %(error)s", "args": args}


def _url(item: Any) -> str:
    return item.url if isinstance(item, Article) else repr(item)[:200]
