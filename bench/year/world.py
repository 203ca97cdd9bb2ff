"""What the made-up sites publish, and when: the truth that the database is compared with. It follows from a seed."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice, takewhile

from bench.generated import ARABIC, LATIN, vocabulary

START = datetime(2027, 3, 1, tzinfo=UTC)
_CORRECTED, _REMOVED, _COPIED = 0.15, 0.03, 0.1
"""Shares of the articles that are corrected, removed some days later, and published by another site as well."""

_LISTED = 20
"""Articles in a feed."""

SITEMAPS = ("single", "monthly", "", "daily")
"""What sitemaps sites have, in turn: one with the newest articles; an index with a child for each month; none; an index
without dates, with a child for each day, which is longer than what a crawl requests at once."""

_SINGLE_DAYS, _EMPTY_DAYS = 60, 130
"""Days in a single sitemap; days before the first article for which the daily one has children, too."""


@dataclass(frozen=True)
class Version:
    """A text of an article, from a moment on."""

    since: datetime
    title: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """The text as the database has it."""
        return "\n".join(self.paragraphs)


@dataclass
class Story:
    """An article at its address."""

    number: int
    published: datetime
    versions: list[Version]
    removed: datetime | None = None
    copy_of: Story | None = None

    def version(self, now: datetime) -> Version | None:
        """What the site shows at its address; None before it is published and after it is removed."""
        if self.removed is not None and now >= self.removed:
            return None
        return next((version for version in reversed(self.versions) if version.since <= now), None)


@dataclass
class Site:
    """A made-up site."""

    number: int
    language: str
    sitemap: str
    """One of `SITEMAPS`."""

    stories: list[Story] = field(default_factory=list)

    @property
    def name(self) -> str:
        """For profile and database."""
        return f"site_{self.number:02}"

    @property
    def host(self) -> int:
        """Sites with the same number share a host."""
        return self.number - 1 if self.number % 10 == 7 else self.number

    @property
    def prefix(self) -> str:
        """What the paths of a site on a shared host begin with."""
        return f"/{self.name}" if self.number % 10 in (6, 7) else ""

    @property
    def is_tls(self) -> bool:
        """Whether it is served by https."""
        return self.number % 5 == 4

    @property
    def is_ipv6(self) -> bool:
        """Whether its host is an IPv6 address."""
        return self.number % 10 == 3

    def sitemap_children(self, now: datetime) -> list[tuple[str, datetime | None]]:
        """The children of the sitemap index: their names, and when they changed, if the index says so."""
        if self.sitemap == "daily":
            days = (now - START).days + _EMPTY_DAYS
            return [(f"{now - timedelta(days=n):%Y-%m-%d}", None) for n in range(days)]
        shown = ((month, self._readable_of(month, now)) for month in self._by_period if len(month) == len("2027-03"))
        return [(month, stories[0].published) for month, stories in shown if stories]

    def in_sitemap(self, name: str, now: datetime) -> list[Story] | None:
        """The articles of a sitemap or of a child of the index; None if the site does not have it."""
        if name == "sitemap" and self.sitemap == "single":
            oldest = now - timedelta(days=_SINGLE_DAYS)
            return list(takewhile(lambda story: story.published >= oldest, self.readable(now)))
        if self.sitemap not in ("monthly", "daily"):
            return None
        if name == "index":
            return []
        return self._readable_of(name, now)

    def _readable_of(self, period: str, now: datetime) -> list[Story]:
        return [story for story in self._by_period.get(period, ()) if story.version(now) is not None]

    @cached_property
    def _by_period(self) -> dict[str, list[Story]]:
        """Month or day → its articles, newest first."""
        found: dict[str, list[Story]] = {}
        for story in reversed(self.stories):
            for period in (f"{story.published:%Y-%m}", f"{story.published:%Y-%m-%d}"):
                found.setdefault(period, []).append(story)
        return found

    def listed(self, now: datetime) -> list[Story]:
        """The articles of the feed, newest first."""
        return list(islice(self.readable(now), _LISTED))

    def readable(self, now: datetime) -> Iterator[Story]:
        """The articles that the site shows, newest first."""
        last = bisect_right(self.stories, now, key=lambda story: story.published)
        return (self.stories[n] for n in range(last - 1, -1, -1) if self.stories[n].version(now) is not None)


class Words:
    """Invented texts of one language."""

    def __init__(self, letters: str, chance: random.Random) -> None:
        self._chance = chance
        self._words, self._weights = vocabulary(letters, 20_000, chance)

    def sentence(self, least: int, most: int) -> str:
        """A sentence of a number of words."""
        words = self._chance.choices(self._words, cum_weights=self._weights, k=self._chance.randint(least, most))
        return " ".join(words).capitalize()

    def paragraph(self) -> str:
        """Two to four sentences."""
        return " ".join(f"{self.sentence(8, 20)}." for _ in range(self._chance.randint(2, 4)))

    def text(self) -> tuple[str, tuple[str, ...]]:
        """A title and paragraphs."""
        return self.sentence(6, 10), tuple(self.paragraph() for _ in range(self._chance.randint(3, 6)))


def make_sites(
    chance: random.Random, *, sites: int, days: int, articles: float, ends: Mapping[int, int] | None = None
) -> list[Site]:
    """Sites with all that they publish in a number of days; `articles`: for a site and day, on average. `ends`: number
    of a site → the day on which it stops."""
    languages = {"en": Words(LATIN, chance), "ar": Words(ARABIC, chance)}
    made = [Site(n, ("en", "ar")[n % 2], SITEMAPS[n % len(SITEMAPS)]) for n in range(sites)]
    for day in range(days):
        for site in made:
            if day >= (ends or {}).get(site.number, days):
                continue
            count = int(articles) + (chance.random() < articles % 1)
            moments = sorted(START + timedelta(days=day, seconds=chance.randrange(86_400)) for _ in range(count))
            for moment in moments:
                _publish(site, made, moment, languages[site.language], chance)
    return made


def _publish(site: Site, sites: list[Site], moment: datetime, words: Words, chance: random.Random) -> None:
    original = _to_copy(site, sites, moment, chance) if chance.random() < _COPIED else None
    if original is None:
        title, paragraphs = words.text()
    else:
        title, paragraphs = original.versions[0].title, original.versions[0].paragraphs
    story = Story(len(site.stories) + 1, moment, [Version(moment, title, paragraphs)], copy_of=original)
    if original is None and chance.random() < _CORRECTED:
        later = moment + timedelta(minutes=chance.randint(30, 4000))
        story.versions.append(Version(later, title, (*paragraphs, words.paragraph())))
    elif chance.random() < _REMOVED:
        story.removed = moment + timedelta(hours=chance.randint(1, 300))
    site.stories.append(story)


def _to_copy(site: Site, sites: list[Site], moment: datetime, chance: random.Random) -> Story | None:
    """An article of the last two days of another site that never changes."""
    others = [
        story
        for other in sites
        if other is not site and other.language == site.language
        for story in other.stories[-10:]
        if moment - timedelta(days=2) < story.published < moment and len(story.versions) == 1 and not story.copy_of
    ]
    return chance.choice(others) if others else None


def copies(sites: list[Site]) -> Iterator[tuple[Site, Story, Site, Story]]:
    """Each copy with its site, and what it copies with its site."""
    owners = {id(story): site for site in sites for story in site.stories}
    for site in sites:
        for story in site.stories:
            if story.copy_of is not None:
                yield site, story, owners[id(story.copy_of)], story.copy_of
