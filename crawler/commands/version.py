"""rasid version: the version of Rasid; with -v also those of what it is built on, and where things are."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version

from scrapy.exceptions import UsageError

from crawler import __version__
from crawler.cli.base import NewsCommand, Option
from crawler.home import PROJECT

_LIBRARIES = ("Scrapy", "Twisted", "trafilatura", "lxml", "python-dateutil", "sqlite-utils")


class Command(NewsCommand):
    """Needs no home."""

    needs_home = False
    usage = "[-v]"
    summary = "Print the version of Rasid"
    options = (
        Option("-v", "--verbose", action="store_true", help="also print the versions of the libraries, and the home"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it."""
        assert self.settings is not None
        if args:
            raise UsageError("takes no arguments", print_help=False)
        print(f"Rasid {__version__}")
        if opts.verbose:
            lines = {name: version(name) for name in _LIBRARIES}
            lines |= {"Python": platform.python_version(), "platform": platform.platform(), "code": str(PROJECT)}
            lines["home"] = self.settings["NEWS_HOME"] or "none"
            for name, value in lines.items():
                print(f"{name:<16}{value}")
