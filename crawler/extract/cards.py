"""Boxes of links to other articles: what tells one from running text, and the cards in it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.page import HEADINGS, ParsedPage, element_text
from crawler.text import clean, fold

NEVER_CUT = frozenset(("html", "body", "main"))
_BODY_NAME = re.compile(r"(?:entry|post|article|story|news)[-_]*(?:content|body|text)", re.IGNORECASE)
_MAX_TEASER = 200
MAX_LINKS = 150
"""A container with more links than this is a whole page or its menu, not a box."""


def is_link_box(box: HtmlElement, page: ParsedPage) -> bool:
    """Whether a container holds cards of other articles rather than running text."""
    if box.tag in NEVER_CUT or not is_safe(box, page):
        return False
    links = list(box.iter("a"))
    if not 0 < len(links) <= MAX_LINKS:
        return False
    total = len(clean(str(box.text_content())))
    linked = sum(len(clean(str(link.text_content()))) for link in links)
    if not linked or linked < total * 0.2 or not cards_in(box, page):
        return False
    return linked >= total * 0.5 or not _has_running_text(box)


def cards_in(box: HtmlElement, page: ParsedPage) -> list[tuple[str, str]]:
    """The other articles that a box links to: title and URL, in order, each URL once."""
    titles: dict[str, str] = {}
    for link in box.iter("a"):
        url = page.other_page(link)
        if url is None:
            continue
        title = _card_title(link)
        if len(title) > len(titles.get(url, "")):
            titles[url] = title
    return [(title, url) for url, title in titles.items() if _looks_like_title(title)]


def links_in(element: HtmlElement, page: ParsedPage) -> list[tuple[str, str]]:
    """All links of an element that lead to another page: text and URL, each URL once."""
    found: dict[str, str] = {}
    for link in element.iter("a"):
        url = page.other_page(link)
        if url is not None:
            found[url] = clean(f"{found.get(url, '')} {element_text(link)}")
    return [(title, url) for url, title in found.items() if title]


def is_link_only(element: HtmlElement) -> bool:
    """Whether an element shows nothing but links, up to a mark or two between them."""
    total = len(fold(element_text(element)))
    linked = sum(len(fold(element_text(link))) for link in element.iter("a"))
    return 0 < total <= linked * 1.15 + 2


def is_safe(box: HtmlElement, page: ParsedPage) -> bool:
    """Whether cutting a container leaves the page's own headline in place."""
    return page.headline is None or all(ancestor is not box for ancestor in page.headline.iterancestors())


def is_body(element: HtmlElement) -> bool:
    """Whether an element is named as what holds an article's text."""
    name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    return bool(_BODY_NAME.search(name))


def _card_title(link: HtmlElement) -> str:
    heading = next(link.iter(*HEADINGS), None)
    if heading is not None and element_text(heading):
        return element_text(heading)
    shown = element_text(link)
    if shown:
        return shown if len(shown) <= 300 else ""
    image = next(link.iter("img"), None)
    for text in (link.get("aria-label"), link.get("title"), image.get("alt") if image is not None else None):
        if text and clean(text):
            return clean(text)
    return ""


def _looks_like_title(text: str) -> bool:
    """Titles have several words; sections, tags, names and "more" do not."""
    return len(text) >= 15 and len(text.split()) >= 3


def _has_running_text(box: HtmlElement) -> bool:
    """Whether a container has a long stretch of text outside links: a card's teaser is shorter than a paragraph."""
    inside_links = {element for link in box.iter("a") for element in link.iter()}
    for element in box.iter("*"):
        pieces = (element.tail if element is not box else None, element.text if element not in inside_links else None)
        own_tail_is_linked = element in inside_links and element.tag != "a"
        if any(piece and len(piece) > _MAX_TEASER for piece in (pieces[1:] if own_tail_is_linked else pieces)):
            return True
    return False
