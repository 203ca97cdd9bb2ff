"""What the home page of a site says about it: feeds, API, menu, editions in other languages, and its own name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.encoding.charset import decode
from crawler.extract.page import ParsedPage, parse_page
from crawler.text import clean, fold
from crawler.urls import absolute_url, canonical_or_none, is_home, on_hosts, readable_url

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_LINK = re.compile(r"(?:^|[/._?=-])(?:rss\d?|feeds?|atom)(?:[/._?=-]|$)", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?[-/_]?(?:feed|rss)|/comments\b|[?&]withcomments", re.IGNORECASE)
_API_RELATION = "https://api.w.org/"
_WORDPRESS = re.compile(r"/wp-(?:content|includes|json)\b")
_MENU_CLASS = re.compile(
    r"(?:^|[-_ ])(?:menu|nav|navbar|navigation|sections?|categor(?:y|ies))(?:$|[-_ ])", re.IGNORECASE
)
_NO_SECTION = re.compile(
    r"/(?:about|contact|privacy|terms|login|log-in|signin|register|account|subscribe|newsletter|advertis\w*|search|"
    r"cookies?|help|faq|jobs|careers|shop|store|donate|sitemap|rss|feeds?|tags?|authors?|wp-\w+|cdn-cgi|user|cart|"
    r"من-نحن|اتصل-بنا|سياسة-الخصوصية|about[-_]us|contact[-_]us)(?:[-/._]|$)",
    re.IGNORECASE,
)
_MAX_SECTION_DEPTH = 3
"""Path segments of a section's URL, at most. Chosen by hand."""

_APP_ROOT = re.compile(r"(?:root|app|__next|__nuxt|svelte)", re.IGNORECASE)
_LITTLE_TEXT = 200
"""Characters that a page shows before its scripts have run, below which it may be one that scripts build."""


@dataclass(kw_only=True, slots=True)
class HomePage:
    """A home page, or the front page of one edition."""

    url: str
    title: str = ""
    names: list[str] = field(default_factory=list)
    """Names of the site that the page declares, the most reliable first."""

    language: str | None = None
    locale_country: str | None = None
    """Country of og:locale, like SY of ar_SY."""

    feeds: list[str] = field(default_factory=list)
    """Feeds that link tags declare."""

    feed_links: list[str] = field(default_factory=list)
    """Links that look like those of a feed or of a page that lists feeds."""

    api: str | None = None
    """WordPress API for posts: declared, or to be expected because the page is of WordPress."""

    is_wordpress: bool = False
    menu: list[str] = field(default_factory=list)
    """Links of menus that can be sections."""

    editions: list[str] = field(default_factory=list)
    """Front pages in other languages."""

    needs_javascript: bool = False
    """Whether the page shows nothing before its scripts have run."""


def read_home_page(body: bytes, url: str, headers: dict[str, str]) -> HomePage:
    """Read a home page. A page that is not HTML gives one without links."""
    text = decode(body, headers.get("content-type"))
    page = parse_page(text, url)
    home = HomePage(url=url)
    if page is None:
        return home
    home.title = clean(page.title)
    home.names = list(dict.fromkeys(_names(page)))
    home.language = _language(page)
    home.locale_country = _country(page)
    links = [link for link in page.tree.iter("link") if link.get("href")]
    home.feeds = _distinct(_declared_feeds(links, page), 20)
    home.feed_links = _distinct(_feed_links(page, home.feeds), 20)
    home.is_wordpress = bool(_WORDPRESS.search(text)) or _API_RELATION in headers.get("link", "")
    home.api = _api(links, page, headers, is_wordpress=home.is_wordpress)
    home.menu = _distinct(_menu(page), 1000)
    home.editions = _distinct(_editions(links, page), 4)
    home.needs_javascript = shows_nothing(page, text)
    return home


def shows_nothing(page: ParsedPage, text: str) -> bool:
    """Whether a page without text has the empty element that scripts fill, or asks for JavaScript."""
    body = page.tree.find("body")
    shown = clean(body.text_content()) if body is not None else ""
    if len(shown) >= _LITTLE_TEXT or "<script" not in text:
        return False
    roots = [element for element in page.tree.iter("div", "main") if _APP_ROOT.fullmatch(element.get("id") or "")]
    return bool(roots) or "javascript" in fold(shown) or not shown


