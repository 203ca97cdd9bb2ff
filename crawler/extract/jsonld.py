"""JSON-LD: every block of a page, mended where that is safe, and the one node that describes the page's own article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from crawler.text import word_set, words

Node = dict[str, Any]

ARTICLE_TYPES = word_set("""
Article NewsArticle ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle BackgroundNewsArticle
ReviewNewsArticle AskPublicNewsArticle AdvertiserContentArticle SatiricalArticle ScholarlyArticle
MedicalScholarlyArticle TechArticle BlogPosting LiveBlogPosting Report Review Recipe
""")
_PAGE_TYPES = word_set("WebPage ItemPage AboutPage MedicalWebPage")
_MAX_CHARS = 2_000_000  # a block beyond this is data for a map or a shop, and costs seconds
_MAX_NODES = 5_000
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?://\s*)?(?:-->|\]\]>|/\*\s*\]\]>\s*\*/)\s*$"
)


def linked_data(tree: HtmlElement) -> list[Node]:
    """All nodes of all blocks, in document order, with the members of lists and @graph beside the others."""
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) <= _MAX_CHARS:
            for value in _values(script.text):
                found.extend(_nodes(value))
    return found[:_MAX_NODES]


def types_of(node: Node) -> set[str]:
    """The node's types without their vocabulary's address."""
    value = node.get("@type")
    return {str(name).rsplit("/", 1)[-1] for name in (value if isinstance(value, list) else [value]) if name}


def main_article(nodes: list[Node], urls: set[str], headline: str | None) -> Node | None:
    """The node that is the page's own article, not one of a list's: by address, by headline, else the first one."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    for node in articles:
        if addresses_of(node) & urls:
            return node
    wanted = words(headline or "")
    for node in articles:
        if wanted and words(text_value(node.get("headline") or node.get("name"))) == wanted:
            return node
    dated = [node for node in articles if node.get("datePublished")]
    # Several articles of which none is this page's are cards of a list.
    if len(articles) == 1 or (dated and len(dated) <= 2):
        return (dated or articles)[0]
    return None


def web_page(nodes: list[Node]) -> Node | None:
    """The node that describes the page as such; SEO plugins put the dates there when they know no article."""
    return next((node for node in nodes if types_of(node) & _PAGE_TYPES), None)


def addresses_of(node: Node) -> set[str]:
    """The addresses under which a node says its page is known, without scheme, fragment and trailing slash."""
    found = set()
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            found.add(bare_address(value))
    return found - {""}


def bare_address(url: str) -> str:
    """A URL for comparing with what a page says of itself: no scheme, `www.`, query, fragment or trailing slash."""
    return re.sub(r"^\w+://(?:www\.)?|[?#].*$", "", url.strip(), flags=re.DOTALL).rstrip("/")


def resolved(value: Any, nodes: list[Node]) -> list[Any]:
    """A property's values as a list, with references to other nodes of the page followed."""
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    values = value if isinstance(value, list) else [value]
    return [
        by_id.get(item["@id"], item) if isinstance(item, dict) and isinstance(item.get("@id"), str) else item
        for item in values
        if item is not None
    ]


def text_value(value: Any) -> str:
    """A property as text: strings, the first of a list, `@value` or `name` of an object; else empty."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url") or ""
    return html.unescape(value) if isinstance(value, str) else ""


def _values(text: str) -> Iterator[Any]:
    """The JSON values of a block: normally one; several where a template forgot to separate them."""
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
    """Whatever whole values a broken block begins with."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    for _ in range(100):
        at = next((i for i in range(at, min(len(text), at + 1000)) if text[i] in "{["), len(text))
        if at == len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _nodes(value: Any) -> Iterator[Node]:
    """A value's nodes, its own first: graphs, lists and main entities are opened, lists of links are not."""
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
