"""rasid check: Scrapy's command, also for the spiders of sites."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast
from unittest import TextTestRunner

from scrapy import Request, Spider
from scrapy.commands.check import Command as ScrapyCheck
from scrapy.commands.check import TextTestResult
from scrapy.contracts import ContractsManager
from scrapy.exceptions import UsageError
from scrapy.spiderloader import SpiderLoaderProtocol
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object, set_environ

from crawler.cli.at_prompt import ABOVE_SPIDERS, allow_typed, check_arguments, prepare_settings, spider_for, with_start
from crawler.cli.base import DescribedCommand, check_options, print_error
from crawler.cli.check_settings import check_home
from crawler.crawl.trial import SiteSpider, trial_context
from crawler.scrapyext.spider_modules import is_site_spider
from crawler.store import StoreError


class Command(DescribedCommand, ScrapyCheck):
    """Ends with 0 if all contracts hold, 1 if one does not, and 2 for wrong usage."""

    usage = "[options] <spider>"
    summary = "Check the contracts of spiders"
    description = (
        "Check the contracts in the docstrings of callbacks, of all spiders or only of those that are given. The "
        "callbacks of a site's spider have @article and @channel. Nothing is stored."
    )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, before it makes the crawler process."""
        super().process_options(args, opts)
        assert self.settings is not None
        prepare_settings(self.settings)
        self.settings.set("ITEM_PIPELINES_BASE", {}, priority=ABOVE_SPIDERS)  # as Scrapy's does with the user's

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        assert self.crawler_process is not None
        check_options(args)
        check_home(self.settings)
        loader = self.crawler_process.spider_loader
        components = build_component_list(self.settings.get_component_priority_dict_with_base("SPIDER_CONTRACTS"))
        manager = ContractsManager(load_object(component) for component in components)
        with set_environ(SCRAPY_CHECK="true"):
            spiders = self._spiders(loader, args)
            tested = {spider: manager.tested_methods_from_spidercls(spider) for spider in spiders}
            if opts.list:
                for spider, methods in sorted(tested.items(), key=lambda each: each[0].name):
                    if methods or opts.verbose:
                        print("\n".join([spider.name, *(f"  * {method}" for method in sorted(methods))]))
                return
            try:
                self._check([spider for spider, methods in tested.items() if methods], manager, opts)
            except StoreError as error:  # the temporary one: the disk is full
                self.exitcode = 1
                print_error(str(error))

    def _spiders(self, loader: SpiderLoaderProtocol, names: list[str]) -> list[type[Spider]]:
        """Those that are named, else all. Raises UsageError for a name of none; of all, a broken one is reported."""
        spiders = []
        for name in names or loader.list():
            try:
                spider = spider_for(loader, "", name)
            except UsageError as error:
                if names:
                    raise
                self.exitcode = 1
                print_error(f"skipped: {error}")
            else:
                spiders += [spider] if spider is not None else []
        return spiders

    def _check(self, spiders: list[type[Spider]], manager: ContractsManager, opts: argparse.Namespace) -> None:
        assert self.settings is not None
        assert self.crawler_process is not None
        runner = TextTestRunner(verbosity=2 if opts.verbose else 1)
        result = TextTestResult(runner.stream, runner.descriptions, runner.verbosity)

        async def start(self: Spider) -> AsyncIterator[Request]:
            if is_site_spider(type(self)):
                cast(SiteSpider, self).begin()
            for request in manager.from_spider(self, result):
                if request is not None:
                    allow_typed(request.url)
                    yield request

        with trial_context(self.settings) as shared:
            for spider in spiders:
                arguments: dict[str, Any] = dict(opts.spargs)
                if is_site_spider(spider):
                    check_arguments(spider, opts.spargs)
                    context = replace(shared, stopping=asyncio.Event(), answered=asyncio.Event())
                    arguments["context"] = context
                self.crawler_process.crawl(with_start(spider, start), **arguments)
            started = time.monotonic()
            self.crawler_process.start()
        result.printErrors()
        result.printSummary(started, time.monotonic())
        if not result.wasSuccessful() or self.crawler_process.bootstrap_failed:
            self.exitcode = 1
