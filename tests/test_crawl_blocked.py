"""A consent or bot wall is an outcome of its own: counted, reported, retried ever later, given up in the end."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import OUTCOMES, Page, PageResult
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import HOME, NOW, SITE, a_candidate, an_article, enqueue, pending, put, row
from tests.newssite import PARAGRAPHS, NewsSite, article_page

PAST = "2026-01-01T00:00:00Z"
WALL = (
    "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    "<p>Enable JavaScript and cookies to continue. Ray ID 7f3.</p></body></html>"
)


def test_a_wall_is_blocked_and_its_page_is_fetched_when_it_has_gone(site: NewsSite, workplace: Workplace) -> None:
    links = [site.put("/news/1.html", WALL), site.article("/news/2.html", "Two"), site.put("/news/3.html", "<p>x</p>")]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    first = workplace.run("crawl", "local")
    assert first.returncode == 0
    (run,) = workplace.rows("SELECT * FROM runs")
    assert (run["new"], run["dropped"], run["blocked"], run["failed"]) == (1, 1, 1, 0)
    assert run["requested"] == 3 == sum(run[name] for name in (*OUTCOMES, "unfinished"))
    assert json.loads(run["examples"])["wall"] == links[0]
    assert json.loads(run["quality"])["pages"] == 2, "what stands on a wall says nothing of the site's articles"
    assert "\n  blocked          1\n" in first.stderr
    (page,) = workplace.rows("SELECT * FROM pages WHERE outcome = 'blocked'")
    assert (page["state"], page["reason"], page["status"], page["attempts"]) == ("pending", "wall", 200, 1)
    wait = datetime.fromisoformat(page["next_attempt"]) - datetime.fromisoformat(page["fetched"])
    assert 400 < wait.total_seconds() < 800, "ten minutes, a quarter more or less"
    (shown,) = json.loads(workplace.run("status", "--json").stdout)["runs"]
    assert shown["blocked"] == 1
    assert shown["errors"]["wall"] == {"pages": 1, "example": links[0]}
    assert "blocked" in workplace.run("status").stdout

    before = len(site.seen)
    workplace.run("crawl", "local")
    assert "/news/1.html" not in site.paths()[before:], "its time has not come"
    workplace.change("UPDATE pages SET next_attempt = ? WHERE outcome = 'blocked'", PAST)
    site.put("/news/1.html", article_page("One", tuple(f"The wall has gone, line {n} of it. " * 5 for n in range(3))))
    site.feed("/feed.xml", [])  # dropped from the feed meanwhile
    workplace.run("crawl", "local")
    assert len(workplace.rows("SELECT id FROM articles")) == 2


def test_a_wall_before_a_stored_article_costs_neither_the_article_nor_its_next_recheck(
    site: NewsSite, workplace: Workplace
) -> None:
    link = site.article("/news/1.html", "One")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [link])])
    recheck = ("crawl", "local", "-s", "NEWS_RECHECK_HOURS=1 9999 99999999")
    workplace.run(*recheck)
    (before,) = workplace.rows("SELECT body_hash FROM pages")
    workplace.change("UPDATE pages SET recheck_at = ?", PAST)
    site.put("/news/1.html", WALL)
    workplace.run(*recheck)
    (page,) = workplace.rows("SELECT * FROM pages")
    assert (page["state"], page["outcome"], page["gone"]) == ("done", "blocked", None)
    assert (page["attempts"], page["body_hash"]) == (1, before["body_hash"])
    assert page["recheck_at"] > page["fetched"]
    assert workplace.rows("SELECT title, gone FROM articles") == [{"title": "One", "gone": None}]
    assert workplace.rows("SELECT * FROM revisions") == []


def test_a_maintenance_page_with_status_200_changes_no_article_and_is_said(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [
        site.article(f"/news/{n}.html", f"Title {n}", paragraphs=tuple(f"{p} Boat {n}." for p in PARAGRAPHS))
        for n in range(3)
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    before = workplace.rows("SELECT title, body, published FROM articles")
    notice = (
        "نعمل حاليا على تحديث خوادمنا لنقدم لكم خدمة أفضل، ونعتذر عن الإزعاج، ونشكر لكم صبركم وثقتكم بنا دائما. " * 4
    )
    for link in links:
        site.put(
            link.removeprefix(site.url.rstrip("/")),
            f"<html><h1>صحيفة الميناء</h1><article><p>{notice}</p></article></html>",
        )
    exported = workplace.folder / "out.jsonl"
    result = workplace.run("crawl", "local", "-a", "force=1", "-O", str(exported))
    assert result.returncode == 0, result.stderr
    assert workplace.rows("SELECT title, body, published FROM articles") == before
    (run,) = workplace.rows("SELECT requested, blocked, reasons FROM runs ORDER BY id DESC LIMIT 1")
    assert run == {"requested": 3, "blocked": 3, "reasons": '{"suspect_text": 3}'}
    assert not exported.exists() or exported.read_text() == ""
    assert len(workplace.rows("SELECT id FROM archive WHERE current = 1")) == 3


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "news.db", policy=RevisitPolicy(max_attempts=3, young=timedelta()))


def block(store: Store, path: str) -> None:
    ended = Page(url=HOME + path, site=SITE, status=200, fetched=NOW)
    store.record_outcomes([PageResult(page=ended, outcome="blocked", reason="wall", retry=True)], NOW)


def test_a_page_that_stays_behind_its_wall_is_given_up_in_the_end_and_can_be_reset(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    for _ in range(2):
        block(store, "a")
        assert pending(store) == ["a"]
    block(store, "a")
    assert pending(store) == []
    assert row(store.path, "SELECT state, outcome FROM pages") == {"state": "given_up", "outcome": "blocked"}
    assert store.pages.reset(failed=True) == 1
    assert pending(store) == ["a"]


def test_failures_before_the_first_success_do_not_count_for_the_rechecks(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    for _ in range(2):
        block(store, "a")
    put(store, an_article("a"))
    for attempt in (1, 2):
        block(store, "a")
        page = row(store.path, "SELECT attempts, recheck_at FROM pages")
        assert page["attempts"] == attempt
        assert page["recheck_at"] is not None
    block(store, "a")
    assert row(store.path, "SELECT attempts, recheck_at FROM pages") == {"attempts": 3, "recheck_at": None}
