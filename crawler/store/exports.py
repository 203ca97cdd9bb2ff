"""What was exported under which name, so that the next export of that name holds what has changed since."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crawler.store.query import ArticleFilter
from crawler.store.times import to_text


class ExportStateError(ValueError):
    """A `--since-last` that would leave articles out; the message says what to write instead."""


def changes_since(db: Database, name: str, wanted: ArticleFilter) -> tuple[int, int]:
    """The change numbers that an export of this name is to hold: after the first, up to and with the second.

    Raises ExportStateError if the last export of that name had other filters: what they left out had no place in it,
    and would have none in this one.
    """
    newest = db.execute("SELECT coalesce(max(change), 0) FROM article_changes").fetchone()[0]
    last = db.execute("SELECT change, filters FROM exports WHERE name = ?", [name]).fetchone()
    if last is None:
        return 0, int(newest)
    if last[1] != wanted.as_text():
        raise ExportStateError(
            f"--since-last {name}: the last export of that name had other filters ({last[1]}); "
            "use them again, or another name"
        )
    return int(last[0]), int(newest)


def note_export(db: Database, name: str, wanted: ArticleFilter, change: int, rows: int, now: datetime) -> None:
    """Remember that everything up to a change is exported, once the files of the export are in their places."""
    db.execute(
        """INSERT INTO exports (name, change, filters, rows, exported) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET change = max(change, excluded.change), filters = excluded.filters,
               rows = excluded.rows, exported = excluded.exported""",
        [name, change, wanted.as_text(), rows, to_text(now)],
    )
