"""Parse the dates of Chinese, Japanese and Korean texts: 2024年5月28日 15:30, 令和6年5月28日, 2024년 5월 28일, 3小时前.

These scripts put no space between words, so that the tokens of crawler.dates.tokens do not fit them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

from crawler.dates.printed import Moment
from crawler.dates.relative import Ago

# The first year of an era is its year 1.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911, "中華民國": 1911}
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_NUMERAL = r"[〇零一二三四五六七八九十]"
_AM = ("午前", "上午", "凌晨", "早上", "早晨", "清晨", "오전", "새벽", "아침")
_PM = ("午後", "下午", "晚上", "傍晚", "中午", "夜", "오후", "저녁", "밤", "낮")
_PART = "|".join((*_AM, *_PM))
_CLOCK = (
    rf"(?P<part>{_PART})?\s*(?P<hour>\d{{1,2}})\s*"
    r"(?:[:時时點点시]\s*(?P<minute>\d{2}(?=\s*[:分분]|(?!\d))|\d(?=\s*[分분]))(?:\s*[:分분]\s*(?P<second>\d{2})?)?|[時时點点시])"
    r"\s*[分분秒초]?"
)
_WEEKDAY_NAME = r"(?:(?:星期|周|週|礼拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일|{short})"
_WEEKDAY = (
    rf"(?:\s*[(\[]\s*{_WEEKDAY_NAME.format(short='[月火水木金土日월화수목금토일]')}\s*[)\]]"
    rf"|\s*{_WEEKDAY_NAME.format(short='(?!)')})?"
)
_YEAR = (
    rf"(?:(?P<era>{'|'.join(_ERAS)})\s*(?P<era_year>\d{{1,3}}|元)"
    rf"|(?<!\d)(?P<year>\d{{4}}|\d{{2}}|{_NUMERAL}{{4}}))\s*[年년]"
)
_DATE = re.compile(
    rf"{_YEAR}\s*(?P<month>\d{{1,2}}|{_NUMERAL}{{1,2}})\s*[月월]"
    rf"\s*(?P<day>\d{{1,2}}|{_NUMERAL}{{1,3}})\s*[日號号일]{_WEEKDAY}"
    rf"(?:[\s,、|/・-]{{0,3}}{_CLOCK})?"
)
_AGO = re.compile(r"(?:约|約|大约)?\s*(?P<count>\d{1,4})\s*(?P<unit>[^\W\d_]{1,3}?)\s*(?:[之以]?前|전)")
_UNITS = {
    **dict.fromkeys(("秒", "秒钟", "秒鐘", "초"), "seconds"),
    **dict.fromkeys(("分", "分钟", "分鐘", "분"), "minutes"),
    **dict.fromkeys(("时间", "時間", "小时", "小時", "시간"), "hours"),
    **dict.fromkeys(("日", "天", "일"), "days"),
    **dict.fromkeys(("週", "周", "週間", "주", "주일"), "weeks"),
}
_DAYS_BACK = {
    **dict.fromkeys(("今日", "今天", "오늘", "本日"), 0),
    **dict.fromkeys(("昨日", "昨天", "어제"), 1),
    **dict.fromkeys(("前天", "一昨日", "그저께"), 2),
}
_BACK = re.compile(rf"(?P<day>{'|'.join(_DAYS_BACK)})\s*(?:{_CLOCK})?")
_HINT = re.compile("[年년前전今昨오어그本一]")


def has_cjk_date(text: str) -> bool:
    """Whether a text may have such a date; says so fast."""
    return not text.isascii() and bool(_HINT.search(text))


def cjk_dates(text: str) -> Iterator[tuple[Moment, int, int]]:
    """The full dates in a text with their positions."""
    for match in _DATE.finditer(text):
        if moment := _moment(match):
            yield moment, match.start(), match.end()


def cjk_time_ago(text: str) -> Ago | None:
    """A text that is a relative date in figures: 3小时前, 5分前, 2일 전."""
    match = _AGO.fullmatch(text)
    unit = _UNITS.get(match["unit"]) if match else None
    if match is None or unit is None:
        return None
    precision = {"hours": "hour", "days": "day", "weeks": "day"}.get(unit, "minute")
    return Ago(timedelta(**{unit: int(match["count"])}), precision)  # type: ignore[arg-type]


def cjk_day_back(text: str) -> tuple[int, time | None] | None:
    """A text that is "today" or a day before, with its time: 昨日 10:30."""
    match = _BACK.fullmatch(text)
    return (_DAYS_BACK[match["day"]], _clock(match)) if match else None


def _moment(match: re.Match[str]) -> Moment | None:
    try:
        day = date(_year(match), _number(match["month"]), _number(match["day"]))
    except (ValueError, OverflowError):
        return None
    clock = _clock(match)
    return Moment(day, clock, None, "day" if clock is None else "second" if match["second"] else "minute")


def _year(match: re.Match[str]) -> int:
    """The year of a match of _YEAR. Raises ValueError for numerals that are no number, as 二十二四."""
    if match["era"]:
        return _ERAS[match["era"]] + (1 if match["era_year"] == "元" else int(match["era_year"]))
    year = int(match["year"].translate(_DIGITS))
    return year + 2000 if year < 100 else year


def _clock(match: re.Match[str]) -> time | None:
    """The time of a match of _CLOCK; None if there is none, or an impossible one."""
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    if match["part"] in _PM and hour < 12:
        hour += 12
    elif match["part"] in _AM and hour == 12:
        hour = 0
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None


def _number(text: str) -> int:
    """28, 二十八."""
    if "十" not in text:
        return int(text.translate(_DIGITS))
    tens, _, ones = text.partition("十")
    return 10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0)
