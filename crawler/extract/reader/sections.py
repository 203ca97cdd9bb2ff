"""Cut what is not text: elements by their tags, unwanted sections of a frame, sections that are mostly links."""

from __future__ import annotations

from lxml.etree import strip_tags
from lxml.html import HtmlElement

from crawler.extract.reader.marks import unwanted_sections
from crawler.extract.reader.private import (
    MANUALLY_CLEANED,
    MANUALLY_STRIPPED,
    _handle_forms,
    delete_element,
    link_density_test,
    link_density_test_tables,
    prune_html,
    recover_math,
    trim,
)

_CLEANED = tuple(tag for tag in MANUALLY_CLEANED if tag != "form")
_KEPT_SHARE = 1 / 7
"""trafilatura cuts no sections that hold more than the rest of this share of a frame's text."""

_MAX_SHORT, _MIN_CHILDREN = 100, 3
"""Characters and children of a <div> of short links that trafilatura cuts."""

_LONG, _LONG_PARAGRAPH, _MAX_LINKED = 600, 120, 0.4
_WHITE_SPACE = (" ", "\n", "\t", "\r", "\xa0", "\u3000")
_CELLS = ("item", "td", "th")


def clean(tree: HtmlElement, *, recall: bool = False) -> None:
    """`tree_cleaning` of trafilatura: one walk finds the tags that a tree has, so that only those are looked for."""
    recover_math(tree)
    for element in tree.iter("figure", "table"):
        if element.tag == "figure":
            if element.find(".//table") is not None:
                element.tag = "div"
        elif element.get("role") in ("presentation", "none"):
            element.tag = "div"
    strip_tags(tree, *MANUALLY_STRIPPED)
    there = {element.tag for element in tree.iter(_CLEANED)}
    if recall and there and _removes_all_paragraphs(tree):
        there = set()
    for tag in _CLEANED if there else ():
        if tag in there:
            for element in tree.iter(tag):
                delete_element(element)
    _handle_forms(tree)
    prune_html(tree)


def _removes_all_paragraphs(tree: HtmlElement) -> bool:
    paragraphs = list(tree.iter("p"))
    return bool(paragraphs) and not any(next(p.iterancestors(_CLEANED), tree) is tree for p in paragraphs)


def prune(frame: HtmlElement, *, keep_teasers: bool) -> None:
    """`prune_unwanted_sections` of trafilatura without images, with tables and links."""
    sections, captions, teasers = unwanted_sections(frame)
    _cut_unless_too_much(frame, sections)
    for element in captions:
        delete_element(element)
    if not keep_teasers:
        for element in teasers:
            delete_element(element)
    # Kept until the function ends: lxml searches a cut tree at the end of each reference to an element in it, unless
    # there is one to an element above. A list of 100,000 links took two minutes.
    cut = _cut_lists_of_links(frame)
    for table in [table for table in frame.iter("table") if link_density_test_tables(table)]:
        delete_element(table, keep_tail=False)
    strip_tags(frame, "span")
    del cut


def _cut_unless_too_much(frame: HtmlElement, sections: list[HtmlElement]) -> None:
    if not sections:
        return
    chosen = set(sections)
    outer = [one for one in sections if chosen.isdisjoint(one.iterancestors())]
    length = len(frame.text_content())
    if length - sum(len(element.text_content()) for element in outer) > length * _KEPT_SHARE:
        for element in outer:
            delete_element(element)


def _cut_lists_of_links(frame: HtmlElement) -> list[HtmlElement]:
    """Cut <div>, lists and <p> that are mostly links, twice: the first cuts change what the others hold."""
    cut: list[HtmlElement] = []
    linked = _linked_chars(frame)
    for _ in range(2):
        before = len(cut)
        for tag in ("div", "list", "p"):
            cut += _cut_linked(frame, tag, linked)
        if len(cut) == before:  # the second pass would find the same
            break
    return cut


def _linked_chars(frame: HtmlElement) -> dict[HtmlElement, int]:
    """For each element that holds links, how many characters of links it holds at most."""
    linked: dict[HtmlElement, int] = {}
    for link in frame.iter("ref"):
        length = len(link.text_content())
        for holder in link.iterancestors():
            is_known = holder in linked
            linked[holder] = linked.get(holder, 0) + length
            length = 0  # what is above the parent is summed up below, once for each element
            if is_known or holder is frame:
                break
    for element in reversed([element for element in frame.iter("*") if element in linked]):
        parent = element.getparent()
        if element is not frame and parent is not None:
            linked[parent] += linked[element]
    return linked


def _cut_linked(frame: HtmlElement, tag: str, linked: dict[HtmlElement, int]) -> list[HtmlElement]:
    """`delete_by_link_density` of trafilatura for the elements that hold links: those that it cut."""
    cut = []
    for element in frame.iter(tag):
        if element not in linked or _is_running_text(element, linked[element]):
            continue
        is_linked, is_short = link_density_test(element)
        if not is_linked and is_short and tag == "div" and len(element) >= _MIN_CHILDREN:
            is_linked = len(trim(element.text_content())) < _MAX_SHORT
        if is_linked:
            parent = element.getparent()
            if tag != "p" or parent is None or parent.tag not in _CELLS:
                cut.append(element)
    for element in cut:
        delete_element(element)
    return cut


def _is_running_text(element: HtmlElement, linked: int) -> bool:
    """Whether an element is too long, with too much text outside links, for trafilatura's test to cut it.

    That test finds all links of all containers and takes 20 microseconds. It cuts from .8 of link text on, or below 300
    characters (60 in a paragraph); all have a margin of two, because not all kinds of white space are taken off.
    """
    text = element.text_content()
    enough = _LONG_PARAGRAPH if element.tag == "p" else _LONG
    if len(text) < enough or linked > len(text) * _MAX_LINKED:
        return False
    length = len(text) - sum(map(text.count, _WHITE_SPACE))
    return bool(length >= enough and linked <= length * _MAX_LINKED)
