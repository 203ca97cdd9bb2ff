"""A database as years of crawls leave it, written in bulk: articles, pages, runs, archive files, and the profiles."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bench.generated import vocabulary
from crawler.similarity.sentences import folded_words, line_hash
from crawler.store.database import Database, open_database
from crawler.store.times import to_text
from crawler.text import fingerprint

COPIES = 2_000
"""Copies of the first article, which is that of the largest story."""

REPEATED_LINE = "Readers of the first site find all reports of the day on this page"
"""On one article of the first site in 25: just under the share at which it would be boilerplate."""

RUN_DAYS = 60
"""Days of which there are runs: the health rules look back 56 days, and older runs cost disk space alone."""

ARCHIVE_DAYS = 30
_LATIN, _TEXTS, _WORDS, _HASHES = "abcdefghilmnoprstu", 400, 200, 24
_RUNS_A_DAY = {100: 24, 1_000: 4, 1_000_000: 1}
"""Number of sites, at most → runs of each site and day."""

_CACHE_KB = 1_000_000


def site_name(number: int) -> str:
    """The name of a site, from 0."""
    return f"site_{number:05}"


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    return vocabulary(_LATIN, 8_000, random.Random(1))


def make_text(seed: int, words: int = _WORDS) -> str:
    """Some paragraphs that no other seed gives."""
    chance = random.Random(seed)
    known, weights = _vocabulary()
    text = chance.choices(known, cum_weights=weights, k=words)
    return "\n".join(" ".join(text[at : at + 40]) for at in range(0, words, 40))


def write_profiles(folder: Path, sites: int) -> None:
    """One profile for each site."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(sites):
        name = site_name(number)
        (folder / f"{name}.toml").write_text(
            f'title = "{name}"\nurl = "https://{name.replace("_", "-")}.example/"\nlanguage = "en"\n'
            f'feeds = ["https://{name.replace("_", "-")}.example/feed"]\n'
        )


def write_archive(folder: Path, sites: int, now: datetime) -> None:
    """An empty file for each site and day."""
    folder.mkdir(parents=True, exist_ok=True)
    for day in range(ARCHIVE_DAYS):
        for number in range(sites):
            (folder / f"{now - timedelta(days=day):%Y-%m-%d}-{site_name(number)}-001.warc.gz").touch()


