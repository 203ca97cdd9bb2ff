"""Parse the dates that programs print: ISO 8601, RFC 822, asctime, seconds since 1970, also with broken time zones.

The standard library and dateutil parse them. dateutil's fuzzy parsing invents dates and is not used.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from crawler.dates.printed import Moment
from crawler.dates.tokens import Tokens, zone_named

_ISO = re.compile(
    r"\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d-?\d|-\d{3})"
    r"(?P<clock>[Tt ]\d\d(?::?\d\d(?P<second>:?\d\d(?:[.,]\d{1,9})?)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


def iso_date(text: str) -> Moment | None:
    """ISO 8601 with a full date. The standard library is fast; dateutil knows ordinal dates, 24:00 and the lower-case
    z."""
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


def digits_only(text: str) -> Moment | None:
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


def computer_printed(raw: str, tokens: Tokens) -> Moment | None:
    """asctime, RFC 822 with its two-digit years, RFC 850: formats that dateutil parses without guessing."""
    shape = _COMPUTER_PRINTED.fullmatch(tokens.shape)
    if not shape or not raw.isascii():
        return None
    try:
        at = dateutil_parser.parse(raw, default=datetime(1, 1, 1), tzinfos=zone_named)  # noqa: DTZ001 (has no zone)
    except (ValueError, OverflowError):
        return None
    if at.year >= 2050:  # RFC 5322, 4.3: 50 to 99 are of the last century; dateutil has another rule
        return None
    if ":" not in tokens.shape:
        return Moment(at.date())
    return Moment(at.date(), at.time(), at.tzinfo, "second" if shape["a"] or shape["b"] else "minute")


_TIME = r"\d{1,2}:\d\d(?P<seconds>:\d\d(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm]\b)?"
_WITH_TAIL = re.compile(rf"(?P<date>.*\d.*?[T ]{_TIME})(?P<tail>(?!\d)[^\n]{{1,60}})", re.ASCII)
_COMMENT = re.compile(r"(?:\[[^\]]*\]|\([^)]*\))\Z")  # +02:00[Europe/Berlin], -0700 (PDT)
_IANA = re.compile(r"[A-Z]\w+(?:/[A-Z][\w+-]*){1,2}", re.ASCII)
_SHORT_OFFSET = re.compile(r"([+-])(\d)(:\d\d)?")
_BROKEN_ZONE = re.compile(r"[+?-]?[ \d:]{0,10}[A-Za-z./+-]{0,12}(?: [A-Za-z.]{1,12}){0,4}[ \d:]{0,6}", re.ASCII)
# The name of a weekday in another language than the text's is redundant: "ven., 31 mars 2023 20:19:00 +0200".
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}\.?, ?(?=\d)")
# In PHP's date formats, T is the abbreviation of the time zone: "Y-m-dTH:i:sO" gives 2018-11-28CET11:59:00+0100.
_ZONE_FOR_T = re.compile(r"(\d{4}-\d\d-\d\d)([A-Z]{2,5}|[+-]\d\d)(\d\d:\d\d(?::\d\d)?)([+-]\d\d:?\d\d|Z)?", re.ASCII)
_LEAP_SECOND = re.compile(r"(:\d\d):60\Z")


def without_broken_zone(text: str) -> tuple[str, str | None] | None:
    """A date of a program whose time zone cannot be read: the text without it, and the IANA name of the zone if it is
    one.

    An offset that does not exist and a name that nobody knows cost the zone, not the date. None for other texts.
    """
    if php := _ZONE_FOR_T.fullmatch(text):
        day, zone, clock, offset = php.groups()
        return (f"{day}T{clock}{offset}" if offset else f"{day} {clock} {zone}"), None
    match = _WITH_TAIL.fullmatch(text)
    if not match:
        return None
    date = _LEAP_SECOND.sub(r"\1:59", _WEEKDAY.sub("", match["date"]))
    tail = match["tail"].strip()
    name = tail.strip("[]()")
    if comment := _COMMENT.search(tail):
        name = name if comment.start() == 0 else ""
        tail = tail[: comment.start()].strip()
    if tail == "UT" or (_IANA.fullmatch(name) and _is_zone(name)):  # UT: RFC 822; "út" is a weekday in Czech
        return date, name if tail != "UT" else "UTC"
    if not match["seconds"] and "T" not in date:  # 10:30-11:45 is a range of hours
        return None
    if offset := _SHORT_OFFSET.fullmatch(tail):
        tail = f"{offset[1]}0{offset[2]}{offset[3] or ':00'}"
    rest = f"{date} {tail}".strip()
    if rest != text:
        return rest, None
    return (date, None) if _BROKEN_ZONE.fullmatch(tail) else None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a path outside the database, one of its folders, an unknown name
        return False
    return True
