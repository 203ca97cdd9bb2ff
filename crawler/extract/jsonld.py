"""JSON-LD: all blocks of a page, repaired where that is safe, and the one node that describes the page's article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from crawler.text import word_set, words

Node = dict[str, Any]

ARTICLE_TYPES = word_set("""
Article NewsArticle ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle BackgroundNewsArticle
ReviewNewsArticle AskPublicNewsArticle AdvertiserContentArticle SatiricalArticle ScholarlyArticle
MedicalScholarlyArticle TechArticle BlogPosting LiveBlogPosting SocialMediaPosting Report Review Recipe
""")
_PAGE_TYPES = word_set("WebPage ItemPage AboutPage MedicalWebPage")
# Bounds for time, chosen by hand; no measurement is recorded. No page of the corpora reaches any of them.
_MAX_CHARS = 2_000_000
"""A longer block is data for a map or a shop, and takes seconds to read."""

_MAX_NODES = 5_000
_MAX_VALUES = 100
"""Values in one block."""

_MAX_GAP = 1000
"""Characters between two values of a block."""

_MAX_WRAPPED = 4
"""How deep the text of a property may be wrapped in lists and objects."""

_MAX_DATED_ARTICLES = 2
"""A page with more dated articles than this, none of them its own, lists articles. Chosen by hand; `make score`
shows a change in `title`, `date_day` and `authors` of fundus_tests."""

_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?://\s*)?(?:-->|\]\]>|/\*\s*\]\]>\s*\*/)\s*$"
)


def linked_data(tree: HtmlElement) -> list[Node]:
    """All nodes of all blocks in document order; the members of lists and of @graph are nodes like the others."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) <= _MAX_CHARS:
            for value in _values(script.text):
                nodes.extend(_nodes(value))
    return nodes[:_MAX_NODES]


def types_of(node: Node) -> set[str]:
    """The node's types without the URL of their vocabulary."""
    value = node.get("@type")
    return {str(name).rsplit("/", 1)[-1] for name in (value if isinstance(value, list) else [value]) if name}


def main_article(nodes: list[Node], urls: set[str], headline: str | None) -> Node | None:
    """The node of the page's own article: the one with its URL, else with its headline, else the first of a few."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    for node in articles:
        if urls_of(node) & urls:
            return node
    headline_words = words(headline or "")
    for node in articles:
        if headline_words and words(text_value(node.get("headline") or node.get("name"))) == headline_words:
            return node
    dated = [node for node in articles if node.get("datePublished")]
    # Several articles, none of them this page's, are the cards of a list.
    if len(articles) == 1 or (dated and len(dated) <= _MAX_DATED_ARTICLES):
        return (dated or articles)[0]
    return None


def web_page(nodes: list[Node]) -> Node | None:
    """The node that describes the page as such; SEO plugins put the dates there if they know of no article."""
    return next((node for node in nodes if types_of(node) & _PAGE_TYPES), None)


def urls_of(node: Node) -> set[str]:
    """The URLs that a node gives for its page, without scheme, fragment and trailing slash."""
    urls = set()
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            urls.add(bare_url(value))
    return urls - {""}


@lru_cache(maxsize=2**12)  # the pages of a site have links in common
def bare_url(url: str) -> str:
    """A URL in the form in which a page's own URLs are compared: no scheme, `www.`, query, fragment or last slash."""
    return re.sub(r"^\w+://(?:www\.)?|[?#].*$", "", url.strip(), flags=re.DOTALL).rstrip("/")


def resolved(value: Any, nodes: list[Node]) -> list[Any]:
    """A property's values as a list; references to other nodes of the page are replaced by those nodes."""
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    values = value if isinstance(value, list) else [value]
    return [
        by_id.get(item["@id"], item) if isinstance(item, dict) and isinstance(item.get("@id"), str) else item
        for item in values
        if item is not None
    ]


def text_value(value: Any) -> str:
    """A property as text: a string, the first of a list, `@value`, `name` or `url` of an object; else empty."""
    for _ in range(_MAX_WRAPPED):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url") or ""
    return html.unescape(value) if isinstance(value, str) else ""


def _values(text: str) -> Iterator[Any]:
    """The JSON values of a block: normally one; several where a template does not separate them."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.strip())).strip().rstrip(";")
    if text.startswith(("{&quot;", "[{&quot;", "{ &quot;", "{\n&quot;")):
        text = html.unescape(text)
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            yield json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return
    yield from _leading_values(_TRAILING_COMMA.sub("", text))


def _leading_values(text: str) -> Iterator[Any]:
    """The complete values at the beginning of a broken block."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    for _ in range(_MAX_VALUES):
        at = next((i for i in range(at, min(len(text), at + _MAX_GAP)) if text[i] in "{["), len(text))
        if at == len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _nodes(value: Any) -> Iterator[Node]:
    """A value's nodes, its own first. Graphs, lists and main entities are opened; lists of links are not."""
    waiting = [value]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:_MAX_NODES]
        elif isinstance(value, dict):
            yield value
            waiting[:0] = [
                value[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(value.get(key), list | dict)
            ]
