"""What is wrong with the channels of made-up sites: they leave out articles, lie, break off and repeat themselves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.year import pages
from bench.year.world import START, Site, Story

_LEFT_OUT = {"feed": 0.3, "sitemap": 0.25, "section": 0.4}
"""Shares of the articles that patchy channels leave out."""

_BROKEN = 0.25
"""Share of the requests for broken channels that fail."""

BREAKS = {"status": 3, "cut": 2, "malformed": 3, "truncated": 3, "stalled": 1}
"""How they fail, and how often: 500, no answer, an unclosed element in the middle, the first half of the document, an
answer that never comes."""

_WRONG_DATES = 0.1
"""Share of the articles that a lying feed gives a date some days off."""

_DEAD_NUMBER = 900_000
"""Numbers of articles that a lying feed announces and that do not exist; one a day."""

_KEPT_DEAD = 3
"""Days for which such an article is in the feed."""


_ELSEWHERE = "https://elsewhere.example/news/1.html"
"""An article of another site. The made-up ones will not do: most of them are on one host."""


@dataclass(frozen=True)
class Entry:
    """An article in a feed."""

    url: str
    story: Story
    date: datetime


def channel_of(path: str) -> str:
    """The kind of a channel, by its path."""
    return "feed" if path == "/feed.xml" else "section" if path == pages.SECTION else "sitemap"


def is_left_out(site: Site, story: Story, path: str) -> bool:
    """Whether a patchy channel never lists an article. Decided for each kind of channel independently."""
    kind = channel_of(path)
    return random.Random(f"{site.name} {story.number} {kind}").random() < _LEFT_OUT[kind]


def break_of(site: Site, path: str, now: datetime) -> str | None:
    """How a broken channel fails now, one of `BREAKS`; None if it does not."""
    chance = random.Random(f"{site.name} {path} {now}")
    return chance.choices(list(BREAKS), list(BREAKS.values()))[0] if chance.random() < _BROKEN else None


def broken(body: str, kind: str) -> str:
    """A document that is malformed or truncated."""
    middle = len(body) // 2
    return body[:middle] if kind == "truncated" else f"{body[:middle]}<broken>&nothing; <{body[middle:]}"


def dead_numbers(now: datetime) -> list[int]:
    """The articles that do not exist and that a lying feed announces now, newest first."""
    day = (now - START).days
    return [_DEAD_NUMBER + n for n in range(day, max(day - _KEPT_DEAD, -1), -1)]


def lies(site: Site, origin: str, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """What a lying feed lists in place of its articles: some dates are wrong, each third article is there twice, and
    it has dead articles of its own and one of another site."""
    listed: list[Entry] = []
    for entry in entries:
        chance = random.Random(f"{site.name} {entry.story.number} date")
        is_wrong = chance.random() < _WRONG_DATES
        date = entry.date - timedelta(hours=chance.uniform(6, 60)) if is_wrong else entry.date
        listed += [Entry(entry.url, entry.story, date)] * (2 if entry.story.number % 3 == 0 else 1)
    if entries:
        made_up = [f"{origin}/news/{number}.html" for number in dead_numbers(now)]
        listed += [Entry(url, entries[0].story, now) for url in (*made_up, _ELSEWHERE)]
    return listed
