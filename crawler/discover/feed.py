"""Feeds: RSS 0.9x to 2.0, RSS 1.0 and Atom through feedparser, JSON Feed 1.0 and 1.1 by ourselves.

feedparser gets a document that lxml has repaired and pruned to what is read here: it is then never in its slow
fallback for malformed XML, sees no DOCTYPE and no entities, sanitises no article bodies (most of the time it takes),
and is not misled by the titles and links of images and media players within an entry.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from lxml import etree

from crawler.discover.document import Document, read_json, text_in
from crawler.discover.found import ChannelProblem, Entry, Found, Source
from crawler.discover.xmltree import ends_within, local_name, namespace_of, read_tree, text_of

# feedparser takes 0.2 ms an entry even so. Feeds hold 10 to 500, the newest first.
MAX_FEED_ENTRIES = 10_000
_DATE_FIELDS = frozenset({"pubDate", "pubdate", "date", "published", "issued", "created", "updated", "modified"})
_ENTRIES = frozenset({"item", "entry"})
_ENTRY_FIELDS = _DATE_FIELDS | {"title", "link", "guid", "id", "author", "creator", "category", "subject", "origLink"}
_FEED_FIELDS = _ENTRIES | {"channel", "language"}
_XML, _RDF = "{http://www.w3.org/XML/1998/namespace}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ATTRIBUTES = frozenset({"version", "rel", "href", "type", "isPermaLink", "term", "label"})
_ATTRIBUTES |= {f"{_XML}base", f"{_XML}lang", f"{_RDF}about"}
# What stays of a malformed feed. The last ones only hold text, titles and links together that are not the entry's own.
_VOCABULARY = _FEED_FIELDS | _ENTRY_FIELDS | {"rss", "RDF", "feed", "name", "email", "description", "summary"}
_VOCABULARY |= {"content", "encoded", "source", "image", "textInput", "textinput", "thumbnail", "group", "player"}
_TAG = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|</?(?:[\w.-]+:)?([\w.-]+)[^<>]*>", re.DOTALL)
# Namespaces whose elements are the entry's own; none is RSS 2.0. Not: media, itunes, image, georss, ...
_NAMESPACE = re.compile(
    r"|https?://(?:www\.)?(?:w3\.org/2005/atom|purl\.org/(?:atom|rss|net/rss|dc)\b\S*|my\.netscape\.com/\S*|"
    r"backend\.userland\.com/\S*|rssnamespace\.org/feedburner/\S*|channel\.netscape\.com/\S*|w3\.org/\S*rdf-syntax-ns#)/?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\s*\S+@\S+\s*(?:\(([^()]*)\)\s*)?")


def feed_entries(document: Document, source: Source, found: Found) -> Iterator[Entry]:
    """The entries of an RSS or Atom feed. Raises ChannelProblem for one that breaks off before its first entry."""
    problems_before = len(found.problems)
    root = _read(document.text, found)
    if found.cut_off and ends_within(document.text, tuple(_ENTRIES)):  # half an address is another address
        for element in list(root.iter("{*}item", "{*}entry"))[-1:]:
            _remove(element)
    _prune(root, found)
    if len(found.problems) > problems_before and not any(len(entry) for entry in root.iter("{*}item", "{*}entry")):
        raise ChannelProblem(f"No entry could be read. {found.problems[-1]}")
    parsed = _parse(etree.tostring(root, encoding="utf-8", xml_declaration=True), source.url)
    is_atom = str(parsed.version).startswith("atom")
    language = dict.get(parsed.feed, "language")
    for item in parsed.entries:
        link = _link(item)
        if link is None:
            found.skip("invalid_url")
        else:
            yield _entry(item, link, language, is_atom=is_atom)


def json_feed_entries(document: Document, found: Found) -> Iterator[Entry]:
    """The items of a JSON Feed. Raises ChannelProblem for any other JSON."""
    data = read_json(document.text)
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(data.get("version")):
        raise ChannelProblem("The document is JSON, but no JSON Feed.")
    for item in items:
        link = _json_link(item) if isinstance(item, dict) else None
        if link is None:
            found.skip("invalid_url")
        else:
            yield Entry(
                link=link,
                trusted=True,
                title=text_in(item.get("title")),
                published=text_in(item.get("date_published")),
                modified=text_in(item.get("date_modified")),
                authors=_json_authors(item) or _json_authors(data),
                categories=[tag for tag in _list(item.get("tags")) if isinstance(tag, str)],
                language=text_in(item.get("language")) or text_in(data.get("language")),
            )


def _read(text: str, found: Found) -> etree._Element:
    """The tree of a feed. HTML that was put into one without escaping it, and so broke it, is taken out first."""
    before = len(found.problems)
    root = read_tree(text, found)
    if len(found.problems) == before:
        return root
    # Recovery closes whatever is open at a stray </b>, and holds the rest of the feed for the inside of a <br>.
    return read_tree(_TAG.sub(lambda tag: tag[0] if tag[1] in (None, *_VOCABULARY) else "", text), Found())


def _prune(root: etree._Element, found: Found) -> None:
    """Leave in the tree what is read of it."""
    own = namespace_of(root)
    if not _NAMESPACE.fullmatch(own):  # one that somebody made up: as if there were none
        for element in list(root.iter(f"{{{own}}}*")):
            if ":" not in local_name(element):
                element.tag = local_name(element)
    entries = list(root.iter("{*}item", "{*}entry"))
    for element in entries:
        parent = element.getparent()
        if parent is not None and local_name(parent) in _ENTRIES:  # its end tag is missing
            parent.addnext(element)
    if len(entries) > MAX_FEED_ENTRIES:
        found.problems.append(f"The feed has more than {MAX_FEED_ENTRIES:,} entries; the rest was not read.")
    for element in entries[MAX_FEED_ENTRIES:]:
        _remove(element)
    for element in entries[:MAX_FEED_ENTRIES]:
        _keep_children(element, _ENTRY_FIELDS)
    for element in (root, *root.findall("{*}channel")):
        _keep_children(element, _FEED_FIELDS)


def _keep_children(element: etree._Element, names: frozenset[str]) -> None:
    _keep_attributes(element)
    for child in list(element):
        name = local_name(child)
        if name not in names or not _NAMESPACE.fullmatch(namespace_of(child)):
            element.remove(child)
        elif name not in _FEED_FIELDS:
            _flatten(child, name)


def _flatten(element: etree._Element, name: str) -> None:
    """Make a field of an entry one piece of text: feedparser stumbles over some of what may stand in it."""
    _keep_attributes(element)
    text = (text_of(element.find("{*}name")) if name == "author" else None) or text_of(element)
    if name in ("author", "creator") and (mail := _MAIL.fullmatch(text or "")):
        text = mail[1]  # RSS writes "address (name)"; feedparser knows few top-level domains
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


def _parse(xml: bytes, url: str) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(xml),  # never bytes or text, which it tries to open as a file or an address
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    # The ways in which its handlers fail on unusual nesting. The reduced tree has none of it that we know.
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise ChannelProblem(f"The feed cannot be read ({type(error).__name__} in feedparser).") from error


def _link(item: Any) -> str | None:
    """The address of the article itself: FeedBurner's original, the alternate link, the guid that is a permalink."""
    original = dict.get(item, "feedburner_origlink")
    alternates = [link for link in dict.get(item, "links", []) if link.get("rel") == "alternate" and link.get("href")]
    pages = [link for link in alternates if "html" in link.get("type", "html")]
    if original or alternates:
        return str(original or (pages or alternates)[0]["href"])
    identity = str(dict.get(item, "id") or "")
    # RSS 1.0 has the address as rdf:about, which feedparser gives as an id without saying whether it is a link.
    is_link = dict.get(item, "guidislink", True) and re.match(r"https?://", identity)
    return identity if is_link else None


