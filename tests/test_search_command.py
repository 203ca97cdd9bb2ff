"""`scrapy search` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.store import Store
from tests.conftest import Workplace
from tests.inprocess import Commands
from tests.made_up import HOME, NOW, an_article, later, put


@pytest.fixture
def stored(workplace: Workplace) -> Workplace:
    """Three articles, one of them a copy."""
    with Store(workplace.database) as store:
        put(store, an_article("a", "ذهبت وبالمَدرسة حديقة", title="خبر", published=NOW, language="ar", category="محلي"))
        put(
            store,
            an_article("b", "The harbour wall <b>fell</b>", title="Harbour", published=later(days=-3), language="en"),
        )
        put(store, an_article("c", "ذهبت وبالمَدرسة حديقة", title="خبر", site="other"))
    return workplace


@pytest.fixture
def scrapy(stored: Workplace, capfd: pytest.CaptureFixture[str]) -> Commands:
    """Commands on that database."""
    return Commands(stored.database, capfd)


def test_search_marks_the_matches(stored: Workplace) -> None:
    result = stored.run("search", "مدرسة")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("1  خبر\n    example · 2026-03-01T12:00:00Z · محلي\n    ذهبت وبالمَدرسة حديقة\n")
    assert "other · seen 2026-03-01T12:00:00Z · copy of 1" in result.stdout
    assert "\x1b" not in result.stdout


def test_search_filters_and_says_when_there_is_nothing(scrapy: Commands) -> None:
    for words in (("--since", "2026-04-01"), ("--language", "en"), ("--until", "2020-01-01")):
        result = scrapy("search", "مدرسة", *words)
        assert (result.code, result.out, result.err) == (0, "", "no matches\n"), words
    assert scrapy("search", "harbour", "wall", "--until", "2026-02-28").out.count(HOME) == 1


def test_search_gives_json(scrapy: Commands) -> None:
    result = scrapy("search", "harbour", "--json", "--limit", "1")
    [row] = json.loads(result.out)
    assert row.pop("score") > 0
    assert row == {
        "id": 2,
        "url": HOME + "b",
        "site": "example",
        "title": "[[Harbour]]",
        "snippet": "The [[harbour]] wall <b>fell</b>",
        "published": "2026-02-26T12:00:00Z",
        "published_precision": None,
        "first_seen": "2026-03-01T12:00:00Z",
        "language": "en",
        "category": None,
        "duplicate_of": None,
        "story_id": 2,
        "story_articles": 1,
    }
    assert json.loads(scrapy("search", "nowhere", "--json").out) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "the query is missing"),
        (("((",), "the query contains no word"),
        (("w " * 3000,), "the query has 3000 words"),
        (("x", "--limit", "many"), "--limit many: must be a whole number"),
        (("x", "--limit", "0"), "--limit 0: must be a whole number"),
        (("x", "--since", "soon"), "must be a date like"),
    ],
)
def test_wrong_usage_is_one_sentence(scrapy: Commands, words: tuple[str, ...], message: str) -> None:
    result = scrapy("search", *words)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err


def test_a_query_of_operators_and_broken_letters_is_a_query(stored: Workplace) -> None:
    result = stored.run("search", 'NEAR("a" OR title:) \udcff')
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "no matches\n")


def test_the_index_is_rebuilt_on_request(scrapy: Commands) -> None:
    result = scrapy("search", "--reindex")
    assert (result.code, result.out, result.err) == (0, "", "3 articles indexed\n")


def test_a_missing_database_is_reported_by_search(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = Commands(tmp_path / "none.db", capfd)("search", "x")
    assert result.code == 1
    assert "does not exist; crawl a site first" in result.err
