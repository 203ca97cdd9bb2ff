"""What discover gives back, and what its readers hand each other: Found, Follow, ChannelProblem, Source, Entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.items import Candidate
from crawler.profile import Channel, SiteProfile

# sitemaps.org, "Sitemap file requirements": no file lists more. Feeds and section pages are far below it.
MAX_ENTRIES = 50_000


class ChannelProblem(ValueError):
    """A document that cannot be used at all. The message is a sentence without the URL, which the caller knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """A further document to ask: a child sitemap, or the next page of a WordPress API."""

    channel: Channel
    modified: datetime | None = None
    """lastmod of a child sitemap: one that was read after it holds nothing new."""


@dataclass(kw_only=True, slots=True)
class Found:
    """What one document of a channel said."""

    candidates: list[Candidate] = field(default_factory=list)
    """Newest first; those without a date last, in the document's order."""

    follow: list[Follow] = field(default_factory=list)
    """In the order in which to ask: the freshest first."""

    problems: list[str] = field(default_factory=list)
    """What was wrong with the document although it could be used; one sentence each, without the URL."""

    cut_off: bool = False
    """Whether the document ends before its end: what is missing may be there at the next look."""

    skipped: dict[str, int] = field(default_factory=dict)
    """Reason → number of entries left out: foreign, invalid_url, not_article, not_posts, repeated, too_old."""

    def skip(self, reason: str) -> None:
        """Count one entry that is left out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The document being read: which channel asked for it, where it came from, how far back it is wanted."""

    channel: Channel
    profile: SiteProfile
    url: str
    since: datetime | None = None


@dataclass(kw_only=True, slots=True)
class Entry:
    """One entry of a document as it was written there: links may be relative, titles may hold HTML."""

    link: str
    trusted: bool
    """Whether its being listed says that it is an article; otherwise the profile's `article_url` decides."""

    title: str | None = None
    published: str | None = None
    modified: str | None = None
    timezone: str | None = None
    """IANA name; for dates without a zone, if it is not the profile's."""

    fallback: datetime | None = None
    """The publication date as the feed reader understood it, for a text that crawler.dates.read cannot read."""

    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    language: str | None = None
