"""Fields and their signals: which of them a page shows alike when only the parts that its template needs are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crawler.extract.standfirst import Standfirst
from crawler.items import Article

FIELDS = ("title", "authors", "published", "category", "tags", "related", "standfirst")
"""The fields that are read from the page before its body."""

NO_SIGNAL = "none"
BOTH = " + "
MIN_PRECISION = 0.99
"""The share of pages on which a trusted signal gave what the whole page gives. From a sketch on 44 sites of 40 pages:
with it, titles, dates and authors of the pages read by lookup were as right as those of the full extraction."""

_MIN_SPOKEN, _MIN_SILENT = 1, 2
"""Pages on which a trusted signal was seen, and on which a trusted lack of one was: a value is rarely right by chance,
but a part that was not looked at may give one on another page. Chosen by hand. On 20 sites of 40 pages, 1,193 of 1,197
values of a part were those of the whole page, and 3 of the other 4 were lacks of a category."""

Evidence = dict[str, tuple[str, bool]]
"""Field → its signal on one page, and whether that gave the value of the whole page."""

SignalCounts = dict[str, dict[str, list[int]]]
"""Field → signal → pages on which it was seen, and pages on which it was right."""


@dataclass(frozen=True, slots=True)
class FieldReading:
    """The fields of a page before its body is read: no later step has replaced any."""

    article: Article
    standfirst: Standfirst | None

    def copy(self) -> FieldReading:
        """As it is now: the later steps change the article."""
        return FieldReading(replace(self.article, provenance=dict(self.article.provenance)), self.standfirst)

    def signals(self) -> dict[str, str]:
        """Field → the signal that gave its value."""
        article, standfirst = self.article, self.standfirst
        kinds = sorted({str(other.kind) for other in article.related})
        signals = {
            "title": article.provenance.get("title"),
            "authors": article.provenance.get("authors"),
            "published": article.published_from,
            "category": article.provenance.get("category"),
            "tags": "tags" if article.tags else None,
            "related": BOTH.join(kinds),
            "standfirst": ("paragraph" if standfirst.is_first_paragraph else "subtitle") if standfirst else None,
        }
        return {field: signal or NO_SIGNAL for field, signal in signals.items()}

    def values(self) -> dict[str, Any]:
        """Field → what is compared of its value."""
        article = self.article
        return {
            "title": article.title,
            "authors": (article.authors, article.source),
            "published": (article.published, article.published_raw, article.published_zone, article.published_from),
            "category": article.category,
            "tags": article.tags,
            "related": [(other.kind, other.title, other.url) for other in article.related],
            "standfirst": self.standfirst.text if self.standfirst else None,
        }


def evidence(part: FieldReading, whole: FieldReading) -> Evidence:
    """What two readings of one page say of its signals: of the needed parts alone, and of the whole page."""
    ours, theirs = part.values(), whole.values()
    return {field: (signal, ours[field] == theirs[field]) for field, signal in part.signals().items()}


def add_evidence(counts: SignalCounts, page: Evidence) -> None:
    """Count one more page."""
    for field, (signal, is_right) in page.items():
        for kind in _kinds(signal):
            count = counts.setdefault(field, {}).setdefault(kind, [0, 0])
            count[0] += 1
            count[1] += is_right


def is_trusted(counts: SignalCounts, field: str, signal: str) -> bool:
    """Whether a field may be read from the needed parts where this signal gives it."""
    known = counts.get(field, {})
    return all(_is_seen(known, kind) and not _is_doubted(known, kind) for kind in _kinds(signal))


def is_doubted(counts: SignalCounts, field: str, signal: str) -> bool:
    """Whether a signal is not trusted although it was seen on enough pages."""
    known = counts.get(field, {})
    return any(_is_seen(known, kind) and _is_doubted(known, kind) for kind in _kinds(signal))


def _kinds(signal: str) -> list[str]:
    """The signals that one is made of: a page may have related articles of several kinds."""
    return signal.split(BOTH)


def _is_seen(known: dict[str, list[int]], kind: str) -> bool:
    seen, _ = known.get(kind, (0, 0))
    return seen >= (_MIN_SILENT if kind == NO_SIGNAL else _MIN_SPOKEN)


def _is_doubted(known: dict[str, list[int]], kind: str) -> bool:
    seen, right = known[kind]
    return right < seen * MIN_PRECISION
