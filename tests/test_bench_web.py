"""The made-up collection of `make shots`: it has what the web pages show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.web.collection import NEWSPAPERS, fill_collection, write_profiles
from bench.web.pages import pages_of
from bench.web.texts import ARABIC, ENGLISH, Words
from crawler.profiles import read_profiles
from tests.made_up import rows

NOW = datetime(2031, 5, 20, 9, 30, tzinfo=UTC)


def test_the_collection_has_articles_copies_changes_failures_and_crawls(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    fill_collection(path, NOW, days=12)
    [counts] = rows(
        path,
        """SELECT count(*) AS articles, sum(duplicate_of IS NOT NULL) AS copies, count(DISTINCT site) AS sites,
               count(DISTINCT language) AS languages, max(first_seen) AS newest FROM articles""",
    )
    assert counts["articles"] > 150
    assert counts["copies"] > 3
    assert (counts["sites"], counts["languages"]) == (len(NEWSPAPERS), 2)
    assert counts["newest"] == "2031-05-20T09:05:00Z"
    assert rows(path, "SELECT 1 FROM revisions WHERE kind = 'update' LIMIT 1")
    outcomes = {row["outcome"] for row in rows(path, "SELECT DISTINCT outcome FROM pages")}
    assert {"new", "updated", "duplicate", "failed", "dropped", "blocked"} <= outcomes
    [runs] = rows(path, "SELECT count(*) AS all_runs, sum(finished IS NULL) AS killed FROM runs")
    assert runs == {"all_runs": 37 * len(NEWSPAPERS), "killed": 0}
    assert rows(path, "SELECT count(*) AS gaps FROM gaps") == [{"gaps": 0}]
    assert set(pages_of(path)) >= {"overview", "article_ar", "article_en", "story", "sites", "run"}


def test_the_collection_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        fill_collection(tmp_path / name, NOW, days=2)
    articles = "SELECT url, title, body, published, duplicate_of FROM articles ORDER BY id"
    assert rows(tmp_path / "a", articles) == rows(tmp_path / "b", articles)


def test_its_profiles_are_valid(tmp_path: Path) -> None:
    write_profiles(tmp_path)
    profiles, errors = read_profiles(tmp_path)
    assert (sorted(profiles), list(errors)) == (sorted(each.name for each in NEWSPAPERS), [])


@pytest.mark.parametrize("words", [ENGLISH, ARABIC])
def test_headlines_differ(words: Words) -> None:
    count = len(words.subjects) * len(words.events)
    assert len({words.title(number) for number in range(count)}) == count
