"""RSL licences in a feed: content elements of its namespace in the channel and in its entries (RSL 1.0, 4)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from crawler.discover.xmltree import local_name, namespace_of
from crawler.rights.rsl import NAMESPACE

_MAX_CHARS = 5_000
"""A longer licence of an entry is not read: it would be stored with each page. Chosen by hand."""


def entry_licences(holders: Sequence[etree._Element], entries: Sequence[etree._Element]) -> list[str | None]:
    """For each entry the RSL document that holds for it: its own content elements, else those of the feed. To be called
    before the feed is pruned."""
    of_feed = _document([content for holder in holders for content in _contents(holder)])
    return [_document(_contents(entry)) or of_feed for entry in entries]


def _contents(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if namespace_of(child) == NAMESPACE and local_name(child) == "content"]


def _document(contents: Sequence[etree._Element]) -> str | None:
    if not contents:
        return None
    root = etree.Element(f"{{{NAMESPACE}}}rsl", nsmap={None: NAMESPACE})
    for content in contents:
        root.append(etree.fromstring(etree.tostring(content, with_tail=False)))
    text = etree.tostring(root, encoding="unicode")
    return text if len(text) <= _MAX_CHARS else None
