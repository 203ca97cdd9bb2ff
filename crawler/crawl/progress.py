"""One line that is overwritten, for somebody who stands at a terminal; nothing anywhere else."""

from __future__ import annotations

import sys
import time

from crawler.crawl.stats import Outcomes

_SECONDS = 0.2


class Progress:
    """The line of one crawl, or of all that `scrapy due` runs side by side."""

    def __init__(self, title: str, sites: int = 1) -> None:
        """`sites`: how many will be crawled in all; more than one are counted in the line."""
        self._title = title
        self._sites = sites
        self._runs: list[Outcomes] = []
        self._ended = 0
        self._on = sys.stderr.isatty()
        self._started = time.monotonic()
        self._shown = 0.0

    def begin(self, outcomes: Outcomes) -> None:
        """A site's crawl begins."""
        self._runs.append(outcomes)

    def end(self) -> None:
        """A site's crawl has ended."""
        self._ended += 1
        self.clear()

    def show(self) -> None:
        """Show the counts, a few times a second at most."""
        now = time.monotonic()
        if self._on and now - self._shown >= _SECONDS:
            self._shown = now
            sys.stderr.write(f"\r\x1b[K{self.line(now - self._started)}")
            sys.stderr.flush()

    def line(self, seconds: float) -> str:
        """Sites, pages, how many of them new, rate, and how many remain."""
        pages = sum(sum(run.outcomes.values()) for run in self._runs)
        new = sum(run.outcomes["new"] for run in self._runs)
        left = sum(max(run.planned - sum(run.outcomes.values()), 0) for run in self._runs)
        sites = f"{self._ended} of {self._sites} sites, " if self._sites > 1 else ""
        rate = pages / max(seconds, 0.001)
        return f"{self._title}: {sites}{pages} pages, {new} new, {rate:.1f} a second, {left} left"

    def clear(self) -> None:
        """Leave the line free for what comes next."""
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
