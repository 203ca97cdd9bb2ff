"""A database that another process locks: the downloads go on, and the crawl ends cleanly if the lock stays."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite
from tests.test_crawl_again import last_run, text_of
from tests.test_crawl_site import put_articles, wait_until


@contextmanager
def locked(workplace: Workplace) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of the database, as another process would."""
    with closing(sqlite3.connect(workplace.database, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield db


def has_open(pid: int, file: Path) -> bool:
    """Whether a process has opened a file."""
    with suppress(OSError):  # it closes another file meanwhile
        return any(link.readlink() == file for link in Path(f"/proc/{pid}/fd").iterdir())
    return False


def site_of_pages(site: NewsSite, workplace: Workplace, name: str, count: int) -> None:
    links = [
        site.article(f"/{name}/{n}.html", f"{name} {n}", paragraphs=text_of(n, f" of {name}")) for n in range(count)
    ]
    workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)])


def pages_of(site: NewsSite, name: str) -> int:
    return sum(path.startswith(f"/{name}/") for path in site.paths())


def test_the_pages_of_all_sites_are_downloaded_while_the_database_is_locked(
    site: NewsSite, workplace: Workplace
) -> None:
    for name in ("one", "two"):
        site_of_pages(site, workplace, name, 30)
    words = ("due", "-L", "ERROR", "-s", "DOWNLOAD_DELAY=0.1", "-s", "AUTOTHROTTLE_ENABLED=0")
    for name in ("one", "two"):
        profile = workplace.folder / "sites" / f"{name}.toml"
        profile.write_text(profile.read_text().replace("delay = 0\n", "delay = 0.1\n"))
    with workplace.start(*words, "-s", "NEWS_BATCH_SIZE=1") as process:
        wait_until(lambda: pages_of(site, "one") >= 3 and pages_of(site, "two") >= 3)
        with locked(workplace) as db:
            before = (pages_of(site, "one"), pages_of(site, "two"))
            wait_until(lambda: pages_of(site, "one") > before[0] + 2 and pages_of(site, "two") > before[1] + 2)
            stored = db.execute("SELECT count(*) FROM articles").fetchone()[0]
            assert stored < pages_of(site, "one") + pages_of(site, "two")
            db.execute("ROLLBACK")
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    rows = workplace.rows("SELECT site, count(*) AS n FROM articles GROUP BY site")
    assert {row["site"]: row["n"] for row in rows} == {"one": 30, "two": 30}
    for run in workplace.rows("SELECT * FROM runs"):
        assert (run["finish_reason"], run["requested"], run["unfinished"]) == ("finished", 30, 0)


@pytest.mark.parametrize("words", [("crawl", "local"), ("due",)])
def test_a_lock_longer_than_the_timeout_ends_the_crawl_with_a_sentence(
    site: NewsSite, workplace: Workplace, words: tuple[str, ...]
) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 12))])
    options = ("-L", "ERROR", "-s", "NEWS_DB_TIMEOUT=0.5", "-s", "DOWNLOAD_DELAY=0.2")
    with workplace.start(*words, *options) as process:
        wait_until(lambda: site.paths().count("/feed.xml") == 1 and any("/news/" in path for path in site.paths()))
        with locked(workplace):
            _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    (line,) = err.splitlines()
    assert "another program holds it" in line
    assert workplace.run("due", "-L", "ERROR").returncode == 0
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 12}]


@pytest.mark.parametrize("words", [("crawl", "local"), ("due",)])
def test_a_crawl_that_is_stopped_while_the_database_fails_does_not_end_with_0(
    site: NewsSite, workplace: Workplace, words: tuple[str, ...]
) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(60)

    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.answer("/news/slow.html", slow)])])
    options = ("-L", "ERROR", "-s", "NEWS_DB_TIMEOUT=1", "-s", "NEWS_STOP_SECONDS=0.2")
    with workplace.start(*words, *options) as process:
        wait_until(lambda: "/news/slow.html" in site.paths())
        with locked(workplace):
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "another program holds it" in err
    assert "Traceback" not in err
    assert last_run(workplace)["finished"] is None


def test_a_crawl_begins_when_the_lock_is_gone(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 2))])
    workplace.run("crawl", "local", "-a", "max_articles=1")
    with locked(workplace) as db:
        crawl = workplace.start("crawl", "local", "-L", "ERROR")
        wait_until(lambda: has_open(crawl.pid, workplace.database))
        time.sleep(0.5)  # it waits for the lock now
        db.execute("ROLLBACK")
    _, err = crawl.communicate(timeout=60)
    assert (crawl.returncode, err) == (0, "")
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 2}]
