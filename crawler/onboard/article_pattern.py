"""The pattern of a site's article addresses, learnt from addresses that are articles and others that are not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crawler.urls import readable_url

_MIN_SHARE = 0.03
"""A form of addresses that fewer of the articles have is an exception. This and the numbers below were chosen by hand
on the thirteen profiles in sites/ and the odd sites of demo/oddsites."""

_MANY = 10
"""Of so many articles, a form that only one has is an exception too."""

_MAX_FORMS = 4
"""A site with more forms of addresses than this has no pattern."""

_MAX_EXCLUDED = 12
"""Addresses that a pattern may exclude one by one."""

_MAX_FALSE = 0.2
"""Share of the other addresses that a pattern may match."""

_MAX_ALIKE, _ENOUGH_OTHERS = 0.5, 5
"""If a larger share of the other addresses has the form of articles, and there are so many of them, addresses do not
show what an article is."""

_MIN_ALIKE = 5
"""A word in the path stays a word if all articles have it and there are so many of them: a new section must not be
left out because it is new."""

_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_ID_KEYS = re.compile(r"(?:\w*id|p|n|no|article|story|news|item|post|a|t)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArticlePattern:
    """A regular expression, and how well it fits."""

    regex: str
    matched: int
    """Articles that it matches."""

    articles: int
    """Articles that it was learnt from."""


def learn_pattern(articles: Iterable[str], others: Iterable[str]) -> ArticlePattern | None:
    """The pattern that matches the URLs of articles and none, or few, of the others; None if there is no such one."""
    urls = list(dict.fromkeys(map(readable_url, articles)))
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for url in urls:
        groups[_form(url)].append(url)
    least = max(2 if len(urls) >= _MANY else 1, len(urls) * _MIN_SHARE)
    common = [group for group in groups.values() if len(group) >= least]
    if not urls or not common or len(common) > _MAX_FORMS:
        return None
    forms = sorted({_expression(group) for group in common}, key=len)
    own, all_of = set(urls), re.compile("^https?://[^/]+(?:" + "|".join(forms) + ")")
    rest = [url for url in dict.fromkeys(map(readable_url, others)) if url not in own]
    if len(rest) >= _ENOUGH_OTHERS and sum(bool(all_of.search(url)) for url in rest) > len(rest) * _MAX_ALIKE:
        return None
    regex = "^https?://[^/]+" + _without(forms, rest, {urlsplit(url).path.split("/")[1] for url in urls})
    compiled = re.compile(regex)
    wrong = sum(bool(compiled.search(url)) for url in rest)
    matched = sum(bool(compiled.search(url)) for url in urls)
    if wrong > len(rest) * _MAX_FALSE or matched < len(urls) * (1 - _MAX_FALSE):
        return None
    return ArticlePattern(regex, matched, len(urls))


def looks_like_article(url: str) -> bool:
    """Whether a URL alone looks like that of an article: a long name, a number or a date in its last part."""
    parts = urlsplit(readable_url(url))
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments:
        return any(_ID_KEYS.fullmatch(name) and value.isdigit() for name, value in parse_qsl(parts.query))
    last = _EXTENSION.sub("", segments[-1])
    return (
        last.count("-") + last.count("_") >= 3
        or bool(re.search(r"\d{3,}", last))
        or bool(re.search(r"/(?:19|20)\d\d/\d\d?/", parts.path))
    )


def _form(url: str) -> tuple[str, ...]:
    """The kinds of the parts of an address: equal for the addresses of one template."""
    parts = urlsplit(url)
    segments = parts.path.split("/")[1:]
    kinds = [_kind(segment, is_last=position == len(segments) - 1) for position, segment in enumerate(segments)]
    keys = [name for name, value in parse_qsl(parts.query) if _ID_KEYS.fullmatch(name) and value]
    return (*kinds, *(f"?{name}" for name in keys[:1]))


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
    return ("name" if "-" in name or "_" in name or " " in name else "word") + extension


_EXPRESSIONS = {
    "end": "",
    "year": r"\d{4}",
    "number": r"\d+",
    "name-number": r"[^/?#]+[-_.]\d+",
    "number-name": r"\d+[-_.][^/?#]+",
    "name": r"[^/?#]*[-_ ][^/?#]*",
    "word": r"[^/?#]+",
}


def _expression(group: list[str]) -> str:
    """The regular expression for addresses of one form."""
    columns = list(zip(*(urlsplit(url).path.split("/")[1:] for url in group), strict=True))
    form = _form(group[0])
    parts = []
    for position, column in enumerate(columns):
        kind, dot, extension = form[position].partition(".")
        expression = _EXPRESSIONS[kind]
        counts = Counter(column)
        is_last = position == len(columns) - 1 or form[position + 1] == "end"
        if kind == "word" and not is_last and len(counts) == 1 and len(column) >= _MIN_ALIKE:
            expression = re.escape(column[0])
        parts.append(expression + (re.escape(dot + extension) if dot else ""))
    path = "/" + "/".join(parts)
    query = form[-1].removeprefix("?") if form[-1].startswith("?") else ""
    return path + (rf"\?(?:[^#]*&)?{re.escape(query)}=[^&#]+" if query else r"(?:[?#]|$)")


def _without(forms: list[str], others: list[str], own_folders: set[str]) -> str:
    """The alternatives, with a condition that excludes the paths of other addresses which they match. `own_folders`:
    first parts of the articles' paths, which are never excluded."""
    alternatives = forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"
    compiled = re.compile("^https?://[^/]+" + alternatives)
    wrong = [urlsplit(url).path for url in others if compiled.search(url)]
    if not wrong:
        return alternatives
    parts = [path.split("/")[1:] for path in wrong]
    firsts = Counter(path[0] for path in parts if len(path) > 1 and path[1] and path[0] not in own_folders)
    excluded = [f"{re.escape(first)}/." for first, count in firsts.most_common() if count >= 2][:_MAX_EXCLUDED]
    folders = tuple(f"/{first}/" for first, count in firsts.items() if count >= 2)
    alone = [re.escape(path.strip("/")) + "/?$" for path in dict.fromkeys(wrong) if not path.startswith(folders)]
    excluded += alone[: _MAX_EXCLUDED - len(excluded)]
    return f"(?!/(?:{'|'.join(excluded)}))" + alternatives
