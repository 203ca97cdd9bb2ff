"""Lists of cards with titles and teasers of other articles, which no name or heading marks as such."""

from __future__ import annotations

from lxml.html import HtmlElement

from crawler.extract.cards import NEVER_CUT, is_body, is_safe, looks_like_title
from crawler.extract.hydration import MIN_BODY
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.prose import prose_chars
from crawler.urls import bare_host

# Chosen by hand on half A of the sites. Measured: docs/decisions.md#a-list-of-linked-headings-is-a-list-of-articles.
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LEVELS = 5
"""How far above its heading a card may be."""

_MIN_CARDS = 3
_MIN_SHARE = 0.8
"""The share of a list's members that are cards."""

_MAX_CARD = 800
"""Characters: what is longer is an article of its own, or an entry of this one."""

_MAX_HEADINGS = 500
"""A bound for the time: how many headings of a page are looked at."""


def card_lists(page: ParsedPage) -> list[list[HtmlElement]]:
    """The cards of each list whose members have a heading that links to another page of the site.

    None of a page that has hardly any prose outside of them: there the list is the article.
    """
    members: dict[HtmlElement, dict[HtmlElement, HtmlElement]] = {}
    headings = list(page.tree.iter(*_HEADINGS))[:_MAX_HEADINGS]
    for heading in headings if len(headings) >= _MIN_CARDS else ():
        child, link = heading, next(heading.iter("a"), None)
        if link is None and (link := next(heading.iterancestors("a"), None)) is None:
            continue
        for _ in range(_LEVELS):
            parent = child.getparent()
            if parent is None or parent.tag in NEVER_CUT:
                break
            members.setdefault(parent, {})[child] = link
            child = parent
    lists = [list(cards) for parent, cards in members.items() if _is_list(parent, cards, page)]
    if not lists:
        return []
    inside = {p for cards in lists for card in cards for p in card.iter("p")}
    prose = sum(prose_chars(p) for p in page.tree.iter("p") if p not in inside)
    return lists if prose >= MIN_BODY else []


def _is_list(parent: HtmlElement, cards: dict[HtmlElement, HtmlElement], page: ParsedPage) -> bool:
    """Whether the members of a container are cards: alike, short, and each of another article of the site."""
    if len(cards) < _MIN_CARDS or len({card.tag for card in cards}) > 1 or not is_safe(parent, page) or is_body(parent):
        return False
    if any(len(card.text_content()) > _MAX_CARD and len(element_text(card)) > _MAX_CARD for card in cards):
        return False
    shown = [child for child in parent if child in cards or element_text(child)]
    if len(cards) < len(shown) * _MIN_SHARE:
        return False
    host = bare_host(page.url)
    urls = {page.other_page(link) for link in cards.values() if looks_like_title(element_text(link))}
    return sum(url is not None and bare_host(url) == host for url in urls) >= max(_MIN_CARDS, len(cards) * _MIN_SHARE)
