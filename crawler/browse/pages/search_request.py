"""What a request to the search page chooses, and the links that choose otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from crawler.store import ArticleFilter
from crawler.store.read.articles import STATES
from crawler.store.times import parse_day

PATH = "/-/search"

MAX_PAGE = 500
"""Later pages of hits are not shown. Chosen by hand."""

_MAX_CHARS, _MAX_VALUES = 10_000, 50
"""Longer values, and more values of one filter, are truncated: bounds for hostile requests."""


class DayError(ValueError):
    """A day that is none; the message is what was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchRequest:
    """A search. Empty values choose nothing."""

    q: str = ""
    site: tuple[str, ...] = ()
    language: str = ""
    category: tuple[str, ...] = ()
    author: str = ""
    state: str = ""
    since: str = ""
    """First day: 2026-03-01."""

    until: str = ""
    """Last day."""

    sort: str = ""
    """`date`: the newest first."""

    rows: str = ""
    """`story`: of each story only one article."""

    page: int = 1

    def article_filter(self) -> ArticleFilter:
        """The same as a filter. Raises DayError."""
        since, until = (_day(text) for text in (self.since, self.until))
        return ArticleFilter(
            query=self.q or None,
            sites=self.site,
            language=self.language or None,
            categories=self.category,
            author=self.author or None,
            state=self.state or None,
            since=since and since[0],
            until=until and until[1],
            only_stories=self.rows == "story",
            with_duplicates=self.rows != "story",
        )

    def parameters(self) -> list[tuple[str, str]]:
        """The query string as pairs, without the page."""
        pairs: list[tuple[str, str]] = []
        for name in _NAMES:
            value = getattr(self, name)
            pairs += [(name, each) for each in ((value,) if isinstance(value, str) else value) if each]
        return pairs

    def link(self, path: str = PATH, **changes: Any) -> str:
        """The link to this search with other values, on its first page unless `page` is given."""
        other = replace(self, **{"page": 1, **changes})
        pairs = other.parameters() + ([("page", str(other.page))] if other.page > 1 else [])
        return path + "?" * bool(pairs) + urlencode(pairs, errors="replace")

    def toggled(self, name: str, value: str) -> str:
        """The link that adds a value to a filter, or removes it."""
        chosen = getattr(self, name)
        if isinstance(chosen, str):
            other: Any = "" if chosen == value else value
        else:
            other = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
        return self.link(PATH, **{name: other})

    def is_chosen(self, name: str, value: str) -> bool:
        """Whether a value of a filter is among the chosen ones."""
        chosen = getattr(self, name)
        return chosen == value if isinstance(chosen, str) else value in chosen

    def filters(self) -> list[tuple[str, str]]:
        """Name and value of each filter that is chosen."""
        return [(name, value) for name, value in self.parameters() if name not in ("q", "sort", "rows")]


_NAMES = ("q", "site", "language", "category", "author", "state", "since", "until", "sort", "rows")


def parse_request(query_string: str) -> SearchRequest:
    """The search that a query string means. What it does not know is ignored."""
    values = {
        name: [text for each in given[:_MAX_VALUES] if (text := each[:_MAX_CHARS].replace("\0", " ").strip())]
        for name, given in parse_qs(query_string, errors="replace").items()
    }
    first = {name: given[0] for name, given in values.items() if given}
    page = first.get("page", "")
    return SearchRequest(
        q=first.get("q", ""),
        site=_several(values.get("site", ())),
        language=first.get("language", ""),
        category=_several(values.get("category", ())),
        author=first.get("author", ""),
        state=first["state"] if first.get("state") in STATES else "",
        since=first.get("since", ""),
        until=first.get("until", ""),
        sort="date" if first.get("sort") == "date" else "",
        rows="story" if first.get("rows") == "story" else "",
        page=min(max(int(page), 1), MAX_PAGE) if page.isdecimal() and len(page) < 9 else 1,
    )


def _several(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _day(text: str) -> Any:
    """The beginning of a day and of the next. Raises DayError."""
    if not text:
        return None
    begin, end = parse_day(text)
    if begin == end:
        raise DayError(text)
    return begin, end
