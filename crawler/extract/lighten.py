"""Remove what does not contain the text of an article, before the body is read: asides, footers, menus, controls.

trafilatura removes the same elements from each of its copies of a page. Done once, this saves a third of the elements
and a tenth of the time. Templates that put the article itself into an aside or footer, and pages that never close one,
keep it.
"""

from __future__ import annotations

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from crawler.extract.page import ParsedPage
from crawler.extract.prose import prose_chars, running_text

REMOVED_TAGS = (
    *("aside", "embed", "footer", "head", "iframe", "menu", "object", "audio", "canvas", "map", "picture", "svg"),
    *("video", "button", "datalist", "dialog", "fieldset", "link", "input", "label", "legend", "option", "optgroup"),
    *("select", "source", "textarea", "time", "track"),
)
"""trafilatura's MANUALLY_CLEANED without the elements that its fallbacks read: forms, figures, noscript."""

_HOLDERS = ("aside", "footer", "button", "fieldset", "dialog", "label", "menu", "object", "video")
"""Those of them that may hold an article, or are closed too late."""

# Tuned on the pages of all corpora in bench/score.md: of 33 asides and footers with at least .3 of a page's running
# text, three hold the article. Nothing or .02 of their own text is between the headline and them, or what is there
# is outside of their <article>. Before the others it is .21 or more. `make score` shows a change in the body
# figures of newspaper and trafilatura.
_MIN_SHARE = 0.5
"""The share of the running text of its <article> (of the page, where there is none) that the article's element has."""

_MIN_FOOTER = 1500
"""A <footer> of an <article> with this many characters is part of the text, whatever is above it: on real pages, two
footers (author, contact) with half of the running text of their <article> had 368 and 1,100."""

_MIN_SHARE_OF_TEXT = 0.25
"""The share of all text, menus included, without which an element cannot have that share of the running text."""

_MAX_BEFORE = 0.15
"""Running text between the headline and the article's element, as a share of the element's: a standfirst."""

_MIN_CHARS = 800
"""Characters of an element that may hold the article: footers with the site's own texts had up to 605."""


def lighten(page: ParsedPage) -> None:
    """Remove menus, asides, footers, forms' controls and embedded players from the page's tree."""
    _keep_article(page)
    for nav in list(page.tree.iter("nav")):
        if nav.getparent() is not None and not any(map(prose_chars, nav.iter("p"))):
            nav.drop_tree()
    strip_elements(page.tree, *REMOVED_TAGS, with_tail=False)


def _keep_article(page: ParsedPage) -> None:
    """Make a container of an element that would be removed, if it holds the article."""
    body = page.tree.find("body")
    if body is None:
        return
    large = [element for element in body.iter(*_HOLDERS) if len(element) and _is_large(element, _scope(element, body))]
    running = running_text(body) if large else {}
    for element in large:
        own = running.get(element, 0)
        share = own / running.get(_scope(element, body), 1)
        if own < _MIN_CHARS or share < _MIN_SHARE:
            continue
        if _is_long_footer(element, own) or _follows_headline(element, page, running):
            element.tag = "div"


def _scope(element: HtmlElement, body: HtmlElement) -> HtmlElement:
    return next(element.iterancestors("article"), body)


def _is_large(element: HtmlElement, scope: HtmlElement) -> bool:
    """A cheap test before the running text is counted: most pages have no such element."""
    length = len(element.text_content())
    return length >= _MIN_CHARS and length >= len(scope.text_content()) * _MIN_SHARE_OF_TEXT


def _is_long_footer(element: HtmlElement, own: int) -> bool:
    """Whether a footer of an <article> is longer than one can be."""
    return element.tag == "footer" and own >= _MIN_FOOTER and any(a.tag == "article" for a in element.iterancestors())


def _follows_headline(element: HtmlElement, page: ParsedPage, running: dict[HtmlElement, int]) -> bool:
    """Whether an element holds the headline, or begins after it with hardly any running text between them."""
    if page.headline is None:
        return False
    before, is_after = 0, False
    for other in page.tree.iter("*"):
        if other is element:
            break
        if other is page.headline:
            is_after = True
        elif is_after and other in running:
            before += running[other] - sum(running.get(child, 0) for child in other)
    holds = any(ancestor is element for ancestor in page.headline.iterancestors())
    return holds or (is_after and before <= running[element] * _MAX_BEFORE)
