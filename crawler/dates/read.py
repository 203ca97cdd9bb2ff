"""The one place that reads dates: machine-readable, printed in the languages of `vocabulary.py`, or relative.

A date is never guessed. What people print is read by `crawler.dates.printed`. dateutil reads what computers print: the
rarer ISO 8601 forms, RFC 822, asctime; its fuzzy parsing invents dates and is not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from crawler.dates import vocabulary as months
from crawler.dates.printed import FIRST_YEAR, Moment, alone, dates_within, printed_date
from crawler.dates.vocabulary import Tokens
from crawler.items import Precision
from crawler.text import clean

ZoneFrom = Literal["page", "profile", "assumed"]

_LONGEST_DATE = 200  # characters; a printed date with two calendars and a zone has about 90
_LONGEST_BYLINE = 300
_FUTURE = timedelta(days=2)  # allows for clocks and zones that are set wrong


@dataclass(frozen=True, slots=True)
class ReadDate:
    """An instant, and what a text really said of it."""

    value: datetime
    """Aware, UTC. With precision "day": midnight UTC of the printed day, whatever the zone, so that no day shifts."""

    precision: Precision
    raw: str
    """The date as printed, on one line, without direction marks."""

    zone_from: ZoneFrom
    offset: timedelta = timedelta()
    """From UTC, as the page or its site reckons."""


class _Asked(NamedTuple):
    timezone: str
    now: datetime | None
    zone_from: ZoneFrom


def read_date(
    text: str, *, timezone: str = "UTC", now: datetime | None = None, zone_from: ZoneFrom = "assumed"
) -> ReadDate | None:
    """The date that the whole text is, machine-readable or printed; None if it is anything else.

    `timezone` (IANA) holds where the text names no zone; `zone_from` says where the caller has it from, and becomes
    "page" where the text does name one. `now` (aware) is when the page was fetched: without it, relative dates and
    "today" are not read; with it, nothing later than two days after it is. Hours and finer relative dates have
    precision "minute", coarser ones "day"; months and years ago name no day and are not read.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST_DATE:
        return None
    asked = _Asked(timezone, now, zone_from)
    if (written := _iso(text) or _digits_only(text)) and (read := _read(written, text, asked)):
        return read  # else it may be a Jalali date in ISO clothes
    raw = clean(text)
    key = months.key(raw)
    tokens = months.tokens(key, raw)
    printed = printed_date(tokens) or _computer_printed(raw, tokens) or _today(tokens, asked) or _relative(key, asked)
    return _read(printed, raw, asked) if printed else None


def find_date(
    text: str, *, timezone: str = "UTC", now: datetime | None = None, zone_from: ZoneFrom = "assumed"
) -> ReadDate | None:
    """The first plausible full date within a short, byline-like text; None if there is none.

    Only the beginning of a long text is read. Relative dates count only where nothing but a label ("نشر", "Published")
    stands before them. The arguments are those of `read_date`.
    """
    asked = _Asked(timezone, now, zone_from)
    raw = clean(text[: 4 * _LONGEST_BYLINE])
    if len(raw) > _LONGEST_BYLINE or len(text) > 4 * _LONGEST_BYLINE:
        # Without the last word: a number that is cut in two is another number.
        raw = raw[:_LONGEST_BYLINE].rpartition(" ")[0]
    key = months.key(raw)
    tokens = months.tokens(key, raw)
    for moment, start, end in dates_within(tokens, key):
        if read := _read(moment, months.as_printed(raw, key, start, end), asked):
            return read
    return _after_label(key, raw, asked)


def _read(moment: Moment, raw: str, asked: _Asked) -> ReadDate | None:
    """The moment as an instant in UTC, unless no news can be of that time."""
    day, clock, zone, precision = moment
    if day.year < FIRST_YEAR:
        return None
    try:
        if clock is None:
            local = datetime(day.year, day.month, day.day, tzinfo=UTC)
        else:
            local = datetime.combine(day, clock, zone or ZoneInfo(asked.timezone))
        value = local.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999
        return None
    if asked.now is not None and value > asked.now + _FUTURE:
        return None
    zone_from = asked.zone_from if zone is None else "page"
    return ReadDate(value, precision, raw, zone_from, local.utcoffset() or timedelta())


