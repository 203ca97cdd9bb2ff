"""Discover: a feed, sitemap, WordPress API or section page (bytes) → candidate URLs with what the channel said of them.

No Scrapy, no I/O, no clock. What a document is decides how it is read, if that differs harmlessly from what it was
asked for: a sitemap under a feed's address is read as a sitemap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from crawler.discover.collect import collect
from crawler.discover.document import Document, open_document
from crawler.discover.feed import feed_entries, json_feed_entries
from crawler.discover.found import ChannelProblem, Entry, Follow, Found, Source
from crawler.discover.section import section_entries
from crawler.discover.sitemap import sitemap_entries, text_entries
from crawler.discover.wordpress import posts_url, wordpress_entries
from crawler.profile import Channel, SiteProfile

__all__ = ["ChannelProblem", "Follow", "Found", "discover", "request_url"]


def discover(
    channel: Channel,
    body: bytes,
    profile: SiteProfile,
    *,
    url: str,
    headers: Mapping[str, str],
    since: datetime | None = None,
) -> Found:
    """What a channel's answer says: candidates, further documents, problems, and what was left out.

    `url` is where the answer came from in the end, and the base of relative links; the names of `headers` are in
    lower case; entries that are surely older than `since` are left out. Raises ChannelProblem for a document that
    cannot be used, and nothing else, whatever the body.
    """
    document = open_document(body, headers, profile.language)
    found = Found(problems=document.problems)
    source = Source(channel=channel, profile=profile, url=url, since=since)
    collect(_entries(document, source, headers, found), source, found)
    if document.shape == "html" and not found.candidates:  # it would go unnoticed: the answer itself is in order
        found.problems.append("No link of the page is an article; is it built by a script, or article_url out of date?")
    return found


def request_url(channel: Channel) -> str:
    """The URL to request for a channel: with the parameters that a WordPress API needs, others as they are."""
    return posts_url(channel.url) if channel.kind == "wordpress" else channel.url


def _entries(document: Document, source: Source, headers: Mapping[str, str], found: Found) -> Iterable[Entry]:
    if document.shape == "feed":
        return feed_entries(document, source, found)
    if document.shape == "sitemap":
        return sitemap_entries(document, source, found)
    if source.channel.kind == "section":
        return section_entries(document, source)
    if document.shape == "html":
        raise ChannelProblem("The document is an HTML page, not what the channel should give.")
    if source.channel.kind == "wordpress":
        return wordpress_entries(document, source, headers, found)
    return json_feed_entries(document, found) if document.shape == "json" else text_entries(document, source, found)
