"""Rights: what sites say of the uses of their pages, when, and the files in which they say it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from crawler.store.database import Database
from crawler.store.hosts import HostFile
from crawler.store.read.articles import USE_COLUMNS, ArticleFilter, ArticleQuery
from crawler.store.times import from_text, to_text
from crawler.usage import USES, PageRights, Use, signals_from_json


@dataclass(frozen=True, slots=True)
class StoredRights:
    """What a page of an article says, since when, and until when it was seen."""

    page_url: str
    since: datetime
    last_seen: datetime
    rights: PageRights


class Reserved(NamedTuple):
    """Articles that are reserved for a use by the same signal."""

    site: str
    reason: str
    """The signal, with its place and text."""

    articles: int


class Rights:
    """The tables `rights`, `page_rights` and `rights_files`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def record_page(self, page_id: int, rights: PageRights, now: datetime) -> None:
        """Save what a page said at its last fetch."""
        with self._db.writing():
            self._db.execute("UPDATE page_rights SET is_current = 0 WHERE page_id = ? AND is_current", [page_id])
            if rights.signals:
                self._db.execute(
                    """INSERT INTO page_rights (page_id, rights_id, since, last_seen, is_current) VALUES (?, ?, ?, ?, 1)
                       ON CONFLICT (page_id, rights_id) DO UPDATE SET last_seen = excluded.last_seen, is_current = 1""",
                    [page_id, self._rights_id(rights), to_text(now), to_text(now)],
                )

    def record_file(self, url: str, file: HostFile) -> str:
        """Save a file as received, and return its digest."""
        digest = _digest(file.body)
        with self._db.writing():
            self._db.execute(
                """INSERT INTO rights_files (url, digest, body, status, first_fetched, last_fetched)
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (url, digest)
                   DO UPDATE SET last_fetched = max(last_fetched, excluded.last_fetched), status = excluded.status""",
                [url, digest, file.body, file.status, to_text(file.fetched), to_text(file.fetched)],
            )
        return digest

    def file(self, url: str) -> tuple[HostFile, str] | None:
        """The last version of a file that was fetched, with its digest; None if there is none."""
        with self._db.reading():
            row = self._db.execute(
                """SELECT body, status, last_fetched, digest FROM rights_files WHERE url = ?
                   ORDER BY last_fetched DESC LIMIT 1""",
                [url],
            ).fetchone()
        if row is None:
            return None
        return HostFile(body=row[0], status=row[1], fetched=datetime.fromisoformat(row[2])), row[3]

    def of_article(self, article_id: int) -> list[StoredRights]:
        """What the pages of an article say now, the page that was fetched last first."""
        with self._db.reading():
            found = self._db.execute(
                """SELECT p.url, pr.since, pr.last_seen, r.signals FROM pages AS p
                   JOIN page_rights AS pr ON pr.page_id = p.id AND pr.is_current
                   JOIN rights AS r ON r.id = pr.rights_id
                   WHERE p.article_id = ? ORDER BY pr.last_seen DESC, p.id""",
                [article_id],
            ).fetchall()
        return [
            StoredRights(url, _time(since), _time(seen), signals_from_json(signals))
            for url, since, seen, signals in found
        ]

    def reserved(self, article_filter: ArticleFilter, use: Use) -> tuple[int, list[Reserved]]:
        """How many of the articles of a filter are reserved for a use, and by which signals, the most frequent first.
        An article with several such signals counts for each. Raises QueryError."""
        counts: Counter[tuple[str, str]] = Counter()
        for site, signals, articles in self._reserved_sets(article_filter, use):
            rights = signals_from_json(signals)
            for reason in dict.fromkeys(map(str, rights.reasons(use))):
                counts[site, reason] += articles
        kept = ArticleQuery(self._db, replace(article_filter, usage=use))
        every = ArticleQuery(self._db, replace(article_filter, usage=None))
        with self._db.reading():
            before, after = (
                int(
                    self._db.execute(f"SELECT count(*) FROM articles AS a WHERE {each.where}", each.values).fetchone()[
                        0
                    ]
                )
                for each in (every, kept)
            )
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return before - after, [Reserved(site, reason, number) for (site, reason), number in ordered]

    def decisions(self, article_filter: ArticleFilter) -> dict[tuple[str, Use], Counter[str]]:
        """Site and use → decision → articles of a filter. Raises QueryError."""
        chosen = ArticleQuery(self._db, article_filter)
        counts: dict[tuple[str, Use], Counter[str]] = {}
        ranks = ", ".join(f"max({_RANK.format(USE_COLUMNS[use])})" for use in USES)
        with self._db.reading():
            for site, *found in self._db.execute(
                f"""SELECT a.site, {ranks} FROM articles AS a LEFT JOIN pages AS p ON p.article_id = a.id
                    LEFT JOIN page_rights AS pr ON pr.page_id = p.id AND pr.is_current
                    LEFT JOIN rights AS r ON r.id = pr.rights_id WHERE {chosen.where} GROUP BY a.id""",
                chosen.values,
            ):
                for use, rank in zip(USES, found, strict=True):
                    counts.setdefault((site, use), Counter())[_BY_RANK[rank]] += 1
        return counts

    def _reserved_sets(self, article_filter: ArticleFilter, use: Use) -> Iterator[tuple[str, str, int]]:
        chosen = ArticleQuery(self._db, replace(article_filter, usage=None))
        with self._db.reading():
            yield from self._db.execute(
                f"""SELECT a.site, r.signals, count(DISTINCT a.id) FROM articles AS a
                    JOIN pages AS p ON p.article_id = a.id
                    JOIN page_rights AS pr ON pr.page_id = p.id AND pr.is_current
                    JOIN rights AS r ON r.id = pr.rights_id
                    WHERE r.{USE_COLUMNS[use]} = 'reserved' AND {chosen.where} GROUP BY a.site, r.id""",
                chosen.values,
            ).fetchall()

    def _rights_id(self, rights: PageRights) -> int:
        signals = rights.as_json()
        digest = _digest(signals.encode())
        row = self._db.execute("SELECT id FROM rights WHERE digest = ?", [digest]).fetchone()
        if row is not None:
            return int(row[0])
        decisions = [rights.decision(use) for use in USES]
        columns = ", ".join(USE_COLUMNS[use] for use in USES)
        cursor = self._db.execute(
            f"INSERT INTO rights (digest, signals, {columns}) VALUES (?, ?, ?, ?, ?, ?)", [digest, signals, *decisions]
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


_RANK = "CASE r.{0} WHEN 'reserved' THEN 2 WHEN 'allowed' THEN 1 ELSE 0 END"
_BY_RANK = ("unknown", "allowed", "reserved")


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _time(text: str) -> datetime:
    moment = from_text(text)
    assert moment is not None
    return moment
