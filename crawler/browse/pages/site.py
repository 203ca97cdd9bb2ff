"""The page of one site: how its crawls went, what it publishes, and what is known of its channels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

from crawler import clock
from crawler.browse import site_charts
from crawler.browse.charts import share_bar
from crawler.browse.languages import Language, language_of
from crawler.browse.learnt_template import template_lines
from crawler.browse.pages.page import is_link, read, render
from crawler.browse.pages.parameters import linker
from crawler.browse.site_profiles import effective_of, profile_of
from crawler.browse.site_states import STATES, site_state
from crawler.browse.usual_range import WEEKS, usual_range
from crawler.ledger import site_channels, site_ledger
from crawler.profile import SiteProfile
from crawler.store import Store
from crawler.store.database import Database
from crawler.store.read.sites import SitePast
from crawler.urls import readable_url

_POLL_DAYS, _DAYS, _CHART_DAYS, _LEDGER_DAYS = 14, 28, 56, 14
"""Days of the time line of polls; of outcomes and channels; of the charts; of the ledger. Chosen by hand."""

_CHANNELS, _SETS = 8, 14
"""Channels and sets of channels that the chart of their overlap has at most. Chosen by hand: they fit the page."""

_SHOWN_CHANNELS, _SHOWN_GAPS = 60, 30


def _(label: str) -> str:
    """Mark a label for translation: it is translated where it is printed."""
    return label


FIELDS = {
    "title": _("headline"),
    "body": _("text"),
    "date": _("date"),
    "authors": _("author"),
    "sure": _("sure of the text"),
}
"""Field of `run_days.quality` → its label."""

OUTCOMES = {
    "new": _("new"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "duplicate": _("duplicate"),
    "dropped": _("dropped"),
    "blocked": _("blocked"),
    "priced": _("priced"),
    "failed": _("failed"),
    "unfinished": _("unfinished"),
}

POLLS = {
    "poll-new": _("new articles"),
    "poll-quiet": _("nothing new"),
    "poll-problems": _("problems"),
    "poll-unreachable": _("no answer"),
    "no-poll": _("no poll"),
}
"""CSS class of an hour → its label."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What a page is made for."""

    site: str
    now: datetime
    language: Language

    def days(self, number: int) -> list[str]:
        """The last days, today included, ascending."""
        today = self.now.date()
        return [(today - timedelta(days=back)).isoformat() for back in reversed(range(number))]


async def site_page(request: Any, datasette: Any) -> Any:
    """One site. A site of which nothing is stored has a page if it has a profile."""
    wanted = _Request(unquote(request.url_vars["name"]), clock.now(), language_of(request))
    profile = profile_of(wanted.site)
    context = await read(datasette, lambda db: _site(db, wanted))
    if context is None and profile is None:
        return await render(datasette, request, "no_site", {"site": wanted.site}, status=404)
    context = (context or {"state": {}, "is_crawled": False}) | {
        "site": wanted.site,
        "profile": profile if isinstance(profile, SiteProfile) else None,
        "profile_problem": profile if isinstance(profile, str) else None,
        "effective": effective_of(profile) if isinstance(profile, SiteProfile) else [],
        "states": STATES,
        "outcomes": OUTCOMES,
        "fields": FIELDS,
        "polls": POLLS,
        "is_link": is_link,
        "readable": readable_url,
        "pages_link": linker("/-/ledger/pages", {"site": wanted.site}),
        "ledger_link": linker("/-/ledger", {"site": wanted.site}),
        "runs_link": linker("/-/runs", {"site": wanted.site}),
    }
    return await render(datasette, request, "site", context)


def _site(db: Database, wanted: _Request) -> dict[str, Any] | None:
    past = SitePast(db, wanted.site)
    if not past.is_known:
        return None
    store, row = Store.of(db), past.state()
    state, findings = site_state(store, wanted.site, row, wanted.now)
    days = past.days(wanted.days(_CHART_DAYS)[0])
    bounds = (date.fromisoformat(wanted.days(_LEDGER_DAYS)[0]), wanted.now.date())
    return {
        "is_crawled": True,
        "state": row,
        "state_name": state,
        "findings": findings,
        "counts": past.counts(wanted.now),
        "ledger": site_ledger(store, wanted.site, *bounds),
        "since": wanted.days(_DAYS)[0],
        "until": wanted.days(1)[0],
        "template_lines": template_lines(store.templates.get(wanted.site)),
        **_polls(past, wanted),
        **_published(past, wanted),
        **_outcomes(days, wanted),
        **_channels(past, store, wanted),
        **_fill(days, wanted),
    }


def _polls(past: SitePast, wanted: _Request) -> dict[str, Any]:
    days = list(reversed(wanted.days(_POLL_DAYS)))
    hours = past.hourly_polls(datetime.fromisoformat(f"{days[-1]}T00:00:00+00:00"))
    cells = {hour: (_poll_class(polls), _poll_words(hour, polls, wanted.language)) for hour, polls in hours.items()}
    table = [
        {"day": day}
        | {
            name: sum(polls[name] for hour, polls in hours.items() if hour.startswith(day))
            for name in ("polls", "new", "problems", "unreachable")
        }
        for day in days
    ]
    label = wanted.language.plain("Polls of the last %(days)s days by hour, UTC", days=_POLL_DAYS)
    return {"poll_chart": site_charts.hour_chart(days, cells, label), "poll_days": table}


