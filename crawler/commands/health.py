"""rasid health: the sites that have changed for the worse, compared with their own past."""

from __future__ import annotations

import argparse
import json
import sys

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option, check_ping_url, print_error, profiles_missing
from crawler.cli.ping import ping
from crawler.cli.shown_finding import shown_finding
from crawler.crawl.exit_code import UNHEALTHY
from crawler.crawl.from_settings import open_store
from crawler.health import examine_and_record
from crawler.home import docs_page
from crawler.profiles import read_profiles


class Command(NewsCommand):
    """Ends with 3 if a site is unhealthy."""

    summary = "Report unhealthy sites: silent, redesigned, blocked"
    description = (
        f"Compare each enabled site with its own past, by the rules in {docs_page('unattended')}. Prints nothing if "
        "all is well."
    )
    options = (
        Option("--json", action="store_true", help="print a JSON list of findings"),
        Option("--ping", metavar="URL", help="URL of a monitor: requests URL if all is well, else URL/fail"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the findings."""
        if args:
            raise UsageError("takes no arguments", print_help=False)
        check_ping_url(opts.ping)
        assert self.settings is not None
        profiles, problems = read_profiles(self.sites_folder)
        with open_store(self.settings, create=False) as store:
            found = examine_and_record(store, (p for p in profiles.values() if p.enabled), clock.now())
        findings = [finding for each in found.values() for finding in each]
        missing = profiles_missing(self.sites_folder, profiles, enabled=True)
        if missing is not None and not problems:
            problems = {"": missing}
        for problem in problems.values():
            print_error(problem)
        lines = [finding.line() for finding in findings]
        if opts.json:
            print(json.dumps([finding.columns() for finding in findings], ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                print(shown_finding(finding, sys.stdout))
        self.exitcode = 1 if problems else UNHEALTHY if findings else 0
        if opts.ping:
            ping(opts.ping, "fail" if self.exitcode else "success", "\n".join([*problems.values(), *lines]))
