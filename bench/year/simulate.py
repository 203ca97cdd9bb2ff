"""The simulation: day after day, round after round, with checks after each day."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.year.checks import Checks
from bench.year.crawl import Crawl, Ended
from bench.year.faults import MachineFault, make_faults
from bench.year.listen import listen
from bench.year.server import Served
from bench.year.world import START, make_sites
from crawler.ledger import Unnamed

SETTINGS = {"NEWS_RECHECK_HOURS": "24 168", "NEWS_EXTRACT_WORKERS": "1", "NEWS_MAX_CHANNEL_PAGES": "20"}
"""Two rechecks instead of five, for the sake of speed, and so few documents that the longest sitemap index takes
several crawls."""

_ROUNDS_OF_A_PROCESS = 40
"""Then another process is started, as cron does for each round."""


@dataclass(frozen=True, kw_only=True)
class Year:
    """The sizes of a simulation."""

    seed: int
    sites: int
    days: int
    articles: float
    """For a site and day."""

    rounds: int
    """Rounds of `rasid due` on a day."""

    quiet_days: int
    """Days without faults at the end."""

    kinds: Collection[str]
    """Kinds of faults that may occur."""

    ends: dict[int, int] = field(default_factory=dict)
    """Number of a site → the day on which it stops publishing."""

    settings: dict[str, str] = field(default_factory=lambda: SETTINGS)
    """Settings of the crawl that differ from the defaults, as in the environment."""


@dataclass
class Result:
    """What a simulation has found."""

    served: Served
    """The sites at the end, with the faults."""

    problems: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    """Kind of fault → requests, or rounds, that it concerned."""

    unnamed: list[str] = field(default_factory=list)
    """For each site with channels that can be compared, the estimate of what no channel named and the truth."""

    published: int = 0
    seconds: float = 0

    @property
    def announced(self) -> int:
        """Articles that a channel listed."""
        return len(self.served.announced)


def simulate(year: Year, folder: Path, report: Callable[[str], None] = lambda _: None) -> Result:
    """Run a simulation in an empty folder; `report` receives each problem and a line a week."""
    chance = random.Random(year.seed)
    sites = make_sites(chance, sites=year.sites, days=year.days, articles=year.articles, ends=year.ends)
    faults = make_faults(
        chance, sites, days=year.days, rounds=year.rounds, kinds=year.kinds, quiet_days=year.quiet_days
    )
    served = Served(sites, faults)
    result = Result(served, published=sum(len(site.stories) for site in sites))
    began = time.monotonic()
    authorities = folder / "authorities.pem"
    with listen(served, authorities):
        crawl = Crawl(folder, served, year.settings | {"SSL_CERT_FILE": str(authorities)})
        try:
            for problem in _problems(year, served, crawl, report):
                if problem not in result.problems:
                    result.problems.append(problem)
                    report(f"{served.now:%Y-%m-%d} {problem}")
        finally:
            crawl.close()
    if "patchy" in year.kinds:
        result.unnamed = [_compared(*found) for found in Checks(crawl.database, served).unnamed()]
    result.met = served.met + Counter(fault.kind for fault in faults.of_machine.values())
    result.seconds = time.monotonic() - began
    return result


def _problems(year: Year, served: Served, crawl: Crawl, report: Callable[[str], None]) -> Iterator[str]:
    """Live through the year. A problem may come again."""
    checks, killed = Checks(crawl.database, served), 0
    for number in range(year.days * year.rounds):
        served.now = START + timedelta(hours=24 * (number + 1) / year.rounds)
        fault = served.faults.of_machine.get(number)
        ended = crawl.round(served.now, fault)
        killed += ended.exit_code not in (0, 3)
        yield from _judge(number, fault, ended, served)
        if number % _ROUNDS_OF_A_PROCESS == _ROUNDS_OF_A_PROCESS - 1:
            crawl.stop()
        if number % year.rounds == year.rounds - 1:
            yield from checks.daily()
            if number // year.rounds % 7 == 6:
                report(f"{served.now:%Y-%m-%d}: {len(served.announced)} articles announced")
    crawl.stop()
    yield from checks.final(killed)


def _compared(site: str, unnamed: Unnamed | None, truth: int) -> str:
    if unnamed is None:
        return f"{site}: {truth} articles that no channel named, no estimate"
    is_held = round(unnamed.low) <= truth <= round(unnamed.high)
    return (
        f"{site}: {truth} articles that no channel named, estimated {unnamed.estimate:.1f} "
        f"({unnamed.low:.1f} to {unnamed.high:.1f}): {'in' if is_held else 'NOT in'} the interval"
    )


def _judge(number: int, fault: MachineFault | None, ended: Ended, served: Served) -> Iterator[str]:
    """What is wrong with the end of a round."""
    if ended.exit_code in (0, 3):
        if fault is not None and fault.kind == "network":
            yield f"exit code: round {number} ended with {ended.exit_code} although no site answered"
        return
    if fault is None and _is_cut_off(ended.message, served):
        return
    if fault is None:
        yield f"exit code: round {number} ended with {ended.exit_code} without a fault of the machine: {ended.message}"
    elif fault.kind != "kill" and not ended.message:
        yield f"exit code: round {number} ({fault}) ended with {ended.exit_code} without a reason"


def _is_cut_off(message: str, served: Served) -> bool:
    """Whether the message says that no site answered, and this is true of all sites that were crawled."""
    names = re.search(r"no response from any of (.*);", message)
    return names is not None and all("cut" in served.faults.active(name, served.now) for name in names[1].split(", "))
