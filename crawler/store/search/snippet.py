"""Snippets: the part of a text that shows why a search found it, with the matches marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from crawler.store.search.query import Term
from crawler.text import fold

SNIPPET_WORDS = 24
"""Words of a snippet: about two lines of a terminal."""

_MAX_CHARS = 200_000
"""Characters of a text that are searched for matches: the first ones suffice for a snippet."""

_MAX_SNIPPET_CHARS = 4000
"""Characters of a snippet, for a text without spaces."""

_MAX_WINDOWS = 100
"""Matches at which a window is tried. Chosen by hand; no measurement."""

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200c\u200d"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")

Segments = list[tuple[str, bool]]
"""Pieces of a text in order; True for a match."""


def marked(text: str, terms: Sequence[Term]) -> Segments:
    """The whole text with the matches marked, for titles."""
    words = [match.span() for match in _WORD.finditer(text[:_MAX_CHARS])]
    return _segments(text, words, _hits(text, words, terms), 0, len(text))


def snippet(text: str, terms: Sequence[Term], length: int = SNIPPET_WORDS) -> Segments:
    """The `length` words that contain most of the terms, as one line; the beginning if there is no match."""
    words = [match.span() for match in _WORD.finditer(text[:_MAX_CHARS])]
    hits = _hits(text, words, terms)
    first = _best_window(hits, length)
    if not words:
        return []
    last = min(first + length, len(words))
    begin, end = (0 if first == 0 else words[first][0]), (len(text) if last == len(words) else words[last - 1][1])
    cut = [("… ", False)] if first else []
    more = [(" …", False)] if last < len(words) else []
    inside = _segments(text, words, hits, begin, min(end, begin + _MAX_SNIPPET_CHARS))
    return [(part.replace("\n", " "), is_hit) for part, is_hit in [*cut, *inside, *more]]


def _hits(text: str, words: list[tuple[int, int]], terms: Sequence[Term]) -> dict[int, int]:
    """Index of each word that matches a term → index of the term."""
    folded = [_plain(text[start:end]) for start, end in words]
    hits: dict[int, int] = {}
    for number, term in enumerate(terms):
        firsts = tuple(_plain(first) for first in term.firsts)
        rest = [_plain(word) for word in term.rest]
        exact = frozenset(firsts)
        for i, word in enumerate(folded):
            if not rest:
                if word in exact or (term.is_prefix and word.startswith(firsts)):
                    hits.setdefault(i, number)
            elif word in exact and _continues(folded[i + 1 : i + 1 + len(rest)], rest, term.is_prefix):
                hits |= dict.fromkeys(range(i, i + 1 + len(rest)), number)
    return hits


def _continues(words: list[str], rest: list[str], is_prefix: bool) -> bool:
    if len(words) < len(rest) or words[:-1] != rest[:-1]:
        return False
    return words[-1].startswith(rest[-1]) if is_prefix else words[-1] == rest[-1]


def _best_window(hits: dict[int, int], length: int) -> int:
    """The first word of the best window: most terms, then most matches, then the earliest. A quarter of its words
    precede the first match."""
    before = length // 4
    best, best_worth = 0, (0, 0)
    for position in sorted(hits)[:_MAX_WINDOWS]:
        inside = [hits[i] for i in range(position, position + length - before) if i in hits]
        worth = (len(set(inside)), len(inside))
        if worth > best_worth:
            best, best_worth = max(0, position - before), worth
    return best


def _segments(text: str, words: list[tuple[int, int]], hits: dict[int, int], begin: int, end: int) -> Segments:
    segments: Segments = []
    at = begin
    for i in sorted(hits):
        start, stop = words[i]
        if begin <= start and stop <= end:
            if start > at:
                segments.append((text[at:start], False))
            segments.append((text[start:stop], True))
            at = stop
    if at < end:
        segments.append((text[at:end], False))
    return segments


def _plain(word: str) -> str:
    """A folded word without the accents, which the index does not contain either."""
    return "".join(c for c in unicodedata.normalize("NFD", fold(word)) if not "\u0300" <= c <= "\u036f")
