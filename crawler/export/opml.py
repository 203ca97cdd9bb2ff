"""The feeds of sites as OPML 2.0, the list that feed readers import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from lxml import etree

from crawler.export.feed import xml_text
from crawler.export.staging import FormatError, staged_file


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed of a site."""

    title: str
    url: str
    home: str
    """Home page of the site."""

    language: str | None


def export_opml(target: str, feeds: Iterable[OpmlFeed], now: datetime) -> None:
    """Write the list. Raises ExportError."""
    if Path(target).suffix.lower() not in (".opml", ".xml"):
        raise FormatError(f"{target}: the name of a list of feeds must end in .opml")
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Sites of Rasid"
    etree.SubElement(head, "dateCreated").text = format_datetime(now.replace(microsecond=0))
    body = etree.SubElement(root, "body")
    for feed in feeds:
        title = xml_text(feed.title)
        values = {"type": "rss", "text": title, "title": title, "xmlUrl": feed.url, "htmlUrl": feed.home}
        if feed.language:
            values["language"] = feed.language
        etree.SubElement(body, "outline", values)
    with staged_file(Path(target)) as part:
        part.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
