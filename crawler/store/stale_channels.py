"""Stale channels: they answer, and list nothing that they had not listed before, while the site publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.database import Database
from crawler.store.times import to_text

# Chosen by hand and checked with `python -m bench.stale`, whose figures are in docs/unattended.md.
LONGER, MARGIN = 1.5, timedelta(hours=12)
"""A channel rests if it has added nothing for longer than this multiple of its longest pause so far, plus half a day:
a nightly sitemap that is late once does not count."""

MIN_EXPECTED = 5.0
"""Articles that the channel was to list of those that the site has published meanwhile. Chance alone explains none of
five less than once in a hundred times, and the pause must be long as well."""

MIN_LISTED = 10
"""Articles that the channel has listed in the four weeks before; with fewer, its share of the site's is not known.
Chosen by hand."""

_MIN_HISTORY = timedelta(days=7)
"""A channel is judged after this time: a whole week with its weekend. Chosen by hand."""

_LONGEST_PAUSE = timedelta(days=7)
"""A longer pause is not remembered: it would hide that a channel is stale for as long. Chosen by hand."""

_SHARE_DAYS, _FIRST_CRAWL, _MAX_LATE_DAYS = timedelta(days=28), timedelta(hours=6), 3
"""The share of the site's articles that a channel lists is that of these days; without what the first crawl found, and
without articles that are found this many days after their publication, which come from an archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingChannel:
    """A channel that answers and has added nothing for longer than ever before."""

    url: str
    since: datetime
    """When it last listed an article that it had not listed before."""

    checked: datetime
    """Its last good answer."""

    share: float
    """Of the articles of the site, those that it listed in the four weeks before; 0 if they are too few."""

    others: int
    """Articles that other channels have listed since then."""

    @property
    def expected(self) -> float:
        """Articles that it was to list since then."""
        return self.share * self.others

    @property
    def is_stale(self) -> bool:
        """Whether the site has published what the channel was to list: it does not merely rest as the site does."""
        return self.expected >= MIN_EXPECTED


class StaleChannels:
    """What `listing_channels` say of the pauses of channels."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def resting(self, site: str) -> list[RestingChannel]:
        """The channels of a site that rest for longer than ever before, the longest pause first. Channels that fail
        are not among them."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT l.id, l.url, l.since, l.last_added, l.longest_pause, c.succeeded FROM listing_channels AS l
                   JOIN channels AS c ON c.site = l.site AND c.url = l.url
                   WHERE l.site = ? AND c.failing_since IS NULL AND c.succeeded > l.last_added ORDER BY l.last_added""",
                [site],
            ).fetchall()
            return [
                self._resting(site, channel, url, datetime.fromisoformat(since), added, checked)
                for channel, url, since, added, checked in (
                    (row[0], row[1], row[2], datetime.fromisoformat(row[3]), datetime.fromisoformat(row[5]))
                    for row in rows
                    if rests(row[2], row[3], row[4], row[5])
                )
            ]

    def are_all_resting(self, site: str) -> bool:
        """Whether every channel that has listed pages rests, and one has: nothing shows whether the site publishes."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT l.since, l.last_added, l.longest_pause, c.succeeded FROM listing_channels AS l
                   JOIN channels AS c ON c.site = l.site AND c.url = l.url WHERE l.site = ?""",
                [site],
            ).fetchall()
        return bool(rows) and all(row[3] is not None and rests(*row) for row in rows)

    def _resting(
        self, site: str, channel: int, url: str, since: datetime, added: datetime, checked: datetime
    ) -> RestingChannel:
        first = max(added - _SHARE_DAYS, since + _FIRST_CRAWL)
        listed, known = self._listed(site, channel, first, added)
        _, others = self._listed(site, channel, added, checked)
        share = listed / known if listed >= MIN_LISTED else 0.0
        return RestingChannel(url=url, since=added, checked=checked, share=share, others=others)

    def _listed(self, site: str, channel: int, after: datetime, until: datetime) -> tuple[int, int]:
        """The articles that were found in a time: those that the channel listed, and those that any did."""
        row = self._db.execute(
            """SELECT coalesce(sum(EXISTS (SELECT 1 FROM listings WHERE page_id = p.id AND channel_id = :channel)), 0),
                      count(*)
               FROM pages AS p WHERE p.site = :site AND p.discovered > :after AND p.discovered <= :until
                   AND p.outcome IS NOT 'dropped' AND p.state != 'set_aside'
                   AND coalesce(julianday(p.discovered) - julianday(p.published), 0) < :late
                   AND EXISTS (SELECT 1 FROM listings WHERE page_id = p.id)""",
            {
                "site": site,
                "channel": channel,
                "after": to_text(after),
                "until": to_text(until),
                "late": _MAX_LATE_DAYS,
            },
        ).fetchone()
        return row[0], row[1]


def rests(since: str, added: str, longest_pause: float, checked: str) -> bool:
    """Whether a channel has added nothing for longer than ever before. `since`: when it first listed pages; `added`:
    when it last added one; `longest_pause`: in seconds; `checked`: its last good answer."""
    last, until = datetime.fromisoformat(added), datetime.fromisoformat(checked)
    if last - datetime.fromisoformat(since) < _MIN_HISTORY:
        return False
    return until - last > timedelta(seconds=longest_pause) * LONGER + MARGIN


def pause_columns(since: str, added: str, longest_pause: float, now: datetime) -> dict[str, object]:
    """The columns of a channel that has just listed a page that it had not listed before."""
    pause = min(now - datetime.fromisoformat(added), _LONGEST_PAUSE).total_seconds()
    is_first = now - datetime.fromisoformat(since) < _FIRST_CRAWL  # its backlog
    return {"last_added": to_text(now), "longest_pause": longest_pause if is_first else max(pause, longest_pause)}
