"""Compare what a template gives with what the full extraction gives of the same page."""

from __future__ import annotations

import hashlib
from collections import Counter

from crawler.items import Article

CHECKED_ONE_IN = 20
"""One page in N is read in full as well, for ever: a site changes without notice."""

MIN_TEXT = 0.95
"""The share of the text that both readings of a page have, from which they agree. Chosen by hand: a paragraph of twenty
may be in one of them only."""


def is_checked(url: str) -> bool:
    """Whether the page of a URL is one of those that are read in full as well: the same ones in every crawl."""
    digest = hashlib.sha256(url.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") % CHECKED_ONE_IN == 0


def shared_text(one: Article, other: Article) -> float:
    """The share of the text of two articles that both have, line by line, 0 to 1."""
    ours, theirs = Counter(map(_squashed, one.paragraphs)), Counter(map(_squashed, other.paragraphs))
    both = sum(len(line) * number for line, number in (ours & theirs).items())
    either = sum(len(line) * number for line, number in (ours | theirs).items())
    return both / either if either else 1.0


def differences(one: Article, other: Article) -> list[str]:
    """In which of text, title, date and authors two readings of one page differ; none if they agree."""
    compared = {
        "text": shared_text(one, other) >= MIN_TEXT,
        "title": one.title == other.title,
        "published": one.published == other.published,
        "authors": one.authors == other.authors,
    }
    return [name for name, agrees in compared.items() if not agrees]


def _squashed(text: str) -> str:
    return "".join(text.split())
