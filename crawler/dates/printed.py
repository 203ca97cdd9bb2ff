"""Parse dates as people print them, by the *shape* of a text's tokens.

Each token becomes one character ("24 أغسطس 2020 09:23 ص" is `nMyn:na`, see crawler.dates.tokens). Small regular
expressions on the shape find the dates: a named month with its day and year, or a full numeric date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from crawler.dates.tokens import Tokens, zone_of_value
from crawler.items import Precision

FIRST_YEAR = 1990
"""Earlier years are rejected: there was no news on the web, so the date is a birthday, a default value or a mistake."""

_NUMERIC_JALALI_YEARS = range(1368, 1410)
"""Years of a numeric date that belong to the Jalali calendar, from FIRST_YEAR on. Jalali 1410 begins in 2031; until
then the years 1410 to 1450 are Hijri."""

_MAX_ZONE_HOURS = 14
"""The largest offset from UTC in use (Kiribati)."""

_NIGHT_FROM = 6
"""With a word for night, hours from this one to 11 are of the evening, earlier ones of the morning. Chosen by hand."""


class Moment(NamedTuple):
    """A parsed date, before the time zone of the site is applied."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None
    precision: Precision = "day"


_MONTH = r"[MJH](?:[/|(,-]?[MJH]\)?)?"  # نيسان / أبريل, يناير (كانون الثاني)
_DAY = re.compile(
    rf"[dn][rj.,/-]{{0,2}}{_MONTH}[.,/|j-]{{0,3}}y"
    rf"|{_MONTH}[.,/j-]{{0,2}}[dn][rj.,/-]{{0,2}}y"
    rf"|y[.,j-]{{0,2}}{_MONTH}[.,-]?[dn](?!:n)[r.]?"
    r"|y([/-])[dn]\1[dn]|y\.n\.n|[dn]([/.|-])[dn]\2y"
)
# Two digits are a year after a numeric day and month if a weekday precedes the date or "Uhr" follows the time
# (Do 25.04.24 | 14:07 Uhr): such dates never begin with the year. They are a year after the name of a month if the date
# is the whole text (04 DEC 19).
_SHORT_YEAR = re.compile(
    r"(?<=w)[.,|]?[dn]\.n\.n(?![.:])"
    r"|(?<![.\d])[dn]\.n\.n(?=[,.|j-]{0,3}[dn][:.]nh)"
)
_SHORT_YEAR_ALONE = re.compile(rf"{_SHORT_YEAR.pattern}|\A(?:w[.,|]?)?[dn]\.?M[.,]?n(?=\Z|[,.|j-]{{1,3}}[dn]:n)")
# If the language never begins a numeric date with the year: 25.04.24 alone, or with two digits each among other words.
_SHORT_YEAR_LAST = re.compile(r"(?<![.:/dnyx-])n([./])n\1n(?![.:/-])")
_SHORT_YEAR_LAST_ALONE = re.compile(r"\A(?:[wj][.,|]?)*[dn]([./])[dn]\1n(?![.:/-])")
_CLOCK = (
    r"[ap]?(?:[dn]:n(?::n(?:[.,][dnyx])?)?[apml]?h?|[dn]h(?:n(?!:))?|[dn]\.n(?:h|[apml]|(?=z))|u\.?[dn]\.n|[dn][apml])"
)
# 10:30-11:45 may be a range of hours, and +5 may be a number of comments. They are offsets only after seconds or in
# ISO 8601 with its T.
_BARE = r"(?:\+n:n|[+-]y|(?:(?<=:n:n)|(?<=:n:n[.,][dnyx]))[+-]n(?::n)?|(?<=y-n-njn:n)-n:n)"
_ZONE = rf"(?:[,(j]{{0,2}}(?:z(?:[+-](?:[dn](?::n)?|y))?|{_BARE})z?\)?(?:\([oj]{{1,5}}\))?)"
_CLOCK_AFTER = re.compile(rf"m?[,.|(jwu/h-]{{0,6}}(?P<clock>{_CLOCK})(?P<zone>{_ZONE})?")
_CLOCK_BEFORE = re.compile(rf"(?P<clock>{_CLOCK})(?P<zone>{_ZONE})?[,.|()jw/-]{{0,9}}\Z")
_ZONE_AFTER = re.compile(_ZONE)
_WEEKDAY_BEFORE = re.compile(r"w[.,|-]?\Z")
_NUMBER_GOES_ON = re.compile(r"[./:_-]?\d")  # 1.2.2021.5 is a version, 2021/05/06/1234 a part of a URL
_NUMBER_GOES_ON_BEFORE = re.compile(r"\d[./:_-]?\Z|[a-z]/\Z")
_BESIDE = re.compile(r"[,.|/()\-:wjrmut]*")  # tokens that may surround a date that is the whole text


