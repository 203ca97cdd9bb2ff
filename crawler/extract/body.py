"""The body: trafilatura's text of the tree without the related articles, block by block."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.extract.block_roles import Nesting, role_of_row
from crawler.extract.frame import mark_frame
from crawler.extract.language import find_language
from crawler.extract.lighten import lighten
from crawler.extract.page import ParsedPage
from crawler.extract.split_containers import merge_containers, split_containers
from crawler.extract.tree import parse_html
from crawler.structure import Role
from crawler.structure.markdown import CELLS
from crawler.text import clean, word_set, words

# Tuned on 745 real pages, of which trafilatura's fast path and its fallbacks differ on 35: the fast path is poor if it
# gives less than .4 of the running text, or if that text is less than .35 of it and so did not come from paragraphs.
# This sends one page in ten to the fallbacks and scores as well as sending all (.3 to .7 and .2 to .5 differ by less
# than .002). See docs/decisions.md#trafilaturas-fallbacks-run-only-where-its-fast-path-looks-poor.
_MIN_SHARE_OF_PROSE = 0.4
_MIN_SHARE_FROM_PROSE = 0.35
# The numbers below were chosen by hand; no measurement of a single one is recorded. `make score` shows a change in the
# body figures of all corpora. All are characters.
_SHORT_TEXT = 400
"""Below 250 characters trafilatura prefers a container's whole text, byline included and in one piece, to two short
paragraphs. Under this length its text of the paragraphs alone is read too, and used if it has a sentence."""

_SENTENCE = 50
_MIN_SCHEMA_BODY = 500
"""A shorter `articleBody` is a teaser."""

_MAX_SHARE_OF_SCHEMA, _MAX_PROSE_OF_SCHEMA = 0.35, 0.5
"""The shares of `articleBody` that the extracted text and the page's paragraphs may have, so that it replaces them."""

_SCRAP, _TEASER = 300, 800
"""A shorter text than a scrap is not an article; a longer one than a teaser is an article of its own."""

_MIN_SHARED_WORDS = 0.8
"""The share of words that a teaser has in common with the `articleBody` that it announces."""

_BREAKS = word_set("lb p quote item head list row cell table div br li ul ol h1 h2 h3 h4 h5 h6 blockquote td tr pre")
_TAG_OF_ROLE = re.compile(r"<(?:h[1-6]|li|blockquote)\b", re.IGNORECASE)


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

    role: Role = field(default_factory=Role)

    def is_linked(self, share: float) -> bool:
        """Whether at least this share of the characters is link text."""
        return self.linked >= len(self.text) * share


def body_blocks(page: ParsedPage, schema_body: str) -> list[Block]:
    """A page's main text; `schema_body` (`articleBody` of the linked data) if the text lacks most of that."""
    # Imported here: trafilatura takes 0.15 s, and every command of the project imports this package.
    from crawler.extract.reader.reading import Reading

    tree = page.tree
    lighten(page)
    page.trace.prose = prose = mark_frame(page)
    reading = Reading(tree)
    blocks = read_blocks(reading.fast)
    length = length_of(blocks)
    if length < _SHORT_TEXT and len(blocks) == 1:
        short = read_blocks(reading.fast, _SENTENCE)
        if prose * _MIN_SHARE_OF_PROSE <= length_of(short) >= _SENTENCE:
            return _or_schema_body(short, schema_body, prose)
    if groups := split_containers(tree, " ".join(block.text for block in blocks)):
        for group in groups:
            merge_containers(group)
        reading = Reading(tree)
        blocks = max(blocks, read_blocks(reading.fast), key=length_of)
        length = length_of(blocks)
    if length < prose * _MIN_SHARE_OF_PROSE or prose < length * _MIN_SHARE_FROM_PROSE:
        page.trace.was_poor = True
        # One fallback uses a language's function words: without a language those of a hundred, which takes 0.2 s. The
        # longest pieces of text show the language, since those of menus are short.
        language = find_language(page, " ".join(sorted(tree.itertext(), key=len, reverse=True)))
        slow = read_blocks(reading.slow, language.text) if language else []
        blocks = slow or read_blocks(reading.slow, None)
    return _or_schema_body(blocks, schema_body, prose)


def marked_blocks(elements: list[Any]) -> list[Block]:
    """The text of the elements that a profile's selector for the body selects, block by block."""
    return [block for group, element in enumerate(elements) for block in _lines(element, group)]


def keep_times_of_entries(tree: HtmlElement) -> None:
    """Make the time in a heading part of its text: trafilatura drops <time>, which entries of a live blog have."""
    for time in list(tree.iter("time")):
        parent = time.getparent()
        if parent is not None and parent.tag in ("h2", "h3", "h4", "h5", "h6"):
            time.drop_tag()


