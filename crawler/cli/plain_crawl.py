"""The crawl of a plain spider by a command: `crawl` and `runspider`."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import CrawlerProcessBase

from crawler.cli.base import print_error
from crawler.crawl.plain_run import PlainRun, has_failed
from crawler.crawl.report import is_quiet, plain_line, print_report
from crawler.scrapyext.feeds import UnusableFeeds
from crawler.store import StoreError

logger = logging.getLogger(__name__)


def crawl_plain(process: CrawlerProcessBase, spider: type[Spider], raw_arguments: dict[str, str]) -> int:
    """Run a spider that is not of a site, as Scrapy does, and print one line about it; the exit code, 1 if it had
    errors."""
    crawler = process.create_crawler(spider)

    def hand_over_arguments() -> None:
        run = crawler.get_extension(PlainRun)
        if run is not None:
            run.raw_arguments = raw_arguments

    crawler.signals.connect(hand_over_arguments, signals.spider_opened)
    log_failure_of(process.crawl(crawler, **raw_arguments))
    process.start()
    if process.bootstrap_failed:
        return 1
    if not is_quiet(crawler.settings):
        print_report(plain_line(spider.name, crawler.stats.get_stats()))
    return int(has_failed(crawler))


def log_failure_of(crawl: Any) -> None:
    """Report why a crawl could not begin: one sentence for what a user can mend, else with the traceback."""
    if isinstance(crawl, asyncio.Task):
        crawl.add_done_callback(lambda task: _log_failure(None if task.cancelled() else task.exception()))
    else:  # a Deferred, with FORCE_CRAWLER_PROCESS
        crawl.addErrback(lambda failure: _log_failure(failure.value))


def _log_failure(error: BaseException | None) -> None:
    if isinstance(error, UnusableFeeds):
        print_error(str(error))
    elif error is not None and not isinstance(error, StoreError):
        logger.error("the crawl could not begin", exc_info=error)
