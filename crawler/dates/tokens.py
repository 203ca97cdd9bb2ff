"""Split a text into the tokens of a date, and look words up in crawler.dates.names and crawler.dates.vocabulary."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.dates import vocabulary
from crawler.dates.folding import fold_key, split_words
from crawler.dates.names import Kinds, names_of_all_languages, names_of_language, numbered

# A year is recognised even if the time follows without a space: 25.04.202414:05
_NUMBER = r"((?:19|20)\d\d(?=\d\d:\d\d(?!\d))|\d+)"
_TOKEN = re.compile(rf"{_NUMBER}|([^\W\d_]\. ?[^\W\d_]\b\.?|[^\W\d_]+(?:'[^\W\d_]+)?)|(\S)")
# The vowel signs of Indic scripts are no letters in Python's regular expressions.
_INDIC = re.compile("[\u0900-\u0dff]")
_TOKEN_INDIC = re.compile(rf"{_NUMBER}|((?:(?!\d)[\u0900-\u0dff]|[^\W\d_])+)|(\S)")
_NUMBER_KIND = {1: "d", 2: "n", 4: "y"}
_MARKS = {mark: mark for mark in ",./:-()|+"} | dict.fromkeys("،؛;\"'«»", ",") | dict.fromkeys("–—−‐", "-")
_MARKS |= dict.fromkeys("·•@", "|") | dict.fromkeys("׳॰", ".")
# "mar, 03 mar 2020" (mardi, martes, martedì)
_WEEKDAY_NOT_MONTH = re.compile(r"\AM(?=[.,]{1,2}[dn][j.]{0,2}M)")
_AMERICAN_ZONE = re.compile(
    r"America/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Indiana/.*|Kentucky/.*)|"
    r"Pacific/Honolulu"
)
_AMERICAN_OFFSETS = range(-600, -239)
"""Minutes from UTC of EDT to HST. Only the zones of the United States have a name with such an offset in ZONES."""

_TENS_AND_ONE = re.compile("TjD")


class Tokens(NamedTuple):
    """The words, numbers and punctuation marks of a text."""

    shape: str
    """One character per token: the kinds of `token_kinds`; d, n, y, x for numbers of 1, 2, 4 or another count of
    digits; punctuation in its ASCII form; o for everything else."""

    values: list[int | str]
    spans: list[tuple[int, int]]
    month_first: bool = False
    """Whether 3/5/2024 is March 5, where nothing in the text decides it."""

    year_last: bool = False
    """Whether 24.05.28 is the 24th of May: in the text's language, numeric dates never begin with the year."""


def tokenize(key: str, raw: str, language: str | None = None) -> Tokens:
    """Split a folded text into tokens. `raw`: the text before folding, since only capitals distinguish a zone (EST, PT)
    from a word (French est). `language` (ISO 639-1): some short names are known only in their own language."""
    known = token_kinds(language)
    kinds: list[str] = []
    values: list[int | str] = []
    spans: list[tuple[int, int]] = []
    before = ""
    pattern = _TOKEN_INDIC if not key.isascii() and _INDIC.search(key) else _TOKEN
    for token in pattern.finditer(key):
        number, word, mark = token.groups()
        value: int | str = 0
        if number:
            kind, value = _NUMBER_KIND.get(len(number), "x"), int(number)
        elif mark:
            kind = _MARKS.get(mark, "o")
        elif pair := known.get(f"{before} {word}"):  # كانون الثاني, بتوقيت القاهرة
            kind, value = pair
            kinds[-1], values[-1], spans[-1] = kind, value, (spans[-1][0], token.end())
            before = ""
            continue
        else:
            kind, value = known.get(word.replace(".", "").replace(" ", "")) or _initials(word, known)
            if kind == "z" and word.isascii() and word not in ("gmt", "utc", "z") and word.upper() not in raw:
                kind = "o"
        before = word or ""
        kinds.append(kind)
        values.append(value)
        spans.append(token.span())
    return _with_days_in_words(Tokens(_WEEKDAY_NOT_MONTH.sub("w", "".join(kinds)), values, spans))


def _initials(word: str, known: Kinds) -> tuple[str, int | str]:
    """Two letters with dots that are not an abbreviation: "г. в" are two connecting words."""
    letters = word.replace(".", "").split()
    is_connecting = len(letters) > 1 and all(known.get(letter, ("o", 0))[0] == "j" for letter in letters)
    return ("j" if is_connecting else "o"), 0


