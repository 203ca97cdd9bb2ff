"""What a page of the demo answers with, before conditional requests and compression."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Answer:
    """One answer; the server adds ETag, Last-Modified, Content-Length and Content-Encoding."""

    text: str
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    changed: datetime | None = None
    """None: no Last-Modified, so that only the ETag can tell."""

    headers: dict[str, str] = field(default_factory=dict)
