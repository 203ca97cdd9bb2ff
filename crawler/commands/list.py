"""rasid list: the names of the sites, one a line. What is wrong with a profile is reported."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, print_error
from crawler.scrapyext.spider_loader import ProfileSpiderLoader


class Command(NewsCommand):
    """Ends with 1 if a profile is broken. In place of Scrapy's own, which leaves broken profiles out silently."""

    usage = ""
    summary = "List the names of the sites"

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the names."""
        assert self.settings is not None
        if args:
            raise UsageError("takes no arguments", print_help=False)
        loader = ProfileSpiderLoader.from_settings(self.settings)
        for name in loader.list():
            print(name)
        for problem in loader.problems.values():
            print_error(f"skipped: {problem}")
        self.exitcode = int(bool(loader.problems))
