"""The overview: the state of the collection in a sentence, and charts of the articles of a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from crawler import clock
from crawler.browse import charts
from crawler.browse.languages import Language, language_of
from crawler.browse.pages.page import read, render, search_link
from crawler.browse.pages.printing import printing
from crawler.store.read.overview import GROUPS, Group, Overview, Overviews, Period

_LATEST = 12
"""Newest articles. Chosen by hand."""

RANGES = {"7": 7, "28": 28, "90": 90, "all": None}
"""Choices of `?range=`: days, or None for all."""

_DEFAULT_RANGE = "28"
_MAX_DAILY, _MAX_WEEKLY = 92, 731
"""Longer periods, in days, are drawn by week and by month. Chosen by hand."""

_YEARS = (1900, 2199)
"""Years of a period that is entered: a bound for the number of bars."""

_MAX_TABLE_SITES = 15
"""Sites in the tables, those with most articles; `/-/sites` has all of them. With 20 sites the page weighed 102 kB."""

_MISSING = {
    "published": "published__isnull=1",
    "authors": "authors__exact=%5B%5D",
    "category": "category__isnull=1",
    "language": "language__isnull=1",
    "subtitle": "subtitle__isnull=1",
    "tags": "tags__exact=%5B%5D",
    "image": "image_url__isnull=1",
}
"""Field to the filter of Datasette's table for the articles without it."""


class Choice(NamedTuple):
    """What the reader chose to see."""

    range: str
    """A key of RANGES, or `custom`."""

    period: Period | None
    group: Group

    def query(self, **other: str) -> str:
        """The query string of this choice with something else chosen."""
        mine = {"range": self.range, "by": self.group}
        if self.period is not None and not {"range", "from"} & set(other):
            del mine["range"]
            mine |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return "?" + urlencode(mine | other)


async def overview_page(request: Any, datasette: Any) -> Any:
    """The state of the collection, charts of a period, and the newest articles."""
    now, choice, language = clock.now(), _choice(request), language_of(request)

    def question(db: Any) -> tuple[Overview, list[dict[str, Any]]]:
        overviews = Overviews(db)
        days = RANGES.get(choice.range)
        return (
            overviews.overview(now, days=days, chosen=choice.period, group=choice.group),
            overviews.latest(_LATEST, now),
        )

    figures, latest = await read(datasette, question)
    printed = printing(language.code)
    names = {"site": printed["site_title"], "language": printed["language_name"]}.get(choice.group, str)
    context = (
        printed | _charts(figures, choice, language, names) | _tables(figures, language, datasette.get_database().name)
    )
    context |= {"figures": figures, "choice": choice, "ranges": RANGES, "latest": latest}
    context |= {"problem": _problem(request, choice), "last_crawl": _last_crawl(figures, now, language)}
    return await render(datasette, request, "overview", context)


def _choice(request: Any) -> Choice:
    by = request.args.get("by")
    group: Group = next((group for group in GROUPS if group == by), "site")
    first, last = _day(request.args.get("from")), _day(request.args.get("to"))
    if first and last and first <= last:
        return Choice("custom", Period(first, last), group)
    wanted = request.args.get("range")
    return Choice(wanted if wanted in RANGES else _DEFAULT_RANGE, None, group)


def _problem(request: Any, choice: Choice) -> bool:
    """Whether a period was entered that cannot be shown."""
    return choice.period is None and bool(request.args.get("from") or request.args.get("to"))


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if _YEARS[0] <= day.year <= _YEARS[1] else None


def _last_crawl(figures: Overview, now: datetime, language: Language) -> str | None:
    finished = figures.crawls.finished
    return language.ago(max(now - finished, timedelta())) if finished else None


# -- charts ----------------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One bar's days, both included."""

    first: date
    last: date


def _steps(period: Period) -> Iterator[Step]:
    """The period in days, weeks from Monday, or months."""
    day = period.first
    while day <= period.last:
        if period.days <= _MAX_DAILY:
            last = day
        elif period.days <= _MAX_WEEKLY:
            last = day + timedelta(days=6 - day.weekday())
        else:
            last = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        yield Step(day, min(last, period.last))
        day = last + timedelta(days=1)


