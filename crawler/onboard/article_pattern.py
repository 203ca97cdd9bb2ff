"""The pattern of a site's article addresses, learnt from addresses that are articles and others that are not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crawler.urls import readable_url

_MIN_SHARE = 0.03
"""A form of addresses that fewer of the articles have is an exception. This and the numbers below were tuned on the
links of 300 pages of ../shared/corpus (`python -m bench.patterns`): the pattern matches the page's own address on 174
of 202."""

_MANY = 10
"""If there are at least this many articles, a form that only one has is an exception too."""

_MAX_FORMS = 4
"""A site with more forms of addresses than this is described by the last part of its addresses alone."""

_MAX_EXCLUDED = 12
"""Addresses that a pattern may exclude one by one."""

_MAX_FALSE = 0.2
"""Share of the other addresses that a pattern may match."""

_MAX_ALIKE, _ENOUGH_OTHERS = 0.5, 5
"""If a larger share of the other addresses has the form of articles, and there are at least this many, addresses do not
show what an article is."""

_MIN_ALIKE = 5
"""A word in the path stays a word if all articles have it and there are at least this many: a new section must not be
left out because it is new."""

_HEADLINE_SEPARATORS = 3
"""A name with at least this many hyphens is a headline; one with fewer may be one."""

_MAX_SEPARATORS = 2
"""Hyphens that a pattern requires of a name, at most. It leaves out most of what has one: about-us, privacy-policy."""

_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|zip|gz|rar|mp[34]|m4a|avi|mov|css|js|json|xml|rss|ics|"
    r"epub)$",
    re.IGNORECASE,
)
_NO_ARTICLE = re.compile(
    r"/(?:categor(?:y|ies)|tags?|topics?|themen?|authors?|autor(?:en)?|users?|search|page|wp-content|uploads|images?|"
    r"jobs|shop|account|login)/",
    re.IGNORECASE,
)
_ID_KEYS = re.compile(r"(?:\w*id|p|n|no|article|story|news|item|post|a|t)", re.IGNORECASE)
_END = r"(?:[?#]|$)"
_HOST = "^https?://[^/]+"

_Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticlePattern:
    """A regular expression, and how well it fits."""

    regex: str
    matched: int
    """Articles that it matches."""

    articles: int
    """Articles that it was learnt from."""


def learn_pattern(articles: Iterable[str], others: Iterable[str]) -> ArticlePattern | None:
    """The pattern that matches the URLs of articles and none, or few, of the others; None if there is no such one. The
    forms of whole addresses are tried first, then those of their last parts."""
    urls = list(dict.fromkeys(map(readable_url, articles)))
    own = set(urls)
    rest = [url for url in dict.fromkeys(map(readable_url, others)) if url not in own]
    if not urls:
        return None
    separators = _separators(urls)
    whole = _learn(urls, rest, _form, lambda group: _whole_expression(group, separators))
    return whole or _learn(urls, rest, _last_form, lambda group: _last_expression(group, separators))


def looks_like_article(url: str) -> bool:
    """Whether a URL alone looks like that of an article: a long name, a number or a date in its last part."""
    parts = urlsplit(readable_url(url))
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments:
        return any(_ID_KEYS.fullmatch(name) and value.isdigit() for name, value in parse_qsl(parts.query))
    if _NO_PAGE.search(parts.path) or _NO_ARTICLE.search(parts.path):
        return False
    last = _EXTENSION.sub("", segments[-1])
    if _count_separators(last) >= _HEADLINE_SEPARATORS or re.search(r"\d{3,}", last):
        return True
    has_id = any(_ID_KEYS.fullmatch(name) and value.isdigit() for name, value in parse_qsl(parts.query))
    return has_id or bool(re.search(r"/(?:19|20)\d\d/\d\d?/.", parts.path))


def _learn(
    urls: list[str], rest: list[str], form: Callable[[str], _Form], expression: Callable[[list[str]], str]
) -> ArticlePattern | None:
    groups: defaultdict[_Form, list[str]] = defaultdict(list)
    for url in urls:
        groups[form(url)].append(url)
    least = max(2 if len(urls) >= _MANY else 1, len(urls) * _MIN_SHARE)
    common = [group for group in groups.values() if len(group) >= least]
    if not common or len(common) > _MAX_FORMS:
        return None
    forms = sorted({expression(group) for group in common}, key=len)
    alternatives = forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"
    alike = [url for url in rest if re.search(_HOST + alternatives, url)]
    if len(rest) >= _ENOUGH_OTHERS and len(alike) > len(rest) * _MAX_ALIKE:
        return None
    regex = _HOST + _exclusion(alike, {urlsplit(url).path.split("/")[1] for url in urls}) + alternatives
    wrong = sum(bool(re.search(regex, url)) for url in alike)
    matched = sum(bool(re.search(regex, url)) for url in urls)
    if wrong > len(rest) * _MAX_FALSE or matched < len(urls) * (1 - _MAX_FALSE):
        return None
    return ArticlePattern(regex, matched, len(urls))


def _form(url: str) -> _Form:
    """The kinds of the parts of an address: equal for the addresses of one template."""
    parts = urlsplit(url)
    segments = parts.path.split("/")[1:]
    kinds = [_kind(segment, is_last=position == len(segments) - 1) for position, segment in enumerate(segments)]
    return (*kinds, *_id_key(url))


def _last_form(url: str) -> _Form:
    """The kind of the last part of an address, and of the slash behind it."""
    form = _form(url)
    kinds = [kind for kind in form if not kind.startswith("?")]
    size = 2 if len(kinds) > 1 and kinds[-1] == "end" else 1
    return (*kinds[-size:], *_id_key(url))


def _id_key(url: str) -> list[str]:
    return [f"?{name}" for name, value in parse_qsl(urlsplit(url).query) if _ID_KEYS.fullmatch(name) and value][:1]


def _kind(segment: str, *, is_last: bool) -> str:
    if not segment:
        return "end"
    extension = match[0] if is_last and (match := _EXTENSION.search(segment)) else ""
    name = segment.removesuffix(extension)
    if re.fullmatch(r"(?:19|20)\d\d", name):
        return "year" + extension
    if name.isdigit():
        return "number" + extension
    if re.search(r"[-_.]\d{2,}$", name):
        return "name-number" + extension
    if re.match(r"\d{2,}[-_.]", name):
        return "number-name" + extension
    return ("name" if _count_separators(name) else "word") + extension


def _count_separators(name: str) -> int:
    return sum(name.count(separator) for separator in "-_ ")


def _separators(urls: list[str]) -> int:
    """The number of hyphens that the names of all articles but for a few have."""
    counts = []
    for url in urls:
        names = [segment for segment in urlsplit(url).path.split("/") if segment]
        if names and _kind(names[-1], is_last=True).partition(".")[0] == "name":
            counts.append(_count_separators(names[-1]))
    counts.sort()
    return min(counts[int(len(counts) * _MIN_SHARE)], _MAX_SEPARATORS) if counts else 1


_EXPRESSIONS = {
    "end": "",
    "year": r"\d{4}",
    "number": r"\d+",
    "name-number": r"[^/?#]+[-_.]\d+",
    "number-name": r"\d+[-_.][^/?#]+",
    "word": r"[^/?#]+",
}


def _expression(kind: str, separators: int) -> str:
    """The regular expression for one part of an address. `separators`: hyphens in the name of an article."""
    kind, dot, extension = kind.partition(".")
    name = r"[^/?#]*[-_ ][^/?#]*" if separators == 1 else rf"(?:[^-_ /?#]*[-_ ]){{{separators}}}[^/?#]*"
    return (name if kind == "name" else _EXPRESSIONS[kind]) + (re.escape(dot + extension) if dot else "")


def _whole_expression(group: list[str], separators: int) -> str:
    """The regular expression for addresses of one form."""
    columns = list(zip(*(urlsplit(url).path.split("/")[1:] for url in group), strict=True))
    form = _form(group[0])
    last = max((position for position in range(len(columns)) if form[position] != "end"), default=0)
    if any(kind.startswith(("year", "number")) for kind in form):  # no other page has those
        separators = 1
    parts = []
    for position, column in enumerate(columns):
        if form[position] == "word" and position != last and len(set(column)) == 1 and len(column) >= _MIN_ALIKE:
            parts.append(re.escape(column[0]))
        else:
            parts.append(_expression(form[position], separators if position == last else 1))
    return "/" + "/".join(parts) + _query_expression(form)


def _last_expression(group: list[str], separators: int) -> str:
    """The regular expression for addresses whose last parts have one form."""
    form = _last_form(group[0])
    path = "/".join(_expression(kind, separators) for kind in form if not kind.startswith("?"))
    return "/(?:[^/?#]+/)*" + path + _query_expression(form)


def _query_expression(form: _Form) -> str:
    key = form[-1].removeprefix("?") if form[-1].startswith("?") else ""
    return rf"\?(?:[^#]*&)?{re.escape(key)}=[^&#]+" if key else _END


def _exclusion(wrong: list[str], own_folders: set[str]) -> str:
    """A condition that excludes other addresses: by their first folder, where several have it and no article, else one
    by one. `own_folders`: first parts of the articles' paths."""
    if not wrong:
        return ""
    parts = [urlsplit(url).path.split("/")[1:] for url in wrong]
    firsts = Counter(path[0] for path in parts if len(path) > 1 and path[1] and path[0] not in own_folders)
    folders = [first for first, count in firsts.most_common() if count >= 2]
    excluded = [f"{re.escape(first)}/." for first in folders][:_MAX_EXCLUDED]
    alone = dict.fromkeys("/".join(path).strip("/") for path in parts if path[0] not in folders)
    excluded += [re.escape(path) + "/?$" for path in alone][: _MAX_EXCLUDED - len(excluded)]
    return f"(?!/(?:{'|'.join(excluded)}))"
