"""The authors: persons are authors, agencies and outlets are the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id, name_pattern
from crawler.extract.jsonld import resolved, text_value, types_of
from crawler.extract.lexicon import AGENCIES
from crawler.extract.names import begins_like_byline, introduction, is_like_name, split_names, without_title
from crawler.extract.organisations import is_organisation, is_placeholder
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.source import source_of_line
from crawler.extract.title import site_names
from crawler.text import clean, phrases, word_set, words
from crawler.urls import bare_host

# What introduces the names below a text.
_CREDIT_PHRASES = phrases("""
reporting by|writing by|editing by|reported by|written by|edited by|compiled by|translated by|additional reporting by
كتابة|تحرير|إعداد|اعداد|ترجمة|كتب|تقرير|تحرير وإعداد|إعداد وتحرير|redaktion|rédaction|redacción|editör
""")
_BYLINE_CLASS = name_pattern(
    r"by-?line\w*|author(?:s|[-_]?name|name)?|article-origins|write-?by|written-?by|writer|reporter|"
    r"journalist|byl|editor[-_]name|autor(?:a|e|en|es)?|auteurs?|autore|redakteur|periodista|journaliste|forfatter|muharrir"
)
# The author of the article before `author`, in which some systems name the owner of the site.
_META_NAMES = (
    "article:author",
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "byl",
    "citation_author",
    "article:author:name",
)
_ORGANISATIONS = word_set("Organization NewsMediaOrganization Corporation")
_NAME_PART = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿА-ЯЁ][^\W\d_]*(?:['’.-][^\W\d_]*)*")
AUTHOR_PAGE = re.compile(
    r"/(?:authors?|by|bylines?|people|staff|contributors?|profiles?|writers?|journalists?|reporters?|columnists?|bios?|"
    r"users?|auteurs?|autor(?:e|en|es)?|redakteure?)/[^/?#]+",
    re.IGNORECASE,
)
_MARKED = XPath("//@rel[.='author']/.. | //@itemprop[contains(., 'author')]/..")
_ACCOUNT = re.compile(r"/(?:log-?in|sign-?(?:in|up)|regist\w+|account|settings|subscri\w+)\b", re.IGNORECASE)
_COMMENT = re.compile(r"comment|respond|kommentar|disqus|تعليق")
_WHOLE_PAGE = word_set("body html article main")
_LINKS = frozenset(("a",))
_NEAR_TAGS = word_set("p div span a li strong b em h3 h4 h5 h6 address")

# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `authors` and `authors_f1` of fundus_tests. Lengths are in characters unless the name has another
# unit.
_MAX_CREDIT = 120
_MIN_CREDIT_NAME_WORDS, _MAX_CREDIT_NAME_WORDS = 2, 4
"""Words of a name in a credit line or a signature, which nothing else marks as a name."""

_MAX_SIGNATURE = 40
"""Signatures, and authors that stand with the first one, raised the exact authors of 128 pages from .88 to .896."""

_BYLINE_LEVELS = 4
"""How far above the first author the byline's container may be."""

_MAX_AUTHORS = 20
_MAX_MARKED = 10
_MAX_MARKED_TEXT = 120
_MIN_BYLINE, _MAX_BYLINE = 3, 160
_MIN_LABEL, _MAX_NEAR_BYLINE, _MAX_NEAR_CHILDREN = 2, 60, 3
"""A byline that no class name marks is a short line with at most this many children. Its label may be "By" alone."""

_MIN_LINKED_NAME = 3
_MIN_SET_APART_WORDS, _MAX_SET_APART_WORDS = 2, 5
"""Words of a name that has an element of its own in a byline."""


class Byline(NamedTuple):
    """The persons and the source that a page gives, and the signal that gave the persons."""

    authors: list[str]
    source: str | None
    signal: str | None


def find_byline(page: ParsedPage) -> Byline:
    """The first signal that gives persons gives the authors; an agency in it or before it is the source."""
    outlets = site_names(page)
    source: str | None = None
    for signal, texts in _signals(page):
        persons: list[str] = []
        for text in texts:
            if line_source := source_of_line(text):
                source = source or line_source
                continue
            names_outlet = False
            for name in map(without_title, split_names(text)):
                if is_placeholder(name):
                    continue
                if _is_agency(name) or _is_outlet(name, outlets) or is_organisation(name):
                    source, names_outlet = source or name, True
                elif names_outlet and len(name.split()) == 1:  # the outlet's place: "Far Post, London"
                    continue
                elif name.casefold() not in {p.casefold() for p in persons}:
                    persons.append(name)
        if persons:
            return Byline(persons[:_MAX_AUTHORS], source, signal)
    return Byline([], source or next(_linked_organisations(page), None), None)


def signature(paragraphs: list[str]) -> str | None:
    """The name that is the whole last paragraph: a few words with capitals and no full stop."""
    last = paragraphs[-1] if len(paragraphs) > 1 else ""
    names = split_names(last) if len(last) <= _MAX_SIGNATURE else []
    if len(names) != 1 or not _is_plain_name(names[0]) or _is_agency(names[0]):
        return None
    return names[0] if all(_NAME_PART.fullmatch(part) for part in names[0].split()) and last[-1] not in ".!?" else None


def persons_among(names: list[str], page: ParsedPage) -> list[str]:
    """Those of the names that belong to persons, neither to an agency nor to the site."""
    outlets = site_names(page)
    return [
        name
        for name in names
        if not (_is_agency(name) or _is_outlet(name, outlets) or is_organisation(name) or is_placeholder(name))
    ]


