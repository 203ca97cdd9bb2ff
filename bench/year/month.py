"""A simulated month of twelve sites whose channels lie, break and overlap: the ledger against the server's own list.

    python -m bench.year.month [--seed 1] [--sites 12] [--days 30] [--articles 7] [--rounds 2] [--folder F]

The last site's feed goes stale in the middle, and the first site stops publishing. Prints a table, and ends with 1 if
an announced article is not in the ledger exactly once, if more than one site in twelve has more or fewer unnamed
articles than the interval of the estimate allows, or if health does not report just these two sites, once each.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.year.checks import Checks
from bench.year.faults import CHANNEL_FAULTS
from bench.year.server import Served
from bench.year.simulate import SETTINGS, Result, Year, simulate
from bench.year.world import START
from crawler.ledger import Unnamed, site_ledger
from crawler.store import Store

_MOST_MISSES = 1 / 12
"""Share of the sites whose truth may be outside of the interval: it is one of 95 %."""

_STALLED_SECONDS = "5"
"""Time limit of the crawl's requests."""


@dataclass(frozen=True)
class Row:
    """A site, its ledger and the truth."""

    site: str
    published: int
    announced: int
    """Articles that the server knows to have announced, the dead ones included."""

    ledger: int
    """Pages that the ledger has as announced."""

    stored: int
    truth: int
    """Published articles that no channel named."""

    unnamed: Unnamed | None

    @property
    def is_held(self) -> bool:
        """Whether the truth is in the interval."""
        return self.unnamed is not None and round(self.unnamed.low) <= self.truth <= round(self.unnamed.high)


@dataclass(frozen=True)
class Month:
    """What a month has shown."""

    result: Result
    rows: list[Row]
    problems: list[str]


def live(folder: Path, *, seed: int, sites: int, days: int, articles: float, rounds: int) -> Month:
    """Simulate a month in an empty folder."""
    year = Year(
        seed=seed,
        sites=sites,
        days=days,
        articles=articles,
        rounds=rounds,
        quiet_days=0,
        kinds=list(CHANNEL_FAULTS),
        ends={0: days // 2},
        settings=SETTINGS | {"DOWNLOAD_TIMEOUT": _STALLED_SECONDS},
    )
    result = simulate(year, folder)
    rows = list(_rows(result.served, folder / "news.db"))
    return Month(
        result, rows, [*result.problems, *estimate_problems(rows), *health_problems(result.served, folder / "news.db")]
    )


def _rows(served: Served, database: Path) -> Iterator[Row]:
    announced = Counter(name for name, _ in (*served.announced, *served.announced_dead))
    unnamed = {name: (estimate, truth) for name, estimate, truth in Checks(database, served).unnamed()}
    with Store(database, create=False) as store:
        for name, site in served.sites.items():
            total = site_ledger(store, name, START.date().replace(year=1970), served.now.date()).total
            estimate, truth = unnamed[name]
            yield Row(name, len(site.stories), announced[name], total["announced"], total["stored"], truth, estimate)


def estimate_problems(rows: list[Row]) -> Iterator[str]:
    """The sites whose truth is not in the interval, if they are too many."""
    missed = [row.site for row in rows if not row.is_held]
    if len(missed) > _MOST_MISSES * len(rows):
        yield f"estimate: the truth is not in the interval for {', '.join(missed)}"


def health_problems(served: Served, database: Path) -> Iterator[str]:
    """What health does not report of the site that has stopped and of the stale feed, reports of others, or twice."""
    names = list(served.sites)
    wanted = {(names[0], "silent"), (names[-1], "stale")}
    with Store(database, create=False) as store:
        found = {(finding.site, finding.rule) for finding in store.findings.all()}
    yield from (f"health: {site} is {rule} and not found" for site, rule in sorted(wanted - found))
    yield from (
        f"health: {site} counts as {rule}"
        for site, rule in sorted(found - wanted)
        if rule in ("silent", "stale", "quiet")
    )
    with closing(sqlite3.connect(database)) as db:
        again = db.execute(
            "SELECT site, rule FROM findings WHERE rule IN ('silent', 'stale') AND last_notified > since"
        ).fetchall()
    yield from (f"health: {site} was reported as {rule} more than once" for site, rule in again)


def table(rows: list[Row]) -> Iterator[str]:
    """The sites as lines of text."""
    yield "site     published  announced  in the ledger  stored  unnamed  estimate  interval       held"
    for row in rows:
        estimate = (
            f"{row.unnamed.estimate:>8.1f}  {row.unnamed.low:.1f} to {row.unnamed.high:.1f}" if row.unnamed else ""
        )
        yield (
            f"{row.site}  {row.published:>9}  {row.announced:>9}  {row.ledger:>13}  {row.stored:>6}  {row.truth:>7}  "
            f"{estimate:<23}  {'yes' if row.is_held else 'NO'}"
        )


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--articles", type=float, default=7, help="of a site and day, on average")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of `rasid due` on a day")
    parser.add_argument("--folder", type=Path, help="keep database and log in this new folder")
    options = vars(parser.parse_args())
    folder = options.pop("folder")
    with tempfile.TemporaryDirectory() as temporary:
        if folder is not None:
            folder.mkdir(parents=True)
        month = live(folder or Path(temporary), **options)
    print("\n".join(table(month.rows)))
    print("\n".join(month.problems))
    held = sum(row.is_held for row in month.rows)
    print(
        f"seed {options['seed']}: {month.result.announced} articles announced, {len(month.problems)} problems, the "
        f"truth is in the interval on {held} of {len(month.rows)} sites; {month.result.seconds:.0f} s"
    )
    return 1 if month.problems else 0


if __name__ == "__main__":
    sys.exit(main())
