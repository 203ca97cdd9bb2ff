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
    _cut_lists_of_links(frame)
    for table in [table for table in frame.iter("table") if link_density_test_tables(table)]:
        delete_element(table, keep_tail=False)
    strip_tags(frame, "span")


def _cut_unless_too_much(frame: HtmlElement, sections: list[HtmlElement]) -> None:
    if not sections:
        return
    chosen = set(sections)
    outer = [one for one in sections if chosen.isdisjoint(one.iterancestors())]
    length = len(frame.text_content())
    if length - sum(len(element.text_content()) for element in outer) > length * _KEPT_SHARE:
        for element in outer:
            delete_element(element)


def _cut_lists_of_links(frame: HtmlElement) -> None:
    """Cut <div>, lists and <p> that are mostly links, twice: the first cuts change what the others hold."""
    holders: set[HtmlElement] = set()
    for link in frame.iter("ref"):
        for holder in link.iterancestors():
            if holder in holders:
                break
            holders.add(holder)
            if holder is frame:
                break
    for _ in range(2):
        cuts = [_cut_linked(frame, tag, holders) for tag in ("div", "list", "p")]
        if not any(cuts):  # the second pass would find the same
            break


def _cut_linked(frame: HtmlElement, tag: str, holders: set[HtmlElement]) -> bool:
    """`delete_by_link_density` of trafilatura for the elements that hold links. Whether it cut any."""
    cut = []
    for element in frame.iter(tag):
        if element not in holders:
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
    return bool(cut)
