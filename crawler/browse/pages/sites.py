"""The page of all sites: a row each, sorted, filtered and in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler import clock
from crawler.browse.charts import share_bar
from crawler.browse.languages import language_of
from crawler.browse.pages.page import read, render
from crawler.browse.pages.parameters import choice, linker, page_number, plain_text
from crawler.browse.site_charts import spark_line
from crawler.browse.site_states import STATES, site_states
from crawler.store import Store
from crawler.store.database import Database
from crawler.store.read.sites import SiteFigures

_ROWS = 50
"""Sites on a page. Chosen by hand."""

_DAYS = 28

FIELDS = ("title", "body", "date", "authors")
"""Fields whose share among the extracted pages is the completeness of a site: those that the health rules compare."""

_STATE_ORDER = {state: number for number, state in enumerate(STATES)}
_SORTS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "state": lambda row: _STATE_ORDER[row["state"]],
    "name": lambda row: row["name"],
    "articles": lambda row: -(row.get("articles") or 0),
    "week": lambda row: -(row.get("week") or 0),
    "month": lambda row: -(row.get("month") or 0),
    "last_poll": lambda row: _newest_first(row.get("last_poll")),
    "next_poll": lambda row: row.get("next_poll") or "~",
    "failures": lambda row: -row["failure_share"],
}
"""Column → what it is sorted by at the first click; the second one turns the order round."""


async def sites_page(request: Any, datasette: Any) -> Any:
    """The list of sites."""
    now = clock.now()
    chosen = {
        "state": choice(request, "state", STATES, ""),
        "name": plain_text(request, "name"),
        "sort": choice(request, "sort", _SORTS, "state"),
        "order": choice(request, "order", ("reverse",), ""),
    }
    page = page_number(request)
    language = language_of(request)

    def question(db: Database) -> dict[str, Any]:
        return _sites(db, chosen, page, now, language)

    context = await read(datasette, question)
    context |= {"chosen": chosen, "page": page, "states": STATES, "link": linker("/-/sites", chosen)}
    return await render(datasette, request, "sites", context)


def _sites(db: Database, chosen: dict[str, str], page: int, now: datetime, language: Any) -> dict[str, Any]:
    rows = site_states(Store.of(db), now)
    figures = SiteFigures(db)
    if chosen["sort"] == "failures":
        _add_requests(figures, rows, now)
    counts = Counter(row["state"] for row in rows)
    found = [
        row
        for row in rows
        if (not chosen["state"] or row["state"] == chosen["state"])
        and chosen["name"].casefold() in row["name"].casefold()
    ]
    found.sort(key=_SORTS[chosen["sort"]], reverse=bool(chosen["order"]))
    shown = found[(page - 1) * _ROWS : page * _ROWS]
    _add_requests(figures, shown, now)
    _complete(figures, shown, now, language)
    return {"sites": shown, "found": len(found), "total": len(rows), "counts": counts, "rows": _ROWS}


def _add_requests(figures: SiteFigures, rows: list[dict[str, Any]], now: datetime) -> None:
    names = [row["name"] for row in rows] if len(rows) <= _ROWS else None
    requests = figures.requests(f"{now - timedelta(days=_DAYS - 1):%Y-%m-%d}", names)
    for row in rows:
        requested, failed = requests.get(row["name"], (0, 0))
        row |= {"requested": requested, "failed": failed, "failure_share": failed / requested if requested else 0.0}


def _complete(figures: SiteFigures, rows: list[dict[str, Any]], now: datetime, language: Any) -> None:
    """Add what is read for the rows of one page only."""
    names = [row["name"] for row in rows]
    first = now - timedelta(days=_DAYS - 1)
    days = [f"{first + timedelta(days=number):%Y-%m-%d}" for number in range(_DAYS)]
    daily = figures.daily_articles(names, first.replace(hour=0, minute=0, second=0, microsecond=0))
    quality, channels = figures.quality(names, days[0]), figures.channels(names)
    for row in rows:
        name = row["name"]
        counts = [daily[name][day] for day in days]
        label = language.plain("articles a day in the last %(days)s days", days=_DAYS)
        row |= {"spark": spark_line(counts, label), "channels": channels[name]}
        row["failure_bar"] = _bar(row["failed"], row["requested"], language)
        row["sure_bar"] = _bar(quality[name]["sure"], quality[name]["judged"], language)
        filled = sum(quality[name][field] for field in FIELDS)
        row["complete_bar"] = _bar(filled, quality[name]["pages"] * len(FIELDS), language)


def _bar(part: int, whole: int, language: Any) -> Any:
    label = language.plain("%(part)s of %(whole)s", part=language.number(part), whole=language.number(whole))
    return share_bar(part / whole, label, language.share(part / whole)) if whole else None


def _newest_first(moment: str | None) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in moment) if moment else (1,)
