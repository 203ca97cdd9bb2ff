"""The account of one site over some days: each day with its polls, its counts and its state, and their sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from crawler.ledger.estimate import Unnamed, estimate_unnamed
from crawler.store import Store
from crawler.store.ledger import COUNTS, difference

_NOTHING = dict.fromkeys(COUNTS, 0)


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """A day of a site, in UTC."""

    day: str
    polls: int
    """Crawls that began on it, whatever they found."""

    counts: dict[str, int]
    """By the names of `COUNTS`."""

    gaps: int
    """Times for which a channel may have listed articles that nothing has read since, and that touch this day."""

    closed: str | None
    """When the day was closed; None if pages of it may still come or change."""

    reopened: str | None
    """What has changed since it was closed, or before it was closed for the last time."""

    @property
    def state(self) -> str:
        """`open`, `closed`, or `reopened`: it was closed, and its counts have changed since."""
        if self.closed is None:
            return "reopened" if self.reopened else "open"
        return "closed"


@dataclass(frozen=True, slots=True)
class SiteLedger:
    """The account of a site."""

    site: str
    days: list[LedgerDay]
    """Without a gap from the first day with an announced page or a poll to the last, ascending."""

    channels: list[dict[str, Any]]
    """Channels with `url`, `kind`, `announced`, `alone`, the pages that only this channel announced, `last_added`, when
    it last announced one, and `stale_since`: None unless it lists nothing new while the site publishes."""

    gaps: list[dict[str, Any]] = field(default_factory=list)
    """With `channel_url`, `since`, `until`, `noticed`, `closed_by` and `new`."""

    unnamed: Unnamed | None = None
    """The articles of these days that no channel named; None if channels of one kind only announced any."""

    @property
    def total(self) -> dict[str, int]:
        """The counts of all days together."""
        return {name: sum(day.counts[name] for day in self.days) for name in COUNTS}

    def record(self) -> dict[str, Any]:
        """The account as a JSON object."""
        return {
            "site": self.site,
            "days": [
                {"day": day.day, "polls": day.polls, **day.counts, "gaps": day.gaps, "state": day.state}
                | {"closed": day.closed, "reopened": day.reopened}
                for day in self.days
            ],
            "total": self.total,
            "channels": self.channels,
            "gaps": self.gaps,
            "unnamed": asdict(self.unnamed) if self.unnamed else None,
        }


def site_ledger(store: Store, site: str, first: date, last: date) -> SiteLedger:
    """The account of a site from the first day to the last, both included. Raises StoreError."""
    bounds = (first.isoformat(), last.isoformat())
    rows = {row["day"]: row for row in store.ledger.days(site, *bounds)}
    polls, gaps = store.ledger.polls(site, *bounds), store.ledger.gaps(site, *bounds)
    known = sorted(rows.keys() | polls.keys())
    return SiteLedger(
        site,
        [_day(day, rows.get(day), polls.get(day, 0), gaps) for day in _between(known)],
        site_channels(store, site, bounds),
        gaps,
        estimate_unnamed(store.ledger.overlap(site, *bounds)),
    )


def site_channels(store: Store, site: str, bounds: tuple[str, str]) -> list[dict[str, Any]]:
    """The channels of `SiteLedger.channels`. `bounds`: the first and the last day."""
    stale = {channel.url for channel in store.stale_channels.resting(site) if channel.is_stale}
    return [
        row | {"stale_since": row["last_added"] if row["url"] in stale else None}
        for row in store.ledger.channels(site, *bounds)
    ]


def _between(days: list[str]) -> Iterator[str]:
    """Every day from the first of these to the last."""
    if days:
        first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
        for number in range((last - first).days + 1):
            yield (first + timedelta(days=number)).isoformat()


def _day(day: str, row: dict[str, Any] | None, polls: int, gaps: list[dict[str, Any]]) -> LedgerDay:
    counts = {name: row[name] for name in COUNTS} if row else dict(_NOTHING)
    unfilled = [gap for gap in gaps if gap["closed_by"] in (None, "nothing")]
    touching = sum((gap["since"] or gap["noticed"])[:10] <= day <= gap["until"][:10] for gap in unfilled)
    if row is None or row["closed"] is None:
        return LedgerDay(day, polls, counts, touching, None, None)
    if row["counts_closed"] != counts:
        return LedgerDay(day, polls, counts, touching, None, difference(row["counts_closed"], counts))
    return LedgerDay(day, polls, counts, touching, row["closed"], row["reopened"])
