"""Dates that a page marks up as its own: selector, linked data, meta elements, microdata, RDFa, microformats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.dates.read import is_update_label
from crawler.extract.class_names import MAX_READ_ELEMENTS, class_and_id, name_pattern
from crawler.extract.date_reader import spaced_text
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage

_META_NAMES = (
    "article:published_time",
    "article:published:time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "publication_date",
    "published_at",
    "date",
    "article.published",
    "article_date_original",
    "datecreated",
    "article.created",
    "displaydate",
    "og:pubdate",
    "article:post_date",
)
MODIFIED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "article:updated_time",
)
UPDATE_NAME = re.compile(r"updat|modif", re.IGNORECASE)
_PUBLISHED_NAME = re.compile(r"publi", re.IGNORECASE)
# schema.org's property in microdata (itemprop) or RDFa (property), and Dublin Core's in RDFa.
_WITH_PROPERTY = XPath(
    "//@itemprop[.='datePublished']/.. | //@property[contains(., 'datePublished') or contains(., 'dc:created')]/.."
)
# The microformats h-entry and hAtom.
_MICROFORMAT = name_pattern("dt-published|published")
_MAX_LABEL = 40
"""Characters of a text before a date that is a label for it. Chosen by hand."""

_OF_A_COMMENT = re.compile(r"comment", re.IGNORECASE)


def declared_dates(page: ParsedPage) -> Iterator[tuple[str, str]]:
    """The dates of publication in selector, linked data and head, each as text with its signal."""
    for element in page.selected("published"):
        if isinstance(element, HtmlElement):
            yield (element.get("datetime") or element.get("content") or spaced_text(element)), "selector"
    yield text_value(page.article.get("datePublished")), "json-ld"
    for name in _META_NAMES:
        for value in page.meta.get(name, ())[:1]:
            yield value, f"meta:{name}"
    yield text_value(page.article.get("dateCreated")), "json-ld:created"
    yield text_value(page.web_page.get("datePublished")), "json-ld"


def marked_dates(page: ParsedPage) -> list[HtmlElement]:
    """The first elements that are marked up as the date of publication, wherever they stand, but not in a comment.

    The marks are schema.org's `datePublished`, Dublin Core's `created`, the `pubdate` of early HTML 5, and
    those of microformats.
    """
    marked: list[HtmlElement] = []
    if "datePublished" in page.html or "dc:created" in page.html:  # the search in the tree takes ten times as long
        marked += [element for element in _WITH_PROPERTY(page.tree) if element.tag != "meta"]
    marked += [time for time in page.tree.iter("time") if time.get("pubdate") is not None]
    named = page.class_names.matching(_MICROFORMAT)
    marked += [element for element in named if element.tag == "abbr" or "dt-published" in (element.get("class") or "")]
    return [element for element in dict.fromkeys(marked) if not is_in_comment(element)][:MAX_READ_ELEMENTS]


def is_update(element: HtmlElement) -> bool:
    """Whether the names of an element or the words before it say that its date is only that of an update."""
    names = f"{class_and_id(element)} {element.get('itemprop') or ''}"
    if UPDATE_NAME.search(names):
        return not _PUBLISHED_NAME.search(names)
    label = _words_before(element)
    return len(label) <= _MAX_LABEL and is_update_label(label)


def _words_before(element: HtmlElement) -> str:
    """The text between an element and the one before it, or else the text of that one."""
    parent, before = element.getparent(), element.getprevious()
    if before is None:
        return (parent.text or "") if parent is not None else ""
    text = before.tail or ""
    return text if text.strip() or before.tag == "time" else spaced_text(before)


def is_in_comment(element: HtmlElement) -> bool:
    """Whether an element is in a comment of a reader, by class names or microdata."""
    return any(
        _OF_A_COMMENT.search(class_and_id(ancestor)) or _OF_A_COMMENT.search(ancestor.get("itemtype") or "")
        for ancestor in element.iterancestors()
        if ancestor.tag not in ("body", "html")
    )
