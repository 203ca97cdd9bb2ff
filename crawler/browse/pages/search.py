"""The search page: the hits of a query, or the newest articles, with filters, counts and a time line."""

from __future__ import annotations

from functools import partial
from typing import Any

from crawler import clock
from crawler.browse.languages import language_of
from crawler.browse.pages.page import read, render
from crawler.browse.pages.printing import printing
from crawler.browse.pages.saved_searches import saved_searches
from crawler.browse.pages.search_export import FILES, MAX_EXPORTED
from crawler.browse.pages.search_request import MAX_PAGE, DayError, SearchRequest, parse_request
from crawler.browse.time_line import time_line_chart
from crawler.store import QueryError
from crawler.store.database import Database
from crawler.store.read.articles import STATES
from crawler.store.read.found import COUNTED, FoundArticles
from crawler.store.search.query import MAX_TERMS, index_words
from crawler.store.search.search import Search

# Sizes of the page, chosen by hand.
_HITS_PER_PAGE = 20
_FACET_VALUES = 12
_FACETS = ("site", "language", "category")


async def search_page(request: Any, datasette: Any) -> Any:
    """The hits of a query, or the newest articles."""
    language, wanted = language_of(request), parse_request(request.query_string)
    context: dict[str, Any] = {
        "query": wanted.q,
        "wanted": wanted,
        "states": tuple(STATES),
        "saved": saved_searches(request),
    }
    try:
        article_filter = wanted.article_filter()
        if wanted.q and not index_words(wanted.q):
            context["problem"] = "no_word"
        else:
            context |= await read(datasette, partial(_search, wanted, article_filter))
    except DayError as error:
        context |= {"problem": "no_day", "written": str(error)}
    except QueryError:
        context |= {"problem": "too_long", "most": MAX_TERMS}
    if "periods" in context:
        context["time_line"] = time_line_chart(
            context["periods"],
            lambda period: wanted.link(since=period.since, until=period.until),
            lambda period: f"{period.label}: {language.number(period.articles)}",
        )
    context |= {"files": FILES, "max_exported": MAX_EXPORTED, "counted": COUNTED}
    return await render(datasette, request, "search", context | printing(language.code))


def _search(wanted: SearchRequest, article_filter: Any, db: Database) -> dict[str, Any]:
    found = FoundArticles(db).find(article_filter, clock.now(), by_date=wanted.sort == "date")
    start = (wanted.page - 1) * _HITS_PER_PAGE
    some = found.articles[start : start + _HITS_PER_PAGE]
    return {
        "hits": Search(db).hits(wanted.q or None, [(article.id, article.score) for article in some]),
        "total": len(found.articles),
        "is_all": found.is_all,
        "facets": {name: found.facet(name, _FACET_VALUES) for name in _FACETS},
        "periods": found.time_line(),
        "has_more": start + _HITS_PER_PAGE < len(found.articles) and wanted.page < MAX_PAGE,
    }
