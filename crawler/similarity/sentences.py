"""Sentences as they are compared: folded words, and a few numbers by which an edited sentence is found again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from crawler.text import fold_letters

# A sentence ends at a mark that white space follows; closing quotes and brackets belong to it.
_END = re.compile(r"(?<=[.!?؟…۔。！？])([\"'”’»)\]]*)\s+")
_GROUPED = re.compile(r"(?<=\d)[.,٬٫'](?=\d)")
_WORD = re.compile(r"\w+")
_BITS = 2**64
_SIGNED = 2**63
# Odd, without structure: multiplying by them mixes the hashes of a shingle's words by their order.
_FIRST, _SECOND, _THIRD = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_SHINGLE = 3

MIN_WORDS = 4
"""Shorter sentences ("He said.", sub-headings, fragments at an abbreviation) are no evidence and are not counted."""

MAX_SENTENCES = 400
"""Of a text; the rest of a longer one is not compared. The longest of 745 real articles has 350."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text."""

    words: tuple[str, ...]
    """Folded; the digits of a number are one word, however they are grouped."""

    written: tuple[str, ...]
    """The same words with their capitals."""

    paragraph: int
    """Which paragraph it stands in, from 0."""


def split_sentences(text: str) -> list[str]:
    """The sentences of one paragraph, as they are written."""
    pieces = _END.split(text)  # every second one is the closing marks of the one before it
    return [
        sentence
        for piece, marks in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        if (sentence := (piece + marks).strip())
    ]


def sentences(paragraphs: Iterable[str]) -> list[Sentence]:
    """The sentences of a text that have at least MIN_WORDS words, in order, MAX_SENTENCES at most. No paragraph holds
    a line break."""
    found: list[Sentence] = []
    folded = _GROUPED.sub("", fold_letters("\n".join(paragraphs)))  # at once: one by one takes twice as long
    for number, paragraph in enumerate(folded.split("\n")):
        for sentence in _END.split(paragraph)[::2]:
            written = _WORD.findall(sentence)
            if len(written) >= MIN_WORDS:
                words = tuple(" ".join(written).casefold().split(" "))
                found.append(Sentence(words, tuple(written), number))
                if len(found) == MAX_SENTENCES:
                    return found
    return found


def fragments(paragraphs: Iterable[str]) -> list[tuple[str, ...]]:
    """The folded words of the sentences that are too short to be one of `sentences`, in order."""
    folded = _GROUPED.sub("", fold_letters("\n".join(paragraphs)))
    pieces = (piece for paragraph in folded.split("\n") for piece in _END.split(paragraph)[::2])
    found = (tuple(_WORD.findall(piece.casefold())) for piece in pieces)
    return [words for words in found if 0 < len(words) < MIN_WORDS]


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text in the form that Sentence has them."""
    return tuple(_WORD.findall(_GROUPED.sub("", fold_letters(text)).casefold()))


def written_words(text: str) -> tuple[str, ...]:
    """The same with their capitals."""
    return tuple(_WORD.findall(_GROUPED.sub("", fold_letters(text))))


@lru_cache(maxsize=2**13)
def marks(words: tuple[str, ...]) -> tuple[int, int]:
    """Two numbers of 64 bits that a sentence shares with an edited copy of itself, more often than not.

    They are the least and the greatest hash of its runs of three words: an edit takes three of the runs away, and the
    rest decides. A tenth of the words changed, one of the two is left in 82 of 100 sentences; a fifth changed, in 56.
    """
    hashes = [_word_hash(word) for word in words]
    runs = [
        (a * _FIRST + b * _SECOND + c * _THIRD) % _BITS for a, b, c in zip(hashes, hashes[1:], hashes[2:], strict=False)
    ]
    if len(hashes) < _SHINGLE:
        runs = [sum(hashes) % _BITS]
    return min(runs) - _SIGNED, max(runs) - _SIGNED


def line_mark(words: Sequence[str]) -> int:
    """A number of 64 bits that stands for a whole line: equal only when all words are."""
    return _hash(" ".join(words))


@lru_cache(maxsize=2**16)
def _word_hash(word: str) -> int:
    return _hash(word) + _SIGNED


def _hash(text: str) -> int:
    """Signed, as SQLite keeps integers; the same in every process, which Python's own hash is not."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
