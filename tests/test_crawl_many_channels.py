"""Profiles with more channels than a run may request: they take turns, and none is left out for long."""

from __future__ import annotations

from datetime import datetime

from tests.conftest import Workplace
from tests.newssite import NewsSite

CRAWL = ("crawl", "local", "-a", "max_articles=0", "-s", "NEWS_MAX_CHANNEL_PAGES=8")


def polled(site: NewsSite, workplace: Workplace) -> list[str]:
    before = len(site.seen)
    result = workplace.run(*CRAWL)
    assert result.returncode == 0, result.stderr
    return [path for path in site.paths()[before:] if path != "/robots.txt"]


def test_more_channels_than_a_run_may_request_take_turns_behind_the_first_ones(
    site: NewsSite, workplace: Workplace
) -> None:
    for n in range(20):
        site.put(f"/s{n}", f"<html><body><a href='/news/{n}'>What happened in town {n} today</a></body></html>")
    site.put("/s19", "<html><body>unfinished", status=500)
    feed = site.feed("/feed", [f"{site.url}news/{n}" for n in range(90, 93)])
    sections = [f"{site.url}s{n}" for n in range(20)]
    workplace.site_profile(site, feeds=[feed], sections=sections, article_url=r"'/news/\d+$'")
    runs = [polled(site, workplace) for _ in range(4)]
    assert sorted(runs[0]) == ["/feed", "/s0", "/s1", "/s2", "/s3", "/s4"], (
        "a quarter of eight is left to further pages"
    )
    assert all("/feed" in run for run in runs)
    assert all(len(set(run)) <= 8 for run in runs)
    assert {path for run in runs for path in run} == {"/feed", *(f"/s{n}" for n in range(20))}
    assert len(workplace.rows("SELECT id FROM pages")) == 22
    skipped = workplace.rows("SELECT skipped->>'channel_page_over_limit' AS n FROM runs")
    assert [row["n"] for row in skipped] == [15] * 4


def test_a_site_with_channels_that_were_never_read_is_due_again_at_once(site: NewsSite, workplace: Workplace) -> None:
    for n in range(9):
        site.put(f"/s{n}", "<html><body>No news today</body></html>")
    sections = [f"{site.url}s{n}" for n in range(9)]
    workplace.site_profile(site, sections=sections, article_url=r"'/news/\d+$'")
    minutes = []
    for _ in range(2):
        polled(site, workplace)
        (row,) = workplace.rows("SELECT last_poll, next_poll FROM sites")
        times = [datetime.fromisoformat(row[name]) for name in ("last_poll", "next_poll")]
        minutes.append((times[1] - times[0]).total_seconds() / 60)
    assert minutes[0] == 5, "NEWS_MIN_INTERVAL"
    assert minutes[1] > 15, "as often as a site of which nothing is known"