# --- what computers write -------------------------------------------------------------------------------------------

_ISO = re.compile(
    r"\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d-?\d|-\d{3})"
    r"(?P<clock>[Tt ]\d\d(?::?\d\d(?P<second>:?\d\d(?:[.,]\d{1,9})?)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


def _iso(text: str) -> Moment | None:
    """ISO 8601 with a full date. The standard library is fast, dateutil knows ordinals, 24:00 and the small z."""
    shape = _ISO.fullmatch(text)
    if not shape:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = dateutil_parser.isoparse(text)
        except (ValueError, OverflowError):
            return None
    if not shape["clock"]:
        return Moment(at.date())
    return Moment(at.date(), at.time(), at.tzinfo, "second" if shape["second"] else "minute")


def _digits_only(text: str) -> Moment | None:
    """Seconds (10 digits) or milliseconds (13) since 1970, or YYYYMMDDhhmmss."""
    if len(text) not in (10, 13, 14) or not text.isdecimal():
        return None
    try:
        if len(text) == 14:
            at = datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
        else:
            at = datetime.fromtimestamp(int(text[:10]), UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(at.date(), at.time(), at.tzinfo, "second")


# Mon Aug 24 09:23:00 EDT 2020 | 2020-Aug-24 | Sun, 06 Nov 94 08:49:37 GMT
_COMPUTER_PRINTED = re.compile(r"w?,?(?:M[dn]n:n(?P<a>:n)?z?y|y-M-[dn]|[dn]-?M-?n[dn]:n(?P<b>:n)?(?:z|[+-]y))")


def _computer_printed(raw: str, tokens: Tokens) -> Moment | None:
    """asctime, RFC 822 with its two-digit years, RFC 850: what dateutil reads without a guess."""
    shape = _COMPUTER_PRINTED.fullmatch(tokens.shape)
    if not shape or not raw.isascii():
        return None
    try:
        at = dateutil_parser.parse(raw, default=datetime(1, 1, 1), tzinfos=months.zone_named)  # noqa: DTZ001 (has no zone)
    except (ValueError, OverflowError):
        return None
    if at.year >= 2050:  # RFC 5322, 4.3: two digits from 50 on are of the last century, which dateutil sees otherwise
        return None
    if ":" not in tokens.shape:
        return Moment(at.date())
    return Moment(at.date(), at.time(), at.tzinfo, "second" if shape["a"] or shape["b"] else "minute")


# --- what is reckoned from when the page was fetched -----------------------------------------------------------------

_LABEL = re.compile(rf"^(?:(?:{'|'.join(months.words(months.LABELS))})[ :|-]+)*")


def _after_label(key: str, raw: str, asked: _Asked) -> ReadDate | None:
    """A relative date that is all of a text but its label. "Today" alone may be the header's, or a newspaper's name."""
    rest = _LABEL.sub("", key, count=1)
    moment = _today(months.tokens(rest, raw), asked)
    if moment and moment.clock is None and rest == key:
        return None
    moment = moment or _relative(rest, asked)
    return _read(moment, raw, asked) if moment else None


def _today(tokens: Tokens, asked: _Asked) -> Moment | None:
    """ "Yesterday at 14:05", by the calendar of the page's zone."""
    if asked.now is None or tokens.shape.count("t") != 1:
        return None
    at = tokens.shape.index("t")
    today = asked.now.astimezone(ZoneInfo(asked.timezone)).date()
    return alone(tokens, (at, at + 1), today - timedelta(days=int(tokens.values[at])))


def _relative(key: str, asked: _Asked) -> Moment | None:
    """ "3 hours ago", "منذ ساعتين", "just now", counted back from when the page was fetched."""
    ago = months.time_ago(key) if asked.now is not None else None
    if ago is None or asked.now is None:
        return None
    then = asked.now - ago
    if ago >= timedelta(days=1):
        return Moment(then.astimezone(ZoneInfo(asked.timezone)).date())
    then = then.astimezone(UTC).replace(second=0, microsecond=0)
    return Moment(then.date(), then.time(), UTC, "minute")
