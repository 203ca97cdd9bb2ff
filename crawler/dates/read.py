"""Parse dates: machine-readable, printed in the languages of `vocabulary.py`, or relative.

A date is never guessed. `crawler.dates.printed` and `crawler.dates.cjk` parse the dates that people print,
`crawler.dates.machine` those that programs print.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from crawler.dates import vocabulary
from crawler.dates.cjk import cjk_dates, cjk_day_back, cjk_time_ago, has_cjk_date
from crawler.dates.folding import fold_key, split_words
from crawler.dates.machine import computer_printed, digits_only, iso_date, without_broken_zone
from crawler.dates.printed import FIRST_YEAR, Moment, alone, dates_within, printed_date
from crawler.dates.relative import Ago, time_ago
from crawler.dates.tokens import Tokens, as_printed, is_american, tokenize
from crawler.items import Precision
from crawler.text import clean

ZoneFrom = Literal["page", "profile", "inferred", "url", "assumed"]
"""Where a time zone comes from: printed with the date, of the site's profile, inferred from two dates of the page, the
nearest in which the day in the URL is right, or nowhere: then UTC was assumed."""

DAY_SPAN = timedelta(hours=36)
"""A date without a time is stored as midnight UTC of its day. The day ends at most this much later, in the time zone 12
hours behind UTC."""

_MAX_DATE_CHARS = 200
"""Longer texts are not a date. A printed date in two calendars and with a time zone has about 90 characters."""

_MAX_BYLINE_CHARS = 300
"""A text is searched for dates up to here. Chosen by hand."""

_MAX_LABEL_CHARS = 40
"""How far before a date a word for "updated" may stand. Chosen by hand."""

_MAX_FUTURE = timedelta(days=2)
"""A date may lie this much after the time of the request, because of wrong clocks and time zones. Chosen by hand."""


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date and time, and how the text gave it."""

    value: datetime
    """Aware, UTC. With precision "day": midnight UTC of the printed day, whatever the zone, so that no day shifts."""

    precision: Precision
    raw: str
    """The date as printed, on one line, without direction marks."""

    zone_from: ZoneFrom
    offset: timedelta = timedelta()
    """Offset from UTC in the time zone of the page or its site."""


_YEAR_FIRST = frozenset({"ja", "zh", "ko", "hu", "lt", "sv", "fa", "mn", "eu"})
"""Languages whose numeric dates may begin with the year, also with two digits of it."""


class _Context(NamedTuple):
    timezone: str
    now: datetime | None
    zone_from: ZoneFrom
    language: str | None
    month_first: bool | None

    def tokenize(self, key: str, raw: str) -> Tokens:
        tokens = tokenize(key, raw, self.language)
        month_first = self.month_first
        if month_first is None:
            month_first = ("/" in tokens.shape or "-" in tokens.shape) and is_american(tokens, self.timezone)
        year_last = self.language is not None and self.language not in _YEAR_FIRST
        return tokens._replace(month_first=month_first, year_last=year_last)


def read_date(
    text: str,
    *,
    timezone: str = "UTC",
    now: datetime | None = None,
    zone_from: ZoneFrom = "assumed",
    language: str | None = None,
    month_first: bool | None = None,
) -> ReadDate | None:
    """Parse a text that is a date, machine-readable or printed, and nothing else; None if it is not.

    `timezone` (IANA) applies if the text has no time zone; `zone_from` says where the caller has it from, and becomes
    "page" if the text has one. `now` (aware) is the time of the request: without it, relative dates and "today" are not
    parsed; with it, dates more than two days later are rejected. Relative dates in minutes or seconds have the
    precision "minute", those in hours "hour", those in days or weeks "day"; those in months or years are not parsed.
    `language` (ISO 639-1) of the text: without it, abbreviations that mean something else in another language are not
    known. `month_first`: whether 3/5/2024 is March 5; None: if the time zone of the text is of the United States. A
    number above 12, or the weekday, overrules it.
    """
    text = text.strip()
    if not text or len(text) > _MAX_DATE_CHARS:
        return None
    context = _Context(timezone, now, zone_from, language, month_first)
    if (written := iso_date(text) or digits_only(text)) and (read := _read(written, text, context)):
        return read  # otherwise it may be a Jalali date in ISO format
    raw = clean(text)
    key = fold_key(raw)
    tokens = context.tokenize(key, raw)
    printed = (
        printed_date(tokens)
        or computer_printed(raw, tokens)
        or _today(tokens, context)
        or _relative(key, context)
        or (_cjk(raw, context) if has_cjk_date(raw) else None)
    )
    if printed is None and (repaired := without_broken_zone(raw)):
        rest, zone = repaired
        where = context._replace(timezone=zone, zone_from="page") if zone else context
        read = read_date(rest, **where._asdict())
        return replace(read, raw=raw) if read and read.precision != "day" else None
    return _read(printed, raw, context) if printed else None


def find_date(
    text: str,
    *,
    timezone: str = "UTC",
    now: datetime | None = None,
    zone_from: ZoneFrom = "assumed",
    language: str | None = None,
    month_first: bool | None = None,
    updates: bool | None = None,
) -> ReadDate | None:
    """Find the first plausible full date in a short text like a byline; None if there is none.

    With `updates=False` the dates of updates ("Updated 5 May 2024") are skipped, with `updates=True` all others. Only
    the beginning of a long text is searched. A relative date counts only if nothing but a label ("نشر", "Published")
    precedes it. The other arguments are those of `read_date`.
    """
    context = _Context(timezone, now, zone_from, language, month_first)
    raw = clean(text[: 4 * _MAX_BYLINE_CHARS])
    if len(raw) > _MAX_BYLINE_CHARS or len(text) > 4 * _MAX_BYLINE_CHARS:
        # Without the last word: half of a number is another number.
        raw = raw[:_MAX_BYLINE_CHARS].rpartition(" ")[0]
    key = fold_key(raw)
    if has_cjk_date(raw) and (read := _find_cjk(raw, context, updates)):
        return read
    tokens = context.tokenize(key, raw)
    before = 0
    for moment, start, end in dates_within(tokens, key):
        is_update = _is_update(key[before:start], key[end:])
        before = end
        if updates in (None, is_update) and (read := _read(moment, as_printed(raw, key, start, end), context)):
            return read
    return _after_label(key, raw, tokens, context, updates) if now is not None else None


