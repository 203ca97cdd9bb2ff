"""What the schedule has done for each export of `exports.toml`: the table `scheduled_exports`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.database import Database
from crawler.store.read.articles import ArticleFilter, ChangeRange
from crawler.store.read.exports import Exports
from crawler.store.times import from_text, to_text

_REPORT_AGAIN = timedelta(days=1)
"""A problem that lasts is reported once in this time, as findings of the health check are."""


@dataclass(frozen=True, slots=True)
class ScheduledState:
    """What is known of an export."""

    due: datetime | None = None
    """The moment that its last file was due at; None if it was never written."""

    written: datetime | None = None
    file: str | None = None
    rows: int | None = None
    problem: str | None = None
    """Why the last attempt failed; None if it did not."""


class ScheduledExports:
    """Which file of each export was written last."""

    def __init__(self, db: Database, exports: Exports) -> None:
        self._db = db
        self._exports = exports

    def states(self) -> dict[str, ScheduledState]:
        """The state of each export that was tried, by name."""
        with self._db.reading():
            rows = self._db.execute("SELECT name, due, written, file, rows, problem FROM scheduled_exports").fetchall()
        return {
            name: ScheduledState(from_text(due), from_text(written), file, rows, problem)
            for name, due, written, file, rows, problem in rows
        }

    def record_written(
        self,
        name: str,
        due: datetime,
        file: str,
        rows: int,
        now: datetime,
        *,
        contents: tuple[ArticleFilter, ChangeRange] | None = None,
    ) -> None:
        """Save that the file that was due at a moment is in its place. `contents`: of one with only what is new; saved
        in the same transaction, since with one of the two alone the next file would leave rows out."""
        with self._db.writing():
            if contents is not None:
                self._exports.record_export(since_last_name(name), *contents, rows, now)
            self._db.execute(
                """INSERT INTO scheduled_exports (name, due, written, file, rows) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT (name) DO UPDATE SET due = excluded.due, written = excluded.written,
                       file = excluded.file, rows = excluded.rows, problem = NULL, reported = NULL""",
                [name, to_text(due), to_text(now), file, rows],
            )

    def record_problem(self, name: str, problem: str, now: datetime) -> bool:
        """Save why an export could not be written. Returns whether that is to be reported: it is new, or was last
        reported a day ago."""
        with self._db.writing():
            row = self._db.execute("SELECT problem, reported FROM scheduled_exports WHERE name = ?", [name]).fetchone()
            reported = from_text(row[1]) if row is not None and row[0] == problem else None
            if reported is not None and timedelta() <= now - reported < _REPORT_AGAIN:
                return False
            self._db.execute(
                """INSERT INTO scheduled_exports (name, problem, reported) VALUES (?, ?, ?)
                   ON CONFLICT (name) DO UPDATE SET problem = excluded.problem, reported = excluded.reported""",
                [name, problem, to_text(now)],
            )
        return True

    def forget(self, name: str) -> None:
        """Delete what is known of an export, and what it contained for --since-last: another one may get its name."""
        with self._db.writing():
            for table, key in (("scheduled_exports", name), ("exports", since_last_name(name))):
                self._db.execute(f"DELETE FROM {table} WHERE name = ?", [key])


def since_last_name(name: str) -> str:
    """The name of a scheduled export among those of `--since-last`, which a user cannot give by accident."""
    return f"exports.toml/{name}"