def fill(path: Path, articles: int, sites: int, now: datetime) -> None:
    """Create the database: the articles of one year up to now, evenly spread over the sites."""
    with closing(open_database(path, timeout=30)) as db:
        for pragma in ("journal_mode = OFF", f"cache_size = -{_CACHE_KB}", "temp_store = MEMORY"):
            db.execute(f"PRAGMA {pragma}")
        with db.writing(), _without_indexes(db):
            _make_texts(db)
            _make_helpers(db, articles, sites, now)
            _fill_articles(db, articles)
            _fill_story(db, min(COPIES, articles // 5))
            _fill_passages(db)
            _fill_search(db)
            _fill_sites(db, sites, now)
            for table in ("numbers", "texts"):
                db.execute(f"DROP TABLE temp.{table}")
        db.execute("ANALYZE")


@contextmanager
def _without_indexes(db: Database) -> Iterator[None]:
    """Make all indexes and triggers at the end: row by row, a million articles would take an hour."""
    made = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in made:
        db.execute(f"DROP {kind} {name}")
    yield
    for _, _, sql in made:
        db.execute(sql)


def _make_texts(db: Database) -> None:
    db.execute("CREATE TABLE temp.texts (number INTEGER PRIMARY KEY, body TEXT, folded TEXT)")
    db.conn.executemany(
        "INSERT INTO temp.texts VALUES (?, ?, ?)",
        ((n, text := make_text(n), " ".join(text.split()[:60])) for n in range(_TEXTS)),
    )


def _make_helpers(db: Database, articles: int, sites: int, now: datetime) -> None:
    """The number of each article with its site and its time."""
    db.execute("CREATE TABLE temp.numbers (id INTEGER PRIMARY KEY, site TEXT, url TEXT, seen TEXT)")
    db.execute(
        """WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :articles)
           INSERT INTO temp.numbers
           SELECT id, printf('site_%05d', id % :sites), printf('https://site-%05d.example/%d', id % :sites, id),
                  strftime('%Y-%m-%dT%H:%M:%SZ', :start + :seconds * id / :articles, 'unixepoch') FROM n""",
        {
            "articles": articles,
            "sites": sites,
            "start": int((now - timedelta(days=365)).timestamp()),
            "seconds": 365 * 86_400 - 3_600,
        },
    )


def _fill_articles(db: Database, articles: int) -> None:
    db.execute(
        f"""INSERT INTO articles (id, url, page_url, site, title, body, authors, category, tags, language, published,
                published_raw, published_from, published_precision, word_count, first_seen, last_seen, story_id,
                fingerprint, provenance)
            SELECT id, url, url, site, 'Report ' || id || ' ' || substr(folded, 1, 50),
                'paragraph of report ' || id || ' alone' || char(10) || body
                    || CASE WHEN site = 'site_00000' AND random() % 25 = 0 THEN char(10) || :line ELSE '' END,
                '["A. Author"]', 'World', '[]', 'en', seen, seen, 'json-ld', 'second', {_WORDS}, seen, seen, id,
                printf('%032x', id), '{{"title": "h1"}}'
            FROM temp.numbers JOIN temp.texts ON number = id % {_TEXTS}""",
        {"line": REPEATED_LINE},
    )
    db.execute(
        "INSERT INTO url_aliases SELECT url, id, 'own', substr(url, 9) FROM temp.numbers ORDER BY url",
    )
    db.execute(
        """INSERT INTO pages (site, url, state, outcome, status, final_url, article_id, discovered, last_listed,
               fetched, attempts, published, candidate)
           SELECT site, url, 'done', 'new', 200, url, id, seen, seen, seen, 1, seen, '{"channel": "feed"}'
           FROM temp.numbers"""
    )
    db.execute(
        """INSERT INTO archive (article_id, file, offset, length, digest, fetched, current)
           SELECT id, substr(seen, 1, 10) || '-' || site || '-001.warc.gz', id * 1000, 1000, 'sha1:X', seen, 1
           FROM temp.numbers"""
    )


def _fill_story(db: Database, copies: int) -> None:
    body = make_text(-1)
    values = {"body": body, "fingerprint": fingerprint(body), "last": copies + 1}
    db.execute(
        """UPDATE articles SET body = :body, fingerprint = :fingerprint, story_id = 1,
               duplicate_of = CASE WHEN id > 1 THEN 1 END WHERE id <= :last""",
        values,
    )
    db.execute(
        """INSERT INTO story_edges SELECT id, 1, 1, 5, 3600 FROM articles WHERE id BETWEEN 2 AND :last""", values
    )
    db.execute("INSERT INTO stories VALUES (1, 1, :last)", values)


def _fill_passages(db: Database) -> None:
    """Hashes that no other article has, and those of the repeated line."""
    db.execute(
        f"""WITH RECURSIVE n (position) AS (SELECT 0 UNION ALL SELECT position + 1 FROM n
                                          WHERE position < {_HASHES - 1})
            INSERT INTO passages SELECT random() AS hash, id, position / 4 FROM articles, n
            WHERE duplicate_of IS NULL ORDER BY 1"""
    )
    db.execute(
        "INSERT INTO passages SELECT ?, id, 6 FROM articles WHERE site = ? AND body LIKE ?",
        [line_hash(folded_words(REPEATED_LINE)), site_name(0), f"%{REPEATED_LINE}"],
    )


def _fill_search(db: Database) -> None:
    db.execute("INSERT INTO search_docs (doc_id, article_id) SELECT id, id FROM temp.numbers")
    db.execute(
        f"""INSERT INTO articles_fts (rowid, title, subtitle, body, authors, tags)
            SELECT id, 'report ' || id, '', folded, 'a author', ''
            FROM temp.numbers JOIN temp.texts ON number = id % {_TEXTS}"""
    )
    db.execute("INSERT INTO article_changes (article_id) SELECT id FROM temp.numbers")
    db.execute("INSERT INTO site_counts SELECT site, count(*) FROM temp.numbers GROUP BY site")


def _fill_sites(db: Database, sites: int, now: datetime) -> None:
    """Runs at even intervals, more of them for a few sites; all sites were polled just now, so that none is due."""
    a_day = next(a_day for most, a_day in _RUNS_A_DAY.items() if sites <= most)
    quality = {"pages": 3, "title": 3, "body": 3, "date": 3, "authors": 2, "chars": 3000, "timed": 3, "without": {}}
    runs = [
        (to_text(moment), to_text(moment + timedelta(minutes=1)), json.dumps(quality))
        for n in range(RUN_DAYS * a_day, 0, -1)
        if (moment := now - timedelta(days=n / a_day))
    ]
    names = [site_name(n) for n in range(sites)]
    db.conn.executemany(
        """INSERT INTO runs (site, started, finished, finish_reason, arguments, discovered, requested, new, quality)
           VALUES (?, ?, ?, 'finished', '{}', 3, 3, 3, ?)""",
        ((name, *run) for run in runs for name in names),
    )
    db.execute(
        """INSERT INTO run_days (site, day, runs, started, finished, answered, discovered, requests, bytes, requested,
               new, updated, unchanged, duplicate, dropped, blocked, priced, failed, unfinished, reasons, examples,
               quality)
           SELECT site, substr(started, 1, 10), count(*), min(started), max(finished), max(finished), sum(discovered),
                  0, 0, sum(requested), sum(new), 0, 0, 0, 0, 0, 0, 0, 0, '{}', '{}', max(quality)
           FROM runs GROUP BY 1, 2"""
    )
    soon = to_text(now + timedelta(hours=3))
    db.conn.executemany(
        """INSERT INTO sites (site, last_poll, last_success, interval, next_poll) VALUES (?1, ?2, ?2, 10800, ?3)
           ON CONFLICT (site) DO UPDATE SET last_poll = ?2, last_success = ?2, interval = 10800, next_poll = ?3""",
        [(name, to_text(now), soon) for name in names],
    )
    db.conn.executemany(
        """INSERT INTO channels (site, url, kind, checked, status, candidates, new, succeeded)
           VALUES (?1, 'https://' || replace(?1, '_', '-') || '.example/feed', 'feed', ?2, 200, 20, 0, ?2)""",
        [(name, to_text(now)) for name in names],
    )
