"""The overview: totals, charts and the newest articles."""

from __future__ import annotations

from typing import Any

from crawler import clock
from crawler.browse import charts
from crawler.browse.pages.page import read, render
from crawler.store.read.browse import Browse, Overview

_LATEST = 12
"""Newest articles. Chosen by hand."""


async def overview_page(request: Any, datasette: Any) -> Any:
    """Totals, charts over the last thirty days, and the newest articles."""
    now = clock.now()
    figures, newest = await read(datasette, lambda db: (Browse(db).overview(now), Browse(db).latest(_LATEST, now)))
    return await render(datasette, request, "overview", _overview_context(figures) | {"latest": newest})


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
