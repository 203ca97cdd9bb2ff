"""Running text: which paragraph counts as prose, for every step that needs to know."""

from __future__ import annotations

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.extract.page import BLOCK_TAGS

PROSE_CHARS = 80
"""A paragraph of at least this many characters is prose; shorter ones are captions, bylines and labels.

Chosen by hand; no measurement is recorded for this number. The shares that body.py builds on it were tuned on 745
real pages. `make score` shows a change in the body figures (`f1`, `par_f1`, `body4_f1`) of all corpora.
"""

_MAX_LINKED_SHARE = 0.5
"""A paragraph with this share of link text is a list of links. Chosen by hand; the same body figures change."""

SAME_START_WORDS = 8
"""Two texts that begin with this many equal words are the same text. Chosen by hand; no measurement is recorded. The
same body figures change."""


_SENTENCE_CHARS = 40
_FULL_STOPS = (".", "…", "۔", "。", ".”", '."', ".»")
"""A heading of this many characters with a full stop at its end is a sentence. Chosen by hand, looked at on half A of
the corpora."""


def is_sentence(text: str) -> bool:
    """Whether a text is a sentence rather than a label: headings of a list of entries can be its running text."""
    text = text.strip()
    return len(text) >= _SENTENCE_CHARS and text.endswith(_FULL_STOPS)


def is_long(element: HtmlElement) -> bool:
    """Whether an element has as much text as a paragraph of prose."""
    return len(element.text_content()) >= PROSE_CHARS


def prose_chars(paragraph: HtmlElement) -> int:
    """Characters of a paragraph of prose; 0 if it is too short or mostly links."""
    length = len(paragraph.text_content())
    if length < PROSE_CHARS:
        return 0
    linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
    return length if linked < length * _MAX_LINKED_SHARE else 0


def running_text(tree: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of running text below each element that has any: stretches of prose between blocks, outside links.

    Counts what <p> alone does not show: text in <div>, in cells, between line breaks.
    """
    running: dict[HtmlElement, int] = {}
    blocks: list[HtmlElement] = []
    stretch = in_links = 0
    for event, node in iterwalk(tree, events=("start", "end")):
        is_block = node is tree or node.tag in BLOCK_TAGS
        if event == "start":
            if is_block:
                if blocks:
                    _add(running, blocks[-1], stretch)
                blocks.append(node)
                stretch = 0
            in_links += node.tag == "a"
            text = node.text
        else:
            in_links -= node.tag == "a"
            if is_block:
                _add(running, blocks.pop(), stretch)
                stretch = 0
            text = node.tail if node is not tree else None
        if text and not in_links:
            stretch += len(text.strip())
    return running


def _add(running: dict[HtmlElement, int], block: HtmlElement, stretch: int) -> None:
    """Count a stretch of text for a block and all its ancestors, if it is prose."""
    if stretch >= PROSE_CHARS:
        for element in (block, *block.iterancestors()):
            running[element] = running.get(element, 0) + stretch
