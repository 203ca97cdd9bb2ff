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


def overlap(first: str, second: str) -> float:
    """The share of the shorter text's trigrams of words that the other one contains, from 0 to 1."""
    a, b = _trigrams(first), _trigrams(second)
    return len(a & b) / max(1, min(len(a), len(b)))


def overlap_of_longer(first: str, second: str) -> float:
    """The share of the longer text's trigrams of words that the other one contains: small also if the longer text
    contains the other one among much else."""
    a, b = _trigrams(first), _trigrams(second)
    return len(a & b) / max(1, len(a), len(b))


@lru_cache(maxsize=64)
def _trigrams(text: str) -> frozenset[tuple[str, ...]]:
    units = _UNIT.findall(fold(text))
    if len(units) < _RUN:
        return frozenset({tuple(units)} if units else ())
    return frozenset(zip(units, units[1:], units[2:], strict=False))
