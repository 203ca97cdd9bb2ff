"""Related articles: find the links to other articles on a page, return them as data, remove them from the tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.extract.box_place import is_between_paragraphs, text_before, without_wrappers
from crawler.extract.card_lists import card_lists
from crawler.extract.cards import MAX_LINKS, NEVER_CUT, cards_in, is_body, is_link_box, is_link_only, is_safe
from crawler.extract.class_names import name_pattern
from crawler.extract.lexicon import is_block_heading, may_announce, pointer_at_start
from crawler.extract.link_kind import is_no_article
from crawler.extract.page import BLOCK_TAGS, HEADINGS, ParsedPage, element_text
from crawler.extract.pointers import (
    MAX_POINTER_CHARS,
    announced_by,
    pointers_between_breaks,
    with_label_apart,
)
from crawler.items import RelatedArticle, RelatedKind
from crawler.text import word_set, words

# Class names and ids that themes and plugins give to boxes with other articles.
_BOX_NAME = name_pattern(
    r"related(?!-?(?:to|topics?|tags?)\b)\w*|yarpp\w*|(?:read|check|see|also)[-_]?(?:also|next|more-?stories|read)|"
    r"up[-_]?next|more[-_]?(?:stories|articles|news|from|on)|recommend(?:ed|ations?)\w*|"
    r"you[-_]?m(?:ay|ight)[-_]?(?:also[-_]?)?like|most[-_]?(?:read|popular|viewed)|trending|b-inject|promo|"
    r"popular[-_]?posts|similar[-_]?(?:posts|articles)|suggested[-_]?\w*|inline[-_]?(?:related|story|promo)|"
    r"other[-_]?(?:news|articles|stories)"
)
_CONTAINERS = word_set("div section aside ul ol nav footer article figure table blockquote p li")
_INLINE = word_set("strong b span")
_EXAMINED_TAGS = tuple((_CONTAINERS | BLOCK_TAGS | _INLINE | {"br"}) - {"html", "body"})
# The numbers were chosen by hand; no measurement is recorded for them. `make score` shows a change in `related_r` and
# `leaks` of the corpus arabic, and in the body figures of the others.
_MAX_FOLLOWERS = 12
"""How many link-only blocks after a heading belong to it."""

_BOX_LEVELS = 4
"""How many containers around a heading may be its box."""

_MAX_WRAPPED = 5
"""A container of a single text has at most this many children; the others are empty."""

_START_CHARS = 60
"""Characters at the beginning of an element that are searched for a phrase."""

_MAX_START_PIECES = 12
"""How many pieces of white space may stand before an element's first text: a bound for the time."""


@dataclass(slots=True)
class _Removal:
    """The related articles removed so far, in document order, and the removed elements."""

    page: ParsedPage
    articles: list[RelatedArticle] = field(default_factory=list)
    seen: set[tuple[str, str | None, str | None]] = field(default_factory=set)
    removed: set[HtmlElement] = field(default_factory=set)

    def add(self, kind: RelatedKind, title: str | None, url: str | None, after: str | None = None) -> None:
        """Add an article, once for each kind."""
        key = (kind, url, None if url else title)
        if key not in self.seen:
            self.seen.add(key)
            self.articles.append(
                RelatedArticle(kind=kind, position=len(self.articles), title=title, url=url, after=after)
            )

    def remove(self, element: HtmlElement) -> None:
        """Remove an element from its tree; its tail stays."""
        self.removed.update(element.iter())
        element.drop_tree()

    def remove_boxes(
        self, boxes: list[HtmlElement], heading: HtmlElement | None = None, *, inline: bool | None = None
    ) -> None:
        """Add the articles of boxes that follow each other, and remove them, with the heading before them.

        They are inline if they are between two paragraphs of running text, unless `inline` says it.
        """
        first, last = boxes[0] if heading is None else heading, boxes[-1]
        if inline is not False:
            first, last = without_wrappers(first, last)
            inline = inline or is_between_paragraphs(first, last)
        after = text_before(first) if inline else None
        for box in boxes:
            for title, url in cards_in(box, self.page):
                if is_no_article(title, url, self.page.url):
                    continue
                self.add("inline" if inline else "block", title, url, after)
            self.remove(box)
        if heading is not None:
            self.remove(heading)


def extract_related(page: ParsedPage) -> list[RelatedArticle]:
    """Find the related articles of a page in order, and remove what announces them from its tree.

    Text that may belong to another article stays: its shape does not distinguish it from an article that goes on.
    """
    removal = _Removal(page)
    boxes = {element for element in page.class_names.matching(_BOX_NAME) if element.tag in _CONTAINERS}
    announcing = _announcing(page.tree)
    for element in [e for e in page.tree.iter(*_EXAMINED_TAGS) if e in announcing or e in boxes or e.tag == "br"]:
        if element in removal.removed:
            continue
        if element in boxes and is_link_box(element, page):
            removal.remove_boxes([element])
        elif element.tag == "br":
            parent = element.getparent()
            if parent is not None and parent in announcing and parent.find("br") is element:
                _remove_pointers_between_breaks(parent, removal)
        elif element in announcing and (element.tag in BLOCK_TAGS or element.tag in _INLINE):
            _remove_announced(element, removal)
    for cards in card_lists(page):
        for card in cards:
            if card not in removal.removed:
                removal.remove_boxes([card], inline=False)
    page.class_names.discard(removal.removed)
    return removal.articles


