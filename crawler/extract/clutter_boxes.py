"""Boxes in and around a body that are no part of it: removed from the tree before the body is read."""

from __future__ import annotations

import re
from functools import cached_property

from lxml.html import HtmlElement

from crawler.extract.cards import NEVER_CUT, is_body, is_safe
from crawler.extract.class_names import name_pattern
from crawler.extract.hydration import MIN_BODY
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.prose import prose_chars
from crawler.text import word_set

_SMALL = name_pattern(
    r"share|shar(?:ing|ebar)|addtoany|social|follow(?:-?us)?|newsletter|subscri(?:be|ption)|tags?|"
    r"tag-?list|tag-?cloud|post-?tags|author-?(?:box|bio|info)|about-?author|comments?(?:-?form)?|respond|bread-?crumbs?|print|"
    r"copyright|toolbar|modal\w*|dialog|pop-?up|lightbox|social-?(?:share|links|icons)|share-?(?:bar|buttons|links|tools)"
)
_KEPT_TAGS = word_set("html body main article p a h1 h2 h3")
"""Elements that are never a small box, whatever their class name."""

# The names of each kind of box, and parts of them: where a page has none of the parts, the names are not looked for.
_Names = tuple[re.Pattern[str], tuple[str, ...]]
_WIDGET: _Names = (  # the names that the networks for paid recommendations give to their own boxes
    name_pattern(
        r"outbrain\w*|ob-widget|taboola\w*|trc[-_](?:rbox|related)\w*|revcontent\w*|rc-widget|zergnet\w*|mgid\w*|mgbox|"
        r"adblade\w*|engageya\w*|plista\w*|ligatus\w*|popin[-_]?recommend|logly\w*|dianomi\w*|strossle\w*|adyoulike\w*|"
        r"recirc(?:ulation)?"
    ),
    (
        *("outbrain", "ob-widget", "taboola", "trc-", "trc_", "revcontent", "rc-widget", "zergnet", "mgid", "mgbox"),
        *("adblade", "engageya", "plista", "ligatus", "popin", "logly", "dianomi", "strossle", "adyoulike", "recirc"),
    ),
)
_COMMENTS: _Names = (  # begins with letters, which is a third of the time; the word must begin there
    re.compile(
        r"comment(?<=[-_ \n]comment)(?:s?[-_](?:list|thread|area|section|container|wrapper|block|box|form|feed|module|"
        r"stream)s?\w*|s)(?=[-_ \n])"
    ),
    ("comment",),
)
_OTHER_COMMENTS: _Names = (
    name_pattern(
        r"(?:user|reader|visitor|all|post|article)comments|kommentar(?:e|bereich|content|modul|liste|spalte)\w*|"
        r"comentarios|commentaires|disqus\w*|dsq-\w+|livefyre\w*|hyvor-talk\w*|spot-?im\w*|coral-?talk\w*"
    ),
    (
        *("comments", "kommentar", "comentarios", "commentaires", "disqus", "dsq-", "livefyre", "hyvor", "spotim"),
        *("spot-im", "coral"),
    ),
)
_KEY_POINTS: _Names = (
    name_pattern(r"key-?(?:points?|takeaways?|facts|highlights)|at-?a-?glance|tl-?dr|story-?highlights|bullet-?points"),
    ("point", "takeaway", "fact", "highlight", "glance", "tldr", "tl-dr"),
)
_WALL: _Names = (
    name_pattern(
        r"(?:pay|reg|access|registration|subscription|login|premium|member(?:ship)?)-?wall|upsell\w*|subscribe-\w+|"
        r"piano-?\w*"
    ),
    ("wall", "upsell", "subscribe-", "piano"),
)
_TAGS = word_set("div section aside ul ol figure form article li table fieldset details")

# Lengths in characters, chosen by hand. Measured as a whole, with the names:
# docs/decisions.md#boxes-are-removed-by-their-names-if-the-text-is-elsewhere.
_MAX_SMALL = 300
"""The class name of a container with more text than this means something else."""

_MAX_KEY_POINTS, _MAX_WALL, _MAX_FORM = 800, 600, 400


def remove_clutter_boxes(page: ParsedPage) -> None:
    """Remove recommendations, comments, sign-up forms, walls, key points, share bars, tag lists and similar boxes."""
    boxes = _Boxes(page)
    boxes.remove_named(_WIDGET)
    boxes.remove_named(_COMMENTS)
    boxes.remove_named(_OTHER_COMMENTS)
    boxes.remove_named(_KEY_POINTS, _MAX_KEY_POINTS)
    boxes.remove_named(_WALL, _MAX_WALL)
    boxes.remove_forms()
    _remove_small_boxes(page)


def _remove_small_boxes(page: ParsedPage) -> None:
    for element in page.class_names.matching(_SMALL):
        if element.tag in _KEPT_TAGS or element.getparent() is None or len(element.text_content()) > _MAX_SMALL:
            continue
        if page.headline is None or all(element is not a for a in (page.headline, *page.headline.iterancestors())):
            element.drop_tree()


class _Boxes:
    """Removes boxes of a page as long as most of its prose is elsewhere."""

    def __init__(self, page: ParsedPage) -> None:
        self._page = page

    def remove_named(self, names: _Names, most: int | None = None) -> None:
        """Remove the boxes with these names, of at most this many characters."""
        pattern, parts = names
        for box in self._page.class_names.matching(pattern) if self._page.class_names.mention(parts) else ():
            if most is None or len(element_text(box)) <= most:
                self._remove(box)

    def remove_forms(self) -> None:
        """Remove the fields for an email address with the short text around them."""
        for field in list(self._page.tree.iter("input")):
            name = f"{field.get('type')} {field.get('name')} {field.get('id')}".lower()
            if "mail" in name and field.get("type") != "hidden" and (box := _box_around(field)) is not None:
                self._remove(box)

    @cached_property
    def _prose(self) -> int:
        """Characters of running text in the paragraphs of the page, boxes included."""
        return sum(map(prose_chars, self._page.tree.iter("p")))

    def _remove(self, box: HtmlElement) -> None:
        if box.tag not in _TAGS or box.getparent() is None or is_body(box) or not is_safe(box, self._page):
            return
        if self._prose - sum(map(prose_chars, box.iter("p"))) >= MIN_BODY:
            box.drop_tree()


def _box_around(field: HtmlElement) -> HtmlElement | None:
    """The outermost container of a field that has no more text than an invitation to sign up."""
    box = None
    for ancestor in field.iterancestors():
        if ancestor.tag in NEVER_CUT or ancestor.tag in ("article", "td") or is_body(ancestor):
            break
        if len(element_text(ancestor)) > _MAX_FORM:
            break
        if ancestor.tag in _TAGS:
            box = ancestor
    return box
