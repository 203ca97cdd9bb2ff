"""Whether two texts are one story: sentence by sentence, with small edits allowed, without looking at the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from crawler.similarity.parsed import Text
from crawler.similarity.sentences import Sentence, written_words
from crawler.similarity.template_slots import Names, Run, differs_in_slot, is_spelling, may_be_name

MIN_SHARE = 0.6
"""Of the shorter text's sentences that must be the other's."""

MIN_WORDS = 40
"""Shorter texts are copies only when they are the same as a whole."""

_EDITED = 0.2
"""Of a sentence's words that an edit may touch."""

_LIKE = 0.34
"""Of a sentence's words that may differ in one that follows the same template."""

_TEMPLATE = 0.2
"""Texts in which so many of the sentences are the other's template with other values are two issues of one notice."""

_TITLE_WORDS = 3
"""Shorter titles ("Part 2") are no evidence."""

_BACKGROUND = 0.4
"""A text that shares less of its own sentences, and none of its first ones, quotes the other as background."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts have in common. `pairs`: sentence of the one → sentence of the other that is the same."""

    pairs: dict[int, int]
    variants: int
    """Sentences of the one that are a sentence of the other with other numbers, names or dates."""

    mine: int
    """How many sentences the one has; `theirs`, the other."""

    theirs: int

    @property
    def shared(self) -> int:
        return min(len(self.pairs), len(set(self.pairs.values())))

    @property
    def similarity(self) -> float:
        """The share of the shorter text's sentences that are the other's, from 0 to 1."""
        return self.shared / max(1, min(self.mine, self.theirs))


def compare(one: Text, other: Text) -> Likeness:
    """Find the sentences that two texts share. What rules out that they are copies ends the search."""
    return _Matching(one, other).likeness()


def equal_sentences(one: Text, other: Text) -> int:
    """How many sentences of the one are the other's word for word: a quick look before `compare`."""
    theirs = {sentence.words for sentence in other.sentences}
    return sum(sentence.words in theirs for sentence in one.sentences)


def _too_many_variants(variants: int, shorter: int) -> bool:
    return variants >= max(2, shorter * _TEMPLATE)


def is_copy(one: Text, other: Text, likeness: Likeness) -> bool:
    """Whether two texts of MIN_WORDS words or more are one story."""
    shorter = min(likeness.mine, likeness.theirs)
    if not shorter or likeness.similarity < MIN_SHARE:
        return False
    variants = likeness.variants + _other_figures(one, other)
    if likeness.shared == likeness.mine == likeness.theirs and not _too_many_variants(variants, shorter):
        return True
    if one.is_table or other.is_table or (one.is_live and other.is_live):
        return False
    if _too_many_variants(variants, shorter):
        return False
    return not _is_background(likeness)


def _other_figures(one: Text, other: Text) -> int:
    """How many of the lines that are too short for sentences both texts have with other figures: prayer times, prices,
    results stand in such lines."""
    return sum(other.figures.get(label, figures) != figures for label, figures in one.figures.items())


def _is_background(likeness: Likeness) -> bool:
    """Whether the longer text is a story of its own that tells the shorter one again further down."""
    if likeness.theirs > likeness.mine:
        places, count = set(likeness.pairs.values()), likeness.theirs
    else:
        places, count = set(likeness.pairs), likeness.mine
    return len(places) < count * _BACKGROUND and not places & {0, 1}


