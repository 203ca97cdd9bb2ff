"""When pages are requested again: after failures, after a channel's modification date, by age; and pages that went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, Page, PageResult, Validators
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import Completion, Store
from tests.made_up import HOME, LONG, NOW, SITE, a_candidate, an_article, enqueue, later, put, row

AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(
        tmp_path / "news.db", policy=RevisitPolicy(max_attempts=3, young=timedelta(), recheck_ages=AGES)
    ) as opened:
        yield opened


def page(store: Store, path: str = "a") -> dict[str, Any]:
    return row(store.path, "SELECT * FROM pages WHERE url = ?", HOME + path)


def time_of(store: Store, name: str, path: str = "a") -> datetime | None:
    value = page(store, path)[name]
    return value and datetime.fromisoformat(value)


def end(
    store: Store, outcome: Any, *, now: datetime = NOW, path: str = "a", retry: bool = False, **fields: Any
) -> None:
    """Let a request end without an article."""
    made = Page(url=HOME + path, site=SITE, **({"fetched": now} | fields))
    store.record_outcomes([PageResult(page=made, outcome=outcome, reason="r", retry=retry)], now)


def rechecked(store: Store, hours: float) -> list[str]:
    return [page.url.removeprefix(HOME) for page in store.pages.rechecks(SITE, later(hours=hours))]


def test_a_page_that_failed_waits_for_its_next_attempt_and_is_counted_as_waiting(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"))
    end(store, "failed", retry=True)
    attempt = time_of(store, "next_attempt")
    assert attempt is not None
    assert later(minutes=7.5) <= attempt <= later(minutes=12.5)
    assert [page.url for page in store.pages.pending(SITE, NOW)] == [HOME + "b"]
    assert (store.pages.count_due(SITE, NOW), store.pages.count_waiting(SITE, NOW)) == (1, 1)
    assert store.pages.next_attempt(SITE, NOW) == attempt
    late = attempt + timedelta(seconds=1)
    assert (store.pages.count_due(SITE, late), store.pages.count_waiting(SITE, late)) == (2, 0)
    assert store.pages.next_attempt(SITE, late) is None
    assert store.pages.count_waiting("other", NOW) == 0


def test_an_attempt_planned_by_a_clock_far_ahead_is_made_now(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    end(store, "failed", retry=True, now=later(days=300))
    assert [page.url for page in store.pages.pending(SITE, NOW)] == [HOME + "a"]
    assert store.pages.count_waiting(SITE, NOW) == 0


def test_a_host_that_asks_for_more_time_gets_it(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    end(store, "failed", retry=True, not_before=later(hours=2))
    assert time_of(store, "next_attempt") == later(hours=2)
    end(store, "failed", retry=True, not_before=later(seconds=1))
    attempt = time_of(store, "next_attempt")
    assert attempt is not None
    assert attempt >= later(minutes=22.5)


def test_the_last_attempt_gives_up_and_so_does_a_failure_that_stays(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"))
    for state in ("pending", "pending", "given_up"):
        end(store, "failed", retry=True)
        assert page(store)["state"] == state
    end(store, "blocked", path="b")
    assert (page(store, "b")["state"], page(store, "b")["next_attempt"]) == ("given_up", None)


def test_validators_are_those_of_the_last_answer_that_was_kept(store: Store) -> None:
    article = an_article("a", published=NOW)
    assert article.page is not None
    article.page.etag, article.page.last_modified, article.page.body_hash = '"1"', "today", "abc"
    article.page.directives = ("noai", "noarchive")
    put(store, article)
    known = Validators(etag='"1"', last_modified="today", body_hash="abc")
    [due] = store.pages.rechecks(SITE, later(hours=2))
    assert (due.validators, due.is_recheck) == (known, True)
    assert page(store)["directives"] == "noai noarchive"
    end(store, "unchanged", status=304, now=later(hours=2))
    [due] = store.pages.rechecks(SITE, later(hours=5))
    assert due.validators == known, "a 304 has none"
    assert page(store)["directives"] == "noai noarchive"
    end(store, "dropped", body_hash="def", etag='"2"', now=later(hours=3))
    assert (page(store)["etag"], page(store)["last_modified"], page(store)["body_hash"]) == (None, None, None)
    enqueue(store, a_candidate("a"), again=True)
    [pending] = store.pages.pending(SITE)
    assert (pending.validators, pending.is_recheck) == (Validators(), False)


def test_an_article_is_rechecked_at_the_ages_of_the_policy_counted_from_its_publication(store: Store) -> None:
    put(store, an_article("a", published=later(minutes=-30)))
    assert time_of(store, "recheck_at") == later(minutes=30)
    assert rechecked(store, 0.4) == []
    assert rechecked(store, 0.5) == ["a"]
    end(store, "unchanged", now=later(hours=1))
    assert (time_of(store, "recheck_at"), page(store)["rechecks"]) == (later(hours=3.9), 1), "4.4 hours of age"
    end(store, "unchanged", now=later(hours=9))
    assert (time_of(store, "recheck_at"), page(store)["rechecks"]) == (None, 2)
    assert row(store.path, "SELECT last_seen FROM articles")["last_seen"] == "2026-03-01T21:00:00Z"


@pytest.mark.parametrize(
    ("fields", "listed", "expected"),
    [
        ({"published": later(minutes=-30), "published_precision": "day"}, None, later(hours=1)),
        ({"published": later(minutes=-30), "published_precision": "day"}, later(minutes=-20), later(minutes=40)),
        ({"published": later(minutes=-30), "published_precision": "minute"}, later(minutes=-20), later(minutes=30)),
        ({}, None, later(hours=1)),
        ({"published": later(hours=9), "published_precision": "minute"}, None, later(hours=1)),
        ({"published": later(hours=-2), "published_precision": "minute"}, None, later(hours=2)),
        ({"published": later(hours=-4), "published_precision": "minute"}, None, later(hours=20)),
        ({"published": later(hours=-24), "published_precision": "minute"}, None, None),
    ],
)
def test_the_age_counts_from_the_best_known_moment_of_publication(
    store: Store, fields: dict[str, Any], listed: datetime | None, expected: datetime | None
) -> None:
    enqueue(store, a_candidate("a", published=listed))
    put(store, an_article("a", **fields))
    assert time_of(store, "recheck_at") == expected


def test_a_page_without_an_article_is_never_rechecked(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    end(store, "dropped")
    assert page(store)["recheck_at"] is None
    assert rechecked(store, 999) == []


def test_rechecks_come_in_the_order_in_which_they_have_waited(store: Store) -> None:
    for path, minutes in (("late", -10), ("early", -30), ("later", 0)):
        put(store, an_article(path, f"text {path}", published=later(minutes=minutes)))
    assert rechecked(store, 2) == ["early", "late", "later"]
    assert store.pages.count_due(SITE, later(hours=2)) == 3
    assert rechecked(store, 0.9) == ["early", "late"]


def test_a_recheck_that_fails_is_tried_again_as_often_as_a_new_page(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    end(store, "failed", retry=True)
    put(store, an_article("a", published=NOW))
    for attempts in (1, 2):
        end(store, "failed", retry=True, now=later(hours=1))
        assert (page(store)["state"], page(store)["attempts"]) == ("done", attempts)
        attempt = time_of(store, "recheck_at")
        assert attempt is not None
        assert attempt > later(hours=1)
    end(store, "failed", retry=True, now=later(hours=1))
    assert (page(store)["state"], page(store)["recheck_at"]) == ("done", None)


def test_an_article_is_gone_after_a_404_which_is_confirmed_a_day_and_a_week_later(store: Store) -> None:
    put(store, an_article("a", published=NOW))

    def gone() -> Any:
        return row(store.path, "SELECT gone FROM articles")["gone"]

    end(store, "failed", status=404, now=later(hours=1))
    assert (page(store)["state"], gone()) == ("done", "2026-03-01T13:00:00Z")
    assert time_of(store, "recheck_at") == later(days=1, hours=1)
    end(store, "failed", status=410, now=later(days=2))
    assert time_of(store, "recheck_at") == later(days=7, hours=1)
    end(store, "failed", status=404, now=later(days=8))
    assert (page(store)["recheck_at"], gone()) == (None, "2026-03-01T13:00:00Z")
    enqueue(store, a_candidate("a"), again=True)
    end(store, "unchanged", now=later(days=9))
    assert (page(store)["gone"], gone()) == (None, None)


def test_another_failure_of_a_stored_article_does_not_make_it_gone(store: Store) -> None:
    put(store, an_article("a", published=NOW))
    end(store, "failed", status=403, now=later(hours=1))
    assert row(store.path, "SELECT gone FROM articles")["gone"] is None
    enqueue(store, a_candidate("b"))
    end(store, "failed", status=404, path="b")
    assert (page(store, "b")["state"], page(store, "b")["gone"]) == ("given_up", None)


@pytest.mark.parametrize(
    ("modified", "listed", "is_due"),
    [(30, 1, True), (30, 0.9, False), (0, 1, False), (-30, 1, False), (25 * 60, 1, True), (25 * 60 + 1, 1, False)],
)
def test_a_page_that_its_channel_dates_after_its_last_request_is_rechecked(
    store: Store, modified: float, listed: float, is_due: bool
) -> None:
    put(store, an_article("a", published=later(days=-9)))
    enqueue(store, a_candidate("a", modified=later(minutes=modified)), now=later(hours=listed))
    assert rechecked(store, listed) == ["a"] * is_due


def test_a_channel_whose_dates_prove_wrong_is_believed_less_and_less(store: Store) -> None:
    put(store, an_article("a", published=later(days=-9)))
    enqueue(store, a_candidate("a", modified=later(hours=1)), now=later(hours=1))
    end(store, "unchanged", now=later(hours=1))
    enqueue(store, a_candidate("a", modified=later(hours=2.9)), now=later(hours=2.9))
    assert rechecked(store, 9) == []
    enqueue(store, a_candidate("a", modified=later(hours=3)), now=later(hours=3))
    assert rechecked(store, 9) == ["a"]
    put(store, changed(), later(hours=3))
    assert page(store)["rechecks"] == 0, "it was right"


def changed() -> Article:
    article = an_article("a", f"{LONG} Corrected.", published=later(days=-9))
    assert article.page is not None
    article.page.fetched = later(hours=3)
    return article


def test_the_rechecks_of_a_site_and_what_they_corrected_are_counted_and_halved_at_two_hundred(store: Store) -> None:
    put(store, an_article("a", published=later(days=-9)))
    put(store, changed(), later(hours=3))

    def counts() -> tuple[int, int]:
        record = row(store.path, "SELECT rechecks, corrections FROM sites")
        return record["rechecks"], record["corrections"]

    assert counts() == (1, 1)
    results = [PageResult(page=Page(url=HOME + "a", site=SITE, fetched=NOW), outcome="unchanged") for _ in range(198)]
    store.record_outcomes(results, NOW)
    assert counts() == (199, 1)
    end(store, "unchanged")
    assert counts() == (100, 0)


# -- reset -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(store: Store) -> Store:
    """One article, one page given up, one page of another site given up."""
    put(store, an_article("a", published=NOW))
    enqueue(store, a_candidate("b"))
    end(store, "failed", path="b")
    store.channels.record_answer("other", "feed", HOME, [a_candidate("c")], NOW, status=200)
    store.record_outcomes([PageResult(page=Page(url=HOME + "c", site="other"), outcome="failed")], NOW)
    for site in (SITE, "other"):
        store.sites.record_poll(site, NOW, success=False, next_poll=later(hours=1))
    store.channels.record_complete(SITE, HOME + "feed", Completion(Validators(etag='"1"'), "v1"), NOW)
    return store


def pending(store: Store) -> list[str]:
    return sorted(page.url.removeprefix(HOME) for site in (SITE, "other") for page in store.pages.pending(site))


@pytest.mark.parametrize(
    ("which", "paths", "due", "channel_is_read"),
    [
        ({"url": HOME + "a"}, ["a"], {SITE}, False),
        ({"url": HOME + "nothing"}, [], set(), False),
        ({"site": SITE}, ["a", "b"], {SITE}, True),
        ({"failed": True}, ["b", "c"], {SITE, "other"}, False),
        ({"site": SITE, "failed": True}, ["b"], {SITE}, False),
        ({"site": SITE, "url": HOME + "b"}, ["b"], {SITE}, False),
    ],
)
def test_pages_are_reset_by_url_site_and_failure(
    three: Store, which: dict[str, Any], paths: list[str], due: set[str], channel_is_read: bool
) -> None:
    assert three.pages.reset(**which, dry=True) == len(paths)
    assert pending(three) == []
    assert three.pages.reset(**which) == len(paths)
    assert pending(three) == paths
    states = three.sites.states()
    assert {site for site, state in states.items() if state.next_poll is None} == due
    assert (states[SITE].failures == 0) is ("site" in which)
    validators = three.channels.state(SITE, HOME + "feed", "v1", NOW).validators
    assert (validators == Validators()) is channel_is_read


def test_a_page_is_reset_by_its_final_url_and_by_that_of_its_article(store: Store) -> None:
    for at, path in (("x", "own"), ("y", "second")):
        article = an_article(path, f"text {path}", at=at)
        assert article.page is not None
        article.page.final_url = HOME + at + "final"
        put(store, article)
    assert store.pages.reset(url=HOME + "own", dry=True) == 1
    assert store.pages.reset(url=HOME + "yfinal", dry=True) == 1
    assert store.pages.reset(url=HOME + "x", dry=True) == 1


def test_a_page_is_fetched_if_a_request_since_then_gave_a_page(store: Store) -> None:
    put(store, an_article("a"))
    enqueue(store, a_candidate("b"), a_candidate("c"))
    end(store, "failed", path="b")
    end(store, "dropped", path="c", final_url=HOME + "c2")
    urls = {path: store.pages.is_fetched([HOME + path], NOW) for path in ("a", "b", "c", "c2", "d")}
    assert urls == {"a": True, "b": False, "c": True, "c2": True, "d": False}
    assert store.pages.is_fetched([HOME + "d", HOME + "a"], NOW)
    assert not store.pages.is_fetched([HOME + "a"], later(seconds=1))
    enqueue(store, a_candidate("a"), again=True)
    assert not store.pages.is_fetched([HOME + "a"], NOW)
