"""One page, parsed once: its tree, the metadata of its head, its linked data and its headline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml.etree import iterwalk, strip_elements
from lxml.html import HtmlElement

from crawler.extract.body_trace import BodyTrace
from crawler.extract.class_names import ClassNames, class_and_id
from crawler.extract.jsonld import Node, bare_url, linked_data, main_article, text_value, web_page
from crawler.extract.scripts import DataScripts, data_scripts
from crawler.extract.state_article import StateArticle, state_article
from crawler.extract.tree import base_of, canonical_link, meta_of, parse_html
from crawler.profile import SiteProfile
from crawler.text import clean, word_set, words
from crawler.urls import absolute_url

BLOCK_TAGS = word_set("""
address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul
""")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `title` (headline) and in `authors`, `date_day` and `category` (near the headline).
_NEAR_LEVELS = 6
"""How many ancestors of the headline are near it."""

_NEAR_ELEMENTS = 1500
"""A byline is near; a container that holds more elements than this is the whole page."""

_MAX_HEADINGS = 200
"""A bound for the time: how many headings are compared with the title in the head."""

_MAX_LOWER_HEADINGS = 60
"""The same, where headings below h1 are looked at too."""

_MIN_TITLE_SHARE = 0.35
"""The share of words that a headline and the title in the head have in common. On 92 of 100 of 706 real pages an h1
reaches it; on the others the h1 is mostly the site's name or a section's."""

_H1_BONUS = 0.05
"""How much an h1 is preferred to an h2 with the class name of a title."""

_MIN_TITLE_WORDS = 3
"""Words of a title that an h2 or h3 may be recognised by."""

_MIN_PARAGRAPH = 60
"""Characters: a page with fewer than two paragraphs of this length may have its text in its scripts."""

_MAX_TITLE = 300


@dataclass(slots=True)
class ParsedPage:
    """The parsed page that the steps of the extraction share."""

    url: str
    tree: HtmlElement
    class_names: ClassNames
    profile: SiteProfile | None = None
    base: str = ""
    """The URL that relative links are resolved against."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    """Name, property or itemprop of each <meta> in lower case → contents, in order."""

    nodes: list[Node] = field(default_factory=list)
    """All JSON-LD nodes."""

    article: Node = field(default_factory=dict)
    """The JSON-LD node of the page's own article; empty if there is none."""

    web_page: Node = field(default_factory=dict)
    title: str = ""
    """The text of <title>; kept here because the body is read from a tree without its head."""

    headline: HtmlElement | None = None
    """The element that shows the article's title, mostly an h1."""

    scripts: DataScripts = field(default_factory=DataScripts)
    """The scripts that hold data; the tree has no scripts."""

    is_bare: bool = False
    """Whether the page shows hardly any paragraph, so that its text may be in its scripts alone."""

    html: str = ""
    """The page as it was parsed."""

    _in_state: StateArticle | None = None
    trace: BodyTrace = field(default_factory=BodyTrace)
    """How the body was read."""

    resolved_links: dict[str, str | None] = field(default_factory=dict)
    """Links resolved so far."""

    def other_page(self, link: HtmlElement) -> str | None:
        """The absolute URL of a link to another page; None if it leads to this page or to none."""
        href = link.get("href") or ""
        if href not in self.resolved_links:
            url = absolute_url(href, self.base)
            self.resolved_links[href] = None if url and bare_url(url) == bare_url(self.url) else url
        return self.resolved_links[href]

    def in_state(self) -> StateArticle:
        """What the state of the page's scripts says of its article. It is read on first use."""
        if self._in_state is None:
            shown = element_text(self.headline) if self.headline is not None else ""
            titles = [shown, self.title, *self.meta.get("og:title", ())[:1]]
            found = state_article(self.scripts.values(), self.url, titles) if self.scripts else None
            self._in_state = found or StateArticle()
        return self._in_state

    def near_headline(self, tags: frozenset[str] | None = None, levels: int = _NEAR_LEVELS) -> Iterator[HtmlElement]:
        """Elements of these tags, or all, around the headline: its siblings first, then the siblings of its ancestors
        of this many levels."""
        inner, outer = self.headline, None
        seen = 0
        for _ in range(levels):
            outer = inner.getparent() if inner is not None else None
            if outer is None or outer.tag in ("body", "html"):
                return
            for child in outer:
                if child is not inner:
                    for element in child.iter("*"):
                        seen += 1
                        if seen > _NEAR_ELEMENTS:
                            return
                        if tags is None or element.tag in tags:
                            yield element
            inner = outer

    def first_meta(self, *names: str) -> str | None:
        """The first of these meta elements that the page has, cleaned."""
        return next((text for name in names for value in self.meta.get(name, ()) if (text := clean(value))), None)

    def selected(self, key: str) -> list[Any]:
        """The elements that the profile's selector for a field selects."""
        path = self.profile.selectors.get(key) if self.profile else None
        elements = self.tree.xpath(path) if path else []
        return elements if isinstance(elements, list) else []


