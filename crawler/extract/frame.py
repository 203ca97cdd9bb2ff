"""The container of the article, where its names hide it from the reader or no name says which one it is.

trafilatura knows containers of articles by class, id and tag. Where it knows none, it gathers the paragraphs of the
whole page, without headings and lists. Measured: docs/decisions.md#the-container-with-the-prose-is-the-article.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.page import ParsedPage, element_text
from crawler.extract.prose import prose_chars
from crawler.extract.reader.marks import FRAME_TAGS, frames, is_teaser

# Tuned on half A of the corpora in bench/score.md: .8 of the prose gives the same figures as .6.
_MIN_PARAGRAPHS = 3
_MIN_SHARE = 0.6
"""The share of a page's prose that the paragraphs of one container must have."""

_ENTRY_LEVELS = 2
"""How many elements may be between the container and a paragraph: a list of entries has one."""

_ENTRY_HEADINGS = ("h2", "h3", "h4")
_LISTS = ("ul", "ol")

_MAX_BEFORE = 0.03
"""Prose between the headline and the container, as a share of the container's: a caption or a standfirst. Tuned on the
corpora: with .06 two pages of trafilatura's lose their first paragraphs, one on each half."""

_TEASER = re.compile("teaser")
_TEASER_TAGS = ("div", "p", "section", "span")
_MIN_LEAD = 60
"""Characters of a lead. Chosen by hand."""

_LEVELS = 6
"""How many ancestors of the headline may hold the lead. Chosen by hand."""


def mark_frame(page: ParsedPage) -> int:
    """Mark the container that has most of the prose for the reader, if no name marks it or one around it.

    Returns how many characters of running text the paragraphs of the page have.
    """
    chars = _prose_by_container(page.tree)
    body = page.tree.find("body")
    frame = _container(chars)
    if body is not None and frame is not None:
        _mark(frame, body, page, sum(map(sum, chars.values())))
    return sum(map(sum, chars.values()))


def _mark(frame: HtmlElement, body: HtmlElement, page: ParsedPage, length: int) -> None:
    line = [frame, *frame.iterancestors()]
    for element in line:
        if element is not body and is_teaser(element):
            _forget_names(element)
    if frame.tag not in FRAME_TAGS or _follows_prose(frame, page, length):
        return
    inside = set(frame.iterdescendants(*FRAME_TAGS))
    if not any(
        known in line or (known in inside and len(known.text_content()) >= length * _MIN_SHARE)
        for known in frames(page.tree)
    ):
        frame.set("itemprop", "articleBody")


def keep_own_teaser(page: ParsedPage) -> None:
    """Take the names from a teaser without a link that stands between the headline and the text: it is the lead."""
    teasers = set(page.class_names.matching(_TEASER)) if page.headline is not None else set()
    if page.headline is None or not teasers:
        return
    around = set(list(page.headline.iterancestors())[:_LEVELS])
    is_after = False
    for element in page.tree.iter("*"):
        if element is page.headline:
            is_after = True
        elif is_after and element in teasers and _is_lead(element, around):
            _forget_names(element)
            return
        elif is_after and element.tag == "p" and prose_chars(element):
            return


def _prose_by_container(tree: HtmlElement) -> dict[HtmlElement, list[int]]:
    """The characters of each paragraph of prose, by its parent."""
    chars: dict[HtmlElement, list[int]] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        if (length := prose_chars(paragraph)) and parent is not None:
            chars.setdefault(parent, []).append(length)
    return chars


def _container(chars: dict[HtmlElement, list[int]]) -> HtmlElement | None:
    """The parent of most of the prose; else that of entries which have it, each a heading and its text."""
    enough = sum(map(sum, chars.values())) * _MIN_SHARE
    for _ in range(_ENTRY_LEVELS):
        best = max(chars, key=lambda parent: sum(chars[parent]), default=None)
        if best is None:
            return None
        if len(chars[best]) >= _MIN_PARAGRAPHS and sum(chars[best]) >= enough:
            return best if best.tag not in _LISTS else best.getparent()
        chars = _around(chars)
    return None


def _around(chars: dict[HtmlElement, list[int]]) -> dict[HtmlElement, list[int]]:
    """The characters of each container that has a heading, by the element around it."""
    around: dict[HtmlElement, list[int]] = {}
    for container, lengths in chars.items():
        parent = container.getparent()
        if parent is not None and next(container.iterchildren(*_ENTRY_HEADINGS), None) is not None:
            around.setdefault(parent, []).append(sum(lengths))
    return around


def _follows_prose(frame: HtmlElement, page: ParsedPage, length: int) -> bool:
    """Whether prose stands between the headline and a container: then the container is a part of the text.

    `length`: characters of the container's own prose; a standfirst is short beside it.
    """
    is_after, before = False, 0
    for element in page.tree.iter("*") if page.headline is not None else ():
        if element is frame:
            return before > length * _MAX_BEFORE
        if element is page.headline:
            is_after = True
        elif is_after and element.tag == "p":
            before += prose_chars(element)
    return False


def _is_lead(teaser: HtmlElement, around: set[HtmlElement]) -> bool:
    """Whether a teaser has a lead's text, no link in or around it, and a place in a container of the headline."""
    if teaser.tag not in _TEASER_TAGS or teaser.find(".//a") is not None or len(element_text(teaser)) < _MIN_LEAD:
        return False
    for ancestor in teaser.iterancestors():
        if ancestor in around:
            return ancestor.tag not in ("body", "html")
        if ancestor.tag == "a":
            return False
    return False


def _forget_names(element: HtmlElement) -> None:
    for name in ("class", "id"):
        element.attrib.pop(name, None)
