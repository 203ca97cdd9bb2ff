"""A channel that was found, and what it contains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crawler.items import Candidate
from crawler.profile import Channel
from crawler.urls import canonical_or_none

NOT_REQUESTED = "not requested; the other pages of the menu list articles"


@dataclass(kw_only=True, slots=True)
class FoundChannel:
    """A channel that was requested, and what it contains."""

    channel: Channel
    requested: str
    """Its URL before redirects."""

    source: str
    """Where its URL is from, like `robots.txt`."""

    candidates: list[Candidate] = field(default_factory=list)
    documents: int = 1
    """Documents that a poll requests."""

    total: int | None = None
    """Entries that it has altogether, if that is more than what was read: said by the API, or estimated from the child
    sitemaps that were read."""

    is_paged: bool = False
    """Whether it has further pages, which a crawl follows as far as it needs."""

    problem: str | None = None
    """Why it cannot be used; None if it can."""

    note: str | None = None
    """What is odd about it although it can be used."""

    @property
    def is_usable(self) -> bool:
        """Whether it lists anything."""
        return self.problem is None and bool(self.candidates)

    @property
    def is_expected(self) -> bool:
        """Whether it was not requested, but is like others that were."""
        return self.note == NOT_REQUESTED

    def keys(self) -> set[str]:
        """The canonical URLs of its candidates."""
        return keys_of(candidate.url for candidate in self.candidates)

    def dates(self) -> list[datetime]:
        """The dates of its candidates, oldest first."""
        return sorted(date for one in self.candidates if (date := one.published or one.modified))


def keys_of(urls: Iterable[str]) -> set[str]:
    """The canonical forms of URLs."""
    return {key for url in urls if (key := canonical_or_none(url))}


def listed_urls(channels: Iterable[FoundChannel]) -> Iterator[str]:
    """The URLs that channels list."""
    for found in channels:
        yield from (candidate.url for candidate in found.candidates)
