"""What is expected of a frozen page: the fields of its article, or the reason why there is none, as JSON has them."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from crawler.items import INTERNAL_FIELDS, Article

Expected = dict[str, Any]
"""The expected article, as in its JSON file."""

ARTICLE = "article"
"""The outcome of a page that passes the checks; otherwise it is the reason, like `body_too_short`."""

_LEFT_OUT = frozenset({"site", "extractor", "fingerprint", *INTERNAL_FIELDS, "paragraphs", "related", "provenance"})
"""Known from elsewhere, different with each version, or at the end of the file, where the long fields are."""

_NOT_EXPECTED = {"position": None, "paragraph_index": None}
"""Of a related article: what follows from its place in the list and from the text before it."""


def expected_of(article: Article, reason: str | None) -> Expected:
    """The fields that have a value, the long ones last. `reason`: why the page is not accepted as an article."""
    values: dict[str, Any] = {"outcome": reason or ARTICLE}
    values |= {each.name: getattr(article, each.name) for each in fields(Article) if each.name not in _LEFT_OUT}
    values |= {
        "provenance": dict(sorted(article.provenance.items())),
        "related": [_with_values(asdict(related) | _NOT_EXPECTED) for related in article.related],
        "paragraphs": article.paragraphs,
    }
    return _with_values(values)


def _with_values(values: dict[str, Any]) -> dict[str, Any]:
    """The fields without those that are unknown or false, times as text."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value not in (None, [], {}, "", False)
    }
