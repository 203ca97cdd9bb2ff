"""What was exported under which name, so that the next export of that name holds what has changed since."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crawler.store.read.articles import ArticleFilter, Changes
from crawler.store.times import to_text


class ExportStateError(ValueError):
    """A `--since-last` that would leave articles out; the message says what to write instead."""


def changes_since(
    db: Database, name: str, wanted: ArticleFilter, *, with_related: bool = False, with_edges: bool = False
) -> Changes:
    """What the next export of this name is to hold.

    `with_related`: also articles of which only that has changed what they say of others, since the last export of that
    name that was made with it. `with_edges`: the same of what they copy. Raises ExportStateError if the last export
    had other filters: what they left out had no place in it, and would have none in this one.
    """
    newest = [
        int(db.execute(f"SELECT coalesce(max(change), 0) FROM {table}").fetchone()[0])
        for table in ("article_changes", "related_changes", "edge_changes")
    ]
    last = db.execute(
        "SELECT filters, change, related_change, edge_change FROM exports WHERE name = ?", [name]
    ).fetchone()
    filters, *before = last or (wanted.as_text(), 0, 0, 0)
    if filters != wanted.as_text():
        raise ExportStateError(
            f"--since-last {name}: the last export of that name had other filters ({filters}); "
            "use them again, or another name"
        )
    articles, related, edges = zip(before, newest, strict=True)
    return Changes(articles, related if with_related else None, edges if with_edges else None)


def note_export(db: Database, name: str, wanted: ArticleFilter, changes: Changes, rows: int, now: datetime) -> None:
    """Remember that everything up to these changes is exported, once the files of the export are in their places."""
    upto = [stretch[1] if stretch else 0 for stretch in (changes.articles, changes.related, changes.edges)]
    db.execute(
        """INSERT INTO exports (name, change, related_change, edge_change, filters, rows, exported)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET change = max(change, excluded.change),
               related_change = max(related_change, excluded.related_change),
               edge_change = max(edge_change, excluded.edge_change), filters = excluded.filters,
               rows = excluded.rows, exported = excluded.exported""",
        [name, *upto, wanted.as_text(), rows, to_text(now)],
    )
