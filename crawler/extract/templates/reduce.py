"""The way from the root of a page to its body, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Set

from lxml.html import HtmlElement

from crawler.extract.page import ParsedPage
from crawler.extract.templates.paths import step_of

MIN_PROSE, _MAX_LINKED = 80, 0.5
"""Characters of a paragraph of prose, and the share of links from which it is none. Chosen by hand."""

_KEPT_TAGS = ("head", "meta", "link", "base", "title")
"""Fields are read from these wherever they stand."""


def follow(tree: HtmlElement, way: str) -> tuple[list[HtmlElement], list[tuple[str, HtmlElement]]]:
    """The elements at the end of a way from the root, and the paths and elements that stand beside it."""
    levels, beside = levels_of(tree, way)
    return levels[-1], beside


def levels_of(tree: HtmlElement, way: str) -> tuple[list[list[HtmlElement]], list[tuple[str, HtmlElement]]]:
    """The elements to which each step of a way leads, and the paths and elements that stand beside it."""
    first, *steps = way.split(" ")
    levels = [[tree] if step_of(tree) == first else []]
    beside: list[tuple[str, HtmlElement]] = []
    path = first
    for step in steps:
        inner = []
        for element in levels[-1]:
            for child in element:
                name = step_of(child)
                if name == step:
                    inner.append(child)
                else:
                    beside.append((f"{path} {name}", child))
        levels.append(inner)
        path = f"{path} {step}"
    return levels, [(path, element) for path, element in beside if element.tag not in _KEPT_TAGS]


def drop(beside: list[tuple[str, HtmlElement]], dropped: Set[str], opened: Set[str]) -> None:
    """Remove the elements with the paths `dropped`, also among the children of those with the paths `opened`."""
    waiting = beside
    while waiting:
        inner = []
        for path, element in waiting:
            if path in dropped:
                element.drop_tree()
            elif path in opened:
                inner += [(f"{path} {step_of(child)}", child) for child in element]
        waiting = inner


def prose_outside(tree: HtmlElement, top: HtmlElement) -> Iterator[tuple[HtmlElement, int]]:
    """The paragraphs of prose outside of an element, and their characters."""
    inside = set(top.iter("p"))
    for paragraph in tree.iter("p"):
        if paragraph in inside or (len(paragraph) == 0 and len(paragraph.text or "") < MIN_PROSE):
            continue
        length = len(str(paragraph.text_content()).strip())
        if length >= MIN_PROSE:
            linked = sum(len(str(link.text_content())) for link in paragraph.iter("a"))
            if linked < length * _MAX_LINKED:
                yield paragraph, length


def declares_article(page: ParsedPage) -> bool:
    """Whether linked data or head of a page say that it is an article."""
    return bool(page.article) or (page.first_meta("og:type") or "").lower() == "article"
