"""The body: trafilatura's reading of the tree that is left when the related articles are out, block by block."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml.etree import iterwalk, strip_elements
from lxml.html import HtmlElement

from crawler.extract.language import find_language
from crawler.extract.page import ParsedPage
from crawler.extract.split_containers import merge_containers, split_containers
from crawler.text import clean, word_set, words

# Tuned on 745 real pages, of which the quick and the slow reading differ on 35: the quick one is poor where it gives
# less than .4 of the running text, or where that text is less than .35 of it, that is, where it did not come from
# paragraphs. That sends one page in ten to the slow reading and scores as well as sending all (.3 to .7 and .2 to .5
# differ by less than .002).
_MIN_SHARE_OF_PROSE = 0.4
_MIN_SHARE_FROM_PROSE = 0.35
_MIN_PARAGRAPH = 80
# Under 250 characters trafilatura prefers a container's whole text, byline and all and in one piece, to two short
# paragraphs. Its own reading of the paragraphs is then asked for, and taken if it holds a sentence.
_SHORT_TEXT = 400
_SENTENCE = 50
_MIN_TOLD = 500
_MAX_SHARE_OF_TOLD = 0.35
_SCRAP, _TEASER = 300, 800
"""Characters: less than a scrap is no article at all, more than a teaser is one that stands for itself."""

_CUT_ANYWAY = (
    *("aside", "embed", "footer", "head", "iframe", "menu", "object", "audio", "canvas", "map", "picture", "svg"),
    *("video", "button", "datalist", "dialog", "fieldset", "link", "input", "label", "legend", "option", "optgroup"),
    *("select", "source", "textarea", "time", "track"),
)
"""From trafilatura's MANUALLY_CLEANED, without those that its fallbacks look into: forms, figures, noscript."""

_BREAKS = word_set("lb p quote item head list row cell table div br li ul ol h1 h2 h3 h4 h5 h6 blockquote td tr pre")


@dataclass(slots=True)
class Block:
    """One paragraph, heading, list item, quote or table row."""

    text: str
    kind: str
    """`p`, `head`, `item`, `quote`, `row`, ...: trafilatura's name of the element."""

    linked: int = 0
    """How many of its characters are link text."""

    group: int = 0
    """Blocks of one list or table share a number."""

    def is_linked(self, share: float) -> bool:
        """Whether at least this share of the characters is link text."""
        return self.linked >= len(self.text) * share


def body_blocks(page: ParsedPage, told: str) -> list[Block]:
    """A page's main text. `told` is what the linked data claims; it rescues a reading that misses most of it."""
    tree = page.tree
    _lighten(tree)
    prose = _prose(tree)
    blocks = _read(tree, fast=True)
    length = sum(len(block.text) for block in blocks)
    if length < _SHORT_TEXT and len(blocks) == 1:
        short = _read(tree, fast=True, short=True)
        if prose * _MIN_SHARE_OF_PROSE <= sum(len(block.text) for block in short) >= _SENTENCE:
            return _rescued(short, told, prose)
    if groups := split_containers(tree, " ".join(block.text for block in blocks)):
        for group in groups:
            merge_containers(group)
        blocks = max(blocks, _read(tree, fast=True), key=lambda found: sum(len(block.text) for block in found))
        length = sum(len(block.text) for block in blocks)
    if length < prose * _MIN_SHARE_OF_PROSE or prose < length * _MIN_SHARE_FROM_PROSE:
        # One fallback looks for a language's function words: for those of a hundred languages if it is not told which,
        # which takes a fifth of a second. The longest pieces of text tell which: those of menus are short.
        language = find_language(page, " ".join(sorted(tree.itertext(), key=len, reverse=True)))
        slow = _read(tree, fast=False, language=language.text) if language else []
        blocks = slow or _read(tree, fast=False)
    return _rescued(blocks, told, prose)


def marked_blocks(elements: list[Any]) -> list[Block]:
    """The text of the elements that a profile's selector marks as the body, block by block."""
    return [block for group, element in enumerate(elements) for block in _lines(element, group)]


def keep_times_of_entries(tree: HtmlElement) -> None:
    """Make a clock time in a heading part of its text: trafilatura drops <time>, and a live blog's entries have it."""
    for time in list(tree.iter("time")):
        parent = time.getparent()
        if parent is not None and parent.tag in ("h2", "h3", "h4", "h5", "h6"):
            time.drop_tag()