def printed_date(tokens: Tokens) -> Moment | None:
    """The date that makes up all of a text, apart from weekdays and connecting words."""
    tokens, spans = _days(_with_full_year(tokens, _SHORT_YEAR_ALONE, _SHORT_YEAR_LAST_ALONE))
    return alone(tokens, spans[0], _calendar_day(tokens, *spans[0])) if spans else None


def dates_within(tokens: Tokens, key: str) -> Iterator[tuple[Moment, int, int]]:
    """The dates in a text, each with its start and end in `key`."""
    tokens, spans = _days(_with_full_year(tokens, _SHORT_YEAR, _SHORT_YEAR_LAST))
    for span in spans:
        day = _calendar_day(tokens, *span)
        if day is None:
            continue
        # An impossible time is something else: "25.04.2023 40:24 min".
        moment, first, last = _with_clock(tokens, span, day) or (Moment(day), *span)
        if weekday := _WEEKDAY_BEFORE.search(tokens.shape, 0, first):
            first = weekday.start()
        start, end = tokens.spans[first][0], tokens.spans[last - 1][1]
        in_figures = not set("MJH").intersection(tokens.shape[span[0] : span[1]])
        if in_figures and (_NUMBER_GOES_ON_BEFORE.search(key, 0, start) or _NUMBER_GOES_ON.match(key, end)):
            continue
        yield moment, start, end


def alone(tokens: Tokens, span: tuple[int, int], day: date | None) -> Moment | None:
    """The day whose tokens are `span`, with its time, if the text contains nothing else."""
    parsed = _with_clock(tokens, span, day) if day else None
    if parsed is None:
        return None
    moment, first, last = parsed
    alone = _BESIDE.fullmatch(tokens.shape, 0, first) and _BESIDE.fullmatch(tokens.shape, last)
    return moment if alone else None


def _with_full_year(tokens: Tokens, pattern: re.Pattern[str], year_last: re.Pattern[str]) -> Tokens:
    """Expand the first two-digit year to four digits, where the pattern shows that it is a year. `year_last`: for
    languages that never begin a numeric date with the year."""
    short = pattern.search(tokens.shape) or (year_last.search(tokens.shape) if tokens.year_last else None)
    if not short:
        return tokens
    index = short.end() - 1
    year = int(tokens.values[index])
    values = list(tokens.values)
    values[index] = year + (1900 if year >= FIRST_YEAR - 1900 else 2000)
    return tokens._replace(shape=f"{tokens.shape[:index]}y{tokens.shape[index + 1 :]}", values=values)


def _days(tokens: Tokens) -> tuple[Tokens, list[tuple[int, int]]]:
    """The spans of the full dates. If one is Gregorian, dates of other calendars are its translations and become
    connecting words."""
    spans = [match.span() for match in _DAY.finditer(tokens.shape)]
    gregorian = [span for span in spans if _calendar(tokens, *span) == "M"]
    if not gregorian or len(gregorian) == len(spans):
        return tokens, spans
    shape = tokens.shape
    for start, end in set(spans).difference(gregorian):
        shape = shape[:start] + "j" * (end - start) + shape[end:]
    return tokens._replace(shape=shape), gregorian


def _calendar(tokens: Tokens, start: int, end: int) -> str:
    """The calendar of a date (M Gregorian, J Jalali, H Hijri), by the name of the month or else by the year."""
    for kind in "MJH":
        if kind in tokens.shape[start:end]:
            return kind
    return "J" if any(value in _NUMERIC_JALALI_YEARS for value in tokens.values[start:end]) else "M"


