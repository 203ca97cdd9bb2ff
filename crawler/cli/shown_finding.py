"""A finding of the health check, for a person or for a log."""

from __future__ import annotations

from typing import TextIO

from crawler import clock
from crawler.cli.terminal import readable_address, relative_time
from crawler.colours import is_terminal, paint
from crawler.health import Finding


def shown_finding(finding: Finding, stream: TextIO) -> str:
    """The finding as text for a stream: one line, or on a terminal with colour, a relative time and a readable URL."""
    if not is_terminal(stream):
        return finding.line()
    since = f" (since {finding.since:%Y-%m-%d}, {relative_time(finding.since, clock.now())})" if finding.since else ""
    example = f"\n  for example {readable_address(finding.example)}" if finding.example else ""
    return f"{paint(finding.site, 'red', stream)}: {finding.message}{since}{example}"
