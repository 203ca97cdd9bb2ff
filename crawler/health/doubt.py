"""Doubtful spans: the articles that were read since the findings of a redesign began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from crawler.health.finding import Finding
from crawler.store import Store
from crawler.store.doubts import Doubt, DoubtfulSpan
from crawler.text import counted

_REDESIGN = frozenset({"title", "body", "date", "authors", "body_length", "confidence"})
"""Rules whose findings make the articles doubtful. Not `template`: what is stored of the pages that differ is the full
extraction's."""

RULE = "doubtful"


def record_doubt(store: Store, found: Mapping[str, Sequence[Finding]], now: datetime) -> None:
    """Begin and end the doubtful spans of some sites. `found`: all findings about each. Raises StoreError."""
    store.doubts.record({site: _doubt(findings) for site, findings in found.items()}, now)


def judge_doubt(site: str, spans: Sequence[DoubtfulSpan]) -> Iterator[Finding]:
    """Report the doubtful articles of a site until they have been extracted again."""
    for span in spans:
        if span.site == site and span.articles and not span.is_mended:
            until = f" to {span.until:%Y-%m-%d %H:%M} UTC" if span.until else ""
            are = "is" if span.articles == 1 else "are"
            yield Finding(
                site=site,
                rule=RULE,
                since=span.since,
                message=f"{counted(span.articles, 'article')} fetched since then{until} {are} doubtful "
                f"({', '.join(span.rules)}); once the profile is right, run rasid reextract --doubtful --site {site}",
            )


def _doubt(findings: Sequence[Finding]) -> Doubt | None:
    causes = [(finding.since, finding.rule) for finding in findings if finding.rule in _REDESIGN and finding.since]
    if not causes:
        return None
    return Doubt(since=min(since for since, _ in causes), rules=tuple(sorted({rule for _, rule in causes})))
