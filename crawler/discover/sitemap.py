"""Sitemaps (sitemaps.org 0.9), sitemap indexes, Google's news sitemaps, and text sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from crawler.dates.read import ReadDate
from crawler.discover.collect import channel_date, is_too_old, newest_first, site_url
from crawler.discover.document import Document
from crawler.discover.result import MAX_ENTRIES, ChannelProblem, ChannelResult, ChildDocument, DocumentContext, Entry
from crawler.discover.tags import SITEMAP, balanced, is_unbalanced
from crawler.discover.xmltree import inner_text, iter_elements, local_name
from crawler.items import ChannelKind
from crawler.profile import Channel
from crawler.urls import canonical_url

# Child sitemaps of WordPress (core and the plugins Yoast, Rank Math and AIOSEO) that do not list posts.
_NOT_POSTS = re.compile(
    r"wp-sitemap-(?:taxonomies|users|posts-page)-.*|"
    r"(?:category|post_tag|post_format|author|page|attachment)-sitemap\d*\.xml(?:\.gz)?"
)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_EXTENSIONS = re.compile(r"\.(?:xml|txt|gz|php|aspx?)\b", re.IGNORECASE)
_LAST_NUMBERS = re.compile(r"\d+(?:[-_.]\d+)*\Z")


def sitemap_entries(document: Document, context: DocumentContext, result: ChannelResult) -> Iterator[Entry]:
    """The entries of an XML sitemap; the children of an index are added to `result.children`."""
    is_trusted = context.channel.kind == "news_sitemap"
    children: list[tuple[str, str | None]] = []
    seen_any, problems_before = False, len(result.problems)
    for element in iter_elements(_balanced(document.text, result), ("url", "sitemap"), result):
        fields = _fields(element)
        link = inner_text(fields.get("loc"))
        # Each name once, which is usual: no need to look for more.
        links = [link] if link and len(fields) == len(element) else _links(element)
        seen_any = seen_any or bool(links)
        if not links:
            result.skip("invalid_url")
        elif local_name(element) == "url":
            yield from (_entry(link, fields, is_trusted=is_trusted) for link in links)
        else:
            children += ((link, inner_text(fields.get("lastmod"))) for link in links)
    if len(result.problems) > problems_before and not seen_any:
        raise ChannelProblem(f"No entry could be read. {result.problems[-1]}")
    if len(children) > MAX_ENTRIES:
        result.problems.append(f"The index lists more than {MAX_ENTRIES:,} sitemaps; the rest was not read.")
    if children:
        result.children += _children(children[:MAX_ENTRIES], context, result)


def text_entries(document: Document, context: DocumentContext, result: ChannelResult) -> Iterator[Entry]:
    """The entries of a text sitemap, which has one URL a line; other lines are counted. Raises ChannelProblem for a
    text that is no list of URLs: neither its first line nor half of its lines are one."""
    lines = [line for line in map(str.strip, document.text.splitlines()) if line]
    links = [line for line in lines if _URL.fullmatch(line)]
    if not _URL.fullmatch(lines[0]) and len(links) * 2 < len(lines):
        raise ChannelProblem("The document is neither XML nor a list of URLs; check the URL of the channel.")
    for _ in range(len(lines) - len(links)):
        result.skip("invalid_url")
    return (Entry(link=link, is_trusted=context.channel.kind == "news_sitemap") for link in links)


def _balanced(text: str, result: ChannelResult) -> str:
    if not is_unbalanced(text) or (repaired := balanced(text, SITEMAP)) == text:
        return text
    result.problems.append("Tags of the document are missing or stray; all that is readable was read.")
    return repaired


def _links(element: etree._Element) -> list[str]:
    """The URLs of an entry: of each loc, or the text of the entry itself if it has none."""
    links = [text for child in element if child.tag == _own(element, "loc") and (text := inner_text(child))]
    own = (element.text or "").strip()
    return links or ([own] if _URL.fullmatch(own) else [])


def _fields(element: etree._Element) -> dict[str, etree._Element]:
    """Direct children by local name, the first of each. Not all descendants, and no loc of another namespace: an image
    has a loc of its own."""
    fields: dict[str, etree._Element] = {}
    for child in element:
        name = local_name(child)
        if name != "loc" or child.tag == _own(element, name):
            fields.setdefault(name, child)
    return fields


def _own(element: etree._Element, name: str) -> str:
    """A name in the namespace of an element, as lxml writes it."""
    return str(element.tag)[: -len(local_name(element))] + name


def _entry(link: str, fields: dict[str, etree._Element], *, is_trusted: bool) -> Entry:
    entry = Entry(link=link, is_trusted=is_trusted, modified=inner_text(fields.get("lastmod")))
    news = fields.get("news")
    if news is not None:
        news_fields = _fields(news)
        publication = news_fields.get("publication")
        entry.is_trusted = True  # the news element means that it is an article
        entry.title = inner_text(news_fields.get("title"))
        entry.published = inner_text(news_fields.get("publication_date"))
        entry.language = inner_text(_fields(publication).get("language")) if publication is not None else None
    return entry


def _children(
    children: list[tuple[str, str | None]], context: DocumentContext, result: ChannelResult
) -> list[ChildDocument]:
    kind: ChannelKind = "news_sitemap" if context.channel.kind == "news_sitemap" else "sitemap"
    seen = {canonical_url(context.url), canonical_url(context.channel.url)}  # an index that lists itself is a loop
    documents: list[ChildDocument] = []
    for link, lastmod in children:
        url = site_url(link, context, result)
        if url is None:
            continue
        modified = channel_date(lastmod, context.profile)
        reason = _reason_to_skip(url, modified, seen, context)
        if reason:
            result.skip(reason)
        else:
            documents.append(ChildDocument(channel=Channel(kind, url), modified=modified.value if modified else None))
    return _newest_children_first(documents)


def _reason_to_skip(url: str, modified: ReadDate | None, seen: set[str], context: DocumentContext) -> str | None:
    try:
        key = canonical_url(url)
    except ValueError:
        return "invalid_url"
    if key in seen:
        return "repeated"
    seen.add(key)
    if _NOT_POSTS.fullmatch(urlsplit(url).path.rpartition("/")[2]):
        return "not_posts"
    return "too_old" if is_too_old(modified, context.since) else None


def _newest_children_first(documents: list[ChildDocument]) -> list[ChildDocument]:
    if any(child.modified for child in documents):
        return sorted(documents, key=lambda child: newest_first(child.modified))
    numbers = [_numbers_at_end(child.channel.url) for child in documents]
    if all(numbers):  # pages and archives are numbered and dated upwards
        return [
            child for _, child in sorted(zip(numbers, documents, strict=True), key=lambda pair: pair[0], reverse=True)
        ]
    return documents


def _numbers_at_end(url: str) -> tuple[int, ...]:
    """The date or number at the end of a file name: (2024, 5) for sitemap-2024-05.xml, (3,) for sitemap.xml?page=3."""
    parts = urlsplit(url)
    if re.search(r"\d", parts.query):
        return tuple(map(_small_int, re.findall(r"\d+", parts.query)))
    match = _LAST_NUMBERS.search(_EXTENSIONS.sub("", parts.path.rpartition("/")[2]))
    return tuple(map(_small_int, re.findall(r"\d+", match[0]))) if match else ()


def _small_int(digits: str) -> int:
    return int(digits[:18])  # int() rejects numbers with thousands of digits
