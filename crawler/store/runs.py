"""Runs: the record of each crawl, begun before the first request and finished after the last; scheduler runs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.profile import Channel
from crawler.store.database import Database
from crawler.store.run_days import RunDays
from crawler.store.times import from_text, to_text

_FIRST_CRAWL = timedelta(hours=6)
"""What is found within this time of a site's first article is its backlog. Chosen by hand; no measurement."""

_MAX_DISCOVERY_DAYS = 3
"""Days from publication to discovery; an article found later was missed before, and its discovery says nothing of when
the site publishes. Chosen by hand; no measurement."""

_PROBLEM_REPORTED = timedelta(days=1)
"""For how long a gap that could not be filled, or a wrong 304, counts as a problem of its site. Chosen by hand."""

_HISTORY_DAYS = 56
"""Eight weeks: the health rules compare the last week with those before it."""

_SINGLE_RUNS = timedelta(days=1)
"""Runs since the beginning of the UTC day this long ago are read one by one, older ones as one a day. Chosen by
hand."""

_KEPT = timedelta(days=60)
"""Runs that began earlier are deleted: the health rules read their days, which have their sums. Longer than the eight
weeks of these rules. Chosen by hand."""

_NEWEST_KEPT = 100
"""Runs that are kept whatever their age: they show when a clock was wrong (FutureTimes). Chosen by hand."""

_DELETED_AT_ONCE = 2
"""Old runs that the end of a run deletes at most: more than the one that it adds, and few under a clock that is ahead.
Chosen by hand."""

_EXAMINED_JSON = ("reasons", "examples", "quality")
_JSON = ("arguments", "reasons", "skipped", "examples", "unverified_hosts", "quality")


@dataclass(frozen=True, kw_only=True, slots=True)
class FailingChannel:
    """A channel that cannot be used."""

    url: str
    problem: str
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignHost:
    """A host that is not the site's and has many links of a channel."""

    host: str
    links: int
    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteHistory:
    """What the health rules judge a site by."""

    runs: list[dict[str, Any]]
    """Finished runs, oldest first, those that began some days ago as one a day; JSON columns are parsed, times are
    datetimes."""

    discoveries: list[datetime]
    """When articles were first seen, ascending; without the backlog that the first crawl found. Of a site that has
    stopped, those of the time before its last one: it stays as silent as it is."""

    failing: list[FailingChannel] = field(default_factory=list)
    channels: int = 0
    wrong_validators: str | None = None
    """Channel that turned out, within the last day, to answer 304 although it has changed."""

    unfilled_gap: str | None = None
    """Channel of a gap that was closed within the last day and that no other channel could fill."""

    foreign_hosts: list[ForeignHost] = field(default_factory=list)
    """The one with the most links first."""