def _with_days_in_words(tokens: Tokens) -> Tokens:
    """Replace a day of several words, as بیست و سوم, by one token."""
    shape, values, spans = tokens[:3]
    while match := _TENS_AND_ONE.search(shape):
        first, last = match.start(), match.end() - 1
        value = int(values[first]) + int(values[last])
        shape = f"{shape[:first]}n{shape[last + 1 :]}"
        values = [*values[:first], value, *values[last + 1 :]]
        spans = [*spans[:first], (spans[first][0], spans[last][1]), *spans[last + 1 :]]
    return Tokens(shape.replace("T", "n").replace("D", "d"), values, spans)


@lru_cache(maxsize=4096)
def _key_length(char: str) -> int:
    return len(fold_key(char))


def as_printed(raw: str, key: str, start: int, end: int) -> str:
    """The part of `raw` that was folded to `key[start:end]`. Folding removes and splits letters, so positions
    differ."""
    if raw.isascii():
        return raw[start:end]
    at, first, last = 0, 0, len(raw)
    for index, char in enumerate(raw):
        if at <= start:
            first = index
        if at >= end and _key_length(char):
            last = index
            break
        at += _key_length(char)
    return raw[first:last].strip()


@cache
def token_kinds(language: str | None = None) -> Kinds:
    """Word → its kind (one letter) and its value, for texts in `language` (ISO 639-1).

    If a word is several names, that of the text's own language counts, else the meaning that is assigned last here.

    Kinds: M, J, H month of the Gregorian, Jalali, Hijri calendar; w weekday; t today and the days before; a, p, l, m
    part of the day; z zone; h hours; u a time follows; r ordinal ending; j connecting word; D, T a day in words, of one
    digit or of two.
    """
    if language is not None:
        common, own = token_kinds(), names_of_language(language)
        if not own:
            return common
        return common | {word: name for word, name in own.items() if common.get(word, name)[0] in "MJHw"}
    kinds = dict(names_of_all_languages())
    for kind, line in (
        ("j", vocabulary.CONNECTING),
        ("j", vocabulary.AMBIGUOUS_ZONES),
        ("r", vocabulary.ORDINAL),
        ("h", vocabulary.HOURS),
        ("u", vocabulary.CLOCK_AHEAD),
    ):
        kinds |= dict.fromkeys(split_words(line), (kind, 0))
    for kind, line in ("a", vocabulary.AM), ("p", vocabulary.PM), ("l", vocabulary.NIGHT), ("m", vocabulary.PM_OR_ERA):
        kinds |= dict.fromkeys(split_words(line), (kind, 0))
    for back, line in vocabulary.DAYS_BACK.items():
        kinds |= dict.fromkeys(split_words(line), ("t", back))
    for day, line in vocabulary.DAYS_IN_WORDS.items():
        kinds |= dict.fromkeys(split_words(line), ("D" if day < 10 else "T", day))
    kinds |= {fold_key(name): ("z", zone) for name, zone in vocabulary.ZONES.items()}
    kinds |= {
        fold_key(f"{of} {place}"): ("z", zone)
        for place, zone in vocabulary.ZONE_PLACES.items()
        for of in ("توقيت", "بتوقيت")
    }
    for kind, lines in (
        ("w", vocabulary.WEEKDAYS),
        ("H", vocabulary.HIJRI),
        ("J", vocabulary.JALALI),
        ("M", vocabulary.GREGORIAN),
    ):
        for line in lines:
            kinds |= numbered(kind, line)
    return kinds


def is_american(tokens: Tokens, timezone: str) -> bool:
    """Whether a text has the name of a time zone of the United States, or else `timezone` is one: there, the month is
    printed first."""
    zones = [value for kind, value in zip(tokens.shape, tokens.values, strict=True) if kind == "z"] or [timezone]
    return any(
        bool(_AMERICAN_ZONE.fullmatch(zone)) if isinstance(zone, str) else zone in _AMERICAN_OFFSETS for zone in zones
    )


def zone_of_value(value: int | str) -> tzinfo:
    """The time zone of a value of ZONES or ZONE_PLACES."""
    return ZoneInfo(value) if isinstance(value, str) else timezone(timedelta(minutes=value))


def zone_named(name: str | None, offset: int | None) -> tzinfo | None:
    """Time zones for dateutil's parser. An offset (in seconds) takes precedence over a name."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return zone_of_value(vocabulary.ZONES[name]) if name in vocabulary.ZONES else None
