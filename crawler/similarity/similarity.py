"""Decide whether two texts are copies of each other: sentence by sentence, small edits allowed.

The thresholds were tuned on the labelled pairs of bench/pairs.py, see
docs/decisions.md#copies-are-found-by-sentences-not-by-minhash-of-whole-texts; after changing one, run
`python -m bench.copies labelled`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from crawler.similarity.parsed import ParsedText
from crawler.similarity.sentences import Sentence, written_words
from crawler.similarity.similar_sentences import MAX_TEMPLATE_EDITED, SimilarSentences, word_set
from crawler.similarity.template_slots import (
    ProperNouns,
    WordSpan,
    differs_in_named_value,
    is_spelling_variant,
    may_be_proper_noun,
)

MIN_SHARE = 0.6
"""Share of the shorter text's sentences that the longer text must contain."""

MIN_WORDS = 40
"""Texts with fewer words are copies only if their folded words are equal."""

_MAX_EDITED = 0.2
"""Share of a sentence's words that may differ in an edited copy of it."""

_MAX_TEMPLATE_VARIANTS = 0.2
"""Two texts with this share of template variants are two issues of one recurring notice, not copies."""

_MIN_TEMPLATE_VARIANTS = 2
"""Template variants that rule out a copy in any case: a single one may be an edit. Chosen by hand."""

_MIN_SWAPS = 2
"""Sentences in which one word must replace another, so that it counts as a name. Chosen by hand."""

_MIN_TITLE_WORDS = 3
"""Titles with fewer words ("Part 2") say nothing about whether two articles are issues of one notice."""

_MAX_TITLE_EDITED = 0.5
"""Share of a title's words that may differ between two issues of one notice."""

_BACKGROUND = 0.4
"""A longer text that shares a smaller part of its sentences, and none of its first two, quotes the shorter text as
background."""

_MIN_ITEM_WORDS = 60
"""Words of its own with which the longer text must begin to be an item of its own, followed by a pasted text; fewer are
the local lead of an agency's text. The same number as for unannounced embedded texts; see find_embedded.py."""

_MIN_ITEM_SHARE = 1 / 6
"""Share of the longer text that such an item must be. Chosen by hand, checked on the pairs of bench/pairs.py."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two texts have in common."""

    pairs: dict[int, int]
    """Index of a sentence of the first text → index of the same sentence in the second."""

    template_variants: int
    """Number of sentences of the first text that the second contains with other numbers, names or dates."""

    first_count: int
    """Number of sentences of the first text."""

    second_count: int
    """Number of sentences of the second text."""

    @property
    def shared(self) -> int:
        return min(len(self.pairs), len(set(self.pairs.values())))

    @property
    def score(self) -> float:
        """The share of the shorter text's sentences that the longer text contains, from 0 to 1."""
        return self.shared / max(1, self.shorter_count)

    @property
    def shorter_count(self) -> int:
        return min(self.first_count, self.second_count)


def compare(first: ParsedText, second: ParsedText, *, at_least: float = 0.0) -> Similarity:
    """Find the sentences that two texts share. Stops early at the number of template variants that rules out a copy.

    `at_least`: the score that matters. The comparison ends as soon as it cannot be reached; then the score is smaller,
    and nothing else is exact. For most texts that are no copies, this is before any two sentences are compared.
    """
    return _SentenceMatcher(first, second, at_least).match()


def count_equal_sentences(first: ParsedText, second: ParsedText) -> int:
    """Count the sentences of the first text that the second contains word for word: a cheap check before `compare`."""
    return sum(sentence.folded in second.sentence_indexes for sentence in first.sentences)


def _too_many_variants(variants: int, shorter_count: int) -> bool:
    return variants >= max(_MIN_TEMPLATE_VARIANTS, shorter_count * _MAX_TEMPLATE_VARIANTS)


def is_copy(first: ParsedText, second: ParsedText, similarity: Similarity) -> bool:
    """Whether two texts of at least MIN_WORDS words are copies of each other."""
    if not similarity.shorter_count or similarity.score < MIN_SHARE:
        return False
    variants = similarity.template_variants + _count_other_figures(first, second)
    if _too_many_variants(variants, similarity.shorter_count):
        return False
    if similarity.shared == similarity.first_count == similarity.second_count:
        return True
    if _is_background(similarity) or _is_host(first, second, similarity):
        return False
    return not (first.is_table or second.is_table or (first.is_live and second.is_live))


