"""Remove what does not contain the text of an article, before the body is read: asides, footers, menus, controls.

trafilatura removes the same elements from each of its copies of a page. Done once, this saves a third of the elements
and a tenth of the time. An aside or footer that holds the article is a <div> by then, see `misnamed`.
"""

from __future__ import annotations

from lxml.etree import strip_elements

from crawler.extract.page import ParsedPage
from crawler.extract.prose import prose_chars

REMOVED_TAGS = (
    *("aside", "embed", "footer", "head", "iframe", "menu", "object", "audio", "canvas", "map", "picture", "svg"),
    *("video", "button", "datalist", "dialog", "fieldset", "link", "input", "label", "legend", "option", "optgroup"),
    *("select", "source", "textarea", "time", "track"),
)
"""trafilatura's MANUALLY_CLEANED without the elements that its fallbacks read: forms, figures, noscript."""


def lighten(page: ParsedPage) -> None:
    """Remove menus, asides, footers, forms' controls and embedded players from the page's tree."""
    for nav in list(page.tree.iter("nav")):
        if nav.getparent() is not None and not any(map(prose_chars, nav.iter("p"))):
            nav.drop_tree()
    strip_elements(page.tree, *REMOVED_TAGS, with_tail=False)
