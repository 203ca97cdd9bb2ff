"""The crawls that are compared: their command lines, their cost, and what they found."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from bench.speed.newsrooms import PROJECT, Newsroom
from bench.speed.processes import Cost, run
from bench.speed.serve import served

Figures = dict[str, float]
"""What was measured in one round, by name."""

FAST = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"]
_PLAIN = [*FAST, "-s", "ROBOTSTXT_OBEY=1", "-s", "LOG_LEVEL=ERROR"]
_JOBS = "10"


def crawl_plain(newsroom: Newsroom, *, extract: bool = True) -> Figures:
    """Plain Scrapy with trafilatura in its callback. Without `extract`, it only requests the pages."""
    with tempfile.TemporaryDirectory() as folder, served(newsroom) as server:
        database = Path(folder) / "news.db"
        sitemaps = ",".join(site["sitemap"] for site in newsroom.sites)
        command = [sys.executable, "-m", "scrapy", "runspider", str(PROJECT / "bench" / "floor.py"), *_PLAIN]
        command += ["-a", f"sitemaps={sitemaps}", "-a", f"database={database}", "-a", f"extract={extract:d}"]
        # Outside the project: ours are not its settings.
        cost = run(command, cwd=Path(folder))
        found = _stored(database) if extract else []
        return figures(newsroom, cost, server.requests(), found)


def crawl_ours(newsroom: Newsroom, home: Path, *, latency_ms: int = 0, more: Iterable[str] = ()) -> Figures:
    """All sites in one `rasid due`, with everything on. `home`: where the database is, perhaps of an earlier crawl."""
    make_due(home, write_profiles(newsroom, home / "sites"))
    with served(newsroom, latency_ms=latency_ms) as server:
        cost = run(our_command(["due", "--jobs", _JOBS, *FAST, *more]), cwd=PROJECT, environment=our_environment(home))
        return figures(newsroom, cost, server.requests(), _stored(home / "news.db"))


def our_command(words: list[str]) -> list[str]:
    """A command line of ours."""
    return [sys.executable, "-m", "scrapy", *words]


def our_environment(home: Path) -> dict[str, str]:
    """Its database, archive and profiles."""
    return {"NEWS_SITES": str(home / "sites"), "NEWS_DB": str(home / "news.db")}


def write_profiles(newsroom: Newsroom, folder: Path, *, channel: str = "sitemap") -> list[str]:
    """A profile for each site, with one channel; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [site["host"].split(".")[0] for site in newsroom.sites]
    for name, site in zip(names, newsroom.sites, strict=True):
        (folder / f"{name}.toml").write_text(
            f'title = "{site["host"]}"\nurl = "{site["home"]}"\n{channel}s = {json.dumps([site[channel]])}\n'
            "delay = 0\nallow_private = true\n",
            "utf-8",
        )
    return names


def make_due(home: Path, names: Iterable[str]) -> None:
    """Have the next `rasid due` poll these sites, however recent their last poll is."""
    if (home / "news.db").exists():
        with closing(sqlite3.connect(home / "news.db")) as db, db:
            db.executemany("UPDATE sites SET next_poll = NULL WHERE site = ?", [(name,) for name in names])


def figures(newsroom: Newsroom, cost: Cost, requests: int, found: Iterable[tuple[str, str]]) -> Figures:
    """The figures of a crawl; `found` are its titles and texts."""
    return {
        "pages": len(newsroom.articles),
        "seconds": cost.seconds,
        "main": cost.main,
        "workers": cost.workers,
        "memory": cost.memory,
        "requests": requests,
        **_words_found(newsroom, found),
    }


def _words_found(newsroom: Newsroom, found: Iterable[tuple[str, str]]) -> dict[str, float]:
    """In how many titles and texts of their own the words are that each served page has."""
    titles: set[str] = set()
    texts: set[str] = set()
    for title, text in found:
        titles.update(_words(title, "zqh"))
        texts.update(_words(text, "zqb"))
    served_pages = [article for article in newsroom.articles if article["token_in"] != "none"]
    return {
        "titles": sum(article["title_token"] in titles for article in served_pages),
        "texts": sum(article["text_token"] in texts for article in served_pages),
    }


def _words(text: str, start: str) -> Iterator[str]:
    """The words of the kind zqh000123zq in a text; extractors may join them with their neighbours."""
    at = text.find(start)
    while at >= 0:
        yield text[at : at + 11]
        at = text.find(start, at + 1)


def _stored(path: Path) -> list[tuple[str, str]]:
    """Title and text of the articles in a database, of ours or of the plain spider."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return [(title or "", body or "") for title, body in db.execute("SELECT title, body FROM articles")]


def cpu_count() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