def _count_other_figures(first: ParsedText, second: ParsedText) -> int:
    """Count the lines that both texts contain with different figures and that are too short to be sentences. Prayer
    times, prices and results are printed in such lines."""
    return sum(second.figures.get(label, figures) != figures for label, figures in first.figures.items())


def _is_background(similarity: Similarity) -> bool:
    """Whether the longer text is a story of its own that repeats the shorter one further down."""
    if similarity.second_count > similarity.first_count:
        shared, count = set(similarity.pairs.values()), similarity.second_count
    else:
        shared, count = set(similarity.pairs), similarity.first_count
    return len(shared) < count * _BACKGROUND and not shared & {0, 1}


def _is_host(first: ParsedText, second: ParsedText, similarity: Similarity) -> bool:
    """Whether the longer text is a news item of its own, with the shorter one pasted below it."""
    if similarity.second_count > similarity.first_count:
        sentences, begin = second.sentences, min(similarity.pairs.values())
    else:
        sentences, begin = first.sentences, min(similarity.pairs)
    item = sum(sentence.length for sentence in sentences[:begin])
    return item >= max(_MIN_ITEM_WORDS, _MIN_ITEM_SHARE * sum(sentence.length for sentence in sentences))


class _SentenceMatcher:
    """Pairs the sentences of two texts: first the equal ones, then each with the most similar of the rest."""

    def __init__(self, first: ParsedText, second: ParsedText, at_least: float) -> None:
        self._first, self._second = first, second
        self._shorter_count = min(len(first.sentences), len(second.sentences))
        self._needed = at_least * self._shorter_count
        """Pairs without which the result does not matter."""

        self._pairs: dict[int, int] = {}
        self._edited: dict[int, tuple[int, list[tuple[str, str]]]] = {}
        """The pairs that are not equal, each with the words that were exchanged."""

        self._variants: set[int] = set()

    def match(self) -> Similarity:
        self._pair_equal()
        self._pair_edited()
        self._drop_swapped_names()
        return Similarity(self._pairs, len(self._variants), len(self._first.sentences), len(self._second.sentences))

    def _pair_equal(self) -> None:
        indexes = self._second.sentence_indexes
        taken: Counter[str] = Counter()
        for index, sentence in enumerate(self._first.sentences):
            if equal := indexes.get(sentence.folded):
                if len(equal) == 1:
                    self._pairs[index] = equal[0]
                else:
                    self._pairs[index] = equal[min(taken[sentence.folded], len(equal) - 1)]
                    taken[sentence.folded] += 1

    def _pair_edited(self) -> None:
        paired = set(self._pairs.values())
        others = SimilarSentences(
            {index: sentence.folded for index, sentence in enumerate(self._second.sentences) if index not in paired}
        )
        possible = self._possible(others)
        if possible is None:
            return
        others.index(word for _, words in possible for word in words)
        for left, (index, words) in zip(range(len(possible), 0, -1), possible, strict=True):
            if len(self._pairs) + left < self._needed:
                return
            self._pair(index, others.most_similar(words), paired)
            if _too_many_variants(len(self._variants), self._shorter_count):
                return

    def _possible(self, others: SimilarSentences) -> list[tuple[int, frozenset[str]]] | None:
        """The sentences that are not paired and have most of their words somewhere in the other text; None as soon as
        they cannot be enough."""
        unpaired = [
            (index, sentence.folded) for index, sentence in enumerate(self._first.sentences) if index not in self._pairs
        ]
        most_impossible = len(self._pairs) + len(unpaired) - self._needed
        possible: list[tuple[int, frozenset[str]]] = []
        for number, (index, folded) in enumerate(unpaired):
            if number - len(possible) > most_impossible:
                return None
            different = word_set(folded)
            if others.may_have_similar(different):
                possible.append((index, different))
        return possible if len(unpaired) - len(possible) <= most_impossible else None

    def _pair(self, first_index: int, candidates: list[int], paired: set[int]) -> None:
        sentence = self._first.sentences[first_index]
        for index in candidates:
            if index in paired:
                continue
            candidate = self._second.sentences[index]
            edit = _Edit(sentence, candidate)
            if edit.share > MAX_TEMPLATE_EDITED:
                continue
            if differs_in_named_value(edit.replaced, edit.deleted, edit.inserted, self._proper_nouns):
                self._variants.add(first_index)
            elif edit.cost <= int(edit.length * _MAX_EDITED):
                self._pairs[first_index] = index
                self._edited[first_index] = (index, edit.swaps)
                paired.add(index)
                self._variants.discard(first_index)
                return

    def _proper_nouns(self) -> ProperNouns:
        return self._first.proper_nouns | self._second.proper_nouns

    def _drop_swapped_names(self) -> None:
        """Recognize proper nouns in scripts without capitals: one word replaces another wherever either occurs."""
        counts = Counter(swap for _, swaps in self._edited.values() for swap in set(swaps))
        repeated = {(a, b) for (a, b), count in counts.items() if count >= _MIN_SWAPS}
        if not repeated:
            return
        first, second = self._words_of(self._first), self._words_of(self._second)
        swapped = {
            (a, b)
            for a, b in repeated
            if a not in second and b not in first and may_be_proper_noun(a) and may_be_proper_noun(b)
        }
        for index, (_, swaps) in self._edited.items():
            if swapped & set(swaps):
                del self._pairs[index]
                self._variants.add(index)

    @staticmethod
    def _words_of(text: ParsedText) -> set[str]:
        return {word for sentence in text.sentences for word in sentence.words}


