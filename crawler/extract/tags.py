"""The tags: the topics that the site gives an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id, name_pattern
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text, is_elsewhere, links_with_rel
from crawler.text import clean

_TAGS = name_pattern("tags?|tag-?(?:list|links|cloud)|tagcloud|article-?tags|post-?tags|entry-?tags|topics|keywords")
# Keywords that content systems write for their own use: identifiers, "Page Type: Article", whole addresses.
_MACHINE_TAG = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}|^\d+$|https?:|\w\.(?:com|org|net)$|^(?:page |article )?type: |"
    r"^(?:day|time|wc|language|source): ",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(r"^(?:subject|topic|tag|keyword|category|partner|location|person)s?: ", re.IGNORECASE)
# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `topics_r` of fundus_tests.
_MAX_TAG, _MAX_TAGS = 80, 50
_MAX_TAG_BOXES = 5
"""How many different class names of tag boxes are tried."""

_MAX_PLAIN_WORDS = 4
"""Keywords without a comma and with more words than this are not a tag. Where nothing else gives tags, each of their
words is one. With tags in elements of their own this raised `topics_r` of 128 pages from .750 to .798."""


def find_tags(page: ParsedPage) -> list[str]:
    """The keywords of the linked data, else of the head, else the tag links under the article."""
    for texts in _tags(page):
        tags: list[str] = []
        for text in texts:
            tag = _TAG_LABEL.sub("", clean(text).lstrip("#").strip())
            if (
                tag
                and not _MACHINE_TAG.search(tag)
                and len(tag) <= _MAX_TAG
                and tag.casefold() not in {t.casefold() for t in tags}
            ):
                tags.append(tag)
        if tags:
            return tags[:_MAX_TAGS]
    return []


def _tags(page: ParsedPage) -> Iterator[list[str]]:
    yield list(_split(page.article.get("keywords")))
    yield list(_split(page.meta.get("news_keywords")))
    yield list(_split(page.meta.get("article:tag"), any_length=True))
    yield list(_split(page.meta.get("parsely-tags"), any_length=True))
    links = [link for link in links_with_rel(page.tree, "tag") if "category" not in (link.get("rel") or "")]
    yield [element_text(link) for link in links[:_MAX_TAGS]]
    boxes = [box for box in page.class_names.matching(_TAGS)[:_MAX_TAGS] if not is_elsewhere(box)]
    for name in list(dict.fromkeys(map(class_and_id, boxes)))[:_MAX_TAG_BOXES]:
        alike = [box for box in boxes if class_and_id(box) == name]
        yield [element_text(part) for box in alike for part in list(box.iter("a")) or _linked(box)][:_MAX_TAGS]
    yield list(_split(page.meta.get("keywords")))
    for name in ("news_keywords", "keywords"):
        yield [word for text in page.meta.get(name, ()) for word in text.split()]


def _linked(element: HtmlElement) -> list[HtmlElement]:
    """The element itself, if its parent is a link."""
    parent = element.getparent()
    return [element] if parent is not None and parent.tag == "a" else []


def _split(value: Any, *, any_length: bool = False) -> Iterator[str]:
    """The members of a list, or the parts of a text with commas. A text without commas counts if it is short."""
    values = value if isinstance(value, list) else [value]
    for item in values:
        text = text_value(item)
        if len(values) > 1:
            yield text
        else:
            parts = re.split(r"[,،;؛、]", text)
            if len(parts) > 1 or any_length or len(text.split()) <= _MAX_PLAIN_WORDS:
                yield from parts
