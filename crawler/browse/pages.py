"""The pages of our own: overview, search, article."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from crawler.browse import charts
from crawler.similarity.diff import diff_sentences
from crawler.store import ArticleFilter, QueryError
from crawler.store.articles.articles import Articles
from crawler.store.database import Database
from crawler.store.read.browse import Browse, Overview
from crawler.store.search.search import FACETS, Search
from crawler.store.times import parse_day
from crawler.urls import readable_url

_PAGE = 20
_FACET_VALUES = 12
_LATEST = 12
_MAX_PAGE = 500
_KINDS = {
    "update": "changed by the site",
    "extraction": "read better",
    "embedded": "another article's text moved out",
    "boilerplate": "lines that the site repeats moved out",
}
T = TypeVar("T")


async def overview_page(request: Any, datasette: Any) -> Any:
    """Charts over the last thirty days, totals, the newest articles."""
    shown, newest = await _ask(datasette, lambda db: (Browse(db).overview(), Browse(db).latest(_LATEST)))
    return await _answer(datasette, request, "overview", _overview_context(shown) | {"latest": newest})


async def search_page(request: Any, datasette: Any) -> Any:
    """What a query finds, with counts by site, language, category and day to choose from."""
    query = request.args.get("q") or ""
    chosen = {name: request.args[name] for name in FACETS if request.args.get(name)}
    page = min(int(text), _MAX_PAGE) if (text := request.args.get("page") or "").isdecimal() and len(text) < 9 else 1
    context: dict[str, Any] = {"query": query, "chosen": chosen, "page": max(page, 1), "hits": [], "facets": {}}
    if query.strip():
        try:
            context |= await _ask(datasette, lambda db: _found(db, query, chosen, max(page, 1)))
        except QueryError as error:
            context["problem"] = str(error)
    return await _answer(datasette, request, "search", context | {"link": _linker(query, chosen)})


async def article_page(request: Any, datasette: Any) -> Any:
    """One article, with all that is known of it."""
    number = int(request.url_vars["id"])

    def read(db: Database) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        return Articles(db).detail(number), Browse(db).linking_articles(number)

    article, pointing = await _ask(datasette, read) if number < 2**63 else (None, [])
    if article is None:
        return await _answer(datasette, request, "missing", {"number": number}, status=404)
    context: dict[str, Any] = {"article": article, "linking": pointing, "history": list(_history(article))}
    context |= {"direction": _direction(article["title"] + article["body"]), "is_link": _is_link}
    context |= {"readable": readable_url}
    return await _answer(datasette, request, "article", context)


def _found(db: Database, query: str, chosen: dict[str, str], page: int) -> dict[str, Any]:
    search, article_filter = Search(db), _filter(chosen)
    total = sum(search.count(query, article_filter).values())
    facets = {name: list(search.count(query, article_filter, name).items())[:_FACET_VALUES] for name in FACETS}
    hits = search.find(query, article_filter, _PAGE, (page - 1) * _PAGE)
    return {"hits": hits, "total": total, "facets": facets, "has_more": page * _PAGE < total}


def _filter(chosen: dict[str, str]) -> ArticleFilter:
    """A day that is none finds nothing, as any other value that no article has."""
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
    """Makes links to the search page with something chosen otherwise; None takes it away."""

    def link(**other: str | int | None) -> str:
        said = {"q": query, **chosen, **other}
        return "/-/search?" + urlencode({name: value for name, value in said.items() if value is not None})

    return link


def _history(article: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each change: when, why, and per field what went and came. Newest first."""
    for before, after in reversed(list(pairwise(article["versions"]))):
        fields = [
            {"name": name, "lines": diff_sentences(str(before[name] or ""), str(after[name] or ""))}
            for name in before
            if name not in ("seen", "kind") and before[name] != after[name]
        ]
        yield {"seen": after["seen"], "kind": _KINDS.get(after["kind"], after["kind"]), "fields": fields}


def _overview_context(shown: Overview) -> dict[str, Any]:
    return {
        "totals": shown.totals,
        "days": shown.days,
        "sites": charts.ranked_sites(shown.daily),
        "daily": charts.daily_chart(shown.days, shown.daily),
        "lags": charts.lag_chart(shown.lags),
        "copies": [
            (site, count, copied, charts.share_bar(copied / count, f"{copied} of {count}"))
            for site, count, copied in shown.copies
        ],
        "completeness": [
            {
                name: charts.share_bar(value, f"{name}: {value:.0%}") if name not in ("site", "articles") else value
                for name, value in row.items()
            }
            for row in shown.completeness
        ],
    }


def _direction(text: str) -> str:
    """Which way a text runs: as its first letter does."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next(("rtl" if kind in ("R", "AL") else "ltr" for kind in strong if kind in ("R", "AL", "L")), "ltr")


def _is_link(url: str | None) -> bool:
    """Whether an address may be linked to: not one that runs a script."""
    return url is not None and url.startswith(("http://", "https://"))


async def _ask(datasette: Any, question: Callable[[Database], T]) -> T:
    """Put a question to the database in a thread of its own, all of it at one moment."""

    database = datasette.get_database()

    def asked(connection: sqlite3.Connection) -> T:
        connection.execute("BEGIN")
        try:
            return question(Database(connection, Path(database.path)))
        finally:
            with suppress(sqlite3.Error):
                connection.rollback()

    answer: T = await database.execute_fn(asked)
    return answer


async def _answer(datasette: Any, request: Any, name: str, context: dict[str, Any], status: int = 200) -> Any:
    from datasette import Response

    database = datasette.get_database().name
    html = await datasette.render_template(f"rasid_{name}.html", context | {"database": database}, request=request)
    return Response.html(html, status=status)
