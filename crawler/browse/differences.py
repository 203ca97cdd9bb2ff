"""What changed between two texts, for people: whole sentences, and words where a sentence has changed in part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Literal, NamedTuple

from crawler.similarity.diff import diff_sentences

MAX_CHARS = 200_000
"""Longer texts are not compared: the time grows with the square of their sentences. Chosen by hand."""

_MAX_WORDS = 400
"""Words of a sentence that are compared one by one. Chosen by hand."""

_SIMILAR = 0.4
"""Share of words that two sentences must have in common to be one that has changed. Chosen by hand, on sentences in
which names, numbers and the verb had changed."""

Kind = Literal["same", "gone", "came"]


class Piece(NamedTuple):
    """Words that both texts have, or only one of them."""

    kind: Kind
    text: str


class Change(NamedTuple):
    """A sentence that was removed, added or changed in part, or a number of sentences that are the same."""

    pieces: tuple[Piece, ...] = ()
    unchanged: int = 0


def difference(before: str, after: str) -> list[Change] | None:
    """The changes in reading order; None if the texts are too long to be compared."""
    if max(len(before), len(after)) > MAX_CHARS:
        return None
    changes: list[Change] = []
    gone: list[str] = []
    for sign, lines in groupby(diff_sentences(before, after), key=lambda line: line.sign):
        sentences = [line.sentence for line in lines]
        if sign == "-":
            gone = sentences
            continue
        if sign == "+":
            changes += _paired(gone, sentences)
        else:
            changes += [*_paired(gone, []), Change(unchanged=len(sentences))]
        gone = []
    return [*changes, *_paired(gone, [])]


def _paired(gone: Sequence[str], came: Sequence[str]) -> Iterator[Change]:
    """Removed and added sentences in the place of each other."""
    for before, after in zip_longest(gone, came):
        pieces = _words(before, after) if before is not None and after is not None else None
        if pieces is not None:
            yield Change(pieces)
            continue
        if before is not None:
            yield Change((Piece("gone", before),))
        if after is not None:
            yield Change((Piece("came", after),))


def _words(before: str, after: str) -> tuple[Piece, ...] | None:
    """The words of a sentence that has changed in part; None if it is another one."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _MAX_WORDS:
        return None
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _SIMILAR:
        return None
    pieces = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(old[a:b])))
            continue
        pieces += [Piece("gone", " ".join(old[a:b]))] if b > a else []
        pieces += [Piece("came", " ".join(new[c:d]))] if d > c else []
    return tuple(pieces)