def _names(page: ParsedPage) -> Iterator[str]:
    for node in page.nodes:
        kind = node.get("@type")
        kinds = kind if isinstance(kind, list) else [kind]
        name = node.get("name")
        if {"WebSite", "NewsMediaOrganization"} & {str(each) for each in kinds} and isinstance(name, str):
            yield clean(name)
    if name := page.first_meta("og:site_name"):
        yield name
    if name := page.first_meta("application-name"):
        yield name


def _language(page: ParsedPage) -> str | None:
    root = page.tree.getroottree().getroot()
    declared = root.get("lang") or root.get("xml:lang") or page.first_meta("og:locale", "content-language") or ""
    match = re.match(r"[a-z]{2}(?![a-z])", declared.strip().lower())
    return match[0] if match else None


def _country(page: ParsedPage) -> str | None:
    root = page.tree.getroottree().getroot()
    for declared in (root.get("lang") or "", page.first_meta("og:locale") or ""):
        if match := re.fullmatch(r"[a-zA-Z]{2}[-_]([A-Za-z]{2})", declared.strip()):
            return match[1].upper()
    return None


def _declared_feeds(links: list[HtmlElement], page: ParsedPage) -> Iterator[str]:
    for link in links:
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().split(";")[0].strip()
        url = absolute_url(link.get("href") or "", page.base)
        if url and kind in _FEED_TYPES and {"alternate", "feed"} & set(relations) and not _COMMENTS.search(url):
            yield url


def _feed_links(page: ParsedPage, declared: list[str]) -> Iterator[str]:
    for link in page.tree.iter("a"):
        url = absolute_url(link.get("href") or "", page.base)
        if url and url not in declared and _FEED_LINK.search(url.partition("://")[2]) and not _COMMENTS.search(url):
            yield url


def _api(links: list[HtmlElement], page: ParsedPage, headers: dict[str, str], *, is_wordpress: bool) -> str | None:
    for link in links:
        if _API_RELATION in (link.get("rel") or "").split():
            root = absolute_url(link.get("href") or "", page.base)
            return _posts(root) if root else None
    if match := re.search(rf'<([^>]+)>;\s*rel="{re.escape(_API_RELATION)}"', headers.get("link", "")):
        root = absolute_url(match[1], page.base)
        return _posts(root) if root else None
    return absolute_url("/wp-json/wp/v2/posts", page.url) if is_wordpress else None


def _posts(root: str) -> str:
    """The endpoint of posts below the root of an API, which may be in the query: /?rest_route=/."""
    return root.rstrip("/") + "/wp/v2/posts"


def _menu(page: ParsedPage) -> Iterator[str]:
    host = frozenset({page.url.partition("://")[2].partition("/")[0].partition(":")[0].removeprefix("www.")})
    for link in page.tree.iter("a"):
        url = absolute_url(link.get("href") or "", page.base)
        if url and _may_be_section(url) and on_hosts(url, host) and _is_in_menu(link):
            yield url


def _may_be_section(url: str) -> bool:
    readable = readable_url(url)
    path = readable.partition("://")[2].partition("/")[2].partition("?")[0]
    depth = len([part for part in path.split("/") if part])
    return not is_home(url) and depth <= _MAX_SECTION_DEPTH and not _NO_SECTION.search(f"/{path}")


def _is_in_menu(link: HtmlElement) -> bool:
    for ancestor in link.iterancestors():
        if ancestor.tag == "nav" or _MENU_CLASS.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
        if ancestor.tag in ("main", "article"):
            return False
    return False


def _editions(links: list[HtmlElement], page: ParsedPage) -> Iterator[str]:
    for link in links:
        if (
            "alternate" in (link.get("rel") or "").lower().split()
            and (link.get("hreflang") or "x-default") != "x-default"
        ):
            url = absolute_url(link.get("href") or "", page.base)
            if url and canonical_or_none(url) != canonical_or_none(page.url):
                yield url


def _distinct(urls: Iterator[str], limit: int) -> list[str]:
    return list(dict.fromkeys(urls))[:limit]
