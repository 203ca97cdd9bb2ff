"""Where a text comes from when it is not the site's own: agencies and outlets in datelines, credits and bylines."""

from __future__ import annotations

import re

from crawler.extract.class_names import name_pattern
from crawler.extract.lexicon import AGENCIES
from crawler.extract.page import ParsedPage, element_text
from crawler.text import clean, words

_SOURCE_LINE = re.compile(
    r"^(?:المصدر|مصدر|نقلا عن|نقلاً عن|source|quelle|fuente|fonte|منبع|kaynak)\s*[:：]\s*(.{2,60})$", re.IGNORECASE
)
_SOURCE_NAME = name_pattern("(?:(?:news|article|post|story)-?)?source(?:[-_]?name)?")
_PARENTHESES = re.compile(r"\(([^()]{2,40})\)")
_DASHES = re.compile(r"\s*(?:--+|[-–—/:])\s*")
_DATELINE = 90
"""Characters at the beginning of a text within which a dateline ends."""


def find_source(page: ParsedPage, paragraphs: list[str]) -> str | None:
    """The agency or outlet that a source line, an element named so, or the text's dateline or last words name."""
    for text in [*paragraphs[:2], *paragraphs[-3:]]:
        if named := named_source(text):
            return named
    for element in page.class_names.matching(_SOURCE_NAME)[:3]:
        text = element_text(element)
        if 2 <= len(text) <= 60:
            return named_source(text) or text
    for paragraph in paragraphs[:2]:
        if agency := _agency_in(paragraph[:_DATELINE]):
            return agency
    return _agency_in(paragraphs[-1][-40:]) if paragraphs else None


def named_source(text: str) -> str | None:
    """The source that a line names and says nothing else, as "Source: Reuters" does."""
    match = _SOURCE_LINE.match(text) if len(text) <= 80 else None
    return clean(match[1]).strip(" .-–—") if match else None


def _agency_in(text: str) -> str | None:
    """An agency in parentheses, or set off by dashes, as in "(Reuters)" or "DAMASCUS - SANA -"."""
    for match in _PARENTHESES.finditer(text):
        for part in [match[1], *_DASHES.split(match[1])]:
            if tuple(words(part)) in AGENCIES:
                return clean(part)
    parts = _DASHES.split(text)
    return next((clean(part) for part in parts[:-1] if tuple(words(part)) in AGENCIES), None)
