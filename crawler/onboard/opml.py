"""OPML: the subscriptions that feed readers export and import (opml.org, version 2.0)."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from crawler.discover.document import xml_chars
from crawler.discover.xmltree import local_name

MAX_FEEDS = 500
"""Feeds of one file. Chosen by hand: at eight sites at a time, half an hour."""

_MAX_BYTES = 10_000_000


class OpmlError(ValueError):
    """A file that cannot be read; the message is a sentence."""


def read_opml(path: Path) -> list[str]:
    """The addresses of the feeds in a file, each once, in its order. Raises OpmlError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OpmlError(f"cannot be read ({error.strerror})") from error
    if len(data) > _MAX_BYTES:
        raise OpmlError(f"has more than {_MAX_BYTES:,} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise OpmlError("is not XML") from error
    if root is None or local_name(root) != "opml":
        raise OpmlError("is not OPML")
    feeds = [clean_url for outline in root.iter("outline") if (clean_url := xml_chars(_address(outline)).strip())]
    feeds = list(dict.fromkeys(feeds))
    if not feeds:
        raise OpmlError("lists no feed")
    if len(feeds) > MAX_FEEDS:
        raise OpmlError(f"lists {len(feeds)} feeds; at most {MAX_FEEDS} are added at once")
    return feeds


def _address(outline: etree._Element) -> str:
    attributes = {name.lower(): value for name, value in outline.attrib.items()}
    return str(attributes.get("xmlurl", ""))
