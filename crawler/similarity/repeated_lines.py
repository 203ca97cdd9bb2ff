"""What a site repeats: lines that stand on many of its pages and are no part of any of its articles."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence, Set

from crawler.similarity.sentences import folded_words, line_mark

# Lines of one to three words are sub-headings ("Background", "الخلفية") as often as furniture. Longer than sixty are
# paragraphs, which nobody repeats but to quote.
MIN_WORDS = 4
MAX_WORDS = 60
_MAX_SHARE = 1 / 3
"""More than this of a body is never cut: a page that is mostly known lines is a short article among them."""

_MIN_PAGE_SHARE = 1 / 20
_REMEMBERED_PAGES = 200
TOP, BOTTOM = 2, 3
"""How many paragraphs at either end count as the edge, where furniture stands."""


def line_marks(paragraphs: Iterable[str]) -> list[int | None]:
    """For each paragraph the number by which it is known again; None for one that is too short or too long."""
    found: list[int | None] = []
    for paragraph in paragraphs:
        words = folded_words(paragraph) if len(paragraph) <= MAX_WORDS * 30 else ()
        found.append(line_mark(words) if MIN_WORDS <= len(words) <= MAX_WORDS else None)
    return found


def without_lines(paragraphs: Sequence[str], known: Set[int]) -> list[str]:
    """The paragraphs without the known lines; all of them if that would cut more than a third of the words."""
    return [text for text, is_kept in zip(paragraphs, kept_lines(paragraphs, known), strict=True) if is_kept]


def kept_lines(paragraphs: Sequence[str], known: Set[int]) -> list[bool]:
    """For each paragraph whether `without_lines` keeps it."""
    if not known:
        return [True] * len(paragraphs)
    kept = [mark not in known for mark in line_marks(paragraphs)]
    lengths = [len(text.split()) for text in paragraphs]
    cut = sum(length for length, is_kept in zip(lengths, kept, strict=True) if not is_kept)
    return kept if cut <= sum(lengths) * _MAX_SHARE else [True] * len(paragraphs)


def is_at_edge(position: int, count: int) -> bool:
    """Whether a paragraph stands among the first or last of a body of so many."""
    return position < TOP or position >= count - BOTTOM


def pages_needed(pages: int, at_least: int) -> int:
    """On how many of a site's pages a line must stand at the edge of the body; in its middle, on twice as many.

    A twentieth of the pages besides: a weekly column opens with the same words on many pages in the end, but on a small
    share of them; a newsletter box stands on a large one.
    """
    return max(at_least, math.ceil(pages * _MIN_PAGE_SHARE))


class SiteLines:
    """Counts the lines of one site's pages, page by page, for a batch that no store remembers."""

    def __init__(self, at_least: int = 5) -> None:
        """`at_least`: pages that are enough. Of a few pages half are, but two at least (tuned on 253 real pages of 159
        sites: every line on two pages cost .0015 of F1, those at the edges gained .0006)."""
        self._at_least = at_least
        self._weight: Counter[int] = Counter()
        self._pages: deque[frozenset[int]] = deque(maxlen=_REMEMBERED_PAGES)
        self._count = 0

    def add(self, marks: Sequence[int | None]) -> None:
        """Count the lines of a page, given its `line_marks`. One more version of a page adds nothing."""
        weight = {
            mark: 2 if is_at_edge(position, len(marks)) else 1
            for position, mark in enumerate(marks)
            if mark is not None
        }
        lines = frozenset(weight)
        if any(len(lines & other) > min(len(lines), len(other)) * _MAX_SHARE + 1 for other in self._pages):
            return
        self._pages.append(lines)
        self._count += 1
        self._weight.update(weight)

    @property
    def known(self) -> set[int]:
        """The lines that stand on enough pages."""
        needed = pages_needed(self._count, max(2, min(math.ceil(self._count / 2), self._at_least)))
        return {mark for mark, weight in self._weight.items() if weight >= 2 * needed}
