"""rasid list: the names of the sites and of the other spiders, one a line. What is wrong with them is reported."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.terminal import Column, print_table
from crawler.scrapyext.spider_loader import ProfileSpiderLoader

_COLUMNS = (Column("name", "name"), Column("kind"), Column("defined in"))


class Command(NewsCommand):
    """Ends with 1 if a profile or a spider is broken. In place of Scrapy's own, which leaves broken profiles out
    silently, and ends at the first module that cannot be imported."""

    usage = "[options]"
    summary = "List the names of the sites and spiders"
    description = (
        "Print what `crawl` takes, one name a line: first the sites, which have a profile, then the other spiders."
    )
    options = (Option("--long", action="store_true", help="print a table with the kind of each, and where it is"),)

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the names."""
        assert self.settings is not None
        if args:
            raise UsageError("takes no arguments", print_help=False)
        loader = ProfileSpiderLoader.from_settings(self.settings)
        if opts.long:
            print_table(_COLUMNS, [_row(loader, name) for name in loader.list()])
        else:
            for name in loader.list():
                print(name)
        problems = [*loader.problems.values(), *loader.module_problems.values(), *loader.spider_problems.values()]
        for problem in dict.fromkeys(problems):
            print_error(f"skipped: {problem}")
        self.exitcode = int(bool(problems))


def _row(loader: ProfileSpiderLoader, name: str) -> tuple[str, str, str]:
    if name in loader.spiders:
        return name, "spider", loader.spiders[name].__module__
    return name, "site", f"{loader.folder.name}/{name}.toml"
