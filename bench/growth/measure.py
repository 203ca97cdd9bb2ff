"""The figures: CPU of commands, in processes of their own, and of the steps of a crawl, in this process."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean

from scrapy.settings import Settings

from bench.growth import database
from bench.growth.server import served, write_served_profiles
from crawler import clock
from crawler.crawl.next_poll import finish_poll
from crawler.crawl.page_archive import PageArchive
from crawler.items import Article, Page, PageResult
from crawler.profiles import read_profiles
from crawler.store import Store
from crawler.store.times import to_text
from crawler.text import fingerprint

_BATCH = 50  # as NEWS_BATCH_SIZE
_STORED, _WARM_UP = 1_000, 5
_WITH_LINE = 10  # few enough for the line to stay below the threshold
_BOUNDS = (timedelta(minutes=5), timedelta(hours=6))
_CRAWLED = 100
_ROUNDS = (20, 120)
"""Sites that are due in two rounds: their difference is the cost of a hundred sites."""

Row = tuple[str, float, str]
"""What was measured, the figure and its unit."""


def measure(base: Path) -> list[Row]:
    """All figures of the database in a folder."""
    return [*measure_commands(base), *measure_crawls(base), *measure_steps(base)]


def prepare(base: Path, articles: int, sites: int) -> None:
    """Fill a folder with a database, profiles and archive files, unless an earlier bench has done it."""
    now = clock.now()
    if not (base / "sites").exists():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        database.fill(base / "news.db", articles, sites, now)
        database.write_archive(base / "archive", sites, now)
        database.write_profiles(base / "sites", sites)
    with closing(sqlite3.connect(base / "news.db")) as db, db:  # it may be of yesterday, and no site is to be due
        db.execute("UPDATE sites SET examined = NULL, next_poll = ?", [to_text(now + timedelta(hours=3))])


def measure_commands(base: Path) -> Iterator[Row]:
    """CPU of whole processes."""
    week = f"{clock.now() - timedelta(days=7):%Y-%m-%d}"
    target, site = str(base / "out.csv"), database.site_name(1)
    commands = {
        "no database (list)": ["list"],
        "due, no site due, all examined": ["due"],  # once an hour
        "due, no site due": ["due"],
        "health": ["health"],
        "status": ["status"],
        "sites": ["sites"],
        "search": ["search", "report"],
        "show": ["show", "5000"],
        "export --site": ["export", target, "--site", site],
        "export --since (a week)": ["export", target, "--since", week],
    }
    for name, words in commands.items():
        yield name, run(base, words), "s"


def run(base: Path, words: list[str], settings: Mapping[str, object] | None = None) -> float:
    """CPU seconds of a command. Raises RuntimeError if it fails; an unhealthy site is not a failure."""
    paths = {"NEWS_DB": base / "news.db", "NEWS_SITES": base / "sites", "NEWS_ARCHIVE": base / "archive"}
    command = [sys.executable, "-m", "scrapy", *words]
    for key, value in (paths | dict(settings or {})).items():
        command += ["-s", f"{key}={value}"]
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 3):
        raise RuntimeError(f"scrapy {' '.join(words)} ended with {code}")
    return usage.ru_utime + usage.ru_stime


def measure_crawls(base: Path) -> Iterator[Row]:
    """CPU of a crawl with new articles and of rounds without any, on a copy of the database."""
    with copied(base / "news.db") as path, served(_CRAWLED) as origin:
        sites = base / "served-sites"
        shutil.rmtree(sites, ignore_errors=True)
        shutil.copytree(base / "sites", sites)
        quiet = write_served_profiles(sites, origin, max(_ROUNDS))
        fast = {"NEWS_DB": path, "NEWS_SITES": sites, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0}
        yield f"crawl of {_CRAWLED} new articles", run(base, ["crawl", "served"], fast), "s"
        run(base, ["due", "--sites", ",".join(quiet)], fast)  # the first poll of a site writes more than later ones
        costs = [run_round(base, path, quiet[:count], fast) for count in _ROUNDS]
        yield f"due, {_ROUNDS[0]} sites due", costs[0], "s"
        yield "... each further site that is due", (costs[1] - costs[0]) / (_ROUNDS[1] - _ROUNDS[0]) * 1000, "ms"


def run_round(base: Path, path: Path, sites: list[str], settings: Mapping[str, object]) -> float:
    """CPU seconds of `rasid due` when these sites are due and have nothing new."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("UPDATE sites SET next_poll = NULL WHERE site = ?", [(name,) for name in sites])
    return run(base, ["due", "--sites", ",".join(sites)], settings)


def measure_steps(base: Path) -> Iterator[Row]:
    """CPU of what a crawl does, on a copy of the database."""
    with copied(base / "news.db") as path, Store(path) as store:
        now = clock.now()
        batches = [[result(start + n, now) for n in range(_BATCH)] for start in range(0, _STORED, _BATCH)]
        costs = [cpu(partial(store.record_outcomes, batch, now)) / _BATCH for batch in batches]
        # The first batches pay for the merges of the search index that the bulk has put off.
        yield "an article stored", mean(costs[_WARM_UP:]) * 1000, "ms"
        line = [result(_STORED + n, now, f"\n{database.REPEATED_LINE}") for n in range(_WITH_LINE)]
        yield "... with a frequent line", cpu(lambda: store.record_outcomes(line, now)) / _WITH_LINE * 1000, "ms"
        profile = read_profiles(base / "sites")[0][database.site_name(0)]
        end_crawl = partial(finish_poll, store, profile, now, success=True, bounds=_BOUNDS)
        yield "end of a crawl: next poll", cpu(end_crawl) * 1000, "ms"
        (base / "archive" / ".limits-checked").unlink(missing_ok=True)
        yield "hourly check of the archive", cpu(lambda: end_archive(base, store)) * 1000, "ms"
        yield "end of a crawl: archive", cpu(lambda: end_archive(base, store)) * 1000, "ms"
        article = first_article(store, now)
        yield "update, 2,000 copies", cpu(lambda: store.record_outcomes([article], now)), "s"


def result(number: int, now: datetime, more: str = "") -> PageResult:
    """The result of a page with a new article of the first site."""
    name = database.site_name(0)
    url = f"https://{name.replace('_', '-')}.example/new-{number}"
    return _result(url, name, f"New article {number}", database.make_text(1_000_000 + number) + more, now)


def first_article(store: Store, now: datetime) -> PageResult:
    """The result of a recheck of the first article of the largest story, in which a word has changed."""
    detail = store.articles.detail(1)
    assert detail is not None
    return _result(detail["url"], detail["site"], detail["title"], detail["body"] + " changed", now)


def _result(url: str, site: str, title: str, body: str, now: datetime) -> PageResult:
    page = Page(url=url, site=site, final_url=url, status=200, fetched=now)
    article = Article(url=url, site=site, title=title, paragraphs=body.split("\n"), page=page, published=now)
    article.fingerprint = fingerprint(article.body)
    return PageResult(page=page, article=article)


def end_archive(base: Path, store: Store) -> None:
    """Close the archive of a crawl that has written nothing."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.set("NEWS_DB", str(base / "news.db"))
    settings.set("NEWS_ARCHIVE", str(base / "archive"))
    archive = PageArchive.from_settings(settings, store, database.site_name(0))
    assert archive is not None
    archive.close()


def cpu(function: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    started = time.process_time()
    function()
    return time.process_time() - started


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """A copy of a database, so that a second bench measures the same one."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    try:
        yield copy
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
