"""The dates of publication and modification, with the text as printed, its signal and its precision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import chain, islice
from math import ceil

from crawler.dates.read import DAY_SPAN, ReadDate, read_date
from crawler.extract.date_marks import MODIFIED_NAMES, UPDATE_NAME, declared_dates, marked_dates
from crawler.extract.date_reader import DateReader, day_in_url
from crawler.extract.jsonld import text_value
from crawler.extract.other_places import OtherPlaces
from crawler.extract.page import ParsedPage
from crawler.extract.printed_dates import PrintedDates
from crawler.extract.script_dates import script_dates
from crawler.extract.tree import canonical_link
from crawler.items import Article
from crawler.text import word_set

LAST_RESORTS = word_set("beside-headline only-day article-frame lone-time dateline label-elsewhere script url updated")
"""The signals that count only if the page has no other and its channel gives no date. `url`: the day in the address;
`updated`: the date of an update, where no other is printed."""

_PRINTED = word_set("byline near-headline label")

# A system that keeps no time of day writes midnight.
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?(?:\.0+)?(?![:.\d])")
_FULLY_EXACT = 4
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_MAX_SHOWN = 10
"""Marked dates and <time> elements whose zone is compared with that of the metadata. Chosen by hand."""

_HALF_HOUR, _WESTERNMOST, _EASTERNMOST = timedelta(minutes=30), timedelta(hours=10), timedelta(hours=14)
"""The westernmost zone with a press is that of Hawaii, the easternmost that of Kiribati."""


@dataclass(slots=True)
class Published:
    """A date and the signal that gave it."""

    date: ReadDate
    signal: str
    conflict: str | None = None
    """Signal and date of another value more than a day away, if the page has one."""


def find_published(page: ParsedPage, fetched: datetime | None) -> Published | None:
    """The date of the most exact among the signals that agree.

    The signals are in the order of `_candidates`. A later one replaces the first if it agrees on the day and is more
    exact. If two machine-readable signals are more than a day apart, the day on which most of them agree wins, the day
    in the URL being one of them; otherwise the order decides. See
    docs/decisions.md#the-day-that-most-signals-agree-on-wins.
    """
    reader = DateReader(page, fetched)
    declared = list(_declared(page, reader))
    rivals = [published for published in declared if "creat" not in published.signal]
    has_conflict = any(not _same_day(published.date, rivals[0].date) for published in rivals)
    best = _most_agreed(rivals, page) if has_conflict else None
    for candidate in _candidates(page, reader, declared):
        if best is None or _refines(candidate, best.date):
            best = candidate
        if _exactness(best.date) == _FULLY_EXACT:
            break
    if best is None:
        best = _last_resort(page, reader)
    else:
        best.date = _in_zone_of_page(best.date, page, reader)
    if best is not None and has_conflict:
        other = next(published for published in rivals if not _same_day(published.date, best.date))
        best.conflict = f"{other.signal} {other.date.value.isoformat()}"
    return best


def zone_of(date: ReadDate) -> str:
    """Where the time zone of a date comes from and its offset: `page +02:00`, `profile +03:00`, `inferred -05:00`,
    `url -03:00`; or `assumed`, because there is none."""
    if date.zone_from == "assumed":
        return date.zone_from
    minutes = round(date.offset.total_seconds() / 60)
    return f"{date.zone_from} {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def published_in_page_zone(article: Article) -> datetime | None:
    """The instant `article.published` in the time zone of the page. A day is midnight UTC of it in every zone."""
    zone = re.search(r"([+-])(\d\d):(\d\d)$", article.published_zone or "")
    if article.published is None or zone is None or article.published_precision == "day":
        return article.published
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
    return article.published.astimezone(timezone(offset))


def find_modified(page: ParsedPage) -> datetime | None:
    """The date of the last modification that the page declares."""
    date = _first_read(_modified_texts(page), DateReader(page, None))
    return date.value if date else None


def _modified_texts(page: ParsedPage) -> Iterator[str]:
    yield text_value(page.article.get("dateModified"))
    yield text_value(page.web_page.get("dateModified"))
    yield from (value for name in MODIFIED_NAMES for value in page.meta.get(name, ())[:1])


def _declared_update(page: ParsedPage, reader: DateReader) -> ReadDate | None:
    """The date of the last modification, also of a meta element whose name is in no standard."""
    others = (value for name, values in page.meta.items() if UPDATE_NAME.search(name) for value in values[:1])
    return _first_read(chain(_modified_texts(page), others), reader)


def _first_read(texts: Iterator[str], reader: DateReader) -> ReadDate | None:
    return next((date for text in texts if text and (date := reader.read(text))), None)


def _most_agreed(conflicting: list[Published], page: ParsedPage) -> Published:
    """The date on whose day most signals agree; of several such days, the first."""
    days = [published.date for published in conflicting]
    if day := _day_in_url(page):
        days.append(day)
    return max(conflicting, key=lambda one: sum(_same_day(one.date, day) for day in days))


def _in_zone_of_page(date: ReadDate, page: ParsedPage, reader: DateReader) -> ReadDate:
    """A date in UTC, as content systems write it, in the time zone of the page, where something shows it.

    An element with the same instant in another zone gives that zone. Two times of one article that differ by a whole
    number of half hours are one instant in two zones. Else, if the day in the URL is the day before or after, the zone
    is the nearest one in which it is that day.
    """
    if date.zone_from != "page" or date.offset or date.precision not in ("minute", "second"):
        return date
    utc = date.value.replace(second=0, microsecond=0, tzinfo=None)
    for shown in _shown_with_zone(page, reader):
        if shown.offset and abs(shown.value - date.value) < _MINUTE:
            return replace(date, offset=shown.offset)
    for clock in PrintedDates(page, reader).wall_clocks():
        offset = clock.replace(second=0) - utc
        if offset and not offset % _HALF_HOUR and -_WESTERNMOST <= offset <= _EASTERNMOST:
            return replace(date, offset=offset, zone_from="inferred")
    day = _day_in_url(page)
    nearest = _nearest_offset(date.value, day.value) if day else None
    return replace(date, offset=nearest, zone_from="url") if nearest else date


def _shown_with_zone(page: ParsedPage, reader: DateReader) -> Iterator[ReadDate]:
    """The first dates of the page's elements that have a time zone of their own."""
    for element in islice(chain(marked_dates(page), page.tree.iter("time")), _MAX_SHOWN):
        if (date := reader.read_element(element)) and date.zone_from == "page":
            yield date


