"""Reads dates as one page writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TypedDict

from lxml.html import HtmlElement

from crawler.dates.order import proven_orders
from crawler.dates.read import ReadDate, ZoneFrom, find_date, read_date
from crawler.extract.language import find_language
from crawler.extract.page import ParsedPage
from crawler.text import clean

_DAY_IN_URL = re.compile(
    r"[/=]((?:19|20)\d\d)"
    r"(?:[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])|/([1-9]|1[0-2])/([1-9]|[12]\d|3[01]))"
    r"(?=[/_.&-]|$)"
)
_DATE_ATTRIBUTES = ("content", "datetime", "title")
_EITHER_ORDER = re.compile(r"(?<![\d/-])(?:0?[1-9]|1[0-2])([/-])(?:0?[1-9]|1[0-2])\1\d{4}(?!\d)")
_AMERICAN_LANGUAGE = re.compile(r"en[-_]us", re.IGNORECASE)
_MAX_PARAGRAPHS = 40
"""Paragraphs from which the language is read, on pages that do not declare it."""

_MAX_VALUE = 60
"""Characters of a meta element that may be a date."""


def spaced_text(element: HtmlElement) -> str:
    """The text of an element with a space between its parts: "01:05 م" and "كتبت" in two spans are two words."""
    return clean(" ".join(element.itertext()))


def day_in_url(url: str) -> tuple[int, int, int] | None:
    """Year, month and day in an address."""
    match = _DAY_IN_URL.search(url)
    year, month, day = [int(part) for part in match.groups() if part] if match else (0, 0, 0)
    return (year, month, day) if match else None


def _language_of(page: ParsedPage) -> str | None:
    """The language of a page that declares none at its root."""
    paragraphs = islice(page.tree.iter("p", "td", "li"), _MAX_PARAGRAPHS)
    found = find_language(page, " ".join((paragraph.text or "") for paragraph in paragraphs))
    return found.text if found else None


class _Options(TypedDict, total=False):
    now: datetime | None
    language: str | None
    timezone: str
    zone_from: ZoneFrom


class DateReader:
    """Reads dates as one page writes them: in its language, in its site's time zone and order of day and month."""

    def __init__(self, page: ParsedPage, fetched: datetime | None) -> None:
        self._page = page
        profile = page.profile
        language = page.tree.get("lang") or (profile.language if profile else None) or _language_of(page)
        self._options: _Options = {"now": fetched, "language": (language or "")[:2].lower() or None}
        if profile:
            self._options |= {"timezone": profile.timezone, "zone_from": "profile"}

    def read(self, text: str) -> ReadDate | None:
        """A text that is a date and nothing else."""
        return read_date(text, month_first=self._order_in(text), **self._options)

    def find(self, text: str, *, updates: bool = False) -> ReadDate | None:
        """The first date in a text that is not a date of an update, or with `updates` the first that is."""
        return find_date(text, month_first=self._order_in(text), updates=updates, **self._options)

    def read_element(self, element: HtmlElement) -> ReadDate | None:
        """The date in an element's attributes, or else that of its text."""
        for name in _DATE_ATTRIBUTES:
            if (value := element.get(name)) and (date := self.read(value)):
                return date
        return self.read(spaced_text(element))

    def _order_in(self, text: str) -> bool | None:
        return self._is_month_first if _EITHER_ORDER.search(text) else None

    @cached_property
    def _is_month_first(self) -> bool | None:
        """Whether the page prints the month before the day: by its profile, by its dates that can be read in one order
        alone, else by its language. None: the text or the site's time zone decides, see `read_date`."""
        profile = self._page.profile
        if profile is not None and profile.dates is not None:
            return profile.dates == "mdy"
        proven = set(self._proven_orders())
        if len(proven) == 1:
            return proven.pop()
        if profile is not None and profile.timezone != "UTC":
            return None
        languages = [self._page.tree.get("lang"), self._page.first_meta("og:locale")]
        return True if any(language and _AMERICAN_LANGUAGE.match(language) for language in languages) else None

    def _proven_orders(self) -> Iterator[bool]:
        """For each numeric date of the page that one order alone can be, or whose day is in the URL, whether the month
        is first."""
        day = day_in_url(self._page.url)
        texts = [value for values in self._page.meta.values() for value in values if len(value) <= _MAX_VALUE]
        for text in (self._page.tree.text_content(), *texts):
            yield from proven_orders(text, day)