class Runs:
    """The tables `runs` and `scheduler_runs`, and the history of a site."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._days = RunDays(db)

    def begin(
        self, site: str, raw_arguments: dict[str, str], now: datetime, *, scheduler_run_id: int | None = None
    ) -> int:
        """Insert the row of a crawl; its id. `scheduler_run_id`: the `rasid due` that started it."""
        row = {"site": site, "started": to_text(now), "arguments": _to_json(raw_arguments)}
        with self._db.writing():
            return self._db.insert("runs", row | {"scheduler_run_id": scheduler_run_id})

    def count_outcomes(self, run_id: int, outcomes: Counter[str]) -> None:
        """Add finished pages to a run, so that the row of a run that is killed has the right counts."""
        added = ", ".join(f"{name} = {name} + {count}" for name, count in outcomes.items())
        with self._db.writing():
            self._db.execute(
                f"UPDATE runs SET requested = requested + {outcomes.total()}, {added} WHERE id = ?", [run_id]
            )

    def finish(self, run_id: int, counts: dict[str, Any], reason: str | None, now: datetime) -> None:
        """Complete the row of a crawl, and delete old ones. `counts`: columns of the table; dictionaries are written as
        JSON."""
        row = {name: _to_json(value) if isinstance(value, dict) else value for name, value in counts.items()}
        with self._db.writing():
            self._db.update("runs", run_id, row | {"finished": to_text(now), "finish_reason": reason})
            self._days.add(run_id)
            self._days.condense(str(to_text(now - _KEPT)), run_id - _NEWEST_KEPT, limit=_DELETED_AT_ONCE)

    def latest(self, count: int) -> list[dict[str, Any]]:
        """The last crawls, newest first; JSON columns are parsed."""
        with self._db.reading():
            rows = list(self._db.query("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [count]))
        return [row | {name: json.loads(row[name]) for name in _JSON} for row in rows]

    def begin_scheduler_run(self, now: datetime) -> int:
        """Insert the row of a `rasid due`, and delete old ones whose runs are deleted; its id."""
        with self._db.writing():
            self._db.execute(
                """DELETE FROM scheduler_runs WHERE id IN (
                       SELECT id FROM scheduler_runs AS s WHERE started < ?
                       AND id <= (SELECT max(id) FROM scheduler_runs) - ?
                       AND NOT EXISTS (SELECT 1 FROM runs WHERE scheduler_run_id = s.id) ORDER BY started LIMIT ?)""",
                [to_text(now - _KEPT), _NEWEST_KEPT, _DELETED_AT_ONCE],
            )
            return self._db.insert("scheduler_runs", {"started": to_text(now)})

    def finish_scheduler_run(self, scheduler_run_id: int, now: datetime, *, exit_code: int, message: str) -> None:
        """Complete the row of a `rasid due`. `message`: the errors it reported."""
        row = {"finished": to_text(now), "exit_code": exit_code, "message": message or None}
        with self._db.writing():
            self._db.update("scheduler_runs", scheduler_run_id, row)

    def latest_scheduler_runs(self, count: int) -> list[dict[str, Any]]:
        """The last runs of `rasid due`, newest first."""
        with self._db.reading():
            return list(self._db.query("SELECT * FROM scheduler_runs ORDER BY id DESC LIMIT ?", [count]))

    def history(self, site: str, now: datetime, *, days: int = _HISTORY_DAYS) -> SiteHistory:
        """What the health rules judge a site by, of the last `days` days."""
        since = to_text(now - timedelta(days=days))
        with self._db.reading():
            single = f"{now - _SINGLE_RUNS:%Y-%m-%d}"
            runs = self._days.between(site, str(since), single)
            runs += self._db.query(
                "SELECT * FROM runs WHERE site = ? AND finished IS NOT NULL AND started >= ? ORDER BY id",
                [site, max(single, str(since))],
            )
            channels = self._db.execute(
                "SELECT url, problem, failing_since, kind, foreign_hosts FROM channels WHERE site = ?", [site]
            ).fetchall()
            gap = self._db.execute(
                "SELECT channel_url FROM gaps WHERE site = ? AND closed_by = 'nothing' AND closed >= ? LIMIT 1",
                [site, to_text(now - _PROBLEM_REPORTED)],
            ).fetchone()
            wrong = self._db.execute(
                "SELECT url FROM channels WHERE site = ? AND validators_wrong >= ? LIMIT 1",
                [site, to_text(now - _PROBLEM_REPORTED)],
            ).fetchone()
            discoveries = self._discoveries(site, now, timedelta(days=days))
        return SiteHistory(
            runs=[_parse(run) for run in runs],
            discoveries=discoveries,
            failing=[
                FailingChannel(url=url, problem=problem or "", since=datetime.fromisoformat(failing_since))
                for url, problem, failing_since, *_ in channels
                if failing_since
            ],
            channels=len(channels),
            wrong_validators=wrong[0] if wrong else None,
            unfilled_gap=gap[0] if gap else None,
            foreign_hosts=_foreign_hosts(channels),
        )

    def _discoveries(self, site: str, now: datetime, span: timedelta) -> list[datetime]:
        # Each end by itself: both in one query read all of the index.
        first, last = (
            from_text(self._db.execute(f"SELECT {end}(first_seen) FROM articles WHERE site = ?", [site]).fetchone()[0])
            for end in ("min", "max")
        )
        since = to_text(min(last or now, now) - span)
        rows = self._db.execute(
            """SELECT first_seen FROM articles WHERE site = ? AND first_seen >= ? AND first_seen > ?
                   AND (published IS NULL OR julianday(first_seen) - julianday(published) < ?) ORDER BY 1""",
            [site, since, to_text(first and first + _FIRST_CRAWL) or "", _MAX_DISCOVERY_DAYS],
        )
        return [datetime.fromisoformat(first_seen) for (first_seen,) in rows]


def _foreign_hosts(channels: list[Any]) -> list[ForeignHost]:
    found = [
        ForeignHost(host=host, links=links, channel=Channel(kind, url))
        for url, _, _, kind, hosts in channels
        if hosts != "{}"
        for host, links in json.loads(hosts).items()
    ]
    return sorted(found, key=lambda foreign: -foreign.links)


def _parse(run: dict[str, Any]) -> dict[str, Any]:
    times = {name: from_text(run[name]) for name in ("started", "finished")}
    return run | {name: {} if run[name] == "{}" else json.loads(run[name]) for name in _EXAMINED_JSON} | times


def _to_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