class _Edit:
    """The changes that turn one sentence into another."""

    def __init__(self, first: Sentence, second: Sentence) -> None:
        self.length = max(len(first.words), len(second.words))
        self.cost = 0
        """Number of words that differ."""

        self.replaced: list[tuple[WordSpan, WordSpan]] = []
        self.deleted: list[WordSpan] = []
        self.inserted: list[WordSpan] = []
        self.swaps: list[tuple[str, str]] = []
        """Single words that were exchanged."""

        for kind, a, b, c, d in SequenceMatcher(None, first.words, second.words, autojunk=False).get_opcodes():
            if kind == "replace":
                self._replace(WordSpan(first, a, b), WordSpan(second, c, d))
            elif kind == "delete":
                self.deleted.append(WordSpan(first, a, b))
                self.cost += b - a
            elif kind == "insert":
                self.inserted.append(WordSpan(second, c, d))
                self.cost += d - c

    def _replace(self, old: WordSpan, new: WordSpan) -> None:
        if old.length == new.length:
            for a, b in zip(old.single(), new.single(), strict=True):
                if not is_spelling_variant(a.words[0], b.words[0]):
                    self.replaced.append((a, b))
                    self.swaps.append((a.words[0], b.words[0]))
                    self.cost += 1
        else:
            self.replaced.append((old, new))
            self.cost += max(old.length, new.length)

    @property
    def share(self) -> float:
        return self.cost / max(1, self.length)


def are_titles_of_issues(title: str, other: str, *texts: ParsedText) -> bool:
    """Whether two titles differ only in a number, a date or a name, as the titles of a recurring notice do.

    `texts`: the bodies. Their capitals show which words are names; in a headline, all words may have capitals.
    """
    first, second = _title(title), _title(other)
    if first.words == second.words or min(len(first.words), len(second.words)) < _MIN_TITLE_WORDS:
        return False
    edit = _Edit(first, second)

    def proper_nouns() -> ProperNouns:
        names = ProperNouns.of([first]) | ProperNouns.of([second])
        for text in texts:
            names |= text.proper_nouns
        return names

    return edit.share <= _MAX_TITLE_EDITED and differs_in_named_value(
        edit.replaced, edit.deleted, edit.inserted, proper_nouns
    )


def _title(title: str) -> Sentence:
    written = written_words(title)
    return Sentence(" ".join(written).casefold(), " ".join(written), 0)
