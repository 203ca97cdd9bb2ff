"""Articles as a feed: RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1, for feed readers."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree

from crawler.export.feed_head import FeedHead
from crawler.export.staging import staged_file
from crawler.text import direction

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERATOR = "Rasid"
_SUMMARY_CHARS = 300
"""Characters of the body in the place of a missing subtitle. Chosen by hand."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_feed(target: Path, rows: Iterable[Mapping[str, Any]], head: FeedHead) -> int:
    """Write articles, the newest first, to a feed in the format of the suffix; return their number. Raises
    ExportError."""
    items, head = [_clean(row) for row in rows], replace(head, title=xml_text(head.title))
    write = {".rss": _rss, ".atom": _atom, ".json": _json_feed}[target.suffix.lower()]
    with staged_file(target) as part:
        part.write_bytes(write(items, head))
    return len(items)


def xml_text(text: str) -> str:
    """The text without the characters that XML cannot contain."""
    return _NOT_IN_XML.sub("", text)


def _rss(items: Sequence[Mapping[str, Any]], head: FeedHead) -> bytes:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"dc": _DC, "content": _CONTENT})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", head.title)
    _add(channel, "link", head.link)
    _add(channel, "description", head.title)
    _add(channel, "language", _language(items))
    _add(channel, "lastBuildDate", format_datetime(_updated(items, head)))
    _add(channel, "generator", _GENERATOR)
    for item in items:
        element = etree.SubElement(channel, "item")
        _add(element, "title", item["title"])
        _add(element, "link", item["url"])
        _add(element, "guid", item["url"]).set("isPermaLink", "true")
        if item["published"]:
            _add(element, "pubDate", format_datetime(_moment(item["published"])))
        for author in item["authors"]:
            _add(element, f"{{{_DC}}}creator", author)
        for category in _categories(item):
            _add(element, "category", category)
        _add(element, "description", _summary(item))
        _add(element, f"{{{_CONTENT}}}encoded", _html(item))
    return _serialized(root)


def _atom(items: Sequence[Mapping[str, Any]], head: FeedHead) -> bytes:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _set_language(root, _language(items))
    _add(root, f"{{{_ATOM}}}id", uuid.uuid5(uuid.NAMESPACE_URL, head.identity).urn)
    _add(root, f"{{{_ATOM}}}title", head.title)
    _add(root, f"{{{_ATOM}}}updated", _updated(items, head).isoformat())
    etree.SubElement(root, f"{{{_ATOM}}}link", {"rel": "alternate", "href": head.link})
    _add(etree.SubElement(root, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", head.title)
    _add(root, f"{{{_ATOM}}}generator", _GENERATOR)
    for item in items:
        entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
        _set_language(entry, item["language"])
        _add(entry, f"{{{_ATOM}}}id", item["url"])
        _add(entry, f"{{{_ATOM}}}title", item["title"])
        etree.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": item["url"]})
        _add(entry, f"{{{_ATOM}}}updated", _changed(item).isoformat())
        if item["published"]:
            _add(entry, f"{{{_ATOM}}}published", _moment(item["published"]).isoformat())
        for author in item["authors"]:
            _add(etree.SubElement(entry, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", author)
        for category in _categories(item):
            etree.SubElement(entry, f"{{{_ATOM}}}category", {"term": category})
        _add(entry, f"{{{_ATOM}}}summary", _summary(item))
        _add(entry, f"{{{_ATOM}}}content", _html(item)).set("type", "html")
    return _serialized(root)


def _json_feed(items: Sequence[Mapping[str, Any]], head: FeedHead) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.link,
        "language": _language(items),
        "items": [
            _used(
                {
                    "id": item["url"],
                    "url": item["url"],
                    "title": item["title"],
                    "content_html": _html(item),
                    "summary": _summary(item),
                    "image": item["image_url"],
                    "date_published": _moment(item["published"]).isoformat() if item["published"] else None,
                    "date_modified": _moment(item["modified"]).isoformat() if item["modified"] else None,
                    "authors": [{"name": author} for author in item["authors"]],
                    "tags": _categories(item),
                    "language": item["language"],
                }
            )
            for item in items
        ],
    }
    return json.dumps(_used(feed) | {"items": feed["items"]}, ensure_ascii=False, indent=1).encode() + b"\n"


def _clean(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without the characters that XML cannot contain."""
    return {
        key: xml_text(value) if isinstance(value, str)
        else [xml_text(text) for text in value] if isinstance(value, list)
        else value
        for key, value in row.items()
    }  # fmt: skip


def _used(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _add(parent: etree._Element, tag: str, text: str | None) -> etree._Element:
    """Add an element with a text; an element without one is detached."""
    element = etree.SubElement(parent, tag)
    element.text = text
    if not text:
        parent.remove(element)
    return element


def _set_language(element: etree._Element, code: str | None) -> None:
    if code:
        element.set(_LANG, code)


def _serialized(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _language(items: Sequence[Mapping[str, Any]]) -> str | None:
    """The language of all items; None if they have several or none."""
    languages = {item["language"] for item in items}
    return languages.pop() if len(languages) == 1 else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _changed(item: Mapping[str, Any]) -> datetime:
    return _moment(item["modified"] or item["published"] or item["first_seen"])


def _updated(items: Sequence[Mapping[str, Any]], head: FeedHead) -> datetime:
    return max(map(_changed, items), default=head.written.replace(microsecond=0))


def _categories(item: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(filter(None, [item["category"], *item["tags"]])))


def _summary(item: Mapping[str, Any]) -> str:
    """The subtitle, else the beginning of the body."""
    if item["subtitle"]:
        return str(item["subtitle"])
    text = " ".join(str(item["body"]).split())
    return text if len(text) <= _SUMMARY_CHARS else text[:_SUMMARY_CHARS].rpartition(" ")[0] + " …"


def _html(item: Mapping[str, Any]) -> str:
    """The body as HTML, a paragraph a line, in its direction."""
    text = str(item["body"])
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())
    return f'<div dir="rtl">{paragraphs}</div>' if direction(text) == "rtl" else paragraphs
