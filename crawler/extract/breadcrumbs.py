"""The breadcrumb of a page: the sections between the home page and the article, in linked data or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extract.class_names import name_pattern
from crawler.extract.jsonld import bare_url, resolved, text_value, types_of
from crawler.extract.page import ParsedPage, element_text
from crawler.urls import absolute_url

_CLASS = name_pattern(
    r"[\w-]*bread-?crumbs?[\w-]*|crumbs?|crumb-?trail|fil-?d?-?ariane|ariane|brotkr(?:u|ue|ü)mel|migas(?:-de-pan)?|"
    r"you-?are-?here|rootline|(?:news|article|page|nav|site|location)?[-_]?path(?:way)?|page-?location|cur-?position|mbx"
)
_LABEL = re.compile(
    r"bread-?crumb|مسار (?:التنقل|الصفحة)|مسیر|fil d.ariane|brotkr|migas|briciole|kırıntı|хлебные|"
    r"パンくず|面包屑|麵包屑",
    re.IGNORECASE,
)
"""The label or the type of an element: `aria-label`, microdata's `itemtype`, RDFa's `typeof`."""

_LABELLED = XPath("//@aria-label/.. | //@itemtype/.. | //@typeof/..")
_MAX_STEPS = 8
"""Steps of a breadcrumb: a list of more links is a menu. Chosen by hand."""

_MAX_CONTAINERS = 12


def linked_breadcrumb(page: ParsedPage) -> list[str]:
    """The names in the linked data's breadcrumb, nearest to the article first, without home page and article."""
    for node in page.nodes:
        if "BreadcrumbList" not in types_of(node):
            continue
        items = [item for item in resolved(node.get("itemListElement"), page.nodes) if isinstance(item, dict)]
        steps = [(text_value(item.get("name") or item.get("item")), _item_url(item)) for item in items]
        return [
            name
            for name, url in reversed(steps[1:] if len(steps) > 1 else steps)
            if not name.startswith("http")
            and (not url or bare_url(absolute_url(url, page.base) or "") != bare_url(page.url))
        ]
    return []


def shown_breadcrumb(page: ParsedPage) -> list[str]:
    """The texts of the links in the first breadcrumb that has any, nearest to the article first."""
    for container in islice(_containers(page), _MAX_CONTAINERS):
        links = list(container.iter("a"))
        if 0 < len(links) <= _MAX_STEPS:
            steps = [link for link in links if _is_section(page.other_page(link), page)]
            if steps:
                return [element_text(link) for link in reversed(steps)]
    return []


def _containers(page: ParsedPage) -> Iterator[HtmlElement]:
    """The elements that say that they are a breadcrumb, by class, label or type."""
    yield from page.class_names.matching(_CLASS)
    for element in _LABELLED(page.tree):
        if _LABEL.search(f"{element.get('aria-label', '')} {element.get('itemtype', '')} {element.get('typeof', '')}"):
            yield element


def _item_url(item: dict[str, object]) -> str:
    target = item.get("item") or item.get("url") or item.get("@id")
    if isinstance(target, dict):
        target = target.get("@id") or target.get("url")
    return target if isinstance(target, str) else ""


def _is_section(url: str | None, page: ParsedPage) -> bool:
    """Whether a step leads neither to a home page nor to the page itself."""
    address = absolute_url(url, page.base) if url else None
    if address is None or bare_url(address) == bare_url(page.url):
        return False
    parts = urlsplit(address)
    return bool(parts.path.strip("/") or parts.query)