def _charts(figures: Overview, choice: Choice, language: Language, names_of: Callable[[str], str]) -> dict[str, Any]:
    none, others = language.plain("none"), language.plain("others")
    totals: Counter[str] = Counter()
    for _, value, count in figures.daily:
        totals[none if value is None else value] += count
    names = charts.ranked(totals, others)
    steps = list(_steps(figures.period))
    shown = {name: name if name in (none, others) else names_of(name) for name in totals}
    bars = _bars(steps, figures.daily, set(names), (none, others), language, shown)
    rows = [(_step_name(step, language), _step_link(step), bar.counts) for step, bar in zip(steps, bars, strict=True)]
    ends = {"since": figures.period.first.isoformat(), "until": figures.period.last.isoformat()}
    legend = [
        (
            name,
            shown.get(name, name),
            totals[name],
            search_link(**ends, **{choice.group: name}) if name not in (none, others) else None,
        )
        for name in names
    ]
    return {
        "articles_chart": charts.bar_chart(bars, names, language.plain("Articles over time")),
        "articles_rows": rows,
        "legend": legend,
        "in_period": sum(totals.values()),
        "lags_chart": _lag_chart(figures.lags, language),
        "lags": _lag_buckets(figures.lags, language),
        "more_sites": max(len(figures.copies) - _MAX_TABLE_SITES, 0),
    }


def _bars(
    steps: Sequence[Step],
    daily: Sequence[tuple[str, str | None, int]],
    names: set[str],
    rest: tuple[str, str],
    language: Language,
    shown: Mapping[str, str],
) -> list[charts.Bar]:
    none, others = rest
    counts: list[Counter[str]] = [Counter() for _ in steps]
    starts = [step.first.isoformat() for step in steps]
    at = 0
    for day, value, count in sorted(daily, key=lambda row: row[0]):
        while at + 1 < len(starts) and starts[at + 1] <= day:
            at += 1
        name = none if value is None else value
        counts[at][name if name in names else others] += count
    return [
        charts.Bar(_tick(step, language), _bar_title(step, count, language, shown), count, _step_link(step))
        for step, count in zip(steps, counts, strict=True)
    ]


def _bar_title(step: Step, counts: Counter[str], language: Language, shown: Mapping[str, str]) -> str:
    articles = language.texts("%(number)s article", "%(number)s articles", counts.total())
    parts = ", ".join(
        f"{shown.get(name, name)} {language.number(count)}" for name, count in counts.most_common(charts.COLOURS)
    )
    return f"{_step_name(step, language)}: {articles} ({parts})"


def _tick(step: Step, language: Language) -> str:
    return f"{step.first.day}/{step.first.month}" if step.last.day - step.first.day < 7 else language.month(step.first)


def _step_name(step: Step, language: Language) -> str:
    first = language.day(step.first)
    return first if step.first == step.last else f"{first} – {language.day(step.last)}"


def _step_link(step: Step) -> str:
    return search_link(since=step.first.isoformat(), until=step.last.isoformat())


def _lag_buckets(lags: Sequence[tuple[int, int]], language: Language) -> list[tuple[str, int]]:
    plain = language.plain
    bounds = (
        (0, 1, plain("< 1 h")), (1, 2, plain("1–2 h")), (2, 4, plain("2–4 h")), (4, 8, plain("4–8 h")),
        (8, 24, plain("8–24 h")), (24, 48, plain("1–2 d")), (48, 1_000_000, plain("> 2 d")),
    )  # fmt: skip
    return [(label, sum(count for hours, count in lags if low <= hours < high)) for low, high, label in bounds]


def _lag_chart(lags: Sequence[tuple[int, int]], language: Language) -> Any:
    label = language.plain("Hours from publication to the first fetch")
    bars = [
        charts.Bar(name, f"{name}: {language.number(count)}", {label: count})
        for name, count in _lag_buckets(lags, language)
    ]
    return charts.bar_chart(bars, [label], label, width=charts.WIDE // 2)


# -- tables ----------------------------------------------------------------------------------------------------------


def _tables(figures: Overview, language: Language, database: str) -> dict[str, Any]:
    first, last = figures.period.first.isoformat(), figures.period.last.isoformat()

    def bar(share: float, label: str) -> Any:
        return charts.share_bar(share, label, language.share(share))

    copies = [
        (
            site, count, copied, bar(copied / count, f"{copied} / {count}"),
            f"/{database}/v_articles?site__exact={quote(site)}&is_copy__exact=1&day__gte={first}&day__lte={last}",
        )
        for site, count, copied in figures.copies[:_MAX_TABLE_SITES]
    ]  # fmt: skip
    counts = {site: count for site, count, _ in figures.copies}
    completeness = [
        {
            name: (bar(value, name), f"/{database}/articles?site__exact={quote(row['site'])}&{_MISSING[name]}")
            if name in _MISSING
            else value
            for name, value in row.items()
        }
        | {"articles": counts[row["site"]]}
        for row in sorted(figures.completeness, key=lambda row: -counts[row["site"]])[:_MAX_TABLE_SITES]
    ]
    return {"copies": copies, "completeness": completeness, "fields": list(_MISSING)}
