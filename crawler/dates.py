"""The one place that reads dates: machine-readable, printed in the languages of `crawler.months`, or relative.

A date is never guessed. A printed text is cut into tokens, each token becomes one letter of a *shape* ("24 أغسطس 2020
09:23 ص" is `nMyn:na`), and small regular expressions on the shape say what is a date: a named month with its day and
year, or a full numeric date. dateutil reads what computers print: the rarer ISO 8601 forms, RFC 822, asctime; its
fuzzy parsing invents dates and is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from crawler import months
from crawler.items import Precision
from crawler.months import Tokens
from crawler.text import clean

ZoneFrom = Literal["page", "profile", "assumed"]

_LONGEST_DATE = 200  # characters; a printed date with two calendars and a zone has about 90
_LONGEST_BYLINE = 300
_FIRST_YEAR = 1990  # the web has no older news: what is older is a birthday, a default value or a mistake
_FUTURE = timedelta(days=2)  # allows for clocks and zones that are set wrong
_JALALI_IN_FIGURES = range(1368, 1410)  # 1410 begins in 2031; until then 1410 to 1450 in figures is a Hijri year


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


class _Moment(NamedTuple):
    """What was read, before the zone of the page's site is applied."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None
    precision: Precision = "day"


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
    printed = _printed(tokens) or _computer_printed(raw, tokens) or _today(tokens, asked) or _relative(key, asked)
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
    for moment, start, end in _within(tokens, key):
        if read := _read(moment, months.as_printed(raw, key, start, end), asked):
            return read
    return _after_label(key, raw, asked)


def _read(moment: _Moment, raw: str, asked: _Asked) -> ReadDate | None:
    """The moment as an instant in UTC, unless no news can be of that time."""
    day, clock, zone, precision = moment
    if day.year < _FIRST_YEAR:
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


def _iso(text: str) -> _Moment | None:
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
        return _Moment(at.date())
    return _Moment(at.date(), at.time(), at.tzinfo, "second" if shape["second"] else "minute")


def _digits_only(text: str) -> _Moment | None:
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
    return _Moment(at.date(), at.time(), at.tzinfo, "second")


# Mon Aug 24 09:23:00 EDT 2020 | 2020-Aug-24 | Sun, 06 Nov 94 08:49:37 GMT
_COMPUTER_PRINTED = re.compile(r"w?,?(?:M[dn]n:n(?P<a>:n)?z?y|y-M-[dn]|[dn]-?M-?n[dn]:n(?P<b>:n)?(?:z|[+-]y))")


def _computer_printed(raw: str, tokens: Tokens) -> _Moment | None:
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
        return _Moment(at.date())
    return _Moment(at.date(), at.time(), at.tzinfo, "second" if shape["a"] or shape["b"] else "minute")


# --- what people print ------------------------------------------------------------------------------------------

_MONTH = r"[MJH](?:[/|(,-]?[MJH]\)?)?"  # نيسان / أبريل, يناير (كانون الثاني)
_DAY = re.compile(
    rf"[dn][rj.,/-]{{0,2}}{_MONTH}[.,/|j-]{{0,3}}y"
    rf"|{_MONTH}[.,/j-]{{0,2}}[dn][rj.,/-]{{0,2}}y"
    r"|y([/-])[dn]\1[dn]|y\.n\.n|[dn]([/.-])[dn]\2y"
)
# Two digits are a year where a weekday stands before the date or "Uhr" behind the time (Do 25.04.24 | 14:07 Uhr), as
# nobody prints the year first there; and behind a month's name, if that is the whole text (04 DEC 19).
_SHORT_YEAR = re.compile(
    r"(?<=w)[.,|]?[dn]\.n\.n(?![.:])"
    r"|(?<![.\d])[dn]\.n\.n(?=[,.|j-]{0,3}[dn][:.]nh)"
)
_SHORT_YEAR_ALONE = re.compile(rf"{_SHORT_YEAR.pattern}|\A(?:w[.,|]?)?[dn]\.?M[.,]?n(?=\Z|[,.|j-]{{1,3}}[dn]:n)")
_CLOCK = r"(?:[dn]:n(?::n(?:[.,][dnyx])?)?[apml]?h?|[dn]h(?:n(?!:))?|[dn]\.n(?:h|[apml]|(?=z))|u\.?[dn]\.n|[dn][apml])"
# What a range of hours could be is no offset (10:30-11:45), nor is +5, which may count comments. After seconds, or in
# ISO 8601 with its T, it is one.
_BARE = r"(?:\+n:n|[+-]y|(?:(?<=:n:n)|(?<=:n:n[.,][dnyx]))[+-]n(?::n)?|(?<=y-n-njn:n)-n:n)"
_ZONE = rf"(?:[,(j]{{0,2}}(?:z(?:[+-](?:[dn](?::n)?|y))?|{_BARE})z?\)?(?:\([oj]{{1,5}}\))?)"
_CLOCK_AFTER = re.compile(rf"m?[,.|(jwu/h-]{{0,6}}(?P<clock>{_CLOCK})(?P<zone>{_ZONE})?")
_CLOCK_BEFORE = re.compile(rf"(?P<clock>{_CLOCK})(?P<zone>{_ZONE})?[,.|()jw/-]{{0,9}}\Z")
_ZONE_AFTER = re.compile(_ZONE)
_WEEKDAY_BEFORE = re.compile(r"w[.,|-]?\Z")
_NUMBER_GOES_ON = re.compile(r"[./:_-]?\d")  # 1.2.2021.5 is a version, 2021/05/06/1234 part of a URL
_NUMBER_GOES_ON_BEFORE = re.compile(r"\d[./:_-]?\Z|[a-z]/\Z")
_BESIDE = re.compile(r"[,.|/()\-:wjrmut]*")  # what may stand around a date that is the whole text


