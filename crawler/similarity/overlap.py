"""How much two texts have in common, in any language, by their word trigrams."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.text import fold

_RUN = 3

# A word; in scripts without spaces between words (Thai to Khmer, kana, Han) each letter, because a whole clause would
# be one word.
_NO_SPACES = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNIT = re.compile(rf"[{_NO_SPACES}]|[^\W{_NO_SPACES}]+")
# From the beginning of a word: without that, each letter of each word without a figure would be a beginning.
_FIGURE = re.compile(r"\b[^\W\d]*\d\w*")

_RELATED_TITLES = 0.5
"""Share of the shorter title's words that the other one must contain. Chosen by hand: two headlines of one story share
more, and a headline and the name of a site or form share none."""

_LONG_WORD, _MIN_LONG_WORDS = 4, 3
"""Letters of a word of a title that counts, and the fewest such words of a title. Chosen by hand."""


def overlap(first: str, second: str) -> float:
    """The share of the shorter text's trigrams of words that the other one contains, from 0 to 1."""
    a, b = _trigrams(first), _trigrams(second)
    return len(a & b) / max(1, min(len(a), len(b)))


def overlap_of_longer(first: str, second: str) -> float:
    """The share of the longer text's trigrams of words that the other one contains: small also if the longer text
    contains the other one among much else."""
    a, b = _trigrams(first), _trigrams(second)
    return len(a & b) / max(1, len(a), len(b))


def is_same_notice(first: str, second: str, least: float) -> bool:
    """Whether two texts are one but for figures: times, dates, reference numbers. `least`: the share of the longer
    text's trigrams that the other one must contain."""
    if min(len(first), len(second)) < least * least * max(len(first), len(second)):
        return False  # saves the work for most texts
    a, b = _trigrams_without_figures(first), _trigrams_without_figures(second)
    return len(a & b) >= least * max(1, len(a), len(b))


def are_related_titles(first: str, second: str) -> bool:
    """Whether two titles may be those of one article."""
    a, b = title_words(first), title_words(second)
    return len(a & b) >= _RELATED_TITLES * max(1, min(len(a), len(b)))


def share_of_title(title: str, text: str) -> float:
    """The share of a title's words that a text has."""
    words = title_words(title)
    return len(words.intersection(_UNIT.findall(fold(text)))) / max(1, len(words))


@lru_cache(maxsize=256)
def title_words(title: str) -> frozenset[str]:
    """The folded words of a title; letters in scripts without spaces between words. Without the short ones ("of the",
    "عن"), which any two titles may share, if there are others."""
    words = frozenset(_UNIT.findall(fold(title)))
    long = frozenset(word for word in words if len(word) >= _LONG_WORD)
    return long if len(long) >= _MIN_LONG_WORDS else words


@lru_cache(maxsize=64)
def _trigrams_without_figures(text: str) -> frozenset[tuple[str, ...]]:
    return _trigrams(_FIGURE.sub("0", text))


@lru_cache(maxsize=64)
def _trigrams(text: str) -> frozenset[tuple[str, ...]]:
    units = _UNIT.findall(fold(text))
    if len(units) < _RUN:
        return frozenset({tuple(units)} if units else ())
    return frozenset(zip(units, units[1:], units[2:], strict=False))
