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

_MIN_CARDS = 4
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
    members: dict[HtmlElement, dict[HtmlElement, str]] = {}
    for heading in list(page.tree.iter(*_HEADINGS))[:_MAX_HEADINGS]:
        if url := _linked_page(heading, page):
            child = heading
            for _ in range(_LEVELS):
                parent = child.getparent()
                if parent is None or parent.tag in NEVER_CUT:
                    break
                members.setdefault(parent, {})[child] = url
                child = parent
    lists = [list(cards) for parent, cards in members.items() if _is_list(parent, cards, page)]
    if not lists:
        return []
    inside = {p for cards in lists for card in cards for p in card.iter("p")}
    prose = sum(prose_chars(p) for p in page.tree.iter("p") if p not in inside)
    return lists if prose >= MIN_BODY else []


def _linked_page(heading: HtmlElement, page: ParsedPage) -> str | None:
    """The other page of the same site that a heading with a title links to."""
    link = next(heading.iter("a"), None)
    if link is None:
        link = next((above for above in heading.iterancestors("a")), None)
    url = page.other_page(link) if link is not None else None
    if url is None or bare_host(url) != bare_host(page.url) or not looks_like_title(element_text(heading)):
        return None
    return url


def _is_list(parent: HtmlElement, cards: dict[HtmlElement, str], page: ParsedPage) -> bool:
    """Whether the members of a container are cards: alike, short, and each of another article."""
    if len(set(cards.values())) < _MIN_CARDS or len({card.tag for card in cards}) > 1:
        return False
    if not is_safe(parent, page) or is_body(parent):
        return False
    shown = [child for child in parent if element_text(child)]
    return len(cards) >= len(shown) * _MIN_SHARE and all(len(element_text(card)) <= _MAX_CARD for card in cards)
