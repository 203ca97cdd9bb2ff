"""Which elements of a page the fields of its article were read from, found by their values."""

from __future__ import annotations

from itertools import chain, islice

from lxml.html import HtmlElement

from crawler.extract.templates.paths import Paths, prefixes
from crawler.items import Article
from crawler.text import clean
from crawler.urls import absolute_url

_DECLARED = ("json-ld", "meta:", "channel:", "url", "html:")
"""Signals that no element of the body gives."""

_ATTRIBUTES = ("datetime", "content", "title")
_BEGINNING = 25
"""Characters by which the standfirst is recognised. Chosen by hand."""

_MAX_TITLE = 300
_MAX_BOX = 150
"""Elements of a box with related articles. Chosen by hand: ten cards with picture, title, date and author have 150."""


def needed_paths(
    standing: list[tuple[str, HtmlElement]], paths: Paths, way: str, url: str, article: Article
) -> set[str]:
    """The paths of the elements beside the way that show the title, the related articles, or a field that the page does
    not declare. Too many rather than too few: what the fields are then read from is compared with the whole page.

    `standing`: what stands beside the way. `paths`: of the elements of the tree. `way`: the path of the container.
    """
    ways = set(prefixes(way))
    related = {other.url for other in article.related if other.url}
    values, beginnings = _shown_values(article)
    offset, is_inferred = _foreign_offset(article)
    urls: dict[str, str | None] = {}
    is_box: dict[HtmlElement, bool] = {}
    needed: set[str] = set()
    for element in chain.from_iterable(beside.iter("*") for _, beside in standing):
        tag = element.tag
        if tag in ("h1", "meta") or (tag in ("h2", "h3") and _text_start(element) == article.title):
            needed.add(paths[element])
        elif tag == "a" and related and (href := element.get("href")):
            if href not in urls:
                urls[href] = absolute_url(href, url)
            if urls[href] in related:
                needed.add(_box_of(element, paths, ways, is_box))
        elif (
            (is_inferred and tag == "time")
            or (offset is not None and any(offset in value for value in element.attrib.values()))
            or ((values or beginnings) and _shows(element, values, beginnings))
        ):
            needed.add(paths[element])
    return needed


def _foreign_offset(article: Article) -> tuple[str | None, bool]:
    """The offset of the date's zone, if the date itself has another one: an element of the page shows it; and whether
    it was inferred from the times that are printed."""
    zone, _, offset = (article.published_zone or "").partition(" ")
    is_own = not offset or offset in (article.published_raw or "")
    return (None if is_own or zone != "page" else offset), zone == "inferred"


def _shown_values(article: Article) -> tuple[list[str], tuple[str, ...]]:
    """The values that are looked for in texts and attributes, and the beginnings of texts."""
    signals = article.provenance
    values: list[str | None] = []
    if not signals.get("authors", "json-ld").startswith(_DECLARED):
        values += article.authors
    if not signals.get("category", "json-ld").startswith(_DECLARED):
        values.append(article.category)
    if not (article.published_from or "json-ld").startswith(_DECLARED):
        values.append(article.published_raw)
    values += article.tags[:1]
    texts = (article.subtitle, article.paragraphs[0] if article.paragraphs else None)
    return [value for value in values if value], tuple(text[:_BEGINNING] for text in texts if text)


def _box_of(link: HtmlElement, paths: Paths, ways: set[str], is_box: dict[HtmlElement, bool]) -> str:
    """The path of the largest element around a link that is still as small as a box: its heading and the other cards
    are needed to recognise it. `is_box`: what is known of elements so far."""
    box = link
    for above in link.iterancestors():
        if above not in is_box:
            is_small = next(islice(above.iter("*"), _MAX_BOX, None), None) is None
            is_box[above] = is_small and paths[above] not in ways
        if not is_box[above]:
            break
        box = above
    return paths[box]


def _text_start(element: HtmlElement) -> str:
    return clean(str(element.text_content())[:_MAX_TITLE])


def _shows(element: HtmlElement, values: list[str], beginnings: tuple[str, ...]) -> bool:
    # Loops rather than any(): this runs for every element of a page.
    for piece in (element.text, element.tail):
        if not piece or piece.isspace():
            continue
        if piece.lstrip().startswith(beginnings):
            return True
        for value in values:
            if value in piece:
                return True
    if values and element.attrib:
        for name in _ATTRIBUTES:
            attribute = element.get(name)
            if attribute is not None and any(value in attribute for value in values):
                return True
    return False
