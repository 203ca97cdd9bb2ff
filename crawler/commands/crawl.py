"""scrapy crawl SITE: Scrapy's own command, with exit codes that cron can act on."""

from __future__ import annotations

import argparse
import asyncio
import logging
from pathlib import Path

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from crawler.cli.base import LOCKED, check_options, print_error
from crawler.cli.check_settings import check_settings
from crawler.crawl.arguments import ARGUMENT_HELP, ArgumentError, CrawlArguments
from crawler.crawl.from_settings import check_clock, open_store
from crawler.crawl.lock import SiteLock
from crawler.crawl.run import CrawlRun
from crawler.profile import ProfileError
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.store import StoreError

logger = logging.getLogger(__name__)


class Command(ScrapyCrawl):
    """Ends with 0 (all well), 1 (something of ours failed), 2 (wrong usage) or 75 (another process crawls the site)."""

    def syntax(self) -> str:
        return "[options] <site>"

    def short_desc(self) -> str:
        return "Crawl a site: new articles into the database"

    def long_desc(self) -> str:
        return f"Find the new articles of a site and store them. Arguments (-a): {ARGUMENT_HELP}"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        assert self.crawler_process is not None
        check_options(args)
        if len(args) != 1:
            raise UsageError("name one site; `scrapy list` names those there are", print_help=False)
        check_settings(self.settings)
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, ProfileSpiderLoader)
        for problem in loader.problems.values():
            print_error(f"left out: {problem}")
        lock = SiteLock(Path(str(self.settings["NEWS_DB"])), args[0])
        try:
            spider = loader.load(args[0])
            arguments = getattr(spider, "arguments_class", CrawlArguments).parse(opts.spargs)
            if isinstance(arguments, CrawlArguments) and arguments.url:
                loader.profiles[args[0]].at(arguments.url)
            with open_store(self.settings) as store:
                check_clock(store, self.settings)
            is_ours = lock.acquire()
        except (ArgumentError, ProfileError) as error:
            raise UsageError(str(error), print_help=False) from error
        except KeyError as error:
            self.exitcode = 1 if args[0] in loader.problems else 2
            print_error(error.args[0])
            return
        except StoreError as error:
            self.exitcode = 1
            print_error(str(error))
            return
        if not is_ours:
            self.exitcode = LOCKED
            print_error(f"{args[0]} is being crawled by another process; this one leaves it alone")
            return
        crawler = self._create_crawler(spider)
        crawl = self.crawler_process.crawl(crawler, **opts.spargs)
        assert isinstance(crawl, asyncio.Task)
        crawl.add_done_callback(self._tell_failure)
        self.crawler_process.start()
        run = crawler.get_extension(CrawlRun) if not self.crawler_process.bootstrap_failed else None
        self.exitcode = 0 if run is not None and not run.has_errors else 1
        if run is not None and run.is_unreachable:
            self.exitcode = 1
            print_error(f"{args[0]}: no channel gave any answer; is the network down, or the site?")

    @staticmethod
    def _tell_failure(crawl: asyncio.Task[None]) -> None:
        """A crawl that could not even begin: a sentence for what is wrong with the database, else the traceback."""
        error = None if crawl.cancelled() else crawl.exception()
        if isinstance(error, StoreError):
            print_error(str(error))
        elif error is not None:
            logger.error("the crawl could not begin", exc_info=error)
