"""Unicode and Arabic normalization, for the lexicon, fingerprints and search."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Direction marks, embeddings, isolates, zero-width spaces, soft hyphen: they control rendering and are removed.
# ZWNJ (U+200C) and ZWJ (U+200D) stay: Persian and Indic spelling need them.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
# Variation selectors: one after an emoji or a Chinese character selects its form. Invisible data in a text, such as a
# C2PA manifest or a watermark, is written as a run of them.
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# The shortest run that is data. Chosen by hand: no script puts two of them in a row.
_MIN_RUN = 4
# Tags: after a black flag the letters of its region, elsewhere invisible text.
_TAGS = "\U000e0001\U000e0020-\U000e007f"
_BLACK_FLAG = "\U0001f3f4"
# C0 and C1 controls except white space, and surrogates, which cannot be encoded.
_FORBIDDEN = r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
_NOT_STORED = re.compile(f"[{_FORBIDDEN}{re.escape(''.join(map(chr, _INVISIBLE)))}]+")
_TAGGED = re.compile(f"(?<![{_BLACK_FLAG}{_TAGS}])[{_TAGS}]+")
INVISIBLE_RUN = re.compile(f"[{_SELECTORS}]{{{_MIN_RUN},}}")
"""Invisible data."""

_HARAKAT = [*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE), 0x0640]  # and tatweel
_NOT_FOLDED = "".join(map(chr, [*_INVISIBLE, *_HARAKAT, 0x200C, 0x200D, *range(0xFE00, 0xFE10)]))
_LETTERS = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیې", "ي"),
    **{"ؤ": "و", "ئ": "ي", "ة": "ه", "ک": "ك", "ہ": "ه"},
}
_DIGITS = {chr(zero + n): str(n) for zero in (0x0660, 0x06F0) for n in range(10)}

_TO_REMOVE = re.compile(f"[{re.escape(_NOT_FOLDED)}]+")
_DIGIT = re.compile(f"[{''.join(_DIGITS)}]")
_TO_FOLD = re.compile(f"[{re.escape(_NOT_FOLDED)}{''.join([*_LETTERS, *_DIGITS])}]")
_WORD = re.compile(r"\w+")
_SHORT = 400
"""Characters of a text whose words are remembered. Chosen by hand: paragraphs seldom occur twice."""


def clean(text: str) -> str:
    """Normalize text for storing: one line, NFC, single spaces, no direction marks, control characters, surrogates or
    invisible data."""
    if "\x1f" in text or "\x1e" in text or "\x1d" in text or "\x1c" in text:  # Python takes these for white space
        text = _NOT_STORED.sub("", text)
    text = " ".join(text.split())
    if not text.isprintable():  # most texts are, and then have nothing of this
        stored = _NOT_STORED.sub("", text)
        text = text if len(stored) == len(text) else " ".join(stored.split())
    if text.isascii():
        return text
    if may_have_selectors(text):
        text = " ".join(INVISIBLE_RUN.sub("", _TAGGED.sub("", text)).split())
    return unicodedata.normalize("NFC", text)


def may_have_selectors(text: str) -> bool:
    """Whether a text may have variation selectors or tags. In UTF-8, single bytes show it: they are found many times as
    fast as ranges of characters."""
    data = text.encode("utf-8", "surrogatepass")
    return b"\xf3" in data or (b"\xef" in data and b"\xef\xb8" in data)


def may_have_run(text: str) -> bool:
    """Whether a text has enough variation selectors for invisible data. A page with an emoji has a few: the search for
    a run, through all of it, took as long as the parser."""
    data = text.encode("utf-8", "surrogatepass")
    return data.count(b"\xef\xb8") + data.count(b"\xf3") >= _MIN_RUN


def fold(text: str) -> str:
    """Fold text for comparing: lower case, compatibility forms resolved; harakat and tatweel removed; hamza forms, ى/ي,
    ة/ه and the digits of all Arabic scripts unified. `fold("إقرأ أيضًا") == fold("اقرأ ايضا")`."""
    return fold_letters(text).casefold()


def fold_letters(text: str) -> str:
    """Fold text but preserve case, which marks proper nouns."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    if not _TO_FOLD.search(text):
        return text
    # A third of the time of str.translate, measured on the Arabic bodies of the corpora.
    text = _TO_REMOVE.sub("", text)
    for written, folded in _LETTERS.items():
        text = text.replace(written, folded)
    if _DIGIT.search(text):
        for written, folded in _DIGITS.items():
            text = text.replace(written, folded)
    return text


def direction(text: str) -> str:
    """The direction of a text, `rtl` or `ltr`: that of its first letter with a direction."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next(("rtl" if kind in ("R", "AL") else "ltr" for kind in strong if kind in ("R", "AL", "L")), "ltr")


def words(text: str) -> list[str]:
    """The folded words of a text, without punctuation."""
    return list(_words_of_short(text)) if len(text) <= _SHORT else words_of_folded(fold(text))


@lru_cache(maxsize=2**10)
def _words_of_short(text: str) -> tuple[str, ...]:
    """The same for a title, a label or a line: several steps ask for those of one page, and pages have some in common.
    Of 250 calls a page, four in five are for one that is remembered."""
    return tuple(words_of_folded(fold(text)))


def words_of_folded(text: str) -> list[str]:
    """The words of a text that is folded already."""
    return _WORD.findall(text)


def fingerprint(text: str) -> str:
    """A hash of 32 hex digits that is equal for texts whose folded words are equal."""
    return fingerprint_of_words(words(text))


def fingerprint_of_words(folded: Iterable[str]) -> str:
    """The fingerprint of a text with these folded words."""
    return hashlib.blake2b(" ".join(folded).encode("utf-8", "replace"), digest_size=16).hexdigest()


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 page", "2 pages". `plural` if it is not the noun with an s."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def close_words(word: str, known: Iterable[str]) -> list[str]:
    """Those of the known words that `word` is probably a misspelling of, best first, at most three."""
    by_fold = {fold(name): name for name in known}
    return [by_fold[name] for name in difflib.get_close_matches(fold(word), by_fold)]


def word_set(data: str) -> frozenset[str]:
    """The words of a text with spaces between them, as they are: easier to read than a list of literals."""
    return frozenset(data.split())


def phrases(data: str) -> frozenset[tuple[str, ...]]:
    """Phrases, one on a line or separated by bars, each as a tuple of its folded words."""
    return frozenset(tuple(words(phrase)) for line in data.split("\n") for phrase in line.split("|") if words(phrase))
