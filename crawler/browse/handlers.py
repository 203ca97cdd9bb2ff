"""Handlers of our own pages: overview, search, article."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from markupsafe import Markup

from crawler import clock
from crawler.browse import charts
from crawler.items import REVISION_KINDS
from crawler.similarity.diff import diff_sentences
from crawler.store import ArticleFilter, QueryError
from crawler.store.articles.articles import Articles
from crawler.store.database import Database
from crawler.store.read.browse import Browse, Overview
from crawler.store.search.search import FACETS, Search
from crawler.store.times import parse_day
from crawler.structure import body_html
from crawler.text import direction
from crawler.urls import readable_url

# Sizes of the pages, chosen by hand.
_HITS_PER_PAGE = 20
_FACET_VALUES = 12
_LATEST = 12
_MAX_PAGE = 500
"""Later pages of hits are not computed: their cost grows with the number of the page."""

T = TypeVar("T")


async def overview_page(request: Any, datasette: Any) -> Any:
    """Totals, charts over the last thirty days, and the newest articles."""
    now = clock.now()
    figures, newest = await _read(datasette, lambda db: (Browse(db).overview(now), Browse(db).latest(_LATEST, now)))
    return await _render(datasette, request, "overview", _overview_context(figures) | {"latest": newest})


async def search_page(request: Any, datasette: Any) -> Any:
    """The hits of a query, with facets by site, language, category and day."""
    query = (request.args.get("q") or "").strip()
    chosen = {name: request.args[name] for name in FACETS if request.args.get(name)}
    page = min(int(text), _MAX_PAGE) if (text := request.args.get("page") or "").isdecimal() and len(text) < 9 else 1
    context: dict[str, Any] = {"query": query, "chosen": chosen, "page": max(page, 1), "hits": [], "facets": {}}
    if query:
        try:
            context |= await _read(datasette, lambda db: _search(db, query, chosen, max(page, 1)))
        except QueryError as error:
            context["problem"] = str(error)
    return await _render(datasette, request, "search", context | {"link": _linker(query, chosen)})


async def article_page(request: Any, datasette: Any) -> Any:
    """One article with its history, related articles and copies."""
    number = int(request.url_vars["id"])

    def read(db: Database) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        return Articles(db).detail(number), Browse(db).linking_articles(number)

    article, linking = await _read(datasette, read) if number < 2**63 else (None, [])
    if article is None:
        return await _render(datasette, request, "missing", {"number": number}, status=404)
    context: dict[str, Any] = {"article": article, "linking": linking, "history": list(_history(article))}
    context |= {"direction": direction(article["title"] + article["body"]), "is_link": _is_link}
    context |= {"readable": readable_url, "text": Markup(body_html(article["body"], article["structure"]))}
    return await _render(datasette, request, "article", context)


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


def _history(article: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The changes, newest first: the time, the reason, and the removed and added text of each field."""
    for before, after in reversed(list(pairwise(article["versions"]))):
        fields = [
            {"name": name, "lines": diff_sentences(str(before[name] or ""), str(after[name] or ""))}
            for name in before
            if name not in ("seen", "kind", "structure") and before[name] != after[name]
        ]
        yield {"seen": after["seen"], "kind": REVISION_KINDS.get(after["kind"], after["kind"]), "fields": fields}


def _overview_context(figures: Overview) -> dict[str, Any]:
    return {
        "totals": figures.totals,
        "days": figures.days,
        "sites": charts.ranked_sites(figures.daily),
        "daily": charts.daily_chart(figures.days, figures.daily),
        "lags": charts.lag_chart(figures.lags),
        "copies": [
            (site, count, copied, charts.share_bar(copied / count, f"{copied} of {count}"))
            for site, count, copied in figures.copies
        ],
        "completeness": [
            {
                name: charts.share_bar(value, f"{name}: {value:.0%}") if name not in ("site", "articles") else value
                for name, value in row.items()
            }
            for row in figures.completeness
        ],
    }


def _is_link(url: str | None) -> bool:
    """Whether a URL may be a link target: a `javascript:` URL would run a script."""
    return url is not None and url.startswith(("http://", "https://"))


async def _read(datasette: Any, question: Callable[[Database], T]) -> T:
    """Run a function on the database in Datasette's thread, in one transaction."""

    database = datasette.get_database()

    def in_transaction(connection: sqlite3.Connection) -> T:
        connection.execute("BEGIN")
        try:
            return question(Database(connection, Path(database.path)))
        finally:
            with suppress(sqlite3.Error):
                connection.rollback()

    result: T = await database.execute_fn(in_transaction)
    return result


async def _render(datasette: Any, request: Any, name: str, context: dict[str, Any], status: int = 200) -> Any:
    from datasette import Response

    database = datasette.get_database().name
    html = await datasette.render_template(f"rasid_{name}.html", context | {"database": database}, request=request)
    return Response.html(html, status=status)
