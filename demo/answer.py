"""The response of a demo page, before conditional requests and compression."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Answer:
    """One response; the server adds ETag, Last-Modified, Content-Length and Content-Encoding."""

    text: str
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    changed: datetime | None = None
    """None: no Last-Modified, so only the ETag shows a change."""

    headers: dict[str, str] = field(default_factory=dict)
