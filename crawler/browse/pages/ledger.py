"""The ledger: what channels announced and what became of it, for all sites, for one, and the pages behind a count."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

from crawler import clock
from crawler.browse.pages.page import is_link, read, render
from crawler.browse.pages.parameters import choice, day, linker, page_number, plain_text
from crawler.export.rows import plain_cell
from crawler.ledger import SiteLedger, site_ledger
from crawler.store import Store
from crawler.store.database import Database
from crawler.store.ledger import COUNTS
from crawler.store.read.sites import PageList, SiteFigures
from crawler.urls import readable_url

_DAYS, _MOST_DAYS_OF_ALL, _MOST_DAYS, _MOST_DAYS_OF_PAGES = 14, 31, 92, 366
"""Days without a choice; the most for many sites, which are a column each; for one site, whose page would take half a
second for a year of 24,000 pages; for a list of pages. Chosen by hand."""

_SITES, _PAGES = 40, 50
"""Rows of a page. Chosen by hand."""


def _(label: str) -> str:
    """Mark a label for translation: it is translated where it is printed."""
    return label


LABELS = {
    "announced": _("announced"),
    "fetched": _("fetched"),
    "stored": _("stored"),
    "copies": _("copies"),
    "updated": _("updated"),
    "dropped": _("dropped"),
    "forbidden": _("forbidden"),
    "blocked": _("blocked"),
    "failed": _("failed"),
    "set_aside": _("set aside"),
    "waiting": _("waiting"),
    "retried": _("retried"),
    "late": _("late"),
    "one_channel": _("one channel"),
    "unannounced": _("unannounced"),
}
"""Count of the ledger → its label."""


async def ledger_page(request: Any, datasette: Any) -> Any:
    """The ledger of all sites, a column a day; of one site, a row a day."""
    site_name = plain_text(request, "site")
    known = await read(datasette, lambda db: Store.of(db).ledger.sites())
    is_one = site_name in known
    first, last = _bounds(request, _MOST_DAYS if is_one else _MOST_DAYS_OF_ALL)
    context: dict[str, Any] = {
        "site": site_name,
        "since": first.isoformat(),
        "until": last.isoformat(),
        "labels": LABELS,
    }
    context |= {"is_link": is_link, "readable": readable_url, "counts": COUNTS}
    chosen = {"site": site_name, "since": context["since"], "until": context["until"]}
    context |= {"link": linker("/-/ledger", chosen), "pages_link": linker("/-/ledger/pages", {})}
    context |= {
        f"{kind}_link": linker(f"/-/ledger.{kind}", chosen | {"page": page_number(request)}) for kind in FORMATS
    }
    if is_one:
        ledger = await read(datasette, lambda db: site_ledger(Store.of(db), site_name, first, last))
        return await render(datasette, request, "ledger_site", context | {"ledger": ledger})
    sites = [name for name in known if site_name.casefold() in name.casefold()]
    page = page_number(request)
    shown = sites[(page - 1) * _SITES : page * _SITES]
    cells = await read(datasette, lambda db: SiteFigures(db).ledger(shown, context["since"], context["until"]))
    days = [(last - timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    rows = [(name, [_cell(cells[name].get(each)) for each in days]) for name in shown]
    context |= {"rows": rows, "days": days, "page": page, "row_count": _SITES, "found": len(sites), "known": len(known)}
    return await render(datasette, request, "ledger", context)


async def ledger_file(request: Any, datasette: Any) -> Any:
    """The ledger of the sites of one page, or of one site, as JSON or CSV."""
    from datasette import Response

    site_name, page = plain_text(request, "site"), page_number(request)

    def question(db: Database) -> tuple[list[SiteLedger], bool]:
        store = Store.of(db)
        known = store.ledger.sites()
        sites = [name for name in known if site_name == name] or [
            name for name in known if site_name.casefold() in name.casefold()
        ]
        first, last = _bounds(request, _MOST_DAYS if site_name in known else _MOST_DAYS_OF_ALL)
        shown = sites[(page - 1) * _SITES : page * _SITES]
        return [site_ledger(store, site, first, last) for site in shown], len(sites) > page * _SITES

    ledgers, has_more = await read(datasette, question)
    if request.url_vars["format"] == "csv":
        return Response(_csv(ledgers), content_type="text/csv; charset=utf-8")
    answer = {"sites": [ledger.record() for ledger in ledgers], "next_page": page + 1 if has_more else None}
    return Response(json.dumps(answer, ensure_ascii=False), content_type="application/json; charset=utf-8")


FORMATS = ("json", "csv")


async def ledger_pages_page(request: Any, datasette: Any) -> Any:
    """The pages behind a count of the ledger, or that ended with a reason."""
    site, reason, page = plain_text(request, "site"), plain_text(request, "reason"), page_number(request)
    count = choice(request, "count", COUNTS, "")
    first, last = _bounds(request, _MOST_DAYS_OF_PAGES)

    def question(db: Database) -> list[dict[str, Any]]:
        return PageList(db).find(
            site,
            first.isoformat(),
            last.isoformat(),
            count=count or None,
            reason=reason or None,
            limit=_PAGES + 1,
            offset=(page - 1) * _PAGES,
        )

    found = await read(datasette, question)
    chosen = {"site": site, "since": first.isoformat(), "until": last.isoformat(), "count": count, "reason": reason}
    context = chosen | {"labels": LABELS, "pages": found[:_PAGES], "has_more": len(found) > _PAGES, "page": page}
    context |= {"first_row": (page - 1) * _PAGES + 1, "link": linker("/-/ledger/pages", chosen)}
    context |= {"is_link": is_link, "readable": readable_url}
    return await render(datasette, request, "ledger_pages", context)


def _bounds(request: Any, most: int) -> tuple[date, date]:
    """The first and the last day, at most `most` days."""
    last = day(request, "until", clock.now().date())
    first = min(day(request, "since", _before(last, _DAYS - 1)), last)
    return max(first, _before(last, most - 1)), last


def _before(last: date, days: int) -> date:
    """A day earlier; the first day there is for one in the year 1."""
    return date.fromordinal(max(last.toordinal() - days, 1))


def _cell(counts: dict[str, int] | None) -> dict[str, Any]:
    """A day of a site: its counts, and how complete it is."""
    if counts is None or not counts["announced"]:
        return {"style": "idle", "announced": 0, "stored": 0, "missing": 0}
    missing = counts["blocked"] + counts["failed"]
    style = "lost" if missing * 2 > counts["announced"] else "part" if missing + counts["waiting"] else "full"
    return {"style": style, "announced": counts["announced"], "stored": counts["stored"], "missing": missing}


def _csv(ledgers: list[SiteLedger]) -> str:
    file = io.StringIO()
    names = ("site", "day", "polls", *COUNTS, "gaps", "state", "closed", "reopened")
    writer = csv.writer(file)
    writer.writerow(names)
    for ledger in ledgers:
        for row in ledger.record()["days"]:
            writer.writerow([plain_cell((row | {"site": ledger.site})[name]) for name in names])
    return file.getvalue()
