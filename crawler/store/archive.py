"""Which archive record holds the page of which article. A row is committed after its record is on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.items import Candidate, Page, PageResult, RecordLocation, candidate_from_json
from crawler.store.database import Database
from crawler.store.pages import Pages
from crawler.store.times import to_text


class RecordSink(Protocol):
    """The writer of the archive's files."""

    def append(self, page: Page) -> RecordLocation | None:
        """Write a page's record to disk; its location, or None if it cannot be written. Must not raise."""


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """A stored article and the record that it was extracted from."""

    archive_id: int
    article_id: int
    url: str
    page_url: str
    site: str
    location: RecordLocation


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The page of a stored article."""

    candidate: Candidate
    location: RecordLocation | None
    """None if the page is not archived."""


class Archive:
    """The table `archive`."""

    def __init__(self, db: Database, pages: Pages) -> None:
        self._db = db
        self._pages = pages

    def record_page(self, result: PageResult, article_id: int | None, now: datetime, sink: RecordSink | None) -> None:
        """Append the page of an accepted article to the archive and save its location, in the transaction that stores
        the article. A page that was read from an archive is added to the pages first: no channel has listed it."""
        page = result.page
        with self._db.writing():
            if page.capture and page.capture.candidate:
                self._pages.add_fetched(page.site, page.capture.candidate, now)
            if article_id is None or result.outcome == "blocked" or not self._is_source(article_id, page):
                return
            if result.outcome == "unchanged" and page.location is None and self._has_record(article_id):
                return
            location = page.location or (sink.append(page) if sink else None)
            if result.outcome == "updated" or location is not None:
                self._db.execute("UPDATE archive SET current = 0 WHERE article_id = ? AND current = 1", [article_id])
            if location is not None:
                page.location = location
                self._insert(article_id, location, page.fetched or now)

    def committed_end(self, file: str) -> int | None:
        """The offset at which the last record of a file that an article has ends; None if there is none."""
        with self._db.reading():
            row = self._db.execute("SELECT max(offset + length) FROM archive WHERE file = ?", [file]).fetchone()
        return row[0] if row else None

    def remove_file(self, file: str) -> None:
        """Remove all locations in a file, before the file is deleted."""
        with self._db.writing():
            self._db.execute("DELETE FROM archive WHERE file = ?", [file])

    def articles(
        self,
        site: str | None = None,
        since: datetime | None = None,
        below: float | None = None,
        *,
        doubtful: bool = False,
    ) -> Iterator[ArchivedArticle]:
        """The articles whose page is archived, the least sure first; those of which that is unknown come before them.
        `since`: fetched then or later. `below`: only those with less confidence. `doubtful`: only those fetched in
        the doubtful span of their site."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT archive.id FROM archive JOIN articles ON articles.id = article_id WHERE current = 1
                   AND (:site IS NULL OR site = :site) AND (:since IS NULL OR fetched >= :since)
                   AND (:below IS NULL OR confidence < :below)
                   AND (NOT :doubtful OR EXISTS (
                       SELECT 1 FROM doubtful_spans AS span WHERE span.site = articles.site
                       AND fetched BETWEEN span.since AND coalesce(until, fetched)))
                   ORDER BY confidence, file, offset""",
                {"site": site, "since": to_text(since), "below": below, "doubtful": doubtful},
            )
            ids = [archive_id for (archive_id,) in rows]
        for archive_id in ids:  # one by one: an open cursor would keep the write-ahead log from being emptied
            with self._db.reading():
                row = self._db.execute(
                    """SELECT archive.id, article_id, url, page_url, site, file, offset, length, digest
                       FROM archive JOIN articles ON articles.id = article_id WHERE archive.id = ? AND current = 1""",
                    [archive_id],
                ).fetchone()
            if row:
                file, offset, length, digest = row[5:]
                location = RecordLocation(file=file, offset=offset, length=length, digest=digest)
                yield ArchivedArticle(row[0], row[1], row[2], row[3], row[4], location)

    def newest(self, site: str, count: int) -> list[StoredPage]:
        """The pages of the newest articles of a site, the newest first."""
        return self._stored_pages("articles.site = ? AND NOT is_notice ORDER BY articles.published DESC", [site], count)

    def page(self, site: str, url: str) -> StoredPage | None:
        """The page with this canonical URL, if its article is stored."""
        found = self._stored_pages("pages.site = ? AND pages.url = ?", [site, url], 1)
        return found[0] if found else None

    def _stored_pages(self, which: str, values: list[str], count: int) -> list[StoredPage]:
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT candidate, file, offset, length, digest
                    FROM articles JOIN pages ON pages.site = articles.site AND pages.url = articles.page_url
                    LEFT JOIN archive ON archive.article_id = articles.id AND current = 1
                    WHERE {which} LIMIT ?""",
                [*values, count],
            ).fetchall()
        return [
            StoredPage(
                candidate_from_json(candidate),
                RecordLocation(file=file, offset=offset, length=length, digest=digest) if file else None,
            )
            for candidate, file, offset, length, digest in rows
        ]

    def _insert(self, article_id: int, location: RecordLocation, fetched: datetime) -> None:
        self._db.execute(
            """INSERT INTO archive (article_id, file, offset, length, digest, fetched, current)
               VALUES (?, ?, ?, ?, ?, ?, 1)
               ON CONFLICT (file, offset) DO UPDATE SET article_id = excluded.article_id, current = 1""",
            [article_id, location.file, location.offset, location.length, location.digest, to_text(fetched)],
        )

    def _is_source(self, article_id: int, page: Page) -> bool:
        """Whether the article is extracted from this page, and not from another one that leads to it as well."""
        row = self._db.execute("SELECT page_url FROM articles WHERE id = ?", [article_id]).fetchone()
        return bool(row) and row[0] == page.url

    def _has_record(self, article_id: int) -> bool:
        sql = "SELECT 1 FROM archive WHERE article_id = ? AND current = 1"
        return self._db.execute(sql, [article_id]).fetchone() is not None
