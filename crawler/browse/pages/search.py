"""The search page: the hits of a query, and filters with counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from crawler.browse.pages.page import read, render
from crawler.store import ArticleFilter, QueryError
from crawler.store.database import Database
from crawler.store.search.search import FACETS, Search
from crawler.store.times import parse_day

# Sizes of the page, chosen by hand.
_HITS_PER_PAGE = 20
_FACET_VALUES = 12
_MAX_PAGE = 500
"""Later pages of hits are not computed: their cost grows with the number of the page."""


async def search_page(request: Any, datasette: Any) -> Any:
    """The hits of a query, with facets by site, language, category and day."""
    query = (request.args.get("q") or "").strip()
    chosen = {name: request.args[name] for name in FACETS if request.args.get(name)}
    page = min(int(text), _MAX_PAGE) if (text := request.args.get("page") or "").isdecimal() and len(text) < 9 else 1
    context: dict[str, Any] = {"query": query, "chosen": chosen, "page": max(page, 1), "hits": [], "facets": {}}
    if query:
        try:
            context |= await read(datasette, lambda db: _search(db, query, chosen, max(page, 1)))
        except QueryError as error:
            context["problem"] = str(error)
    return await render(datasette, request, "search", context | {"link": _linker(query, chosen)})


def _search(db: Database, query: str, chosen: dict[str, str], page: int) -> dict[str, Any]:
    search, article_filter = Search(db), _filter(chosen)
    total = sum(search.count(query, article_filter).values())
    facets = {name: list(search.count(query, article_filter, name).items())[:_FACET_VALUES] for name in FACETS}
    hits = search.find(query, article_filter, _HITS_PER_PAGE, (page - 1) * _HITS_PER_PAGE)
    return {"hits": hits, "total": total, "facets": facets, "has_more": page * _HITS_PER_PAGE < total}


def _filter(chosen: dict[str, str]) -> ArticleFilter:
    """The filter of the chosen facets. An invalid day finds nothing, like any other value that no article has."""
    since = until = None
    if "day" in chosen:
        since, until = parse_day(chosen["day"])
    return ArticleFilter(
        sites=(chosen["site"],) if "site" in chosen else (),
        language=chosen.get("language"),
        categories=(chosen["category"],) if "category" in chosen else (),
        since=since,
        until=until,
        with_duplicates=True,
    )


def _linker(query: str, chosen: dict[str, str]) -> Callable[..., str]:
    """A function that links to the search page with other facets; None removes a facet."""

    def link(**other: str | int | None) -> str:
        parameters = {"q": query, **chosen, **other}
        return "/-/search?" + urlencode({name: value for name, value in parameters.items() if value is not None})

    return link
