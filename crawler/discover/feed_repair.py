"""Feeds of strangers, repaired and pruned for feedparser.

feedparser gets a document whose tags are balanced and that has only what is read here. It is then never in its slow
fallback for malformed XML, sees no DOCTYPE and no entities, sanitizes no article bodies (most of its time), and is not
misled by the titles and links of images and media players within an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from crawler.discover.document import Document
from crawler.discover.feed_head import FeedHead, declare_base, is_of_feeds, person_in, read_head
from crawler.discover.feed_licences import entry_licences
from crawler.discover.result import ChannelProblem, ChannelResult, DocumentContext
from crawler.discover.tags import FEED, balanced
from crawler.discover.xmltree import ends_within, inner_text, local_name, namespace_of, read_tree
from crawler.rights.rsl import NAMESPACE

# feedparser takes 0.2 ms an entry even so. Feeds have 10 to 500 entries, the newest first.
MAX_FEED_ENTRIES = 10_000

# Names in lower case: some feeds are written in capitals, and feedparser knows no case either.
_DATE_FIELDS = frozenset({"pubdate", "date", "published", "issued", "created", "updated", "modified"})
_ENTRIES = frozenset({"item", "entry"})
_ENTRY_FIELDS = _DATE_FIELDS | {"title", "link", "guid", "id", "author", "creator", "category", "subject", "origlink"}
_FEED_FIELDS = _ENTRIES | {"channel", "language"}
_XML, _RDF = "{http://www.w3.org/xml/1998/namespace}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ATTRIBUTES = frozenset({"version", "rel", "href", "hreflang", "type", "mode", "ispermalink", "term", "label"})
_ATTRIBUTES |= {f"{_XML}base", f"{_XML}lang", f"{_RDF}about"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairedFeed:
    """A feed for feedparser, and what was read of its head before that was removed."""

    xml: bytes
    head: FeedHead
    licences: list[str | None]
    """For each entry its RSL document; empty if the feed has none."""


def repaired_feed(document: Document, context: DocumentContext, result: ChannelResult) -> RepairedFeed:
    """A feed for feedparser. Raises ChannelProblem for one that breaks off before its first entry."""
    problems_before = len(result.problems)
    tree = _read(document.text, result)
    try:
        root = _root_of_feed(tree)
    except ValueError as error:  # the parser's recovery gives names that lxml itself refuses to set
        raise ChannelProblem(f"The feed has elements whose names are not valid XML ({error}).") from error
    if result.is_cut_off and ends_within(document.text, tuple(_ENTRIES)):  # half a URL is another URL
        for element in list(root.iter("{*}item", "{*}entry"))[-1:]:
            _remove(element)
    holders = [root, *root.findall("{*}channel")]
    entries = _entries_in_place(root, holders)
    head = read_head(root, holders)
    declare_base(root, holders, context)
    if len(entries) > MAX_FEED_ENTRIES:
        result.problems.append(f"The feed has more than {MAX_FEED_ENTRIES:,} entries; the rest was not read.")
    for element in entries[MAX_FEED_ENTRIES:]:
        _remove(element)
    licences = entry_licences(holders, entries[:MAX_FEED_ENTRIES]) if NAMESPACE in document.text else []
    is_malformed = len(result.problems) > problems_before
    for element in entries[:MAX_FEED_ENTRIES]:
        _inherit_authors(element)
        _keep_children(element, _ENTRY_FIELDS)
    for element in holders:
        _keep_children(element, _FEED_FIELDS)
    if is_malformed and not any(len(entry) for entry in root.iter("{*}item", "{*}entry")):
        raise ChannelProblem(f"No entry could be read. {result.problems[-1]}")
    return RepairedFeed(xml=etree.tostring(root, encoding="utf-8", xml_declaration=True), head=head, licences=licences)


def _read(text: str, result: ChannelResult) -> etree._Element:
    """The tree of a feed. If it is malformed, its tags are balanced first."""
    before = len(result.problems)
    root = read_tree(text, result)
    if len(result.problems) == before:
        return root
    return read_tree(balanced(text, FEED), ChannelResult())


def _drop_invented_namespace(root: etree._Element) -> None:
    """A namespace of the root that nobody knows counts as none."""
    if is_of_feeds(root):
        return
    for element in list(root.iter(f"{{{namespace_of(root)}}}*")):
        if ":" not in local_name(element):
            element.tag = local_name(element)


def _root_of_feed(root: etree._Element) -> etree._Element:
    """The root of a feed, with known names: no capitals, no invented namespace. For an entry alone, a feed of it."""
    _drop_invented_namespace(root)
    if next(root.iter("{*}item", "{*}entry"), None) is None:
        for element in root.iter("{*}*"):
            name = local_name(element)
            if ":" not in name:  # such names are made by recovery and cannot be set
                element.tag = str(element.tag)[: -len(name)] + name.lower()
    if local_name(root) not in _ENTRIES:
        return root
    feed = etree.Element(str(root.tag)[: -len(local_name(root))] + "feed")
    feed.append(root)
    return feed


def _entries_in_place(root: etree._Element, holders: list[etree._Element]) -> list[etree._Element]:
    """The entries. If one is in a list or in another one, not in the feed or channel itself, all are moved there."""
    found = list(root.iter("{*}item", "{*}entry"))
    entries = [element for element in found if is_of_feeds(element)]
    if all(element.getparent() in holders for element in entries):
        return entries
    holder = root if local_name(root) == "RDF" else holders[-1]
    for element in entries:
        holder.append(element)
    return entries


def _inherit_authors(entry: etree._Element) -> None:
    """An Atom entry without an author that was taken from another feed has the author of that (RFC 4287, 4.2.1)."""
    source = entry.find("{*}source")
    if source is not None and entry.find("{*}author") is None:
        entry.extend(source.findall("{*}author"))


def _keep_children(element: etree._Element, names: frozenset[str]) -> None:
    _keep_attributes(element)
    for child in list(element):
        name = local_name(child).lower()
        if name not in names or not is_of_feeds(child):
            element.remove(child)
        elif name not in _FEED_FIELDS:
            _flatten(child, name)


def _flatten(element: etree._Element, name: str) -> None:
    """Make a field of an entry one piece of text: feedparser fails on some of what may be in it."""
    _keep_attributes(element)
    text = person_in(element) if name in ("author", "creator") else inner_text(element)
    if name == "guid" and not re.match(r"https?://|/", text or "") and element.get("isPermaLink") != "true":
        text = None  # feedparser would take a bare number for a relative link
    del element[:]
    element.text = text
    if text is None and not element.attrib:
        _remove(element)


def _keep_attributes(element: etree._Element) -> None:
    for name in element.attrib:
        if name.lower() not in _ATTRIBUTES:
            del element.attrib[name]


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
