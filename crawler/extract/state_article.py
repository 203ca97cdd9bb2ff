"""The page's own article in the state of its scripts: what an application knows of it besides its text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.text import clean, words

_TITLES = ("headline", "title", "name")
_AUTHORS = ("authors", "author", "bylines", "byline", "by", "contributors", "creators", "writers", "reporters")
_SECTIONS = (
    "primary_section",
    "primarySection",
    "section",
    "sections",
    "primaryCategory",
    "mainCategory",
    "category",
    "categories",
    "sectionName",
    "categoryName",
    "channel",
    "rubric",
)
_TAGS = ("tags", "keywords", "topics")
_ADDRESSES = (
    "url",
    "slug",
    "path",
    "canonicalUrl",
    "canonical_url",
    "canonical",
    "link",
    "permalink",
    "href",
    "website_url",
)
_HOLDERS = ("taxonomy", "credits", "metadata", "fields", "attributes")
"""Objects of an article whose members are its own: Arc has `credits.by` and `taxonomy.primary_section`."""

_WANTED = frozenset((*_AUTHORS, *_SECTIONS, *_TAGS, *_HOLDERS))
_NAMES = ("name", "title", "displayName", "display_name", "fullName", "full_name", "label", "text", "basic", "rendered")
_ADDRESS = re.compile(r"/|https?:")
_TAG = re.compile(r"<[^<>]{0,500}>")

# Bounds for time, chosen by hand; no measurement is recorded.
_MAX_VALUES = 50_000
_MAX_NAMES = 50
_MAX_NAME = 120
_MAX_TITLE = 400
_MIN_SLUG = 8
"""Letters of an address by which an article is recognised."""


@dataclass(slots=True)
class StateArticle:
    """What a state says of the page's article. Texts are as there, without markup."""

    title: str | None = None
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    tags: list[str] = field(default_factory=list)


def state_article(values: list[Any], url: str, titles: list[str]) -> StateArticle | None:
    """The article with the page's address or with one of these titles, of several the one that says most of itself.

    None if there is none. References of Apollo's cache are replaced.
    """
    known = {"".join(words(title)) for title in titles} - {""}
    last = _last_part(url)
    best, best_score = None, (0, 0)
    references: dict[str, Any] = {}
    found = []
    for value in _objects(values, references):
        if _WANTED.isdisjoint(value):
            continue
        title = _title(value)
        has_title, has_address = "".join(words(title)) in known, bool(last) and last in _addresses(value)
        if title and (has_title or has_address):
            found.append((value, has_title + has_address))
    for value, matches in found:
        article = _article(value, references)
        score = (matches, bool(article.authors) + bool(article.section) + bool(article.tags))
        if score > best_score:
            best, best_score = article, score
    return best


def _objects(values: list[Any], references: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All objects in the values, the outer ones first; those of a cache are noted by their key."""
    waiting = list(reversed(values))
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            for key, own in value.items():
                if isinstance(own, dict) and ":" in key:
                    references.setdefault(key, own)
            waiting += reversed([own for own in value.values() if isinstance(own, dict | list)])
        elif isinstance(value, list):
            waiting += reversed([own for own in value if isinstance(own, dict | list)])


def _article(value: dict[str, Any], references: dict[str, Any]) -> StateArticle:
    parts = [value, *(own for holder in _HOLDERS if isinstance(own := value.get(holder), dict))]
    names = {
        kind: next((found for part in parts for key in keys if (found := _names(part.get(key), references))), [])
        for kind, keys in (("authors", _AUTHORS), ("sections", _SECTIONS), ("tags", _TAGS))
    }
    return StateArticle(_title(value) or None, names["authors"], next(iter(names["sections"]), None), names["tags"])


def _title(value: dict[str, Any]) -> str:
    return next((text for key in _TITLES if (text := _text(value.get(key), _MAX_TITLE))), "")


def _names(value: Any, references: dict[str, Any]) -> list[str]:
    """The names in a property: a text, an object with one, or a list of these."""
    values = value if isinstance(value, list) else [value]
    names = []
    for own in values[:_MAX_NAMES]:
        if isinstance(own, dict) and isinstance(own.get("__ref"), str):
            own = references.get(own["__ref"])
        if name := _text(own, _MAX_NAME) or _first_and_last(own):
            names.append(name)
    return names


def _text(value: Any, length: int) -> str:
    """A text, or that of an object, without markup; empty if it is none or too long."""
    if isinstance(value, dict):
        value = next((own for key in _NAMES if isinstance(own := value.get(key), str) and own), None)
    if not isinstance(value, str) or len(value) > 2 * length:
        return ""
    text = clean(html.unescape(_TAG.sub("", value)))
    return text if len(text) <= length and not _ADDRESS.match(text) else ""


def _first_and_last(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    pairs = (("firstName", "lastName"), ("first_name", "last_name"), ("givenName", "familyName"))
    names = [[part for key in pair if isinstance(part := value.get(key), str) and part] for pair in pairs]
    return next((clean(" ".join(name)) for name in names if name), "")


def _addresses(value: dict[str, Any]) -> set[str]:
    return {_last_part(own) for key in _ADDRESSES if isinstance(own := value.get(key), str) and len(own) >= _MIN_SLUG}


def _last_part(url: str) -> str:
    """The last part of an address, without its ending; empty if it is too short to mean one article."""
    part = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].casefold()
    part = re.sub(r"\.\w{2,5}$", "", part)
    return part if len(part) >= _MIN_SLUG else ""
