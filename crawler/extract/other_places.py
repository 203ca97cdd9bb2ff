"""Printed dates in other places than near the headline, for pages without a better one: the dateline of the text, after
a label anywhere, of an update anywhere."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from crawler.dates import vocabulary
from crawler.dates.read import ReadDate
from crawler.extract.date_marks import is_in_comment
from crawler.extract.date_reader import DateReader, spaced_text
from crawler.extract.page import ParsedPage
from crawler.extract.printed_dates import MAYBE_DATE, is_like, one_day
from crawler.extract.prose import is_long
from crawler.text import clean

# Measured: docs/decisions.md#a-date-of-publication-is-marked-printed-in-its-place-or-a-last-resort. Chosen by hand on
# half A of the sites. Lengths are in characters.
_MAX_DATELINE = 90
"""The beginning of a paragraph in which its dateline is."""

_MAX_PARAGRAPHS = 100
"""Paragraphs among which the first of running text is looked for."""

# "Riyadh, 5 May 2024 (SPA) –", "HAMBURG - 5. Mai 2024 |", "(5 May 2024)". A sentence that begins "On 5 May 2024" has no
# separator before the date.
_BEFORE_DATELINE = re.compile(r"\(?|\(?(?!.*\w{3}\. )[^\W\d][\w.()/ -]{1,29}[,:–—(-] ?(?:(?:den|am|le|il|el) )?")
_AFTER_DATELINE = re.compile(r"\s?(?:[(/][\w./ -]{1,30}[)/]\s?)?[–—:)|-]|\. ?[–—-]")

_LABELS = f"{vocabulary.DATE_LABELS} created erstellt mis_en_ligne online_seit".replace(" ", "|").replace("_", " ")
_LABEL = re.compile(rf"(?:^|\W)(?:{_LABELS})\b[^.]{{0,25}}", re.IGNORECASE)
_MAX_LABELLED, _LABELLED_LEVELS, _MAX_CHILDREN = 100, 3, 6
"""A text with a label and a date: its length, how far above the date it may be, and its child elements."""

_MAX_OTHER_WORDS = 60
"""The other words beside the date of an update: more are a sentence about something else."""


class OtherPlaces:
    """The dates of one page that are not near its headline."""

    def __init__(self, page: ParsedPage, reader: DateReader) -> None:
        self._page = page
        self._reader = reader

    def dateline(self) -> ReadDate | None:
        """The date with which the first paragraph of running text begins, after a place and before a separator."""
        first = next((p for p in islice(self._page.tree.iter("p"), _MAX_PARAGRAPHS) if is_long(p)), None)
        text = spaced_text(first)[:_MAX_DATELINE] if first is not None else ""
        date = self._reader.find(text) if text else None
        start = text.find(date.raw) if date else -1
        if date is None or start < 0 or not _BEFORE_DATELINE.fullmatch(text, 0, start):
            return None
        return date if _AFTER_DATELINE.match(text, start + len(date.raw)) else None

    def label_elsewhere(self) -> ReadDate | None:
        """The date after a word for date in a short text anywhere, as in a footer, if all of them are of one day."""
        return one_day(
            date for element, _ in self._dated if (date := self._labelled(element)) and not is_in_comment(element)
        )

    def only_update(self) -> ReadDate | None:
        """The date of an update in a short text anywhere, if all of them are of one day."""
        return one_day(
            date
            for element, text in self._dated
            if (date := self._reader.find(text, updates=True))
            and len(text) - len(date.raw) <= _MAX_OTHER_WORDS
            and not is_in_comment(element)
        )

    def _labelled(self, element: HtmlElement) -> ReadDate | None:
        holder: HtmlElement | None = element
        for _ in range(_LABELLED_LEVELS):
            if holder is None or len(holder) > _MAX_CHILDREN:
                return None
            text = spaced_text(holder)
            if len(text) > _MAX_LABELLED:
                return None
            if _LABEL.search(text) and (date := self._reader.find(text)):
                start = max(0, text.find(date.raw))
                if any(match.end() == start for match in _LABEL.finditer(text, 0, start)):
                    return date
            holder = holder.getparent()
        return None

    @cached_property
    def _dated(self) -> list[tuple[HtmlElement, str]]:
        """The short texts that look like dates, with the elements that hold them."""
        body = self._page.tree.find("body")
        return [
            (holder, clean(shown))
            for element in (body.iter("*") if body is not None else ())
            for holder, shown in ((element, element.text), (element.getparent(), element.tail))
            if shown and is_like(MAYBE_DATE, shown) and holder is not None and len(clean(shown)) <= _MAX_LABELLED
        ]
