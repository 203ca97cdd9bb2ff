"""The names of months and weekdays in the languages of names.json, which docs/date_names.py makes of CLDR."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from crawler.dates.folding import split_words

Kinds = dict[str, tuple[str, int | str]]
"""Word → its kind (M month, w weekday, and those of crawler.dates.tokens) and its value."""

_FILE = Path(__file__).with_name("names.json")
_MIN_LETTERS, _MIN_LANGUAGES = 3, 3
"""The fewest letters of a name that is known in all languages, and the languages in which a name of that length must be
one. Chosen by hand: "mai" is in five, "mac" only in Malay."""

_LATIN_END = "\u0370"
_ABBREVIATED = str.maketrans("", "", ".׳॰ः")
_WITH_PREFIX = {"he": "ב"}
"""The word for "in" that is written in one word with the name of a month: 5 במאי."""


def numbered(kind: str, line: str) -> Kinds:
    """The words of a line of months (from 1) or weekdays (from 0) with their numbers."""
    words = split_words(line.translate(_ABBREVIATED))
    return {word: (kind, number) for number, word in enumerate(words, start=kind != "w")}


@cache
def names_of_language(language: str) -> Kinds:
    """All names of one language (ISO 639-1), also the short ones; empty if the table does not have it."""
    lines = _table().get(language, {})
    kinds: Kinds = {}
    for kind, key in ("w", "short_days"), ("w", "days"), ("M", "short_months"), ("M", "months"):
        for line in lines.get(key, ()):
            kinds |= numbered(kind, line)
            if kind == "M" and (prefix := _WITH_PREFIX.get(language)):
                kinds |= {f"{prefix}{word}": value for word, value in numbered(kind, line).items()}
    return kinds


@cache
def names_of_all_languages() -> Kinds:
    """The names that mean the same in all languages. Abbreviations of Latin scripts, and names of three letters in less
    than three languages, are left out: in some language they are another word."""
    meanings: dict[str, set[tuple[str, int | str]]] = defaultdict(set)
    languages: Counter[str] = Counter()
    for language, lines in _table().items():
        wide = {word for key in ("months", "days") for line in lines[key] for word in numbered("M", line)}
        languages.update(wide)
        for word, meaning in names_of_language(language).items():
            is_wide = word in wide or word.removeprefix(_WITH_PREFIX.get(language, " ")) in wide
            if len(word) >= _MIN_LETTERS and (is_wide or word >= _LATIN_END):
                meanings[word].add(meaning)
    return {
        word: found.pop()
        for word, found in meanings.items()
        if len(found) == 1 and (len(word) > _MIN_LETTERS or word >= _LATIN_END or languages[word] >= _MIN_LANGUAGES)
    }


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text("utf-8"))
    return table
