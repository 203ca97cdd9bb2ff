"""Find the sentences of a text that may be edited copies of a sentence, by the words that they have in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

MAX_TEMPLATE_EDITED = 0.34
"""Share of a sentence's words that may differ in another sentence made from the same template. Tuned like the
thresholds of similarity.py."""

_CANDIDATES = 3
"""Sentences that a sentence is compared with, those with the most words in common first."""


class SimilarSentences:
    """The sentences of one text, each with its index; equal words of a sentence count once."""

    def __init__(self, sentences: Mapping[int, str]) -> None:
        """`sentences`: the folded words of each, by its index."""
        self._sentences = sentences
        self._vocabulary = set(" ".join(sentences.values()).split())
        self._sets: dict[int, frozenset[str]] = {}
        self._indexes: dict[str, list[int]] = {}

    def may_have_similar(self, words: frozenset[str]) -> bool:
        """Whether a sentence with enough of these words is possible."""
        return len(words & self._vocabulary) >= _least_common(len(words))

    def index(self, wanted: Iterable[str]) -> None:
        """Prepare for `most_similar` with sentences of these words."""
        known = self._vocabulary.intersection(wanted)
        self._sets = {index: word_set(folded) for index, folded in self._sentences.items()}
        for index, words in self._sets.items():
            for word in words & known:
                self._indexes.setdefault(word, []).append(index)

    def most_similar(self, words: frozenset[str]) -> list[int]:
        """The sentences with the most of these words, at most _CANDIDATES; without those that have too few."""
        needed = max(1, math.ceil(_least_common(len(words))))
        holders = sorted((self._indexes[word] for word in words if word in self._indexes), key=len)
        # A sentence without any of the rarest words cannot have enough of the others.
        possible = set(chain.from_iterable(holders[: max(0, len(holders) - needed + 1)]))
        counts = sorted((-len(words & self._sets[index]), index) for index in possible)
        return [
            index
            for count, index in counts[:_CANDIDATES]
            if -count >= _least_common(max(len(words), len(self._sets[index])))
        ]


@lru_cache(maxsize=2**10)
def word_set(folded: str) -> frozenset[str]:
    """The words of a sentence, which is compared with several texts in a row."""
    return frozenset(folded.split())


def _least_common(most_words: int) -> float:
    """Words that two sentences must have in common to be compared; `most_words`: different words of the longer one."""
    return most_words * (1 - MAX_TEMPLATE_EDITED) - 1