def _find_cjk(raw: str, context: _Context, updates: bool | None) -> ReadDate | None:
    """The first date in the Chinese, Japanese or Korean form."""
    text, before = unicodedata.normalize("NFKC", raw), 0
    for moment, start, end in cjk_dates(text):
        is_update = _is_update(text[before:start], text[end:])
        label = _UPDATE_AFTER.match(text, end)
        before = label.end() if label else end
        if updates in (None, is_update) and (read := _read(moment, text[start:end].strip(), context)):
            return read
    return None


def _cjk(raw: str, context: _Context) -> Moment | None:
    """A text that is a date in the Chinese, Japanese or Korean form and nothing else, full or relative."""
    text = unicodedata.normalize("NFKC", raw)
    for moment, start, end in cjk_dates(text):
        return moment if (start, end) == (0, len(text)) else None
    if context.now is None:
        return None
    if ago := cjk_time_ago(text):
        return _back(ago, context)
    if back := cjk_day_back(text):
        days, clock = back
        day = context.now.astimezone(ZoneInfo(context.timezone)).date() - timedelta(days=days)
        return Moment(day, clock, precision="minute" if clock else "day")
    return None


def is_update_label(text: str) -> bool:
    """Whether a text before a date says that it is the date of an update: "Updated", "Last modified on"."""
    return _is_update(fold_key(clean(text)), "")


def _is_update(before: str, after: str) -> bool:
    """Whether the words before a date, or in some languages the one after it, say that it is the date of an update."""
    labels = _UPDATE_OR_NOT.findall(before[-_MAX_LABEL_CHARS:])
    return bool(labels and labels[-1]) or bool(_UPDATE_AFTER.match(after))


def _read(moment: Moment, raw: str, context: _Context) -> ReadDate | None:
    """The moment in UTC, or None if its date is not plausible for news: before FIRST_YEAR, or in the future."""
    day, clock, zone, precision = moment
    if day.year < FIRST_YEAR:
        return None
    try:
        if clock is None:
            local = datetime(day.year, day.month, day.day, tzinfo=UTC)
        else:
            local = datetime.combine(day, clock, zone or ZoneInfo(context.timezone))
        value = local.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999
        return None
    if context.now is not None and value > context.now + _MAX_FUTURE:
        return None
    zone_from = context.zone_from if zone is None else "page"
    return ReadDate(value, precision, raw, zone_from, local.utcoffset() or timedelta())


# --- relative dates --------------------------------------------------------------------------------------------------

_UPDATE_OR_NOT = re.compile(
    rf"(?<![^\W\u3000-\U0010ffff])(?:({'|'.join(split_words(vocabulary.UPDATED))})|(?:{'|'.join(split_words(vocabulary.PUBLISHED))}))"
)
_DIGIT = re.compile(r"\d")
_UPDATE_AFTER = re.compile(rf"[ )\]】:]{{0,2}}(?:{'|'.join(split_words(vocabulary.UPDATED_AFTER))})")
_LABEL = re.compile(rf"^(?:(?:{'|'.join(split_words(vocabulary.LABELS))})[ :|-]+)*")


def _after_label(key: str, raw: str, tokens: Tokens, context: _Context, updates: bool | None) -> ReadDate | None:
    """A relative date that is all of a text except for its label. "Today" alone may be a page header or a newspaper's
    name."""
    rest = _LABEL.sub("", key, count=1)
    if updates not in (None, _is_update(key[: len(key) - len(rest)], "")):
        return None
    moment = _today(context.tokenize(rest, raw), context) if "t" in tokens.shape else None
    if moment is None and has_cjk_date(composed := unicodedata.normalize("NFC", rest)):  # a key has single jamo
        moment = _cjk(composed, context)
    if moment and moment.clock is None and rest == key and not _DIGIT.search(rest):
        return None
    moment = moment or _relative(rest, context)
    return _read(moment, raw, context) if moment else None


def _today(tokens: Tokens, context: _Context) -> Moment | None:
    """Parse "yesterday at 14:05", in the site's time zone."""
    if context.now is None or tokens.shape.count("t") != 1:
        return None
    index = tokens.shape.index("t")
    today = context.now.astimezone(ZoneInfo(context.timezone)).date()
    return alone(tokens, (index, index + 1), today - timedelta(days=int(tokens.values[index])))


def _relative(key: str, context: _Context) -> Moment | None:
    """Parse "3 hours ago", "منذ ساعتين" or "just now", counted back from the time of the request."""
    ago = time_ago(key) if context.now is not None else None
    return _back(ago, context) if ago else None


def _back(ago: Ago, context: _Context) -> Moment | None:
    if context.now is None:
        return None
    then = context.now - ago.time
    if ago.precision == "day":
        return Moment(then.astimezone(ZoneInfo(context.timezone)).date())
    then = then.astimezone(UTC).replace(second=0, microsecond=0)
    return Moment(then.date(), then.time(), UTC, ago.precision)
