"""scrapy forget: pages become due again, as if they had never been asked for."""

from __future__ import annotations

import argparse
import sys

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand
from crawler.crawl.from_settings import open_store

_ASKS_ABOVE = 1


class Command(NewsCommand):
    """Changes what is asked for, never what is stored."""

    def syntax(self) -> str:
        return "<url> | --site NAME | --failed"

    def short_desc(self) -> str:
        return "Make pages due again: one, those of a site, those that failed"

    def long_desc(self) -> str:
        return (
            "The next crawl asks for these pages as if for the first time. Their articles stay stored; one whose text "
            "is another by then becomes a revision. --site and --failed together: what failed of this site."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="NAME", help="all pages of this site, and what its channels named")
        parser.add_argument("--failed", action="store_true", help="only pages that failed, or were given up")
        parser.add_argument("--yes", action="store_true", help="do not ask whether you are sure")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Count, ask, forget."""
        if len(args) > 1 or not (args or opts.site or opts.failed) or (args and (opts.site or opts.failed)):
            raise UsageError("name one URL, or --site NAME, or --failed", print_help=False)
        assert self.settings is not None
        wanted = {"url": args[0] if args else None, "site": opts.site, "failed": opts.failed}
        with open_store(self.settings, create=False) as store:
            try:
                count = store.forget(**wanted, dry=True)
            except ValueError as error:  # no URL
                raise UsageError(str(error), print_help=False) from error
            if not count:
                print("no such page is known; nothing was changed")
                self.exitcode = 1
            elif count <= _ASKS_ABOVE or opts.yes or self._is_sure(count):
                print(f"{store.forget(**wanted)} pages are due again")
            else:
                print("nothing was changed")

    @staticmethod
    def _is_sure(count: int) -> bool:
        if not sys.stdin.isatty():
            raise UsageError(f"{count} pages would be asked for again; say --yes if you mean it", print_help=False)
        return input(f"Ask for {count} pages again? [y/N] ").strip().lower() in ("y", "yes")