def _calendar_day(tokens: Tokens, start: int, end: int) -> date | None:
    """The Gregorian day of a date, or None if the date does not exist."""
    shape, values = tokens.shape[start:end], tokens.values[start:end]
    months = {int(value) for kind, value in zip(shape, values, strict=True) if kind in "MJH"}
    numbers = [int(value) for kind, value in zip(shape, values, strict=True) if kind in "dny"]
    if len(months) > 1:  # March/April
        return None
    if months:
        year, day = numbers if shape[0] == "y" else reversed(numbers)
        month = months.pop()
    elif shape[0] == "y":
        year, month, day = numbers
    else:
        day, month, year = numbers
        if month > 12 or (day <= 12 and _is_month_first(tokens, start, year, day, month)):
            day, month = month, day
    return _gregorian(_calendar(tokens, start, end), year, month, day)


def _is_month_first(tokens: Tokens, start: int, year: int, first: int, second: int) -> bool:
    """Whether 03/05/2024 is March 5 and not 3 May: by the weekday before it, else by what is known of the text."""
    if beside := _WEEKDAY_BEFORE.search(tokens.shape, 0, start):
        days = [_gregorian("M", year, second, first), _gregorian("M", year, first, second)]
        matches = [day is not None and day.weekday() == tokens.values[beside.start()] for day in days]
        if matches[0] != matches[1]:
            return matches[1]
    return tokens.month_first and tokens.shape[start + 1] in "/-"


def _gregorian(calendar: str, year: int, month: int, day: int) -> date | None:
    """Convert a day of one of the three calendars. The two libraries are imported only if a page needs them."""
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


def _with_clock(tokens: Tokens, span: tuple[int, int], day: date) -> tuple[Moment, int, int] | None:
    """The day with the time and zone printed beside it, and the span of tokens that it uses; None if they are
    impossible."""
    first, last = span
    if match := _CLOCK_AFTER.match(tokens.shape, last):
        last = match.end()
    elif match := _CLOCK_BEFORE.search(tokens.shape, 0, first):
        first = match.start()
    try:
        zone = _zone(tokens, *match.span("zone")) if match and match["zone"] else None
        if zone is None and (ahead := _ZONE_AFTER.match(tokens.shape, last)) and (match or "z" in ahead[0]):
            zone, last = _zone(tokens, *ahead.span()), ahead.end()
        if not match:
            return Moment(day, zone=zone), first, last
        if zone is None and tokens.shape[first - 1 : first] == "z":  # GMT 17:27 17.03.2020
            zone, first = _zone(tokens, first - 1, first), first - 1
        clock = _clock(tokens, *match.span("clock"))
    except ValueError:  # 25:61, +99:00
        return None
    return Moment(day, clock, zone, "second" if match["clock"].count(":") == 2 else "minute"), first, last


def _clock(tokens: Tokens, start: int, end: int) -> time:
    shape = tokens.shape[start:end]
    numbers = [int(value) for kind, value in zip(shape, tokens.values[start:end], strict=True) if kind in "dn"]
    hour, minute, second = [*numbers, 0, 0][:3]
    if "a" in shape and hour == 12:
        hour = 0
    elif "l" in shape:  # at night
        hour = {12: 0, **{late: late + 12 for late in range(_NIGHT_FROM, 12)}}.get(hour, hour)
    elif ("p" in shape or "m" in shape) and hour < 12:  # 13:45 م is printed as well
        hour += 12
    return time(hour, minute, second)


def _zone(tokens: Tokens, start: int, end: int) -> tzinfo:
    """The time zone of a name (EST, غرينتش) or of an offset, with or without UTC before it."""
    shape, values = tokens.shape[start:end], tokens.values[start:end]
    name = values[shape.index("z")] if "z" in shape else 0
    sign = re.search("[+-]", shape)
    if not sign or name != 0:
        return zone_of_value(name)
    numbers = [int(value) for kind, value in zip(shape, values, strict=True) if kind in "dny"]
    hours, minutes = divmod(numbers[0], 100) if "y" in shape else (numbers[0], sum(numbers[1:]))
    if hours > _MAX_ZONE_HOURS or minutes > 59:
        raise ValueError(f"{hours}:{minutes} is not the offset of a time zone")
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign[0] == "-" else 1))
