"""Dates that a page prints: in the element for it near the headline, after a label, or anywhere as a last resort."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from crawler.dates import vocabulary
from crawler.dates.read import ReadDate
from crawler.extract.class_names import class_and_id
from crawler.extract.date_marks import UPDATE_NAME, is_update
from crawler.extract.date_places import OTHER_TAGS, is_alone, is_date_name, is_other_place, position_of
from crawler.extract.date_reader import DateReader, spaced_text
from crawler.extract.page import ParsedPage
from crawler.text import clean, word_set

_TEXT_TAGS = word_set("span div p time li a em small strong abbr h2 h3 h4 h5 h6 td b i font dd")
_RELATIVE = re.compile(
    r"\b(?:ago|geleden|fa|atrás|önce|назад|тому|temu|πριν|sedan|siden)\b|\b(?:il y a|vor|hace|há) \d|"
    r"منذ|قبل|پیش|לפני|पहले|\d ?\w{1,3}(?:前|전)"
)
_RELATIVE_WORDS = word_set(
    "ago geleden fa atrás önce назад тому temu πριν sedan siden y vor hace há منذ قبل پیش לפני पहले"
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20|١٩|٢٠|۱۳|۱۴|२०|২০)\d\d|\d\.\d\d\.\d\d|\d ?[年년]")
MAYBE_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|\d\W{1,3}\d\d?\W{1,3}\d\d|\d ?[年년]")
_NOT_PUBLISHED = re.compile(
    r"today|modif|updat|current|now|clock|copyright|footer|comment|event|reading|read-?time|widget", re.IGNORECASE
)
_ARTICLE_LINE = re.compile(r"(?:post|entry|article)[-_]?(?:footer|meta|info)", re.IGNORECASE)
_BEGINS = re.compile(r"[^.!?]{0,30}[,|/:–—·•-] ?|\W*")
"""What may precede a date among other words: a place or a section with a separator."""

_OPENS = re.compile(r"[^.!?,;|\d]{0,40}")
_CLOSES = re.compile(r" ?(?:[|:–—·•]|- )")
"""Words, a date, and a separator: "Press release of 5 May 2024 | Berlin"."""

_TIME_TAGS = ("time", "relative-time", "time-ago", "local-time")
"""The element of HTML, and the elements of a common library that replace its text by a relative date."""

_DATED = re.compile(
    r"datetime|title|data-(?![\w-]*(?:updat|modif|expir|end|start|now|current|event))"
    r"[\w-]*(?:date|time|publish|utc|created)[\w-]*"
)
"""Attributes with the date that the text of an element shows in words: "1 hr 4 mins ago"."""

_DATE_LABEL = re.compile(rf"\s*(?:{vocabulary.DATE_LABELS.replace(' ', '|').replace('_', ' ')})\b", re.IGNORECASE)
# The numbers below were chosen by hand; no measurement of a single one is recorded. `make score` shows a change in
# `date_day` and `date_instant` of fundus_tests, newspaper4k and arabic. Lengths are in characters.
_MAX_DATE = 160
_MIN_DATE_SHARE = 0.6
"""An element without the class name of a date must be one: a date among other words is part of the story."""

_MAX_CLOCKS, _MAX_CLOCK_ELEMENTS = 2, 30
"""Dates close to the headline whose time is compared with that of the metadata, and the elements looked at for them."""

_MAX_RELATIVE = 60
"""Characters of a text that is a relative date with its label."""

_MAX_UNNAMED, _MAX_UNNAMED_CHILDREN = 5, 2
_MAX_LABELLED, _MAX_LABELLED_CHILDREN, _MAX_LABELS = 60, 2, 10
"""A text that begins with a word for date: its length, its children, and how many of them are read."""

_MAX_BESIDE, _BESIDE_LEVELS, _MAX_ALIKE = 100, 2, 2
"""A date beside the headline: the length of its text, ancestors of the headline that are looked
at, and dates in the same position (an article shows its own twice at most, for wide and narrow screens)."""


class PrintedDates:
    """The printed dates of one page."""

    def __init__(self, page: ParsedPage, reader: DateReader) -> None:
        self._page = page
        self._reader = reader
        self._around = set(page.headline.iterancestors()) if page.headline is not None else set()
        self._in_article = any(holder.tag == "article" for holder in self._around)

    def in_time_elements(self) -> Iterator[ReadDate]:
        """The dates of the article's <time> elements."""
        return (date for element, date in self._times() if not self.is_elsewhere(element))

    def wall_clocks(self) -> Iterator[datetime]:
        """The dates close to the headline that have a time and no zone, as the clock on the wall showed them."""
        for date, _ in islice(self.near_headline(_MAX_CLOCK_ELEMENTS), _MAX_CLOCKS):
            if date.precision in ("minute", "second") and date.zone_from != "page":
                yield (date.value + date.offset).replace(tzinfo=None)

    def in_frame_of_article(self) -> ReadDate | None:
        """The first date of <time> elements in a footer or aside of the article itself, if all are of one day."""
        return one_day(date for element, date in self._times() if self._is_in_frame(element))

    def in_lone_time(self) -> ReadDate | None:
        """The date of <time> elements anywhere, also in a sidebar, that belong to no other text, if it is one day."""
        return one_day(
            date for element, date in self._times() if is_alone(element) and not self._is_in_other_article(element)
        )

    def near_headline(self, elements: int | None = None) -> Iterator[tuple[ReadDate, str]]:
        """The dates near the headline with their signal: in elements with the class name of a date, nearest first; then
        in those that have a year in their text. `elements`: how many are looked at, None for all that are near."""
        for element, signal in self._date_elements(elements):
            if date := self._in_attributes(element):
                yield date, signal
            text = spaced_text(element) if signal == "byline" else clean(element.text or "")
            date = self._reader.find(text) if 0 < len(text) <= _MAX_DATE else None
            if date and (signal == "byline" or _is_mostly(date, text)):
                yield date, signal

    def labelled(self) -> Iterator[ReadDate]:
        """The dates of short texts anywhere that begin with a word for date, as "Datum 28.04.2023" in a list of
        facts."""
        for text in islice(self._labelled_texts(), _MAX_LABELS):
            if date := self._reader.find(text):
                yield date

    def beside_headline(self) -> Iterator[ReadDate]:
        """The dates at the beginning of a short text close to the headline: "5 May 2024 | Sport", "Riyadh, 5 May 2024".

        Texts and tails of all elements count. A date of a list, as of other articles, does not.
        """
        found = [
            (element, date)
            for element in self._page.near_headline(levels=_BESIDE_LEVELS)
            for text, date in self._short_dated(element)
            if _begins(date, text) or _is_mostly(date, text) or _ARTICLE_LINE.search(class_and_id(element))
        ]
        alike = Counter(position_of(element) for element, _ in found)
        return (date for element, date in found if alike[position_of(element)] <= _MAX_ALIKE)

    def only_day(self) -> ReadDate | None:
        """The first date in elements with the name of one, if all are of one day.

        A date with a time of day needs no such name, nor does any date on a page without a headline.
        """
        body = self._page.tree.find("body")
        return one_day(
            date
            for element in (body.iter("*") if body is not None else ())
            for text, date in self._short_dated(element)
            if _is_mostly(date, text) and (not self._around or self._is_named(element) or date.precision != "day")
        )

    def _is_named(self, element: HtmlElement) -> bool:
        """Whether an element, or the one that holds nothing else, has the class name of a date."""
        parent = element.getparent()
        names = [class_and_id(element), class_and_id(parent) if parent is not None and len(parent) == 1 else ""]
        return any(name and is_date_name(name) for name in names)

    def of_updates(self) -> Iterator[ReadDate]:
        """The dates of updates near the headline."""
        for element in self._page.near_headline(_TEXT_TAGS):
            name = class_and_id(element)
            is_named = bool(UPDATE_NAME.search(name))
            if not (is_named or is_date_name(name) or is_like(_YEAR, element.text)):
                continue
            text = spaced_text(element)
            if 0 < len(text) <= _MAX_DATE and not self.is_elsewhere(element):
                date = self._reader.find(text, updates=True)
                if date := date or (self._reader.find(text) if is_named else None):
                    yield date

    def _times(self) -> Iterator[tuple[HtmlElement, ReadDate]]:
        for element in self._page.tree.iter(*_TIME_TAGS):
            text = element.get("datetime") or element.get("content") or spaced_text(element)
            if (date := self._reader.read(text)) and not is_update(element):
                yield element, date

    def _short_dated(self, element: HtmlElement) -> Iterator[tuple[str, ReadDate]]:
        """The text of an element and the text after it, with the date in it, if it is short and has one."""
        for is_tail, shown in enumerate((element.text, element.tail)):
            if not is_like(MAYBE_DATE, shown):
                continue
            text, holder = clean(shown or ""), element.getparent() if is_tail else element
            date = self._reader.read(text) or self._reader.find(text) if len(text) <= _MAX_BESIDE else None
            if date is None or holder is None or (holder.tag == "a" and date.raw != text):  # a title with a date in it
                continue
            name = class_and_id(holder)
            if _NOT_PUBLISHED.search(name) and not _ARTICLE_LINE.search(name):
                continue
            if not self.is_elsewhere(element):
                yield text, date

    def is_elsewhere(self, element: HtmlElement) -> bool:
        """Whether an element belongs to the site's header or footer, a ticker, a comment or another article's card."""
        for ancestor in element.iterancestors():
            if ancestor in self._around:  # what contains the headline too belongs to the article
                break
            name = class_and_id(ancestor)
            if ancestor.tag in OTHER_TAGS or (name and is_other_place(name)):
                return True
        return self._is_in_other_article(element)

    def _is_in_other_article(self, element: HtmlElement) -> bool:
        articles = sum(holder.tag == "article" for holder in element.iterancestors() if holder not in self._around)
        return articles > 1 or (articles == 1 and self._in_article)

    def _is_in_frame(self, element: HtmlElement) -> bool:
        """Whether an element is in the article that holds the headline, and in no part of it that has another purpose.

        The HTML standard gives an article's footer for its author and date.
        """
        for ancestor in element.iterancestors():
            if ancestor in self._around:
                return self._in_article and ancestor.tag not in ("body", "html")
            name = class_and_id(ancestor)
            if ancestor.tag in ("nav", "article") or (name and is_other_place(name)):
                return False
        return False

    def _date_elements(self, elements: int | None) -> Iterator[tuple[HtmlElement, str]]:
        unnamed = []
        for element in islice(self._page.near_headline(_TEXT_TAGS), elements):
            name = class_and_id(element)
            is_named = bool(name) and is_date_name(name)
            if not is_named and (len(element) > _MAX_UNNAMED_CHILDREN or not _may_be_dated(element)):
                continue
            if _NOT_PUBLISHED.search(name) or self.is_elsewhere(element):
                continue
            if is_named:
                yield element, "byline"
            else:
                unnamed.append(element)
        for element in unnamed[:_MAX_UNNAMED]:
            yield element, "near-headline"

    def _in_attributes(self, element: HtmlElement) -> ReadDate | None:
        for name, value in element.items():
            if MAYBE_DATE.search(value) and _DATED.fullmatch(name) and (date := self._reader.read(value)):
                return date
        return None

    def _labelled_texts(self) -> Iterator[str]:
        for element in self._page.tree.iter("li", "p", "div", "span", "td", "dd", "dt"):
            if len(element) > _MAX_LABELLED_CHILDREN:
                continue
            begins = (element.text or "") + (element[0].text or "" if len(element) else "")
            if begins and not begins.isspace() and _DATE_LABEL.match(begins):
                text = spaced_text(element)
                if len(text) <= _MAX_LABELLED and not self.is_elsewhere(element):
                    yield text


