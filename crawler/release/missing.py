"""What a release lacks: the ledger of its sites and days, each announced page that is not stored, and their figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from crawler.ledger.estimate import Unnamed, estimate_unnamed
from crawler.store import ArticleFilter, Store
from crawler.store.ledger import COUNTS

_ABSENT = ("forbidden", "blocked", "failed", "waiting")
"""What became of pages that may be articles and are not stored."""

_FEWEST = 20
"""Missing articles with which their spread over hours and sections is compared. Chosen by hand."""

_HOURS = 6
"""Hours of the day that are counted together. Chosen by hand."""

_FIRST_DAY, _LAST_DAY = "0000-00-00", "9999-99-99"


class Missing:
    """The account of the sites and days of a release. `ledger_rows` and `page_rows` count while they are read."""

    def __init__(self, store: Store, article_filter: ArticleFilter) -> None:
        """Of the filter, the sites and the dates count."""
        self._store = store
        self._sites = sorted(article_filter.sites) or store.ledger.sites()
        since, until = article_filter.since, article_filter.until
        last = (until - timedelta(microseconds=1)).date().isoformat() if until else _LAST_DAY
        self._bounds = (since.date().isoformat() if since else _FIRST_DAY, last)
        self.sites: dict[str, Counter[str]] = {}
        """Site → the sums of its days, by the names of `COUNTS`."""

        self.unnamed: dict[str, Unnamed | None] = {}
        self.absent: Counter[str] = Counter()
        """Result → pages, of those that may be missing articles."""

        self.by_hour: Counter[str] = Counter()
        self.by_section: Counter[str] = Counter()
        self.absent_by_hour: Counter[str] = Counter()
        self.absent_by_section: Counter[str] = Counter()

    def ledger_rows(self) -> Iterator[dict[str, Any]]:
        """The days of all sites, with the columns of the table `ledger`."""
        for site in self._sites:
            for row in self._store.ledger.days(site, *self._bounds):
                self.sites.setdefault(site, Counter()).update({name: row[name] for name in COUNTS})
                yield row | {"site": site}
            if site in self.sites:
                self.unnamed[site] = estimate_unnamed(self._store.ledger.overlap(site, *self._bounds))

    def page_rows(self) -> Iterator[dict[str, Any]]:
        """The announced pages that are not stored, with the columns of the table `missing`."""
        for site in self._sites:
            for row in self._store.ledger.pages(site, *self._bounds):
                row["section"] = _section(row["url"])
                self._count(row)
                if row["result"] != "stored":
                    yield row

    def unnamed_text(self, site: str) -> str:
        """The estimate for a site with its interval, like `12 (6 to 26)`."""
        unnamed = self.unnamed.get(site)
        return f"{unnamed.estimate:.0f} ({unnamed.low:.0f} to {unnamed.high:.0f})" if unnamed else "-"

    def likeness(self) -> str:
        """Whether the missing articles are spread over hours and sections as the announced ones are, in a sentence."""
        if self.absent.total() < _FEWEST:
            return f"Fewer than {_FEWEST}: too few to compare them with the others."
        hours = _distance(self.by_hour, self.absent_by_hour)
        sections = _distance(self.by_section, self.absent_by_section)
        return (
            f"Their spread differs from that of all announced pages by {hours:.2f} over hours and {sections:.2f} over "
            "sections (total variation distance; 0: the same spread, 1: nothing in common)."
        )

    def _count(self, row: dict[str, Any]) -> None:
        is_absent = row["result"] in _ABSENT
        if row["result"] != "stored" and not is_absent:
            return  # no article
        first = int((row["published"] or row["first_listed"])[11:13]) // _HOURS * _HOURS
        hours = f"{first:02} to {first + _HOURS - 1:02}"
        section = f"{row['site']}: {row['section'] or '-'}"
        self.by_hour[hours] += 1
        self.by_section[section] += 1
        if is_absent:
            self.absent[row["result"]] += 1
            self.absent_by_hour[hours] += 1
            self.absent_by_section[section] += 1


def _section(url: str) -> str | None:
    folders = urlsplit(url).path.split("/")[1:-1]
    return next((folder for folder in folders if folder and not folder.isdecimal()), None)


def _distance(one: Counter[str], other: Counter[str]) -> float:
    """The total variation distance of two distributions, from 0 to 1."""
    names = one.keys() | other.keys()
    return sum(abs(one[name] / one.total() - other[name] / other.total()) for name in names) / 2
