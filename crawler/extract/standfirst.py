"""The standfirst: the line or paragraph that a template sets apart between headline and body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extract.class_names import MAX_READ_ELEMENTS, name_pattern
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.prose import SAME_START_WORDS, is_long
from crawler.text import clean, word_set, words

_NAME = name_pattern("sub-?(?:title|head(?:line)?)|standfirst|dek|deck")
_TAGS = word_set("p h2 h3 div span strong")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\W*$")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?؟…][\"”“»)]*(?=\s|$)|[。！？]")
# The numbers below were chosen by hand; no measurement is recorded for them. What follows from a standfirst was
# measured: docs/decisions.md#a-standfirst-of-several-sentences-begins-the-body. `make score` shows a change in the
# body figures of aeb, fundus_eval and fundus_tests.
_MIN_CHARS, _MAX_CHARS = 15, 600
_MIN_DESCRIBED_CHARS = 50
"""Characters of an element that is recognised by the description alone, without a name of its own."""

_COMPARED_CHARS = 200
"""Characters that hold the first words of a text; the rest need not be folded."""

_FIRST_WORD_CHARS = 20
"""Characters that hold the first word: a cheap test before the element's text is put together."""

_MAX_CHILDREN = 3
_FIRST_PARAGRAPHS = 5
"""Paragraphs of the body among which the standfirst may stand already."""


class Standfirst(NamedTuple):
    """The text between headline and body."""

    text: str
    is_first_paragraph: bool
    """Whether it begins the body instead of being a subtitle: it has several sentences, or the description in the
    head is cut off from it, as excerpts are that a system takes from the beginning of a body."""


def find_standfirst(page: ParsedPage, title: str | None) -> Standfirst | None:
    """The element with the class name of a subtitle, or the one that begins like the head's description."""
    title_words = words(title or "")
    for text in _named(page):
        if _MIN_CHARS <= len(text) <= _MAX_CHARS and words(text) != title_words:
            return Standfirst(text, _has_several_sentences(text))
    for description in (page.first_meta("og:description"), page.first_meta("description")):
        start = words(description or "")[:SAME_START_WORDS]
        if len(start) < SAME_START_WORDS or start == title_words[:SAME_START_WORDS]:
            continue
        for element in page.near_headline(_TAGS):
            if len(element) <= _MAX_CHILDREN and (own := _text_that_begins(element, start)):
                is_excerpt = bool(_CUT_OFF.search(description or ""))
                return Standfirst(own, is_excerpt or _has_several_sentences(own))
    return None


def begins_body(standfirst: Standfirst, paragraphs: list[str]) -> bool:
    """Whether a body has this text among its first paragraphs already."""
    start = words(standfirst.text)[:SAME_START_WORDS]
    return any(
        words(paragraph[:_COMPARED_CHARS])[: len(start)] == start for paragraph in paragraphs[:_FIRST_PARAGRAPHS]
    )


def _named(page: ParsedPage) -> Iterator[str]:
    yield clean(text_value(page.article.get("alternativeHeadline")))
    if page.headline is not None:
        for element in page.class_names.matching(_NAME)[:MAX_READ_ELEMENTS]:
            if element.tag in _TAGS and not _follows_text(element):
                yield element_text(element)


def _text_that_begins(element: HtmlElement, start: list[str]) -> str | None:
    """The element's text if it begins with these words."""
    shown = str(element.text_content()).strip()
    if not _MIN_DESCRIBED_CHARS <= len(shown) <= _MAX_CHARS or words(shown[:_FIRST_WORD_CHARS])[:1] != start[:1]:
        return None
    text = element_text(element)
    return text if words(text[:_COMPARED_CHARS])[:SAME_START_WORDS] == start else None


def _has_several_sentences(text: str) -> bool:
    return len(_SENTENCE_END.findall(text)) > 1


def _follows_text(element: HtmlElement) -> bool:
    """Whether a paragraph of prose stands before an element among its siblings: then it is a heading in the body."""
    return any(is_long(before) for before in element.itersiblings("p", preceding=True))