def is_like(pattern: re.Pattern[str], text: str | None) -> bool:
    """Whether a text matches a pattern for dates, or is short and relative. Most texts are neither; says so fast."""
    if not text or len(text) > 2 * _MAX_DATE or text.isspace():
        return False
    if _DIGIT.search(text) and pattern.search(text):
        return True
    if len(text) > _MAX_RELATIVE:
        return False
    may_be_relative = "前" in text or "전" in text or not _RELATIVE_WORDS.isdisjoint(text.split())
    return may_be_relative and bool(_RELATIVE.search(text))


def _may_be_dated(element: HtmlElement) -> bool:
    """Whether an element's own text or one of its attributes looks like a date."""
    if is_like(_YEAR, element.text) or element.tag == "abbr":
        return True
    return len(element.attrib) > 0 and any(name != "title" and _DATED.fullmatch(name) for name in element.attrib)


def _begins(date: ReadDate, text: str) -> bool:
    start = max(0, text.find(date.raw))
    if _BEGINS.fullmatch(text, 0, start):
        return True
    return bool(_OPENS.fullmatch(text, 0, start) and _CLOSES.match(text, start + len(date.raw)))


def one_day(dates: Iterator[ReadDate]) -> ReadDate | None:
    """The first of several dates, if all are of one day."""
    first = next(dates, None)
    if first is not None and any(date.value.date() != first.value.date() for date in dates):
        return None
    return first


def _is_mostly(date: ReadDate, text: str) -> bool:
    return len(date.raw) >= len(text) * _MIN_DATE_SHARE
