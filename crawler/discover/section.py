"""Section pages and home pages: their links to articles, with the headline that stands on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.discover.document import Document
from crawler.discover.found import ChannelProblem, Entry, Source
from crawler.text import clean, fold
from crawler.urls import absolute_url

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "div", "time", "ul", "figure", "section", "article", "table"})
_HEADLINE_CHARS = range(12, 250)
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{6}")  # Thai, Japanese, Chinese: no words to count
# Folded beginnings of link texts that name no article.
_NO_HEADLINE = ("اقرا المزيد", "المزيد", "اكمل القراءه", "تابع القراءه", "قراءه المزيد", "read more", "read the full",
                "continue reading", "learn more", "see more", "more from", "skip to", "view all")  # fmt: skip


def section_entries(document: Document, source: Source) -> list[Entry]:
    """The links of an HTML page in its order, one per `a`. Raises ChannelProblem if there is no page."""
    tree = _read_html(document.text)
    base_tag = tree.find(".//base[@href]")
    base = source.url if base_tag is None else absolute_url(base_tag.get("href", ""), source.url) or source.url
    links: list[str] = []
    headlines: dict[str, tuple[int, int, str]] = {}
    for element in tree.iter("a"):
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        link = absolute_url(href, base) or href
        links.append(link)
        # Card designs link an article two or three times: by its picture, its headline, "read more".
        for weight, text in _headlines(element):
            headlines[link] = max(headlines.get(link, (0, 0, "")), (weight, len(text), text))
    return [Entry(link=link, trusted=False, title=headlines[link][2] if link in headlines else None) for link in links]


def _read_html(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ChannelProblem("The document is no HTML.") from error
    if tree is None:
        raise ChannelProblem("The document is no HTML.")
    return tree


def _headlines(link: etree._Element) -> Iterator[tuple[int, str]]:
    """What may be the headline among the texts of a link, each with its weight: surest if marked up as a heading."""
    heading = next(link.iter(*_HEADINGS), None)
    if heading is not None:
        yield from _if_headline(3, "".join(heading.itertext()))
        return
    parents = [parent.tag for parent, _ in zip(link.iterancestors(), range(3), strict=False)]
    weight = 3 if _HEADINGS.intersection(parents) else 1
    if next(link.iter(*_BLOCKS), None) is None:  # else it is a whole card: date, section and teaser in one
        yield from _if_headline(weight, "".join(link.itertext()))
    for attribute in ("aria-label", "title"):
        yield from _if_headline(2, link.get(attribute) or "")


def _if_headline(weight: int, text: str) -> Iterator[tuple[int, str]]:
    text = clean(text)
    long_enough = len(text) in _HEADLINE_CHARS and len(text.split()) >= 3
    if (long_enough or _UNSPACED.search(text)) and not fold(text).startswith(_NO_HEADLINE):
        yield weight, text
