"""Channels: their last answers, what makes the next one cheap, and gaps between what two answers named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.items import Candidate, ChannelKind, Validators
from crawler.store.pages import Advertised
from crawler.store.part import Part
from crawler.store.times import from_text, to_text

# Kinds that show only the newest articles, so that some may have come and gone between two looks.
WINDOWS: tuple[ChannelKind, ...] = ("feed", "news_sitemap", "section")
# That one of so many newest pages is named again shows that nothing is missing between. Not any page: one that is
# pinned to the top of a feed would be named for ever.
_NEWEST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelState:
    """What is known of a channel when it is about to be asked."""

    validators: Validators = field(default_factory=Validators)
    candidates: int = 0
    """Articles in its last good answer."""

    problem: str | None = None
    """What was wrong with its last answer, whether that could be used or not."""

    succeeded: datetime | None = None
    completed: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Articles may be missing between what a channel named at two looks."""

    id: int
    channel_url: str
    noticed: datetime
    since: datetime | None
    until: datetime | None


class Channels(Part):
    """The table `channels`, and `gaps`."""

    def state(self, site: str, url: str, read_as: str) -> ChannelState:
        """A channel, with validators only if its last answer was read in the same way."""
        with self._reading() as db:
            rows = db.execute_returning_dicts("SELECT * FROM channels WHERE site = ? AND url = ?", [site, url])
        if not rows:
            return ChannelState()
        row = rows[0]
        known = Validators(etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"])
        return ChannelState(
            validators=known if row["read_as"] == read_as else Validators(),
            candidates=row["candidates"],
            problem=row["problem"],
            succeeded=from_text(row["succeeded"]),
            completed=from_text(row["completed"]),
        )

    def unchanged(self, site: str, url: str, now: datetime, *, status: int) -> None:
        """Note that a channel answered what it had answered before."""
        with self._writing() as db:
            db.execute(
                """UPDATE channels SET checked = :now, succeeded = :now, status = :status, problem = NULL, new = 0,
                       failing_since = NULL, completed = CASE WHEN completed IS NULL THEN NULL ELSE :now END
                   WHERE site = :site AND url = :url""",
                {"now": to_text(now), "status": status, "site": site, "url": url},
            )

    def complete(self, site: str, url: str, validators: Validators, read_as: str, now: datetime) -> None:
        """Note that a channel and all documents it leads to were read; from now on a look at it may be a cheap one."""
        with self._writing() as db:
            db.table("channels").update(
                (site, url),
                {
                    "completed": to_text(now),
                    "etag": validators.etag,
                    "last_modified": validators.last_modified,
                    "body_hash": validators.body_hash,
                    "read_as": read_as,
                },
            )

    def smallest_window(self, site: str) -> int | None:
        """How many articles the site's smallest channel of the newest ones shows at once; None if it has none."""
        with self._reading() as db:
            row = db.execute(
                f"""SELECT min(candidates) FROM channels WHERE site = ? AND candidates > 0 AND failing_since IS NULL
                    AND kind IN ({", ".join("?" * len(WINDOWS))})""",
                [site, *WINDOWS],
            ).fetchone()
        return None if row[0] is None else int(row[0])

    def open_gaps(self, site: str) -> list[Gap]:
        """Gaps that were noticed and not yet filled."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT id, channel_url, noticed, since, until FROM gaps WHERE site = ? AND closed IS NULL", [site]
            ).fetchall()
        return [
            Gap(
                id=row[0],
                channel_url=row[1],
                noticed=datetime.fromisoformat(row[2]),
                since=from_text(row[3]),
                until=from_text(row[4]),
            )
            for row in rows
        ]

    def close_gaps(self, site: str, now: datetime, *, by: str, found: int) -> None:
        """Note that the channels of kind `by`, which reach further back, were read; 'nothing' if there are none."""
        with self._writing() as db:
            db.execute(
                "UPDATE gaps SET closed = ?, closed_by = ?, new = ? WHERE site = ? AND closed IS NULL",
                [to_text(now), by, found, site],
            )


def note_answer(
    db: Database,
    row: dict[str, Any],
    candidates: Sequence[Candidate],
    found: Advertised,
    now: datetime,
) -> bool:
    """Write the answer of a channel; whether it shows a gap. `row`: site, url, kind, status, problem of the answer."""
    stored = db.execute_returning_dicts(
        "SELECT newest, newest_listed, failing_since, succeeded FROM channels WHERE site = ? AND url = ?",
        [row["site"], row["url"]],
    )
    before = stored[0] if stored else {}
    row |= {"checked": to_text(now), "candidates": len(candidates), "new": found.new}
    if row["problem"] and not candidates:
        row |= {"failing_since": before.get("failing_since") or to_text(now)}
        db.table("channels").upsert(row, pk=("site", "url"))
        return False
    dates = [date for c in candidates if (date := c.published or c.modified)]
    row |= {
        "succeeded": to_text(now),
        "failing_since": None,
        "newest": json.dumps(found.ids[:_NEWEST]),
        "oldest_listed": to_text(min(dates, default=None)),
        "newest_listed": to_text(max(dates, default=None)),
        # Valid again when all that it leads to has been read; see Channels.complete.
        "etag": None,
        "last_modified": None,
        "body_hash": None,
    }
    db.table("channels").upsert(row, pk=("site", "url"))
    newest = set(json.loads(before.get("newest") or "[]"))
    is_gap = row["kind"] in WINDOWS and bool(newest and found.ids) and newest.isdisjoint(found.ids) and found.new > 0
    if is_gap:
        db.table("gaps").insert(
            {
                "site": row["site"],
                "channel_url": row["url"],
                "noticed": to_text(now),
                "since": before["newest_listed"] or before["succeeded"],
                "until": row["oldest_listed"],
            }
        )
    return is_gap
