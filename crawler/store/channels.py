"""Channels: their last answers, what makes the next poll cheap, and gaps between what two answers listed."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from crawler.items import Candidate, ChannelKind, Validators
from crawler.profile import Channel
from crawler.store.channel_silence import must_be_received_whole, silence_columns
from crawler.store.database import Database
from crawler.store.ledger import Ledger
from crawler.store.pages import EnqueueResult, Pages
from crawler.store.times import from_text, to_text

WINDOWS: tuple[ChannelKind, ...] = ("feed", "news_sitemap", "section")
"""Kinds that show only the newest articles, so that some may have come and gone between two polls."""

_ORDERED: tuple[ChannelKind, ...] = ("feed", "news_sitemap")
"""Of these, the kinds whose documents have an order. A section page may have its newest articles in several blocks."""

_NEWEST = 3
"""If one of this number of newest pages is listed again, nothing is missing between. Not any page: a pinned one would
be listed forever. Chosen by hand; no measurement."""

_MAX_PINNED = 2
"""Pages that a feed may have pinned, like a live blog: known pages that it lists above a new one. More than this number
mean that the feed is not ordered by date. Chosen by hand; no measurement."""

_BATCH = 1000
"""Pages that are committed together: a sitemap of 50,000 must not keep other crawls waiting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelState:
    """What is known of a channel before it is requested."""

    validators: Validators = field(default_factory=Validators)
    candidates: int = 0
    """Articles in its last good answer."""

    foreign_hosts: dict[str, int] = field(default_factory=dict)
    """Hosts that are not the site's and have many of its links → how many."""

    problem: str | None = None
    """What was wrong with its last answer, whether that could be used or not."""

    succeeded: datetime | None = None
    completed: datetime | None = None
    continue_at: str | None = None
    """URL of the page at which the first reading of all its pages is to go on."""


