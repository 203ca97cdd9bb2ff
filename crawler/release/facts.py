"""The figures in a release's data card, counted while the articles are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

UNKNOWN = "unknown"


@dataclass(slots=True)
class Facts:
    """Counts by site, language, month and extractor, and the range of dates."""

    articles: int = 0
    sites: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    extractors: Counter[str] = field(default_factory=Counter)
    """Program and version that extracted an article → number of articles."""

    copies: int = 0
    words: int = 0
    first_published: str | None = None
    last_published: str | None = None
    newest: str | None = None
    """The latest `last_seen` of all articles."""

    def counting(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Yield the same rows and count them."""
        for row in rows:
            self._count(row)
            yield row

    def _count(self, row: Mapping[str, Any]) -> None:
        published, seen = row["published"], row["last_seen"]
        self.articles += 1
        self.sites[row["site"]] += 1
        self.languages[row["language"] or UNKNOWN] += 1
        self.months[published[:7] if published else UNKNOWN] += 1
        self.extractors[row["extractor"] or UNKNOWN] += 1
        self.copies += row["duplicate_of"] is not None
        self.words += row["word_count"]
        self.newest = max(self.newest or seen, seen)
        if published:
            self.first_published = min(self.first_published or published, published)
            self.last_published = max(self.last_published or published, published)
