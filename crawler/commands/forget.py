"""rasid forget: make pages due again, as if they had never been requested."""

from __future__ import annotations

import argparse
import sys

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, Option
from crawler.cli.site_choice import choose_sites
from crawler.crawl.from_settings import open_store
from crawler.text import counted

_CONFIRM_ABOVE = 1
"""Pages up to which no confirmation is needed."""


class Command(NewsCommand):
    """Changes the state of pages, never their articles."""

    usage = "<url> | --site NAME | --failed"
    summary = "Make pages due again: one, those of a site, those that failed"
    description = (
        "The next crawl requests these pages as if they were new. Their articles stay stored; if the text has "
        "changed, the stored one becomes a revision. --site with --failed means the failed pages of this site."
    )
    options = (
        Option("--site", metavar="NAME", help="all pages of this site that are known"),
        Option("--failed", action="store_true", help="only pages that failed or were given up"),
        Option("--yes", action="store_true", help="do not ask for confirmation"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Count the pages, ask for confirmation, and reset them."""
        if len(args) > 1 or not (args or opts.site or opts.failed) or (args and (opts.site or opts.failed)):
            raise UsageError("give one URL, or --site NAME, or --failed", print_help=False)
        assert self.settings is not None
        with open_store(self.settings, create=False) as store:
            site = next(iter(choose_sites([opts.site] if opts.site else [], store, self.sites_folder)), None)
            selection = {"url": args[0] if args else None, "site": site, "failed": opts.failed}
            try:
                count = store.pages.reset(**selection, dry=True)
            except ValueError as error:  # not a URL
                raise UsageError(str(error), print_help=False) from error
            if not count:
                print("no page matches; nothing was changed")
                self.exitcode = 1
            elif count <= _CONFIRM_ABOVE or opts.yes or self._is_confirmed(count):
                number = store.pages.reset(**selection)
                print(f"{counted(number, 'page')} {'is' if number == 1 else 'are'} due again")
            else:
                print("nothing was changed")

    @staticmethod
    def _is_confirmed(count: int) -> bool:
        if not sys.stdin.isatty():
            raise UsageError(f"{count} pages would be requested again; confirm with --yes", print_help=False)
        return input(f"Request {count} pages again? [y/N] ").strip().lower() in ("y", "yes")