class _Listed(NamedTuple):
    """A page in a channel's answer."""

    id: int
    date: datetime | None
    position: int
    """In the document; 0 for all if the order is not known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """When a channel was last requested, and how long it has listed nothing new."""

    checked: datetime
    quiet: int
    """Consecutive good answers that listed nothing new."""


@dataclass(frozen=True, slots=True)
class Completion:
    """That a channel and all documents that it leads to were read."""

    validators: Validators
    """For the next request, which may be a conditional one."""

    read_as: str
    """What besides the bytes determined the result; see `Channels.state`."""

    def row(self, now: datetime) -> dict[str, Any]:
        """The columns of `channels`."""
        return {
            "completed": to_text(now),
            "etag": self.validators.etag,
            "last_modified": self.validators.last_modified,
            "body_hash": self.validators.body_hash,
            "read_as": self.read_as,
            "continue_at": None,
        }


class Channels:
    """The tables `channels` and `gaps`."""

    def __init__(self, db: Database, pages: Pages, ledger: Ledger) -> None:
        self._db = db
        self._pages = pages
        self._ledger = ledger

    def state(self, site: str, url: str, read_as: str, now: datetime, *, is_child: bool = False) -> ChannelState:
        """The state of a channel, with validators only if its last answer was read in the same way; without ETag and
        Last-Modified if it is to be received whole, because a server may answer 304 forever. `is_child`: whether
        another document leads to it."""
        with self._db.reading():
            rows = self._db.execute_returning_dicts("SELECT * FROM channels WHERE site = ? AND url = ?", [site, url])
        if not rows:
            return ChannelState()
        row = rows[0]
        known = Validators(etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"])
        if must_be_received_whole(row, now, is_child=is_child):
            known = Validators(body_hash=row["body_hash"])
        return ChannelState(
            validators=known if row["read_as"] == read_as else Validators(),
            candidates=row["candidates"],
            foreign_hosts=json.loads(row["foreign_hosts"]),
            problem=row["problem"],
            succeeded=from_text(row["succeeded"]),
            completed=from_text(row["completed"]),
            continue_at=row["continue_at"],
        )

    def readings(self, site: str) -> dict[str, Reading]:
        """The last reading of each channel document of a site, child sitemaps included, by URL."""
        with self._db.reading():
            rows = self._db.execute("SELECT url, checked, quiet FROM channels WHERE site = ?", [site]).fetchall()
        return {url: Reading(datetime.fromisoformat(checked), quiet) for url, checked, quiet in rows}

    def record_answer(
        self,
        site: str,
        kind: ChannelKind,
        url: str,
        candidates: Sequence[Candidate],
        now: datetime,
        *,
        order: Sequence[str] = (),
        status: int | None,
        problem: str | None = None,
        again: bool = False,
        is_conditional: bool = True,
        completion: Completion | None = None,
        foreign_hosts: dict[str, int] | None = None,
        listed_by: Channel | None = None,
    ) -> EnqueueResult:
        """Save a channel's answer and enqueue the pages it listed; with `again`, also those that are finished. A long
        answer takes more than one transaction, and the answer is saved in the last, together with `completion`: other
        crawls write in between, and a channel whose pages are not all committed is read again.

        `candidates`: newest first. `order`: their URLs in the order of the document, if that is another one.
        `is_conditional`: whether the request had the validators of the last answer. `foreign_hosts`: those that have
        many of its links and are not the site's. `listed_by`: the channel of the profile that led to this document;
        itself if it is None.
        """
        result = EnqueueResult()
        last = max(len(candidates) - 1, 0) // _BATCH * _BATCH
        for start in range(0, last, _BATCH):
            result += self._pages.enqueue(site, candidates[start : start + _BATCH], now, again=again)
        with self._db.writing():
            result += self._pages.enqueue(site, candidates[last:], now, again=again)
            answer = {"site": site, "url": url, "kind": kind, "status": status, "problem": problem}
            answer["foreign_hosts"] = json.dumps(foreign_hosts or {})
            if problem and not candidates:
                self._record_failure(answer, now)
                return result
            positions = {url: n for n, url in enumerate(order)}
            listed = [
                _Listed(page_id, candidate.published or candidate.modified, positions.get(candidate.url, 0))
                for candidate, page_id in zip(candidates, result.ids, strict=True)
            ]
            has_gap = self._record_success(answer, listed, result.new_ids, now, is_conditional=is_conditional)
            result = replace(result, gap=has_gap)
            if completion is not None:
                self.record_complete(site, url, completion, now)
            origin = listed_by or Channel(kind, url)
            self._ledger.record_listed(site, origin.kind, origin.url, result.ids, now)
            return result

    def record_further_page(
        self, site: str, channel: Channel, candidates: Sequence[Candidate], now: datetime, *, again: bool = False
    ) -> EnqueueResult:
        """Enqueue what a further page of a channel lists; such a page has no row of its own."""
        result = EnqueueResult()
        for start in range(0, len(candidates), _BATCH):
            result += self._pages.enqueue(site, candidates[start : start + _BATCH], now, again=again)
        self._ledger.record_listed(site, channel.kind, channel.url, result.ids, now)
        return result

    def record_unchanged(self, site: str, url: str, now: datetime, *, status: int) -> None:
        """Save that a channel gave the same answer as before."""
        with self._db.writing():
            self._db.execute(
                """UPDATE channels SET checked = :now, succeeded = :now, status = :status, problem = NULL, new = 0,
                       quiet = quiet + 1, failing_since = NULL,
                       received = CASE WHEN :status = 304 THEN received ELSE :now END,
                       completed = CASE WHEN completed IS NULL THEN NULL ELSE :now END
                   WHERE site = :site AND url = :url""",
                {"now": to_text(now), "status": status, "site": site, "url": url},
            )

    def record_complete(self, site: str, url: str, completion: Completion, now: datetime) -> None:
        """Save that a channel and all documents it leads to were read; the next request may be a conditional one."""
        with self._db.writing():
            self._db.table("channels").update((site, url), completion.row(now))

    def record_stop(self, site: str, url: str, page: str) -> None:
        """Save the page of a WordPress API at which the next run is to go on reading its archive."""
        with self._db.writing():
            self._db.execute("UPDATE channels SET continue_at = ? WHERE site = ? AND url = ?", [page, site, url])

    def smallest_window(self, site: str, *, without: str = "") -> int | None:
        """Number of articles in the smallest of the site's channels that show only the newest ones; None if it has
        none. `without`: the URL of one that does not count."""
        with self._db.reading():
            row = self._db.execute(
                f"""SELECT min(candidates) FROM channels WHERE site = ? AND url != ? AND candidates > 0
                    AND failing_since IS NULL AND kind IN ({", ".join("?" * len(WINDOWS))})""",
                [site, without, *WINDOWS],
            ).fetchone()
        return None if row[0] is None else int(row[0])

    def open_gaps(self, site: str) -> list[datetime]:
        """When the gaps were noticed that are not filled yet."""
        with self._db.reading():
            rows = self._db.execute("SELECT noticed FROM gaps WHERE site = ? AND closed IS NULL", [site]).fetchall()
        return [datetime.fromisoformat(noticed) for (noticed,) in rows]

    def close_gaps(self, site: str, now: datetime, *, by: str, new: int, channel_url: str | None = None) -> None:
        """Save that the channels of kind `by`, which reach further back, were read and listed `new` unknown pages;
        'nothing' if there are none. `channel_url`: only the gaps of this channel, whose further pages were read."""
        with self._db.writing():
            self._db.execute(
                """UPDATE gaps SET closed = ?, closed_by = ?, new = ?
                   WHERE site = ? AND closed IS NULL AND (? IS NULL OR channel_url = ?)""",
                [to_text(now), by, new, site, channel_url, channel_url],
            )

    def _record_failure(self, answer: dict[str, Any], now: datetime) -> None:
        """The time of the first consecutive failure stays, as do the dates of the last good answer."""
        counts = {"checked": to_text(now), "candidates": 0, "new": 0}
        since = self._before(answer).get("failing_since") or to_text(now)
        self._db.table("channels").upsert(answer | counts | {"failing_since": since}, pk=("site", "url"))

    def _record_success(
        self,
        answer: dict[str, Any],
        listed: list[_Listed],
        new: frozenset[int],
        now: datetime,
        *,
        is_conditional: bool,
    ) -> bool:
        """Whether there is a gap between this answer and the one before."""
        before = self._before(answer)
        dates = [page.date for page in listed if page.date]
        new_dates = [page.date for page in listed if page.id in new]
        pinned = _pinned(listed, new) if answer["kind"] in _ORDERED else frozenset()
        newest = [page.id for page in listed if page.id not in pinned][:_NEWEST]
        row = answer | {
            "checked": to_text(now),
            "candidates": len(listed),
            "new": len(new),
            "quiet": 0 if new else before.get("quiet", 0) + 1,
            **silence_columns(before, new_dates, now, is_conditional=is_conditional),
            "received": to_text(now),
            "succeeded": to_text(now),
            "failing_since": None,
            "newest": json.dumps(newest) if listed else before.get("newest"),
            "oldest_listed": to_text(min(dates, default=None)),
            "newest_listed": to_text(max(dates, default=None)),
            # Valid again when all documents that it leads to have been read; see Completion.
            "etag": None,
            "last_modified": None,
            "body_hash": None,
        }
        self._db.table("channels").upsert(row, pk=("site", "url"))
        known = set(json.loads(before.get("newest") or "[]"))
        if answer["kind"] not in WINDOWS or not known or not new:
            return False
        if any(page.id in known and page.id not in pinned for page in listed):
            return False
        gap = {"site": answer["site"], "channel_url": answer["url"], "noticed": to_text(now)}
        until = min((date for date in new_dates if date), default=None)
        gap |= {"since": before["newest_listed"] or before["succeeded"], "until": to_text(until)}
        self._db.table("gaps").insert(gap)
        return True

    def sites_with(self, urls: Collection[str], home: str) -> set[str]:
        """The sites for which one of these channels was polled or, if there are none, one below the home page."""
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT DISTINCT site FROM channels
                    WHERE url IN ({", ".join("?" * len(urls))}) OR (? AND substr(url, 1, length(?)) = ?)""",
                [*urls, not urls, home, home],
            ).fetchall()
        return {site for (site,) in rows}

    def _before(self, answer: dict[str, Any]) -> dict[str, Any]:
        rows = self._db.execute_returning_dicts(
            "SELECT * FROM channels WHERE site = ? AND url = ?",
            [answer["site"], answer["url"]],
        )
        return rows[0] if rows else {}


def _pinned(listed: list[_Listed], new: frozenset[int]) -> frozenset[int]:
    """Known pages that a document lists above a new one, if they are few."""
    document = sorted(listed, key=lambda page: page.position)
    last_new = max((n for n, page in enumerate(document) if page.id in new), default=0)
    above = frozenset(page.id for page in document[:last_new] if page.id not in new)
    return above if len(above) <= _MAX_PINNED else frozenset()
