"""What an output feed is, without the library that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SUFFIXES = (".rss", ".atom", ".json")
MAX_ITEMS = 100
"""Articles in a feed: a reader polls it, and keeps what it has seen. Chosen by hand; WordPress has 10, agencies 50."""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself."""

    title: str
    link: str
    """A page that it belongs to, like the home page of its site."""

    identity: str
    """Equal for two feeds of the same articles, whenever they are written."""

    written: datetime
    """The time of a feed without articles."""
