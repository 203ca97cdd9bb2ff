"""What a crawl prints at its end: a table, or one line if other sites are crawled in the same process."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

from scrapy.settings import BaseSettings

from crawler.colours import Colour, paint
from crawler.crawl.stats import CrawlStats
from crawler.items import OUTCOMES
from crawler.profile import foreign_hosts_hint
from crawler.scrapyext.feeds import FEED_ERRORS
from crawler.text import counted
from crawler.urls import readable_host

_STORED = ("store/new", "store/updated", "store/unchanged", "store/duplicate")

REFUSED = "run/not_requested/"
"""Beginning of the stat keys for the requests of a plain spider that were not sent, by reason."""

_COLOURS: dict[str, Colour] = {
    "new": "green",
    "blocked": "red",
    "priced": "red",
    "failed": "red",
    "unfinished": "yellow",
}
"""Of the rows whose number is not 0, on a terminal."""


def is_quiet(settings: BaseSettings) -> bool:
    """Whether nothing is printed about a run without problems: with -L ERROR, as in a cron line."""
    level = logging.getLevelName(str(settings["LOG_LEVEL"]).upper())
    return not settings.getbool("LOG_ENABLED") or (isinstance(level, int) and level > logging.WARNING)


def print_report(text: str) -> None:
    """Print on stderr, where the log is: stdout may be an export."""
    sys.stderr.write(text + "\n")


def line(stats: CrawlStats, site: str) -> str:
    """The counts as one line: the outcomes that occurred, and the reasons of drops and failures."""
    problems = stats.counts["discover/channel_problems"]
    counts = [f"{stats.outcomes[outcome]} {outcome}" for outcome in OUTCOMES if stats.outcomes[outcome]]
    counts += [f"{stats.unfinished} unfinished"] if stats.unfinished else []
    counts += [counted(problems, "channel problem")] if problems else []
    counts += (
        [f"links on other hosts: {', '.join(map(readable_host, stats.foreign_hosts))}"] if stats.foreign_hosts else []
    )
    counts += [f"certificate not verified: {_unverified(stats)}"] if stats.unverified_hosts else []
    return f"{site}: {', '.join(counts) or 'nothing new'}" + (f" ({_list(stats.reasons)})" if stats.reasons else "")


def table(stats: CrawlStats, site: str) -> str:
    """The counts as a table: outcomes that add up to the requested pages, then what else there is to know."""
    counts = stats.counts
    rows: list[tuple[str, int, str]] = [(outcome, stats.outcomes[outcome], "") for outcome in OUTCOMES]
    if stats.unfinished:
        rows.append(("unfinished", stats.unfinished, "the run was stopped; the next run requests them"))
    skipped = f", skipped {_list(stats.skipped)}" if stats.skipped else ""
    lines = [f"{site}: {counted(counts['discover/new'], 'new URL')} discovered{skipped}"]
    for name, count, note in rows:
        row, colour = f"  {name:<11}{count:>7}  {note}".rstrip(), _COLOURS.get(name)
        lines.append(paint(row, colour, sys.stderr) if colour and count else row)
    lines.append(f"  {'requested':<11}{stats.requested:>7}" + (f"  ({_list(stats.reasons)})" if stats.reasons else ""))
    if counts["discover/channels_unchanged"]:
        lines.append(f"  channels unchanged: {counts['discover/channels_unchanged']}")
    if counts["discover/channel_problems"]:
        problems = f"  channel problems: {counts['discover/channel_problems']}, see the warnings above"
        lines.append(paint(problems, "yellow", sys.stderr))
    if stats.unverified_hosts:
        lines.append(f"  certificate not verified: {_unverified(stats)}")
    lines += [f"  {foreign_hosts_hint(host, links, site)}" for host, links in stats.foreign_hosts.most_common()]
    if not stats.outcomes["new"] and not stats.outcomes["updated"]:
        lines.append("  nothing new")
    return "\n".join(lines)


def plain_line(name: str, counts: Mapping[str, Any]) -> str:
    """What the crawl of a plain spider did, from Scrapy's stats."""
    items, dropped = counts.get("item_scraped_count", 0), counts.get("item_dropped_count", 0)
    articles = [f"{counts[key]} {key.partition('/')[2]}" for key in _STORED if key in counts]
    parts = [counted(items, "item") + (f" (articles: {', '.join(articles)})" if articles else "")]
    parts.append(counted(counts.get("response_received_count", 0), "response"))
    parts += [counted(dropped, "item") + " dropped"] if dropped else []
    errors = counts.get("run/errors", 0) + counts.get(FEED_ERRORS, 0)
    parts += [counted(errors, "error")] if errors else []
    refused = Counter({key.removeprefix(REFUSED): count for key, count in counts.items() if key.startswith(REFUSED)})
    parts += [f"not requested: {_list(refused)}"] if refused else []
    if is_without_response(counts):
        parts.append("no response to any request")
    line = f"{name}: {', '.join(parts)}"
    return paint(line, "red", sys.stderr) if errors or is_without_response(counts) else line


def is_without_response(counts: Mapping[str, Any]) -> bool:
    """Whether requests were made, and none had a response, by Scrapy's stats."""
    return bool(counts.get("scheduler/enqueued")) and not counts.get("response_received_count")


def _unverified(stats: CrawlStats) -> str:
    return ", ".join(f"{host} ({problem})" for host, problem in stats.unverified_hosts.items())


def _list(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.most_common())