def _poll_class(polls: dict[str, int]) -> str:
    if polls["unreachable"]:
        return "poll-unreachable"
    if polls["problems"]:
        return "poll-problems"
    return "poll-new" if polls["new"] else "poll-quiet"


def _poll_words(hour: str, polls: dict[str, int], language: Language) -> str:
    return language.plain(
        "%(time)s: %(polls)s polls, %(new)s new articles, %(problems)s with problems",
        time=f"{hour[:10]} {hour[11:]}:00",
        polls=language.number(polls["polls"]),
        new=language.number(polls["new"]),
        problems=language.number(polls["problems"] + polls["unreachable"]),
    )


def _published(past: SitePast, wanted: _Request) -> dict[str, Any]:
    days = wanted.days(_CHART_DAYS)
    counts = past.published_daily(wanted.days(_CHART_DAYS + 7 * WEEKS)[0], days[-1])
    first = date.fromisoformat(past.first_day() or days[-1])
    bands = [usual_range(counts, date.fromisoformat(day), first) for day in days]
    rows = [{"day": day, "articles": counts[day], "usual": band} for day, band in zip(days, bands, strict=True)]
    labels = [_day_words(row, wanted.language) for row in rows]
    name = wanted.language.plain("Articles a day, and the range that is usual on that day of the week")
    chart = site_charts.band_chart(days, [counts[day] for day in days], bands, labels, name)
    return {"published_chart": chart, "published_days": list(reversed(rows))}


def _day_words(row: dict[str, Any], language: Language) -> str:
    text = f"{row['day']}: {language.number(row['articles'])}"
    if row["usual"] is None:
        return text
    low, high = map(language.number, row["usual"])
    return f"{text} ({language.plain('usual: %(low)s to %(high)s', low=low, high=high)})"


def _outcomes(days: list[dict[str, Any]], wanted: _Request) -> dict[str, Any]:
    days = [day for day in days if day["day"] >= wanted.days(_DAYS)[0]]
    sums = Counter({name: sum(day[name] for day in days) for name in OUTCOMES})
    requested = sum(day["requested"] for day in days)
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for day in days:
        reasons.update({reason: pages for reason, pages in day["reasons"].items() if isinstance(pages, int)})
        examples |= day["examples"]
    return {
        "requested": requested,
        "outcome_rows": [
            (
                name,
                sums[name],
                share_bar(
                    sums[name] / requested, f"{sums[name]}/{requested}", wanted.language.share(sums[name] / requested)
                ),
            )
            for name in OUTCOMES
            if sums[name]
        ],
        "reasons": [(reason, pages, examples.get(reason)) for reason, pages in reasons.most_common()],
    }


def _channels(past: SitePast, store: Store, wanted: _Request) -> dict[str, Any]:
    first, last = wanted.days(_DAYS)[0], wanted.days(1)[0]
    named: dict[str, dict[str, Any]] = {row["url"]: row for row in site_channels(store, wanted.site, (first, last))}
    nothing = {"announced": 0, "alone": 0, "stale_since": None}
    rows = [row | {key: named.get(row["url"], nothing)[key] for key in nothing} for row in past.channels()]
    rows.sort(key=lambda row: -row["announced"])
    overlap = [(urls, pages) for urls, pages in past.overlap(first, last).most_common() if urls]
    return {
        "channels": rows[:_SHOWN_CHANNELS],
        "more_channels": max(len(rows) - _SHOWN_CHANNELS, 0),
        "gaps": list(reversed(store.ledger.gaps(wanted.site, wanted.days(_CHART_DAYS)[0], last)))[:_SHOWN_GAPS],
        "overlap_chart": _overlap_chart(overlap, list(named), wanted.language),
        "overlap": overlap[:_SETS],
    }


def _overlap_chart(overlap: list[tuple[frozenset[str], int]], urls: list[str], language: Language) -> Markup | None:
    """None if there is only one channel: nothing can overlap."""
    shown = urls[:_CHANNELS]
    numbers = {url: number for number, url in enumerate(shown)}
    sets = [(frozenset(numbers[url] for url in members), n) for members, n in overlap if members <= numbers.keys()]
    if len(shown) < 2 or not sets:
        return None
    name = language.plain("Pages by the channels that announced them")
    return site_charts.overlap_chart(sets[:_SETS], [_short(url) for url in shown], name)


def _short(url: str) -> str:
    """The end of a URL, which tells the channels of one site apart."""
    readable = readable_url(url).partition("://")[2].partition("/")[2] or readable_url(url)
    return readable if len(readable) <= 24 else "…" + readable[-23:]


def _fill(days: list[dict[str, Any]], wanted: _Request) -> dict[str, Any]:
    by_day = {day["day"]: day["quality"] for day in days}
    table = [(day, _shares(by_day.get(day, {}))) for day in wanted.days(_CHART_DAYS)]
    name = wanted.language.plain("Share of the extracted pages that have each field")
    chart = site_charts.share_chart(
        [day for day, _ in table], [[shares[field] for _, shares in table] for field in FIELDS], name
    )
    filled = [(day, shares) for day, shares in reversed(table) if any(share is not None for share in shares.values())]
    return {"fill_chart": chart, "fill_days": filled}


def _shares(quality: dict[str, int]) -> dict[str, float | None]:
    shares: dict[str, float | None] = {}
    for field in FIELDS:
        whole = quality.get("judged" if field == "sure" else "pages", 0)
        shares[field] = min(max(quality.get(field, 0) / whole, 0.0), 1.0) if whole > 0 else None
    return shares
