"""The order of trafilatura's steps on a tree of ours, for texts with links and tables, without comments and images."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.reader.fallbacks import Found, by_justext, compared, has_more_than
from crawler.extract.reader.main_pass import Content, content_of
from crawler.extract.reader.marks import cut_first
from crawler.extract.reader.private import (
    ESCALATION_ACCEPT_RATIO,
    ESCALATION_JUSTEXT_RATIO,
    ESCALATION_MAX_LENGTH,
    ESCALATION_PAGE_SHARE,
    Extractor,
    baseline,
    check_html_lang,
    convert_tags,
    delete_element,
    use_config,
)
from crawler.extract.reader.sections import clean


class Reading:
    """trafilatura's readings of one tree, which stays as it is and must not change between them.

    The scripts of the page are removed from the tree before: trafilatura looks for texts and for forums in them.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._pruned: HtmlElement | None = None
        self._fast: Content | None = None

    def fast(self, min_size: int | None = None) -> Any:
        """The body without the fallbacks, an element with a child for each block; None if there is none. `min_size`
        replaces the number of characters below which trafilatura distrusts its result."""
        return self._body(_options(min_size, fast=True), None)

    def slow(self, language: str | None) -> Any:
        """The body with the fallbacks, which look for the function words of a language, or of all."""
        if language and check_html_lang(self._tree, language) is False:
            return None
        return self._body(_options(None, fast=False), language)

    def _body(self, options: Extractor, language: str | None) -> Any:
        try:
            body, text = self._sequence(options, language)
        except (TypeError, ValueError):  # as trafilatura does: text that XML cannot hold
            return None
        return body if len(text) >= options.min_output_size else None

    def _sequence(self, options: Extractor, language: str | None) -> Found:
        """`trafilatura_sequence`: main extractor, fallbacks, rescue, and a second try for a small part of a page."""
        found = self._cascade(options, language)
        pruned = self._without_comments()
        if len(found[1]) < options.min_extracted_size:
            body, text, length = baseline(pruned)
            if length > len(found[1]):
                found = body, text
        length = len(found[1])
        if 0 < length < ESCALATION_MAX_LENGTH and has_more_than(pruned, length / ESCALATION_PAGE_SHARE):
            return self._escalated(found, options, language)
        return found

    def _escalated(self, found: Found, options: Extractor, language: str | None) -> Found:
        """The text in recall mode or of justext, if it is much longer."""
        recall = copy(options)
        recall.focus = "recall"
        again = self._cascade(recall, language)
        third: Found = (None, "")
        if not options.fast:
            third = by_justext(copy(self._without_comments()), language)
        length, again_length, third_length = len(found[1]), len(again[1]), len(third[1])
        if third_length > again_length and third_length > ESCALATION_JUSTEXT_RATIO * length:
            return third
        if again_length >= options.min_extracted_size and again_length > ESCALATION_ACCEPT_RATIO * length:
            return again
        return found

    def _cascade(self, options: Extractor, language: str | None) -> Found:
        """The main extractor and, unless in fast mode, its comparison with the fallbacks."""
        content = self._content(options)
        found = content.body, content.text
        if options.fast:
            return found
        cleaned = copy(self._without_comments())
        clean(cleaned, recall=options.focus == "recall")
        return compared(self._without_comments(), cleaned, found, options, language)

    def _content(self, options: Extractor) -> Content:
        """The main extractor's text. That of the fast reading is used again where the slow one gives the same."""
        if self._fast is not None and not options.fast and options.focus == "balanced":
            return self._fast
        content = content_of(lambda: self._prepared(options), options)
        if options is _options(None, fast=True) and not content.is_recovered:
            self._fast = content
        return content

    def _prepared(self, options: Extractor) -> HtmlElement:
        tree = copy(self._without_comments())
        clean(tree, recall=options.focus == "recall")
        return convert_tags(tree, options, None)

    def _without_comments(self) -> HtmlElement:
        """The tree without follow-up articles and comments: itself if it has none of them."""
        if self._pruned is None:
            self._pruned = self._tree
            if cut_first(self._tree):
                self._pruned = copy(self._tree)
                for element in cut_first(self._pruned):
                    delete_element(element)
        return self._pruned


@lru_cache(maxsize=4)
def _options(min_size: int | None, *, fast: bool) -> Extractor:
    """trafilatura's options: they take a tenth of a millisecond to make, and never change."""
    config = use_config()
    if min_size is not None:
        config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(min_size))
    return Extractor(config=config, output_format="python", fast=fast, comments=False, links=True)
