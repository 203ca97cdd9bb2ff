"""rasid fetch URL: Scrapy's command; if no page is received, it reports the reason."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator

from scrapy import Request, Spider
from scrapy.commands.fetch import Command as ScrapyFetch
from scrapy.http import Response
from scrapy.utils.spider import DefaultSpider
from twisted.python.failure import Failure

from crawler.cli.at_prompt import (
    ALL_BUT_REDIRECTS,
    allow_typed,
    prepare_settings,
    problem_of_failure,
    spider_for,
    typed_url,
    with_start,
)
from crawler.cli.base import DescribedCommand, check_options, print_error


class Command(DescribedCommand, ScrapyFetch):
    """Ends with 0 if there was a response, whatever its status, 1 if there was none, and 2 for wrong usage. It records
    nothing: the spider gets no context."""

    usage = "[options] <url>"
    summary = "Fetch a URL as a crawl would, and print it"
    description = (
        "Fetch a URL with the settings of the site that owns it, and print the body. robots.txt is respected, and "
        "nothing is stored."
    )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, before it makes the crawler process."""
        super().process_options(args, opts)
        assert self.settings is not None
        prepare_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.crawler_process is not None
        check_options(args)
        url = typed_url(args[0] if len(args) == 1 else "")
        spider = spider_for(self.crawler_process.spider_loader, url, opts.spider) or DefaultSpider
        allow_typed(url)
        request = Request(url, callback=self.received, errback=self.failed, cb_kwargs={"opts": opts}, dont_filter=True)
        if opts.no_redirect:
            request.meta["handle_httpstatus_all"] = True
        else:
            request.meta["handle_httpstatus_list"] = ALL_BUT_REDIRECTS

        async def start(self: Spider) -> AsyncIterator[Request]:
            yield request

        self.crawler_process.crawl(with_start(spider, start))
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = 1

    def received(self, response: Response, opts: argparse.Namespace) -> None:
        """Print the response."""
        if not opts.headers:
            _print_bytes(response.body)
            return
        assert response.request is not None
        for prefix, headers in ((b">", response.request.headers), (b"<", response.headers)):
            for name, values in headers.items():
                for value in values:
                    _print_bytes(b"%s %s: %s" % (prefix, name, value))
            if prefix == b">":
                _print_bytes(b">")

    def failed(self, failure: Failure) -> None:
        """Report that no response was received."""
        self.exitcode = 1
        print_error(problem_of_failure(failure))


def _print_bytes(text: bytes) -> None:
    sys.stdout.buffer.write(text + b"\n")