def parse_page(
    html: str, url: str, profile: SiteProfile | None = None, reduce: Callable[[HtmlElement], None] | None = None
) -> ParsedPage | None:
    """Parse a page; None if it has no content. `reduce`: see `page_of`."""
    tree = parse_html(html)
    return None if tree is None else page_of(tree, html, url, profile, reduce)


def page_of(
    tree: HtmlElement,
    html: str,
    url: str,
    profile: SiteProfile | None = None,
    reduce: Callable[[HtmlElement], None] | None = None,
) -> ParsedPage:
    """The page of the tree of an HTML text, which is changed. `reduce` may remove parts before they are looked at."""
    nodes = linked_data(tree)
    scripts, is_bare = data_scripts(tree), _is_bare(tree)
    for template in list(tree.iter("template")):
        if template.get("shadowrootmode"):  # browsers show it
            template.tag = "div"
    strip_elements(tree, "script", "style", "template", "svg", with_tail=False)
    if reduce is not None:
        reduce(tree)
    page = ParsedPage(
        url=url,
        tree=tree,
        class_names=ClassNames(tree),
        profile=profile,
        base=base_of(tree, url),
        meta=meta_of(tree),
        title=tree.findtext(".//head/title") or tree.findtext(".//title") or "",
        nodes=nodes,
        scripts=scripts,
        is_bare=is_bare,
        html=html,
    )
    page.headline = _headline(page)
    urls = {bare_url(url)}
    if canonical := canonical_link(tree):
        urls.add(bare_url(canonical))
    page.article = (
        main_article(page.nodes, urls, element_text(page.headline) if page.headline is not None else None) or {}
    )
    page.web_page = web_page(page.nodes) or {}
    if page.headline is not None and _ends_breadcrumb(page.headline):
        below = _headline_below(page)
        page.headline = page.headline if below is None else below
    return page


def element_text(element: HtmlElement) -> str:
    """The element's text on one line, with a space where a block or a line begins or ends, and none inside words."""
    if len(element) == 0:
        return clean(element.text or "")
    pieces: list[str] = []
    for event, node in iterwalk(element, events=("start", "end")):
        breaks = node.tag in BLOCK_TAGS or node.tag == "br"
        if event == "start":
            pieces += (" ", node.text or "") if breaks else (node.text or "",)
        elif node is not element:
            pieces += (" ", node.tail or "") if breaks else (node.tail or "",)
    return clean("".join(pieces))


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element belongs to the site's header, menu, footer or sidebar rather than to an article."""
    tags = [ancestor.tag for ancestor in element.iterancestors()]
    return "nav" in tags or "aside" in tags or (("header" in tags or "footer" in tags) and "article" not in tags)


def _is_bare(tree: HtmlElement) -> bool:
    long = (paragraph for paragraph in tree.iter("p") if len(paragraph.text_content()) > _MIN_PARAGRAPH)
    return next(islice(long, 1, None), None) is None


