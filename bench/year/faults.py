"""What goes wrong in a simulated year, and when: faults of sites and faults of the machine that crawls."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import cycle, islice

from bench.year.world import START, Site

SITE_FAULTS = {
    "outage": "every request is answered with 503",
    "cut": "every connection is closed without an answer",
    "refused": "every request is answered with 403",
    "maintenance": "every address shows a maintenance notice, with status 200",
    "pages_refused": "article pages are answered with 403",
    "pages_missing": "article pages are answered with 404",
    "soft_404": "article pages show that nothing was found, with status 200",
    "login": "article pages show a login form, with status 200",
    "home_page": "article pages show the home page, with status 200",
    "empty_shell": "article pages have no text, with status 200",
    "robots": "robots.txt forbids everything",
    "frozen": "conditional requests for channels are answered with 304, whatever has changed",
    "redated": "the feed dates each article as of now",
    "late": "article pages answer 404 until they are six hours old",
    "overflow": "the feed lists the three newest articles, below one that is pinned",
    "ahead": "what is published is dated 30 hours ahead, by the pages as well",
    "certificate": "the TLS certificate has expired",
    "cookie_wall": "without a cookie, pages lead to one that sets it and leads back",
}
LASTING_FAULTS = {
    "redesign": "from one day on, pages have another template",
    "renamed": "from one day on, all articles have other addresses; the earlier ones redirect",
}
CHANNEL_FAULTS = {
    "patchy": "from the first day on, feed, sitemap and section page leave out articles, each of them others",
    "sectioned": "some sites have a section page as a channel: those without a sitemap, and one in three of the others",
    "lying": "the feeds of one site in three have dead articles, one of another site, repeated ones and wrong dates",
    "broken": "every second site's channels fail now and then: 500, no answer, half a document, malformed XML",
    "stale": "from the middle on, the feed of the last site does not change any more",
}
"""Not among the faults of a simulated year: what no channel lists, no crawl can find. They are there for the ledger."""

MACHINE_FAULTS = {
    "kill": "the process gets SIGKILL in the middle of a round",
    "worker": "the extraction workers get SIGKILL in the middle of a round",
    "network": "no site answers for one round",
    "full_disk": "no file can grow",
    "locked": "another process holds a write transaction for the whole round",
    "clock_ahead": "the clock is ten hours ahead for one round",
    "clock_far": "the clock is 400 days ahead for one round",
}
_AHEAD = timedelta(hours=30)
_LONGEST_DELAY = 0.3
"""Seconds from a request to the kill; most pages are committed after this time."""

_DAYS_BETWEEN = 8
"""Between the faults of a site, on average."""

_LONGEST_HOURS = 60
"""Most faults of sites last from a few hours to this. Real outages of news sites end sooner."""


@dataclass(frozen=True)
class SiteFault:
    """A fault of one site."""

    kind: str
    site: str
    start: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.start:%m-%d %H:%M} to {self.end:%m-%d %H:%M}  {self.site}  {self.kind}"


@dataclass(frozen=True)
class MachineFault:
    """A fault of the machine in one round."""

    kind: str
    round: int
    request: int
    """For `kill` and `worker`: the number of the request, in the round, at which the process is killed."""

    delay: float
    """Seconds after that request."""

    def __str__(self) -> str:
        when = f" {self.delay:.2f} s after request {self.request}" if self.kind in ("kill", "worker") else ""
        return f"round {self.round}  {self.kind}{when}"


@dataclass(frozen=True)
class Faults:
    """All faults of a simulated year."""

    of_sites: Sequence[SiteFault]
    of_machine: dict[int, MachineFault]

    def active(self, site: str, now: datetime) -> set[str]:
        """The kinds of faults that a site has now."""
        return {fault.kind for fault in self._of_site.get(site, ()) if fault.start <= now < fault.end}

    def since(self, site: str, kind: str, now: datetime) -> datetime | None:
        """Since when a site has a fault that it has now."""
        return next((f.start for f in self._of_site.get(site, ()) if f.kind == kind and f.start <= now < f.end), None)

    def ahead(self, site: str, now: datetime) -> timedelta:
        """How far ahead a site dates what it publishes now."""
        return _AHEAD if "ahead" in self.active(site, now) else timedelta()

    @cached_property
    def _of_site(self) -> dict[str, list[SiteFault]]:
        found: dict[str, list[SiteFault]] = {}
        for fault in self.of_sites:
            found.setdefault(fault.site, []).append(fault)
        return found


def make_faults(
    chance: random.Random, sites: Sequence[Site], *, days: int, rounds: int, kinds: Collection[str], quiet_days: int
) -> Faults:
    """About one fault of each site in eight days, and one of the machine in five; none in the first two days and in the
    last `quiet_days`, so that the crawl can catch up. `kinds`: those that may occur."""
    last = max(days - quiet_days, 2)
    of_sites: list[SiteFault] = []
    short = _in_turn([kind for kind in SITE_FAULTS if kind in kinds], chance)
    for site in sites:
        for kind in islice(short, round((last - 2) / _DAYS_BETWEEN)):
            if kind == "certificate" and not site.is_tls:
                continue
            start = START + timedelta(hours=chance.uniform(48, last * 24 - _LONGEST_HOURS))
            end = start + timedelta(hours=chance.uniform(3, _LONGEST_HOURS))
            of_sites.append(SiteFault(kind, site.name, start, end))
        for kind in LASTING_FAULTS:
            if kind in kinds and chance.random() < 0.5:
                start = START + timedelta(days=chance.uniform(2, last))
                of_sites.append(SiteFault(kind, site.name, start, START + timedelta(days=days + 1000)))
        of_sites += [
            SiteFault(kind, site.name, START, START + timedelta(days=days + 1000))
            for kind in CHANNEL_FAULTS
            if kind in kinds and _has_channel_fault(site, kind, kinds)
        ]
    if "stale" in kinds:
        end = START + timedelta(days=days + 1000)
        of_sites.append(SiteFault("stale", sites[-1].name, START + timedelta(days=days // 2), end))
    of_machine = {}
    for kind in islice(_in_turn([kind for kind in MACHINE_FAULTS if kind in kinds], chance), (last - 2) // 5):
        number = chance.randrange(2 * rounds, last * rounds)
        of_machine[number] = MachineFault(
            kind, number, chance.randint(1, 4 * len(sites)), chance.uniform(0, _LONGEST_DELAY)
        )
    return Faults(sorted(of_sites, key=lambda fault: fault.start), of_machine)


def _has_channel_fault(site: Site, kind: str, kinds: Collection[str]) -> bool:
    """Whether a site has a fault of its channels from the first day on."""
    has_section = "sectioned" in kinds and (not site.sitemap or site.number % 3 == 0)
    return {
        "patchy": bool(site.sitemap) or has_section,
        "sectioned": has_section,
        "lying": site.number % 3 == 1,
        "broken": site.number % 2 == 0,
    }.get(kind, False)


def _in_turn(kinds: list[str], chance: random.Random) -> Iterator[str]:
    """The kinds for ever, in an order by chance, so that a short simulation has many of them."""
    chance.shuffle(kinds)
    return cycle(kinds)
