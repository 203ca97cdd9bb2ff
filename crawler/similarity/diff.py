"""Show what changed between two versions of a text, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from crawler.similarity.sentences import split_sentences

Sign = Literal[" ", "-", "+"]


class DiffLine(NamedTuple):
    """A sentence that is unchanged (` `), was removed (`-`) or was added (`+`)."""

    sign: Sign
    sentence: str


def diff_sentences(before: str, after: str) -> list[DiffLine]:
    """All sentences of both texts in reading order. Lines with ` ` and `-` make up the old text, lines with ` ` and `+`
    the new one. Each line of a text is a paragraph; changed paragraph breaks are not reported."""
    old, new = _sentences(before), _sentences(after)
    lines: list[DiffLine] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [DiffLine(" ", sentence) for sentence in old[a:b]]
        else:
            lines += [DiffLine("-", sentence) for sentence in old[a:b]]
            lines += [DiffLine("+", sentence) for sentence in new[c:d]]
    return lines


def format_diff(before: str, after: str) -> Iterator[str]:
    """The removed and added sentences, each after its sign. Of unchanged sentences only the number is given."""
    unchanged = 0
    for sign, sentence in diff_sentences(before, after):
        if sign == " ":
            unchanged += 1
            continue
        if unchanged:
            yield f"  … {unchanged} unchanged"
            unchanged = 0
        yield f"{sign} {sentence}"
    if unchanged:
        yield f"  … {unchanged} unchanged"


def _sentences(text: str) -> list[str]:
    return [sentence for paragraph in text.split("\n") for sentence in split_sentences(paragraph)]
