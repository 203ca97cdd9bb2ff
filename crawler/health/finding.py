"""A finding of a health check."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong with a site."""

    site: str
    rule: str
    """One of title, body, date, authors, body_length, blocked, dropped, failed, slow, silent, quiet, unreachable,
    outage, notice, channel, validators, gap, hosts, not_crawled."""

    message: str
    since: datetime | None = None
    example: str | None = None
    """URL of a page or channel that shows it."""

    def columns(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return asdict(self) | {"since": self.since.isoformat() if self.since else None}

    def line(self) -> str:
        """The finding as one line of text."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC " if self.since else ""
        example = f"; for example {self.example}" if self.example else ""
        return f"{self.site}: {since}{self.message}{example}"
