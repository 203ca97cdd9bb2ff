"""scrapy health: what is wrong with the sites, compared with their own past."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import UNHEALTHY, NewsCommand, print_error
from crawler.cli.ping import ping
from crawler.crawl.from_settings import open_store
from crawler.health import examine_sites
from crawler.profile import read_profiles
from crawler.urls import absolute_url


class Command(NewsCommand):
    """Ends with 3 if a site is unhealthy."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Say which sites are not what they were: silent, redesigned, blocked"

    def long_desc(self) -> str:
        return "Compare each enabled site with its own past, by the rules of docs/unattended.md. Silent if all is well."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="as JSON: a list of what is wrong")
        parser.add_argument("--ping", metavar="URL", help="a monitor's address: URL if all is well, URL/fail if not")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what is wrong."""
        if args:
            raise UsageError("takes no arguments", print_help=False)
        if opts.ping is not None and absolute_url(opts.ping, "") is None:
            raise UsageError(f"--ping {opts.ping}: write an http or https address", print_help=False)
        assert self.settings is not None
        profiles, problems = read_profiles(Path(str(self.settings["NEWS_SITES"])))
        with open_store(self.settings, create=False) as store:
            found = examine_sites(store, (p for p in profiles.values() if p.enabled), clock.now())
        for problem in problems.values():
            print_error(problem)
        lines = [finding.line() for finding in found]
        if opts.json:
            print(json.dumps([finding.columns() for finding in found], ensure_ascii=False, indent=1))
        elif lines:
            print("\n".join(lines))
        self.exitcode = 1 if problems else UNHEALTHY if found else 0
        if opts.ping:
            ping(opts.ping, "fail" if self.exitcode else "success", "\n".join([*problems.values(), *lines]))