def _headline(page: ParsedPage) -> HtmlElement | None:
    """The heading that has the title of the head; else the first h1 outside header and navigation; else a lower one."""
    head = (page.first_meta("og:title", "twitter:title"), page.title)
    titles = [set(words(title)) for title in head if title]
    if (best := _most_alike(page.tree, titles)) is not None:
        return best
    headings = [h for h in page.tree.iter("h1") if element_text(h)]
    if stories := [h for h in headings if not _is_logo(h, page)]:
        return next((h for h in stories if not is_elsewhere(h)), stories[0])
    for heading in list(page.tree.iter("h2", "h3"))[:_MAX_LOWER_HEADINGS]:
        own = set(words(element_text(heading)))
        if any(len(title) >= _MIN_TITLE_WORDS and own >= title for title in titles):
            return heading
    in_header: list[HtmlElement] = page.tree.xpath("//article//header//h2[normalize-space()]")
    if headings and len(in_header) == 1:
        return in_header[0]
    return headings[0] if headings else _printed_title(page, titles)


def _is_logo(heading: HtmlElement, page: ParsedPage) -> bool:
    """Whether a heading is a link to the home page and nothing else."""
    link = next(heading.iter("a"), None)
    if link is None or element_text(link) != element_text(heading):
        return False
    home = page.other_page(link)
    return home is not None and "/" not in bare_url(home)


def _most_alike(tree: HtmlElement, titles: list[set[str]]) -> HtmlElement | None:
    """The h1, or h2 with the class name of a title, that shares most words with a title, if it shares enough."""
    best, best_share = None, 0.0
    headings = [h for h in tree.iter("h1", "h2") if h.tag == "h1" or "title" in (h.get("class") or "").lower()]
    for heading in headings[:_MAX_HEADINGS]:
        own = set(words(element_text(heading)))
        if len(own) < 2 and heading.tag != "h1":
            continue
        share = max((len(own & title) / len(own | title) for title in titles if own), default=0.0)
        if heading.tag == "h1":
            share += _H1_BONUS
        if share > best_share:
            best, best_share = heading, share
    return best if best_share >= _MIN_TITLE_SHARE else None


def _printed_title(page: ParsedPage, titles: list[set[str]]) -> HtmlElement | None:
    """On a page without headings, the element whose whole text is the title of the head."""
    body = page.tree.find("body")
    for element in body.iter("b", "strong", "font", "span", "div", "p", "td") if body is not None else ():
        if len(element) == 0 and element.text and len(element.text) < _MAX_TITLE and set(words(element.text)) in titles:
            return element
    return None


def _ends_breadcrumb(heading: HtmlElement) -> bool:
    """Whether an h1 is the last step of a breadcrumb: several sites put one there for search engines."""
    above = list(heading.iterancestors())[:_NEAR_LEVELS]
    if any(a.tag in ("nav", "li") or "crumb" in class_and_id(a).lower() for a in above):
        return True
    before = heading.getprevious()
    return before is not None and before.tag == "a"


def _headline_below(page: ParsedPage) -> HtmlElement | None:
    """The part of a heading that shows a title of the head or the linked data, other than the h1's own text."""
    own = "".join(words(element_text(page.headline))) if page.headline is not None else ""
    texts = [page.first_meta("og:title"), page.first_meta("twitter:title")]
    texts += [text_value(page.article.get(key)) for key in ("headline", "alternativeHeadline")]
    titles = {"".join(words(text)) for text in texts if text} - {own, ""}
    for heading in list(page.tree.iter("h1", "h2"))[:_MAX_LOWER_HEADINGS] if titles else ():
        if not is_elsewhere(heading) and heading is not page.headline:
            shown = [part for part in heading.iter("*") if "".join(words(element_text(part))) in titles]
            if shown:
                return shown[-1]
    return None
