"""What discover returns, and what its readers hand each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.items import Candidate
from crawler.profile import Channel, SiteProfile

# sitemaps.org, "Sitemap file requirements": no file lists more. Feeds and section pages have far fewer.
MAX_ENTRIES = 50_000
# A host is worth a hint if it has this part of a document's links: a newspaper's feed links now and then to a page
# elsewhere. Chosen by hand; no measurement.
_FOREIGN_SHARE = 0.2
# So many hosts are named for one document.
_MAX_FOREIGN_HOSTS = 3
# Characters of a document, or of a parser's message about it, that a problem quotes. Chosen by hand.
MAX_QUOTE = 120


class ChannelProblem(ValueError):
    """A document that cannot be used at all. The message is a sentence without the URL, which the caller knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildDocument:
    """A further document to request: a child sitemap, or the next page of a WordPress API, feed or section."""

    channel: Channel
    modified: datetime | None = None
    """lastmod of a child sitemap: if it was read after that, it contains nothing new."""

    is_next: bool = False
    """Whether it is the next page of the channel, with older articles."""


@dataclass(kw_only=True, slots=True)
class ChannelResult:
    """What one document of a channel contains."""

    candidates: list[Candidate] = field(default_factory=list)
    """Newest first; those without a date last, in the order of the document."""

    order: list[str] = field(default_factory=list)
    """URLs of the candidates in the order of the document."""

    children: list[ChildDocument] = field(default_factory=list)
    """In the order in which to request them: the newest first."""

    problems: list[str] = field(default_factory=list)
    """What was wrong with the document although it could be used; one sentence each, without the URL."""

    is_cut_off: bool = False
    """Whether the document ends too early: the next poll may get what is missing."""

    skipped: dict[str, int] = field(default_factory=dict)
    """Reason → number of entries left out: foreign, invalid_url, not_article, not_posts, repeated, too_old."""

    foreign_hosts: dict[str, int] = field(default_factory=dict)
    """Host that is not the site's → number of entries left out because of it."""

    def hosts_to_add(self) -> dict[str, int]:
        """The hosts that the profile may have forgotten: those with many of the document's links → how many."""
        links = len(self.candidates) + len(self.children) + sum(self.skipped.values())
        most = sorted(self.foreign_hosts.items(), key=lambda pair: -pair[1])[:_MAX_FOREIGN_HOSTS]
        return {host: count for host, count in most if count >= links * _FOREIGN_SHARE}

    def skip(self, reason: str) -> None:
        """Count one entry that is left out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def skip_foreign(self, host: str) -> None:
        """Count one entry that is left out because its host is not one of the site."""
        self.skip("foreign")
        self.foreign_hosts[host] = self.foreign_hosts.get(host, 0) + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentContext:
    """What is known of a document before it is read."""

    channel: Channel
    """The channel that it was requested for."""

    profile: SiteProfile
    url: str
    """Where it came from, after redirects; the base of its relative links."""

    since: datetime | None = None
    """Older entries are left out."""


@dataclass(kw_only=True, slots=True)
class Entry:
    """One entry of a document, as written there: links may be relative, titles may contain HTML."""

    link: str
    is_trusted: bool = True
    """Whether being listed makes it an article; otherwise the profile's `article_url` decides."""

    title: str | None = None
    published: str | None = None
    modified: str | None = None
    timezone: str | None = None
    """IANA name; for dates without a zone, if it is not that of the profile."""

    fallback: datetime | None = None
    """The date of publication as the feed reader parsed it, for a text that crawler.dates.read cannot read."""

    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    language: str | None = None
    licence: str | None = None
    """The RSL document for it, of a feed."""