class _Matching:
    """Pairs the sentences of two texts: equal ones first, then each with the likest of those that are left."""

    def __init__(self, one: Text, other: Text) -> None:
        self._one, self._other = one, other
        self._names: Names | None = None
        self._pairs: dict[int, int] = {}
        self._near: dict[int, tuple[int, list[tuple[str, str]]]] = {}
        self._variants: set[int] = set()

    def likeness(self) -> Likeness:
        self._pair_equal()
        self._pair_edited()
        self._drop_swapped_names()
        return Likeness(self._pairs, len(self._variants), len(self._one.sentences), len(self._other.sentences))

    def _pair_equal(self) -> None:
        places: dict[tuple[str, ...], list[int]] = {}
        for at, sentence in enumerate(self._other.sentences):
            places.setdefault(sentence.words, []).append(at)
        for at, sentence in enumerate(self._one.sentences):
            if found := places.get(sentence.words):
                self._pairs[at] = found.pop(0) if len(found) > 1 else found[0]

    def _pair_edited(self) -> None:
        taken = set(self._pairs.values())
        left = [at for at in range(len(self._other.sentences)) if at not in taken]
        if not left:
            return
        places: dict[str, list[int]] = {}
        for at in left:
            for word in set(self._other.sentences[at].words):
                places.setdefault(word, []).append(at)
        shorter = min(len(self._one.sentences), len(self._other.sentences))
        for mine in range(len(self._one.sentences)):
            if mine not in self._pairs:
                self._pair(mine, places, taken)
                if _too_many_variants(len(self._variants), shorter):
                    return

    def _pair(self, mine: int, places: dict[str, list[int]], taken: set[int]) -> None:
        sentence = self._one.sentences[mine]
        words = set(sentence.words)
        likest = Counter(at for word in words for at in places.get(word, ()))
        for at, common in likest.most_common(3):
            theirs = self._other.sentences[at]
            if at in taken or common < max(len(words), len(set(theirs.words))) * (1 - _LIKE) - 1:
                continue
            edit = _Edit(sentence, theirs)
            if edit.share > _LIKE:
                continue
            self._names = self._names or self._one.names | self._other.names
            if differs_in_slot(edit.replaced, edit.deleted, edit.inserted, self._names):
                self._variants.add(mine)
            elif edit.cost <= int(edit.length * _EDITED):
                self._pairs[mine] = at
                self._near[mine] = (at, edit.swaps)
                taken.add(at)
                self._variants.discard(mine)
                return

    def _drop_swapped_names(self) -> None:
        """In scripts without capitals a name is told by this: one word stands for another wherever either occurs."""
        swaps = Counter(swap for _, found in self._near.values() for swap in set(found))
        repeated = {(a, b) for (a, b), count in swaps.items() if count >= 2}
        if not repeated:
            return
        mine, theirs = self._words_of(self._one), self._words_of(self._other)
        slots = {(a, b) for a, b in repeated if a not in theirs and b not in mine and may_be_name(a) and may_be_name(b)}
        for at, (_, found) in self._near.items():
            if slots & set(found):
                del self._pairs[at]
                self._variants.add(at)

    @staticmethod
    def _words_of(text: Text) -> set[str]:
        return {word for sentence in text.sentences for word in sentence.words}


class _Edit:
    """What was done to one sentence to get another."""

    def __init__(self, one: Sentence, other: Sentence) -> None:
        self.length = max(len(one.words), len(other.words))
        self.cost = 0
        self.replaced: list[tuple[Run, Run]] = []
        self.deleted: list[Run] = []
        self.inserted: list[Run] = []
        self.swaps: list[tuple[str, str]] = []
        for kind, a, b, c, d in SequenceMatcher(None, one.words, other.words, autojunk=False).get_opcodes():
            if kind == "replace":
                self._replace(Run(one, a, b), Run(other, c, d))
            elif kind == "delete":
                self.deleted.append(Run(one, a, b))
                self.cost += b - a
            elif kind == "insert":
                self.inserted.append(Run(other, c, d))
                self.cost += d - c

    def _replace(self, mine: Run, theirs: Run) -> None:
        if mine.length == theirs.length:
            for a, b in zip(mine.single(), theirs.single(), strict=True):
                if not is_spelling(a.words[0], b.words[0]):
                    self.replaced.append((a, b))
                    self.swaps.append((a.words[0], b.words[0]))
                    self.cost += 1
        else:
            self.replaced.append((mine, theirs))
            self.cost += max(mine.length, theirs.length)

    @property
    def share(self) -> float:
        return self.cost / max(1, self.length)


def differs_as_issue(title: str, other: str, *texts: Text) -> bool:
    """Whether two titles are one but for a number, a date or a name, as those of two days' notices are.

    `texts`: theirs, which tell names better than a headline does, where all words may have capitals.
    """
    one, two = _title(title), _title(other)
    if one.words == two.words or min(len(one.words), len(two.words)) < _TITLE_WORDS:
        return False
    edit = _Edit(one, two)
    names = Names.of([one]) | Names.of([two])
    for text in texts:
        names |= text.names
    return edit.share <= 0.5 and differs_in_slot(edit.replaced, edit.deleted, edit.inserted, names)


def _title(title: str) -> Sentence:
    written = written_words(title)
    return Sentence(tuple(word.casefold() for word in written), written, 0)
