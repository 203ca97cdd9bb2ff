"""Parse relative dates: "3 hours ago", "منذ ساعتين", "3時間前"."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from crawler.dates import vocabulary
from crawler.dates.folding import fold_key, split_words
from crawler.items import Precision

_AFTER = "|".join(map(fold_key, vocabulary.AGO_AFTER))
_AGO = re.compile(
    rf"(?:(?P<before>{'|'.join(map(fold_key, vocabulary.AGO_BEFORE))}) )?"
    rf"(?:(?:{'|'.join(map(fold_key, vocabulary.ABOUT))}) )?"
    rf"(?:(?P<figures>\d{{1,4}}) ?|(?P<word>[^\s\d]+) |un')?(?P<unit>(?!(?:واحده|{_AFTER})(?: |\Z))[^\s\d]+)(?: واحده)?"
    rf"(?: (?P<after>{_AFTER}))?"
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
