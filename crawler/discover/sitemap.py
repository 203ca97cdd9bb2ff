"""Sitemaps (sitemaps.org 0.9), their indexes, Google's news sitemaps, and sitemaps that are plain lists of URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from crawler.dates.read import ReadDate
from crawler.discover.collect import channel_date, is_too_old, newest_first, own_url
from crawler.discover.document import Document
from crawler.discover.found import MAX_ENTRIES, ChannelProblem, Entry, Follow, Found, Source
from crawler.discover.xmltree import iter_elements, local_name, text_of
from crawler.items import ChannelKind
from crawler.profile import Channel
from crawler.urls import canonical_url

# Children of the indexes that WordPress (core and the Yoast, Rank Math and AIOSEO plugins) writes for other things
# than posts.
_NOT_POSTS = re.compile(
    r"wp-sitemap-(?:taxonomies|users|posts-page)-.*|"
    r"(?:category|post_tag|post_format|author|page|attachment)-sitemap\d*\.xml(?:\.gz)?"
)
_EXTENSIONS = re.compile(r"\.(?:xml|txt|gz|php|aspx?)\b", re.IGNORECASE)
_LAST_NUMBERS = re.compile(r"\d+(?:[-_.]\d+)*\Z")


def sitemap_entries(document: Document, source: Source, found: Found) -> Iterator[Entry]:
    """The entries of an XML sitemap; the children that an index names go to `found.follow`."""
    trusted = source.channel.kind == "news_sitemap"
    children: list[tuple[str, str | None]] = []
    seen_any, problems_before = False, len(found.problems)
    for element in iter_elements(document.text, ("url", "sitemap"), found):
        fields = _fields(element)
        link = text_of(fields.get("loc"))
        seen_any = seen_any or link is not None
        if link is None:
            found.skip("invalid_url")
        elif local_name(element) == "url":
            yield _entry(link, fields, trusted=trusted)
        else:
            children.append((link, text_of(fields.get("lastmod"))))
    if len(found.problems) > problems_before and not seen_any:
        raise ChannelProblem(f"No entry could be read. {found.problems[-1]}")
    if len(children) > MAX_ENTRIES:
        found.problems.append(f"The index names more than {MAX_ENTRIES:,} sitemaps; the rest was not read.")
    if children:
        found.follow += _follow(children[:MAX_ENTRIES], source, found)


def text_entries(document: Document, source: Source, found: Found) -> Iterator[Entry]:
    """The entries of a text sitemap: one URL a line. Raises ChannelProblem for any other text."""
    lines = [line.strip() for line in document.text.splitlines()]
    if not re.match(r"https?://\S+\Z", lines[0]):
        raise ChannelProblem("The document is neither XML nor a list of URLs.")
    return (Entry(link=line, trusted=source.channel.kind == "news_sitemap") for line in lines if line)


def _fields(element: etree._Element) -> dict[str, etree._Element]:
    """Children by local name, the first of each: only direct ones, for an image has a loc of its own."""
    fields: dict[str, etree._Element] = {}
    for child in element:
        fields.setdefault(local_name(child), child)
    return fields


def _entry(link: str, fields: dict[str, etree._Element], *, trusted: bool) -> Entry:
    entry = Entry(link=link, trusted=trusted, modified=text_of(fields.get("lastmod")))
    news = fields.get("news")
    if news is not None:
        said = _fields(news)
        publication = said.get("publication")
        entry.trusted = True  # that is what the news element says
        entry.title = text_of(said.get("title"))
        entry.published = text_of(said.get("publication_date"))
        entry.language = text_of(_fields(publication).get("language")) if publication is not None else None
    return entry


def _follow(children: list[tuple[str, str | None]], source: Source, found: Found) -> list[Follow]:
    kind: ChannelKind = "news_sitemap" if source.channel.kind == "news_sitemap" else "sitemap"
    seen = {canonical_url(source.url), canonical_url(source.channel.url)}  # an index that names itself is a loop
    follow: list[Follow] = []
    for link, lastmod in children:
        url = own_url(link, source, found)
        if url is None:
            continue
        modified = channel_date(lastmod, source.profile.timezone)
        reason = _reason_against(url, modified, seen, source)
        if reason:
            found.skip(reason)
        else:
            follow.append(Follow(channel=Channel(kind, url), modified=modified.value if modified else None))
    return _freshest_first(follow)


def _reason_against(url: str, modified: ReadDate | None, seen: set[str], source: Source) -> str | None:
    try:
        key = canonical_url(url)
    except ValueError:
        return "invalid_url"
    if key in seen:
        return "repeated"
    seen.add(key)
    if _NOT_POSTS.fullmatch(urlsplit(url).path.rpartition("/")[2]):
        return "not_posts"
    return "too_old" if is_too_old(modified, source.since) else None


def _freshest_first(follow: list[Follow]) -> list[Follow]:
    if any(child.modified for child in follow):
        return sorted(follow, key=lambda child: newest_first(child.modified))
    numbers = [_numbers_at_end(child.channel.url) for child in follow]
    if all(numbers):  # pages and archives are numbered and dated upwards
        return [child for _, child in sorted(zip(numbers, follow, strict=True), key=lambda pair: pair[0], reverse=True)]
    return follow


def _numbers_at_end(url: str) -> tuple[int, ...]:
    """The date or number at the end of a name: (2024, 5) of sitemap-2024-05.xml, (3,) of sitemap.xml?page=3."""
    parts = urlsplit(url)
    if re.search(r"\d", parts.query):
        return tuple(map(_small_int, re.findall(r"\d+", parts.query)))
    match = _LAST_NUMBERS.search(_EXTENSIONS.sub("", parts.path.rpartition("/")[2]))
    return tuple(map(_small_int, re.findall(r"\d+", match[0]))) if match else ()


def _small_int(digits: str) -> int:
    return int(digits[:18])  # int() refuses numbers of thousands of digits
