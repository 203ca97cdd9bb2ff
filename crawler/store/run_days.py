"""Run days: the finished runs of a site and day as one row, kept as the runs finish. The health rules look back eight
weeks, which may be thousands of runs, and the runs themselves are deleted some days later."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from crawler.store.database import Database

_COSTS = ("discovered", "requests", "bytes")
_PAGES = (
    "requested", "new", "updated", "unchanged", "duplicate", "dropped", "blocked", "priced", "failed", "unfinished",
)  # fmt: skip
_SUMS = (*_COSTS, *_PAGES)
# One run of a site at a time: without an end and with a later run it was killed.
_OLD = """SELECT id, finished FROM runs AS r WHERE started < ? AND id <= ? AND (finished IS NOT NULL OR EXISTS (
    SELECT 1 FROM runs AS later WHERE later.site = r.site AND later.id > r.id)) ORDER BY started LIMIT ?"""
_DAY = len("2026-01-31")


class RunDays:
    """The table `run_days`. All methods run inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, run_id: int) -> None:
        """Add a run that has ended to the day on which it began; without its pages if it was in an outage."""
        [run] = self._db.query("SELECT * FROM runs WHERE id = ?", [run_id])
        if run["outage"] is not None:
            run |= dict.fromkeys(_PAGES, 0) | dict.fromkeys(("reasons", "examples", "quality"), "{}")
        day = run["started"][:_DAY]
        before = next(
            iter(self._db.query("SELECT * FROM run_days WHERE site = ? AND day = ?", [run["site"], day])), None
        )
        is_answered = run["finish_reason"] == "finished" and not run["unreachable"]
        ended = run["finished"] or run["started"]
        row = {
            "site": run["site"],
            "day": day,
            "runs": 1 + (before["runs"] if before else 0),
            "started": min(before["started"], run["started"]) if before else run["started"],
            "finished": max(before["finished"], ended) if before else ended,
            "answered": run["finished"] if is_answered else before["answered"] if before else None,
            **{name: run[name] + (before[name] if before else 0) for name in _SUMS},
        }
        for name, merge in (("reasons", _add), ("examples", _replace), ("quality", _add_quality)):
            merged = merge(json.loads(before[name]) if before else {}, json.loads(run[name]))
            row[name] = json.dumps(merged, ensure_ascii=False, sort_keys=True)
        self._db.table("run_days").upsert(row, pk=("site", "day"))

    def condense(self, before: str, last_id: int, *, limit: int) -> None:
        """Delete the runs up to `last_id` that began earlier than the moment `before`: their days have their sums. At
        most the `limit` oldest ones."""
        for run_id, finished in self._db.execute(_OLD, [before, last_id, limit]).fetchall():
            if finished is None:
                self.add(run_id)
            self._db.execute("DELETE FROM runs WHERE id = ?", [run_id])

    def between(self, site: str, first: str, day: str) -> list[dict[str, Any]]:
        """The days with a run that began at the moment `first` or later, and before `day`, oldest first. Each has those
        columns of a run that the health rules read."""
        rows = self._db.query(
            "SELECT * FROM run_days WHERE site = ? AND day >= ? AND day < ? AND started >= ? ORDER BY day",
            [site, first[:_DAY], day, first],
        )
        return [
            row
            | {
                "finished": row["answered"] or row["finished"],
                "finish_reason": "finished",
                "unreachable": int(row["answered"] is None),
                "outage": None,
            }
            for row in rows
        ]


def _add(before: dict[str, int], added: dict[str, int]) -> dict[str, int]:
    return dict(Counter(before) + Counter(added))


def _replace(before: dict[str, str], added: dict[str, str]) -> dict[str, str]:
    return before | added


def _add_quality(before: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """Numbers are added; `without`, an example page for each field that pages lack, has the newest one."""
    if not before or not added:
        return before or added
    without = before.pop("without", {}) | added.pop("without", {})
    return {**_add(before, added), "without": without}
