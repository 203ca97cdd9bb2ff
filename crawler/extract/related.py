"""Related articles as data: find what a page says of other articles, note it, and cut it out of the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.extract.cards import MAX_LINKS, NEVER_CUT, cards_in, is_body, is_link_box, is_link_only, is_safe, links_in
from crawler.extract.class_names import name_pattern
from crawler.extract.lexicon import is_block_heading, may_announce, pointer_at_start
from crawler.extract.page import BLOCK_TAGS, HEADINGS, ParsedPage, element_text
from crawler.items import RelatedArticle, RelatedKind
from crawler.text import clean, words

# Class and id names which themes and plugins give to boxes with other articles.
_BOX_NAME = name_pattern(
    r"related(?!-?(?:to|topics?|tags?)\b)\w*|yarpp\w*|(?:read|check|see|also)[-_]?(?:also|next|more-?stories|read)|"
    r"up[-_]?next|more[-_]?(?:stories|articles|news|from|on)|recommend(?:ed|ations?)\w*|"
    r"you[-_]?m(?:ay|ight)[-_]?(?:also[-_]?)?like|most[-_]?(?:read|popular|viewed)|trending|b-inject|promo|"
    r"popular[-_]?posts|similar[-_]?(?:posts|articles)|suggested[-_]?\w*|inline[-_]?(?:related|story|promo)|"
    r"other[-_]?(?:news|articles|stories)"
)
_CONTAINERS = (
    "div",
    "section",
    "aside",
    "ul",
    "ol",
    "nav",
    "footer",
    "article",
    "figure",
    "table",
    "blockquote",
    "p",
    "li",
)
_LOOKED_AT = tuple({*_CONTAINERS, *BLOCK_TAGS, "br", "strong", "b", "span"} - {"html", "body"})
_SEPARATOR = re.compile(r"^[\s\W_]*", re.UNICODE)
_MAX_FOLLOWERS = 12
_MAX_POINTER_CHARS = 250


@dataclass(slots=True)
class _Finds:
    """What has been found so far, in document order, and the elements that are spoken for."""

    page: ParsedPage
    articles: list[RelatedArticle] = field(default_factory=list)
    seen: set[tuple[str, str | None, str | None]] = field(default_factory=set)
    gone: set[HtmlElement] = field(default_factory=set)

    def add(self, kind: RelatedKind, title: str | None, url: str | None, after: str | None = None) -> None:
        """Note an article, once for each kind."""
        key = (kind, url, None if url else title)
        if key not in self.seen:
            self.seen.add(key)
            self.articles.append(
                RelatedArticle(kind=kind, position=len(self.articles), title=title, url=url, after=after)
            )

    def cut(self, element: HtmlElement) -> None:
        """Take an element out of its tree; its tail stays."""
        self.gone.update(element.iter())
        element.drop_tree()


def extract_related(page: ParsedPage) -> list[RelatedArticle]:
    """Find the related articles of a page, in order, and cut what announces them out of its tree.

    What may be another article's text is never cut: its shape does not tell it from an article that goes on.
    """
    finds = _Finds(page)
    boxes = {element for element in page.class_names.matching(_BOX_NAME) if element.tag in _CONTAINERS}
    announcing = _announcing(page.tree)
    for element in [e for e in page.tree.iter(*_LOOKED_AT) if e in announcing or e in boxes or e.tag == "br"]:
        if element in finds.gone:
            continue
        if element in boxes and is_link_box(element, page):
            _take_box(element, "block", finds)
        elif element.tag == "br":
            parent = element.getparent()
            if parent is not None and parent in announcing and parent.find("br") is element:
                _take_pointers_between_breaks(parent, finds)
        elif element in announcing and (element.tag in BLOCK_TAGS or element.tag in ("strong", "b", "span")):
            _take_announced(element, finds)
    page.class_names.discard(finds.gone)
    return finds.articles


def _announcing(tree: HtmlElement) -> set[HtmlElement]:
    """The elements in which a piece of text begins with a word that may announce something, up to the nearest block.

    A page has ten of them among a thousand elements, so what is asked of each is asked of few.
    """
    found: set[HtmlElement] = set()
    for element in tree.iter("*"):
        holders = [element] if _may_begin(element.text) else []
        if _may_begin(element.tail) and (parent := element.getparent()) is not None:
            holders.append(parent)
        for holder in holders:
            found.add(holder)
            for ancestor in holder.iterancestors() if holder.tag not in BLOCK_TAGS else ():
                found.add(ancestor)
                if ancestor.tag in BLOCK_TAGS:
                    break
    return found


def _may_begin(text: str | None) -> bool:
    return text is not None and not text.isspace() and may_announce(text.lstrip())


def _take_announced(element: HtmlElement, finds: _Finds) -> None:
    """Take what an element announces, if its text begins with a marker."""
    if element.tag not in BLOCK_TAGS and not _is_alone(element):
        return
    start = _text_start(element)
    if not start or not may_announce(start):
        return
    if any(child.tag in BLOCK_TAGS for child in element.iterdescendants()):
        return
    text = element_text(element)
    if len(text) > _MAX_POINTER_CHARS:
        return
    text_words = words(text)
    if is_block_heading(text_words):
        _take_headed_box(
            element, finds, pointer=pointer_at_start(text_words) is not None and element.tag not in HEADINGS
        )
        return
    marker = pointer_at_start(text_words)
    if marker is None:
        return
    rest = _after_words(text, marker.length)
    links = links_in(element, finds.page)
    announced = _has_separator(text, rest) if not marker.is_weak or links else False
    if not (announced or (links and (is_link_only(element) or not marker.is_weak))):
        return
    # A paragraph that begins with a pointer and goes on in prose is the article's.
    if links and sum(len(title) for title, _ in links) < len(rest) * 0.5:
        return
    top = _outermost_with_same_text(element)
    _note_pointer(rest, links, finds, after=_text_before(top))
    finds.cut(top)


def _note_pointer(rest: str, links: list[tuple[str, str]], finds: _Finds, *, after: str | None) -> None:
    if not links:
        finds.add("inline", rest or None, None, after)
    for title, url in links:
        shown = title if len(links) > 1 else rest
        marker = pointer_at_start(words(shown))
        finds.add(
            "inline",
            (_after_words(shown, marker.length) if marker and not marker.is_weak else shown) or None,
            url,
            after,
        )


def _text_before(element: HtmlElement) -> str | None:
    """The text of the nearest block before an element: where in the body it stood."""
    before = element.getprevious()
    while before is not None and not (isinstance(before.tag, str) and element_text(before)):
        before = before.getprevious()
    return element_text(before) if before is not None else None


def _take_headed_box(heading: HtmlElement, finds: _Finds, *, pointer: bool) -> None:
    """Take the box that a heading stands over, or, in running text, the link-only blocks that follow it."""
    top = _outermost_with_same_text(heading)
    followers = _link_only_followers(top, finds.page)
    if followers:
        kind: RelatedKind = "inline" if pointer else "block"
        holder = top.getparent()
        if holder is not None and holder.tag not in NEVER_CUT and len(holder) == len(followers) + 1:
            followers += _further_cards(holder, finds.page)
        for follower in followers:
            for title, url in cards_in(follower, finds.page):
                finds.add(kind, title, url)
            finds.cut(follower)
        finds.cut(top)
        return
    box = top.getparent()
    for _ in range(4):
        if box is None or box.tag in NEVER_CUT or not is_safe(box, finds.page) or is_body(box):
            break
        if len(box) > MAX_LINKS or sum(1 for _ in box.iter("a")) > MAX_LINKS:
            break
        if cards_in(box, finds.page):
            if is_link_box(box, finds.page):
                for card in [box, *_further_cards(box, finds.page)]:
                    _take_box(card, "block", finds)
                return
            break
        box = box.getparent()
    if pointer:  # it announces nothing that is there: an empty label
        finds.cut(top)


def _further_cards(box: HtmlElement, page: ParsedPage) -> list[HtmlElement]:
    """The boxes of the same make that follow one: each card may have its own, and only the first holds the heading."""
    followers = _link_only_followers(box, page) if box.get("class") else []
    return [card for card in followers if card.tag == box.tag and card.get("class") == box.get("class")]


def _link_only_followers(element: HtmlElement, page: ParsedPage) -> list[HtmlElement]:
    """The blocks right after an element that hold nothing but links to articles."""
    found: list[HtmlElement] = []
    following = element.getnext()
    while following is not None and len(found) < _MAX_FOLLOWERS:
        if element_text(following):
            if (
                following.tag not in BLOCK_TAGS
                or not is_link_only(following)
                or not cards_in(following, page)
                or not is_safe(following, page)
            ):
                break
            found.append(following)
        following = following.getnext()
    return found


def _take_box(box: HtmlElement, kind: RelatedKind, finds: _Finds) -> None:
    for title, url in cards_in(box, finds.page):
        finds.add(kind, title, url)
    finds.cut(box)


def _take_pointers_between_breaks(parent: HtmlElement, finds: _Finds) -> None:
    """In text whose paragraphs are lines between <br>, take the lines that are pointers."""
    before = None
    for line in _lines(parent):
        text = clean("".join(_piece_text(piece) for piece in line))
        before, after = text or before, before
        if not text or len(text) > _MAX_POINTER_CHARS or not may_announce(text):
            continue
        marker = pointer_at_start(words(text))
        if marker is None:
            continue
        rest = _after_words(text, marker.length)
        elements = [node for node, is_tail in line if not is_tail and node is not parent]
        links = [link for node in elements for link in links_in(node, finds.page)]
        if not links and (marker.is_weak or not rest or not _has_separator(text, rest)):
            continue
        if marker.is_weak and not _has_separator(text, rest):
            continue
        _note_pointer(rest, links, finds, after=after)
        for node, is_tail in line:
            if is_tail:
                node.tail = None
            elif node is parent:
                node.text = None
        for node in elements:
            finds.cut(node)


_Piece = tuple[HtmlElement, bool]
"""An element and whether its tail is meant; the parent itself stands for its leading text."""


def _lines(parent: HtmlElement) -> list[list[_Piece]]:
    lines: list[list[_Piece]] = [[(parent, False)]]
    for child in parent:
        if child.tag == "br" or child.tag in BLOCK_TAGS or not isinstance(child.tag, str):
            lines.append([(child, True)])
        else:
            lines[-1] += [(child, False), (child, True)]
    # The parent's own text is told from an element by being the parent.
    return lines


def _piece_text(piece: _Piece) -> str:
    node, is_tail = piece
    if is_tail:
        return node.tail or ""
    return (node.text or "") if node.find("br") is not None else str(node.text_content())


def _is_alone(element: HtmlElement) -> bool:
    """Whether an inline element stands for a block: its parent is a mere container that shows other blocks too."""
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
    while parent is not None and parent.tag not in NEVER_CUT and len(parent) <= 5 and element_text(parent) == text:
        element, parent = parent, parent.getparent()
    return element


def _text_start(element: HtmlElement) -> str:
    """The first characters an element shows, if they come soon."""
    if element.text and element.text.strip():
        return element.text.strip()[:60]
    if len(element) and element[0].tag in BLOCK_TAGS:  # that child is asked itself
        return ""
    for count, piece in enumerate(element.itertext()):
        if piece.strip():
            return piece.strip()[:60]
        if count > 12:
            break
    return ""


def _after_words(text: str, count: int) -> str:
    """What is left of a text after its first words and the separator behind them."""
    end = 0
    for match in re.finditer(r"\w[\w\u0610-\u061a\u064b-\u065f\u0670]*", text):
        end = match.end()
        if len(words(text[:end])) >= count:
            break
    return _SEPARATOR.sub("", text[end:])


def _has_separator(text: str, rest: str) -> bool:
    between = text[: len(text) - len(rest)] if rest else text
    return bool(re.search(r"[:：|…»>\-–—/]\W*$|\.\.\W*$", between))