def _announcing(tree: HtmlElement) -> set[HtmlElement]:
    """The elements with a text that begins with the first word of a phrase, and their ancestors up to a block.

    A page has about ten of them among a thousand elements, so only few elements are examined further.
    """
    announcing: set[HtmlElement] = set()
    for element in tree.iter("*"):
        holders = []
        # Without a call for each text of the page: most are white space.
        text, tail = element.text, element.tail
        if text and not text.isspace() and may_announce(text):
            holders.append(element)
        if tail and not tail.isspace() and may_announce(tail) and (parent := element.getparent()) is not None:
            holders.append(parent)
        for holder in holders:
            announcing.add(holder)
            for ancestor in holder.iterancestors() if holder.tag not in BLOCK_TAGS else ():
                announcing.add(ancestor)
                if ancestor.tag in BLOCK_TAGS:
                    break
    return announcing


def _remove_announced(element: HtmlElement, removal: _Removal) -> None:
    """Remove an element whose text begins with a pointer or is a heading, with the articles it announces."""
    if element.tag not in BLOCK_TAGS and not _is_alone(element):
        return
    if not may_announce(_text_start(element)) or any(child.tag in BLOCK_TAGS for child in element.iterdescendants()):
        return
    text = element_text(element)
    if len(text) > MAX_POINTER_CHARS:
        return
    text = with_label_apart(element.itertext(), text)
    text_words = words(text)
    if is_block_heading(text_words):
        is_pointer = pointer_at_start(text_words) is not None and element.tag not in HEADINGS
        _remove_headed_box(element, removal, is_pointer=is_pointer)
    elif announced := announced_by(element, text, removal.page):
        top = _outermost_with_same_text(element)
        after = text_before(top)
        for title, url in announced.articles():
            removal.add("inline", title, url, after)
        removal.remove(top)


def _remove_headed_box(heading: HtmlElement, removal: _Removal, *, is_pointer: bool) -> None:
    """Remove the box of a heading or, in running text, the link-only blocks that follow it."""
    page = removal.page
    top = _outermost_with_same_text(heading)
    if followers := _link_only_followers(top, page):
        holder = top.getparent()
        if holder is not None and holder.tag not in NEVER_CUT and len(holder) == len(followers) + 1:
            followers += _further_cards(holder, page)
        removal.remove_boxes(followers, top, inline=is_pointer or None)
    elif (box := _box_around(top, page)) is not None:
        removal.remove_boxes([box, *_further_cards(box, page)])
    elif is_pointer:  # a label without anything that it announces
        removal.remove(top)


def _box_around(heading: HtmlElement, page: ParsedPage) -> HtmlElement | None:
    """The nearest container of a heading that has cards, if it is a box of links."""
    box = heading.getparent()
    for _ in range(_BOX_LEVELS):
        if box is None or box.tag in NEVER_CUT or not is_safe(box, page) or is_body(box):
            return None
        if len(box) > MAX_LINKS or sum(1 for _ in box.iter("a")) > MAX_LINKS:
            return None
        if cards := cards_in(box, page):
            return box if is_link_box(box, page, cards) else None
        box = box.getparent()
    return None


def _further_cards(box: HtmlElement, page: ParsedPage) -> list[HtmlElement]:
    """The boxes with the same class that follow one: each card may have a box, and only the first has the heading."""
    followers = _link_only_followers(box, page) if box.get("class") else []
    return [card for card in followers if card.tag == box.tag and card.get("class") == box.get("class")]


def _link_only_followers(element: HtmlElement, page: ParsedPage) -> list[HtmlElement]:
    """The blocks right after an element that contain only links to articles."""
    followers: list[HtmlElement] = []
    following = element.getnext()
    while following is not None and len(followers) < _MAX_FOLLOWERS:
        if element_text(following):
            if (
                following.tag not in BLOCK_TAGS
                or not is_link_only(following)
                or not cards_in(following, page)
                or not is_safe(following, page)
            ):
                break
            followers.append(following)
        following = following.getnext()
    return followers


def _remove_pointers_between_breaks(parent: HtmlElement, removal: _Removal) -> None:
    for line in pointers_between_breaks(parent, removal.page):
        for title, url in line.announced.articles():
            removal.add("inline", title, url, line.before)
        for piece in line.pieces:
            if piece.is_tail:
                piece.node.tail = None
            elif piece.node is parent:
                parent.text = None
        for piece in line.pieces:
            if not piece.is_tail and piece.node is not parent:
                removal.remove(piece.node)


def _is_alone(element: HtmlElement) -> bool:
    """Whether an inline element serves as a block: its parent is a container without text that has other blocks."""
    parent = element.getparent()
    return (
        parent is not None
        and not (parent.text or "").strip()
        and not (element.tail or "").strip()
        and any(child.tag in BLOCK_TAGS for child in parent)
    )


def _outermost_with_same_text(element: HtmlElement) -> HtmlElement:
    """The highest ancestor that shows nothing else."""
    text = element_text(element)
    parent = element.getparent()
    while (
        parent is not None
        and parent.tag not in NEVER_CUT
        and len(parent) <= _MAX_WRAPPED
        and element_text(parent) == text
    ):
        element, parent = parent, parent.getparent()
    return element


def _text_start(element: HtmlElement) -> str:
    """The first characters that an element shows, if they are near its beginning."""
    if element.text and element.text.strip():
        return element.text.strip()[:_START_CHARS]
    if len(element) and element[0].tag in BLOCK_TAGS:  # that child is examined itself
        return ""
    for count, piece in enumerate(element.itertext()):
        if piece.strip():
            return piece.strip()[:_START_CHARS]
        if count > _MAX_START_PIECES:
            break
    return ""
