"""Split a text into the tokens of a date, and look words up in crawler.dates.vocabulary."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.dates import vocabulary
from crawler.items import Precision
from crawler.text import fold

# The accents that NFD splits off; the Turkish dotless i, which is printed as I in capitals; the typographic apostrophe.
_PLAIN: dict[int, str | None] = {**dict.fromkeys(range(0x0300, 0x0370)), ord("ı"): "i", ord("’"): "'"}


def fold_key(text: str) -> str:
    """Fold a text for comparison with the words of crawler.dates.vocabulary: folded, without accents."""
    if text.isascii():
        return text.lower()
    folded = fold(text)
    return folded if folded.isascii() else unicodedata.normalize("NFD", folded).translate(_PLAIN)


def split_words(text: str) -> list[str]:
    """The words of a line of crawler.dates.vocabulary, folded."""
    return [fold_key(word.replace("_", " ")) for word in text.split()]


# A year is recognised even if the time follows without a space: 25.04.202414:05
_TOKEN = re.compile(r"((?:19|20)\d\d(?=\d\d:\d\d(?!\d))|\d+)|([^\W\d_]\. ?[^\W\d_]\b\.?|[^\W\d_]+(?:'[^\W\d_]+)?)|(\S)")
_NUMBER_KIND = {1: "d", 2: "n", 4: "y"}
_MARKS = {mark: mark for mark in ",./:-()|+"} | dict.fromkeys("،؛;\"'«»", ",") | dict.fromkeys("–—−‐", "-")
_MARKS |= dict.fromkeys("·•@", "|")


class Tokens(NamedTuple):
    """The words, numbers and punctuation marks of a text."""

    shape: str
    """One character per token: the kinds of `token_kinds`; d, n, y, x for numbers of 1, 2, 4 or another count of
    digits; punctuation in its ASCII form; o for everything else."""

    values: list[int | str]
    spans: list[tuple[int, int]]


def tokenize(key: str, raw: str) -> Tokens:
    """Split a folded text into tokens. `raw`: the text before folding, since only capitals distinguish a zone (EST, PT)
    from a word (French est)."""
    known = token_kinds()
    kinds: list[str] = []
    values: list[int | str] = []
    spans: list[tuple[int, int]] = []
    before = ""
    for token in _TOKEN.finditer(key):
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
            kind, value = known.get(word.replace(".", "").replace(" ", ""), ("o", 0))
            if kind == "z" and word.isascii() and word not in ("gmt", "utc", "z") and word.upper() not in raw:
                kind = "o"
        before = word or ""
        kinds.append(kind)
        values.append(value)
        spans.append(token.span())
    return Tokens("".join(kinds), values, spans)


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
def token_kinds() -> dict[str, tuple[str, int | str]]:
    """Word → its kind (one letter) and its value. If a word has several meanings, the last one assigned here counts.

    Kinds: M, J, H month of the Gregorian, Jalali, Hijri calendar; w weekday; t today and the days before; a, p, l, m
    part of the day; z zone; h hours; u a time follows; r ordinal ending; j connecting word.
    """
    kinds: dict[str, tuple[str, int | str]] = {}
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
            kinds |= {word: (kind, number) for number, word in enumerate(split_words(line), start=kind != "w")}
    return kinds


def zone_of_value(value: int | str) -> tzinfo:
    """The time zone of a value of ZONES or ZONE_PLACES."""
    return ZoneInfo(value) if isinstance(value, str) else timezone(timedelta(minutes=value))


def zone_named(name: str | None, offset: int | None) -> tzinfo | None:
    """Time zones for dateutil's parser. An offset (in seconds) takes precedence over a name."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return zone_of_value(vocabulary.ZONES[name]) if name in vocabulary.ZONES else None


_AGO = re.compile(
    rf"(?:(?P<before>{'|'.join(map(fold_key, vocabulary.AGO_BEFORE))}) )?"
    rf"(?:(?:{'|'.join(map(fold_key, vocabulary.ABOUT))}) )?"
    r"(?:(?P<figures>\d{1,4}) ?|(?P<word>[^\W\d_]+) )?(?P<unit>(?!واحده)[^\W\d_]+)(?: واحده)?"
    rf"(?: (?P<after>{'|'.join(map(fold_key, vocabulary.AGO_AFTER))}))?"
)


class Ago(NamedTuple):
    """How long before a request something happened, and how exactly that was printed."""

    time: timedelta
    precision: Precision


_UNIT_PRECISIONS: dict[str, Precision] = {"hour": "hour", "day": "day", "week": "day"}


def time_ago(text: str) -> Ago | None:
    """Parse a folded relative date ("3 hours ago"). None for "some hours ago", and for months and years, which are
    inexact."""
    text = text.strip(" .،,")
    units, numbers, just_now = _ago_words()
    if text in just_now:
        return Ago(timedelta(), "minute")
    ago = _AGO.fullmatch(text)
    if not ago or not (ago["before"] or ago["after"]) or ago["unit"] not in units:
        return None
    unit, count = units[ago["unit"]]
    if ago["figures"]:
        count = int(ago["figures"])
    elif ago["word"]:
        count = numbers.get(ago["word"])
    if count is None:
        return None
    return Ago(timedelta(**{f"{unit}s": count}), _UNIT_PRECISIONS.get(unit, "minute"))


@cache
def _ago_words() -> tuple[dict[str, tuple[str, int | None]], dict[str, int], frozenset[str]]:
    """Unit words with the number that they imply (one, two, None for plurals); number words; words for "just now"."""
    units = {
        word: (unit, alone)
        for unit, forms in vocabulary.UNITS.items()
        for alone, line in zip((1, 2, None), forms, strict=True)
        for word in split_words(line)
    }
    numbers = {word: number for number, line in vocabulary.NUMBERS.items() for word in split_words(line)}
    return units, numbers, frozenset(split_words(vocabulary.JUST_NOW))
