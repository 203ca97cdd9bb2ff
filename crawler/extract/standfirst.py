"""The line or paragraph that a template sets apart between headline and body."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extract.class_names import name_pattern
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text
from crawler.text import clean, word_set, words

_NAME = name_pattern("sub-?(?:title|head(?:line)?)|standfirst|dek|deck")
_TAGS = word_set("p h2 h3 div span strong")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\W*$")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?؟…][\"”“»)]*(?=\s|$)|[。！？]")
_MIN_CHARS, _MAX_CHARS = 15, 600
_MIN_PARAGRAPH = 80
_WORDS = 8
"""So many equal words at the beginning make a description and an element the same text."""


class Standfirst(NamedTuple):
    """What stands between headline and body."""

    text: str
    is_first_paragraph: bool
    """Whether the head's description is cut off from it, as excerpts are that systems cut from a body's beginning.

    A description that an editor wrote is whole, and the element that shows it is a standfirst.
    """


def find_standfirst(page: ParsedPage, title: str | None) -> Standfirst | None:
    """The element that says it is a subtitle, or that shows what the head's description begins with."""
    known = words(title or "")
    own = clean(text_value(page.article.get("alternativeHeadline")))
    named = []
    if page.headline is not None:
        named = [
            element_text(e) for e in page.class_names.matching(_NAME)[:3] if e.tag in _TAGS and not _follows_text(e)
        ]
    for text in [own, *named]:
        if _MIN_CHARS <= len(text) <= _MAX_CHARS and words(text) != known:
            return Standfirst(text, len(_SENTENCE_END.findall(text)) > 1)
    for description in (page.first_meta("og:description"), page.first_meta("description")):
        start = words(description or "")[:_WORDS]
        if len(start) < _WORDS or start == known[:_WORDS]:
            continue
        for element in page.near_headline(_TAGS):
            if len(element) > 3:
                continue
            shown = str(element.text_content()).strip()
            if 50 <= len(shown) <= _MAX_CHARS and words(shown[:20])[:1] == start[:1]:
                text = element_text(element)
                if words(text[:200])[:_WORDS] == start:
                    return Standfirst(
                        text, bool(_CUT_OFF.search(description or "")) or len(_SENTENCE_END.findall(text)) > 1
                    )
    return None


def begins_body(standfirst: Standfirst, paragraphs: list[str]) -> bool:
    """Whether a body has this text among its paragraphs already."""
    start = words(standfirst.text)[:_WORDS]
    return any(words(paragraph[:200])[: len(start)] == start for paragraph in paragraphs[:5])


def _follows_text(element: HtmlElement) -> bool:
    """Whether a paragraph of the text stands before an element: then it is a heading within."""
    return any(len(before.text_content()) >= _MIN_PARAGRAPH for before in element.itersiblings("p", preceding=True))
