"""The record of each crawl: one row a run, begun before the first request and closed after the last."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.store.database import insert_row
from crawler.store.times import from_text, to_text


def begin_run(
    db: Database, site: str, arguments: dict[str, str], now: datetime, scheduler_run_id: int | None = None
) -> int:
    """Open the row of a run; its id."""
    row = {"site": site, "started": to_text(now), "arguments": json.dumps(arguments, ensure_ascii=False)}
    return insert_row(db, "runs", row | {"scheduler_run_id": scheduler_run_id})


def count_outcomes(db: Database, run_id: int, outcomes: Counter[str]) -> None:
    """Add settled pages to a run, so that the row of a run that is killed tells what it did."""
    added = ", ".join(f"{name} = {name} + {count}" for name, count in outcomes.items())
    db.execute(f"UPDATE runs SET requested = requested + {outcomes.total()}, {added} WHERE id = ?", [run_id])


def end_run(db: Database, run_id: int, counts: dict[str, Any], ended: str, now: datetime) -> None:
    """Close the row of a run. `counts` has columns of the table; dictionaries are written as JSON."""
    row = {
        k: json.dumps(v, ensure_ascii=False, sort_keys=True) if isinstance(v, dict) else v for k, v in counts.items()
    }
    db.table("runs").update(run_id, row | {"finished": to_text(now), "finish_reason": ended})


def newest_time(db: Database) -> datetime | None:
    """The latest moment at which a crawl began or ended."""
    row = db.execute("SELECT max(max(started), coalesce(max(finished), '')) FROM runs").fetchone()
    return from_text(row[0])


def site_summaries(db: Database) -> dict[str, dict[str, Any]]:
    """For each site ever crawled: `articles` stored and the start of the `last_crawl`."""
    rows = db.query("""
        SELECT site, max(last_crawl) AS last_crawl, sum(articles) AS articles FROM (
            SELECT site, max(started) AS last_crawl, 0 AS articles FROM runs GROUP BY site
            UNION ALL SELECT site, NULL, count(*) FROM articles GROUP BY site
        ) GROUP BY site""")
    return {row["site"]: row for row in rows}
