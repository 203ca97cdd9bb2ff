"""Where a text comes from when it is not the site's own: agencies and outlets in datelines, credits and bylines."""

from __future__ import annotations

import re

from crawler.extract.class_names import MAX_READ_ELEMENTS, name_pattern
from crawler.extract.lexicon import AGENCIES
from crawler.extract.page import ParsedPage, element_text
from crawler.text import clean, words

# The lengths here and below were chosen by hand; no measurement is recorded, and no figure of `make score` covers the
# source. They bound what a line, a name or a dateline can be.
_SOURCE_LINE = re.compile(
    r"^(?:المصدر|مصدر|نقلا عن|نقلاً عن|source|quelle|fuente|fonte|منبع|kaynak)\s*[:：]\s*(.{2,60})$", re.IGNORECASE
)
_SOURCE_NAME = name_pattern("(?:(?:news|article|post|story)-?)?source(?:[-_]?name)?")
_PARENTHESES = re.compile(r"\(([^()]{2,40})\)")
_DASHES = re.compile(r"\s*(?:--+|[-–—/:])\s*")
_MAX_LINE_CHARS = 80
_MIN_NAME_CHARS, _MAX_NAME_CHARS = 2, 60
_FIRST_PARAGRAPHS, _LAST_PARAGRAPHS = 2, 3
"""Paragraphs that may be a source line or, the first ones, begin with a dateline."""

_DATELINE_CHARS = 90
"""Characters at the beginning of a text within which a dateline ends."""

_CREDIT_CHARS = 40
"""Characters at the end of a text that may be an agency's credit."""


def find_source(page: ParsedPage, paragraphs: list[str]) -> str | None:
    """The agency or outlet of a source line, of an element with such a name, of the dateline or of the last words."""
    for text in [*paragraphs[:_FIRST_PARAGRAPHS], *paragraphs[-_LAST_PARAGRAPHS:]]:
        if source := source_of_line(text):
            return source
    for element in page.class_names.matching(_SOURCE_NAME)[:MAX_READ_ELEMENTS]:
        text = element_text(element)
        is_pictures = any(above.tag in ("figure", "figcaption", "picture") for above in element.iterancestors())
        if _MIN_NAME_CHARS <= len(text) <= _MAX_NAME_CHARS and not is_pictures:
            return source_of_line(text) or text
    for paragraph in paragraphs[:_FIRST_PARAGRAPHS]:
        if agency := _agency_in(paragraph[:_DATELINE_CHARS]):
            return agency
    return _agency_in(paragraphs[-1][-_CREDIT_CHARS:]) if paragraphs else None


def source_of_line(text: str) -> str | None:
    """The source in a line that contains nothing else, such as "Source: Reuters"."""
    match = _SOURCE_LINE.match(text) if len(text) <= _MAX_LINE_CHARS else None
    return clean(match[1]).strip(" .-–—") if match else None


def _agency_in(text: str) -> str | None:
    """An agency in parentheses or between dashes, as in "(Reuters)" or "DAMASCUS - SANA -"."""
    for match in _PARENTHESES.finditer(text):
        for part in [match[1], *_DASHES.split(match[1])]:
            if tuple(words(part)) in AGENCIES:
                return clean(part)
    parts = _DASHES.split(text)
    return next((clean(part) for part in parts[:-1] if tuple(words(part)) in AGENCIES), None)