def _printed(tokens: Tokens) -> _Moment | None:
    """The one date that the tokens are, with nothing but weekdays and connecting words around it."""
    tokens, spans = _days(_with_full_year(tokens, _SHORT_YEAR_ALONE))
    return _alone(tokens, spans[0], _calendar_day(tokens, *spans[0])) if spans else None


def _today(tokens: Tokens, asked: _Asked) -> _Moment | None:
    """ "Yesterday at 14:05", by the calendar of the page's zone."""
    if asked.now is None or tokens.shape.count("t") != 1:
        return None
    at = tokens.shape.index("t")
    today = asked.now.astimezone(ZoneInfo(asked.timezone)).date()
    return _alone(tokens, (at, at + 1), today - timedelta(days=int(tokens.values[at])))


def _within(tokens: Tokens, key: str) -> Iterator[tuple[_Moment, int, int]]:
    """The dates in a text, with where in `key` they begin and end."""
    tokens, spans = _days(_with_full_year(tokens, _SHORT_YEAR))
    for span in spans:
        day = _calendar_day(tokens, *span)
        if day is None:
            continue
        # A time that no clock shows is something else: "25.04.2023 40:24 min".
        moment, first, last = _with_clock(tokens, span, day) or (_Moment(day), *span)
        if weekday := _WEEKDAY_BEFORE.search(tokens.shape, 0, first):
            first = weekday.start()
        start, end = tokens.spans[first][0], tokens.spans[last - 1][1]
        in_figures = not set("MJH").intersection(tokens.shape[span[0] : span[1]])
        if in_figures and (_NUMBER_GOES_ON_BEFORE.search(key, 0, start) or _NUMBER_GOES_ON.match(key, end)):
            continue
        yield moment, start, end


def _alone(tokens: Tokens, span: tuple[int, int], day: date | None) -> _Moment | None:
    found = _with_clock(tokens, span, day) if day else None
    if found is None:
        return None
    moment, first, last = found
    alone = _BESIDE.fullmatch(tokens.shape, 0, first) and _BESIDE.fullmatch(tokens.shape, last)
    return moment if alone else None


def _with_full_year(tokens: Tokens, pattern: re.Pattern[str]) -> Tokens:
    """The tokens with the first year of two digits as four, where what stands around it leaves no doubt that it is."""
    short = pattern.search(tokens.shape)
    if not short:
        return tokens
    at = short.end() - 1
    year = int(tokens.values[at])
    values = list(tokens.values)
    values[at] = year + (1900 if year >= _FIRST_YEAR - 1900 else 2000)
    return tokens._replace(shape=f"{tokens.shape[:at]}y{tokens.shape[at + 1 :]}", values=values)


def _days(tokens: Tokens) -> tuple[Tokens, list[tuple[int, int]]]:
    """Where full dates are. Where one is Gregorian, the others are its translations: they become connecting words."""
    spans = [found.span() for found in _DAY.finditer(tokens.shape)]
    gregorian = [span for span in spans if _calendar(tokens, *span) == "M"]
    if not gregorian or len(gregorian) == len(spans):
        return tokens, spans
    shape = tokens.shape
    for start, end in set(spans).difference(gregorian):
        shape = shape[:start] + "j" * (end - start) + shape[end:]
    return tokens._replace(shape=shape), gregorian


def _calendar(tokens: Tokens, start: int, end: int) -> str:
    """M Gregorian, J Jalali, H Hijri, by the month's name or, in figures, by the year."""
    for kind in "MJH":
        if kind in tokens.shape[start:end]:
            return kind
    return "J" if any(value in _JALALI_IN_FIGURES for value in tokens.values[start:end]) else "M"


def _calendar_day(tokens: Tokens, start: int, end: int) -> date | None:
    """The Gregorian day of a date, or None if no calendar has it."""
    shape, values = tokens.shape[start:end], tokens.values[start:end]
    named = {int(value) for kind, value in zip(shape, values, strict=True) if kind in "MJH"}
    numbers = [int(value) for kind, value in zip(shape, values, strict=True) if kind in "dny"]
    if len(named) > 1:  # March/April
        return None
    if named:
        year, month, day = numbers[1], named.pop(), numbers[0]
    elif shape[0] == "y":
        year, month, day = numbers
    else:
        day, month, year = numbers
        if month > 12 or _weekday_wants_month_first(tokens, start, year, day, month):
            day, month = month, day
    return _gregorian(_calendar(tokens, start, end), year, month, day)


