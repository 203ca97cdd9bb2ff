"""The next page of a feed or section, with the entries that are older: by its link, or by the numbers in the URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from crawler.discover.result import ChannelResult, ChildDocument, DocumentContext
from crawler.profile import Channel
from crawler.text import clean
from crawler.urls import absolute_url, canonical_or_none

# A class of the link, or of an element around it, that means "further back": WordPress, Blogger, Bootstrap themes.
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])(?:next|older|nav-previous)(?:$|[\s_-])", re.IGNORECASE)
# Elements around the link that are searched for such a class. Chosen by hand.
_PARENTS = 2
_NUMBER_PARAMETERS = ("page", "paged", "p", "pg", "pagina", "seite")
_NUMBER_IN_PATH = re.compile(r"/(?:page|pagina|seite|p)[/_-]?(\d{1,6})(?=/?$|\.\w{2,5}$)", re.IGNORECASE)
# Links of a page that are compared with its own number: a bound for the time.
_MAX_LINKS = 5000


def wordpress_feed_page(url: str) -> str:
    """The URL of the page after this one of a WordPress feed."""
    return _with_number(url, "paged", (_number_in_query(url, "paged") or 1) + 1)


def add_next_page(link: str, base: str, context: DocumentContext, result: ChannelResult) -> None:
    """Add the next page to `result.children`, if it is another document of the site."""
    url = absolute_url(link, base)
    if url is None:
        return
    url = context.profile.here(url)
    own = {canonical_or_none(context.url), canonical_or_none(context.channel.url)}
    if context.profile.owns(url) and canonical_or_none(url) not in own:
        result.children.append(ChildDocument(channel=Channel(context.channel.kind, url), is_next=True))


def next_of_section(tree: etree._Element, base: str, context: DocumentContext) -> str | None:
    """The link of a section page to the one with its older articles: by `rel`, by its class, or to the next number."""
    links = [
        (element, url)
        for element in _links(tree)
        if (url := absolute_url((element.get("href") or "").strip(), base)) and context.profile.owns(url)
    ]
    for element, url in links:
        if "next" in (element.get("rel") or "").lower().split():
            return url
    anchors = [
        (element, url) for element, url in links if element.tag == "a" and not context.profile.is_article_url(url)
    ]
    return _numbered(anchors, context.url) or next((url for element, url in anchors if _is_named_next(element)), None)


def _links(tree: etree._Element) -> Iterator[etree._Element]:
    """The links of head and page in their order, without those within the page."""
    found = 0
    for element in tree.iter("link", "a"):
        if (element.get("href") or "").strip().startswith("#"):
            continue
        found += 1
        if found > _MAX_LINKS:
            return
        yield element


def _numbered(anchors: list[tuple[etree._Element, str]], own: str) -> str | None:
    """The link to this page with the next number: /page/3/ on /page/2/, ?page=2 on a page without a number."""
    base, number = _split_number(own)
    for _, url in anchors:
        other_base, other = _split_number(url)
        if other == (number or 1) + 1 and other_base == base:
            return url
    return None


def _split_number(url: str) -> tuple[str, int | None]:
    """A URL without the number of its page, and this number; None if it has none."""
    parts = urlsplit(canonical_or_none(url) or url)
    if match := _NUMBER_IN_PATH.search(parts.path):
        path = parts.path[: match.start()]
        return f"{parts.netloc}{path.rstrip('/')}?{parts.query}", int(match[1])
    pairs, number = [], None
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if number is None and name.lower() in _NUMBER_PARAMETERS and value.isascii() and value.isdecimal():
            number = int(value[:6])
        else:
            pairs.append((name, value))
    return f"{parts.netloc}{parts.path.rstrip('/')}?{urlencode(pairs)}", number


def _is_named_next(element: etree._Element) -> bool:
    around = [element, *(parent for parent, _ in zip(element.iterancestors(), range(_PARENTS), strict=False))]
    return any(_NEXT_CLASS.search(clean(one.get("class") or "")) for one in around)


def _number_in_query(url: str, name: str) -> int | None:
    value = dict(parse_qsl(urlsplit(url).query)).get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 7 else None


def _with_number(url: str, name: str, number: int) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (name, str(number))])))
