"""Shutdown: by a signal, a full disk, a locked or newer database. The next run catches up."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite
from tests.test_crawl_again import last_run, text_of
from tests.test_crawl_site import put_articles, wait_until


def stall(handler: Handler) -> None:
    time.sleep(60)


def one_line(text: str) -> str:
    assert len(text.splitlines()) == 1, text
    (line,) = text.splitlines()
    return line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_ends_a_crawl_in_seconds_whatever_is_waited_for(
    site: NewsSite, workplace: Workplace, number: signal.Signals
) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 1\n", "text/plain")
    links = [site.article("/news/0.html", "Report", paragraphs=text_of(0)), site.answer("/news/stall.html", stall)]
    links += [site.answer(f"/news/{n}.html", stall) for n in range(20)[1:]]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    with workplace.start("crawl", "local", "-s", "NEWS_STOP_SECONDS=1", "-s", "NEWS_BATCH_SECONDS=20") as crawl:
        wait_until(lambda: "/news/stall.html" in site.paths())
        stopped = time.monotonic()
        crawl.send_signal(number)
        _, err = crawl.communicate(timeout=30)
        assert time.monotonic() - stopped < 8
    assert crawl.returncode == 0, err
    run = last_run(workplace)
    assert (run["new"], run["failed"], run["finish_reason"]) == (1, 0, "shutdown")
    assert run["requested"] == run["new"] + run["unfinished"]
    assert "the next run requests them" in err
    attempts = workplace.rows("SELECT DISTINCT state, attempts, next_attempt FROM pages WHERE outcome IS NULL")
    assert attempts == [{"state": "pending", "attempts": 0, "next_attempt": None}]


@pytest.mark.parametrize("words", [("crawl", "local"), ("due",)])
def test_the_second_signal_ends_it_at_once(site: NewsSite, workplace: Workplace, words: tuple[str, ...]) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.answer("/news/1.html", stall)])])
    with workplace.start(*words, "-s", "NEWS_STOP_SECONDS=60") as crawl:
        wait_until(lambda: "/news/1.html" in site.paths())
        crawl.send_signal(signal.SIGTERM)
        time.sleep(0.7)
        stopped = time.monotonic()
        crawl.send_signal(signal.SIGTERM)
        crawl.communicate(timeout=30)
        assert time.monotonic() - stopped < 5
    assert workplace.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert workplace.pages() == {"/news/1.html": "pending"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a database and little more."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1000k", "none", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_ends_the_crawl_with_a_sentence_and_the_next_one_catches_up(
    site: NewsSite, workplace: Workplace, small_disk: Path
) -> None:
    for n in range(60):
        site.article(f"/news/{n}.html", f"Report {n}", paragraphs=(f"Word{n} " * 3000,))
    feed = site.feed("/feed.xml", [f"{site.url}news/{n}.html" for n in range(60)])
    workplace.site_profile(site, feeds=[feed])
    workplace.environment["NEWS_DB"] = str(small_disk / "news.db")
    full = workplace.run("crawl", "local", "-L", "ERROR", "-s", "NEWS_BATCH_SIZE=5")
    assert full.returncode == 1
    *others, last = full.stderr.splitlines()
    assert last.endswith("make room on the disk and run again: nothing that was committed is lost")
    assert all("archive: [Errno 28] No space left on device" in line for line in others), "whichever is full first"
    again = workplace.run("due", "-L", "ERROR")
    assert again.returncode == 1
    assert "make room on the disk" in again.stderr.splitlines()[-1]
    assert "Traceback" not in again.stderr
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    assert workplace.run("due", "-L", "ERROR").returncode == 0
    with closing(sqlite3.connect(small_disk / "news.db")) as db:
        assert db.execute("SELECT count(*), count(DISTINCT url) FROM articles").fetchone() == (60, 60)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = db.execute("SELECT new FROM runs ORDER BY id").fetchall()
    assert kept[0][0] > 0


def test_a_locked_database_is_waited_for_and_then_reported(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 2))])
    workplace.run("crawl", "local", "-a", "max_articles=1")
    for words in (("crawl", "local"), ("due",)):
        workplace.change("UPDATE sites SET next_poll = NULL")
        with closing(sqlite3.connect(workplace.database, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            result = workplace.run(*words, "-s", "NEWS_DB_TIMEOUT=0.3", "-L", "ERROR")
            db.execute("ROLLBACK")
        assert result.returncode == 1
        assert "another program holds it" in result.stderr.splitlines()[-1]
        assert "Traceback" not in result.stderr
    assert workplace.run("due", "-L", "ERROR").returncode == 0
    assert len(workplace.rows("SELECT id FROM articles")) == 2


@contextmanager
def locked_when_robots_is_answered(site: NewsSite, workplace: Workplace) -> Iterator[None]:
    """Another program holds the database from the moment robots.txt is answered to the end of the block."""
    is_over, is_unlocked = threading.Event(), threading.Event()

    def answer(handler: Handler) -> None:
        with closing(sqlite3.connect(workplace.database, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            handler.reply("User-agent: *\nDisallow: /private/\n", "text/plain")
            is_over.wait()
            db.execute("ROLLBACK")
        is_unlocked.set()

    site.answer("/robots.txt", answer)
    try:
        yield
    finally:
        is_over.set()
    assert is_unlocked.wait(10)


@pytest.mark.parametrize("words", [("crawl", "local"), ("due",)])
def test_a_database_that_is_locked_while_robots_txt_is_answered_ends_the_crawl(
    site: NewsSite, workplace: Workplace, words: tuple[str, ...]
) -> None:
    links = put_articles(site, 2)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links), site.feed("/other.xml", links)])
    settings = ("-s", "NEWS_DB_TIMEOUT=0.3", "-s", "NEWS_STOP_SECONDS=1", "-L", "ERROR")
    with locked_when_robots_is_answered(site, workplace):
        result = workplace.run(*words, *settings, timeout=45)
    assert result.returncode == 1
    assert "another program holds it" in one_line(result.stderr)
    assert workplace.rows("SELECT finished FROM runs") == [{"finished": None}], "a run that was not recorded to its end"
    site.put("/robots.txt", "", "text/plain")
    again = workplace.run("crawl", "local", "-L", "ERROR")
    assert (again.returncode, again.stderr) == (0, "")
    assert len(workplace.rows("SELECT id FROM articles")) == 2


def test_a_store_that_fails_while_the_sitemaps_of_robots_txt_are_read_ends_the_crawl(
    site: NewsSite, workplace: Workplace
) -> None:
    def answer(handler: Handler) -> None:
        if site.paths().count("/robots.txt") == 2:  # the first is the middleware's, the second the channel's
            workplace.change("DROP TABLE channels")
        handler.reply(f"Sitemap: {site.url}sitemap.xml\n", "text/plain")

    site.answer("/robots.txt", answer)
    workplace.site_profile(site)
    broken = workplace.run("crawl", "local", "-L", "ERROR", timeout=45)
    assert broken.returncode == 1
    assert "no such table: channels" in one_line(broken.stderr)


def test_a_newer_database_is_reported(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 1))])
    workplace.run("crawl", "local")
    workplace.change("PRAGMA user_version = 999")
    for words in (("crawl", "local"), ("due",)):
        result = workplace.run(*words, "-L", "ERROR")
        assert result.returncode == 1
        assert "written by a newer version" in one_line(result.stderr)


@pytest.mark.skipif(os.name != "posix", reason="a POSIX terminal is needed")
def test_a_terminal_shows_progress_with_what_remains_and_no_colour_with_no_color(
    site: NewsSite, workplace: Workplace
) -> None:
    import pty

    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 6))])
    main, terminal = pty.openpty()
    workplace.environment["NO_COLOR"] = "1"
    with workplace.start("crawl", "local", "-s", "DOWNLOAD_DELAY=0.3", stderr=terminal) as crawl:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(main, 10_000)
            except OSError:  # the terminal has no writer any more
                break
            shown += part
            if not part:
                break
        crawl.communicate(timeout=60)
    os.close(main)
    text = shown.decode()
    assert "new, " in text
    assert " a second, " in text
    assert " left" in text
    assert "\x1b[3" not in text, "a colour"


@pytest.mark.parametrize("command", [("crawl", "local"), ("due",)])
def test_a_store_that_fails_while_the_engine_starts_ends_the_crawl(
    site: NewsSite, workplace: Workplace, command: tuple[str, ...]
) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 2))])
    extensions = json.dumps({"tests.failing_extension.FailsAtStart": 300})
    result = workplace.run(*command, "-s", f"EXTENSIONS={extensions}", timeout=30)
    assert (result.returncode, result.stderr.splitlines()[-1]) == (1, "the disk is full")
