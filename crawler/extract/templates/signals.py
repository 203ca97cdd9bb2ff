"""Fields and their signals: which of them a page shows alike when only the parts that its template needs are read."""

from __future__ import annotations

from typing import Any

from crawler.extract.published import LAST_RESORTS
from crawler.extract.standfirst import Standfirst
from crawler.items import Article

FIELDS = ("title", "authors", "published", "category", "tags", "related", "standfirst")
"""The fields that are read from the page before its body."""

NO_SIGNAL = "none"
MIN_PRECISION = 0.99
"""The share of pages on which a trusted signal gave what the whole page gives. From a sketch on 44 sites of 40 pages:
with it, titles, dates and authors of the pages read by lookup were as right as those of the full extraction."""

_MIN_SPOKEN = 2
"""Pages on which a trusted signal was seen. Chosen by hand: one page may be right by chance."""

Evidence = dict[str, tuple[str, bool]]
"""Field → its signal on one page, and whether that gave the value of the whole page."""

SignalCounts = dict[str, dict[str, list[int]]]
"""Field → signal → pages on which it was seen, and pages on which it was right."""


def signals_of(article: Article, standfirst: Standfirst | None) -> dict[str, str]:
    """Field → the signal that gave its value on a page."""
    kinds = sorted({str(other.kind) for other in article.related})
    signals = {
        "title": article.provenance.get("title"),
        "authors": article.provenance.get("authors"),
        "published": article.published_from,
        "category": article.provenance.get("category"),
        "tags": "tags" if article.tags else None,
        "related": "+".join(kinds),
        "standfirst": ("paragraph" if standfirst.is_first_paragraph else "subtitle") if standfirst else None,
    }
    return {field: signal or NO_SIGNAL for field, signal in signals.items()}


def values_of(article: Article, standfirst: Standfirst | None) -> dict[str, Any]:
    """Field → what is compared of its value."""
    return {
        "title": article.title,
        "authors": article.authors,
        "published": (article.published, article.published_raw, article.published_zone, article.published_from),
        "category": article.category,
        "tags": article.tags,
        "related": [(other.kind, other.title, other.url) for other in article.related],
        "standfirst": standfirst.text if standfirst else None,
    }


def evidence(
    part: Article, part_standfirst: Standfirst | None, whole: Article, standfirst: Standfirst | None
) -> Evidence:
    """What two readings of one page say of its signals: of the needed parts alone, and of the whole page."""
    signals = signals_of(part, part_standfirst)
    ours, theirs = values_of(part, part_standfirst), values_of(whole, standfirst)
    return {
        field: (signals[field], ours[field] == theirs[field] or _is_replaced(field, signals[field], whole))
        for field in FIELDS
    }


def add_evidence(counts: SignalCounts, page: Evidence) -> None:
    """Count one more page."""
    for field, (signal, is_right) in page.items():
        count = counts.setdefault(field, {}).setdefault(signal, [0, 0])
        count[0] += 1
        count[1] += is_right


def is_trusted(counts: SignalCounts, field: str, signal: str) -> bool:
    """Whether a field may be read from the needed parts where this signal gives it."""
    seen, right = counts.get(field, {}).get(signal, (0, 0))
    return seen >= _MIN_SPOKEN and right >= seen * MIN_PRECISION


def _is_replaced(field: str, signal: str, whole: Article) -> bool:
    """Whether a later step has set the field: the channel's data or the name below the text. Both come only where the
    page gives nothing or a last resort, and will come again."""
    if field == "authors":
        later = whole.provenance.get("authors", "")
        return signal == NO_SIGNAL and (later == "signature" or later.startswith("channel:"))
    if field == "published":
        is_weak = signal == NO_SIGNAL or signal in LAST_RESORTS
        return is_weak and (whole.published_from or "").startswith("channel:")
    return signal == NO_SIGNAL and whole.provenance.get(field, "").startswith("channel:")
