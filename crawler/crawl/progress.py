"""The progress line: one line that is overwritten, on a terminal only."""

from __future__ import annotations

import sys
import time

from crawler.colours import is_terminal
from crawler.crawl.stats import CrawlStats
from crawler.text import counted

# The line is written at most this often, in seconds: fast enough for the eye. Chosen by hand.
_SECONDS = 0.2


class Progress:
    """The line of one crawl, or of all crawls that `rasid due` runs at the same time."""

    def __init__(self, title: str, sites: int = 1, *, is_shown: bool = True) -> None:
        """`sites`: number of sites that will be crawled; the line has it if there are several. `is_shown`: whether the
        line is written at all."""
        self._title = title
        self._sites = sites
        self._runs: list[CrawlStats] = []
        self._finished = 0
        self._is_terminal = is_shown and is_terminal(sys.stderr)
        self._started = time.monotonic()
        self._shown = 0.0

    def begin(self, stats: CrawlStats) -> None:
        """The crawl of a site begins."""
        self._runs.append(stats)

    def end(self) -> None:
        """The crawl of a site has ended."""
        self._finished += 1
        self.clear()

    def show(self) -> None:
        """Write the line, unless it has just been written."""
        now = time.monotonic()
        if self._is_terminal and now - self._shown >= _SECONDS:
            self._shown = now
            sys.stderr.write(f"\r\x1b[K{self.line(now - self._started)}")
            sys.stderr.flush()

    def line(self, seconds: float) -> str:
        """Finished sites, pages, new articles, pages per second, pages left."""
        pages = sum(sum(run.outcomes.values()) for run in self._runs)
        new = sum(run.outcomes["new"] for run in self._runs)
        left = sum(max(run.planned - sum(run.outcomes.values()), 0) for run in self._runs)
        sites = f"{self._finished} of {counted(self._sites, 'site')}, " if self._sites > 1 else ""
        rate = pages / max(seconds, 0.001)
        return f"{self._title}: {sites}{counted(pages, 'page')}, {new} new, {rate:.1f} a second, {left} left"

    def clear(self) -> None:
        """Clear the line for other output."""
        if self._is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
