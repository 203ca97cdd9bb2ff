"""scrapy sites: every profile, what is stored of it, and what is wrong with it."""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter
from pathlib import Path

from crawler.commandline import NewsCommand
from crawler.profile import SiteProfile, read_profiles
from crawler.run import open_store

_HEADER = ("name", "title", "language", "channels", "enabled", "articles", "last crawl", "problems")


class Command(NewsCommand):
    """Ends with 1 if a profile is broken."""

    def syntax(self) -> str:
        return ""

    def short_desc(self) -> str:
        return "List the sites: channels, articles stored, last crawl, problems"

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the table."""
        assert self.settings is not None
        profiles, problems = read_profiles(Path(str(self.settings["NEWS_SITES"])))
        summaries = {}
        if Path(str(self.settings["NEWS_DB"])).exists():
            with open_store(self.settings, create=False) as store:
                summaries = store.site_summaries()
        rows = []
        for name in sorted(profiles.keys() | problems.keys()):
            summary = summaries.get(name, {})
            stored = (str(summary.get("articles", 0)), summary.get("last_crawl") or "never")
            rows.append((name, *_describe(profiles.get(name)), *stored, problems.get(name, "")))
        print(table([_HEADER, *rows]))
        if not rows:
            print(f"no profile in {self.settings['NEWS_SITES']}; docs/profiles.md says how to write one")
        if problems:
            self.exitcode = 1


def _describe(profile: SiteProfile | None) -> tuple[str, str, str, str]:
    if profile is None:
        return ("", "", "", "broken")
    counts = Counter(channel.kind for channel in profile.channels())
    channels = ", ".join(kind if count == 1 else f"{count} {kind}" for kind, count in counts.items())
    enabled = "yes" if profile.enabled else "no"
    return (profile.title, profile.language or "", channels or "robots.txt", enabled)


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows as columns of equal width on a terminal, where a mark has none and a wide letter has two."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
