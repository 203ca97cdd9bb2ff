"""rasid ledger: for each day what the channels of a site announced, and what became of it."""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta
from typing import Any

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option
from crawler.cli.date_option import parse_date_option
from crawler.cli.site_choice import choose_sites
from crawler.cli.terminal import Column, print_table, shown_time, shown_url
from crawler.crawl.from_settings import open_store
from crawler.ledger import LedgerDay, SiteLedger, Unnamed, site_ledger
from crawler.profiles import read_profiles

_DAYS = 14
"""Days that are shown without --since. Chosen by hand."""

_COUNTS = {
    "announced": 0, "stored": 0, "copies": 5, "updated": 6, "dropped": 1, "forbidden": 1, "blocked": 1, "failed": 1,
    "set_aside": 2, "waiting": 1, "retried": 3, "late": 5, "one_channel": 4,
}  # fmt: skip
"""Counts in the table, and which of them are left out first on a narrow terminal."""

_DAY_TABLE = (
    Column("site", "name"),
    Column("day", "name"),
    Column("polls", "number", left_out=3),
    *(Column(name.replace("_", " "), "number", left_out=left_out) for name, left_out in _COUNTS.items()),
    Column("gaps", "number", left_out=2),
    Column("state", left_out=7, least=12),
)
_CHANNEL_TABLE = (
    Column("site", "name"),
    Column("kind"),
    Column("announced", "number"),
    Column("alone", "number"),
    Column("last new", left_out=1),
    Column("channel", least=20),
)


class Command(NewsCommand):
    """Reads the database and changes nothing."""

    usage = "[options] [site] ..."
    summary = "Show what channels announced for each day, and what became of it"
    description = (
        "For each site and day: the pages that its channels announced, and how many of them are stored, dropped, "
        "forbidden, blocked, failed, set aside or still waiting; gaps; and an estimate of the articles that no channel "
        "named. Days are in UTC. A day is closed when nothing of it is expected any more."
    )
    options = (
        Option("--since", metavar="DATE", help=f"first day; default: {_DAYS - 1} days ago"),
        Option("--until", metavar="DATE", help="last day; default: today"),
        Option("--channels", action="store_true", help="print the channels, and what only one of them announced"),
        Option("--json", action="store_true", help="print all of it as a JSON list of sites"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the account of the sites."""
        assert self.settings is not None
        first, last = _bounds(opts)
        with open_store(self.settings, create=False) as store:
            sites = choose_sites(args, store, self.sites_folder)
            if not sites:
                profiles, _ = read_profiles(self.sites_folder)
                sites = tuple(sorted(profiles.keys() | store.sites.summaries().keys()))
            ledgers = [site_ledger(store, site, first, last) for site in sites]
        if opts.json:
            print(json.dumps([ledger.record() for ledger in ledgers], ensure_ascii=False, indent=1))
            return
        shown = [ledger for ledger in ledgers if ledger.days]
        if not shown:
            print(f"no channel announced anything from {first} to {last}")
            return
        if opts.channels:
            print_table(_CHANNEL_TABLE, (row for ledger in shown for row in _channel_rows(ledger)))
        else:
            print_table(_DAY_TABLE, (row for ledger in shown for row in _day_rows(ledger)))
        print()
        for ledger in shown:
            print(f"{ledger.site}: {_sentence(ledger.unnamed)}")


def _bounds(opts: argparse.Namespace) -> tuple[date, date]:
    since, until = parse_date_option(opts.since, "--since"), parse_date_option(opts.until, "--until")
    last = until.date() if until else clock.now().date()
    first = since.date() if since else last - timedelta(days=_DAYS - 1)
    if first > last:
        raise UsageError(f"--since {first} is after the last day, {last}", print_help=False)
    return first, last


def _day_rows(ledger: SiteLedger) -> list[list[str]]:
    rows = [
        _cells(ledger.site, day.day, day.polls, day.counts, day.gaps, _state(day))
        for day in reversed(ledger.days)
        if day.polls or day.gaps or any(day.counts.values())
    ]
    if len(rows) > 1:
        polls = sum(day.polls for day in ledger.days)
        rows.append(_cells(ledger.site, "all", polls, ledger.total, len(ledger.gaps), ""))
    return rows


def _cells(site: str, day: str, polls: int, counts: dict[str, int], gaps: int, state: str) -> list[str]:
    return [site, day, *map(str, (polls, *(counts[name] for name in _COUNTS), gaps)), state]


def _state(day: LedgerDay) -> str:
    text = f"closed {shown_time(day.closed)}" if day.closed else day.state
    return f"{text} ({day.reopened})" if day.reopened else text


def _channel_rows(ledger: SiteLedger) -> list[list[str]]:
    return [
        [ledger.site, row["kind"], str(row["announced"]), str(row["alone"]), _last_new(row), shown_url(row["url"])]
        for row in ledger.channels
    ]


def _last_new(row: dict[str, Any]) -> str:
    return shown_time(row["last_added"]) + (" (stale)" if row["stale_since"] else "")


def _sentence(unnamed: Unnamed | None) -> str:
    if unnamed is None:
        return "no estimate of articles that no channel named: it needs channels of two kinds, as a feed and a sitemap"
    return (
        f"about {unnamed.estimate:.0f} articles that no channel named ({unnamed.low:.0f} to {unnamed.high:.0f}), or "
        f"more; estimated from what the channels share ({', '.join(unnamed.kinds)})"
    )
