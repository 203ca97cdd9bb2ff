"""trafilatura's fallbacks: readability and justext, and how much text a page has beside what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from functools import lru_cache
from typing import Any

from lxml.etree import Element, SubElement, iterwalk, tostring
from lxml.html import HtmlElement

from crawler.extract.reader.marks import is_boilerplate
from crawler.extract.reader.private import (
    JUSTEXT_LANGUAGES,
    JUSTEXT_OVERRIDE_RATIO,
    SANITIZED_XPATH,
    SPACED_TAGS,
    Extractor,
    ParagraphMaker,
    _prefer_readability,
    basic_cleaning,
    classify_paragraphs,
    get_stoplist,
    get_stoplists,
    remove_control_characters,
    revise_paragraph_classification,
    sanitize_tree,
    trim,
    try_readability,
    use_for_unknown_languages,
)

_NO_TEXT = frozenset(("aside", "fencedframe", "footer", "script", "style", "svg", "template"))
_ENOUGH = 10
"""In recall mode a text of this many times the shortest is not compared."""

_JUSTEXT = (50, 150, 0.1, 0.2, 0.25, True)
"""trafilatura's thresholds for justext: lengths, densities of stop words and links, no headings."""

_MAX_PARAGRAPHS = 2000
"""justext compares each short paragraph with all around it: 2,000 take .2 s, 8,000 three seconds. Of the 41 pages of
the corpora that it reads, the largest has 547."""

Found = tuple[Any, str]
"""A body and its text."""


def compared(pruned: HtmlElement, cleaned: HtmlElement, own: Found, options: Extractor, language: str | None) -> Found:
    """`compare_extraction` of trafilatura: the own text, or that of readability or justext where theirs is better.

    `pruned` is the page without comments, `cleaned` the same without elements that hold no text.
    """
    body, text = own
    if options.focus == "recall" and len(text) > options.min_extracted_size * _ENOUGH:
        return own
    other = try_readability(copy(pruned))
    other_text = trim(tostring(other, method="text", encoding="utf-8").decode("utf-8"))
    is_readability = _prefer_readability(body, other, other_text, len(text), len(other_text), options)
    if is_readability:
        body, text = other, other_text
    is_unclean = bool(body.xpath(SANITIZED_XPATH))
    if is_unclean or len(text) < options.min_extracted_size:
        third, third_text = by_justext(cleaned, language)
        limit = len(text) <= JUSTEXT_OVERRIDE_RATIO * len(third_text) if is_unclean else len(text) < len(third_text)
        if third_text and limit:
            return third, third_text
    return sanitize_tree(body, options) if is_readability else (body, text)


def by_justext(tree: HtmlElement, language: str | None) -> Found:
    """The paragraphs of a page that justext takes for text; none of a page with very many. The tree is changed."""
    body = Element("body")
    paragraphs = ParagraphMaker.make_paragraphs(basic_cleaning(tree))
    if len(paragraphs) > _MAX_PARAGRAPHS:
        return body, ""
    classify_paragraphs(paragraphs, _stop_words(language), *_JUSTEXT)
    revise_paragraph_classification(paragraphs, _JUSTEXT[1])
    for paragraph in paragraphs:
        if not paragraph.is_boilerplate:
            SubElement(body, "p").text = paragraph.text
    return body, trim(" ".join(body.itertext()))


class _AllStopWords:
    """The function words of all languages that justext knows.

    justext makes a set of what it is given, and keeps the set with what it was made of. Given as sets, by us and by
    trafilatura, these words stood in the memory of each worker three times, in 62 MB, and were read twice.
    """

    def __iter__(self) -> Iterator[str]:
        for name in sorted(get_stoplists()):
            yield from get_stoplist(name)


_ALL_STOP_WORDS = use_for_unknown_languages(_AllStopWords())


def _stop_words(language: str | None) -> Iterable[str]:
    """The function words of a language, or of all languages that justext knows."""
    return _words_of(JUSTEXT_LANGUAGES[language]) if language in JUSTEXT_LANGUAGES else _ALL_STOP_WORDS


@lru_cache(maxsize=16)  # the languages of a run; each takes a millisecond to read, all of them 0.15 s
def _words_of(name: str) -> frozenset[str]:
    return frozenset(get_stoplist(name))


def has_more_than(tree: HtmlElement, length: float) -> bool:
    """Whether a page shows more characters than this outside of footers and questions for consent.

    The length is that of trafilatura's `html2txt`, which is exact and slow: first a bound that is never below it.
    """
    body = tree.find(".//body")
    body = tree if body is None else body
    spaced = sum(1 for _ in body.iter(*SPACED_TAGS))
    if len(" ".join(body.text_content().split())) + 2 * spaced <= length:
        return False
    return _shown_length(body) > length


def _shown_length(body: HtmlElement) -> int:
    pieces: list[str] = []
    walk = iterwalk(body, events=("start", "end"))
    left_out = None
    for event, element in walk:
        if event == "start":
            if element is not body and (element.tag in _NO_TEXT or is_boilerplate(element)):
                walk.skip_subtree()
                left_out = element
            elif element.tag in SPACED_TAGS:
                pieces += (" ", remove_control_characters(element.text or ""))
            else:
                pieces.append(element.text or "")
        elif element is not body and element.tail is not None:
            is_spaced = element.tag in SPACED_TAGS and element is not left_out
            pieces += (" ", remove_control_characters(element.tail)) if is_spaced else (element.tail,)
        elif element.tag in SPACED_TAGS and element is not left_out:
            pieces.append(" ")
    return len(" ".join("".join(pieces).split()))
