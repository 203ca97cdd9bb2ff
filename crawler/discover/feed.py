"""Feeds: RSS 0.9x to 2.0, RSS 1.0 and Atom, read by feedparser after feed_repair.py."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from crawler.discover.document import Document
from crawler.discover.feed_repair import repaired_feed
from crawler.discover.next_page import add_next_page, wordpress_feed_page
from crawler.discover.result import ChannelProblem, ChannelResult, DocumentContext, Entry


def feed_entries(document: Document, context: DocumentContext, result: ChannelResult) -> Iterator[Entry]:
    """The entries of an RSS or Atom feed. Raises ChannelProblem for one that breaks off before its first entry."""
    feed = repaired_feed(document, context, result)
    parsed = _parse(feed.xml, context.url)
    is_atom = str(parsed.version).startswith("atom")
    language = dict.get(parsed.feed, "language")
    links = 0
    # feedparser keeps the entries in their order; if it has read another number, no licence is given to a wrong one.
    licences = feed.licences if len(feed.licences) == len(parsed.entries) else [None] * len(parsed.entries)
    for item, licence in zip(parsed.entries, licences, strict=True):
        link = _link(item, context.profile.language)
        if link is None:
            result.skip("invalid_url")
        else:
            links += 1
            entry = _entry(item, link, language, feed.head.authors, is_atom=is_atom)
            entry.licence = licence
            yield entry
    if parsed.entries and not links:
        result.problems.append("No entry of the feed has a link to its article.")
    if feed.head.next_link is not None:
        add_next_page(feed.head.next_link, context.url, context, result)
    elif feed.head.is_wordpress and parsed.entries:
        add_next_page(wordpress_feed_page(context.url), context.url, context, result)


def _parse(xml: bytes, url: str) -> Any:
    import feedparser  # 15 ms, which a feed without changes and most commands do not need

    try:
        return feedparser.parse(
            io.BytesIO(xml),  # never bytes or text, which it tries to open as a file or a URL
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    # The ways in which its handlers fail on unusual nesting. No repaired feed that we know has such nesting.
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise ChannelProblem(f"The feed cannot be read ({type(error).__name__} in feedparser).") from error


def _link(item: Any, site_language: str | None) -> str | None:
    """The URL of the article itself: FeedBurner's original, the alternate link, the one in the site's language of
    several, or the guid that is a permalink."""
    original = dict.get(item, "feedburner_origlink")
    alternates = [link for link in dict.get(item, "links", []) if link.get("rel") == "alternate" and link.get("href")]
    pages = [link for link in alternates if "html" in link.get("type", "html")]
    if original or alternates:
        if len(pages) > 1:
            own = (link for link in pages if str(link.get("hreflang")).lower().partition("-")[0] == site_language)
            pages = [next(own, pages[0])]
        return str(original or (pages or alternates)[0]["href"])
    identity = str(dict.get(item, "id") or "")
    # RSS 1.0 has the URL as rdf:about, which feedparser returns as an id without the mark of a link.
    is_link = dict.get(item, "guidislink", True) and re.match(r"https?://", identity)
    return identity if is_link else None


def _entry(item: Any, link: str, language: str | None, authors: tuple[str, ...], *, is_atom: bool) -> Entry:
    published, updated = dict.get(item, "published"), dict.get(item, "updated")
    moment = dict.get(item, "published_parsed")
    if published is None and not is_atom:  # dc:date in RSS, which feedparser returns as updated
        published, updated, moment = updated, None, dict.get(item, "updated_parsed")
    return Entry(
        link=link,
        is_trusted=True,
        title=dict.get(item, "title"),
        published=published,
        modified=updated,
        fallback=_utc_datetime(moment),
        authors=[str(author.get("name") or "") for author in dict.get(item, "authors", [])] or list(authors),
        categories=[str(tag.get("label") or tag.get("term") or "") for tag in dict.get(item, "tags", [])],
        language=dict.get(item, "title_detail", {}).get("language") or language,
    )


def _utc_datetime(moment: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None
    except (ValueError, OverflowError, TypeError):
        return None