def _nearest_offset(instant: datetime, day: datetime) -> timedelta | None:
    """The whole hours from UTC, the fewest, in which an instant is on a day; None if there is no such zone."""
    early = ceil((day - instant) / _HOUR)  # from here on it is that day or later
    late = ceil((day + _DAY - instant) / _HOUR) - 1
    offset = max(early, 0) if late >= 0 else late
    zone = offset * _HOUR
    return zone if early <= offset <= late and -_WESTERNMOST <= zone <= _EASTERNMOST else None


def _exactness(date: ReadDate) -> int:
    """How exact a date is: a day, a midnight, an hour, a time of day, and that with a zone of its own."""
    if date.precision == "day":
        return 0
    if _MIDNIGHT.search(date.raw):
        return 1
    if date.precision == "hour":
        return 2
    return _FULLY_EXACT if date.zone_from == "page" else 3


def _refines(candidate: Published, date: ReadDate) -> bool:
    """Whether a date is of the same day as an earlier one, and more exact.

    A day without a time and a printed date without a zone are days of one calendar, that of the site: two of them are
    two days, although one instant could be on both.
    """
    later = candidate.date
    if _exactness(later) <= _exactness(date) or not _same_day(later, date):
        return False
    if date.precision != "day" or later.zone_from == "page" or candidate.signal not in _PRINTED:
        return True
    return (later.value + later.offset).date() == date.value.date()


def _same_day(one: ReadDate, other: ReadDate) -> bool:
    """Whether two readings can be of one instant."""
    return abs(one.value - other.value) <= DAY_SPAN


def _declared(page: ParsedPage, reader: DateReader) -> Iterator[Published]:
    """All dates in linked data and head; they are cheap to read."""
    for text, signal in declared_dates(page):
        if text and (date := reader.read(text)):
            yield Published(date, signal)


def _candidates(page: ParsedPage, reader: DateReader, declared: list[Published]) -> Iterator[Published]:
    yield from declared
    printed = PrintedDates(page, reader)
    marked = marked_dates(page)
    elsewhere = [element for element in marked if printed.is_elsewhere(element)]
    for element in marked:
        if element not in elsewhere and (date := reader.read_element(element)):
            yield Published(date, "marked")
    for date in printed.in_time_elements():
        yield Published(date, "time")
    for element in elsewhere:
        if date := reader.read_element(element):
            yield Published(date, "marked")
    day = _day_in_url(page)
    for date, signal in printed.near_headline():
        if signal == "byline" or day is None or _same_day(date, day):
            yield Published(date, signal)
    for date in printed.labelled():
        yield Published(date, "label")


def _last_resort(page: ParsedPage, reader: DateReader) -> Published | None:
    """The best of the weaker signals, for pages that have none of the others. The day in the URL overrules the dates of
    another day; alone, it is the date."""
    day = _day_in_url(page)
    printed = PrintedDates(page, reader)
    places = OtherPlaces(page, reader)
    for date, signal in chain(_weaker(printed, places), _in_scripts(page, reader)):
        if day is None or _same_day(date, day):
            return Published(date, signal)
    if day is not None:
        return Published(day, "url")
    update = next(printed.of_updates(), None) or _declared_update(page, reader) or places.only_update()
    return Published(update, "updated") if update else None


def _weaker(printed: PrintedDates, places: OtherPlaces) -> Iterator[tuple[ReadDate, str]]:
    for date in printed.beside_headline():
        yield date, "beside-headline"
    if only := printed.only_day():
        yield only, "only-day"
    if only := printed.in_frame_of_article():
        yield only, "article-frame"
    if only := printed.in_lone_time():
        yield only, "lone-time"
    if dateline := places.dateline():
        yield dateline, "dateline"
    if labelled := places.label_elsewhere():
        yield labelled, "label-elsewhere"


def _in_scripts(page: ParsedPage, reader: DateReader) -> Iterator[tuple[ReadDate, str]]:
    """The date in scripts, if all dates of publication in them are of one day: a state may hold other articles too."""
    dates = [date for text in script_dates(page) if (date := reader.read(text))]
    if len({date.value.date() for date in dates}) == 1:
        yield dates[0], "script"


def _day_in_url(page: ParsedPage) -> ReadDate | None:
    for url in (page.url, canonical_link(page.tree) or ""):
        if day := day_in_url(url):
            return read_date("{:04}-{:02}-{:02}".format(*day))
    return None
