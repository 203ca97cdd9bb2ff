"""Find another article's text in a page's paragraphs, where it is certain to be the other article's.

The thresholds were tuned by hand on the seven variants and two controls of tests/test_embedded_humanvoice.py, see
docs/decisions.md#embedded-texts-are-recognized-by-memory-not-by-shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from crawler.similarity.parsed import ParsedText, parsed_text
from crawler.similarity.sentences import folded_words
from crawler.similarity.similarity import compare, count_equal_sentences

_MIN_PARAGRAPHS, _MIN_WORDS = 2, 40
"""An embedded text has at least this number of paragraphs or of words: anything shorter is a quotation."""

_MIN_PARAGRAPH_SHARE = 0.6
"""Share of a paragraph's words that must be shared sentences for the paragraph to be the embedded article's."""

_MIN_TEXT_SHARE = 0.7
"""Share of the embedded article's text that the page must contain where a title or a pointer announces it."""

_MIN_TEXT_SHARE_UNANNOUNCED = 0.9
"""The same where nothing announces it."""

_MIN_EQUAL_SENTENCES = 0.3
"""Share of the embedded article's sentences that the page must contain word for word."""

_MIN_OWN_BEFORE, _MIN_OWN_BEFORE_UNANNOUNCED = 15, 60
"""Words of the host article that must precede the embedded text: fewer are a headline or the local lead of an agency's
text."""

_MIN_OWN_SHARE = 0.4
"""Share of the page's words that must be the host article's where nothing announces the embedded text: otherwise the
page is a copy."""

_LIGHT_PARAGRAPH = 8
"""Paragraphs with fewer words (captions, sub-headings) do not end a run."""

_MAX_LABEL_WORDS = 4
"""Words that may precede the embedded article's title in the line above its text ("Read also:")."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedArticle:
    """A stored article whose text a page may contain."""

    id: int
    url: str
    site: str
    title: str
    published: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Embedding:
    """Paragraphs `start` to before `end` of a page: another article's title up to `text_start`, then its text."""

    start: int
    text_start: int
    end: int
    heading: str | None
    is_announced: bool


def find_embedding(
    paragraphs: list[str], article: EmbeddedArticle, *, is_pointed_to: bool, is_same_site: bool, is_later: bool
) -> Embedding | None:
    """Find the article's text in a page, or None if it is not certain.

    `is_pointed_to`: the page's body has a pointer to the article. `is_later`: the page is known to be published no
    earlier than the article; without a pointer or a title, only a later page can be the host.
    """
    page = parsed_text("\n".join(paragraphs))
    text = parsed_text(article.body)
    title = folded_words(article.title)
    if not (is_pointed_to or has_title(page, article.title)) and not (
        is_same_site and is_later and _may_have_own_text(page, text)
    ):
        return None
    if count_equal_sentences(text, page) < len(text.sentences) * _MIN_EQUAL_SENTENCES:
        return None
    words = page.words
    embedded = _embedded_paragraphs(page, text)
    start, end = _longest_run(words, embedded)
    run = words[start:end]
    length = sum(map(len, run))
    if not length or (len(run) < _MIN_PARAGRAPHS and length < _MIN_WORDS):
        return None
    article_length = sum(map(len, text.words))
    has_heading = start > 0 and _is_title(words[start - 1], title)
    first = start - 1 if has_heading else start
    before = _count_own_words(words[:first], embedded[:first])
    if is_pointed_to or has_heading:
        needed = _MIN_OWN_BEFORE if is_same_site or is_pointed_to else _MIN_OWN_BEFORE_UNANNOUNCED
        if before < needed or length < article_length * _MIN_TEXT_SHARE:
            return None
        return Embedding(first, start, end, article.title if has_heading else None, True)
    if (
        is_same_site
        and is_later
        and before >= _MIN_OWN_BEFORE_UNANNOUNCED
        and _count_own_words(words, embedded) >= sum(map(len, words)) * _MIN_OWN_SHARE
        and length >= article_length * _MIN_TEXT_SHARE_UNANNOUNCED
        and sum(map(len, words[end:])) < _LIGHT_PARAGRAPH
    ):
        return Embedding(first, start, end, None, False)
    return None


def has_title(page: ParsedText, title: str) -> bool:
    """Whether a page has an article's title as a line of its own. Without it, and without a pointer, only a later page
    of the same site can contain the article."""
    words = folded_words(title)
    return any(
        len(words) <= count <= len(words) + _MAX_LABEL_WORDS and _is_title(_line_words(line), words)
        for line, count in zip(page.paragraphs, page.count_words(), strict=True)
    )


def may_have_title(body: str, title: str) -> bool:
    """The same for a text that is not parsed, and whose long lines need not be."""
    words = folded_words(title)
    most_spaces = 2 * (len(words) + _MAX_LABEL_WORDS)  # some are beside a mark that is not a word
    return any(line.count(" ") <= most_spaces and _is_title(_line_words(line), words) for line in body.split("\n"))


@lru_cache(maxsize=2**12)
def _line_words(line: str) -> tuple[str, ...]:
    """The folded words of a short line, which copies have in common."""
    return folded_words(line)


def _may_have_own_text(page: ParsedText, article: ParsedText) -> bool:
    """Whether enough of the page may be the host's where nothing announces the article: what consists of sentences
    that are equal is the article's, whatever `compare` finds."""
    counts = list(page.count_words())
    equal = [0] * len(counts)
    for sentence in page.sentences:
        if sentence.folded in article.sentence_indexes:
            equal[sentence.paragraph] += sentence.length
    own = sum(count for count, shared in zip(counts, equal, strict=True) if shared < count * _MIN_PARAGRAPH_SHARE)
    return own >= sum(counts) * _MIN_OWN_SHARE


def _count_own_words(words: list[tuple[str, ...]], embedded: list[bool]) -> int:
    return sum(len(own) for own, is_embedded in zip(words, embedded, strict=True) if not is_embedded)


def _embedded_paragraphs(page: ParsedText, article: ParsedText) -> list[bool]:
    """For each paragraph of the page whether it is the article's."""
    known = set(article.words)
    shared = [0] * len(page.words)
    for index in compare(page, article).pairs:
        sentence = page.sentences[index]
        shared[sentence.paragraph] += sentence.length
    return [
        bool(words) and (words in known or count >= len(words) * _MIN_PARAGRAPH_SHARE)
        for words, count in zip(page.words, shared, strict=True)
    ]


def _longest_run(words: list[tuple[str, ...]], embedded: list[bool]) -> tuple[int, int]:
    """The consecutive embedded paragraphs with the most words. Between two of them, one light paragraph may be the
    host's."""
    best, best_length = (0, 0), 0
    start = 0
    while start < len(embedded):
        if not embedded[start]:
            start += 1
            continue
        end = start + 1
        while end < len(embedded) and (
            embedded[end] or (end + 1 < len(embedded) and embedded[end + 1] and len(words[end]) < _LIGHT_PARAGRAPH)
        ):
            end += 1
        length = sum(map(len, words[start:end])) - _count_own_words(words[start:end], embedded[start:end])
        if length > best_length:
            best, best_length = (start, end), length
        start = end
    return best


def _is_title(line: tuple[str, ...], title: tuple[str, ...]) -> bool:
    return bool(title) and line[-len(title) :] == title and len(line) <= len(title) + _MAX_LABEL_WORDS
