"""What the pages of `rasid browse` show of runs: crawls of one site, and runs of `rasid due` with their crawls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.store.database import Database
from crawler.store.read.sites import OUTCOMES, mapping

_JSON = ("arguments", "reasons", "examples", "skipped", "unverified_hosts", "quality")

_SUMS = ("requested", *OUTCOMES, "requests", "bytes", "gaps", "channel_problems")

# A run of `rasid due`, or a crawl that none of them started.
_STARTS = """
    SELECT 'due' AS kind, id, started FROM scheduler_runs
    UNION ALL SELECT 'crawl', id, started FROM runs WHERE scheduler_run_id IS NULL"""


class RunList:
    """The runs, newest first."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def latest(self, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
        """Runs of `rasid due` and the crawls that none of them started: `kind` (`due` or `crawl`), `id`, `started`,
        `finished`, `exit_code` and `message` (of `rasid due`), `finish_reason` (of a crawl), `site` (if there is only
        one), `sites` (their number), `unreachable` (sites), and the sums of the crawls."""
        with self._db.reading():
            starts = self._db.execute(
                f"SELECT kind, id FROM ({_STARTS}) ORDER BY started DESC, kind, id DESC LIMIT ? OFFSET ?",
                [limit, offset],
            ).fetchall()
            crawls = {row["id"]: row for row in self._crawls([number for kind, number in starts if kind == "crawl"])}
            rounds = {row["id"]: row for row in self._rounds([number for kind, number in starts if kind == "due"])}
        return [(rounds if kind == "due" else crawls)[number] for kind, number in starts]

    def count(self) -> int:
        """The number of runs that `latest` gives without a limit."""
        with self._db.reading():
            return int(self._db.execute(f"SELECT count(*) FROM ({_STARTS})").fetchone()[0])

    def of_site(self, site: str, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
        """The crawls of one site, with the same keys."""
        with self._db.reading():
            rows = self._db.execute(
                "SELECT id FROM runs WHERE site = ? ORDER BY started DESC, id DESC LIMIT ? OFFSET ?",
                [site, limit, offset],
            ).fetchall()
            crawls = {row["id"]: row for row in self._crawls([number for (number,) in rows])}
        return [crawls[number] for (number,) in rows]

    def count_of_site(self, site: str) -> int:
        """The number of crawls of a site that are still stored."""
        with self._db.reading():
            return int(self._db.execute("SELECT count(*) FROM runs WHERE site = ?", [site]).fetchone()[0])

    def crawl(self, number: int) -> dict[str, Any] | None:
        """The row of a crawl, with its JSON columns read; None if it is not stored."""
        with self._db.reading():
            row = next(iter(self._db.query("SELECT * FROM runs WHERE id = ?", [number])), None)
        return row and row | {name: mapping(row[name]) for name in _JSON}

    def due(self, number: int) -> dict[str, Any] | None:
        """A run of `rasid due`, with the keys of `latest`; None if it is not stored."""
        with self._db.reading():
            return next(iter(self._rounds([number])), None)

    def crawls_of(self, number: int) -> list[dict[str, Any]]:
        """The crawls of a run of `rasid due`, those with problems first: rows of the table with `reasons` and
        `examples` read."""
        with self._db.reading():
            rows = list(
                self._db.query(
                    """SELECT * FROM runs WHERE scheduler_run_id = ?
                       ORDER BY finish_reason IS 'finished', unreachable DESC, failed + blocked + priced DESC, site""",
                    [number],
                )
            )
        return [row | {name: mapping(row[name]) for name in ("reasons", "examples")} for row in rows]

    def _crawls(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        return list(
            self._db.query(
                f"""SELECT 'crawl' AS kind, id, started, finished, NULL AS exit_code, NULL AS message, finish_reason,
                           site, 1 AS sites, unreachable, {", ".join(_SUMS)}
                    FROM runs WHERE id IN ({_marks(numbers)})""",
                numbers,
            )
        )

    def _rounds(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        sums = ", ".join(f"coalesce(sum(r.{name}), 0) AS {name}" for name in _SUMS)
        return list(
            self._db.query(
                f"""SELECT 'due' AS kind, s.id, s.started, s.finished, s.exit_code, s.message, NULL AS finish_reason,
                           iif(count(r.id) = 1, max(r.site), NULL) AS site, count(r.id) AS sites,
                           coalesce(sum(r.unreachable), 0) AS unreachable, {sums}
                    FROM scheduler_runs AS s LEFT JOIN runs AS r ON r.scheduler_run_id = s.id
                    WHERE s.id IN ({_marks(numbers)}) GROUP BY s.id""",
                numbers,
            )
        )


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))
