"""Boilerplate: lines that a site repeats on many of its pages and that belong to none of its articles.

The thresholds were tuned on 253 real pages of 159 sites, see
docs/decisions.md#repeated-lines-are-counted-at-the-edges-first.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence, Set

from crawler.similarity.sentences import folded_words, line_hash

MIN_WORDS = 4
"""Lines with fewer words are sub-headings ("Background", "الخلفية") as often as boilerplate."""

MAX_WORDS = 60
"""Lines with more words are paragraphs, which are repeated only as quotations. Chosen by hand."""

_MAX_WORD_CHARS = 30
"""Characters per word up to which a paragraph is split into words at all: it saves splitting long paragraphs."""

_MAX_SHARE = 1 / 3
"""Largest share of a body that is removed: a page with more known lines is a short article among them. Two pages that
share more of their lines are versions of one page."""

_MIN_PAGE_SHARE = 1 / 20
"""Share of a site's pages on which a line must stand: a weekly column opens with the same words on many pages in the
end, but on a small share of them; a newsletter box stands on a large share."""

_REMEMBERED_PAGES = 200
"""Pages with which SiteLines compares a new one; limits memory. Chosen by hand."""

TOP, BOTTOM = 2, 3
"""Number of paragraphs at the beginning and at the end of a body that count as its edge, where boilerplate stands."""

_EDGE_WEIGHT = 2
"""A line at the edge of a body counts as two in the middle, see
docs/decisions.md#repeated-lines-are-counted-at-the-edges-first."""


def line_hashes(paragraphs: Iterable[str]) -> list[int | None]:
    """For each paragraph the hash of its words; None for one that is too short or too long to be boilerplate."""
    return [_line_hash(text, folded_words(text) if _may_be_line(text) else ()) for text in paragraphs]


def hashes_of_words(paragraphs: Sequence[str], words: Sequence[Sequence[str]]) -> list[int | None]:
    """The same for paragraphs whose folded words are known."""
    return [_line_hash(text, folded) for text, folded in zip(paragraphs, words, strict=True)]


def _may_be_line(paragraph: str) -> bool:
    return len(paragraph) <= MAX_WORDS * _MAX_WORD_CHARS


def _line_hash(paragraph: str, words: Sequence[str]) -> int | None:
    return line_hash(words) if MIN_WORDS <= len(words) <= MAX_WORDS and _may_be_line(paragraph) else None


def without_lines(paragraphs: Sequence[str], known: Set[int]) -> list[str]:
    """The paragraphs without the known lines; all paragraphs if more than a third of the words would be removed."""
    kept = kept_lines(paragraphs, line_hashes(paragraphs), known) if known else [True] * len(paragraphs)
    return [text for text, is_kept in zip(paragraphs, kept, strict=True) if is_kept]


def kept_lines(paragraphs: Sequence[str], hashes: Sequence[int | None], known: Set[int]) -> list[bool]:
    """For each paragraph whether `without_lines` keeps it. `hashes`: its `line_hashes`."""
    kept = [line not in known for line in hashes]
    if all(kept):
        return kept
    lengths = [len(text.split()) for text in paragraphs]
    removed = sum(length for length, is_kept in zip(lengths, kept, strict=True) if not is_kept)
    return kept if removed <= sum(lengths) * _MAX_SHARE else [True] * len(paragraphs)


def is_at_edge(position: int, count: int) -> bool:
    """Whether a paragraph is among the first or last of a body with `count` paragraphs."""
    return position < TOP or position >= count - BOTTOM


def pages_needed(pages: int, at_least: int) -> int:
    """The number of a site's pages on which a line must stand at the edge of the body to be boilerplate; a line in the
    middle must stand on twice as many."""
    return max(at_least, math.ceil(pages * _MIN_PAGE_SHARE))


def line_weight(position: int, count: int) -> int:
    """The weight of a line in a body with `count` paragraphs."""
    return _EDGE_WEIGHT if is_at_edge(position, count) else 1


def is_boilerplate(weight: int, pages: int, at_least: int) -> bool:
    """Whether a line of this weight on all pages together is boilerplate of a site with `pages` pages."""
    return weight >= _EDGE_WEIGHT * pages_needed(pages, at_least)


def articles_missing(weight: int, pages: int, at_least: int) -> int:
    """On how many more pages, at least, a line of this weight must stand before it can be boilerplate."""
    return math.ceil((_EDGE_WEIGHT * pages_needed(pages, at_least) - weight) / _EDGE_WEIGHT)


class SiteLines:
    """Counts the lines of one site's pages, page by page, without a store."""

    def __init__(self, at_least: int = 5) -> None:
        """`at_least`: the number of pages that is enough. If there are only few pages, half of them are enough, but
        never fewer than two."""
        self._at_least = at_least
        self._weight: Counter[int] = Counter()
        self._pages: deque[frozenset[int]] = deque(maxlen=_REMEMBERED_PAGES)
        self._count = 0

    def add(self, hashes: Sequence[int | None]) -> None:
        """Count the lines of a page, given its `line_hashes`. A further version of a counted page adds nothing."""
        weight = {line: line_weight(position, len(hashes)) for position, line in enumerate(hashes) if line is not None}
        lines = frozenset(weight)
        if any(len(lines & other) > min(len(lines), len(other)) * _MAX_SHARE + 1 for other in self._pages):
            return
        self._pages.append(lines)
        self._count += 1
        self._weight.update(weight)

    @property
    def known(self) -> set[int]:
        """The hashes of the lines that stand on enough pages."""
        at_least = max(2, min(math.ceil(self._count / 2), self._at_least))
        return {line for line, weight in self._weight.items() if is_boilerplate(weight, self._count, at_least)}
