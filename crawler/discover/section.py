"""Section pages and home pages: their links to articles, with the headline of each link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.discover.document import Document
from crawler.discover.next_page import add_next_page, next_of_section
from crawler.discover.result import ChannelProblem, ChannelResult, DocumentContext, Entry
from crawler.text import clean, fold
from crawler.urls import absolute_url

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "div", "time", "ul", "figure", "section", "article", "table"})
# Characters of a headline. Chosen by hand; no measurement.
_HEADLINE_CHARS = range(12, 250)
_MIN_WORDS = 3
# Elements above a link that are searched for a heading.
_PARENTS = 3
# How certain it is that a text is the headline: marked up as one, an attribute that repeats it, any text of the link.
_MARKED_UP, _ATTRIBUTE, _ANY = 3, 2, 1
_FEED_TYPE = re.compile(r"\s*application/(?:rss|atom|feed)\+(?:xml|json)", re.IGNORECASE)
_MAX_FEEDS = 3
"""Feeds of a page that are named, at most. Chosen by hand."""
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{6}")  # Thai, Japanese, Chinese: no words to count
# Folded beginnings of link texts that are not headlines.
_NO_HEADLINE = ("اقرا المزيد", "المزيد", "اكمل القراءه", "تابع القراءه", "قراءه المزيد", "read more", "read the full",
                "continue reading", "learn more", "see more", "more from", "skip to", "view all")  # fmt: skip


def section_entries(document: Document, context: DocumentContext, result: ChannelResult) -> list[Entry]:
    """The links of an HTML page in its order, one for each `a`. Raises ChannelProblem if it is not HTML."""
    tree = _read_html(document.text)
    base_tag = tree.find(".//base[@href]")
    base = context.url if base_tag is None else absolute_url(base_tag.get("href", ""), context.url) or context.url
    if following := next_of_section(tree, base, context):
        add_next_page(following, base, context, result)
    links: list[str] = []
    headlines: dict[str, tuple[int, int, str]] = {}
    for element in tree.iter("a"):
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        link = absolute_url(href, base) or href
        links.append(link)
        # Cards link an article two or three times: with its picture, its headline, and "read more".
        for weight, text in _headlines(element):
            headlines[link] = max(headlines.get(link, (0, 0, "")), (weight, len(text), text))
    return [
        Entry(link=link, is_trusted=False, title=headlines[link][2] if link in headlines else None) for link in links
    ]


def declared_feeds(document: Document, url: str) -> list[str]:
    """The feeds that the head of an HTML page declares, at most three."""
    try:
        tree = _read_html(document.text)
    except ChannelProblem:
        return []
    links = (link for link in tree.iter("link") if "alternate" in (link.get("rel") or "").lower().split())
    feeds = (absolute_url(link.get("href") or "", url) for link in links if _FEED_TYPE.match(link.get("type") or ""))
    return list(dict.fromkeys(filter(None, feeds)))[:_MAX_FEEDS]


def _read_html(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ChannelProblem("The document is not HTML.") from error
    if tree is None:
        raise ChannelProblem("The document is not HTML.")
    return tree


def _headlines(link: etree._Element) -> Iterator[tuple[int, str]]:
    """The texts of a link that may be the headline, each with its weight."""
    heading = next(link.iter(*_HEADINGS), None)
    if heading is not None:
        yield from _if_headline(_MARKED_UP, "".join(heading.itertext()))
        return
    parents = [parent.tag for parent, _ in zip(link.iterancestors(), range(_PARENTS), strict=False)]
    weight = _MARKED_UP if _HEADINGS.intersection(parents) else _ANY
    if next(link.iter(*_BLOCKS), None) is None:  # else it is a whole card with date, section and teaser
        yield from _if_headline(weight, "".join(link.itertext()))
    for attribute in ("aria-label", "title"):
        yield from _if_headline(_ATTRIBUTE, link.get(attribute) or "")


def _if_headline(weight: int, text: str) -> Iterator[tuple[int, str]]:
    text = clean(text)
    long_enough = len(text) in _HEADLINE_CHARS and len(text.split()) >= _MIN_WORDS
    if (long_enough or _UNSPACED.search(text)) and not fold(text).startswith(_NO_HEADLINE):
        yield weight, text