def _lighten(tree: HtmlElement) -> None:
    """Cut what trafilatura will cut from each of its copies: a third of a page's elements, a tenth of the time."""
    for nav in list(tree.iter("nav")):
        if nav.getparent() is not None and not _prose(nav):  # one that is never closed holds the article
            nav.drop_tree()
    strip_elements(tree, *_CUT_ANYWAY, with_tail=False)


def _read(tree: HtmlElement, *, fast: bool, short: bool = False, language: str | None = None) -> list[Block]:
    # Imported here: it takes 0.15 s, and every command of the project imports this package.
    from trafilatura import bare_extraction

    config = _config(_SENTENCE if short else None)
    document = bare_extraction(
        tree, fast=fast, include_comments=False, include_links=True, target_language=language, config=config
    )
    return list(_blocks(document.body)) if document is not None and not isinstance(document, dict) else []


@lru_cache(maxsize=2)
def _config(min_size: int | None) -> ConfigParser:
    """trafilatura's settings; `min_size`: characters under which it mistrusts its reading, if not its own number."""
    from trafilatura.settings import use_config

    config = use_config()
    if min_size is not None:
        config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(min_size))
    return config


def _prose(tree: HtmlElement) -> int:
    """Characters of running text that a page has in paragraphs, wherever they stand."""
    total = 0
    for paragraph in tree.iter("p"):
        length = len(paragraph.text_content())
        if length >= _MIN_PARAGRAPH:
            linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
            total += length if linked < length * 0.5 else 0
    return total


def _rescued(blocks: list[Block], told: str, prose: int) -> list[Block]:
    """The blocks, or the linked data's text where neither they nor the page's paragraphs hold much of it.

    Never more than a rescue: linked data often loses headings and lists, and some themes put other articles into it.
    """
    length = sum(len(block.text) for block in blocks)
    if len(told) < _MIN_TOLD or length > len(told) * _MAX_SHARE_OF_TOLD or prose > len(told) * 0.5:
        return blocks
    if length >= _TEASER:
        return blocks
    if length >= _SCRAP:
        claimed = set(words(told))
        own = words(" ".join(block.text for block in blocks))
        if sum(word in claimed for word in own) < len(own) * 0.8:  # a text of its own, not the teaser of the other
            return blocks
    return [Block(text, "p") for text in _told_paragraphs(told)]


def _told_paragraphs(told: str) -> list[str]:
    told = html.unescape(told)
    told = re.sub(r"<(?:/p|br|/div|/h\d|/li)\b[^<>]{0,200}>", "\n", told)
    told = re.sub(r"<[^<>]{0,2000}>", "", told)
    return [text for line in re.split(r"[\r\n]+", told) if (text := clean(line))]


def _blocks(body: Any) -> Iterator[Block]:
    for group, element in enumerate(body):
        if element.tag == "table":
            for row in element.iter("row", "tr"):
                cells = [clean("".join(cell.itertext())) for cell in row]
                if text := " | ".join(cell for cell in cells if cell):
                    yield Block(text, "row", sum(len("".join(ref.itertext())) for ref in row.iter("ref", "a")), group)
        else:
            yield from _lines(element, group)


def _lines(element: Any, group: int) -> Iterator[Block]:
    """An element's lines: line breaks and nested paragraphs begin a new one."""
    pieces: list[str] = []
    linked = inside_link = 0
    kind = "item" if element.tag == "list" else str(element.tag)
    for event, node in iterwalk(element, events=("start", "end")):
        if node.tag in _BREAKS:
            if text := clean("".join(pieces)):
                yield Block(text, kind, linked, group)
            pieces, linked = [], 0
        if event == "start":
            inside_link += node.tag in ("ref", "a")
            text = node.text or ""
        else:
            inside_link -= node.tag in ("ref", "a")
            text = node.tail or "" if node is not element else ""
        pieces.append(text)
        linked += len(text) if inside_link else 0
    if text := clean("".join(pieces)):
        yield Block(text, kind, linked, group)
    if element.tail and (text := clean(element.tail)):
        yield Block(text, "p", 0, group)
