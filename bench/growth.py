"""What each command and each step of a crawl costs as the database grows: CPU time, in a table.

    python -m bench.growth [--articles 10000,100000] [--sites 10,1000] [--folder /tmp/bench]

Fills a database of each size in bulk, with profiles and archive files (bench/grown.py). The commands run in processes
of their own; the first row is what any command costs that reads no database. The steps run in this process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from scrapy.settings import Settings

from bench import grown
from crawler import clock
from crawler.crawl.next_poll import finish_poll
from crawler.crawl.page_archive import PageArchive
from crawler.items import Article, Page, PageResult
from crawler.profile import read_profiles
from crawler.store import Store
from crawler.text import fingerprint

_BATCH = 50  # as NEWS_BATCH_SIZE
_WITH_LINE = 10  # few enough for the line to stay below the threshold
_BOUNDS = (timedelta(minutes=5), timedelta(hours=6))

Row = tuple[str, float, str]
"""What was measured, the figure and its unit."""


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", default="10000,100000")
    parser.add_argument("--sites", default="10,1000")
    parser.add_argument("--folder", type=Path, help="write the databases here, and keep them")
    options = parser.parse_args()
    columns: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        for articles in map(int, options.articles.split(",")):
            for sites in map(int, options.sites.split(",")):
                base = folder / f"{articles}-{sites}"
                started = time.perf_counter()
                prepare(base, articles, sites)
                size = (base / "news.db").stat().st_size / 1e6
                print(f"{articles} articles, {sites} sites: {size:.0f} MB in {time.perf_counter() - started:.0f} s")
                measured = [*measure_commands(base), *measure_steps(base)]
                columns[f"{articles:,} / {sites:,}"] = {name: f"{figure:.1f} {unit}" for name, figure, unit in measured}
    print(format_columns(columns))


def prepare(base: Path, articles: int, sites: int) -> None:
    """Fill a folder with a database, profiles and archive files, unless an earlier bench has done it."""
    now = clock.now()
    if not (base / "sites").exists():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        grown.fill(base / "news.db", articles, sites, now)
        grown.write_archive(base / "archive", sites, now)
        grown.write_profiles(base / "sites", sites)


def measure_commands(base: Path) -> Iterator[Row]:
    """CPU of whole processes."""
    week = f"{clock.now() - timedelta(days=7):%Y-%m-%d}"
    target, site = str(base / "out.csv"), grown.site_name(1)
    commands = {
        "no database (list)": ["list"],
        "due, none due": ["due"],
        "health": ["health"],
        "status": ["status"],
        "sites": ["sites"],
        "search": ["search", "report"],
        "export --site": ["export", target, "--site", site],
        "export --since (a week)": ["export", target, "--since", week],
    }
    for name, words in commands.items():
        yield name, run(base, words), "s"


def run(base: Path, words: list[str]) -> float:
    """CPU seconds of a command. Raises RuntimeError if it fails; an unhealthy site is not a failure."""
    settings = {"NEWS_DB": base / "news.db", "NEWS_SITES": base / "sites", "NEWS_ARCHIVE": base / "archive"}
    command = [sys.executable, "-m", "scrapy", *words]
    for key, value in settings.items():
        command += ["-s", f"{key}={value}"]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 3):
        raise RuntimeError(f"scrapy {' '.join(words)} ended with {code}")
    return usage.ru_utime + usage.ru_stime


def measure_steps(base: Path) -> Iterator[Row]:
    """CPU of what a crawl does, on a copy of the database."""
    with copied(base / "news.db") as path, Store(path) as store:
        now = clock.now()
        fresh = [result(n, now) for n in range(_BATCH)]
        yield "an article stored", cpu(lambda: store.record_outcomes(fresh, now)) / _BATCH * 1000, "ms"
        line = [result(_BATCH + n, now, f"\n{grown.REPEATED_LINE}") for n in range(_WITH_LINE)]
        yield "... with a frequent line", cpu(lambda: store.record_outcomes(line, now)) / _WITH_LINE * 1000, "ms"
        profile = read_profiles(base / "sites")[0][grown.site_name(0)]
        end_crawl = partial(finish_poll, store, profile, now, success=True, bounds=_BOUNDS)
        yield "end of a crawl: next poll", cpu(end_crawl) * 1000, "ms"
        (base / "archive" / ".limits-checked").unlink(missing_ok=True)
        yield "hourly check of the archive", cpu(lambda: end_archive(base, store)) * 1000, "ms"
        yield "end of a crawl: archive", cpu(lambda: end_archive(base, store)) * 1000, "ms"
        article = first_article(store, now)
        yield "update, 2,000 copies", cpu(lambda: store.record_outcomes([article], now)), "s"


def result(number: int, now: datetime, more: str = "") -> PageResult:
    """The result of a page with a new article of the first site."""
    name = grown.site_name(0)
    url = f"https://{name.replace('_', '-')}.example/new-{number}"
    return _result(url, name, f"New article {number}", grown.make_text(1_000_000 + number) + more, now)


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
    archive = PageArchive.from_settings(settings, store, grown.site_name(0))
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


def format_columns(columns: dict[str, dict[str, str]]) -> str:
    """A table with a column for each size."""
    names = list(next(iter(columns.values())))
    lines = [f"{'articles / sites':<28}" + "".join(f"{title:>20}" for title in columns)]
    lines += [f"{name:<28}" + "".join(f"{column[name]:>20}" for column in columns.values()) for name in names]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
