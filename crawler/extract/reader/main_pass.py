"""trafilatura's main extractor: the blocks of the likeliest frame, or else paragraphs from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lxml.etree import Element, strip_elements, strip_tags
from lxml.html import HtmlElement

from crawler.extract.reader.marks import frames
from crawler.extract.reader.private import (
    DEDUPE_SCAN_CAP,
    INLINE_FORMATTABLE,
    MIN_DUPLICATE_LENGTH,
    NOT_AT_THE_END,
    REBUILT_BLOCKS,
    SPACING_PROTECTED,
    TAG_CATALOG,
    Extractor,
    _elem_text,
    delete_element,
    handle_textelem,
    process_node,
    text_chars_test,
    trim,
)
from crawler.extract.reader.sections import prune

_TAGS = frozenset({*TAG_CATALOG, "table", "td", "th", "tr", "ref"})
_INLINE = INLINE_FORMATTABLE | {"lb"}
_WILD = ("code", "p", "quote", "table", "div")
_MORE_WILD = (*_WILD, "lb", "list")
_FACTOR = 3
"""trafilatura also reads <div> if the paragraphs of a page have less than this many times the shortest text."""


class Content(NamedTuple):
    """What the main extractor found."""

    body: Any
    text: str
    is_recovered: bool
    """Whether paragraphs from outside of the frame were added."""


def content_of(prepare: Callable[[], HtmlElement], options: Extractor) -> Content:
    """`extract_content` of trafilatura. `prepare` gives a new tree, cleaned and converted, each time."""
    tree = prepare()
    order = list(tree.iter())
    body, tags = _from_frame(tree, options)
    text = " ".join(body.itertext()).strip()
    is_recovered = len(body) == 0 or len(text) < options.min_extracted_size
    if is_recovered:
        again = prepare()
        consumed = {twin for one, twin in zip(order, again.iter(), strict=True) if one.tag == "done"}
        _recover(again, body, options, tags, consumed)
        text = " ".join(body.itertext()).strip()
    _tidy(body)
    return Content(body, text, is_recovered)


def _from_frame(tree: HtmlElement, options: Extractor) -> tuple[Any, set[str]]:
    """The blocks of the first frame that has more than one, and the tags that are read as text."""
    body, tags = Element("body"), set(_TAGS)
    for frame in frames(tree):
        prune(frame, keep_teasers=options.focus == "recall")
        if len(frame) == 0:
            continue
        if not _has_paragraphs(tree, options.min_extracted_size * _FACTOR):
            tags.add("div")
        elements = list(frame.iterdescendants("*"))
        found = {element.tag for element in elements}
        if found == {"lb"} or (frame.tag == "div" and "div" in tags and found <= _INLINE):
            elements = [frame]
        lead, start = None, len(body)
        if elements != [frame] and text_chars_test(frame.text):
            lead = process_node(_paragraph(frame.text), options)
        _read_elements(elements, body, tags, options)
        while len(body) > 0 and body[-1].tag in NOT_AT_THE_END:
            delete_element(body[-1], keep_tail=False)
        if sum(element.tag != "graphic" for element in body) > 1:
            if lead is not None:
                body.insert(start, lead)
            break
    return body, tags


def _paragraph(text: str | None) -> Any:
    element = Element("p")
    element.text = text
    return element


def _read_elements(elements: list[HtmlElement], body: Any, tags: set[str], options: Extractor) -> None:
    """Append what each element gives to the body, in order."""
    moved: set[HtmlElement] = set()
    for element in elements:
        # What was appended as it is has its children with it: they are not read again.
        if element in moved:
            continue
        tag, tail = element.tag, element.tail
        found = handle_textelem(element, tags, options)
        if found is not None:
            body.append(found)
            if found is element or (len(found) == 1 and found[0] is element):
                moved.update(element.iter("*"))
            else:
                element.tag = "done"  # a copy: the element is left for a later, wider frame
        if tag in REBUILT_BLOCKS and text_chars_test(tail) and (found is None or found.tail is None):
            after = _paragraph(tail)
            if process_node(after, options) is not None:
                body.append(after)


def _has_paragraphs(tree: HtmlElement, enough: int) -> bool:
    """Whether the paragraphs of a page have at least this many characters."""
    length = 0
    for paragraph in tree.iter("p"):
        if next(paragraph.iterancestors("p"), None) is None:
            length += len(paragraph.text_content())
            if length >= enough:
                return True
    return False


def _recover(tree: HtmlElement, body: Any, options: Extractor, tags: set[str], consumed: set[HtmlElement]) -> None:
    """`recover_wild_text` of trafilatura: append paragraphs, quotes and tables from anywhere in the page."""
    is_recall = options.focus == "recall"
    tags = tags | ({"div", "lb"} if is_recall else set())
    prune(tree, keep_teasers=options.fast or is_recall)
    texts = [_elem_text(element) for element in body]
    existing, whole = "\n".join(filter(None, texts)), set(texts)
    handled: set[HtmlElement] = set()
    for element in list(tree.iterdescendants(_MORE_WILD if is_recall else _WILD)):
        if element.tag == "div" and not is_recall and "w3-code" not in (element.get("class") or ""):
            continue
        if element in consumed or not handled.isdisjoint(element.iterancestors()):
            continue
        found = handle_textelem(element, tags, options)
        if found is None:
            continue
        if found is element:
            handled.add(element)
        text = _elem_text(found)
        is_short = len(existing) <= DEDUPE_SCAN_CAP
        fragment = trim(text + (found.tail or "")) if text_chars_test(found.tail) else ""
        if text and (
            text in whole
            or (
                is_short
                and ((len(text) > MIN_DUPLICATE_LENGTH and text in existing) or (fragment and fragment in existing))
            )
        ):
            continue
        body.append(found)
        if is_short:
            existing += "\n" + (fragment or text)
        whole.add(text)


def _tidy(body: Any) -> None:
    """Without blocks that repeat the one before, leftovers of the reading, and white space between removed blocks."""
    previous = None
    for element in list(body):
        text = _elem_text(element)
        if text and text == previous and len(text) > MIN_DUPLICATE_LENGTH:
            delete_element(element, keep_tail=False)
        else:
            previous = text
    strip_elements(body, "done")
    strip_tags(body, "div")
    for line_break in body.iter("lb"):
        if (
            line_break.tail
            and not text_chars_test(line_break.tail)
            and not any(above.tag in SPACING_PROTECTED for above in line_break.iterancestors())
        ):
            line_break.tail = None