def is_credit_line(text: str) -> bool:
    """Whether a line contains who made the text and nothing else, as "Reporting by" and names below agency copy."""
    if len(text) > _MAX_CREDIT or "(" in text:
        return False
    length = introduction(words(text), _CREDIT_PHRASES)
    names = split_names(" ".join(text.split()[length:])) if length else []
    return bool(names) and all(map(_is_plain_name, names)) and text[-1:] not in ".!?؟"


def _is_plain_name(name: str) -> bool:
    return _MIN_CREDIT_NAME_WORDS <= len(name.split()) <= _MAX_CREDIT_NAME_WORDS


def _is_agency(name: str) -> bool:
    return tuple(words(name)) in AGENCIES


def _is_outlet(name: str, outlets: list[list[str]]) -> bool:
    """Whether a name is one of the site's, or begins with one of several words."""
    own = "".join(words(name))
    return any(own == "".join(other) or (len(other) > 1 and own.startswith("".join(other))) for other in outlets)


def _signals(page: ParsedPage) -> Iterator[tuple[str, list[str]]]:
    yield (
        "selector",
        [element_text(element) for element in page.selected("authors") if isinstance(element, HtmlElement)],
    )
    yield "json-ld", list(_linked_authors(page))
    for name in _META_NAMES:
        yield f"meta:{name}", page.meta.get(name, [])
    yield "rel-author", _rel_authors(page)
    yield "byline", _byline_elements(page)
    yield "author-link", _author_links(page)
    yield "state", page.in_state().authors


def _linked_organisations(page: ParsedPage) -> Iterator[str]:
    for value in resolved(page.article.get("author") or page.article.get("creator"), page.nodes):
        if isinstance(value, dict) and types_of(value) & _ORGANISATIONS and (name := clean(text_value(value))):
            yield name


def _linked_authors(page: ParsedPage) -> Iterator[str]:
    for value in resolved(page.article.get("author") or page.article.get("creator"), page.nodes):
        if isinstance(value, dict) and types_of(value) & _ORGANISATIONS:
            continue
        name: Any = value.get("name") if isinstance(value, dict) else value
        for text in name if isinstance(name, list) else [name]:
            if text_value(text):
                yield text_value(text)


def _rel_authors(page: ParsedPage) -> list[str]:
    """The elements marked as authors in the same container as the first one: cards have authors too."""
    marked = _MARKED(page.tree)[:_MAX_MARKED]
    byline = marked[0] if marked else None
    for _ in range(_BYLINE_LEVELS):
        above = byline.getparent() if byline is not None else None
        byline = above if above is not None and above.tag not in _WHOLE_PAGE else byline
    texts = [
        element_text(one) for one in marked if one is byline or any(above is byline for above in one.iterancestors())
    ]
    return [text for text in texts if len(text) <= _MAX_MARKED_TEXT]


def _byline_elements(page: ParsedPage) -> list[str]:
    """The names in the nearest element with the class name of a byline, or in a line near the headline that begins
    so."""
    marked = [
        element
        for element in page.class_names.matching(_BYLINE_CLASS)
        if element.tag not in _WHOLE_PAGE and _MIN_BYLINE <= len(element_text(element)) <= _MAX_BYLINE
    ]
    for element in _nearest_first(marked, page):
        if not _is_comment(element) and (names := _names_in(element)):
            return names
    for element in page.near_headline(_NEAR_TAGS):
        begins = (element.text or "").strip()
        if not _MIN_LABEL <= len(begins) <= _MAX_NEAR_BYLINE or len(element) > _MAX_NEAR_CHILDREN:
            continue
        shown = element_text(element)
        if len(shown) <= _MAX_NEAR_BYLINE and begins_like_byline(shown):
            names = _names_in(element)
            if all(map(is_like_name, (part for name in names for part in split_names(name)))):
                return names
    return []


def _nearest_first(elements: list[HtmlElement], page: ParsedPage) -> list[HtmlElement]:
    """Elements in the order of the page, those first that are in one of the few elements around the headline."""
    frame = page.headline
    for _ in range(_BYLINE_LEVELS):
        above = frame.getparent() if frame is not None else None
        frame = above if above is not None and above.tag not in ("body", "html") else frame
    if frame is None:
        return elements
    return sorted(elements, key=lambda element: frame not in element.iterancestors())


def _is_comment(element: HtmlElement) -> bool:
    """Whether an element belongs to a comment below the article or to the form for one."""
    return any(
        above.tag not in _WHOLE_PAGE and _COMMENT.search(class_and_id(above).lower())
        for above in [element, *element.iterancestors()]
    )


def _author_links(page: ParsedPage) -> list[str]:
    """The name in the first link near the headline that leads to a page of an author on this site."""
    for link in page.near_headline(_LINKS):
        href = link.get("href") or ""
        name = element_text(link) if AUTHOR_PAGE.search(href) and not _ACCOUNT.search(href) else ""
        if _is_plain_name(name) and is_like_name(name) and not _is_comment(link):
            url = page.other_page(link)
            if url and bare_host(url) == bare_host(page.url):
                return [name]
    return []


def _names_in(element: HtmlElement) -> list[str]:
    """The names that an element shows: those in links, or those in elements of their own, or its whole text."""
    shown = element_text(element)
    if source_of_line(shown):
        return [shown]
    links = [link for link in element.iter("a") if len(element_text(link)) >= _MIN_LINKED_NAME]
    to_authors = [link for link in links if AUTHOR_PAGE.search(link.get("href") or "")]
    if links:
        return [element_text(link) for link in to_authors or links]
    leaves = [element_text(child) for child in element.iterdescendants("span", "li", "div", "p") if len(child) == 0]
    apart = [leaf for leaf in leaves if _MIN_SET_APART_WORDS <= len(leaf.split()) <= _MAX_SET_APART_WORDS]
    return apart if len(apart) > 1 else [shown]
