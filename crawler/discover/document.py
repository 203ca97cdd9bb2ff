"""The response of a channel as text: decompressed, decoded, and classified by what it is, not by what was requested."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from typing import Any, Literal

from crawler.discover.result import MAX_QUOTE, ChannelProblem
from crawler.encoding.charset import decode
from crawler.encoding.gunzip import gunzip

Shape = Literal["feed", "sitemap", "json", "html", "text"]

# sitemaps.org: the largest size of a file, uncompressed.
MAX_BYTES = 50 * 1024 * 1024
_GZIP_PROBLEMS = {
    "cut_off": "The gzip data ends too early; the data before the end was read.",
    "damaged": "The gzip data is damaged; the data before the damage was read.",
}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_START = re.compile(r"<\?xml\b|<!DOCTYPE\b|<(?:rss|feed|rdf:RDF|urlset|sitemapindex|html)\b", re.IGNORECASE)
# Characters before a document, such as a PHP notice. Chosen by hand.
_LEADING_JUNK = 4096
_PROLOG = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?P<name>[^\[>]*)(?:\[(?P<subset>[^\]]*)\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_SHAPES: dict[str, Shape] = {
    "rss": "feed",
    "rdf": "feed",
    "feed": "feed",
    "entry": "feed",  # an Atom entry document (RFC 4287, 2)
    "channel": "feed",  # RSS 1.1, and RSS without its outermost element
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    **dict.fromkeys(("html", "head", "body", "meta", "title", "style", "script", "link"), "html"),
    # A fragment of a page may begin with any element; none of these is the root of a feed or sitemap.
    **dict.fromkeys(("div", "p", "br", "a", "ul", "ol", "li", "main", "section", "article", "header", "nav"), "html"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "span", "table", "form", "img"), "html"),
}
_REFERENCE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#(\d{1,9});|#[xX]([0-9a-fA-F]{1,7});|(\w{2,32};))?", re.DOTALL)
_XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


@dataclass(kw_only=True, slots=True)
class Document:
    """The text of a response; of XML, from its root element on: no declaration, no DOCTYPE, and thus no entities."""

    shape: Shape
    text: str
    problems: list[str] = field(default_factory=list)


def open_document(body: bytes, headers: Mapping[str, str], language: str | None) -> Document:
    """The document in a response, whatever its compression, encoding and Content-Type. Raises ChannelProblem."""
    problems: list[str] = []
    body = _limited(_ungzip(body, problems), problems)
    text = xml_chars(decode(body, headers.get("content-type"), language)).strip().removeprefix("\ufeff")
    if not text:
        raise ChannelProblem(problems[-1] if problems else "The response is empty.")
    if text[0] in "[{":
        return Document(shape="json", text=text, problems=problems)
    start = _START.search(text, 0, _LEADING_JUNK)
    if start is None and not text.startswith("<"):
        return Document(shape="text", text=text, problems=problems)
    if start and start.start() > 0 and not _begins_well(text):
        problems.append(f"{start.start()} characters before the document were ignored.")
        text = text[start.start() :]
    shape, text = _xml_shape(text, problems)
    return Document(shape=shape, text=text, problems=problems)


def xml_chars(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return _NOT_XML.sub("", text)


def repaired(text: str) -> bytes:
    """XML without the errors that lose content: bare ampersands, HTML's entities, references to characters that are not
    allowed. The only references left are the five of XML itself, so that no entity can be expanded."""
    return (_REFERENCE.sub(_reference, text) if "&" in text else text).encode("utf-8", "replace")


def read_json(text: str) -> Any:
    """The value of a JSON text. Raises ChannelProblem."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ChannelProblem("The JSON is nested too deeply.") from error
    except ValueError as error:  # JSONDecodeError, and numbers of thousands of digits
        raise ChannelProblem(f"The document is not valid JSON ({str(error)[:MAX_QUOTE]}).") from error


def json_text(value: object) -> str | None:
    """A JSON value that should be text; None for other values and for empty text."""
    return value.strip() or None if isinstance(value, str) else None


def _ungzip(body: bytes, problems: list[str]) -> bytes:
    """Decompress by the first two bytes: .gz files are served with and without Content-Encoding."""
    result = gunzip(body, MAX_BYTES)
    if result.problem is not None:
        problems.append(_GZIP_PROBLEMS[result.problem])
    return result.data


def _limited(body: bytes, problems: list[str]) -> bytes:
    if len(body) > MAX_BYTES:
        problems.append("The document is larger than 50 MB, the limit for sitemaps; the rest was not read.")
    return body[:MAX_BYTES]


def _begins_well(text: str) -> bool:
    """Whether the text begins with a document, so that the start of another one further down is content."""
    root = _ROOT.match(text)
    return text.startswith(("<!--", "<?")) or (root is not None and _SHAPES.get(root[1].lower()) in ("feed", "sitemap"))


def _xml_shape(text: str, problems: list[str]) -> tuple[Shape, str]:
    """The shape of an XML or HTML document, by its root element, and its text from there on."""
    position = 0
    while part := _PROLOG.match(text, position):
        position = part.end()
        if (part["subset"] or "").strip():
            problems.append("The document declares entities; they were ignored.")
        if (part["name"] or "").strip().lower().startswith("html"):
            return "html", text
    root = _ROOT.match(text, position)
    if root is None:
        raise ChannelProblem("The document begins like XML but has no root element.")
    shape = _SHAPES.get(root[1].lower())
    if shape is None:
        raise ChannelProblem(f"The document is XML, but <{root[1][:MAX_QUOTE]}> is neither a feed nor a sitemap.")
    return shape, text if shape == "html" else text[position:]


def _reference(match: re.Match[str]) -> str:
    if match[0].startswith("<"):  # in CDATA an ampersand is a character like any other
        return match[0]
    decimal, hexadecimal, name = match.groups()
    if name in _XML_ENTITIES:
        return match[0]
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return escape(xml_chars(chr(code))) if code <= sys.maxunicode else ""
    char = html5.get(name) if name else None
    return escape(char) if char else "&amp;" + match[0][1:]