def _weekday_wants_month_first(tokens: Tokens, start: int, year: int, first: int, second: int) -> bool:
    """Whether the weekday printed before 03/05/2024 is that of March 5 and not of 3 May."""
    beside = _WEEKDAY_BEFORE.search(tokens.shape, 0, start)
    if not beside:
        return False
    days = [_gregorian("M", year, second, first), _gregorian("M", year, first, second)]
    return [day and day.weekday() == tokens.values[beside.start()] for day in days] == [False, True]


def _gregorian(calendar: str, year: int, month: int, day: int) -> date | None:
    """A day of any of the three calendars; the two libraries are imported where a page needs them."""
    try:
        if calendar == "J":
            from persiantools.jdatetime import JalaliDate

            return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
        if calendar == "H":
            from hijridate import Hijri

            return Hijri(year, month, day).to_gregorian()
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _with_clock(tokens: Tokens, span: tuple[int, int], day: date) -> tuple[_Moment, int, int] | None:
    """The day with the time and zone printed beside it, and which tokens that took; None if they are impossible."""
    first, last = span
    if found := _CLOCK_AFTER.match(tokens.shape, last):
        last = found.end()
    elif found := _CLOCK_BEFORE.search(tokens.shape, 0, first):
        first = found.start()
    try:
        zone = _zone(tokens, *found.span("zone")) if found and found["zone"] else None
        if zone is None and (ahead := _ZONE_AFTER.match(tokens.shape, last)) and (found or "z" in ahead[0]):
            zone, last = _zone(tokens, *ahead.span()), ahead.end()
        if not found:
            return _Moment(day, zone=zone), first, last
        if zone is None and tokens.shape[first - 1 : first] == "z":  # GMT 17:27 17.03.2020
            zone, first = _zone(tokens, first - 1, first), first - 1
        clock = _clock(tokens, *found.span("clock"))
    except ValueError:  # 25:61, +99:00
        return None
    return _Moment(day, clock, zone, "second" if found["clock"].count(":") == 2 else "minute"), first, last


def _clock(tokens: Tokens, start: int, end: int) -> time:
    shape = tokens.shape[start:end]
    numbers = [int(value) for kind, value in zip(shape, tokens.values[start:end], strict=True) if kind in "dn"]
    hour, minute, second = [*numbers, 0, 0][:3]
    if "a" in shape and hour == 12:
        hour = 0
    elif "l" in shape:  # at night
        hour = {12: 0, **{late: late + 12 for late in range(6, 12)}}.get(hour, hour)
    elif ("p" in shape or "m" in shape) and hour < 12:  # 13:45 م is met too
        hour += 12
    return time(hour, minute, second)


def _zone(tokens: Tokens, start: int, end: int) -> tzinfo:
    """The zone of a name (EST, غرينتش) or of an offset, with or without UTC before it."""
    shape, values = tokens.shape[start:end], tokens.values[start:end]
    name = values[shape.index("z")] if "z" in shape else 0
    sign = re.search("[+-]", shape)
    if not sign or name != 0:
        return months.zone(name)
    numbers = [int(value) for kind, value in zip(shape, values, strict=True) if kind in "dny"]
    hours, minutes = divmod(numbers[0], 100) if "y" in shape else (numbers[0], sum(numbers[1:]))
    if hours > 14 or minutes > 59:
        raise ValueError(f"no zone is {hours}:{minutes} from UTC")
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign[0] == "-" else 1))


_LABEL = re.compile(rf"^(?:(?:{'|'.join(months.words(months.LABELS))})[ :|-]+)*")


def _after_label(key: str, raw: str, asked: _Asked) -> ReadDate | None:
    """A relative date that is all of a text but its label. "Today" alone may be the header's, or a newspaper's name."""
    rest = _LABEL.sub("", key, count=1)
    moment = _today(months.tokens(rest, raw), asked)
    if moment and moment.clock is None and rest == key:
        return None
    moment = moment or _relative(rest, asked)
    return _read(moment, raw, asked) if moment else None


def _relative(key: str, asked: _Asked) -> _Moment | None:
    """ "3 hours ago", "منذ ساعتين", "just now", counted back from when the page was fetched."""
    ago = months.time_ago(key) if asked.now is not None else None
    if ago is None or asked.now is None:
        return None
    then = asked.now - ago
    if ago >= timedelta(days=1):
        return _Moment(then.astimezone(ZoneInfo(asked.timezone)).date())
    then = then.astimezone(UTC).replace(second=0, microsecond=0)
    return _Moment(then.date(), then.time(), UTC, "minute")
