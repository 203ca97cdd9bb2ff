"""`scrapy restore` puts back what a notice replaced, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler.store import ArticleFilter, Store
from crawler.store.articles.suspect import SuspectTexts
from tests.conftest import Workplace
from tests.made_up import HOME, SITE, an_article, later, put, row, rows
from tests.newssite import PARAGRAPHS
from tests.test_store_suspect import NOTICE, REWRITTEN, signed


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two articles that one notice replaced, one rewritten, one corrected, one that was replaced and came back."""
    with Store(tmp_path / "news.db") as store, monkeypatch.context() as before_the_rule:
        before_the_rule.setattr(SuspectTexts, "is_suspect", lambda *_, **__: False)
        for name in ("a", "b", "rewritten", "corrected", "healed"):
            put(store, signed(name, own(name), tags=["harbour"]))
        store_record(store)
        for name in ("a", "b", "healed"):
            put(store, an_article(name, NOTICE, title="Maintenance"), later(days=1))
            put(store, an_article(name, NOTICE + "\nSince 14:00.", title="Maintenance"), later(days=1, hours=1))
        put(store, signed("rewritten", REWRITTEN), later(days=1))
        put(store, signed("corrected", own("corrected") + "\nA correction."), later(days=1))
        put(store, signed("healed", own("healed")), later(days=2))
    return tmp_path / "news.db"


def own(name: str) -> str:
    return "\n".join(" ".join(f"{name}{word}" for word in line.split()) for line in PARAGRAPHS)


def store_record(store: Store) -> None:
    """Two records of `a`: of its own page, and of the notice."""
    with store._db.conn as db:
        db.execute("INSERT INTO archive VALUES (1, 1, 'a.warc.gz', 0, 9, 'sha1:X', '2026-03-01T12:00:00Z', 0)")
        db.execute("INSERT INTO archive VALUES (2, 1, 'a.warc.gz', 9, 9, 'sha1:Y', '2026-03-02T12:00:00Z', 1)")


def article(path: Path, name: str) -> dict[str, Any]:
    return row(path, "SELECT * FROM articles WHERE url = ?", HOME + name)


def test_what_notices_replaced_on_a_site_is_put_back_with_all_fields(path: Path) -> None:
    before = rows(path, "SELECT url, body FROM articles")
    with Store(path) as store:
        harmed = store.articles.restore(later(days=3), site=SITE, since=later(hours=1), dry=True)
        assert [found.url for found in harmed] == [HOME + "a", HOME + "b"]
        assert rows(path, "SELECT url, body FROM articles") == before, "it was a dry run"
        assert store.articles.restore(later(days=3), site=SITE, since=later(hours=1)) == harmed
        assert store.articles.restore(later(days=3), site=SITE, since=later(hours=1)) == []
        assert [hit.url for hit in store.search.find("maintenance", ArticleFilter(with_duplicates=True), 9)] == []
    for name in ("a", "b"):
        found = article(path, name)
        assert (found["title"], found["body"], found["authors"]) == (f"Title of {name}", own(name), '["Mara Ilves"]')
        assert (found["tags"], found["duplicate_of"]) == ('["harbour"]', None)
    newest = row(path, "SELECT * FROM revisions WHERE article_id = 1 ORDER BY id DESC LIMIT 1")
    assert newest["kind"] == "restored"
    assert "Since 14:00." in newest["previous"]


def test_the_archived_page_of_the_restored_text_is_current_and_the_page_is_due(path: Path) -> None:
    with Store(path) as store:
        store.articles.restore(later(days=3), article_id=1)
        assert [page.url for page in store.pages.rechecks(SITE, later(days=3))] == [HOME + "a"]
    assert rows(path, "SELECT id FROM archive WHERE current = 1") == [{"id": 1}]
    assert article(path, "b")["body"] != own("b")


def test_a_rewritten_article_is_restored_only_by_its_url_and_a_correction_never(path: Path) -> None:
    with Store(path) as store:
        by_url = {name: store.articles.find(HOME + name) for name in ("rewritten", "corrected", "healed")}
        found = {
            name: [harmed.url for harmed in store.articles.restore(later(days=3), article_id=article_id, dry=True)]
            for name, article_id in by_url.items()
        }
    assert found["rewritten"] == [HOME + "rewritten"]
    assert found["corrected"] == found["healed"] == []


def test_what_was_replaced_before_the_time_stays(path: Path) -> None:
    with Store(path) as store:
        assert store.articles.restore(later(days=3), site=SITE, since=later(days=2)) == []


def test_the_command_shows_both_texts_and_changes_nothing_without_yes(path: Path, workplace: Workplace) -> None:
    path.rename(workplace.database)
    since = ("--site", SITE, "--since", "2026-03-01")
    shown = workplace.run("restore", *since)
    assert shown.returncode == 0, shown.stderr
    assert "2 articles would be restored; add --yes" in shown.stdout
    assert NOTICE[:40] in shown.stdout
    assert own("b")[:40] in shown.stdout
    assert "2 articles restored" in workplace.run("restore", *since, "--yes").stdout
    assert "no replaced text was found" in workplace.run("restore", *since).stdout
    assert workplace.run("restore", HOME + "a").returncode == 0
    assert workplace.run("restore", "https://never.example/").returncode == 1
    for wrong in ((), ("--site", SITE), (HOME + "a", *since), ("--site", "misspelt", "--since", "2026-03-01")):
        assert workplace.run("restore", *wrong).returncode == 2
