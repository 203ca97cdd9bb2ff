"""What the commands say and do about named exports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler import clock
from crawler.cli.base import print_error, update_search_index
from crawler.cli.site_choice import unknown_site
from crawler.crawl.from_settings import open_store
from crawler.export import ExportError
from crawler.exporting.exports_file import read_exports
from crawler.exporting.named import NamedExport
from crawler.exporting.request import ExportRequest
from crawler.exporting.time_zone import local_zone
from crawler.home import Home, program
from crawler.profile import SiteProfile
from crawler.store import Store
from crawler.store.scheduled_exports import ScheduledState
from crawler.text import counted


def prepare_request(
    store: Store, profiles: Mapping[str, SiteProfile], others: Collection[str], request: ExportRequest
) -> ExportRequest:
    """Make the request of a scheduled export ready. `others`: names of broken profiles. Raises ExportError for a site
    that does not exist."""
    article_filter, known = request.article_filter, profiles.keys() | set(others)
    if article_filter.sites and (unknown := set(article_filter.sites) - known - store.sites.summaries().keys()):
        raise ExportError(unknown_site(min(unknown), ""))
    if article_filter.query is not None:
        update_search_index(store)
    return replace(request, sites=profiles)


def list_exports(home: Home, settings: BaseSettings) -> int:
    """Print the exports of a home, with their states; the exit code, 1 if something is wrong with one."""
    exports, problems = read_exports(home.exports)
    states: dict[str, ScheduledState] = {}
    if exports and Path(str(settings["NEWS_DB"])).exists():
        with open_store(settings, create=False) as store:
            states = store.scheduled_exports.states()
    for name, export in exports.items():
        print(f"{name}: {describe(export)}\n    {state_line(export, states.get(name), clock.now())}")
    for problem in problems:
        print_error(problem)
    if not exports and not problems:
        print(f"no exports; `{program()} every morning --excel news.xlsx` adds one")
    return 1 if problems or any(states[name].problem for name in exports.keys() & states.keys()) else 0


def describe(export: NamedExport) -> str:
    """What an export contains, where, and when: `articles of daily, since 7 days, to /home/me/news.xlsx, every day at
    07:00 (Asia/Damascus)`."""
    what = {"articles": "articles", "related": "related articles", "stories": "stories"}[export.what]
    return f"{what}{_conditions(export)} to {export.file}, {export.times}"


def _conditions(export: NamedExport) -> str:
    parts = [
        f" of {', '.join(export.sites)}" if export.sites else " of all sites",
        f" in {export.language}" if export.language else "",
        f" at least {export.min_confidence:.0%} sure" if export.min_confidence is not None else "",
        f" of the category {', '.join(export.categories)}" if export.categories else "",
        f" with “{export.query}”" if export.query else "",
        f" since {export.since}" if export.since else "",
        ", only what is new since the last time," if export.since_last else "",
        ", one of each story," if export.stories else "",
        ", copies included," if export.with_duplicates else "",
    ]
    return "".join(parts).removesuffix(",")


def state_line(export: NamedExport, state: ScheduledState | None, now: datetime) -> str:
    """When it was written last, what is wrong, and when it is written next."""
    if state is None or state.due is None:
        last = "not written yet; it is written at the next run of the schedule"
    else:
        written = shown(state.written or state.due, export.times.zone)
        is_due = export.times.last(now) > state.due
        following = "due now" if is_due else f"next {shown(export.times.next(now), export.times.zone)}"
        last = f"last {written}: {counted(state.rows or 0, 'row')}; {following}"
    return last + (f"; failed: {state.problem}" if state is not None and state.problem else "")


def shown(moment: datetime, zone: tzinfo | None = None) -> str:
    """A moment for people, in a time zone; by default this computer's."""
    return f"{moment.astimezone(zone or local_zone()):%a %Y-%m-%d %H:%M}"
