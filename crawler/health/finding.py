"""One thing that is wrong with a site."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """One thing that is wrong with a site."""

    site: str
    rule: str
    """title, body, date, authors, body_length, blocked, dropped, failed, slow, silent, quiet, unreachable, channel,
    gap, not_crawled."""

    sentence: str
    since: datetime | None = None
    example: str | None = None
    """A page that shows it."""

    def columns(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"since": self.since.isoformat() if self.since else None}

    def line(self) -> str:
        """As one line for people."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC " if self.since else ""
        example = f"; for example {self.example}" if self.example else ""
        return f"{self.site}: {since}{self.sentence}{example}"