def _entry(item: Any, link: str, language: str | None, *, is_atom: bool) -> Entry:
    published, updated = dict.get(item, "published"), dict.get(item, "updated")
    moment = dict.get(item, "published_parsed")
    if published is None and not is_atom:  # dc:date in RSS, which feedparser files as updated
        published, updated, moment = updated, None, dict.get(item, "updated_parsed")
    return Entry(
        link=link,
        trusted=True,
        title=dict.get(item, "title"),
        published=published,
        modified=updated,
        fallback=_instant(moment),
        authors=[str(author.get("name") or "") for author in dict.get(item, "authors", [])],
        categories=[str(tag.get("label") or tag.get("term") or "") for tag in dict.get(item, "tags", [])],
        language=dict.get(item, "title_detail", {}).get("language") or language,
    )


def _instant(moment: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None
    except (ValueError, OverflowError, TypeError):
        return None


def _json_link(item: dict[str, Any]) -> str | None:
    identity = text_in(item.get("id")) or ""
    return text_in(item.get("url")) or (identity if re.match(r"https?://", identity) else None)


def _json_authors(said: dict[str, Any]) -> list[str]:
    """Version 1.1 has a list of authors, version 1.0 one author."""
    authors = [*_list(said.get("authors")), said.get("author")]
    return [name for author in authors if isinstance(author, dict) and (name := text_in(author.get("name")))]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
