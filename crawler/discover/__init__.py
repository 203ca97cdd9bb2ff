"""Discover: a feed, sitemap, WordPress API or section page (bytes) → candidate URLs with what the channel has on them.

No Scrapy, no I/O, no clock. What a document is decides how it is read, not what it was requested as, unless that is an
error: a sitemap under the URL of a feed is read as a sitemap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from crawler.discover.collect import collect
from crawler.discover.document import Document, open_document
from crawler.discover.feed import feed_entries
from crawler.discover.json_feed import json_feed_entries
from crawler.discover.result import ChannelProblem, ChannelResult, ChildDocument, DocumentContext, Entry
from crawler.discover.section import declared_feeds, section_entries
from crawler.discover.sitemap import sitemap_entries, text_entries
from crawler.discover.wordpress import page_before, posts_url, wordpress_entries
from crawler.profile import Channel, SiteProfile

__all__ = [
    "ChannelProblem",
    "ChannelResult",
    "ChildDocument",
    "Entry",
    "discover",
    "discover_entries",
    "page_before",
    "request_url",
]


def discover(
    channel: Channel,
    body: bytes,
    profile: SiteProfile,
    *,
    url: str,
    headers: Mapping[str, str],
    since: datetime | None = None,
) -> ChannelResult:
    """Read the response of a channel: candidates, further documents, problems, and what was left out.

    `url` is where the response came from, after redirects, and the base of relative links; the names of `headers` are
    in lower case; entries that are certainly older than `since` are left out. Raises ChannelProblem for a document that
    cannot be used, and nothing else, whatever the body.
    """
    document = open_document(body, headers, profile.language)
    result = ChannelResult(problems=document.problems)
    context = DocumentContext(channel=channel, profile=profile, url=url, since=since)
    collect(_entries(document, context, headers, result), context, result)
    if result.skipped.get("too_old"):  # the next page has older ones still
        result.children = [child for child in result.children if not child.is_next]
    if document.shape == "html" and not result.candidates:  # nobody would notice: the response itself is in order
        result.problems.append(
            "No link of the page is an article. Does a script build the page, or is article_url out of date?"
        )
    return result


def discover_entries(
    channel: Channel,
    entries: Iterable[Entry],
    further: list[ChildDocument],
    profile: SiteProfile,
    *,
    url: str,
    since: datetime | None = None,
) -> ChannelResult:
    """The same for a document that something else has read: its entries, and the documents that it leads to."""
    result = ChannelResult(children=further)
    collect(entries, DocumentContext(channel=channel, profile=profile, url=url, since=since), result)
    if result.skipped.get("too_old"):
        result.children = [child for child in result.children if not child.is_next]
    return result


def request_url(channel: Channel) -> str:
    """The URL to request for a channel: with the parameters that a WordPress API needs, others unchanged."""
    return posts_url(channel.url) if channel.kind == "wordpress" else channel.url


def _entries(
    document: Document, context: DocumentContext, headers: Mapping[str, str], result: ChannelResult
) -> Iterable[Entry]:
    if document.shape == "feed":
        return feed_entries(document, context, result)
    if document.shape == "sitemap":
        return sitemap_entries(document, context, result)
    if context.channel.kind == "section":
        return section_entries(document, context, result)
    if document.shape == "html":
        problem = f"The document is an HTML page; check the URL of the {context.channel.kind} channel."
        feeds = declared_feeds(document, context.url)
        raise ChannelProblem(f"{problem} The page declares the feed {' and '.join(feeds)}." if feeds else problem)
    if context.channel.kind == "wordpress":
        return wordpress_entries(document, context, headers, result)
    if document.shape == "json":
        return json_feed_entries(document, context, result)
    return text_entries(document, context, result)
