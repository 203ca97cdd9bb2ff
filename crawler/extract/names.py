"""Names in a byline: what stands before, between and after them."""

from __future__ import annotations

import re

from crawler.text import clean, phrases, words

# Words that introduce a name; folded and compared word by word.
BYLINE_PHRASES = phrases("""
by|written by|story by|report by|reported by|words by|text by|posted by|author|authors|authored by|from|كتب|كتبت
كتبها|بقلم|تحرير|إعداد|حوار
بواسطة|الكاتب|كتبه|أعده|أعدها|تقرير|تأليف|المؤلف|متابعة|ترجمة|المحرر|نویسنده|نوشته|خبرنگار|گزارش|par|publié par
écrit par|von|ein artikel von
autor|por|source|quelle|fuente|المصدر|escrito por|publicado por|yazan|haber|di|door|av
""")
_SPLIT = re.compile(
    r"\s*(?:[;·•/]|\s&\s|\s-\s|,(?!\s*(?:jr|sr|ph\.?d|md|m\.d)\b)|،|؛|\s(?:and|und|et|y|ve|e|en|og|och)\s)\s*",
    re.IGNORECASE,
)
_AND_AR = re.compile(r"\s+و(?=\S{3,}\s+\S{3,})")
_AFTER_NAMES = re.compile(
    r"(?<=\S)\s*(?:\||\d{1,2}:\d\d|\b(?:published|updated|posted|last updated)\b).*$", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?:|www\.|^@|^(?:developed|powered|designed) by", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"@|\d|[<>{}]")

# Lengths were chosen by hand; no measurement is recorded for them. `make score` shows a change in `authors`.
_MAX_INTRODUCTION_WORDS = 3
"""Words of the longest phrase of _BYLINE_PHRASES and _CREDIT_PHRASES: a property of the data, not tuned."""

_MAX_NAME, _MAX_NAME_WORDS = 60, 6


def split_names(text: str) -> list[str]:
    """The names in a byline, without the words before and after them."""
    text = _AFTER_NAMES.split(clean(text))[0]
    if _ADDRESS.search(text):
        return []
    parts = (part for piece in _SPLIT.split(text) for part in _AND_AR.split(piece))
    names = (_without_introduction(part).strip(" ,.:;-–—|") for part in parts)
    return [name for name in names if _may_be_name(name)]


def _may_be_name(text: str) -> bool:
    return (
        len(text) <= _MAX_NAME
        and len(text.split()) <= _MAX_NAME_WORDS
        and not _NOT_A_NAME.search(text)
        and any(char.isalpha() for char in text)
    )


def _without_introduction(name: str) -> str:
    """A name without "by", "written by", "By Author" and similar phrases before it."""
    for _ in range(2):
        length = introduction(words(name), BYLINE_PHRASES)
        if not length:
            break
        name = re.sub(rf"^(?:\W*\w[\w\u064b-\u065f]*){{{length}}}[\s:：]*", "", name)
    return "" if tuple(words(name)) in BYLINE_PHRASES else name


def introduction(own: list[str], known: frozenset[tuple[str, ...]]) -> int:
    """How many words the longest of these phrases takes at the beginning of a longer text."""
    lengths = range(_MAX_INTRODUCTION_WORDS, 0, -1)
    return next((n for n in lengths if len(own) > n and tuple(own[:n]) in known), 0)
