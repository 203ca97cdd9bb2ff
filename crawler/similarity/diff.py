"""What changed between two versions of a text, sentence by sentence, for people."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from crawler.similarity.sentences import split_sentences

Mark = Literal[" ", "-", "+"]


class Line(NamedTuple):
    """A sentence that stayed (` `), went (`-`) or came (`+`)."""

    mark: Mark
    sentence: str


def differences(before: str, after: str) -> list[Line]:
    """All sentences of both texts in reading order. Those marked ` ` and `-` are the old text's, ` ` and `+` the
    new one's. Paragraphs are lines of the texts; where they begin and end is not compared."""
    old, new = _sentences(before), _sentences(after)
    lines: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line(" ", sentence) for sentence in old[a:b]]
        else:
            lines += [Line("-", sentence) for sentence in old[a:b]]
            lines += [Line("+", sentence) for sentence in new[c:d]]
    return lines


def readable_differences(before: str, after: str) -> Iterator[str]:
    """The sentences that went and came, each with its mark; runs of sentences that stayed are told by their number."""
    stayed = 0
    for mark, sentence in differences(before, after):
        if mark == " ":
            stayed += 1
            continue
        if stayed:
            yield f"  … {stayed} unchanged"
            stayed = 0
        yield f"{mark} {sentence}"
    if stayed:
        yield f"  … {stayed} unchanged"


def _sentences(text: str) -> list[str]:
    return [sentence for paragraph in text.split("\n") for sentence in split_sentences(paragraph)]
