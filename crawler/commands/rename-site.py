"""rasid rename-site: give everything that is stored of a site the name of its renamed profile."""
# ruff: noqa: N999  (Scrapy takes the name of a command from its module)

from __future__ import annotations

import argparse
from contextlib import ExitStack

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, print_error
from crawler.crawl.exit_code import LOCKED
from crawler.crawl.from_settings import open_store
from crawler.crawl.lock import SiteLock
from crawler.profiles import read_profiles
from crawler.text import counted


class Command(NewsCommand):
    """Ends with 1 if nothing is stored of the site, 75 if one of the two is being crawled."""

    usage = "<old name> <new name>"
    summary = "Give what is stored of a site to its renamed profile"
    description = (
        "After sites/OLD.toml was renamed to sites/NEW.toml: give all that is stored of the site OLD (articles, pages, "
        "channels, runs) to NEW, in one transaction. Nothing is requested again."
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check both names and rename the site."""
        if len(args) != 2 or args[0] == args[1]:
            raise UsageError("give the old and the new name of a site", print_help=False)
        old, new = args
        assert self.settings is not None
        profiles, problems = read_profiles(self.sites_folder)
        if old in profiles:
            raise UsageError(f"{old}.toml still exists; rename it to {new}.toml first", print_help=False)
        if new not in profiles:
            problem = problems.get(new, f"{self.sites_folder / new}.toml does not exist; rename the profile first")
            raise UsageError(problem, print_help=False)
        with open_store(self.settings, create=False) as store, ExitStack() as stack:
            for name in (old, new):
                lock = SiteLock(store.path, name)
                if not lock.acquire():
                    self.exitcode = LOCKED
                    print_error(f"{name} is being crawled by another process; nothing was changed")
                    return
                stack.callback(lock.release)
            if old not in store.sites.summaries() and old not in store.sites.states():
                self.exitcode = 1
                print_error(f"nothing is stored of a site {old}; nothing was changed")
                return
            moved = store.sites.rename(old, new)
        moved_items = f"{counted(moved['articles'], 'article')} and {counted(moved['pages'], 'page')}"
        print(f"{moved_items} of {old} belong to {new} now")
