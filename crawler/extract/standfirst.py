"""The standfirst: the line or paragraph that a template sets apart between headline and body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id, name_pattern
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.prose import SAME_START_WORDS, prose_chars
from crawler.text import clean, word_set, words

_NAME = name_pattern(r"sub-?(?:title|head(?:line)?)|standfirst|dek|deck|\w*abstract")
_ABSTRACT = re.compile("abstract")
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
    for text, is_abstract in _named(page):
        if _MIN_CHARS <= len(text) <= _MAX_CHARS and words(text) != title_words:
            return Standfirst(text, _has_several_sentences(text) and not is_abstract)
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


def _named(page: ParsedPage) -> Iterator[tuple[str, bool]]:
    """The texts that are named as subtitles, and whether the name says that they sum up the article."""
    yield clean(text_value(page.article.get("alternativeHeadline"))), False
    if page.headline is not None:
        for element in _above_text(page, page.class_names.matching(_NAME)):
            yield element_text(element), bool(_ABSTRACT.search(class_and_id(element).lower()))


def _above_text(page: ParsedPage, named: list[HtmlElement]) -> Iterator[HtmlElement]:
    """Those of the elements that stand after the headline and before the first paragraph of prose."""
    candidates = {element for element in named if element.tag in _TAGS}
    is_after = False
    for element in page.tree.iter("*") if candidates else ():
        if element is page.headline:
            is_after = True
        elif is_after and element in candidates:
            yield element
        elif is_after and element.tag == "p" and prose_chars(element):
            return


def _text_that_begins(element: HtmlElement, start: list[str]) -> str | None:
    """The element's text if it begins with these words."""
    shown = str(element.text_content()).strip()
    if not _MIN_DESCRIBED_CHARS <= len(shown) <= _MAX_CHARS or words(shown[:_FIRST_WORD_CHARS])[:1] != start[:1]:
        return None
    text = element_text(element)
    return text if words(text[:_COMPARED_CHARS])[:SAME_START_WORDS] == start else None


def _has_several_sentences(text: str) -> bool:
    return len(_SENTENCE_END.findall(text)) > 1
