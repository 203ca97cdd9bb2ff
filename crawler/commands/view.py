"""rasid view URL: Scrapy's command, fetched as by `fetch`."""

from __future__ import annotations

import argparse

from scrapy.http import Response, TextResponse
from scrapy.utils.response import open_in_browser

from crawler.cli.base import print_error
from crawler.commands.fetch import Command as FetchCommand


class Command(FetchCommand):
    """Ends with 0 if the page was handed to a browser."""

    summary = "Open a URL in the browser, as a crawl would see it"
    description = "Fetch a URL as `fetch` does, and open what was received in the browser."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--headers", help=argparse.SUPPRESS)

    def received(self, response: Response, opts: argparse.Namespace) -> None:
        """Open the response."""
        if not isinstance(response, TextResponse):
            self.exitcode = 1
            print_error(f"{response.url}: not a text that a browser can show")
        elif not open_in_browser(response):
            self.exitcode = 1
            print_error("no browser could be opened; BROWSER names the one to use")
