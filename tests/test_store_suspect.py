"""A page that stops being an article replaces nothing; a text of its own that it shows again hours later does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.pairs import pairs
from crawler.items import Article, Page, PageResult
from crawler.schedule.revisit import RevisitPolicy
from crawler.similarity.overlap import overlap
from crawler.store import Store
from tests.made_up import HOME, NOW, SITE, an_article, later, put, row, rows
from tests.newssite import PARAGRAPHS

BODY = "\n".join(PARAGRAPHS)
NOTICE = (
    "الموقع قيد الصيانة حاليا، نعمل على تحديث خوادمنا لنقدم لكم خدمة أفضل.\nنعتذر عن الإزعاج ونشكر لكم صبركم وثقتكم."
)
REWRITTEN = (
    "Dockers at Port Ellory went on strike this morning, hours after the reopening had been celebrated.\n"
    "Their union wants the promised bonus for the night shifts, which the company calls out of the question."
)
LIVE = "\n".join(
    f"{hour:02}:15 The council hears speaker number {hour}, who lives in street {hour * 7}." for hour in range(12)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    policy = RevisitPolicy(recheck_ages=(timedelta(hours=1), timedelta(days=1)))
    with Store(tmp_path / "news.db", policy=policy) as store:
        yield store


def signed(path: str, text: str, **fields: Any) -> Article:
    """An article whose page says when and by whom it was written."""
    values: dict[str, Any] = {"published": NOW, "published_from": "json-ld", "authors": ["Mara Ilves"]} | fields
    return an_article(path, text, **values)


def bodies(store: Store) -> dict[str, str]:
    return {
        found["url"].removeprefix(HOME): found["body"] for found in rows(store.path, "SELECT url, body FROM articles")
    }


def test_a_notice_in_any_language_replaces_no_text_and_the_page_is_rechecked(store: Store) -> None:
    put(store, signed("a", BODY))
    for hours in (1, 2, 20):
        assert put(store, an_article("a", NOTICE, title="صيانة"), later(hours=hours)) == "blocked"
    assert bodies(store) == {"a": BODY}
    assert rows(store.path, "SELECT * FROM revisions") == []
    page = row(store.path, "SELECT * FROM pages")
    assert (page["state"], page["outcome"], page["reason"], page["attempts"]) == ("done", "blocked", "suspect_text", 3)
    assert page["recheck_at"] > "2026-03-02T08:50"


def test_the_article_that_is_shown_again_ends_the_suspicion(store: Store) -> None:
    put(store, signed("a", BODY))
    put(store, an_article("a", NOTICE), later(hours=1))
    assert put(store, signed("a", BODY), later(hours=2)) == "unchanged"
    assert rows(store.path, "SELECT * FROM suspect_texts") == []
    put(store, an_article("a", NOTICE), later(hours=1))
    page = Page(url=HOME + "a", site=SITE, status=304, fetched=later(hours=3))
    store.record_outcomes([PageResult(page=page, outcome="unchanged")], later(hours=3))
    assert rows(store.path, "SELECT * FROM suspect_texts") == []


def test_a_new_text_of_its_own_is_an_update_when_it_is_seen_again_hours_later(store: Store) -> None:
    put(store, signed("a", BODY))
    assert put(store, signed("a", REWRITTEN), later(hours=1)) == "blocked"
    assert put(store, signed("a", REWRITTEN), later(hours=3)) == "blocked"
    assert put(store, signed("a", REWRITTEN + " More follows."), later(hours=8)) == "updated"
    assert bodies(store) == {"a": REWRITTEN + " More follows."}
    assert rows(store.path, "SELECT * FROM suspect_texts") == []


def test_a_text_without_date_and_authors_must_last_for_days(store: Store) -> None:
    put(store, signed("a", BODY))
    for hours in (1, 12, 45):
        assert put(store, an_article("a", REWRITTEN), later(hours=hours)) == "blocked"
    assert put(store, an_article("a", REWRITTEN), later(hours=74)) == "updated"


def test_a_clock_that_is_far_ahead_for_one_run_confirms_no_notice(store: Store) -> None:
    put(store, signed("a", BODY))
    for hours in (1, 12, 400 * 24):
        assert put(store, an_article("a", NOTICE), later(hours=hours)) == "blocked"
    assert bodies(store) == {"a": BODY}


def test_a_text_that_other_pages_of_the_site_show_is_never_an_update(store: Store) -> None:
    paths = "abc"
    for path in paths:
        put(store, signed(path, BODY.replace("pier", f"pier {path}")))
    for day in (1, 5, 9):
        notices = [signed(path, f"{REWRITTEN} Reference {path}{day}.") for path in paths]  # with date, authors, number
        assert [put(store, notice, later(days=day)) for notice in notices] == ["blocked"] * 3
    assert not any("Dockers" in body for body in bodies(store).values())


def test_the_home_page_in_place_of_articles_replaces_nothing_though_it_has_a_teaser(store: Store) -> None:
    put(store, signed("a", BODY))
    home = "\n".join(
        [PARAGRAPHS[0][:70], *(f"Teaser {n} of another story, which is longer than a title." for n in range(9))]
    )
    assert put(store, an_article("a", home), later(hours=1)) == "blocked"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_home_page_replaces_nothing_though_its_teaser_is_a_paragraph_or_the_whole_article(
    store: Store, count: int
) -> None:
    put(store, signed("a", "\n".join(PARAGRAPHS[:count])))
    others = [f"Report {n} is about harbour number {n}, where all {n} piers are open again." for n in range(9)]
    home = "\n".join([PARAGRAPHS[0], *others])
    for hours in (1, 12, 60):
        assert put(store, an_article("a", home), later(hours=hours)) == "blocked"


def test_a_page_that_leads_to_the_home_page_keeps_its_article_and_adds_none(store: Store) -> None:
    put(store, signed("a", BODY))
    home = an_article("", "Welcome to the paper.\n" + NOTICE, at="a")
    assert home.page is not None
    home.page.final_url, home.page.redirects = HOME, [HOME + "a"]
    assert put(store, home, later(hours=1)) == "blocked"
    assert bodies(store) == {"a": BODY}


def test_a_page_that_leads_to_another_article_adds_that_one(store: Store) -> None:
    put(store, signed("live/1", LIVE, at="live"))
    assert put(store, signed("live/2", REWRITTEN, at="live"), later(days=1)) == "new"


def test_an_article_replaces_a_notice_that_was_stored_in_its_place_at_once(store: Store) -> None:
    put(store, an_article("a", NOTICE))
    assert put(store, signed("a", BODY), later(hours=1)) == "updated"
    assert bodies(store) == {"a": BODY}


@pytest.mark.parametrize("kind", ["light", "edited", "agency", "spelling", "shortened", "half"])
def test_ordinary_corrections_update_at_once(store: Store, kind: str) -> None:
    for number, pair in enumerate([pair for pair in pairs(1) if pair.kind == kind][::5]):
        path = f"{kind}{number}"
        put(store, signed(path, "\n".join(pair.first.paragraphs)))
        changed = signed(path, "\n".join(pair.second.paragraphs), title="New title")
        assert put(store, changed, later(hours=1)) == "updated", pair


def test_a_live_blog_updates_while_its_older_entries_leave_the_page(store: Store) -> None:
    put(store, signed("a", LIVE))
    entries = LIVE.split("\n")
    newer = [
        f"{hour}:15 The council votes on motion {hour}, which came from street {hour * 7}." for hour in range(12, 20)
    ]
    for count in range(1, 9):
        text = "\n".join([*newer[count - 1 :: -1], *entries[: 12 - count]])
        assert put(store, signed("a", text), later(hours=count)) == "updated"


def test_a_page_that_loses_its_date_and_authors_but_keeps_its_text_is_an_update(store: Store) -> None:
    put(store, signed("a", BODY))
    assert put(store, an_article("a", BODY + "\nThe site has a new design."), later(hours=1)) == "updated"


def test_the_overlap_of_texts_depends_on_no_spaces_between_words() -> None:
    chinese = "港务局周二表示，旧北码头将在冬季前重新开放。工程师花了十一个月更换木桩。"
    corrected = "港务局周三表示，旧北码头将在冬季前重新开放。工程师花了十二个月更换木桩。"
    assert overlap(chinese, corrected) > 0.6
    assert overlap(chinese, "本网站正在维护，请稍后再试。感谢您的耐心等待，我们很快回来。") < 0.1
    assert overlap("", "") == 0
    assert overlap("one two", "one two") == 1
