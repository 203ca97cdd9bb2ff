"""The pages of runs: the list, a run of `rasid due` with its crawls, and one crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.browse.languages import Language, language_of
from crawler.browse.pages.page import is_link, read, render
from crawler.browse.pages.parameters import linker, page_number, plain_text
from crawler.browse.pages.site import OUTCOMES
from crawler.browse.site_charts import outcome_bar
from crawler.store.database import Database
from crawler.store.read.runs import RunList
from crawler.urls import readable_url

_ROWS = 50
"""Runs on a page. Chosen by hand."""

_CRAWLS = 500
"""Crawls of a run of `rasid due` that its page shows, those with problems first. Chosen by hand."""

_COLOURS = {
    "new": "o-new",
    "updated": "o-updated",
    "unchanged": "o-same",
    "duplicate": "o-same",
    "dropped": "o-dropped",
    "blocked": "o-bad",
    "priced": "o-bad",
    "failed": "o-bad",
    "unfinished": "o-open",
}
"""Outcome → its CSS class in a bar."""


async def runs_page(request: Any, datasette: Any) -> Any:
    """The runs, newest first; with `?site=` the crawls of one site."""
    site, page, language = plain_text(request, "site"), page_number(request), language_of(request)

    def question(db: Database) -> tuple[list[dict[str, Any]], int]:
        runs, offset = RunList(db), (page - 1) * _ROWS
        if site:
            return runs.of_site(site, limit=_ROWS, offset=offset), runs.count_of_site(site)
        return runs.latest(limit=_ROWS, offset=offset), runs.count()

    runs, found = await read(datasette, question)
    context = _common(language) | {
        "runs": [_shown(run, language) for run in runs],
        "site": site,
        "page": page,
        "rows": _ROWS,
        "found": found,
        "link": linker("/-/runs", {"site": site}),
    }
    return await render(datasette, request, "runs", context)


async def due_page(request: Any, datasette: Any) -> Any:
    """A run of `rasid due`."""
    number, language = _number(request), language_of(request)

    def question(db: Database) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        runs = RunList(db)
        return runs.due(number), runs.crawls_of(number)

    run, crawls = await read(datasette, question)
    if run is None:
        return await _missing(datasette, request, number)
    context = _common(language) | {
        "run": _shown(run, language),
        "crawls": [_shown(crawl, language) for crawl in crawls[:_CRAWLS]],
        "more": max(len(crawls) - _CRAWLS, 0),
        "reasons": _reasons(crawls),
    }
    return await render(datasette, request, "due", context)


async def run_page(request: Any, datasette: Any) -> Any:
    """One crawl."""
    number, language = _number(request), language_of(request)
    run = await read(datasette, lambda db: RunList(db).crawl(number))
    if run is None:
        return await _missing(datasette, request, number)
    context = _common(language) | {"run": _shown(run, language), "reasons": _reasons([run])}
    return await render(datasette, request, "run", context)


def problem_of(run: Mapping[str, Any]) -> str:
    """The state of a run: `ok`; `problems`; `failed` for one without any answer, or that ended with an error; `open` if
    it has not finished."""
    if not run["finished"]:
        return "open"
    if run.get("exit_code") is not None:
        return {0: "ok", 3: "problems"}.get(run["exit_code"], "failed")
    if run.get("finish_reason") not in (None, "finished") or run["unreachable"]:
        return "failed"
    return "problems" if run["failed"] + run["blocked"] + run["priced"] + run["channel_problems"] else "ok"


def _shown(run: dict[str, Any], language: Language) -> dict[str, Any]:
    """A run with what the templates print of it."""
    counts = [(_COLOURS[name], run[name]) for name in OUTCOMES]
    words = ", ".join(f"{language.plain(label)}: {run[name]}" for name, label in OUTCOMES.items() if run[name])
    return run | {
        "seconds": _seconds(run["started"], run["finished"]),
        "problem": problem_of(run),
        "bar": outcome_bar(counts, words or language.plain("no pages")),
    }


def _seconds(started: str, finished: str | None) -> int | None:
    try:
        span = datetime.fromisoformat(finished or "") - datetime.fromisoformat(started)
    except (ValueError, TypeError):  # it has not finished, or another tool wrote the times
        return None
    return max(round(span.total_seconds()), 0)


def _reasons(crawls: list[dict[str, Any]]) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """Reasons with the number of their pages, and an example of each site, at most three."""
    pages: Counter[str] = Counter()
    examples: dict[str, list[tuple[str, str]]] = {}
    for crawl in crawls:
        pages.update({reason: count for reason, count in crawl["reasons"].items() if isinstance(count, int)})
        for reason, url in crawl["examples"].items():
            examples.setdefault(reason, []).append((crawl["site"], str(url)))
    return [(reason, count, examples.get(reason, [])[:3]) for reason, count in pages.most_common()]


def _common(language: Language) -> dict[str, Any]:
    return {
        "outcomes": OUTCOMES,
        "colours": _COLOURS,
        "is_link": is_link,
        "readable": readable_url,
        "duration": lambda seconds: _duration(seconds, language),
    }


def _duration(seconds: int | None, language: Language) -> str:
    """A span of time in one unit."""
    if seconds is None:
        return "–"
    if seconds < 120:
        return language.plain("%(seconds)s s", seconds=language.number(seconds))
    if seconds < 7200:
        return language.plain("%(minutes)s min", minutes=language.number(round(seconds / 60)))
    return language.plain("%(hours)s h", hours=language.number(round(seconds / 3600, 1)))


def _number(request: Any) -> int:
    return min(int(request.url_vars["number"]), 2**63 - 1)


async def _missing(datasette: Any, request: Any, number: int) -> Any:
    return await render(datasette, request, "no_run", {"run_number": number}, status=404)
