"""rasid sites: every profile, its number of stored articles, its last crawl and its problems."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, print_error, profiles_missing
from crawler.cli.terminal import Column, print_table
from crawler.colours import is_terminal, paint
from crawler.crawl.exit_code import UNHEALTHY
from crawler.crawl.from_settings import open_store
from crawler.health import examine_sites
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles

_COLUMNS = (
    Column("name", "name"),
    Column("title", left_out=1, least=16),
    Column("language", left_out=4),
    Column("channels", left_out=3),
    Column("enabled", left_out=2),
    Column("articles", "number"),
    Column("last crawl", "time"),
    Column("problems", least=20),
)


class Command(NewsCommand):
    """Ends with 1 if a profile is broken or there is none, with 3 if a site is unhealthy."""

    usage = ""
    summary = "List the sites: channels, stored articles, last crawl, problems"

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the table."""
        assert self.settings is not None
        if args:
            raise UsageError("takes no arguments", print_help=False)
        profiles, problems = read_profiles(self.sites_folder)
        summaries, findings = {}, []
        if Path(str(self.settings["NEWS_DB"])).exists():
            with open_store(self.settings, create=False) as store:
                summaries = store.sites.summaries()
                findings = examine_sites(store, (p for p in profiles.values() if p.enabled), clock.now())
        rows, wrong = [], {}
        for name in sorted(profiles.keys() | problems.keys()):
            summary = summaries.get(name, {})
            stored = (str(summary.get("articles", 0)), summary.get("last_crawl") or "never")
            found = [finding.message for finding in findings if finding.site == name]
            wrong[name] = problems[name].splitlines() if name in problems else found
            rows.append((name, *_describe(profiles.get(name)), *stored, "; ".join(wrong[name])))
        print_table(_COLUMNS, rows, ["red" if row[-1] else None for row in rows])
        if is_terminal(sys.stdout):  # the table has only their beginnings
            for name, lines in wrong.items():
                for line in lines:
                    print(f"{paint(name, 'red')}: {line}")
        missing = profiles_missing(self.sites_folder, profiles)
        if missing is not None and not problems:
            print_error(missing)
        self.exitcode = 1 if problems or missing else UNHEALTHY if findings else 0


def _describe(profile: SiteProfile | None) -> tuple[str, str, str, str]:
    if profile is None:
        return ("", "", "", "broken")
    counts = Counter(channel.kind for channel in profile.channels())
    channels = ", ".join(kind if count == 1 else f"{count} {kind}" for kind, count in counts.items())
    enabled = "yes" if profile.enabled else "no"
    return (profile.title, profile.language or "", channels or "robots.txt", enabled)
