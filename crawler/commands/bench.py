"""rasid bench: Scrapy's benchmark, without what slows our crawls down on purpose."""

from __future__ import annotations

import argparse

from scrapy.commands.bench import Command as ScrapyBench
from scrapy.exceptions import UsageError
from scrapy.settings import default_settings

from crawler.cli.at_prompt import ABOVE_SPIDERS, allow_typed
from crawler.cli.base import DescribedCommand, check_options

_SERVER = "http://localhost:8998"
"""Of Scrapy's benchmark."""


class Command(DescribedCommand, ScrapyBench):
    """Records nothing."""

    usage = "[options]"
    summary = "Measure how many pages a minute can be fetched on this machine"
    description = (
        "Crawl a local server for ten seconds (-s CLOSESPIDER_TIMEOUT=10) with our components, but without delays and "
        "robots.txt, and log the pages a minute."
    )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, before it makes the crawler process."""
        super().process_options(args, opts)
        assert self.settings is not None
        quick = {
            "AUTOTHROTTLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": default_settings.CONCURRENT_REQUESTS_PER_DOMAIN,
            "DOWNLOAD_DELAY": 0,
            "DUPEFILTER_CLASS": default_settings.DUPEFILTER_CLASS,
            "LOG_LEVEL": "INFO",
            "LOGSTATS_INTERVAL": 1,
            "ROBOTSTXT_OBEY": False,
            "STATS_DUMP": True,
        }
        self.settings.setdict(quick, priority=ABOVE_SPIDERS)
        logstats = "scrapy.extensions.logstats.LogStats"
        extensions = self.settings.getdict("EXTENSIONS") | {logstats: default_settings.EXTENSIONS_BASE[logstats]}
        self.settings.set("EXTENSIONS", extensions, priority=ABOVE_SPIDERS)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        check_options(args)
        if args:
            raise UsageError("takes no arguments", print_help=False)
        allow_typed(_SERVER)
        super().run(args, opts)
