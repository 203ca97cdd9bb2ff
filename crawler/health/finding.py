"""A finding of a health check."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from crawler.store.findings import RecordedFinding


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding(RecordedFinding):
    """One thing that is wrong with a site."""

    def columns(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return asdict(self) | {"since": self.since.isoformat() if self.since else None}

    def line(self) -> str:
        """The finding as one line of text."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC " if self.since else ""
        example = f"; for example {self.example}" if self.example else ""
        return f"{self.site}: {since}{self.message}{example}"
