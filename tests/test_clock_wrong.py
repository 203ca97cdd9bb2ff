"""A clock that was wrong for some crawls: the next ones recognize the times that it wrote, and correct them once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from crawler.items import Page, PageResult
from crawler.schedule.revisit import ROBOTS_DISALLOW_ALL
from crawler.store import Store
from crawler.store.future_times import CORRECTED
from tests.conftest import Workplace
from tests.made_up import HOME, NOW, SITE, a_candidate, later
from tests.newssite import NewsSite, article_page
from tests.test_crawl_again import text_of

START = datetime(2026, 11, 10, 12, tzinfo=UTC)


class Days:
    """Crawls a site of which each crawl finds a new article, at chosen times."""

    def __init__(self, site: NewsSite, workplace: Workplace) -> None:
        self.site, self.workplace = site, workplace
        self.links: list[str] = []

    def due(self, hours: float, *, published: float | None = None, words: tuple[str, ...] = ()) -> tuple[int, str]:
        """Run `scrapy due` that many hours after the start, after an article was published; exit code and stderr."""
        number = len(self.links)
        moment = START + timedelta(hours=hours if published is None else published)
        page = article_page(f"Report {number}", text_of(number)).replace(
            "2026-11-10T08:30:00+00:00", moment.isoformat()
        )
        self.links.insert(0, self.site.put(f"/news/{number}.html", page))
        entries = "".join(
            f"<item><link>{link}</link><pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for link in self.links
        )
        feed = self.site.put("/feed.xml", f'<rss version="2.0"><channel>{entries}</channel></rss>', "text/xml")
        self.workplace.site_profile(self.site, feeds=[feed], article_url="'/news/'")
        self.workplace.environment["NEWS_NOW"] = (START + timedelta(hours=hours)).isoformat()
        result = self.workplace.run("due", "-L", "ERROR", *words)
        return result.returncode, result.stderr

    @property
    def stored(self) -> int:
        return len(self.workplace.rows("SELECT id FROM articles"))


@pytest.fixture
def days(site: NewsSite, workplace: Workplace) -> Days:
    return Days(site, workplace)


def times(workplace: Workplace) -> dict[str, datetime]:
    """The latest of all times that our clock wrote, by table and column."""
    found: dict[str, datetime] = {}
    tables = workplace.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    for table in (row["name"] for row in tables):
        for row in workplace.rows(f'SELECT * FROM "{table}"'):
            for column, value in row.items():
                if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
                    key, moment = f"{table}.{column}", datetime.fromisoformat(value)
                    found[key] = max(moment, found.get(key, moment))
    return found


@pytest.mark.parametrize("ahead", [400 * 24, 10])
def test_after_a_clock_that_was_ahead_the_site_is_polled_at_once_and_all_times_are_corrected(
    days: Days, workplace: Workplace, ahead: int
) -> None:
    assert days.due(0) == (0, "")
    assert days.due(8 + ahead, published=8) == (0, "")
    code, message = days.due(9)
    assert (code, len(message.splitlines())) == (0, 1)
    assert message.startswith(
        f"the clock was ahead in an earlier crawl, up to {START + timedelta(hours=8 + ahead):%Y-%m-%d}"
    )
    assert days.stored == 3
    later_times = {key: at for key, at in times(workplace).items() if at > START + timedelta(hours=9, minutes=10)}
    planned = {"sites.next_poll", "pages.recheck_at"}
    assert later_times.keys() <= planned
    assert later_times["sites.next_poll"] <= START + timedelta(hours=16)


def test_a_clock_that_has_fallen_back_stops_the_crawl_until_it_is_set_or_said_to_be_right(
    days: Days, workplace: Workplace
) -> None:
    for hours in (0, 24, 48):
        assert days.due(hours) == (0, "")
    before = times(workplace)
    for hours in (20, -400 * 24):
        code, message = days.due(hours, published=20)
        assert (code, "set the clock, or use -s NEWS_CLOCK_HOURS=0 once" in message) == (1, True)
    assert times(workplace) == before
    code, message = days.due(20, published=20, words=("-s", "NEWS_CLOCK_HOURS=0"))
    assert (code, "the clock was ahead" in message) == (0, True)
    assert days.due(44) == (0, ""), "it is reported once"
    assert days.stored == 7


def test_a_first_run_under_a_clock_that_was_ahead_is_recognized() -> None:
    with Store(":memory:") as store:
        store.runs.finish(store.runs.begin(SITE, {}, later(days=400)), {}, "finished", later(days=400, minutes=1))
        assert (found := store.future_times.find(NOW)) is not None
        assert found.are_wrong


def test_few_minutes_between_two_machines_are_no_wrong_clock() -> None:
    with Store(":memory:") as store:
        store.runs.finish(store.runs.begin(SITE, {}, later(minutes=9)), {}, "finished", later(minutes=10))
        assert store.future_times.find(NOW) is None


def test_a_run_during_which_the_clock_jumped_is_recognized() -> None:
    with Store(":memory:") as store:
        store.runs.finish(store.runs.begin(SITE, {}, NOW), {}, "finished", later(days=400))
        found = store.future_times.find(later(minutes=5))
        assert found is not None
        assert (found.newest, found.are_wrong) == (later(days=400), True)
        assert store.future_times.correct(later(minutes=5)) == 1
        assert store.future_times.find(later(minutes=5)) is None


def test_what_a_sane_clock_planned_before_stays() -> None:
    with Store(":memory:") as store:
        store.pages.enqueue(SITE, [a_candidate("a")], NOW)
        store.sites.record_poll(SITE, NOW, success=True, next_poll=later(hours=5))
        store.runs.finish(store.runs.begin("other", {}, later(days=9)), {}, "finished", later(days=9))
        store.future_times.correct(later(hours=1))
        assert store.sites.states()[SITE].next_poll == later(hours=5)


def test_pages_that_a_clock_far_ahead_has_given_up_are_due_again() -> None:
    with Store(":memory:") as store:
        store.pages.enqueue(SITE, [a_candidate(path) for path in "abc"], NOW)
        store.outages.record(SITE, ROBOTS_DISALLOW_ALL, [], NOW, run_started=NOW)
        for path, at, reason in (
            ("a", NOW, "http_404"),
            ("b", later(days=400), "http_404"),
            ("c", None, ROBOTS_DISALLOW_ALL),
        ):
            page = Page(url=HOME + path, site=SITE, status=404, fetched=at)
            store.record_outcomes([PageResult(page=page, outcome="failed", reason=reason)], at or later(days=400))
        store.runs.finish(store.runs.begin(SITE, {}, later(days=400)), {}, "finished", later(days=400))
        assert {page.url for page in store.pages.pending(SITE, later(days=1))} == {HOME + "a"}
        store.future_times.correct(later(hours=12))
        assert {page.url for page in store.pages.pending(SITE, later(days=1))} == {HOME + path for path in "abc"}


def test_every_column_with_a_time_is_corrected() -> None:
    not_corrected = {
        ("sites", "next_poll"),  # what was planned is due at once instead
        ("run_days", "started"),  # days that are still to come are deleted
        ("run_days", "finished"),
        ("channels", "oldest_listed"),  # dates of the site, not of our clock
        ("channels", "newest_listed"),
        ("gaps", "since"),
        ("gaps", "until"),
    }
    with Store(":memory:") as store:
        endings = {name.rpartition("_")[2] for names in CORRECTED.values() for name in names}
        times = {
            (table, column.name)
            for table in store._db.table_names()
            for column in store._db.table(table).columns
            if column.type == "TEXT" and column.name.rpartition("_")[2] in endings
        }
    corrected = {(table, name) for table, names in CORRECTED.items() for name in names}
    assert times - corrected == not_corrected
