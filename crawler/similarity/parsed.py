"""A body split into paragraphs, sentences and words: computed once and shared by all steps that compare texts."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, compress
from operator import itemgetter

from crawler.items import TextIdentity
from crawler.similarity.repeated_lines import hashes_of_words
from crawler.similarity.sentences import (
    MAX_SENTENCES,
    Sentence,
    comparable,
    folded_words,
    fragments,
    paragraph_words,
    sentences,
    shingle_hashes,
)
from crawler.similarity.template_slots import ProperNouns
from crawler.text import fingerprint_of_words, fold_letters, words_of_folded

_TABLE_FIGURES = 0.2
"""A text with at least this share of figures among its words is a table: prices, results, prayer times. Chosen by hand,
checked on the tables of bench/pairs.py."""

_TABLE_ROWS = 0.5
"""A text with a larger share of table rows (cells separated by bars) is a table. Chosen by hand."""

_FIRST_LETTER = itemgetter(0)
_CLOCK = re.compile(r"\s*\d{1,2}[:.]\d{2}\b")
_MIN_LIVE_ENTRIES = 4
"""A text with at least this number of paragraphs that begin with a clock time is a live blog. Chosen by hand, checked
on the live blogs of bench/pairs.py."""


_CACHED = 512
"""Texts that are parsed once for all steps, about 50 kB each, with their body and its sentences. Chosen by hand."""


class ParsedText:
    """The body of an article, prepared for comparison. Each step is computed on first use."""

    def __init__(self, paragraphs: tuple[str, ...]) -> None:
        self.paragraphs = paragraphs

    def learn(self, identity: TextIdentity) -> None:
        """Use what is known of the text, as a worker process has computed it."""
        if "identity" not in self.__dict__:
            self.identity = identity
            if identity.letters is not None:
                self.letters = identity.letters

    @cached_property
    def identity(self) -> TextIdentity:
        """What the store compares the text by."""
        body = "\n".join(self.paragraphs)
        found = sentences(self._comparable)  # not remembered: a worker compares no texts
        return TextIdentity(
            checksum=checksum(body),
            letters=None if self.letters == body else self.letters,
            fingerprint=self.compute_fingerprint(),
            line_hashes=tuple(hashes_of_words(self.paragraphs, self.words)),
            word_counts=tuple(map(len, self.words)),
            figure_counts=_figure_counts(self.words),
            sentence_paragraphs=tuple(sentence.paragraph for sentence in found),
            sentence_hashes=tuple(
                hash_ for sentence in found for hash_ in shingle_hashes(tuple(sentence.folded.split(" ")))
            ),
        )

    def compute_fingerprint(self) -> str:
        """See crawler.text.fingerprint."""
        if self._comparable == self.letters:  # no grouped digits, which a fingerprint takes for several words
            return fingerprint_of_words(chain.from_iterable(self.words))
        return fingerprint_of_words(words_of_folded(self.folded))

    def identity_of(self, part: ParsedText, kept: Sequence[bool]) -> TextIdentity | None:
        """The identity of a text that has only the `kept` paragraphs; None if it must be computed."""
        known = self.identity
        part.letters = "\n".join(compress(self.letters.split("\n"), kept))
        if len(known.sentence_paragraphs) == MAX_SENTENCES:  # there may be more of them
            return None
        places = {place: number for number, place in enumerate(compress(range(len(kept)), kept))}
        is_in = [kept[place] for place in known.sentence_paragraphs]
        body = "\n".join(part.paragraphs)
        return TextIdentity(
            checksum=checksum(body),
            letters=None if part.letters == body else part.letters,
            fingerprint=part.compute_fingerprint(),
            line_hashes=tuple(compress(known.line_hashes, kept)),
            word_counts=tuple(compress(known.word_counts, kept)),
            figure_counts=tuple(compress(known.figure_counts, kept)),
            sentence_paragraphs=tuple(places[place] for place in compress(known.sentence_paragraphs, is_in)),
            sentence_hashes=tuple(compress(known.sentence_hashes, (each for each in is_in for _ in range(2)))),
        )

    @property
    def sentence_count(self) -> int:
        """Number of its sentences."""
        if "identity" in self.__dict__:
            return len(self.identity.sentence_paragraphs)
        return len(self.sentences)

    def count_words(self, start: int = 0) -> Iterator[int]:
        """Number of words of each paragraph from `start` on, one after the other: where they are not known, the rest of
        the text is not read, and the other parts of the identity are not computed."""
        if "identity" in self.__dict__:
            yield from self.identity.word_counts[start:]
        elif "words" in self.__dict__:
            yield from map(len, self.words[start:])
        else:
            yield from (len(folded_words(paragraph)) for paragraph in self.paragraphs[start:])

    @cached_property
    def letters(self) -> str:
        """The body, folded by crawler.text.fold_letters."""
        return fold_letters("\n".join(self.paragraphs))

    @property
    def folded(self) -> str:
        """The body, folded by crawler.text.fold."""
        return self.letters.casefold()

    @cached_property
    def _comparable(self) -> str:
        return comparable(self.letters)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences(self._comparable, remember=True)

    @cached_property
    def sentence_indexes(self) -> dict[str, list[int]]:
        """The folded words of each sentence, equal ones once → their indexes."""
        indexes: dict[str, list[int]] = {}
        for index, sentence in enumerate(self.sentences):
            indexes.setdefault(sentence.folded, []).append(index)
        return indexes

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The folded words of each paragraph."""
        return paragraph_words(self._comparable)

    @cached_property
    def proper_nouns(self) -> ProperNouns:
        return ProperNouns.of(self.sentences)

    @cached_property
    def is_table(self) -> bool:
        """Whether it consists largely of figures or of table rows."""
        # Including short lines: tables consist of them.
        # Of a stored text the identity is not known; its other parts cost ten times as much.
        figures = sum(self.identity.figure_counts if "identity" in self.__dict__ else _figure_counts(self.words))
        words = sum(self.count_words())
        rows = sum(" | " in paragraph for paragraph in self.paragraphs)
        return figures >= words * _TABLE_FIGURES or rows > len(self.paragraphs) * _TABLE_ROWS

    @cached_property
    def figures(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """For each short line that has words and figures: its words → its figures."""
        lines: dict[tuple[str, ...], tuple[str, ...]] = {}
        for line in fragments(self._comparable):
            figures = tuple(word for word in line if word[0].isdigit())
            if label := tuple(word for word in line if not word[0].isdigit()):
                lines.setdefault(label, figures)
        return {label: figures for label, figures in lines.items() if figures}

    @cached_property
    def is_live(self) -> bool:
        """Whether it is a live blog: a list of entries that begin with a clock time."""
        return sum(bool(_CLOCK.match(paragraph)) for paragraph in self.paragraphs) >= _MIN_LIVE_ENTRIES


def _figure_counts(words: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """For each paragraph the number of its words that begin with a digit."""
    return tuple(sum(map(str.isdigit, map(_FIRST_LETTER, paragraph))) for paragraph in words)


def checksum(body: str) -> int:
    """A number by which it is noticed that a body was changed."""
    return zlib.crc32(body.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=_CACHED)
def _cached_text(body: str) -> ParsedText:
    return ParsedText(tuple(body.split("\n")))


def parsed_text(body: str, identity: TextIdentity | None = None) -> ParsedText:
    """Parse a body as it is stored, one paragraph per line. The result is shared between callers: do not change it.

    `identity`: that of this body, if it is known.
    """
    text = _cached_text(body)
    if identity is not None:
        text.learn(identity)
    return text


def parsed_part(body: str, kept: Sequence[bool]) -> ParsedText:
    """Parse the `kept` paragraphs of a body, without folding them again."""
    text = parsed_text(body)
    if all(kept):
        return text
    part = parsed_text("\n".join(compress(text.paragraphs, kept)))
    if (identity := text.identity_of(part, kept)) is not None:
        part.learn(identity)
    return part
