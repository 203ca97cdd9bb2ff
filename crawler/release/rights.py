"""The rights of the articles in a release, for its card: the decisions by site, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crawler.store import ArticleFilter, Store
from crawler.store.rights import Reserved
from crawler.usage import USES, Use


@dataclass(frozen=True, slots=True)
class ReleaseRights:
    """What the sites of a release say of the uses of its articles."""

    usage: Use | None
    """The use for which it was made; None if it is for no use in particular."""

    left_out: int
    reasons: list[Reserved]
    decisions: dict[tuple[str, Use], Counter[str]]
    """Site and use → decision → articles that are in the release."""

    @classmethod
    def read(cls, store: Store, article_filter: ArticleFilter) -> ReleaseRights:
        """For the articles of a filter. Raises QueryError."""
        usage = article_filter.usage
        left_out, reasons = store.rights.reserved(article_filter, usage) if usage is not None else (0, [])
        return cls(usage, left_out, reasons, store.rights.decisions(article_filter))

    def rows(self) -> list[tuple[object, ...]]:
        """Site and use with the number of articles that are reserved, allowed and unknown, by site."""
        order = {use: number for number, use in enumerate(USES)}
        keys = sorted(self.decisions, key=lambda key: (key[0], order[key[1]]))
        return [(*key, *(self.decisions[key][name] for name in ("reserved", "allowed", "unknown"))) for key in keys]
