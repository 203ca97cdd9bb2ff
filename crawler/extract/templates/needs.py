"""Which elements of a page the fields of its article were read from, found by their values."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.items import Article
from crawler.text import clean
from crawler.urls import absolute_url

_DECLARED = ("json-ld", "meta:", "channel:", "url", "html:")
"""Signals that no element of the body gives."""

_ATTRIBUTES = ("datetime", "content", "title")
_BEGINNING = 25
"""Characters by which the standfirst is recognised. Chosen by hand."""

_MAX_TITLE = 300


def needed_elements(tree: HtmlElement, url: str, article: Article) -> Iterator[HtmlElement]:
    """The elements that show the title, the related articles, or a field that the page does not declare. Too many
    rather than too few: what the fields are then read from is compared with the whole page."""
    related = {other.url for other in article.related if other.url}
    values, beginnings = _shown_values(article)
    needs_times = (article.published_zone or "").startswith("inferred")
    urls: dict[str, str | None] = {}
    for element in tree.iter("*"):
        tag = element.tag
        is_title = tag == "h1" or (tag in ("h2", "h3") and _text_start(element) == article.title)
        if is_title or (needs_times and tag == "time"):
            yield element
        elif tag == "a" and related and (href := element.get("href")):
            if href not in urls:
                urls[href] = absolute_url(href, url)
            if urls[href] in related:
                yield element
        elif (values or beginnings) and _shows(element, values, beginnings):
            yield element


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


def _text_start(element: HtmlElement) -> str:
    return clean(str(element.text_content())[:_MAX_TITLE])


def _shows(element: HtmlElement, values: list[str], beginnings: tuple[str, ...]) -> bool:
    for text in (element.text, element.tail):
        if (
            text
            and not text.isspace()
            and (text.lstrip().startswith(beginnings) or any(value in text for value in values))
        ):
            return True
    return any(value in attribute for name in _ATTRIBUTES if (attribute := element.get(name)) for value in values)
