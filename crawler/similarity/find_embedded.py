"""Where in a page's paragraphs another article's text stands, if it does for certain. Pure: asks no store."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.similarity.parsed import Text, text_of
from crawler.similarity.sentences import folded_words
from crawler.similarity.similarity import compare, equal_sentences

_MIN_PARAGRAPHS, _MIN_WORDS = 2, 40
"""A run is long enough with either: one paragraph of another article is a quotation."""

_MIN_PART = 0.6
"""Of a paragraph's words that must be the other's, so that it is the other's."""

_WHOLE = 0.7
"""Of the other's text that a run must hold where a title or pointer announces it; without one, _WHOLE_ALONE."""

_WHOLE_ALONE = 0.9

_WORD_FOR_WORD = 0.3
"""Of the other's sentences that must stand in the page unedited."""

_OWN_BEFORE, _OWN_BEFORE_ALONE = 15, 60
"""Words of the page's own that must stand before: less is a headline or the local lead of an agency's text."""

_OWN_SHARE = 0.4
"""Of the page's words that must be its own where nothing announces the other's text: else the page is a copy."""

_LIGHT = 8
"""Words; shorter paragraphs (captions, sub-headings) do not end a run."""

_MARKER = 4
"""Words that may stand before the other's title in the line above its text: "Read also:"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """A stored article whose text a page may carry."""

    id: int
    url: str
    site: str
    title: str
    published: str | None
    text: Text


@dataclass(frozen=True, slots=True)
class Embedding:
    """Paragraphs from `start` to before `end` go; from `text_start` they are the other's text, before it its title."""

    start: int
    text_start: int
    end: int
    heading: str | None
    is_announced: bool


def find_embedding(
    paragraphs: list[str], other: Other, *, is_pointed_to: bool, is_same_site: bool, is_later: bool
) -> Embedding | None:
    """Where the other's text stands, or None where that is not certain.

    `is_pointed_to`: the page has a pointer to the other in its text. `is_later`: the page is known to be published no
    earlier than the other; without a pointer or title only a later page can be the one that carries.
    """
    page = text_of("\n".join(paragraphs))
    if equal_sentences(other.text, page) < len(other.text.sentences) * _WORD_FOR_WORD:
        return None
    words = page.words
    theirs = _theirs(page, words, other.text)
    start, end = _longest_run(words, theirs)
    run = words[start:end]
    length = sum(map(len, run))
    if not length or (len(run) < _MIN_PARAGRAPHS and length < _MIN_WORDS):
        return None
    whole = sum(map(len, other.text.words))
    has_heading = start > 0 and _is_title(words[start - 1], folded_words(other.title))
    first = start - 1 if has_heading else start
    before = sum(len(own) for own, is_theirs in zip(words[:first], theirs, strict=False) if not is_theirs)
    heading = other.title if has_heading else None
    if is_pointed_to or has_heading:
        enough = before >= (_OWN_BEFORE if is_same_site or is_pointed_to else _OWN_BEFORE_ALONE)
        return Embedding(first, start, end, heading, True) if enough and length >= whole * _WHOLE else None
    own = sum(len(own) for own, is_theirs in zip(words, theirs, strict=True) if not is_theirs)
    after = sum(map(len, words[end:]))
    if (
        is_same_site
        and is_later
        and before >= _OWN_BEFORE_ALONE
        and own >= sum(map(len, words)) * _OWN_SHARE
        and length >= whole * _WHOLE_ALONE
        and after < _LIGHT
    ):
        return Embedding(first, start, end, None, False)
    return None


def _theirs(page: Text, words: list[tuple[str, ...]], other: Text) -> list[bool]:
    """For each paragraph whether it is the other's."""
    known = set(other.words)
    shared = [0] * len(words)
    for at in compare(page, other).pairs:
        sentence = page.sentences[at]
        shared[sentence.paragraph] += len(sentence.words)
    return [
        bool(own) and (own in known or part >= len(own) * _MIN_PART) for own, part in zip(words, shared, strict=True)
    ]


def _longest_run(words: list[tuple[str, ...]], theirs: list[bool]) -> tuple[int, int]:
    """The paragraphs in a row that are the other's, and have the most words. One light one between them may be not."""
    best, best_length = (0, 0), 0
    at = 0
    while at < len(theirs):
        if not theirs[at]:
            at += 1
            continue
        end = at + 1
        while end < len(theirs) and (
            theirs[end] or (end + 1 < len(theirs) and theirs[end + 1] and len(words[end]) < _LIGHT)
        ):
            end += 1
        length = sum(len(own) for own, is_theirs in zip(words[at:end], theirs[at:end], strict=True) if is_theirs)
        if length > best_length:
            best, best_length = (at, end), length
        at = end
    return best


def _is_title(line: tuple[str, ...], title: tuple[str, ...]) -> bool:
    return bool(title) and line[-len(title) :] == title and len(line) <= len(title) + _MARKER
