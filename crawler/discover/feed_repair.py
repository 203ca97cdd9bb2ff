"""Feeds of strangers, repaired and pruned for feedparser.

feedparser gets a document that lxml has repaired and that contains only what is read here. It is then never in its slow
fallback for malformed XML, sees no DOCTYPE and no entities, sanitizes no article bodies (most of its time), and is not
misled by the titles and links of images and media players within an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from crawler.discover.document import Document
from crawler.discover.next_page import feed_head
from crawler.discover.result import ChannelProblem, ChannelResult
from crawler.discover.xmltree import ends_within, inner_text, local_name, namespace_of, read_tree

# feedparser takes 0.2 ms an entry even so. Feeds have 10 to 500 entries, the newest first.
MAX_FEED_ENTRIES = 10_000

_DATE_FIELDS = frozenset({"pubDate", "pubdate", "date", "published", "issued", "created", "updated", "modified"})
_ENTRIES = frozenset({"item", "entry"})
_ENTRY_FIELDS = _DATE_FIELDS | {"title", "link", "guid", "id", "author", "creator", "category", "subject", "origLink"}
_FEED_FIELDS = _ENTRIES | {"channel", "language"}
_XML, _RDF = "{http://www.w3.org/XML/1998/namespace}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ATTRIBUTES = frozenset({"version", "rel", "href", "type", "isPermaLink", "term", "label"})
_ATTRIBUTES |= {f"{_XML}base", f"{_XML}lang", f"{_RDF}about"}
# The elements that stay in a malformed feed. The last ones only hold texts, titles and links together that are not the
# entry's own.
_VOCABULARY = _FEED_FIELDS | _ENTRY_FIELDS | {"rss", "RDF", "feed", "name", "email", "description", "summary"}
_VOCABULARY |= {"content", "encoded", "source", "image", "textInput", "textinput", "thumbnail", "group", "player"}
_TAG = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|</?(?:[\w.-]+:)?([\w.-]+)[^<>]*>", re.DOTALL)
# Namespaces whose elements are the entry's own; RSS 2.0 has none. Not: media, itunes, image, georss, ...
_NAMESPACE = re.compile(
    r"|https?://(?:www\.)?(?:w3\.org/2005/atom|purl\.org/(?:atom|rss|net/rss|dc)\b\S*|my\.netscape\.com/\S*|"
    r"backend\.userland\.com/\S*|rssnamespace\.org/feedburner/\S*|channel\.netscape\.com/\S*|w3\.org/\S*rdf-syntax-ns#)/?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\s*\S+@\S+\s*(?:\(([^()]*)\)\s*)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairedFeed:
    """A feed for feedparser, and what was read of its head before that was removed."""

    xml: bytes
    next_link: str | None
    is_wordpress: bool


def repaired_feed(document: Document, result: ChannelResult) -> RepairedFeed:
    """A feed for feedparser. Raises ChannelProblem for one that breaks off before its first entry."""
    problems_before = len(result.problems)
    root = _read(document.text, result)
    if result.is_cut_off and ends_within(document.text, tuple(_ENTRIES)):  # half a URL is another URL
        for element in list(root.iter("{*}item", "{*}entry"))[-1:]:
            _remove(element)
    _drop_invented_namespace(root)
    next_link, is_wordpress = feed_head(root)
    entries = _separated_entries(root)
    if len(entries) > MAX_FEED_ENTRIES:
        result.problems.append(f"The feed has more than {MAX_FEED_ENTRIES:,} entries; the rest was not read.")
    for element in entries[MAX_FEED_ENTRIES:]:
        _remove(element)
    for element in entries[:MAX_FEED_ENTRIES]:
        _keep_children(element, _ENTRY_FIELDS)
    for element in (root, *root.findall("{*}channel")):
        _keep_children(element, _FEED_FIELDS)
    if len(result.problems) > problems_before and not any(len(entry) for entry in root.iter("{*}item", "{*}entry")):
        raise ChannelProblem(f"No entry could be read. {result.problems[-1]}")
    xml = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return RepairedFeed(xml=xml, next_link=next_link, is_wordpress=is_wordpress)


def _read(text: str, result: ChannelResult) -> etree._Element:
    """The tree of a feed. HTML that broke it, since it was inserted without being escaped, is removed first."""
    before = len(result.problems)
    root = read_tree(text, result)
    if len(result.problems) == before:
        return root
    # Recovery closes all open elements at a stray </b>, and takes the rest of the feed for the inside of a <br>.
    return read_tree(_TAG.sub(lambda tag: tag[0] if tag[1] in (None, *_VOCABULARY) else "", text), ChannelResult())


def _drop_invented_namespace(root: etree._Element) -> None:
    """A namespace of the root that nobody knows counts as none."""
    own = namespace_of(root)
    if _NAMESPACE.fullmatch(own):
        return
    for element in list(root.iter(f"{{{own}}}*")):
        if ":" not in local_name(element):
            element.tag = local_name(element)


def _separated_entries(root: etree._Element) -> list[etree._Element]:
    """The entries; one within another one, whose end tag is missing, is moved behind it."""
    entries = list(root.iter("{*}item", "{*}entry"))
    for element in entries:
        parent = element.getparent()
        if parent is not None and local_name(parent) in _ENTRIES:
            parent.addnext(element)
    return entries


def _keep_children(element: etree._Element, names: frozenset[str]) -> None:
    _keep_attributes(element)
    for child in list(element):
        name = local_name(child)
        if name not in names or not _NAMESPACE.fullmatch(namespace_of(child)):
            element.remove(child)
        elif name not in _FEED_FIELDS:
            _flatten(child, name)


def _flatten(element: etree._Element, name: str) -> None:
    """Make a field of an entry one piece of text: feedparser fails on some of what may be in it."""
    _keep_attributes(element)
    text = (inner_text(element.find("{*}name")) if name == "author" else None) or inner_text(element)
    if name in ("author", "creator") and (mail := _MAIL.fullmatch(text or "")):
        text = mail[1]  # RSS has "address (name)"; feedparser knows few top-level domains
    if name == "guid" and not re.match(r"https?://", text or ""):
        text = None  # feedparser would take a bare number for a relative link
    del element[:]
    element.text = text
    if text is None and not element.attrib:
        _remove(element)


def _keep_attributes(element: etree._Element) -> None:
    for name in set(element.attrib) - _ATTRIBUTES:
        del element.attrib[name]


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
