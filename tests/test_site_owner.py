"""One site has one owner: two profiles for one site are refused, and a renamed one takes its articles along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.crawl.lock import SiteLock
from crawler.profiles import read_profiles
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import HOME, LONG, SITE, an_article, later, put, row, rows
from tests.newssite import NewsSite
from tests.test_crawl_site import put_articles

FEEDS = 'feeds = ["https://daily.example/feed"]\n'


def profile(folder: Path, name: str, url: str, more: str = "") -> None:
    (folder / f"{name}.toml").write_text(f'title = "Daily"\nurl = "{url}"\n{more}')


def test_the_second_profile_for_a_site_is_refused_with_both_names(tmp_path: Path) -> None:
    profile(tmp_path, "daily", "https://www.daily.example/", FEEDS)
    profile(tmp_path, "other", "https://daily.example")
    profile(tmp_path, "same_feed", "https://daily.example/world/", FEEDS)
    profile(tmp_path, "section", "https://daily.example/sport/", 'feeds = ["https://daily.example/sport/feed"]\n')
    profiles, problems = read_profiles(tmp_path)
    assert set(profiles) == {"daily", "section"}
    assert "other.toml: url = 'https://daily.example' belongs to daily.toml as well" in problems["other"]
    assert "`scrapy rename-site daily other`" in problems["other"]
    assert "same_feed.toml: feed 'https://daily.example/feed' belongs to daily.toml" in problems["same_feed"]


def test_an_article_stays_with_the_site_that_it_was_stored_for(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a"))
        assert put(store, an_article("a", f"{LONG} More.", site="second"), later(days=1)) == "duplicate"
        assert row(store.path, "SELECT site, body FROM articles") == {"site": SITE, "body": LONG}


def test_everything_of_a_site_is_renamed_and_what_both_have_is_merged(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a"))
        store.runs.begin(SITE, {}, later(hours=1))
        store.sites.record_poll(SITE, later(hours=1), success=True, next_poll=later(hours=2))
        store.sites.record_poll("renamed", later(hours=1), success=False, next_poll=later(hours=9))
        moved = store.sites.rename(SITE, "renamed")
        assert (moved["articles"], moved["pages"], moved["channels"], moved["runs"]) == (1, 1, 1, 1)
        assert store.sites.states().keys() == {"renamed"}
        assert store.sites.states()["renamed"].failures == 0
        assert store.articles.find(HOME + "a") == 1
    tables = [found["name"] for found in rows(store.path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in tables:
        if any(column["name"] == "site" for column in rows(store.path, f"PRAGMA table_info({name})")):
            assert rows(store.path, f"SELECT * FROM {name} WHERE site = ?", SITE) == [], name


def exported(workplace: Workplace, name: str) -> Any:
    path = workplace.folder / f"{name}.jsonl"
    assert workplace.run("export", "--site", name, str(path)).returncode == 0
    return sorted(json.loads(line)["url"] for line in path.read_text().splitlines())


def test_a_renamed_profile_is_not_crawled_until_its_articles_are_renamed(site: NewsSite, workplace: Workplace) -> None:
    feeds = [site.feed("/feed.xml", put_articles(site, 2))]
    workplace.site_profile(site, feeds=feeds)
    workplace.run("crawl", "local")
    folder = workplace.folder / "sites"
    assert workplace.run("rename-site", "local", "fresh").returncode == 2, "the profile has its old name"
    (folder / "local.toml").rename(folder / "fresh.toml")
    requests = len(site.seen)
    for command in (("crawl", "fresh"), ("due",)):
        refused = workplace.run(*command)
        assert refused.returncode == 1, refused.stderr
        assert "fresh: not crawled" in refused.stderr
        assert "`scrapy rename-site local fresh`" in refused.stderr
    assert len(site.seen) == requests
    lock = SiteLock(workplace.database, "local")
    assert lock.acquire()
    assert workplace.run("rename-site", "local", "fresh").returncode == 75
    lock.release()
    renamed = workplace.run("rename-site", "local", "fresh")
    assert (renamed.returncode, renamed.stdout) == (0, "2 articles and 2 pages of local belong to fresh now\n")
    assert workplace.run("rename-site", "local", "fresh").returncode == 1
    assert workplace.run("rename-site", "local", "missing").returncode == 2
    assert workplace.run("crawl", "fresh").returncode == 0
    assert len(exported(workplace, "fresh")) == 2
    assert workplace.rows("SELECT new FROM runs ORDER BY id DESC LIMIT 1") == [{"new": 0}]
