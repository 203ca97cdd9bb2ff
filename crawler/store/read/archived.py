"""Where the page of an article is archived, in the version that was extracted and in earlier ones."""

from __future__ import annotations

from typing import NamedTuple

from crawler.items import RecordLocation
from crawler.store.database import Database


class ArchivedRecord(NamedTuple):
    """A page of an article in the archive."""

    id: int
    fetched: str
    is_current: bool
    """Whether the stored text was extracted from it."""

    location: RecordLocation
    language: str | None
    """Of the article."""


def archived_records(db: Database, article_id: int) -> list[ArchivedRecord]:
    """The archived pages of an article, the newest first."""
    with db.reading():
        rows = db.execute(
            """SELECT r.id, r.fetched, r.current, a.language, r.file, r.offset, r.length, r.digest
               FROM archive AS r JOIN articles AS a ON a.id = r.article_id WHERE r.article_id = ?
               ORDER BY r.current DESC, r.fetched DESC, r.id DESC""",
            [article_id],
        ).fetchall()
    return [
        ArchivedRecord(
            number,
            fetched,
            bool(current),
            RecordLocation(file=file, offset=offset, length=length, digest=digest),
            language,
        )
        for number, fetched, current, language, file, offset, length, digest in rows
    ]
