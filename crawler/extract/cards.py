"""Boxes of links to other articles: what distinguishes them from running text, and the cards in them."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.page import HEADINGS, ParsedPage, element_text
from crawler.text import clean, fold

NEVER_CUT = frozenset(("html", "body", "main"))
_BODY_NAME = re.compile(r"(?:entry|post|article|story|news)[-_]*(?:content|body|text)", re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese characters: these scripts put no spaces between words."""

# All numbers of this module were chosen by hand; no measurement is recorded for any of them. `make score` shows a
# change in `related_r` and `leaks` of the corpus arabic, and in the body figures of the others.
_MAX_TEASER_CHARS = 200
"""A card's teaser is shorter than this; a longer stretch of text outside links is running text."""

MAX_LINKS = 150
"""A container with more links than this is a whole page or its menu, not a box."""

_MIN_LINKED_SHARE = 0.2
"""The share of link text below which a container is not a box of cards."""

_BOX_LINKED_SHARE = 0.5
"""The share of link text from which a container with cards is a box, whatever the rest of its text is."""

_MAX_CARD_CHARS = 300
"""A link with more text than this wraps a whole teaser and shows no title."""

_MIN_TITLE_CHARS, _MIN_TITLE_WORDS = 15, 3
_MIN_UNSPACED = 10
"""Characters of a script without spaces from which a text is a title: names of sections are shorter."""

_LINK_ONLY_FACTOR, _LINK_ONLY_CHARS = 1.15, 2
"""An element shows nothing but links if its text is at most this much longer than theirs: bullets, separators."""


def is_link_box(box: HtmlElement, page: ParsedPage, cards: list[tuple[str, str]] | None = None) -> bool:
    """Whether a container holds cards of other articles rather than running text. `cards`: those in it, if known."""
    if box.tag in NEVER_CUT or not is_safe(box, page):
        return False
    links = list(box.iter("a"))
    if not 0 < len(links) <= MAX_LINKS:
        return False
    total = len(clean(str(box.text_content())))
    linked = sum(len(clean(str(link.text_content()))) for link in links)
    if not linked or linked < total * _MIN_LINKED_SHARE or not (cards or cards_in(box, page)):
        return False
    return linked >= total * _BOX_LINKED_SHARE or not _has_running_text(box)


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
    return [(title, url) for url, title in titles.items() if looks_like_title(title)]


def links_in(element: HtmlElement, page: ParsedPage) -> list[tuple[str, str]]:
    """All links of an element that lead to another page: text and URL, each URL once."""
    texts: dict[str, str] = {}
    for link in element.iter("a"):
        url = page.other_page(link)
        if url is not None:
            texts[url] = clean(f"{texts.get(url, '')} {element_text(link)}")
    return [(text, url) for url, text in texts.items() if text]


def is_link_only(element: HtmlElement) -> bool:
    """Whether an element shows nothing but links, apart from a character or two between them."""
    total = len(fold(element_text(element)))
    linked = sum(len(fold(element_text(link))) for link in element.iter("a"))
    return 0 < total <= linked * _LINK_ONLY_FACTOR + _LINK_ONLY_CHARS


def is_safe(box: HtmlElement, page: ParsedPage) -> bool:
    """Whether removing a container leaves the page's own headline in place."""
    return page.headline is None or all(ancestor is not box for ancestor in page.headline.iterancestors())


def is_body(element: HtmlElement) -> bool:
    """Whether the class, id or itemprop of an element says that it holds an article's text."""
    name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    return bool(_BODY_NAME.search(name))


def _card_title(link: HtmlElement) -> str:
    heading = next(link.iter(*HEADINGS), None)
    if heading is not None and element_text(heading):
        return element_text(heading)
    shown = element_text(link)
    if shown:
        return shown if len(shown) <= _MAX_CARD_CHARS else ""
    image = next(link.iter("img"), None)
    for text in (link.get("aria-label"), link.get("title"), image.get("alt") if image is not None else None):
        if text and clean(text):
            return clean(text)
    return ""


def looks_like_title(text: str) -> bool:
    """Titles have several words; sections, tags, names and "more" do not."""
    unspaced = len(_UNSPACED.findall(text))
    return unspaced >= _MIN_UNSPACED or (len(text) >= _MIN_TITLE_CHARS and len(text.split()) >= _MIN_TITLE_WORDS)


def _has_running_text(box: HtmlElement) -> bool:
    """Whether a container has a long stretch of text outside links."""
    inside_links = {element for link in box.iter("a") for element in link.iter()}
    for element in box.iter("*"):
        text = element.text if element not in inside_links else None
        # The tail of an element in a link belongs to the link, unless the element is the link itself.
        tail_is_linked = element in inside_links and element.tag != "a"
        tail = None if element is box or tail_is_linked else element.tail
        if any(piece and _length(piece) > _MAX_TEASER_CHARS for piece in (text, tail)):
            return True
    return False


def _length(text: str) -> int:
    """Characters, those of scripts without spaces twice: they say as much in half of the characters."""
    length = len(text)
    return length if length <= _MAX_TEASER_CHARS // 2 else length + len(_UNSPACED.findall(text))
