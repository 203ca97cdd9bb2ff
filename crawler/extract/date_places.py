"""Where on a page a date stands: in an element with the name of a date, in a part of the page with another purpose,
in a card of another article."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id
from crawler.extract.page import HEADINGS
from crawler.text import word_set, words

_DATE_NAME = re.compile(
    r"date|time(?![a-z]*-?to)|publish|(?:^|[-_ ])(?:pub|posted\w*|created|when|meta|\w*info|byline)(?:$|[-_ ])",
    re.IGNORECASE,
)
OTHER_TAGS = word_set("nav footer aside")
_SIDEBAR = re.compile("sidebar", re.IGNORECASE)
_OTHER_PLACE = re.compile(
    r"comment|(?:^|[-_ ])(?:masthead|today|weather|ticker|breaking|widget)(?:$|[-_ ])", re.IGNORECASE
)
# The header, footer or menu of a page; but "post-footer" and "nav meta" belong to the article.
_EDGE = re.compile(
    r"(?:^| )(?:(?:site|page|main|global|top)[-_]?)?header(?:$| )|"
    r"(?:^|[-_ ])(?:top-?bar|menu|nav|navbar|footer)(?:$|[-_ ])",
    re.IGNORECASE,
)
_FRAMES = word_set("a li nav header footer")
_OF_THE_ARTICLE = re.compile(r"post|entry|article|meta|info", re.IGNORECASE)
_CARD_LEVELS, _MIN_LINK_WORDS = 2, 3
"""A date belongs to a card if one of its nearest ancestors contains a heading or link with at least N words."""

_NAMES = 4096
"""Class names whose meaning is remembered: the pages of a site share them."""


@lru_cache(maxsize=_NAMES)
def is_date_name(name: str) -> bool:
    return bool(_DATE_NAME.search(name))


@lru_cache(maxsize=_NAMES)
def is_other_place(name: str) -> bool:
    return bool(_SIDEBAR.search(name)) or _is_of_the_page(name)


@lru_cache(maxsize=_NAMES)
def _is_of_the_page(name: str) -> bool:
    """Whether the name is that of comments, or of a part of the page that may show today's date."""
    is_edge = bool(_EDGE.search(name)) and not _OF_THE_ARTICLE.search(name)
    return is_edge or bool(_OTHER_PLACE.search(name))


def is_alone(element: HtmlElement) -> bool:
    """Whether a date belongs to no other text than the article, although it may stand in a sidebar: it has no link or
    heading of another page beside it, as in a card, and is in no list, comment, or header of the page."""
    for level, ancestor in enumerate(element.iterancestors()):
        if ancestor.tag in _FRAMES or _is_of_the_page(class_and_id(ancestor)):
            return False
        if level < _CARD_LEVELS:
            for other in ancestor.iter("a", *HEADINGS):
                if len(words(other.text_content())) >= _MIN_LINK_WORDS:
                    return False
    return True


def position_of(element: HtmlElement) -> tuple[Any, ...]:
    """The same for the elements of a list."""
    parent = element.getparent()
    return element.tag, element.get("class"), *((parent.tag, parent.get("class")) if parent is not None else ())