def read_blocks(read: Callable[..., Any], *arguments: Any) -> list[Block]:
    """The blocks of the body that a reading gives, see `reader.reading`."""
    body = read(*arguments)
    return [] if body is None else list(_blocks(body))


def page_body(tree: HtmlElement, language: str | None) -> Any:
    """trafilatura's own reading of a whole page, scripts included, with its fallbacks; None if it finds no body."""
    from trafilatura import bare_extraction

    document = bare_extraction(tree, include_comments=False, include_links=True, target_language=language)
    return document.body if document is not None and not isinstance(document, dict) else None


def length_of(blocks: list[Block]) -> int:
    """Characters of the blocks."""
    return sum(len(block.text) for block in blocks)


def texts_of(blocks: list[Block]) -> list[str]:
    """The texts of the blocks: the paragraphs of a body."""
    return [block.text for block in blocks]


def _or_schema_body(blocks: list[Block], schema_body: str, prose: int) -> list[Block]:
    """The blocks, or the `articleBody` if neither they nor the page's paragraphs have much of it.

    Only a last resort: `articleBody` often lacks headings and lists, and some themes put other articles into it.
    """
    length = length_of(blocks)
    if len(schema_body) < _MIN_SCHEMA_BODY or length > len(schema_body) * _MAX_SHARE_OF_SCHEMA:
        return blocks
    if prose > len(schema_body) * _MAX_PROSE_OF_SCHEMA or length >= _TEASER:
        return blocks
    if length >= _SCRAP:
        schema_words = set(words(schema_body))
        own = words(" ".join(block.text for block in blocks))
        if sum(word in schema_words for word in own) < len(own) * _MIN_SHARED_WORDS:  # not the teaser of articleBody
            return blocks
    return schema_blocks(schema_body)


def text_blocks(text: str, paragraphs: list[str]) -> list[Block]:
    """The paragraphs of a text that linked data or a script has, with the roles that its own tags give them."""
    roles: dict[str, list[Role]] = {}
    tree = parse_html(text) if _TAG_OF_ROLE.search(text) else None
    for block in reversed(marked_blocks([tree] if tree is not None else [])):
        roles.setdefault(block.text, []).append(block.role)
    return [Block(line, "p", role=roles[line].pop() if roles.get(line) else Role()) for line in paragraphs]


def schema_blocks(schema_body: str) -> list[Block]:
    """The paragraphs of an `articleBody`, which is plain text or HTML."""
    marked_up = html.unescape(schema_body)
    text = re.sub(r"<(?:/p|br|/div|/h\d|/li)\b[^<>]{0,200}>", "\n", marked_up)
    text = re.sub(r"<[^<>]{0,2000}>", "", text)
    paragraphs = [paragraph for line in re.split(r"[\r\n]+", text) if (paragraph := clean(line))]
    return text_blocks(marked_up, paragraphs)


def _blocks(body: Any) -> Iterator[Block]:
    for group, element in enumerate(body):
        if element.tag == "table":
            for row in element.iter("row", "tr"):
                cells = [clean("".join(cell.itertext())) for cell in row]
                if text := CELLS.join(cell for cell in cells if cell):
                    linked = sum(len("".join(ref.itertext())) for ref in row.iter("ref", "a"))
                    yield Block(text, "row", linked, group, role_of_row(row))
        else:
            yield from _lines(element, group)


def _lines(element: Any, group: int) -> Iterator[Block]:
    """The lines of an element: line breaks and nested blocks begin a new one."""
    kind = "item" if element.tag == "list" else str(element.tag)
    if len(element) == 0:
        shown = element.text or ""
        if text := clean(shown):
            role = Nesting().within(element).role if element.tag != "p" else Role()
            yield Block(text, kind, len(shown) if element.tag in ("ref", "a") else 0, group, role)
    else:
        yield from _lines_within(element, kind, group)
    if element.tail and (text := clean(element.tail)):
        yield Block(text, "p", 0, group)


def _lines_within(element: Any, kind: str, group: int) -> Iterator[Block]:
    pieces: list[str] = []
    linked = inside_link = 0
    nestings = [Nesting().within(element) if element.tag == "code" else Nesting()]
    for event, node in iterwalk(element, events=("start", "end")):
        if node.tag in _BREAKS:
            if text := clean("".join(pieces)):
                yield Block(text, kind, linked, group, nestings[-1].role)
            pieces, linked = [], 0
            if event == "start":
                nestings.append(nestings[-1].within(node))
            else:
                nestings.pop()
        if event == "start":
            inside_link += node.tag in ("ref", "a")
            text = node.text or ""
        else:
            inside_link -= node.tag in ("ref", "a")
            text = node.tail or "" if node is not element else ""
        pieces.append(text)
        linked += len(text) if inside_link else 0
    if text := clean("".join(pieces)):
        yield Block(text, kind, linked, group, nestings[-1].role)
