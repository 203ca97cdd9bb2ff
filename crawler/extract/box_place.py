"""Where on a page a box or a pointer is: between which texts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from lxml.html import HtmlElement

from crawler.extract.cards import NEVER_CUT
from crawler.extract.page import HEADINGS, element_text
from crawler.extract.prose import prose_chars

_WRAPPERS = 4
"""How many containers around a box may show nothing else. Chosen by hand."""


def is_between_paragraphs(first: HtmlElement, last: HtmlElement) -> bool:
    """Whether the next block on each side is a paragraph of running text; a heading may stand between."""
    before, after = _next_shown(first, HtmlElement.getprevious), _next_shown(last, HtmlElement.getnext)
    return all(each is not None and each.tag == "p" and prose_chars(each) > 0 for each in (before, after))


def without_wrappers(first: HtmlElement, last: HtmlElement) -> tuple[HtmlElement, HtmlElement]:
    """The first and the last of neighbours, or the container that shows nothing else."""
    around = set(last.iterancestors())
    while (parent := first.getparent()) is not None and parent not in around:  # a heading in the first of several cards
        first = parent
    for _ in range(_WRAPPERS):
        parent = first.getparent()
        siblings = chain(first.itersiblings(preceding=True), last.itersiblings())
        if parent is None or parent.tag in NEVER_CUT or any(map(_is_shown, siblings)):
            break
        first = last = parent
    return first, last


def text_before(element: HtmlElement) -> str | None:
    """The text of the nearest block before an element, which shows its place in the body."""
    before = element.getprevious()
    while before is not None and not (isinstance(before.tag, str) and element_text(before)):
        before = before.getprevious()
    return element_text(before) if before is not None else None


def _next_shown(element: HtmlElement, step: Callable[[HtmlElement], HtmlElement | None]) -> HtmlElement | None:
    """The next block in a direction that is not a heading."""
    following = step(element)
    while following is not None and (following.tag in HEADINGS or not _is_shown(following)):
        following = step(following)
    return following


def _is_shown(element: HtmlElement) -> bool:
    return any(not text.isspace() for text in element.itertext())
