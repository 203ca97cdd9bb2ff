"""Pointers in running text: lines such as "Read also: <title>", and what they announce."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extract.cards import is_link_only, links_in
from crawler.extract.lexicon import is_pointer, may_announce, pointer_at_start
from crawler.extract.page import BLOCK_TAGS, ParsedPage
from crawler.text import clean, words

_SEPARATORS = re.compile(r"^[\s\W_]*", re.UNICODE)
_ENDS_IN_SEPARATOR = re.compile(r"[:：|｜…»›>▶►▸→】］\]\-–—/]\W*$|\.\.\W*$")
_WORD = re.compile(r"\w[\w\u0610-\u061a\u064b-\u065f\u0670]*")

# The numbers were chosen by hand; no measurement is recorded for them. `make score` shows a change in `related_r` and
# `leaks` of the corpus arabic, and in the body figures of the others.
MAX_LABEL_CHARS = 60
"""Longer than any pointer with a bullet before it."""

MAX_POINTER_CHARS = 250
"""A longer text is not a pointer: a title with the words before it is shorter."""

_MIN_LINKED_REST = 0.5
"""The share of the text after a pointer that must be links, if it has any: otherwise it is prose with a link."""


class Announced(NamedTuple):
    """What a pointer announces: a title, and links if it has any."""

    title: str
    links: list[tuple[str, str]]

    def articles(self) -> list[tuple[str | None, str | None]]:
        """Title and URL of each article."""
        if not self.links:
            return [(self.title or None, None)]
        texts = [text if len(self.links) > 1 else self.title for text, _ in self.links]
        return [(_without_pointer(text) or None, url) for text, (_, url) in zip(texts, self.links, strict=True)]


def announced_by(element: HtmlElement, text: str, page: ParsedPage) -> Announced | None:
    """What an element announces whose text begins with a pointer; None if it is prose of the article."""
    pointer = pointer_at_start(words(text))
    if pointer is None:
        return None
    rest = _after_words(text, pointer.length)
    links = links_in(element, page)
    if pointer.is_weak and not links:
        return None
    if not _has_separator(text, rest) and not (links and (is_link_only(element) or not pointer.is_weak)):
        return None
    if links and sum(len(title) for title, _ in links) < len(rest) * _MIN_LINKED_REST:
        return None
    return Announced(rest, links)


def with_label_apart(pieces: Iterable[str], text: str) -> str:
    """The text that consists of these pieces, with a space after the first of them if that is a pointer: a script
    without spaces, and many a site in others, puts none between a label and its link."""
    label = next((clean(piece) for piece in pieces if not piece.isspace() and piece), "")
    # A piece that is too long for a pointer is not split into words.
    if label and len(label) < min(len(text), MAX_LABEL_CHARS) and text.startswith(label) and text[len(label)] != " ":
        return f"{label} {text[len(label) :]}" if is_pointer(words(label)) else text
    return text


class Line(NamedTuple):
    """A line between breaks that is a pointer, with the nodes that it consists of."""

    pieces: list[Piece]
    announced: Announced
    before: str | None
    """The text of the line before it."""


class Piece(NamedTuple):
    """A part of a line: an element, the tail of one, or the text with which the parent begins."""

    node: HtmlElement
    is_tail: bool = False

    def text(self) -> str:
        """The text of this part alone."""
        if self.is_tail:
            return self.node.tail or ""
        # Of an element with breaks, such as the parent, only the text before the first child belongs to this line.
        has_breaks = self.node.find("br") is not None
        return (self.node.text or "") if has_breaks else str(self.node.text_content())


def pointers_between_breaks(parent: HtmlElement, page: ParsedPage) -> list[Line]:
    """The lines that are pointers, in a text whose paragraphs are lines between <br>."""
    lines: list[Line] = []
    last = None
    for pieces in _lines(parent):
        texts = [piece.text() for piece in pieces]
        text = with_label_apart(texts, clean("".join(texts)))
        before, last = last, text or last
        if not text or len(text) > MAX_POINTER_CHARS or not may_announce(text):
            continue
        elements = [piece.node for piece in pieces if not piece.is_tail and piece.node is not parent]
        if announced := _announced_by_line(text, [link for node in elements for link in links_in(node, page)]):
            lines.append(Line(pieces, announced, before))
    return lines


def _announced_by_line(text: str, links: list[tuple[str, str]]) -> Announced | None:
    """What a line between breaks announces. It needs a separator if its pointer is weak or it has no links."""
    pointer = pointer_at_start(words(text))
    if pointer is None:
        return None
    rest = _after_words(text, pointer.length)
    if not links and (pointer.is_weak or not rest):
        return None
    if (pointer.is_weak or not links) and not _has_separator(text, rest):
        return None
    return Announced(rest, links)


def _lines(parent: HtmlElement) -> list[list[Piece]]:
    lines = [[Piece(parent)]]
    for child in parent:
        if child.tag == "br" or child.tag in BLOCK_TAGS or not isinstance(child.tag, str):
            lines.append([Piece(child, is_tail=True)])
        else:
            lines[-1] += [Piece(child), Piece(child, is_tail=True)]
    return lines


def _without_pointer(text: str) -> str:
    """A title without a pointer of its own: in a list of links each may repeat it."""
    pointer = pointer_at_start(words(text))
    return _after_words(text, pointer.length) if pointer and not pointer.is_weak else text


def _after_words(text: str, count: int) -> str:
    """The rest of a text after its first words and the separators behind them."""
    end = 0
    for match in _WORD.finditer(text):
        end = match.end()
        if len(words(text[:end])) >= count:
            break
    return _SEPARATORS.sub("", text[end:])


def _has_separator(text: str, rest: str) -> bool:
    """Whether a separator stands before the rest of a text."""
    return bool(_ENDS_IN_SEPARATOR.search(text[: len(text) - len(rest)] if rest else text))
