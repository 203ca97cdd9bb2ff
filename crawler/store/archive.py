"""Which archive record holds the page of which article. A row is committed when its record is on disk, never before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from crawler.items import Page, PageResult, RecordLocation
from crawler.store import pages as frontier
from crawler.store.times import to_text


class RecordSink(Protocol):
    """Where the records of accepted articles are written."""

    def append(self, page: Page) -> RecordLocation | None:
        """Write a page's record to disk; its location, None if it cannot be written. Must not raise."""


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """A stored article and the record that it was extracted from."""

    archive_id: int
    article_id: int
    url: str
    page_url: str
    site: str
    location: RecordLocation


def note_record(
    db: Database, result: PageResult, article_id: int | None, now: datetime, sink: RecordSink | None
) -> None:
    """Keep the page of an accepted article and note where, in the transaction that accepts it.

    A page that was read out of an archive is entered among the pages first: no channel has named it.
    """
    page = result.page
    if page.capture and page.capture.candidate and not _is_named(db, page):
        frontier.enter_page(db, page.site, page.capture.candidate, now)
    if article_id is None or not _is_source(db, article_id, page):
        return
    if result.outcome == "unchanged" and page.location is None and _has_record(db, article_id):
        return
    location = page.location or (sink.append(page) if sink else None)
    if result.outcome == "updated" or location is not None:
        db.execute("UPDATE archive SET current = 0 WHERE article_id = ? AND current = 1", [article_id])
    if location is not None:
        page.location = location
        values = [
            article_id,
            location.file,
            location.offset,
            location.length,
            location.digest,
            to_text(page.fetched or now),
        ]
        db.execute(
            """INSERT INTO archive (article_id, file, offset, length, digest, fetched, current)
               VALUES (?, ?, ?, ?, ?, ?, 1)
               ON CONFLICT (file, offset) DO UPDATE SET article_id = excluded.article_id, current = 1""",
            values,
        )


def committed_end(db: Database, file: str) -> int | None:
    """Where the last noted record of a file ends; None if there is none."""
    found = db.execute("SELECT max(offset + length) FROM archive WHERE file = ?", [file]).fetchone()
    return found[0] if found else None


def forget_file(db: Database, file: str) -> None:
    """A file is about to be deleted: nothing may point to it."""
    db.execute("DELETE FROM archive WHERE file = ?", [file])


def is_known(db: Database, urls: list[str], fetched: datetime) -> bool:
    """Whether one of these URLs was fetched at that moment or later, and not in vain."""
    marks = ", ".join("?" * len(urls))
    found = db.execute(
        f"""SELECT 1 FROM pages WHERE (url IN ({marks}) OR final_url IN ({marks})) AND fetched >= ?
            AND state != 'pending' AND outcome NOT IN ('blocked', 'failed') LIMIT 1""",
        [*urls, *urls, to_text(fetched)],
    ).fetchone()
    return found is not None


def kept_articles(db: Database, site: str | None, since: datetime | None) -> Iterator[KeptArticle]:
    """The articles whose page is kept, in the order of the records on disk. `since`: fetched then or later."""
    ids = [
        archive_id
        for (archive_id,) in db.execute(
            """SELECT archive.id FROM archive JOIN articles ON articles.id = article_id WHERE current = 1
               AND (:site IS NULL OR site = :site) AND (:since IS NULL OR fetched >= :since) ORDER BY file, offset""",
            {"site": site, "since": to_text(since)},
        )
    ]
    for archive_id in ids:  # one by one: a cursor that stays open would keep the write-ahead log from being emptied
        row = db.execute(
            """SELECT archive.id, article_id, url, page_url, site, file, offset, length, digest
               FROM archive JOIN articles ON articles.id = article_id WHERE archive.id = ? AND current = 1""",
            [archive_id],
        ).fetchone()
        if row:
            location = RecordLocation(file=row[5], offset=row[6], length=row[7], digest=row[8])
            yield KeptArticle(row[0], row[1], row[2], row[3], row[4], location)


def _is_named(db: Database, page: Page) -> bool:
    found = db.execute("SELECT 1 FROM pages WHERE site = ? AND url = ?", [page.site, page.url]).fetchone()
    return found is not None


def _is_source(db: Database, article_id: int, page: Page) -> bool:
    """Whether the article is extracted from this page, and not from another one that leads to it as well."""
    found = db.execute("SELECT page_url FROM articles WHERE id = ?", [article_id]).fetchone()
    return bool(found) and found[0] == page.url


def _has_record(db: Database, article_id: int) -> bool:
    found = db.execute("SELECT 1 FROM archive WHERE article_id = ? AND current = 1", [article_id]).fetchone()
    return found is not None
