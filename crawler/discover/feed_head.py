"""The head of a feed: what it says of all its entries, and where the older ones are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from crawler.discover.result import DocumentContext
from crawler.discover.xmltree import inner_text, local_name, namespace_of
from crawler.urls import absolute_url

# RFC 5005: the next document of a paged feed, and the document before of an archived one. Both have older entries.
_RELATIONS = ("next", "prev-archive")
# WordPress gives any of its feeds page by page, and links none of these pages.
_WORDPRESS = re.compile(r"https?://(?:www\.)?wordpress\.(?:org|com)\b", re.IGNORECASE)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# Namespaces whose elements are the entry's own; RSS 2.0 has none. Not: media, itunes, image, georss, ...
_NAMESPACE = re.compile(
    r"|https?://(?:www\.)?(?:w3\.org/2005/atom|purl\.org/(?:atom|rss|net/rss|dc)\b\S*|my\.netscape\.com/\S*|"
    r"backend\.userland\.com/\S*|rssnamespace\.org/feedburner/\S*|channel\.netscape\.com/\S*|w3\.org/\S*rdf-syntax-ns#)/?",
    re.IGNORECASE,
)
# With or without brackets around it: "Name <a@b>", "a@b (Name)", "Name (mailto:a@b)".
_MAIL_ADDRESS = re.compile(r"[<(\[]?\s*(?:mailto:)?[^\s<>()\[\],;]+@[^\s<>()\[\],;]+\s*[>)\]]?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedHead:
    """What is read of a feed beside its entries."""

    authors: tuple[str, ...]
    """The authors of the entries that have none of their own (RFC 4287, 4.2.1)."""

    next_link: str | None
    """To the page with the older entries, as written there."""

    is_wordpress: bool
    """Whether WordPress made the feed."""


def read_head(root: etree._Element, holders: list[etree._Element]) -> FeedHead:
    """The head of a feed. `holders`: the elements whose children are the head and the entries."""
    links: dict[str, str] = {}
    authors: list[str] = []
    is_wordpress = False
    for child in (child for holder in holders for child in holder):
        name = local_name(child)
        if name == "link" and child.get("href"):
            links.setdefault((child.get("rel") or "").strip().lower(), child.get("href", ""))
        elif name in ("author", "creator") and is_of_feeds(child) and (person := person_in(child)):
            authors.append(person)
        elif name == "generator":
            texts = f"{inner_text(child) or ''} {child.get('uri') or ''}"
            is_wordpress = is_wordpress or bool(_WORDPRESS.search(texts))
    following = next((links[relation] for relation in _RELATIONS if relation in links), None)
    return FeedHead(authors=tuple(authors), next_link=following, is_wordpress=is_wordpress)


def declare_base(root: etree._Element, holders: list[etree._Element], context: DocumentContext) -> None:
    """Give an RSS feed without xml:base the link of its channel as the base of relative links, if it is on the site. No
    standard names their base; the feed may be on a host that has no articles. Atom's is the feed (RFC 4287, 2)."""
    if local_name(root) == "feed" or any(holder.get(_XML_BASE) for holder in holders):
        return
    links = (child for holder in holders for child in holder if local_name(child) == "link" and not child.get("href"))
    base = absolute_url(inner_text(next(links, None)) or "", context.url)
    if base is not None and context.profile.owns(context.profile.here(base)):
        root.set(_XML_BASE, base)


def is_of_feeds(element: etree._Element) -> bool:
    """Whether an element is in a namespace of feeds, and so the entry's or the feed's own."""
    return _is_of_feeds(namespace_of(element))


def person_in(element: etree._Element) -> str | None:
    """The name in an element for a person, without the mail address that RSS has instead of the name or beside it."""
    text = (inner_text(element.find("{*}name")) if len(element) else None) or inner_text(element)
    if text is None or "@" not in text:
        return text
    text = _MAIL_ADDRESS.sub(" ", text).strip(" \t\r\n,;")
    return (text[1:-1].strip() if re.fullmatch(r"\([^()]*\)", text) else text) or None


@lru_cache(maxsize=256)
def _is_of_feeds(namespace: str) -> bool:
    return _NAMESPACE.fullmatch(namespace) is not None
