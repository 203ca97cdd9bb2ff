"""The body: trafilatura's reading of the tree that is left when the related articles are out, block by block."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.extract.markers import word_set
from crawler.extract.siblings import merge, split_bodies
from crawler.text import clean, words

# Tuned on half of 745 real pages (sites kept together): the quick reading was poor where it gave less than .4 of the
# page's running text, or where that text is less than .35 of it, that is, where it did not come from paragraphs. Of
# 35 pages that the two readings differ on, this sends the 20 worst to the slow one, and one page in seven in all.
_MIN_SHARE_OF_PROSE = 0.4
_MIN_SHARE_FROM_PROSE = 0.35
_MIN_PARAGRAPH = 80
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


def body_blocks(tree: HtmlElement, told: str) -> list[Block]:
    """The main text of a tree. `told` is what the linked data claims; it rescues a reading that misses most of it."""
    prose = _prose(tree)
    blocks = _read(tree, fast=True)
    length = sum(len(block.text) for block in blocks)
    if length < prose * _MIN_SHARE_OF_PROSE or prose < length * _MIN_SHARE_FROM_PROSE:
        blocks = _read(tree, fast=False)
    if groups := split_bodies(tree, " ".join(block.text for block in blocks)):
        for group in groups:
            merge(group)
        blocks = max(blocks, _read(tree, fast=True), key=lambda found: sum(len(block.text) for block in found))
    return _rescued(blocks, told)


def _read(tree: HtmlElement, *, fast: bool) -> list[Block]:
    # Imported here: it takes 0.15 s, and every command of the project imports this package.
    from trafilatura import bare_extraction

    document = bare_extraction(tree, fast=fast, include_comments=False, include_links=True)
    return list(_blocks(document.body)) if document is not None and not isinstance(document, dict) else []


def _prose(tree: HtmlElement) -> int:
    """Characters of running text that a page has in paragraphs, wherever they stand."""
    total = 0
    for paragraph in tree.iter("p"):
        length = len(paragraph.text_content())
        if length >= _MIN_PARAGRAPH:
            linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
            total += length if linked < length * 0.5 else 0
    return total


def _rescued(blocks: list[Block], told: str) -> list[Block]:
    """The blocks, or the linked data's text where the blocks hold hardly any of it.

    Never more than a rescue: linked data often loses headings and lists, and some themes put other articles into it.
    """
    if len(told) < 500:
        return blocks
    own = set(words(" ".join(block.text for block in blocks)))
    claimed = words(told)
    # .5: a reading of the right text holds over .8 of the words, one of another text on the page less than .4.
    if sum(word in own for word in claimed) >= len(claimed) * 0.5:
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
